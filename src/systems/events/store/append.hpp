// SPDX-License-Identifier: Apache-2.0
// One batch of events on its way into a store: read and judged on several threads, then held against each other and
// against what is kept, while nobody else writes.
#pragma once

#include <unordered_map>

#include "systems/events/rules/log.hpp"
#include "systems/events/store/index.hpp"
#include "systems/events/store/kept_event.hpp"

namespace provgate::events {

/// Threads: one.
class Appending {
 public:
  Appending(EventRules rules, Rulebook book, bool each) : rules_(std::move(rules)), book_(book), each_(each) {}

  /// Reads and judges the events of a text.
  void read(std::string_view text, const std::string& name, std::uint32_t first_line);
  /// The same of one event that was read before.
  void offer(const Keeping::Offered& offered);
  /// Holds them against what is kept, and gives what came of each. Errors: those of `kept`.
  Result<std::vector<Keeping::Held>> hold(const KeptRecords& kept);
  /// What of them is to be kept. Errors: those of `kept`.
  Result<Keeper::Batch> batch(const KeptRecords& kept);
  /// What came of it. `entry`: of the batch, 0 where nothing was kept.
  Appended outcome(Seq entry) &&;

 private:
  struct One {
    Event event;
    std::vector<Mention> mentions;
    std::string owner, place;  ///< place: the file
    KeptRecord record;
    std::vector<Finding> findings;
    bool readable = true, named = false, known = false;
    bool kept = false;   ///< its record is taken
    bool other = false;  ///< another event has its id
    KeptPlace where;     ///< of what is known, or is the other one
  };
  struct Part {
    std::vector<One> all;
  };

  One one(const SourceFile& file, const std::string& name) const;
  /// Whether the store has it already. A finding where it has another one of that id.
  Result<void> look_for(const KeptRecords& kept, One& one) const;
  Result<void> compare(const KeptRecords& kept);
  void within_batch();
  Result<void> across(const KeptRecords& kept);
  static bool fails(const One& one);
  Finding& say(std::string_view rule, One& one, Place at, std::string message) const;

  EventRules rules_;
  Rulebook book_;
  bool each_;
  std::vector<One> all_;
  Appended out_;
};

}  // namespace provgate::events
