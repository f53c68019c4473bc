// SPDX-License-Identifier: Apache-2.0
#include "systems/experience/seal.hpp"

#include "base/digest.hpp"
#include "base/json_write.hpp"
#include "provgate/record/beacon.hpp"
#include "systems/experience/hash.hpp"
#include "systems/experience/record.hpp"

namespace provgate::experience {
namespace {

// As toISOString writes it.
std::string iso_text(std::int64_t micros) {
  constexpr std::int64_t k_milli = 1000, k_second = 1'000'000;
  const auto millis = micros / k_milli % k_milli;
  auto out = format_utc(micros - micros % k_second);
  out.pop_back();
  const auto digits = std::to_string(k_milli + millis);
  return out + "." + digits.substr(1) + "Z";
}

}  // namespace

std::string seal_hash(const std::string& record_hash, Value record) {
  auto said = Json::object();
  said.set("record_hash", record_hash).set("sealed_at", text_of(record, "sealed_at"));
  for (const auto* column : {"seal_drand_chain", "seal_drand_randomness", "seal_drand_signature"}) {
    if (const auto value = told(record, column)) said.set(column, lower_ascii(value.text()));
  }
  if (const auto round = told(record, "seal_drand_round"))
    said.set("seal_drand_round", Json::raw(std::string(round.text())));
  return sha256_hex("provgate-seal-1:accountability_records\n" + said.canonical()).text;
}

bool seed_seal_holds(Value record) {
  const auto at = micros_of(record, "sealed_at");
  const auto wanted = lower_ascii(text_of(record, "seal_hash"));
  if (!at || wanted.empty()) return false;
  // The record as it was, and behind it the round.
  auto before = Json::object();
  record.each([&](Value member) {
    const auto name = member.key();
    if (name == "table" || name == "record_hash" || name == "seal_alg" || name.starts_with("seal_drand_")) return;
    auto value = Json::raw(stringified(member));
    if (name == "is_sealed") value = Json(false);
    if (name == "sealed_at") value = Json(iso_text(*at));
    if (name == "seal_hash") value = Json();
    before.set(std::string(name), std::move(value));
  });
  const auto& chain = beacon_chains().front();
  const auto newest = chain.round_at(*at);
  for (auto round = newest > 1 ? newest - 1 : newest; round <= newest + 1; ++round) {
    auto sealed = before;
    sealed.set("sealed_with_drand_round", round);
    if (sha256_hex(sealed.compact()).text == wanted) return true;
  }
  return false;
}

}  // namespace provgate::experience
