// SPDX-License-Identifier: Apache-2.0
// The same rows out of every form that they may stand in, and what is wrong with each form.
#include "record/rows.hpp"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include "record/cells.hpp"
#include "record/csv.hpp"

namespace provgate::test {
namespace {

RowTable::Cell cell(std::string_view column) {
  if (column == "count") return RowTable::Cell::number;
  if (column == "good") return RowTable::Cell::truth;
  if (column == "at") return RowTable::Cell::time;
  if (column == "more") return RowTable::Cell::json;
  return RowTable::Cell::text;
}
const RowTable k_tables[] = {{"boats", "hull", &cell}, {"crews", "captain", &cell}};

struct ReadRow {
  std::string table, text;
  std::vector<std::string> converted;
  Place at;
  std::string where;
};
struct Outcome {
  std::vector<ReadRow> rows;
  std::vector<Error> unread;
};

Outcome read(std::string_view name, std::string_view text) {
  Outcome out;
  const auto form = row_form(name, text, k_tables, 1 << 20);
  if (!form) return out;
  const RowText of{std::string(name), text, *form, k_tables};
  const RowVisit visit = {
      [&](const Row& row) {
        const auto hull = row.value.find("hull");
        out.rows.push_back({row.table, row.kept_text(), row.converted, row.place(hull ? hull : row.value), row.where});
      },
      [&](const SourceFile& file) { out.unread.push_back(*file.error); }};
  for (const auto& chunk : row_chunks(of)) each_row(of, chunk, visit);
  return out;
}

std::string database(const std::string& sql) {
  sqlite3* opened = nullptr;
  EXPECT_EQ(sqlite3_open(":memory:", &opened), SQLITE_OK);
  char* why = nullptr;
  EXPECT_EQ(sqlite3_exec(opened, sql.c_str(), nullptr, nullptr, &why), SQLITE_OK) << why;
  sqlite3_int64 size = 0;
  auto* const bytes = sqlite3_serialize(opened, "main", &size, 0);
  std::string out(static_cast<const char*>(static_cast<const void*>(bytes)), static_cast<std::size_t>(size));
  sqlite3_free(bytes);
  sqlite3_close(opened);
  return out;
}

TEST(Rows, AreTheSameInEveryForm) {
  const std::string same =
      R"({"table":"boats","id":"b1","hull":"oak, \"old\"","count":3,"good":true,"at":"2026-03-09T08:00:00Z",)"
      R"("more":{"a":[1,2]},"note":null})";
  const std::pair<const char*, std::string> texts[] = {
      {"x.ndjson", same + "\n"},
      {"boats.ndjson", "\xEF\xBB\xBF" + same.substr(0, 1) + same.substr(same.find("\"id\"")) + "\r\n"},
      {"x.json", "{\"boats\":[\n" + same.substr(0, 1) + same.substr(same.find("\"id\"")) + "\n]}"},
      {"x.json", same},
      {"x.csv",
       "id,hull,count,good,at,more,note\r\n"
       "b1,\"oak, \"\"old\"\"\",3,t,2026-03-09T08:00:00Z,\"{\"\"a\"\":[1,2]}\",\r\n"},
      {"x.db",
       database("CREATE TABLE boats(id TEXT, hull TEXT, count INTEGER, good INTEGER, at INTEGER, more TEXT, "
                "note TEXT); INSERT INTO boats VALUES('b1','oak, \"old\"',3,1,1773043200,'{\"a\":[1,2]}',NULL);")}};
  for (const auto& [name, text] : texts) {
    const auto got = read(name, text);
    ASSERT_EQ(got.rows.size(), 1U) << name;
    EXPECT_TRUE(got.unread.empty()) << name;
    EXPECT_EQ(got.rows[0].table, "boats");
    EXPECT_EQ(got.rows[0].text, same) << name;
  }
}

TEST(Rows, StandWhereTheirCellsDo) {
  const auto csv = read("x.csv", "id,hull\nb1,\"oak\nand ash\"\n\u00E9\u00E9,elm\n");
  ASSERT_EQ(csv.rows.size(), 2U);
  EXPECT_EQ(csv.rows[0].at, (Place{2, 4, 3, 9}));
  EXPECT_EQ(csv.rows[1].at, (Place{4, 4, 4, 7}));
  const auto json = read("x.json", "{\"boats\": [\n  {\"id\": 1,\n   \"hull\": \"oak\"}]}");
  ASSERT_EQ(json.rows.size(), 1U);
  EXPECT_EQ(json.rows[0].at.line, 3U);
  const auto lines = read("boats.jsonl", "\n{\"hull\":\"oak\"}\n\n{\"hull\":\"elm\"}");
  ASSERT_EQ(lines.rows.size(), 2U);
  EXPECT_EQ(lines.rows[1].at.line, 4U);
  const auto rows = read("x.db", database("CREATE TABLE crews(id,captain); INSERT INTO crews VALUES(1,'a'),(2,'b');"));
  ASSERT_EQ(rows.rows.size(), 2U);
  EXPECT_EQ(rows.rows[1].where, "crews, row 2");
}

TEST(Rows, AreToldFromWhatStandsThere) {
  for (const auto& [name, text] : {std::pair("x.ndjson", "{\"table\":\"ships\"}"),
                                   {"x.json", "{\"ships\":[]}"},
                                   {"x.json", "[{\"table\":\"boats\"}]"},
                                   {"x.csv", "id,name\n1,2\n"},
                                   {"x.csv", "hull\noak\n"},
                                   {"x.txt", ""},
                                   {"x.txt", "\n\n"},
                                   {"x.json", "{\"boats\": {}}"},
                                   {"x.db", "SQLite format 3"}})
    EXPECT_FALSE(row_form(name, text, k_tables, 1 << 20)) << name << text;
  EXPECT_FALSE(row_form("x.db", database("CREATE TABLE ships(id)"), k_tables, 1 << 20));
  // What is past the limit is not read to be told.
  EXPECT_FALSE(row_form("x.json", "{\"boats\":[]}", k_tables, 4));
}

struct BadCsv {
  const char *text, *why;
  std::uint32_t line, column;
  std::size_t rows;  // that are read all the same
};
TEST(Rows, OfCsvThatCannotBeReadAreNamed) {
  const BadCsv k_bad[] = {{"id,hull\n1\n2,oak\n", "a row of 1 cell", 2, 1, 1},
                          {"id,hull\n1,2,3\n2,oak\n", "a row of 3 cells", 2, 1, 1},
                          {"id,hull\n1,a\"b\n2,oak\n", "a quote within a cell", 2, 4, 1},
                          {"id,hull\n1,\"a\"b\n2,oak\n", "text behind the closing quote", 2, 6, 1},
                          {"id,hull\n1,oak\n2,\"oak\n", "never closed", 3, 3, 1},
                          {"id,hull\n1,a\rb\n2,oak\n", "a carriage return", 2, 4, 1},
                          {"id,hull\n1,\xFF\n2,oak\n", "not UTF-8", 2, 3, 1},
                          {"id,hull,id\n1,oak,2\n", "twice", 1, 9, 0}};
  for (const auto& bad : k_bad) {
    const auto got = read("x.csv", bad.text);
    ASSERT_EQ(got.unread.size(), 1U) << bad.text;
    EXPECT_NE(got.unread[0].why.find(bad.why), std::string::npos) << got.unread[0].why;
    EXPECT_EQ(got.unread[0].at.line, bad.line) << bad.text;
    EXPECT_EQ(got.unread[0].at.column, bad.column) << bad.text;
    EXPECT_EQ(got.rows.size(), bad.rows) << bad.text;
  }
}

// Views, triggers and virtual tables of a database are not asked; what is damaged is said.
TEST(Rows, OfDatabasesAreThoseOfTables) {
  EXPECT_FALSE(
      row_form("x.db", database("CREATE TABLE t(id,hull); CREATE VIEW boats AS SELECT * FROM t;"), k_tables, 0));
  EXPECT_FALSE(row_form("x.db", database("CREATE VIRTUAL TABLE boats USING fts5(id,hull);"), k_tables, 0));
  auto wide = database("CREATE TABLE boats(id,hull); INSERT INTO boats VALUES(1,x'00FF'),(2,'oak'),(3,9e999);");
  const auto got = read("x.db", wide);
  EXPECT_EQ(got.rows.size(), 1U);
  ASSERT_EQ(got.unread.size(), 2U);
  EXPECT_NE(got.unread[0].why.find("boats, row 1: column \"hull\" holds bytes"), std::string::npos)
      << got.unread[0].why;
  EXPECT_NE(got.unread[1].why.find("infinite"), std::string::npos) << got.unread[1].why;
  // Every page but the first is gone: whatever that gives, it ends, and is no row that was not there.
  std::string many = "CREATE TABLE boats(id,hull);";
  for (int i = 0; i < 500; ++i)
    many += "INSERT INTO boats VALUES(" + std::to_string(i) + ",'" + std::string(100, 'o') + "');";
  const auto whole = database(many);
  for (std::size_t cut = 4096; cut < whole.size(); cut += 4096) {
    const auto part = read("x.db", std::string_view(whole).substr(0, cut));
    EXPECT_LT(part.rows.size(), 500U);
  }
  for (std::size_t at = 16; at < whole.size(); at += 97) {
    auto damaged = whole;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x55);
    (void)read("x.db", damaged);
  }
  // One that says that it is written ahead to a log is read as it is.
  auto ahead = whole;
  ahead[18] = ahead[19] = 2;
  EXPECT_EQ(read("x.db", ahead).rows.size(), 500U);
}

