// SPDX-License-Identifier: Apache-2.0
#include "systems/experience/store/counts.hpp"

#include <algorithm>
#include <tuple>

namespace provgate::experience {
namespace {

void count(Success& to, std::optional<bool> success) {
  ++to.total, to.known += success.has_value(), to.successes += success == true;
}

}  // namespace

Experienced::Experienced(const std::vector<KeptRow>& rows) {
  constexpr std::size_t k_month = 7;
  for (const auto& row : rows) {
    const auto success = told(row.value, "success_indicator").as_bool();
    const auto at = row.told.link.micros;
    count(*this, success);
    count(months[format_utc(at).substr(0, k_month)], success);
    if (const auto domain = told(row.value, "domain")) count(domains[std::string(domain.text())], success);
    const auto status = text_of(row.value, "verification_status");
    verified += status == "verified", disputed += status == "disputed", invalidated += status == "invalidated";
    if (const auto session = told(row.value, "source_session_id")) sessions.emplace(session.text());
    first = std::min(first.value_or(at), at), last = std::max(last.value_or(at), at);
  }
}

Answered::Answered(const std::vector<KeptRow>& rows) {
  for (const auto& row : rows) {
    const auto status = text_of(row.value, "consequence_status");
    count(*this, status == "pending" ? std::nullopt : std::optional(status == "success"));
    harm += status == "harm";
    const bool needed = told(row.value, "remediation_required").as_bool().value_or(false);
    required += needed, completed += needed && text_of(row.value, "remediation_status") == "completed";
    sealed += row.told.state.sealed;
  }
}

std::vector<const KeptRow*> active_attestations(const std::vector<KeptRow>& rows, std::int64_t now_micros) {
  std::vector<const KeptRow*> out;
  for (const auto& row : rows) {
    const auto expires = micros_of(row.value, "expires_at");
    if (!row.told.state.revoked && (!expires || *expires > now_micros)) out.push_back(&row);
  }
  std::ranges::sort(out, {}, [](const KeptRow* row) {
    return std::tuple(text_of(row->value, "domain"), text_of(row->value, "subdomain"), row->told.id);
  });
  return out;
}

}  // namespace provgate::experience
