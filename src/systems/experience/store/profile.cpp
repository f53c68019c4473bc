// SPDX-License-Identifier: Apache-2.0
// What is on record about somebody, counted.
#include <algorithm>
#include <map>
#include <set>

#include "base/digest.hpp"
#include "base/json_write.hpp"
#include "provgate/systems/experience/experience_store.hpp"
#include "systems/experience/store/filling.hpp"
#include "text/canonical.hpp"

namespace provgate::experience {
namespace {

Json rate(std::uint64_t part, std::uint64_t of) {
  return of ? Json::raw(ecmascript_number(static_cast<double>(part) / static_cast<double>(of))) : Json();
}

struct Experienced {
  std::uint64_t total = 0, known = 0, successes = 0, verified = 0, disputed = 0, invalidated = 0;
  std::map<std::string, std::uint64_t> domains;
  std::set<std::string> sessions;
  std::optional<std::int64_t> first, last;

  explicit Experienced(const std::vector<KeptRow>& rows) {
    for (const auto& row : rows) {
      ++total;
      const auto success = told(row.value, "success_indicator").as_bool();
      known += success.has_value(), successes += success == true;
      const auto status = text_of(row.value, "verification_status");
      verified += status == "verified", disputed += status == "disputed", invalidated += status == "invalidated";
      if (const auto domain = told(row.value, "domain")) ++domains[std::string(domain.text())];
      if (const auto session = told(row.value, "source_session_id")) sessions.emplace(session.text());
      const auto at = row.told.link.micros;
      first = std::min(first.value_or(at), at), last = std::max(last.value_or(at), at);
    }
  }
  Json by_domain() const {
    auto out = Json::object();
    for (const auto& [name, count] : domains) out.set(name, count);
    return out;
  }
};

struct Answered {
  std::uint64_t total = 0, known = 0, successes = 0, harm = 0, required = 0, completed = 0, sealed = 0;

  explicit Answered(const std::vector<KeptRow>& rows) {
    for (const auto& row : rows) {
      ++total;
      const auto status = text_of(row.value, "consequence_status");
      known += status != "pending", successes += status == "success", harm += status == "harm";
      const bool needed = told(row.value, "remediation_required").as_bool().value_or(false);
      required += needed, completed += needed && text_of(row.value, "remediation_status") == "completed";
      sealed += row.told.state.sealed;
    }
  }
};

Json time_or_null(std::optional<std::int64_t> at) { return at ? Json(format_utc(*at)) : Json(); }

Json attested(const std::vector<KeptRow>& rows, std::int64_t now_micros) {
  std::vector<const KeptRow*> active;
  for (const auto& row : rows) {
    const auto expires = micros_of(row.value, "expires_at");
    if (!row.told.state.revoked && (!expires || *expires > now_micros)) active.push_back(&row);
  }
  std::ranges::sort(active, {}, [](const KeptRow* row) {
    return std::tuple(text_of(row->value, "domain"), text_of(row->value, "subdomain"), row->told.id);
  });
  auto out = Json::array();
  for (const auto* row : active) {
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

}  // namespace

Result<std::string> ExperienceStore::summary(const std::string& chitty_id) {
  TRY(const auto kept, keeper_->look());
  TRY(const auto rows, newest_of(*kept, experiences(), chitty_id));
  const Experienced of(rows);
  return Json::object()
      .set("chittyId", chitty_id)
      .set("total", of.total)
      .set("successRate", rate(of.successes, of.known))
      .set("verificationRate", rate(of.verified, of.total))
      .set("byDomain", of.by_domain())
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
                            .set("domainDistribution", experience.by_domain()));
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

}  // namespace provgate::experience
