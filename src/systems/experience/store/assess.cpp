// SPDX-License-Identifier: Apache-2.0
// Assessments: what somebody experienced in a domain, counted; what follows is an attestation that can be recomputed.
#include "base/json_write.hpp"
#include "provgate/systems/experience/experience_store.hpp"
#include "systems/experience/proficiency.hpp"
#include "systems/experience/store/filling.hpp"
#include "text/canonical.hpp"

namespace provgate::experience {
namespace {

Json number(double value) { return Json::raw(ecmascript_number(value)); }
Json points(Score score) {
  constexpr double k_cents = 100;
  return number(score.cents / k_cents);
}

Evidence evidence_of(const KeptRow& row) {
  Evidence out;
  if (const auto success = told(row.value, "success_indicator")) out.success = success.as_bool();
  if (const auto complexity = told(row.value, "complexity_score"))
    out.complexity = static_cast<int>(complexity.as_int().value_or(0));
  const auto status = text_of(row.value, "verification_status");
  out.verified = status == "verified", out.invalidated = status == "invalidated";
  out.micros = row.told.link.micros;
  return out;
}

// Everything that the scores are made of, so that anybody can make them again.
struct Counted {
  std::vector<Evidence> all;
  std::uint64_t successes = 0, failures = 0, complexity = 0, complexities = 0, verified = 0, invalidated = 0,
                recent = 0;
  Json records = Json::array();
};

Counted counted(const std::vector<KeptRow>& rows, const Assessing& wanted, std::int64_t now_micros) {
  constexpr std::int64_t k_recent_micros = 90LL * 24 * 3600 * 1'000'000;
  Counted out;
  for (const auto& row : rows) {
    if (text_of(row.value, "domain") != wanted.domain) continue;
    if (!wanted.subdomain.empty() && text_of(row.value, "subdomain") != wanted.subdomain) continue;
    const auto one = evidence_of(row);
    out.successes += one.success == true, out.failures += one.success == false;
    if (one.complexity) out.complexity += static_cast<std::uint64_t>(*one.complexity), ++out.complexities;
    out.verified += one.verified, out.invalidated += one.invalidated;
    out.recent += one.micros <= now_micros && one.micros >= now_micros - k_recent_micros;
    out.records.push(Json::object().set("id", row.told.id).set("record_hash", hash_text(row.told.link.record)));
    out.all.push_back(one);
  }
  return out;
}

std::string summary_of(const Counted& of, Score seed, Score sound, std::int64_t now_micros) {
  const auto all = static_cast<double>(of.all.size());
  auto out = Json::object();
  out.set("algorithm", "sound-v1");
  out.set("successful_tasks", of.successes).set("failed_tasks", of.failures);
  out.set("avg_complexity",
          of.complexities ? number(static_cast<double>(of.complexity) / static_cast<double>(of.complexities)) : Json());
  out.set("verification_rate", number(static_cast<double>(of.verified) / all)).set("recent_activity", of.recent);
  out.set("inputs", Json::object()
                        .set("total", static_cast<std::uint64_t>(of.all.size()))
                        .set("complexity_sum", of.complexity)
                        .set("complexity_known", of.complexities)
                        .set("verified", of.verified)
                        .set("invalidated", of.invalidated)
                        .set("now", format_utc(now_micros)));
  out.set("scores", Json::object().set("seed-v1", points(seed)).set("sound-v1", points(sound)));
  out.set("records", of.records);
  return out.compact();
}

}  // namespace

Result<Added> ExperienceStore::assess(const Assessing& wanted, const Occasion& on) {
  return keep([&](Filling& to) -> Result<void> {
    TRY(const auto rows, to.all_of(experiences(), wanted.chitty_id));
    const auto of = counted(rows, wanted, on.now_micros);
    const auto seed = seed_score(of.all, on.now_micros);
    const auto sound = sound_score(of.all, on.now_micros);
    if (!seed)
      return fail(Code::nothing, "no experience of " + quote(wanted.chitty_id) + " in " + quote(wanted.domain) +
                                     (wanted.subdomain.empty() ? "" : ", " + quote(wanted.subdomain)));
    const auto score = sound.value_or(Score{});
    Members row;
    row.set_text("chitty_id", wanted.chitty_id), row.set_text("domain", wanted.domain);
    if (!wanted.subdomain.empty()) row.set_text("subdomain", wanted.subdomain);
    row.set_text("skill_level", level_of(score)), row.set("proficiency_score", points(score).compact());
    row.set("evidence_count", std::to_string(of.all.size()));
    row.set("evidence_summary", summary_of(of, *seed, score, on.now_micros));
    row.set_text("attestation_type", "system_observed");
    if (!wanted.attester.empty()) row.set_text("attester_id", wanted.attester);
    return to.row(attestations(), row, on, "assessment", {});
  });
}

}  // namespace provgate::experience
