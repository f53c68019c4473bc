// SPDX-License-Identifier: Apache-2.0
// Holding new records against those that are kept, and against each other, one after the other.
#pragma once

#include <unordered_map>

#include "provgate/systems/keeping.hpp"
#include "systems/experience/store/index.hpp"

namespace provgate::experience {

/// Threads: one.
class Holding {
 public:
  /// Borrows what is kept.
  explicit Holding(const KeptRecords& kept) : kept_(kept) {}
  /// What comes of a record; one that may be kept counts for those after it. Errors: those of `kept`.
  Result<Keeping::Held> hold(const Keeping::Offered& offered, KeptRow row);
  /// The newest state of a record, kept or before it. Errors: as before.
  Result<std::optional<Told>> find(const Table& table, const std::string& id) const;
  /// Of somebody's accountability records the one with the greatest number. Errors: as before.
  Result<std::optional<Told>> last_number(const std::string& chitty_id) const;

 private:
  using Held = Keeping::Held;
  Result<void> change(const Keeping::Offered& offered, const KeptRow& row, const Told& before, Held& out) const;
  Result<std::string> newest_state(const KeptRow& row) const;
  Result<void> follow_parent(const Keeping::Offered& offered, const KeptRow& row, Held& out) const;
  Result<void> follow_number(const Keeping::Offered& offered, const KeptRow& row, Held& out) const;
  static void say(const Keeping::Offered& offered, const KeptRow& row, Held& out, std::string_view rule,
                  std::string message, std::string_view column);

  const KeptRecords& kept_;
  std::unordered_map<std::string, std::string> states_;  // state_text(), by by_id(), of those before it
  std::unordered_map<std::string, Told> newest_;         // by by_id(), of those before it
  std::unordered_map<std::string, Told> numbers_;        // the last one, by whom they are about
  std::unordered_map<std::string, bool> bytes_;          // of those before it
};

}  // namespace provgate::experience
