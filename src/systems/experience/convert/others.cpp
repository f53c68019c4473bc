// SPDX-License-Identifier: Apache-2.0
// Attestations and accountability records as PROV-O.
#include "record/percent.hpp"
#include "systems/experience/convert/convert.hpp"

namespace provgate::experience {
namespace {

struct Attested {
  std::string_view type, is;
};
constexpr Attested k_attested[] = {{"self_declared", "chitty:SelfDeclaration"},
                                   {"system_observed", "chitty:SystemObservation"},
                                   {"peer_reviewed", "chitty:PeerReview"},
                                   {"admin_granted", "chitty:AdminGrant"}};

// What an assessment rests on, where it names it.
void say_evidence(Value row, const std::string& iri, const std::string& activity, Writer& out) {
  const auto summary = told(row, "evidence_summary");
  summary.find("records").each([&](Value one) {
    const auto id = one.is(Kind::object) ? one.find("id") : one;
    if (!id.is(Kind::string) || !parse_uuid(id.text())) return;
    const auto evidence = name_of("provenance", lower_ascii(id.text()));
    out.at(id);
    out.link(iri, "prov:wasDerivedFrom", evidence);
    out.link(activity, "prov:used", evidence);
  });
}

void say_revocation(Value row, const std::string& iri, Writer& out) {
  const auto at = told(row, "revoked_at");
  if (!at) return;
  const auto activity = iri + "#revocation";
  out.at(at);
  out.link(iri, "prov:wasInvalidatedBy", activity);
  out.time(iri, "prov:invalidatedAtTime", at);
  out.type(activity, "prov:Activity"), out.type(activity, "chitty:Revocation");
  out.time(activity, "prov:endedAtTime", at);
  out.said(activity, "chitty:reason", told(row, "revocation_reason"));
}

std::string capital(std::string_view word) {
  std::string out(word);
  if (!out.empty() && out.front() >= 'a' && out.front() <= 'z')
    out.front() = static_cast<char>(out.front() - 'a' + 'A');
  return out;
}

// What was acted upon, as the kind of action has it.
void say_target(Value row, const std::string& iri, Writer& out) {
  const auto category = text_of(row, "action_category");
  const auto decides = category == "approve" || category == "reject";
  const auto target = told(row, "action_target");
  const auto thing = target ? name_of("target", target.text()) : std::string{};
  if (target) {
    out.at(target);
    out.type(thing, "prov:Entity");
    out.text(thing, "chitty:target", target.text());
  }
  if (decides) {
    const auto decision = iri + "#decision";
    out.at(told(row, "action_category"));
    out.type(decision, "prov:Entity"), out.type(decision, "chitty:DecisionMade");
    out.text(decision, "chitty:verdict", category);
    out.link(decision, "prov:wasGeneratedBy", iri);
  }
  if (!target) return;
  out.at(target);
  // A target is written and deleted more than once: what comes and goes is how it is each time.
  if (category == "write" || category == "delete") {
    const auto version = iri + "#target";
    out.type(version, "prov:Entity");
    out.link(version, "prov:specializationOf", thing);
    out.link(version, category == "write" ? "prov:wasGeneratedBy" : "prov:wasInvalidatedBy", iri);
    out.time(version, category == "write" ? "prov:generatedAtTime" : "prov:invalidatedAtTime", told(row, "action_at"));
  } else {
    out.link(iri, "prov:used", thing);
  }
}

void say_people(Value row, const std::string& iri, Writer& out) {
  const auto initiator = say_identity(told(row, "initiated_by"), out);
  out.association(iri, "initiator", initiator);
  if (const auto by = say_identity(told(row, "authorized_by"), out); !by.empty())
    out.association(iri, "authorizer", by);
  const auto subject = say_identity(told(row, "chitty_id"), out);
  if (subject != initiator) out.association(iri, "subject", subject);
  const auto behalf = say_identity(told(row, "on_behalf_of"), out);
  if (behalf.empty()) return;
  const auto node = iri + "#delegation";
  out.link(initiator, "prov:actedOnBehalfOf", behalf);
  out.link(initiator, "prov:qualifiedDelegation", node);
  out.type(node, "prov:Delegation");
  out.link(node, "prov:agent", behalf);
  out.link(node, "prov:hadActivity", iri);
}

void say_seal(Value row, const std::string& iri, Writer& out) {
  const auto at = told(row, "sealed_at"), hash = told(row, "seal_hash");
  if (!told(row, "is_sealed").as_bool().value_or(false) || !at || !hash) return;
  const auto activity = iri + "#sealing", sealed = iri + "#sealed";
  out.at(hash);
  out.type(activity, "prov:Activity"), out.type(activity, "chitty:Sealing");
  out.link(activity, "prov:wasInformedBy", iri);
  out.time(activity, "prov:endedAtTime", at);
  out.type(sealed, "prov:Entity"), out.type(sealed, "chitty:SealedRecord");
  out.link(sealed, "prov:wasGeneratedBy", activity);
  out.said(sealed, "chitty:sealHash", hash);
  out.said(sealed, "chitty:sealAlgorithm", told(row, "seal_alg"));
  say_beacon(row, "seal_drand_", activity, out);
}

void say_remediation(Value row, const std::string& iri, Writer& out) {
  if (const auto of = told(row, "remediates")) {
    out.at(of);
    out.link(iri, "prov:wasInformedBy", name_of("accountability", lower_ascii(of.text())));
  }
  if (const auto required = told(row, "remediation_required"); required.as_bool().value_or(false))
    out.said(iri, "chitty:remediationRequired", required);
  const auto at = told(row, "remediated_at");
  if (text_of(row, "remediation_status") != "completed" || !at) return;
  const auto activity = iri + "#remediation";
  out.at(at);
  out.type(activity, "prov:Activity"), out.type(activity, "chitty:Remediation");
  out.link(activity, "prov:wasInformedBy", iri);
  out.time(activity, "prov:endedAtTime", at);
  out.said(activity, "chitty:details", told(row, "remediation_details"));
}

}  // namespace

void convert_attestation(Value row, const std::string& iri, Writer& out) {
  const auto type = told(row, "attestation_type");
  const auto activity = iri + "#attesting";
  out.at(told(row, "id"));
  out.type(iri, "prov:Entity"), out.type(iri, "chitty:Attestation");
  const auto subject = say_identity(told(row, "chitty_id"), out);
  out.link(iri, "chitty:about", subject);
  for (const auto& [column, name] : {std::pair("domain", "chitty:domain"),
                                     {"subdomain", "chitty:subdomain"},
                                     {"skill_level", "chitty:skillLevel"},
                                     {"proficiency_score", "chitty:proficiency"},
                                     {"evidence_count", "chitty:evidenceCount"},
                                     {"attestation_type", "chitty:attestationType"},
                                     {"content_hash", "chitty:contentHash"},
                                     {"record_hash", "chitty:recordHash"}})
    out.said(iri, name, told(row, column));
  out.time(iri, "prov:generatedAtTime", told(row, "granted_at"));
  out.time(iri, "chitty:validUntil", told(row, "expires_at"));
  out.at(type);
  out.link(iri, "prov:wasGeneratedBy", activity);
  out.type(activity, "prov:Activity");
  for (const auto& one : k_attested) {
    if (one.type == type.text()) out.type(activity, one.is);
  }
  out.time(activity, "prov:endedAtTime", told(row, "granted_at"));
  auto attester = say_identity(told(row, "attester_id"), out);
  if (attester.empty() && type.text() == "self_declared") attester = subject;
  if (!attester.empty()) {
    const auto plan = told(row, "evidence_summary").find("algorithm");
    const auto plan_iri = plan.is(Kind::string) ? name_of("algorithm", plan.text()) : std::string{};
    out.at(type);
    if (!plan_iri.empty()) out.type(plan_iri, "prov:Plan");
    out.link(iri, "prov:wasAttributedTo", attester);
    out.association(activity, "attester", attester, plan_iri);
  }
  say_evidence(row, iri, activity, out);
  say_beacon(row, "drand_", activity, out);
  say_revocation(row, iri, out);
}

void convert_accountability(Value row, const std::string& iri, Writer& out) {
  const auto category = told(row, "action_category");
  out.at(category);
  out.type(iri, "prov:Activity"), out.type(iri, "chitty:Action");
  out.type(iri, "chitty:" + capital(category.text()));
  out.time(iri, "prov:endedAtTime", told(row, "action_at"));
  for (const auto& [column, name] : {std::pair("action_category", "chitty:actionCategory"),
                                     {"action_type", "chitty:actionType"},
                                     {"consequence_status", "chitty:consequence"},
                                     {"harm_severity", "chitty:harmSeverity"},
                                     {"subject_seq", "chitty:subjectSequence"},
                                     {"content_hash", "chitty:contentHash"},
                                     {"record_hash", "chitty:recordHash"}})
    out.said(iri, name, told(row, column));
  say_people(row, iri, out);
  say_target(row, iri, out);
  if (const auto experience = told(row, "provenance_id")) {
    out.at(experience);
    out.link(iri, "prov:wasInfluencedBy", name_of("provenance", lower_ascii(experience.text())));
  }
  say_beacon(row, "drand_", iri, out);
  say_remediation(row, iri, out);
  say_seal(row, iri, out);
}

}  // namespace provgate::experience
