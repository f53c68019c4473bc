// SPDX-License-Identifier: Apache-2.0
// What lies in a collection and says that it was sealed, against the entries.
#pragma once

#include <map>
#include <set>
#include <string>
#include <unordered_set>
#include <vector>

#include "gate/faults.hpp"
#include "gate/look.hpp"

namespace provgate {

/// Borrows all it is given. Threads: one.
class LeftBehindCheck {
 public:
  LeftBehindCheck(Disk& disk, const Store& store, const CheckReport& report, Faults& faults)
      : disk_(disk), store_(store), report_(report), faults_(faults) {}

  /// An entry of the collection's scope, in order.
  void entry(const Reading& reading, std::size_t c, const LedgerEntry& entry);
  /// The record of an entry is as it was sealed: the lines that have to stand are those that were found.
  /// Errors: Code::world where something cannot be read just now.
  Result<void> lines_of(Look& at);
  /// Whether an entry of a collection at that root speaks of the file.
  bool knows(const std::string& root, const std::string& path) const;
  /// Looks at what lies there. `last`: the last entry that was given; what was made since accounts for what looks
  /// forged. Errors: Code::world, those of the store.
  Result<void> run(Seq last);

 private:
  struct Line {
    int version;  // of its entry
    Seq seq;
    RecordId id;
    Trail::Text text;
    std::string digest;
  };
  // What the entries of a collection speak of.
  struct Known {
    std::unordered_set<std::string> paths, iris;
    std::vector<Line> lines;                    // that have to stand there
    std::unordered_set<std::string> told;       // IRIs of records whose lines are known
    std::unordered_set<std::string> may_stand;  // digests of those lines, under each name of the record
    std::multiset<std::string> in_order;        // path and bytes of `lines`, made where it is asked for
  };
  struct Suspect {
    const Reading* reading;
    std::size_t c;
    LeftBehind left;
  };

  Result<void> accuse(Seq last);
  bool may_be_cut(Known& known, const LeftBehind& one) const;
  void compare(const Reading& reading, std::size_t c, const std::vector<LeftBehind>& left);

  Disk& disk_;
  const Store& store_;
  const CheckReport& report_;
  Faults& faults_;
  std::vector<Suspect> suspects_;
  std::map<std::pair<const Reading*, std::size_t>, Known> known_;
};

}  // namespace provgate
