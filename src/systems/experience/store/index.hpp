// SPDX-License-Identifier: Apache-2.0
// What kept records of experience are found by. A record's later state has rows of its own: the newest of an id counts.
// Source: X7, X14, X19 (the indexes of the tables). Pure. Threads: any.
#pragma once

#include <string>
#include <string_view>

#include "provgate/record/kept.hpp"
#include "systems/experience/record.hpp"

namespace provgate::experience {

/// Names of indexes.
std::string by_id(const Table& table, std::string_view id);
/// Accountability records of one identity, in order of their numbers.
std::string by_number(std::string_view chitty_id);
/// Of one identity and table, in order of time.
std::string by_subject(const Table& table, std::string_view chitty_id);
/// Of one value of a column, in order of time. Requires one that is indexed.
std::string by_column(const Table& table, std::string_view column, std::string_view value);

/// Where a time or a number stands among others.
std::string order_of(std::int64_t number);

/// A record that stands in a store.
struct KeptRow {
  std::unique_ptr<SourceFile> file;
  Value value;  ///< points into the file
  Told told;
};
/// What may change of a record, but for when it was written down: the same text for the same state.
std::string state_text(const KeptRow& row);
/// Errors: Code::integrity where it is none that a store may have.
Result<KeptRow> read_kept(std::string_view bytes);
/// All rows of a record. Requires one that was not refused.
IndexRows rows_of(const KeptRow& row);

}  // namespace provgate::experience
