// SPDX-License-Identifier: Apache-2.0
// XPR-050 to XPR-062: one accountability record by itself.
#include "systems/experience/hash.hpp"
#include "systems/experience/rules/rules.hpp"
#include "systems/experience/seal.hpp"

namespace provgate::experience {
namespace {

void judge_harm(const Says& says, Value row) {
  const auto status = told(row, "consequence_status"), severity = told(row, "harm_severity");
  const bool harm = status.text() == "harm", severe = severity && severity.as_int().value_or(0) > 0;
  if (harm && !severe)
    says("XPR-050", status, "it did harm, and no severity above 0 is said", "harm_severity", "1 to 10");
  if (!harm && severe) says("XPR-050", severity, "it did no harm, and has a severity", "harm_severity");
}

void judge_people(const Says& says, Value row) {
  const auto initiator = text_of(row, "initiated_by");
  const auto behalf = told(row, "on_behalf_of"), category = told(row, "action_category");
  if (behalf && behalf.text() == initiator)
    says("XPR-051", behalf, "who initiated it did it on their own behalf", "on_behalf_of", "somebody else, or nothing");
  const auto by = told(row, "authorized_by");
  if (category.text() == "approve" && by && by.text() == initiator)
    says("XPR-052", by, "who initiated it approved it", "authorized_by", "somebody else");
}

void judge_remediation(const Says& says, Value row) {
  const auto status = told(row, "remediation_status"), at = told(row, "remediated_at");
  const bool required = told(row, "remediation_required").as_bool().value_or(false);
  const bool has_state = status && status.text() != "not_required";
  if (required && !has_state)
    says("XPR-053", told(row, "remediation_required"),
         "remediation is required, and its status does not say how far it is", "remediation_status",
         "pending, in_progress, completed or failed");
  if (!required && has_state)
    says("XPR-053", status, "remediation has a status, and is not required", "remediation_required", "true");
  const bool completed = status.text() == "completed";
  if (completed && !at) says("XPR-054", status, "remediation is completed, and no time is said", "remediated_at");
  if (!completed && at) says("XPR-054", at, "remediation has a time, and is not completed", "remediation_status");
  const auto category = told(row, "action_category"), remediates = told(row, "remediates");
  if (category.text() == "remediate" && !remediates)
    says("XPR-061", category, "it remediates, and does not name the record", "remediates");
}

void judge_seal(const Says& says, const Table& table, Value row, BeaconChecks* beacons) {
  const auto sealed = told(row, "is_sealed"), at = told(row, "sealed_at"), hash = told(row, "seal_hash");
  const bool is = sealed.as_bool().value_or(false);
  if (is && (!at || !hash))
    return says("XPR-058", sealed, "it is sealed, and its seal or the time of it is missing", "seal_hash");
  if (!is && (at || hash))
    return says("XPR-058", at ? at : hash, "it has a seal, and is not sealed", "is_sealed", "true");
  if (!is) return;
  const auto done = micros_of(row, "action_at"), when = micros_of(row, "sealed_at");
  if (done && when && *when < *done) says("XPR-058", at, "it was sealed before it was done", "sealed_at");
  if (text_of(row, "seal_alg") == "provgate-seal-1") {
    const auto record = record_hash(table, row);
    const auto follows = record ? seal_hash(*record, row) : std::string{};
    if (lower_ascii(hash.text()) != follows)
      says("XPR-060", hash, "the seal is not that of this record", "seal_hash", follows);
    judge_beacon(says, row, "seal_drand_", micros_of(row, "sealed_at"), beacons);
  } else if (!seed_seal_holds(row)) {
    says("XPR-059", hash,
         "the seal cannot be verified: it was made over a time and a round of the beacon that the record does not have",
         "seal_hash");
  }
}

}  // namespace

void judge_accountability(const Says& says, const Table& table, Value row, BeaconChecks* beacons) {
  judge_harm(says, row);
  judge_people(says, row);
  judge_remediation(says, row);
  judge_seal(says, table, row, beacons);
  const auto done = micros_of(row, "action_at"), created = micros_of(row, "created_at");
  if (done && created && *created < *done)
    says("XPR-016", told(row, "created_at"), "it was written down before it was done", "created_at");
}

}  // namespace provgate::experience
