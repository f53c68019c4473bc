// SPDX-License-Identifier: Apache-2.0
#include "systems/events/store/index.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <utility>

namespace provgate::events {
namespace {

constexpr std::string_view k_logical = "lamport:";
constexpr std::size_t k_order_bytes = 10;
// Instants lie around the middle of the first quarter; behind them clocks, and behind those what is neither.
constexpr std::uint64_t k_epoch = 1ULL << 62, k_clocks = 1ULL << 63;

std::string tenant_part(const Tenant& tenant) { return tenant ? "+" + *tenant : "-"; }

std::string order_bytes(std::uint64_t high, std::uint16_t low) {
  std::string out;
  out.reserve(k_order_bytes);
  for (int shift = 56; shift >= 0; shift -= 8) out += static_cast<char>(high >> shift);
  out += static_cast<char>(low >> 8), out += static_cast<char>(low & 0xFF);
  return out;
}

// What microseconds leave out, in nanoseconds.
std::uint16_t nanoseconds(std::string_view time) {
  constexpr std::size_t k_micro_digits = 6, k_nano_digits = 9;
  const auto point = time.find('.');
  if (point == std::string_view::npos) return 0;
  auto digits = time.substr(point + 1);
  digits = digits.substr(0, digits.find_first_not_of("0123456789"));
  std::uint16_t out = 0;
  for (auto i = k_micro_digits; i < k_nano_digits; ++i)
    out = static_cast<std::uint16_t>(out * 10 + (i < digits.size() ? digits[i] - '0' : 0));
  return out;
}

constexpr std::pair<std::string_view, std::string_view> k_things[] = {
    {"proposal", "ep"}, {"fact", "ef"}, {"trace", "er"}, {"policy", "es"}, {"gate", "eg"}, {"artifact", "ea"}};

std::string_view tag_of(std::string_view thing) {
  return std::ranges::find(k_things, thing, &std::pair<std::string_view, std::string_view>::first)->second;
}

}  // namespace

std::string by_id(const Tenant& tenant, std::string_view id) { return index_name("ei", {tenant_part(tenant), id}); }
std::string ends_by_id(std::string_view id) { return index_name("", {id}); }
std::string any_id() { return index_name("ei", {}); }
std::string by_kind(std::uint8_t kind) {
  const char byte = static_cast<char>('A' + kind);
  return index_name("ek", {std::string_view(&byte, 1)});
}
std::string by_kind(std::uint8_t kind, const Tenant& tenant) {
  const char byte = static_cast<char>('A' + kind);
  return index_name("et", {tenant_part(tenant), std::string_view(&byte, 1)});
}
std::string by_correlation(std::string_view id, const Tenant& tenant) {
  return index_name("ec", {id, tenant_part(tenant)});
}
std::string by_chain(std::string_view id, const Tenant& tenant) { return index_name("eh", {id, tenant_part(tenant)}); }
std::string by_correlation(std::string_view id) { return index_name("ec", {id}); }
std::string by_chain(std::string_view id) { return index_name("eh", {id}); }
std::string by_thing(std::string_view thing, const Tenant& tenant, std::string_view id) {
  return index_name(tag_of(thing), {tenant_part(tenant), id});
}
std::string by_any_of(std::string_view thing) { return index_name(tag_of(thing), {}); }
std::string by_any_artifact() { return index_name("eA", {}); }

std::string order_of(std::string_view time) {
  if (is_logical_time(time)) {
    std::uint64_t number = 0;
    const auto digits = time.substr(k_logical.size());
    const auto [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    // Half of it, and what that leaves over.
    if (failed == std::errc()) return order_bytes(k_clocks | number >> 1, number & 1);
  }
  if (const auto instant = instant_of(time))
    return order_bytes(k_epoch + static_cast<std::uint64_t>(instant->micros), nanoseconds(time));
  return order_bytes(std::numeric_limits<std::uint64_t>::max(), std::numeric_limits<std::uint16_t>::max());
}

std::string_view order_behind_instants() {
  static const std::string k_first = order_bytes(k_clocks, 0);
  return k_first;
}

IndexRows rows_of(const Judged& judged) {
  const auto& event = judged.event;
  const auto envelope = judged.envelope;
  IndexRows out;
  const std::string order = order_of(envelope.find("occurred_at").text());
  const std::string kind(1, static_cast<char>(event.kind));
  out.add(by_id(event.tenant, event.id));
  out.add(by_kind(event.kind) + order, kind);
  out.add(by_kind(event.kind, event.tenant) + order, kind);
  if (const auto id = envelope.find("correlation_id"); id.is(Kind::string))
    out.add(by_correlation(id.text(), event.tenant) + order, kind);
  if (const auto id = data_of(envelope).find("chain_id"); id.is(Kind::string))
    out.add(by_chain(id.text(), event.tenant) + order, kind);
  for (const auto& one : judged.mentions) {
    const auto thing = thing_of(one.what);
    if (thing.empty()) continue;
    const auto name = by_thing(thing, event.tenant, one.what == Mention::What::policy ? lower_ascii(one.id) : one.id);
    if (out.has(name)) continue;
    out.add(name, std::string(1, static_cast<char>(one.what)) + one.detail);
    if (one.what == Mention::What::transition) out.add(by_any_artifact());
  }
  return out;
}

std::uint8_t kind_said(std::string_view says) {
  return says.empty() ? Event::k_no_kind : static_cast<std::uint8_t>(says.front());
}

Mention mention_said(std::string_view says, std::string_view id) {
  Mention out{};
  if (says.empty()) return out;
  out.what = static_cast<Mention::What>(says.front());
  out.id = id, out.detail = says.substr(1);
  return out;
}

}  // namespace provgate::events
