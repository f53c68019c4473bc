// SPDX-License-Identifier: Apache-2.0
// Whether a round of a beacon was signed by its chain; the curve itself is in src/sparql/engine/src/beacon.rs.
#include "base/digest.hpp"
#include "provgate/record/beacon.hpp"
#include "record/engine.h"

namespace provgate {
namespace {

const std::uint8_t* bytes_of(const std::string& text) { return reinterpret_cast<const std::uint8_t*>(text.data()); }

bool is_hex(std::string_view text) {
  return text.size() % 2 == 0 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

// Eight bytes, the greatest first.
std::string big_endian(std::uint64_t number) {
  std::string out;
  for (int shift = 56; shift >= 0; shift -= 8) out += static_cast<char>(number >> shift);
  return out;
}

}  // namespace

CurveVerdict curve_verdict(const Beacon& beacon) {
  const auto* chain = find_beacon_chain(beacon.chain);
  if (!chain) return CurveVerdict::unknown_chain;
  std::string signed_text;
  if (chain->chained) {
    // The first round signs the hash of the group.
    const auto before = beacon.round == 1 ? std::string(chain->group_hash) : lower_ascii(beacon.previous);
    if (before.empty()) return CurveVerdict::needs_previous;
    if (!is_hex(before)) return CurveVerdict::fails;
    signed_text = from_hex(before);
  }
  const auto digest = sha256(signed_text + big_endian(beacon.round));
  const std::string message(digest.begin(), digest.end());
  const auto digits = lower_ascii(beacon.signature);
  if (!is_hex(digits)) return CurveVerdict::fails;
  const auto key = from_hex(chain->public_key), signature = from_hex(digits);
  const bool holds = provgate_beacon_holds(bytes_of(key), key.size(), bytes_of(message), message.size(),
                                           bytes_of(signature), signature.size()) == 1;
  return holds ? CurveVerdict::holds : CurveVerdict::fails;
}

CurveVerdict BeaconChecks::verdict(const Beacon& beacon) {
  const auto key =
      lower_ascii(beacon.chain + ":" + std::to_string(beacon.round) + ":" + beacon.signature + ":" + beacon.previous);
  {
    const std::lock_guard hold(lock_);
    if (const auto found = known_.find(key); found != known_.end()) return found->second;
  }
  const auto out = curve_verdict(beacon);
  const std::lock_guard hold(lock_);
  return known_.try_emplace(key, out).first->second;
}

std::size_t BeaconChecks::size() const {
  const std::lock_guard hold(lock_);
  return known_.size();
}

}  // namespace provgate
