// SPDX-License-Identifier: Apache-2.0
// What is written: rows, attestations, and later states of records.
#include "provgate/systems/experience/experience_store.hpp"
#include "systems/experience/hash.hpp"
#include "systems/experience/seal.hpp"
#include "systems/experience/store/filling.hpp"

namespace provgate::experience {
namespace {

// A JSON object as it is, anything else as a text.
std::string details_json(const std::string& text) {
  const auto document = read_json("", text);
  return document && document->root().is(Kind::object) ? Members(document->root()).text()
                                                       : "\"" + json_escaped(text) + "\"";
}

void set_given(Members& row, std::string_view name, const std::string& text) {
  if (!text.empty()) row.set_text(name, text);
}

}  // namespace

Result<Added> ExperienceStore::keep(const Fill& fill) {
  std::optional<Filling> filling;
  TRY(const auto entry, keeper_->keep([&](const KeptRecords& kept) -> Result<Keeper::Batch> {
    filling.emplace(kept);
    CHECKED(fill(*filling));
    return filling->batch();
  }));
  return std::move(*filling).outcome(entry);
}

Result<Added> ExperienceStore::add(const RowLines& given, const Occasion& on) {
  return keep([&](Filling& to) { return to.rows(given, on); });
}

Result<Added> ExperienceStore::attest(const Attesting& wanted, const Occasion& on) {
  Members row;
  row.set_text("chitty_id", wanted.chitty_id), row.set_text("domain", wanted.domain);
  set_given(row, "subdomain", wanted.subdomain);
  set_given(row, "skill_level", wanted.level);
  if (wanted.score) row.set("proficiency_score", *wanted.score);
  if (!wanted.evidence.empty()) {
    const auto evidence = read_json("evidence", wanted.evidence);
    if (!evidence || !evidence->root().is(Kind::object)) return fail(Code::usage, "the evidence is not a JSON object");
    row.set("evidence_summary", Members(evidence->root()).text());
  }
  row.set_text("attestation_type", wanted.type);
  set_given(row, "attester_id", wanted.attester), set_given(row, "expires_at", wanted.expires_at);
  return keep([&](Filling& to) { return to.row(attestations(), row, on, "attestation", {}); });
}

Result<Added> ExperienceStore::revoke(const std::string& id, const std::string& reason, const Occasion& on) {
  return keep([&](Filling& to) -> Result<void> {
    TRY(const auto now, to.newest(attestations(), id));
    if (now.told.state.revoked) return to.refuse("XPR-018", now, "it is revoked already", "revoked_at"), Result<void>{};
    Members row(now.value);
    row.set_text("revoked_at", format_utc(on.now_micros)), row.set_text("revocation_reason", reason);
    row.set_text("updated_at", format_utc(on.now_micros));
    return to.state(now, row);
  });
}

Result<Added> ExperienceStore::verify_record(const std::string& id, const std::string& by, const std::string& status,
                                             const std::string& details, const Occasion& on) {
  return keep([&](Filling& to) -> Result<void> {
    TRY(const auto now, to.newest(experiences(), id));
    Members row(now.value);
    row.set_text("verification_status", status);
    row.set_text("verified_by", by), row.set_text("verified_at", format_utc(on.now_micros));
    if (!details.empty()) row.set("dispute_details", details_json(details));
    return to.state(now, row);
  });
}

Result<Added> ExperienceStore::seal(const std::string& id, const Occasion& on) {
  return keep([&](Filling& to) -> Result<void> {
    TRY(const auto now, to.newest(actions(), id));
    if (now.told.state.sealed) return to.refuse("XPR-019", now, "it is already sealed", "is_sealed"), Result<void>{};
    Members row(now.value);
    row.set("is_sealed", "true"), row.set_text("sealed_at", format_utc(on.now_micros));
    row.set_text("seal_alg", "provgate-seal-1");
    if (on.beacon) set_beacon(row, "seal_drand_", on);
    TRY(const auto sealed, read_json("record", row.text()));
    TRY(const auto record, record_hash(actions(), sealed.root()));
    row.set_text("seal_hash", seal_hash(record, sealed.root()));
    return to.state(now, row);
  });
}

Result<Added> ExperienceStore::remediate(const Remediating& wanted, const Occasion& on) {
  return keep([&](Filling& to) -> Result<void> {
    TRY(const auto harmed, to.newest(actions(), wanted.record));
    Members row;
    row.set_text("chitty_id", harmed.told.chitty_id);
    if (const auto experience = told(harmed.value, "provenance_id")) row.set_text("provenance_id", experience.text());
    row.set_text("action_category", "remediate"), row.set_text("action_type", wanted.action);
    if (const auto target = told(harmed.value, "action_target")) row.set_text("action_target", target.text());
    if (!wanted.details.empty()) row.set("action_result", details_json(wanted.details));
    const bool failed = wanted.status == "failed", done = wanted.status == "completed";
    row.set_text("consequence_status", failed ? "failure" : done ? "success" : "pending");
    row.set_text("initiated_by", wanted.by), row.set_text("remediates", harmed.told.id);
    CHECKED(to.row(actions(), row, on, "remediation", {}));
    Members after(harmed.value);
    after.set("remediation_required", "true"), after.set_text("remediation_status", wanted.status);
    if (!wanted.details.empty()) after.set("remediation_details", details_json(wanted.details));
    if (done) after.set_text("remediated_at", format_utc(on.now_micros));
    return to.state(harmed, after);
  });
}

}  // namespace provgate::experience
