// SPDX-License-Identifier: Apache-2.0
// One batch of records on its way into a store: completed, judged, held against what is kept and against each other.
#pragma once

#include "provgate/systems/experience/experience_store.hpp"
#include "systems/experience/store/holding.hpp"
#include "systems/experience/store/members.hpp"

namespace provgate::experience {

/// Threads: one.
class Filling {
 public:
  /// Borrows what is kept.
  explicit Filling(const KeptRecords& kept) : kept_(kept), holding_(kept) {}

  /// Completes and offers rows of a text. Errors of all: those of `kept`.
  Result<void> rows(const RowLines& given, const Occasion& on);
  /// Completes and offers a row. `at`: where its findings stand.
  Result<void> row(const Table& table, Members row, const Occasion& on, const std::string& name, Place at);
  /// Offers a later state of a record.
  Result<void> state(const KeptRow& of, const Members& row);
  /// Says that nothing is to be kept.
  void refuse(std::string_view rule, const KeptRow& of, std::string message, std::string_view column);

  /// The newest state of a record, by its IRI or id. Errors besides: Code::nothing where there is none.
  Result<KeptRow> newest(const Table& table, const std::string& id) const;
  /// The newest states of all records of somebody, in order.
  Result<std::vector<KeptRow>> all_of(const Table& table, const std::string& chitty_id) const;

  /// What is to be kept: nothing where one was refused.
  Keeper::Batch batch();
  Added outcome(Seq entry) &&;

 private:
  Result<void> offer(std::string text, const std::string& name, Place at);
  Result<void> link(const Table& table, Members& row, const Occasion& on) const;
  Result<bool> is_kept(const Table& table, const Members& row) const;

  const KeptRecords& kept_;
  Holding holding_;
  Added out_;
  BeaconChecks beacons_;
  std::vector<KeptRecord> records_;
};

/// The same, where nothing is written.
Result<std::vector<KeptRow>> newest_of(const KeptRecords& kept, const Table& table, const std::string& chitty_id);

/// The columns of a round, with that before their names.
void set_beacon(Members& row, std::string_view prefix, const Occasion& on);

const Table& experiences();
const Table& attestations();
const Table& actions();
const Table& syncs();

}  // namespace provgate::experience
