// SPDX-License-Identifier: Apache-2.0
// Records that are no instances and are sealed all the same: actions by their proofs, decisions, goals and tasks.
// FORMAT.md, "Sealing", says why some of them may change afterwards.
#pragma once

#include "systems/ckp/join.hpp"

namespace provgate::ckp {

/// One thing, with all files of its kernel that speak of it.
struct Companion {
  RecordKind kind = RecordKind::none;
  std::string iri;                 ///< empty where its id makes none
  std::vector<std::string> files;  ///< sorted
  std::vector<std::size_t> rows;   ///< in the kernel's list of that kind, of those files
  bool judged = true;              ///< false: read as context only
  /// Whether its files may not change once it is sealed: what has happened does not; tasks and goals go on.
  bool final() const { return kind == RecordKind::action_proof || kind == RecordKind::decision; }
};

/// Those of a kernel, in the order in which they are sealed: what others lead to comes before them.
std::vector<Companion> companions(const CheckedKernel& kernel, const Options& options);

/// What its entry speaks of, as it was when it was judged.
CoveredFiles covered_files(const CheckedKernel& kernel, const Companion& one, const Join& join);

/// The companion with what it says. `instances`: those of the kernel that an action says it made. Errors: Code::world
/// where a file is not what was judged.
Result<Draft> assemble(Disk& disk, const CheckedKernel& kernel, const Companion& one, const Join& join,
                       const std::vector<const InstanceRecord*>& instances, const Options& options);

}  // namespace provgate::ckp
