// SPDX-License-Identifier: Apache-2.0
#include "systems/experience/convert/convert.hpp"

#include <charconv>

#include "provgate/record/beacon.hpp"
#include "record/percent.hpp"

namespace provgate::experience {
namespace {

// "entity_discovery" -> "chitty:EntityDiscovery"
std::string class_of(std::string_view value) {
  std::string out = "chitty:";
  bool capital = true;
  for (const char c : value) {
    if (c == '_') {
      capital = true;
      continue;
    }
    out += capital && c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    capital = false;
  }
  return out;
}

// An activity that came later: of that kind, at that time.
std::string later(const std::string& iri, std::string_view what, Value at) {
  return iri + "#" + std::string(what) + (at ? "-" + percent_encoded(at.text()) : "");
}

void say_verification(Value row, const std::string& iri, Writer& out) {
  const auto status = told(row, "verification_status");
  if (!status || status.text() == "pending") return;
  const auto when = told(row, "verified_at");
  const auto activity = later(iri, status.text(), when);
  out.at(status);
  out.type(activity, "prov:Activity");
  out.type(activity, status.text() == "disputed"      ? "chitty:Dispute"
                     : status.text() == "invalidated" ? "chitty:Invalidation"
                                                      : "chitty:Verification");
  out.said(activity, "chitty:verificationStatus", status);
  out.link(activity, "prov:used", iri);
  out.time(activity, "prov:endedAtTime", when);
  out.said(activity, "chitty:details", told(row, "dispute_details"));
  if (const auto by = say_identity(told(row, "verified_by"), out); !by.empty())
    out.association(activity, "verifier", by);
  if (status.text() != "invalidated") return;
  out.at(status);
  out.link(iri, "prov:wasInvalidatedBy", activity);
  out.time(iri, "prov:invalidatedAtTime", when);
}

void say_activity(Value row, const std::string& iri, const std::string& who, Writer& out) {
  const auto activity = iri + "#activity", type = std::string(text_of(row, "experience_type"));
  out.at(told(row, "experience_type"));
  out.link(iri, "prov:wasGeneratedBy", activity);
  out.type(activity, "prov:Activity"), out.type(activity, class_of(type));
  out.time(activity, "prov:endedAtTime", told(row, "experienced_at"));
  out.said(activity, "chitty:actionId", told(row, "source_action_id"));
  out.at(told(row, "chitty_id"));
  out.association(activity, "experiencer", who);
  const auto platform = told(row, "source_platform");
  const auto agent = name_of("platform", platform.text());
  out.at(platform);
  out.type(agent, "prov:SoftwareAgent");
  out.text(agent, "chitty:platform", platform.text());
  out.association(activity, "platform", agent);
  if (const auto session = told(row, "source_session_id")) {
    const auto name = name_of("session", session.text());
    out.at(session);
    out.type(name, "prov:Activity"), out.type(name, "chitty:Session");
    out.text(name, "chitty:sessionId", session.text());
    out.link(activity, "dcterms:isPartOf", name);
  }
  say_beacon(row, "drand_", activity, out);
}

void convert_experience(Value row, const std::string& iri, Writer& out) {
  out.at(told(row, "id"));
  out.type(iri, "prov:Entity"), out.type(iri, "chitty:Experience");
  const auto who = say_identity(told(row, "chitty_id"), out);
  out.link(iri, "prov:wasAttributedTo", who);
  out.time(iri, "prov:generatedAtTime", told(row, "experienced_at"));
  if (const auto parent = told(row, "parent_provenance_id")) {
    out.at(parent);
    out.link(iri, "prov:wasDerivedFrom", name_of("provenance", lower_ascii(parent.text())));
  }
  for (const auto& [column, name] : {std::pair("experience_type", "chitty:experienceType"),
                                     {"domain", "chitty:domain"},
                                     {"subdomain", "chitty:subdomain"},
                                     {"experience_summary", "chitty:summary"},
                                     {"complexity_score", "chitty:complexity"},
                                     {"success_indicator", "chitty:success"},
                                     {"confidence_level", "chitty:confidence"},
                                     {"chain_depth", "chitty:chainDepth"},
                                     {"content_hash", "chitty:contentHash"},
                                     {"record_hash", "chitty:recordHash"}})
    out.said(iri, name, told(row, column));
  say_activity(row, iri, who, out);
  say_verification(row, iri, out);
}

// A profile that was handed on: what was sent, to whom.
void convert_sync(Value row, const std::string& iri, Writer& out) {
  const auto who = say_identity(told(row, "chitty_id"), out);
  const auto profile = name_of("profile", text_of(row, "chitty_id")) + ":" + lower_ascii(text_of(row, "profile_hash"));
  out.at(told(row, "id"));
  out.type(iri, "prov:Activity"), out.type(iri, "chitty:Synchronisation");
  out.link(iri, "prov:used", profile);
  out.time(iri, "prov:endedAtTime", told(row, "synced_at"));
  out.said(iri, "chitty:url", told(row, "url"));
  out.said(iri, "chitty:status", told(row, "status"));
  out.at(told(row, "profile_hash"));
  out.type(profile, "prov:Entity"), out.type(profile, "chitty:Profile");
  out.said(profile, "chitty:profileHash", told(row, "profile_hash"));
  out.link(profile, "chitty:about", who);
}

}  // namespace

std::string say_identity(Value id, Writer& out) {
  if (!id.is(Kind::string) || id.text().empty()) return {};
  const auto iri = identity_iri(id.text());
  out.at(id);
  // A person may be one or a program that has an identity of its own: an agent, in either case.
  const char type = type_of(id.text());
  out.type(iri, "prov:Agent");
  if (type == 'A') out.type(iri, "prov:Organization");
  out.text(iri, "chitty:chittyId", id.text());
  return iri;
}

void say_beacon(Value row, std::string_view prefix, const std::string& activity, Writer& out) {
  const auto part = [&](std::string_view name) { return told(row, std::string(prefix).append(name)); };
  const auto round = part("round"), chain = part("chain");
  if (!round) return;
  if (!chain) return out.said(activity, "chitty:beaconRound", round);
  const auto iri = beacon_iri(chain.text(), round.text());
  out.at(round);
  out.link(activity, "prov:used", iri);
  out.type(iri, "prov:Entity"), out.type(iri, "chitty:BeaconRound");
  out.typed(iri, "chitty:round", round.text(), "integer");
  out.text(iri, "chitty:chain", lower_ascii(chain.text()));
  out.said(iri, "chitty:randomness", part("randomness"));
  const auto* known = find_beacon_chain(chain.text());
  std::uint64_t number = 0;
  const auto digits = round.text();
  std::from_chars(digits.data(), digits.data() + digits.size(), number);
  constexpr std::uint64_t k_most_rounds = 1ULL << 33;
  if (!known || number == 0 || number > k_most_rounds) return;
  out.at(round);
  out.typed(iri, "prov:generatedAtTime", format_utc(known->time_of(number)), "dateTime");
  const auto league = out.term("chitty:LeagueOfEntropy");
  out.link(iri, "prov:wasAttributedTo", league);
  out.type(league, "prov:Agent"), out.type(league, "prov:Organization");
}

void convert_record(Value row, const Told& record, Writer& out) {
  const auto iri = record_iri(*record.table, record.id);
  if (record.is("experience_provenance")) convert_experience(row, iri, out);
  if (record.is("expertise_attestations")) convert_attestation(row, iri, out);
  if (record.is("accountability_records")) convert_accountability(row, iri, out);
  if (record.is("profile_syncs")) convert_sync(row, iri, out);
}

}  // namespace provgate::experience
