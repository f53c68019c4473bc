// SPDX-License-Identifier: Apache-2.0
// XPR-028, XPR-029, XPR-032: hashes of one record that can be recomputed.
#include "systems/experience/hash.hpp"
#include "systems/experience/rules/rules.hpp"

namespace provgate::experience {
namespace {

void judge_content(const Says& says, Value hash, std::string_view words, Value data, std::string_view covers) {
  // Where there is none, it is the empty object that the table has by default.
  const auto compared = data ? compare_seed_hash(words, data, hash.text()) : std::nullopt;
  if (!data) {
    const auto none = read_json("", "{}");
    const auto follows = seed_hash(words, none->root());
    if (follows == lower_ascii(hash.text())) return;
    return says("XPR-028", hash, "content_hash is not that of " + std::string(covers), "content_hash", *follows);
  }
  if (!compared)
    return says("XPR-032", hash,
                "content_hash is not that of " + std::string(covers) +
                    " as they stand, and there are too many names to try every order of them",
                "content_hash");
  if (*compared == SeedHash::in_another_order)
    return says("XPR-032", hash,
                "content_hash is that of " + std::string(covers) + " with their names in another order",
                "content_hash");
  if (*compared == SeedHash::differs)
    says("XPR-028", hash, "content_hash is not that of " + std::string(covers), "content_hash",
         seed_hash(words, data).value_or(""));
}

}  // namespace

void judge_hashes(const Says& says, const Table& table, Value row, const std::string& record) {
  const auto content = told(row, "content_hash");
  if (table.name == "experience_provenance")
    judge_content(says, content, text_of(row, "experience_summary"), told(row, "experience_metadata"),
                  "summary and metadata");
  if (table.name == "expertise_attestations")
    judge_content(says, content, {}, told(row, "evidence_summary"), "the evidence summary");
  const auto own = told(row, "record_hash");
  if (!own && text_of(row, "hash_alg") == "provgate-record-1")
    says("XPR-029", told(row, "hash_alg"), "record_hash is missing", "record_hash", record);
  if (own && lower_ascii(own.text()) != record)
    says("XPR-029", own, "record_hash is not that of the record", "record_hash", record);
}

}  // namespace provgate::experience