TEST(Rows, FormsOfDatabasesAreReadAsWhatTheyMean) {
  const std::pair<const char*, const char*> k_times[] = {
      {"2026-03-09 08:00:00", "2026-03-09T08:00:00Z"},         {"2026-03-09 08:00:00.5", "2026-03-09T08:00:00.5Z"},
      {"2026-03-09 08:00:00+00", "2026-03-09T08:00:00+00:00"}, {"2026-03-09 08:00:00-03", "2026-03-09T08:00:00-03:00"},
      {"2026-03-09T08:00:00", "2026-03-09T08:00:00Z"},         {"1773043200", "2026-03-09T08:00:00Z"}};
  for (const auto& [given, meant] : k_times) {
    const auto got = read("x.csv", "id,hull,at\n1,oak," + std::string(given) + "\n");
    ASSERT_EQ(got.rows.size(), 1U);
    EXPECT_NE(got.rows[0].text.find("\"at\":\"" + std::string(meant) + "\""), std::string::npos) << got.rows[0].text;
    EXPECT_EQ(got.rows[0].converted, std::vector<std::string>{"at"});
  }
  for (const auto* given : {"yesterday", "2026-13-09 08:00:00", "99999999999999", "-1", "2026-03-09"}) {
    const auto got = read("x.csv", "id,hull,at\n1,oak," + std::string(given) + "\n");
    ASSERT_EQ(got.rows.size(), 1U);
    EXPECT_NE(got.rows[0].text.find("\"at\":\"" + std::string(given) + "\""), std::string::npos) << got.rows[0].text;
    EXPECT_TRUE(got.rows[0].converted.empty());
  }
}

TEST(Rows, NumbersAreThoseOfJson) {
  for (const auto* good : {"0", "-1", "1.5", "1e9", "-0.0E+2"}) EXPECT_TRUE(is_json_number(good)) << good;
  for (const auto* bad : {"", "-", "01", "1.", ".5", "1e", "+1", "0x1", "NaN", "1 ", "1e+"})
    EXPECT_FALSE(is_json_number(bad)) << bad;
}

}  // namespace
}  // namespace provgate::test
