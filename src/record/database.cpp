// SPDX-License-Identifier: Apache-2.0
// Rows of SQLite databases. The bytes are read where they lie: no lock, no journal, nothing of the file is run.
#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstring>
#include <memory>

#include "record/cells.hpp"

namespace provgate {
namespace {

constexpr std::string_view k_magic("SQLite format 3\0", 16);
// Where a database says that it is written ahead to a log; and what one without says.
constexpr std::size_t k_version_at = 18;
constexpr char k_with_log = 2, k_without_log = 1;

struct Close {
  void operator()(sqlite3* database) const { sqlite3_close(database); }
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Statement = std::unique_ptr<sqlite3_stmt, Close>;

std::string_view text_of(sqlite3_stmt* row, int i) {
  const auto* const text = sqlite3_column_text(row, i);
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(row, i));
  return text ? std::string_view(reinterpret_cast<const char*>(text), size) : std::string_view{};
}

// A database in memory that is read only.
class Database {
 public:
  explicit Database(std::string_view bytes) {
    sqlite3* opened = nullptr;
    const int failed = sqlite3_open_v2(":memory:", &opened, SQLITE_OPEN_READWRITE | SQLITE_OPEN_MEMORY, nullptr);
    database_.reset(opened);
    if (failed || !opened) return;
    sqlite3_db_config(opened, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    sqlite3_db_config(opened, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    sqlite3_db_config(opened, SQLITE_DBCONFIG_ENABLE_VIEW, 0, nullptr);
    sqlite3_db_config(opened, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, nullptr);
    // One that is written ahead to a log is opened as one that is not: whether a log belongs to it is asked before.
    if (bytes.size() > k_version_at + 1 && bytes[k_version_at] == k_with_log) {
      copy_ = bytes;
      copy_[k_version_at] = copy_[k_version_at + 1] = k_without_log;
      bytes = copy_;
    }
    auto* const data = const_cast<unsigned char*>(reinterpret_cast<const unsigned char*>(bytes.data()));
    const auto size = static_cast<sqlite3_int64>(bytes.size());
    sqlite3_deserialize(opened, "main", data, size, size, SQLITE_DESERIALIZE_READONLY);
  }

  Statement prepare(const std::string& query) const {
    sqlite3_stmt* out = nullptr;
    if (database_) sqlite3_prepare_v2(database_.get(), query.c_str(), static_cast<int>(query.size()), &out, nullptr);
    return Statement(out);
  }
  std::string fault() const { return database_ ? sqlite3_errmsg(database_.get()) : "no memory"; }

  // Whether its pages are in order.
  bool is_whole() const {
    const auto check = prepare("PRAGMA quick_check(1)");
    return check && sqlite3_step(check.get()) == SQLITE_ROW && text_of(check.get(), 0) == "ok";
  }

  // Whether that is a table with rows of its own.
  bool has(std::string_view table) const {
    const auto query = prepare("SELECT sql FROM sqlite_master WHERE type='table' AND name=?1");
    if (!query) return false;
    sqlite3_bind_text(query.get(), 1, table.data(), static_cast<int>(table.size()), SQLITE_STATIC);
    if (sqlite3_step(query.get()) != SQLITE_ROW) return false;
    const auto* const text = sqlite3_column_text(query.get(), 0);
    const std::string sql = text ? reinterpret_cast<const char*>(text) : "";
    return !lower_ascii(sql).starts_with("create virtual");
  }

 private:
  std::unique_ptr<sqlite3, Close> database_;
  std::string copy_;
};

// Cells of a row; false where one holds what no column of these tables may.
bool read_cells(sqlite3_stmt* row, RowBuilder& out, std::string& why) {
  for (int i = 0; i < sqlite3_column_count(row); ++i) {
    const std::string column = sqlite3_column_name(row, i);
    if (column == "table") continue;  // it says itself which one it is
    switch (sqlite3_column_type(row, i)) {
      case SQLITE_NULL: out.none(column, {}); break;
      case SQLITE_INTEGER: out.number(column, std::to_string(sqlite3_column_int64(row, i)), {}); break;
      case SQLITE_FLOAT: {
        std::array<char, 32> digits{};
        const auto number = sqlite3_column_double(row, i);
        const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
        if (!std::isfinite(number)) return why = "the number in column " + quote(column) + " is infinite", false;
        out.number(column, std::string_view(digits.data(), static_cast<std::size_t>(end - digits.data())), {});
        break;
      }
      case SQLITE_TEXT: {
        const auto text = text_of(row, i);
        if (first_bad_utf8(text) != std::string_view::npos)
          return why = "column " + quote(column) + " is not UTF-8", false;
        out.text(column, text, {});
        break;
      }
      default: return why = "column " + quote(column) + " holds bytes that are no text", false;
    }
  }
  return true;
}

}  // namespace

bool is_database(std::string_view bytes) { return bytes.starts_with(k_magic); }

bool has_table(std::string_view bytes, std::span<const RowTable> tables) {
  const Database database(bytes);
  return std::ranges::any_of(tables, [&](const auto& table) { return database.has(table.name); });
}

void each_database_row(const RowText& of, const RowVisit& visit) {
  const Database database(of.text);
  const auto unread = [&](const std::string& why) {
    SourceFile file;
    file.path = of.path, file.error = Error{Code::input, why, {}, {}, {}};
    visit.unread(file);
  };
  if (!database.is_whole()) return unread("the database is damaged");
  for (const auto& table : of.tables) {
    if (!database.has(table.name)) continue;
    const std::string name(table.name);
    const auto rows = database.prepare("SELECT * FROM \"" + name + "\"");
    if (!rows) {
      unread("table " + name + " cannot be read: " + database.fault());
      continue;
    }
    int step = sqlite3_step(rows.get());
    for (std::uint64_t number = 1; step == SQLITE_ROW; ++number, step = sqlite3_step(rows.get())) {
      const auto where = name + ", row " + std::to_string(number);
      RowBuilder row(table);
      std::string why;
      if (read_cells(rows.get(), row, why)) {
        std::move(row).visit(of.path, where, visit);
      } else {
        unread(where + ": " + why);
      }
    }
    if (step != SQLITE_DONE) unread("table " + name + " cannot be read: " + database.fault());
  }
}

}  // namespace provgate
