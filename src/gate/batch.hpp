// SPDX-License-Identifier: Apache-2.0
// A batch of records on its way into the ledger: one store transaction, then what is left beside the records, then
// their rights, then one flush (FORMAT.md, "Sealing").
#pragma once

#include <map>
#include <set>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "io/held_disk.hpp"
#include "provgate/gate/gate.hpp"

namespace provgate {

/// No limit: what was judged has one.
inline constexpr std::uint64_t k_any_size = 1ULL << 40;

/// One record of a batch. What it came to is known at once, or it goes on into the ledger (`stage`), or only what is
/// beside it is to be done (`files`).
struct Step {
  SealOutcome out;
  std::variant<std::monostate, Checked, Rejected> stage;
  SealTime time;
  std::string root;
  std::shared_ptr<const void> held_root, claim;  ///< until it is done
  Trail trail;
  bool resumed = false;  ///< its trail was begun before: some of it may be there
  bool open = false;     ///< it stands in the ledger, and something beside it is to be done
  /// Covered files by path below the root, and which file each is, where that is known: their rights are taken.
  struct Held {
    Digest digest;
    std::optional<FileIdentity> identity;
  };
  std::map<std::string, Held> files;
};

/// Root and path of what may change and was found as it was judged.
using HeldStates = std::set<std::pair<std::string, std::string>>;

/// Compares the files with what was judged: as they were read for the record, or as they are read now. Adds what is
/// covered to step.files; the rest to `states`, and is read no second time where it stands there. Errors: Code::world
/// where a file is not what was judged; those of Disk::read_below.
Result<void> hold(HeldDisk& disk, const CoveredFiles& files, HeldStates& states, Step& step);

/// The effects on a store and on disk, in order. Borrows all. Threads: one.
class Batch {
 public:
  Batch(Disk& disk, Store& store, const SigningKey* key) : disk_(disk), store_(store), key_(key) {}
  /// Puts what goes into the ledger there, in one transaction. The outcomes of the steps say what came of it.
  void append(std::span<Step> steps);
  /// Does what is to be done beside it: a step that fails here is completed by the next run. May run on another thread,
  /// as long as nothing else is asked for.
  void finish(std::span<Step> steps);
  /// Takes out the notes of all that was done since. Errors: those of the store; then the next run does it.
  Result<void> end();
  /// Whether the last append put anything into the ledger.
  bool grew() const { return grew_; }
  /// Entries of earlier batches whose notes are still there though everything is done.
  const std::set<Seq>& done() const { return done_; }

 private:
  Result<void> into_ledger(std::span<Step> steps);
  Result<void> leave(Step& step);
  void write_lines(std::span<Step> steps);
  Result<void> protect(Step& step);
  void flush(std::span<Step> steps);

  Disk& disk_;
  Store& store_;
  const SigningKey* key_;
  bool grew_ = false;
  std::set<Seq> done_;
  std::map<std::pair<std::string, std::string>, std::string>
      logs_;  ///< root, path -> what stands there, of resumed ones
};

}  // namespace provgate
