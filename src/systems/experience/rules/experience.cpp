// SPDX-License-Identifier: Apache-2.0
// XPR-016, XPR-020, XPR-035 to XPR-038: one experience by itself.
#include "systems/experience/rules/rules.hpp"

namespace provgate::experience {
namespace {

void judge_root(const Says& says, Value row) {
  if (told(row, "parent_provenance_id")) return;
  const auto root = told(row, "chain_root_id"), depth = told(row, "chain_depth"), link = told(row, "previous_hash");
  if (depth && depth.as_int() != 0)
    says("XPR-020", depth, "no experience comes before it, and its depth is not 0", "chain_depth", "0");
  if (root && lower_ascii(root.text()) != lower_ascii(text_of(row, "id")))
    says("XPR-020", root, "no experience comes before it, and another one is its root", "chain_root_id");
  if (link) says("XPR-020", link, "no experience comes before it, and it names the hash of one", "previous_hash");
}

void judge_verification(const Says& says, Value row) {
  const auto status = told(row, "verification_status");
  const auto by = told(row, "verified_by"), at = told(row, "verified_at");
  if (status.text() == "verified" || status.text() == "invalidated") {
    const auto said = "it is " + std::string(status.text());
    if (!by) says("XPR-035", status, said + ", and nobody is named who did it", "verified_by");
    if (!at) says("XPR-035", status, said + ", and no time is said", "verified_at");
  }
  if (by && by.text() == text_of(row, "chitty_id"))
    says("XPR-036", by, "the one whose experience it is verified it", "verified_by", "somebody else");
  if (status.text() == "disputed" && !told(row, "dispute_details"))
    says("XPR-037", status, "it is disputed, and nothing says why", "dispute_details");
  const auto experienced = micros_of(row, "experienced_at"), verified = micros_of(row, "verified_at");
  if (experienced && verified && *verified < *experienced)
    says("XPR-038", at, "it was verified before it was experienced", "verified_at");
}

}  // namespace

void judge_experience(const Says& says, Value row) {
  judge_root(says, row);
  judge_verification(says, row);
  const auto experienced = micros_of(row, "experienced_at"), created = micros_of(row, "created_at");
  if (experienced && created && *created < *experienced)
    says("XPR-016", told(row, "created_at"), "it was written down before it was experienced", "created_at");
}

}  // namespace provgate::experience
