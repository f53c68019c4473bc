// SPDX-License-Identifier: Apache-2.0
// What is on record about somebody, counted.
#include "base/digest.hpp"
#include "base/json_write.hpp"
#include "provgate/systems/experience/experience_store.hpp"
#include "systems/experience/store/counts.hpp"
#include "systems/experience/store/filling.hpp"
#include "text/canonical.hpp"

namespace provgate::experience {
namespace {

Json rate(std::uint64_t part, std::uint64_t of) {
  return of ? Json::raw(ecmascript_number(static_cast<double>(part) / static_cast<double>(of))) : Json();
}

Json by_domain(const Experienced& of) {
  auto out = Json::object();
  for (const auto& [name, success] : of.domains) out.set(name, success.total);
  return out;
}

Json time_or_null(std::optional<std::int64_t> at) { return at ? Json(format_utc(*at)) : Json(); }

Json attested(const std::vector<KeptRow>& rows, std::int64_t now_micros) {
  auto out = Json::array();
  for (const auto* row : active_attestations(rows, now_micros)) {
    const auto text = [&](std::string_view column) {
      const auto value = told(row->value, column);
      return value ? Json(value.text()) : Json();
    };
    const auto score = told(row->value, "proficiency_score"), count = told(row->value, "evidence_count");
    const auto updated = told(row->value, "updated_at");
    out.push(Json::object()
                 .set("domain", text("domain"))
                 .set("subdomain", text("subdomain"))
                 .set("level", text("skill_level"))
                 .set("proficiency", score ? Json::raw(ecmascript_number(nearest_double(score.text()))) : Json())
                 .set("evidenceCount", count ? Json::raw(std::string(count.text())) : Json(0))
                 .set("lastUpdated", updated ? text("updated_at") : text("granted_at")));
  }
  return out;
}

// Errors: Code::nothing where nobody is known by that id.
Result<void> must_know(const KeptRecords& kept, const std::string& chitty_id) {
  for (const auto& table : tables()) {
    TRY(const auto one, kept.last(by_subject(table, chitty_id)));
    if (one) return {};
  }
  return fail(Code::nothing, "no record is about " + quote(chitty_id));
}

}  // namespace

Result<std::string> ExperienceStore::summary(const std::string& chitty_id) {
  TRY(const auto kept, keeper_->look());
  CHECKED(must_know(*kept, chitty_id));
  TRY(const auto rows, newest_of(*kept, experiences(), chitty_id));
  const Experienced of(rows);
  return Json::object()
      .set("chittyId", chitty_id)
      .set("total", of.total)
      .set("successRate", rate(of.successes, of.known))
      .set("verificationRate", rate(of.verified, of.total))
      .set("byDomain", by_domain(of))
      .set("outcomeKnown", of.known)
      .set("successful", of.successes)
      .set("verified", of.verified)
      .set("disputed", of.disputed)
      .set("invalidated", of.invalidated)
      .set("sessions", static_cast<std::uint64_t>(of.sessions.size()))
      .set("first", time_or_null(of.first))
      .set("last", time_or_null(of.last))
      .pretty();
}

Result<std::string> ExperienceStore::metrics(const std::string& chitty_id) {
  TRY(const auto kept, keeper_->look());
  CHECKED(must_know(*kept, chitty_id));
  TRY(const auto rows, newest_of(*kept, actions(), chitty_id));
  const Answered of(rows);
  return Json::object()
      .set("chittyId", chitty_id)
      .set("total", of.total)
      .set("successRate", rate(of.successes, of.known))
      .set("harmCount", of.harm)
      .set("remediationRate", rate(of.completed, of.required))
      .set("outcomeKnown", of.known)
      .set("remediationRequired", of.required)
      .set("remediated", of.completed)
      .set("sealed", of.sealed)
      .pretty();
}

Result<std::string> ExperienceStore::profile(const std::string& chitty_id, std::int64_t now_micros) {
  TRY(const auto kept, keeper_->look());
  CHECKED(must_know(*kept, chitty_id));
  TRY(const auto experienced, newest_of(*kept, experiences(), chitty_id));
  TRY(const auto done, newest_of(*kept, actions(), chitty_id));
  TRY(const auto attestations_of, newest_of(*kept, attestations(), chitty_id));
  const Experienced experience(experienced);
  const Answered answered(done);
  auto out = Json::object();
  out.set("chittyId", chitty_id).set("expertise", attested(attestations_of, now_micros));
  out.set("experience", Json::object()
                            .set("totalInteractions", experience.total)
                            .set("successRate", rate(experience.successes, experience.known))
                            .set("verificationRate", rate(experience.verified, experience.total))
                            .set("domainDistribution", by_domain(experience)));
  out.set("accountability", Json::object()
                                .set("totalActions", answered.total)
                                .set("successRate", rate(answered.successes, answered.known))
                                .set("harmIncidents", answered.harm)
                                .set("remediationRate", rate(answered.completed, answered.required)));
  TRY(const auto document, read_json("profile", out.compact()));
  TRY(const auto text, canonical(document.root()));
  out.set("generatedAt", format_utc(now_micros));
  out.set("contentHash", sha256_hex("provgate-record-1:dna_profile\n" + text).text);
  return out.pretty();
}

Result<ExperienceStore::Synced> ExperienceStore::sync(const std::string& chitty_id, const std::string& url,
                                                      const Send& send, const Occasion& on) {
  TRY(const auto document, profile(chitty_id, on.now_micros));
  TRY(const auto read, read_json("profile", document));
  const std::string hash(text_of(read.root(), "contentHash"));
  Synced out;
  {
    TRY(const auto kept, keeper_->look());
    TRY(const auto before, newest_of(*kept, syncs(), chitty_id));
    // What was handed on last, to there.
    for (const auto& row : before) {
      if (text_of(row.value, "url") == url) out.already = text_of(row.value, "profile_hash") == hash;
    }
  }
  if (out.already) return out;
  TRY(const auto reply, send(document, hash));
  constexpr long k_first_good = 200, k_first_bad = 300;
  if (reply.status < k_first_good || reply.status >= k_first_bad)
    return fail(Code::world, url + " answered with " + std::to_string(reply.status),
                "the profile stays due: run it again");
  Members row;
  row.set_text("chitty_id", chitty_id), row.set_text("profile_hash", hash), row.set_text("url", url);
  row.set("status", std::to_string(reply.status));
  row.set_text("answer_hash", sha256_hex(reply.body).text);
  TRY(out.kept, keep([&](Filling& to) { return to.row(syncs(), row, on, "profile", {}); }));
  return out;
}

}  // namespace provgate::experience
