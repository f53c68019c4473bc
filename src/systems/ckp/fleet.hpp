// SPDX-License-Identifier: Apache-2.0
// What one run reads of Concept Kernel Protocol trees: kernels with their records, reduced to the fields that link
// them.
#pragma once

#include "provgate/systems/system.hpp"
#include "systems/ckp/convert/convert.hpp"

namespace provgate::ckp {

/// What the user says about the records.
struct Options {
  ReadOptions read;
  UrnProfile urns = UrnProfile::strict;
  std::optional<CkpVersion> profile;  ///< else what the directory says
  std::string kernel_name;            ///< --kernel, for records whose kernel cannot be told
  std::string fleet_host;             ///< --fleet
  Modelling modelling = Modelling::clean;
  std::uint64_t shapes_ms = 10'000, shapes_mib = 512;  ///< what a kernel's own rules.shacl may cost
};
/// Errors: Code::usage for a profile or a setting that there is not.
Result<Options> options_of(const ReadOptions& read, const std::string& profile, const Settings& settings);

/// Records by kind: of one part of a kernel, or of all of it.
struct RecordLists {
  std::vector<InstanceRecord> instances;
  std::vector<ActionRecord> actions;
  std::vector<TaskRecord> tasks;
  std::vector<GoalRecord> goals;
  std::vector<DecisionRecord> decisions;
  std::vector<ProposalRecord> proposals;
  std::vector<ProofFile> proofs;
  std::vector<std::string> others;  ///< files of sessions and stray proofs
  void take(RecordLists&& more);
  bool only_others() const;  ///< no record but those of `others`
};

/// Statements of some records, with what their proofs counted.
struct RecordPart : Statements {
  ProofTotals totals;
};

struct CheckedKernel : RecordLists {
  KernelPlace place;
  KernelInfo info;
  CkpVersion version = CkpVersion::v36;
  std::string host, graph;                  ///< project hostname, or empty; named graph its records are published to
  std::map<std::string, Digest> own_files;  ///< conceptkernel.yaml, ontology.yaml, rules.shacl, by path below the root,
                                            ///< when digests were asked for
  std::vector<RecordPart> statements;       ///< until Reading::statements takes them
  std::string name() const { return info.names.empty() ? std::string{} : info.names.front(); }
};

struct Fleet {
  std::vector<CheckedKernel> kernels;
};

}  // namespace provgate::ckp
