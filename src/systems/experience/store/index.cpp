// SPDX-License-Identifier: Apache-2.0
#include "systems/experience/store/index.hpp"

#include <algorithm>

namespace provgate::experience {
namespace {

std::size_t number_of(const Table& table) { return static_cast<std::size_t>(&table - tables().data()); }

// Columns that records are asked for by.
constexpr std::string_view k_columns[] = {
    "parent_provenance_id", "chain_root_id",   "experience_type",   "source_platform",    "source_session_id",
    "verification_status",  "domain",          "subdomain",         "skill_level",        "attestation_type",
    "provenance_id",        "action_category", "action_type",       "consequence_status", "harm_severity",
    "remediates",           "is_sealed",       "remediation_status"};

std::string_view letter_of(const Table& table) {
  constexpr std::string_view k_letters = "pars";
  return k_letters.substr(number_of(table), 1);
}

}  // namespace

std::string by_id(const Table& table, std::string_view id) {
  return index_name("xi", {letter_of(table), lower_ascii(id)});
}
std::string by_subject(const Table& table, std::string_view chitty_id) {
  return index_name("xs", {letter_of(table), chitty_id});
}
std::string by_number(std::string_view chitty_id) { return index_name("xn", {chitty_id}); }
std::string by_column(const Table& table, std::string_view column, std::string_view value) {
  const auto at = std::ranges::find(k_columns, column) - std::begin(k_columns);
  const char letter = static_cast<char>('a' + at);
  return index_name("xc", {letter_of(table), std::string_view(&letter, 1), value});
}

std::string order_of(std::int64_t number) {
  // Negative ones before the others.
  const auto shifted = static_cast<std::uint64_t>(number) ^ 1ULL << 63;
  std::string out;
  for (int shift = 56; shift >= 0; shift -= 8) out += static_cast<char>(shifted >> shift);
  return out;
}

Result<KeptRow> read_kept(std::string_view bytes) {
  KeptRow out;
  out.file = std::make_unique<SourceFile>();
  TRY(auto document, read_json("record", std::string(bytes)));
  out.file->doc = std::make_unique<Document>(std::move(document));
  Row row;
  row.file = out.file.get(), row.value = out.value = out.file->doc->root();
  row.table = out.value.is(Kind::object) ? std::string(text_of(out.value, "table")) : std::string{};
  Sink sink("");
  out.told = judge(row, sink, {});
  if (out.told.refused || out.told.id.empty())
    return fail(Code::integrity, "a kept record is not one of experience", "restore the store from a copy");
  return out;
}

std::string state_text(const KeptRow& row) {
  std::string out;
  for (const auto column : row.told.table->changing) {
    const auto value = told(row.value, column);
    if (value && column != "created_at" && column != "updated_at")
      out.append(column).append(1, '=').append(value.raw()).append(1, '\n');
  }
  return out;
}

IndexRows rows_of(const KeptRow& row) {
  IndexRows out;
  const auto& told_row = row.told;
  const auto& table = *told_row.table;
  const auto when = order_of(micros_of(row.value, table.when).value_or(0));
  out.add(by_id(table, told_row.id));
  out.add(by_subject(table, told_row.chitty_id) + when);
  if (told_row.sequence > 0) out.add(by_number(told_row.chitty_id) + order_of(told_row.sequence));
  for (const auto column : k_columns) {
    const auto* about = table.find(column);
    const auto value = about ? told(row.value, column) : Value{};
    if (!value) continue;
    const bool id = about->holds == Holds::uuid;
    out.add(by_column(table, column, id ? lower_ascii(value.text()) : std::string(value.text())) + when);
  }
  return out;
}

}  // namespace provgate::experience
