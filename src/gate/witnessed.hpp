// SPDX-License-Identifier: Apache-2.0
// What the newest entries say of files that may change after they were sealed with a record (FORMAT.md, "Sealing").
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>

#include "provgate/gate/gate.hpp"

namespace provgate {

/// Borrows the store, which is read once, when it is first asked. Threads: one.
class NewestStates {
 public:
  explicit NewestStates(const Store* store) : store_(store) {}
  /// What an entry that is about to be written says.
  void add(const RecordId& id, const CoveredFiles& files);
  /// The first file, of those that may change, that is not as the newest entry of its scope says; nothing where all
  /// are. What is gone is not asked for. `sealed`: the record's own entry, which is looked at first.
  Result<std::optional<std::string>> changed(const LedgerEntry& sealed, const CoveredFiles& now);

 private:
  using ByPlace = std::unordered_map<std::string, Digest>;
  static void put(ByPlace& into, const RecordId& id, const CoveredFiles& files);

  const Store* store_;
  bool read_ = false;
  ByPlace read_states_, added_;  ///< by system, scope and path
};

/// What may change, as the newest entries say, and as it is now. Threads: one.
class States {
 public:
  /// An entry of a collection at that root; in order of their numbers.
  void entry(const std::string& root, const LedgerEntry& entry);
  /// What it speaks of is asked for.
  void wanted(const std::string& root, const LedgerEntry& entry);
  /// What its record is sealed with and leads to now.
  void seen(const std::string& root, const LedgerEntry& entry, const CoveredFiles& now);
  /// Adds what is not as it was to out.went_on. Errors: Code::world where something cannot be read just now.
  /// `known`: whether some entry speaks of a file.
  Result<void> compare(Disk& disk, const std::function<bool(const std::string& root, const std::string& path)>& known,
                       VerifyReport& out) const;

 private:
  using Where = std::pair<std::string, std::string>;  // root, path
  struct State {
    Digest digest;
    Seq entry;
    RecordId id;
  };
  std::map<Where, State> sealed_, found_;  // found_: entry and id are those that lead to it
  std::set<Where> wanted_;
};

}  // namespace provgate
