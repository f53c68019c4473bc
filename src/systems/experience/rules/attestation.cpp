// SPDX-License-Identifier: Apache-2.0
// XPR-040 to XPR-046: one attestation by itself.
#include <cmath>

#include "systems/experience/proficiency.hpp"
#include "systems/experience/rules/rules.hpp"
#include "text/canonical.hpp"

namespace provgate::experience {
namespace {

// To the cent, and the level from what was rounded.
std::string_view level_in(Value score) {
  constexpr double k_cents = 100;
  return level_of({static_cast<int>(std::floor(nearest_double(score.text()) * k_cents + 0.5))});
}

void judge_level(const Says& says, Value row) {
  const auto type = text_of(row, "attestation_type");
  const auto score = told(row, "proficiency_score"), level = told(row, "skill_level");
  // What somebody declares, or an administrator grants, stands by itself.
  if (!score || (type != "system_observed" && type != "peer_reviewed")) return;
  const auto follows = level_in(score);
  if (level.text() != follows)
    says("XPR-040", level, "a score of " + std::string(score.text()) + " makes the level " + std::string(follows),
         "skill_level", std::string(follows));
}

void judge_counts(const Says& says, Value row) {
  const auto summary = told(row, "evidence_summary");
  const auto done = summary.find("successful_tasks").as_int(), failed = summary.find("failed_tasks").as_int();
  const auto all = told(row, "evidence_count").as_int().value_or(0);
  if (!done && !failed) return;
  const auto sum = done.value_or(0) + failed.value_or(0);
  if (done.value_or(0) > all || failed.value_or(0) > all || sum > all)
    says("XPR-041", summary, "the summary counts more tasks than there is evidence: " + std::to_string(all),
         "evidence_summary");
}

void judge_attester(const Says& says, Value row) {
  const auto type = told(row, "attestation_type"), attester = told(row, "attester_id");
  const bool peer = type.text() == "peer_reviewed";
  if (!attester && peer) says("XPR-042", type, "a peer reviewed it, and is not named", "attester_id");
  if (attester && peer && attester.text() == text_of(row, "chitty_id"))
    says("XPR-042", attester, "the peer who reviewed it is the one it is about", "attester_id", "somebody else");
  if (!attester && type.text() == "admin_granted")
    says("XPR-043", type, "an administrator granted it, and is not named", "attester_id");
}

void judge_validity(const Says& says, Value row) {
  const auto granted = micros_of(row, "granted_at"), expires = micros_of(row, "expires_at"),
             revoked = micros_of(row, "revoked_at");
  if (granted && expires && *expires <= *granted)
    says("XPR-044", told(row, "expires_at"), "it ends before it begins", "expires_at");
  if (granted && revoked && *revoked < *granted)
    says("XPR-045", told(row, "revoked_at"), "it was revoked before it was granted", "revoked_at");
  const auto reason = told(row, "revocation_reason");
  if (revoked && !reason)
    says("XPR-046", told(row, "revoked_at"), "it was revoked, and nothing says why", "revocation_reason");
  if (!revoked && reason)
    says("XPR-046", reason, "there is a reason to revoke it, and it was not revoked", "revoked_at");
}

}  // namespace

void judge_attestation(const Says& says, Value row) {
  judge_level(says, row);
  judge_counts(says, row);
  judge_attester(says, row);
  judge_validity(says, row);
}

}  // namespace provgate::experience
