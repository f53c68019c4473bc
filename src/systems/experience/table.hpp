// SPDX-License-Identifier: Apache-2.0
// The tables that experience is kept in, as data: what each column may hold, and what of a record may change later.
// Source: X1 to X30, G6. Stateless. Threads: any.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace provgate::experience {

/// What a column holds.
enum class Holds : std::uint8_t {
  uuid,
  text,     ///< `most` code points at most; not empty where it is required
  entity,   ///< whom or what it is about, by its technical id
  choice,   ///< one of `values`
  whole,    ///< a whole number from `least` to `most`
  decimal,  ///< a number from `least` to `most`
  truth,
  time,    ///< xsd:dateTime with a zone
  object,  ///< a JSON object
  any,     ///< any JSON
  digest,  ///< 64 hexadecimal digits
  hex      ///< pairs of hexadecimal digits, `most` in all at most
};

struct Column {
  std::string_view name;
  Holds holds;
  enum class When : std::uint8_t { required, optional, defaulted } when = When::optional;
  bool changes = false;  ///< it may change after the record was made: no hash covers it
  std::int64_t least = 0, most = 0;
  std::span<const std::string_view> values = {};
};

struct Table {
  std::string_view name;    ///< "experience_provenance"
  std::string_view called;  ///< "experience"
  std::string_view kind;    ///< in IRIs: "provenance"
  std::span<const Column> columns;
  std::string_view link;                   ///< the column that holds the hash of the record before it; empty: none
  std::string_view tell;                   ///< a column that no other table has
  std::string_view when;                   ///< the column that says when it was
  std::vector<std::string_view> changing;  ///< the columns that may change

  const Column* find(std::string_view column) const;
};

std::span<const Table> tables();
/// Null where there is no such table.
const Table* find_table(std::string_view name);

}  // namespace provgate::experience
