// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/digest.hpp"
#include "systems/experience/hash.hpp"
#include "systems/experience/record.hpp"
#include "systems/experience/rules/rules.hpp"

namespace provgate::experience {
namespace {

RowTable::Cell cell_in(const Table& table, std::string_view name) {
  const auto* column = table.find(name);
  if (!column) return RowTable::Cell::text;
  switch (column->holds) {
    case Holds::whole:
    case Holds::decimal: return RowTable::Cell::number;
    case Holds::truth: return RowTable::Cell::truth;
    case Holds::time: return RowTable::Cell::time;
    case Holds::object:
    case Holds::any: return RowTable::Cell::json;
    default: return RowTable::Cell::text;
  }
}

template <std::size_t I>
RowTable::Cell cell_of(std::string_view column) {
  return cell_in(tables()[I], column);
}

// Of what columns say, null where all of them say nothing.
Hash hash_over(Value row, std::initializer_list<std::string_view> columns) {
  std::string text;
  for (const auto column : columns) {
    if (const auto value = told(row, column)) text.append(column).append(1, '=').append(value.raw()).append(1, '\n');
  }
  Hash out{};
  if (text.empty()) return out;
  std::ranges::transform(sha256(text), out.begin(), [](char c) { return static_cast<std::uint8_t>(c); });
  return out;
}

// What the record says as a link, and of others.
void read_references(Value row, Told& out) {
  auto& link = out.link;
  if (const auto id = parse_uuid(out.id)) link.id = *id;
  const auto name = [&](std::string_view column) { return parse_uuid(text_of(row, column)); };
  if (const auto parent = name("parent_provenance_id")) link.has_parent = true, link.parent = *parent;
  if (const auto root = name("chain_root_id")) link.has_root = true, link.root = *root;
  link.depth = told(row, "chain_depth").as_int().value_or(0);
  if (const auto at = micros_of(row, out.table->when)) link.has_time = true, link.micros = *at;
  if (const auto before = hash_in(text_of(row, out.table->link))) link.has_previous = true, link.previous = *before;
  link.own = hash_in(text_of(row, "content_hash")).value_or(Hash{});
  out.by_record = link.names_record = text_of(row, "hash_alg") == "provgate-record-1";
  out.only_seed = !out.by_record;
  out.sequence = told(row, "subject_seq").as_int().value_or(0);
  out.experience = name("provenance_id"), out.remediates = name("remediates");
  if (const auto* column = out.table->find("verification_status")) {
    const auto at = std::ranges::find(column->values, text_of(row, column->name)) - column->values.begin();
    out.state.verification = static_cast<std::uint8_t>(at < std::ssize(column->values) ? at : 0);
  }
  out.state.revoked = micros_of(row, "revoked_at");
  out.state.reason = hash_over(row, {"revocation_reason"});
  out.state.verified_by = hash_over(row, {"verified_by", "verified_at"});
  out.state.sealed = told(row, "is_sealed").as_bool().value_or(false);
  out.state.seal = hash_over(row, {"sealed_at", "seal_hash", "seal_alg", "seal_drand_chain", "seal_drand_round",
                                   "seal_drand_randomness", "seal_drand_signature", "seal_drand_previous_signature"});
}

}  // namespace

std::span<const RowTable> row_tables() {
  static const RowTable k_tables[] = {{tables()[0].name, tables()[0].tell, &cell_of<0>},
                                      {tables()[1].name, tables()[1].tell, &cell_of<1>},
                                      {tables()[2].name, tables()[2].tell, &cell_of<2>},
                                      {tables()[3].name, tables()[3].tell, &cell_of<3>}};
  return k_tables;
}

Value told(Value row, std::string_view column) {
  const auto out = row.find(column);
  return out.is(Kind::null) ? Value{} : out;
}

std::string_view text_of(Value row, std::string_view column) {
  const auto value = row.find(column);
  return value.is(Kind::string) ? value.text() : std::string_view{};
}

std::optional<std::int64_t> micros_of(Value row, std::string_view column) {
  const auto at = parse_datetime(text_of(row, column));
  return at && at->has_zone ? std::optional(at->micros) : std::nullopt;
}

Told judge(const Row& row, Sink& sink, const Judging& how) {
  const bool rules = how.rules;
  Told out;
  out.at = row.place(row.value), out.where = row.where;
  out.table = find_table(row.table);
  const Says says(row, sink);
  for (const auto value : row.duplicates) says("INPUT-002", value, "duplicate key " + quote(value.key()), value.key());
  for (const auto value : row.non_finite) says("INPUT-005", value, std::string(value.text()) + " is not JSON");
  if (!out.table || !row.value.is(Kind::object)) {
    out.refused = true;
    const auto what =
        row.table.empty() ? std::string("the row names no table") : quote(row.table) + " is not a table of experience";
    if (rules)
      says("XPR-009", told(row.value, "table"), row.value.is(Kind::object) ? what : "a row that is not a JSON object",
           "table");
    return out;
  }
  // What is kept names its table itself.
  if (const auto said = row.value.find("table"); said && (!said.is(Kind::string) || said.text() != row.table)) {
    out.refused = true;
    says("XPR-009", said, "the row stands among those of " + row.table + ", and names another table", "table",
         row.table);
    return out;
  }
  if (const auto id = text_of(row.value, "id"); parse_uuid(id)) out.id = lower_ascii(id);
  out.chitty_id = text_of(row.value, "chitty_id");
  out.refused = !judge_columns(says, *out.table, row.value);
  if (out.refused) return out;
  read_references(row.value, out);
  const auto record = record_hash(*out.table, row.value);
  if (!record) {
    out.refused = true;
    says("XPR-017", row.value, "the record has no canonical form: " + record.error().why);
    return out;
  }
  out.link.record = hash_in(*record).value_or(Hash{});
  if (!rules) return out;
  judge_words(says, *out.table, row);
  judge_hashes(says, *out.table, row.value, *record);
  if (out.is("experience_provenance")) judge_experience(says, row.value);
  if (out.is("expertise_attestations")) judge_attestation(says, row.value);
  if (out.is("accountability_records")) judge_accountability(says, *out.table, row.value, how.beacons);
  judge_beacon(says, row.value, "drand_", micros_of(row.value, out.table->when), how.beacons);
  if (out.by_record && out.is("accountability_records") && out.sequence == 0)
    says("XPR-055", row.value, "subject_seq is missing", "subject_seq");
  return out;
}

}  // namespace provgate::experience
