// SPDX-License-Identifier: Apache-2.0
#include "provgate/record/beacon.hpp"

#include <algorithm>

#include "base/digest.hpp"

namespace provgate {
namespace {

constexpr std::int64_t k_second = 1'000'000;
constexpr std::size_t k_hash_digits = 64;

constexpr BeaconChain k_chains[] = {
    {"default", "8990e7a9aaed2ffed73dbd7092123d6f289930540d7651336225dc172e51b2ce",
     "868f005eb8e6e4ca0a47c8a77ceaa5309a47978a7c71bc5cce96366b5d7a569937c529eeda66c7293784a9402801af31",
     "176f93498eac9ca337150b46d21dd58673ea4e3581185f869672e59fa4cb390a", 1595431050, 30, 96, true},
    {"quicknet", "52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971",
     "83cf0f2896adee7eb8b5f01fcad3912212c437e0073e911fb90022d3e760183c8c4b450b6a0a6c3ac6a5776a2d1064510d1fec758c921cc2"
     "2b0e17e63aaf4bcb5ed66304de9cf809bd274ca73bab4af5a6e9c76a4bc09e76eae8991ef5ece45a",
     "f477d5c89f21a17c863a7f937c6a6d15859414d2be09cd448d4279af331c5d3e", 1692803367, 3, 48, false}};

bool is_hex_digit(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }
bool is_hex(std::string_view text, std::size_t digits) {
  return text.size() == digits && std::ranges::all_of(text, is_hex_digit);
}

std::string big_endian(std::uint64_t number, int bytes) {
  std::string out;
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) out += static_cast<char>(number >> shift);
  return out;
}

// Two random UUIDs without their hyphens, and a round that is a time in seconds: what a program wrote that could not
// reach the beacon. The digits are those that a UUID of version 4 has at fixed places.
bool is_invented(const Beacon& beacon, const BeaconChain* chain) {
  constexpr std::size_t k_version[] = {12, 44}, k_variant[] = {16, 48};
  if (!beacon.signature.empty() || !is_hex(beacon.randomness, k_hash_digits)) return false;
  const auto digits = lower_ascii(beacon.randomness);
  const bool uuids = std::ranges::all_of(k_version, [&](auto at) { return digits[at] == '4'; }) &&
                     std::ranges::all_of(k_variant, [&](auto at) {
                       return std::string_view("89ab").find(digits[at]) != std::string_view::npos;
                     });
  // No chain has had so many rounds before the year 2100.
  constexpr std::uint64_t k_no_round = 1'000'000'000;
  return uuids && beacon.round >= k_no_round && (!chain || chain->period > 1);
}

}  // namespace

std::int64_t BeaconChain::time_of(std::uint64_t round) const {
  return (genesis + static_cast<std::int64_t>(round - 1) * period) * k_second;
}
std::uint64_t BeaconChain::round_at(std::int64_t micros) const {
  const auto since = micros - genesis * k_second;
  return since < 0 ? 0 : static_cast<std::uint64_t>(since / (period * k_second)) + 1;
}

std::span<const BeaconChain> beacon_chains() { return k_chains; }

const BeaconChain* find_beacon_chain(std::string_view hash) {
  const auto wanted = lower_ascii(hash);
  const auto* const found = std::ranges::find(k_chains, wanted, &BeaconChain::hash);
  return found == std::end(k_chains) ? nullptr : found;
}

std::string chain_hash_of(const BeaconChain& chain) {
  auto text = big_endian(static_cast<std::uint64_t>(chain.period), 4) +
              big_endian(static_cast<std::uint64_t>(chain.genesis), 8) + from_hex(chain.public_key) +
              from_hex(chain.group_hash);
  if (chain.name != "default") text += chain.name;
  return to_hex(sha256(text));
}

std::vector<BeaconFault> faults_of(const Beacon& beacon, std::optional<std::int64_t> record_micros) {
  using enum BeaconFault;
  std::vector<BeaconFault> out;
  const auto* chain = find_beacon_chain(beacon.chain);
  const bool randomness = is_hex(beacon.randomness, k_hash_digits);
  if (!randomness) out.push_back(randomness_form);
  const auto digits = beacon.signature.size();
  const bool form = is_hex(beacon.signature, digits) && digits % 2 == 0 &&
                    (chain ? digits == 2 * chain->signature_bytes : digits == 96 || digits == 192);
  if (!beacon.signature.empty() && !form) out.push_back(signature_form);
  if (randomness && form && !beacon.signature.empty() &&
      to_hex(sha256(from_hex(lower_ascii(beacon.signature)))) != lower_ascii(beacon.randomness))
    out.push_back(not_its_hash);
  if (is_invented(beacon, chain)) out.push_back(invented);
  constexpr std::uint64_t k_most_rounds = 1ULL << 40;
  if (chain && record_micros && beacon.round > 0 &&
      (beacon.round > k_most_rounds || chain->time_of(beacon.round) > *record_micros))
    out.push_back(after_record);
  if (!chain) out.push_back(unknown_chain);
  if (beacon.signature.empty()) out.push_back(no_signature);
  return out;
}

}  // namespace provgate
