// SPDX-License-Identifier: Apache-2.0
// Any bytes as a CSV file, a JSON document and an SQLite database of tables: every row that is read is JSON on one
// line, names its table, and stands where a row can stand.
#include <cstdlib>

#include "record/rows.hpp"
#include "systems/experience/record.hpp"

namespace {

using namespace provgate;

void read_as(const std::string& name, std::string_view text) {
  constexpr std::uint64_t k_most_bytes = 1 << 20;
  const auto tables = experience::row_tables();
  const auto form = row_form(name, text, tables, k_most_bytes);
  if (!form) return;
  const RowText of{name, text, *form, tables};
  const RowVisit visit = {[&](const Row& row) {
                            const auto place = row.place(row.value);
                            if (place.line == 0 && row.where.empty()) std::abort();
                            if (!row.value.is(Kind::object)) return;
                            const auto kept = row.kept_text();
                            const auto again = read_json("kept", kept);
                            if (!again || kept.find('\n') != std::string::npos) std::abort();
                            if (!again->root().find("table")) std::abort();
                          },
                          [](const SourceFile& file) {
                            if (!file.error) std::abort();
                          }};
  for (const auto& chunk : row_chunks(of)) each_row(of, chunk, visit);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  for (const auto* name : {"experience_provenance.csv", "x.json", "x.db", "expertise_attestations.ndjson"})
    read_as(name, text);
  return 0;
}
