// SPDX-License-Identifier: Apache-2.0
// EVT-013 to EVT-016: what the original store demands of an envelope, and its time.
#include <algorithm>

#include "systems/events/rules/content.hpp"

namespace provgate::events {
namespace {

constexpr std::size_t k_most_id = 256, k_most_time = 64;
constexpr std::string_view k_logical = "lamport:";
constexpr std::string_view k_stand_in = "1970-01-01T00:00:00Z";

bool is_id(std::string_view text) {
  return !text.empty() && text.size() <= k_most_id && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
           c == '-';
  });
}

}  // namespace

bool is_logical_time(std::string_view time) {
  return time.starts_with(k_logical) && is_digits(time.substr(k_logical.size()));
}

std::optional<Timestamp> instant_of(std::string_view time) {
  auto out = parse_datetime(time);
  if (out && (!out->has_zone || time == k_stand_in)) out.reset();
  return out;
}

void judge_envelope(const Says& says, Value envelope, bool any_ids) {
  for (const auto* name : {"event_id", "tenant_id", "correlation_id"}) {
    const auto id = envelope.find(name);
    // Without an id an event has no name, whatever the store.
    const bool nameless = std::string_view(name) == "event_id" && id.text().empty();
    if ((any_ids && !nameless) || !id.is(Kind::string) || is_id(id.text())) continue;
    says("EVT-013", id, quote(id.text()) + " is not an id of the store",
         {name, std::string(id.text()), "1 to 256 letters, digits, '.', '_' or '-'"});
  }
  const auto at = envelope.find("occurred_at");
  const auto time = at.text();
  if (time.empty() || time.size() > k_most_time)
    return says("EVT-014", at, "occurred_at has " + plural(time.size(), "byte"),
                {"occurred_at", std::string(time), "1 to 64 bytes"});
  if (is_logical_time(time) || time == k_stand_in)
    return says("EVT-015", at, quote(time) + " is no instant: the event has no place in time", {"occurred_at", {}, {}});
  if (!instant_of(time))
    says("EVT-016", at, quote(time) + " is not an xsd:dateTime with a zone",
         {"occurred_at", std::string(time), "2026-05-06T09:00:00Z"});
}

}  // namespace provgate::events
