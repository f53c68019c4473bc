// SPDX-License-Identifier: Apache-2.0
// What is kept of a row after it was read: what names it, and what others are held against.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "provgate/record/beacon.hpp"
#include "provgate/record/sink.hpp"
#include "record/rows.hpp"
#include "systems/experience/chain.hpp"
#include "systems/experience/table.hpp"

namespace provgate::experience {

/// The tables as a reader of rows knows them.
std::span<const RowTable> row_tables();

/// What of a record may change later, as far as changes are judged.
struct State {
  std::uint8_t verification = 0;  ///< among the values of the column
  std::optional<std::int64_t> revoked;
  bool sealed = false;
  Hash seal{}, reason{}, verified_by{};  ///< of what the columns about each say
  friend bool operator==(const State&, const State&) = default;
};

struct Told {
  const Table* table = nullptr;  ///< null: there is no such
  std::string id, chitty_id;     ///< id in small letters; empty: it has none
  bool conforming = true;
  bool refused = false;  ///< a column is missing or has no form of its own: nothing more was asked
  Place at;
  std::string where;         ///< Row::where
  std::uint64_t offset = 0;  ///< of its own text in the file
  std::uint32_t length = 0;
  std::string text;           ///< what is kept, where the file has no text of its own
  Hash digest{};              ///< SHA-256 of what is kept, where ReadOptions::digests asks for it
  Link link;                  ///< of an experience; of the others id and hashes alone
  bool by_record = false;     ///< its link names the other by our recipe
  bool only_seed = false;     ///< no hash covers more than its words and metadata
  std::int64_t sequence = 0;  ///< of an accountability record; 0: none is said
  std::optional<Uuid> experience, remediates;
  State state;

  bool is(std::string_view name) const { return table && table->name == name; }
};

/// How rows are judged.
struct Judging {
  bool rules = false;               ///< else only what cannot be read is a finding
  BeaconChecks* beacons = nullptr;  ///< asked for signatures; null: no curve is asked
};
/// Judges a row by itself. Findings go into the sink.
Told judge(const Row& row, Sink& sink, const Judging& how);

/// Members of a row that are there: absent where it is null.
Value told(Value row, std::string_view column);
std::string_view text_of(Value row, std::string_view column);
/// When something is said to have happened, in microseconds.
std::optional<std::int64_t> micros_of(Value row, std::string_view column);

}  // namespace provgate::experience
