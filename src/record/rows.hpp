// SPDX-License-Identifier: Apache-2.0
// Rows of tables, whatever they stand in: lines of JSON, a JSON document of tables, comma-separated values, an SQLite
// database. Each is handed out as a JSON object; where the file has none, as the one that it means.
// Source: RFC 8259; RFC 4180; the SQLite file format. Threads: any, but for what says otherwise.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "provgate/record/source.hpp"
#include "record/chunks.hpp"

namespace provgate {

/// A table, as far as reading goes.
struct RowTable {
  std::string_view name;
  std::string_view tell;  ///< a column that no other table has
  enum class Cell { text, number, truth, time, json };
  Cell (*cell)(std::string_view column) = nullptr;  ///< what a column holds; text, where it is none of the table
};

/// What rows stand in.
enum class RowForm {
  lines,     ///< a JSON object a line, which says its table, or whose file is called after it
  document,  ///< a JSON object of arrays of rows, called after their tables
  csv,       ///< with a header of column names
  database   ///< SQLite
};
/// Nothing where no row of these tables stands there. Looks at what is at its beginning alone, but for documents of at
/// most `most_bytes`, which are read.
std::optional<RowForm> row_form(std::string_view name, std::string_view text, std::span<const RowTable> tables,
                                std::uint64_t most_bytes);

/// A row, as long as the call that hands it out.
struct Row {
  std::string table;                 ///< as it says; empty: it says none
  Value value;                       ///< its object
  const SourceFile* file = nullptr;  ///< that the value is of
  std::string_view text;             ///< its own text in the file; empty: the file holds none such
  /// Where its members stand, in their order, where the file holds no such text.
  std::vector<Place> cells;
  std::vector<std::size_t> offsets;  ///< of those members in the value's text, as many as cells
  /// Columns whose values were in the form of a database, and were read as what they mean.
  std::vector<std::string> converted;
  std::vector<Value> duplicates, non_finite;  ///< of its own, as a Document has them
  std::string where;                          ///< "table, row 3" where places say nothing; else empty

  /// Where a value of it stands.
  Place place(Value of) const;
  /// On one line, with its table: what is kept of it.
  std::string kept_text() const;
};

struct RowText {
  std::string path;  ///< as messages call it
  std::string_view text;
  RowForm form = RowForm::lines;
  std::span<const RowTable> tables;
};
/// The pieces that can be read on threads of their own.
std::vector<Chunk> row_chunks(const RowText& of);
/// Hands out the rows of a piece, in order, and what could not be read.
struct RowVisit {
  std::function<void(const Row&)> row;
  std::function<void(const SourceFile&)> unread;
};
void each_row(const RowText& of, const Chunk& chunk, const RowVisit& visit);

}  // namespace provgate
