// SPDX-License-Identifier: Apache-2.0
// Rounds of beacons: what is told of them without the curve.
#include "provgate/record/beacon.hpp"

#include <gtest/gtest.h>

#include "base/digest.hpp"

namespace provgate::test {
namespace {

using enum BeaconFault;

const BeaconChain& chain(std::string_view name) {
  for (const auto& one : beacon_chains()) {
    if (one.name == name) return one;
  }
  std::abort();
}

// A round in the right form. No curve has such a signature.
Beacon round_of(const BeaconChain& of, std::uint64_t round) {
  Beacon out;
  out.chain = of.hash, out.round = round;
  std::string signature;
  while (signature.size() < of.signature_bytes) signature += sha256(std::to_string(round + signature.size()));
  signature.resize(of.signature_bytes);
  out.signature = to_hex(signature), out.randomness = to_hex(sha256(signature));
  return out;
}

TEST(Beacon, ChainsAreWhatTheirHashesSay) {
  EXPECT_EQ(beacon_chains().size(), 2U);
  for (const auto& one : beacon_chains()) {
    EXPECT_EQ(chain_hash_of(one), one.hash) << one.name;
    EXPECT_EQ(find_beacon_chain(one.hash), &one);
    auto other = one;
    ++other.genesis;
    EXPECT_NE(chain_hash_of(other), one.hash);
  }
  EXPECT_EQ(find_beacon_chain("00"), nullptr);
}

TEST(Beacon, RoundsAndTimesAgree) {
  const auto& first = chain("default");
  EXPECT_EQ(format_utc(first.time_of(1)).substr(0, 19), "2020-07-22T15:17:30");
  EXPECT_EQ(format_utc(chain("quicknet").time_of(1)).substr(0, 19), "2023-08-23T15:09:27");
  for (const auto& one : beacon_chains()) {
    EXPECT_EQ(one.round_at(one.time_of(1) - 1), 0U);
    for (const std::uint64_t round : {1U, 2U, 1000U, 7'788'475U}) {
      EXPECT_EQ(one.round_at(one.time_of(round)), round);
      EXPECT_EQ(one.round_at(one.time_of(round + 1) - 1), round);
    }
  }
}

TEST(Beacon, FaultsAreTold) {
  const auto& quick = chain("quicknet");
  const auto good = round_of(quick, 1000);
  const auto then = quick.time_of(1000);
  EXPECT_TRUE(faults_of(good, then).empty());
  EXPECT_TRUE(faults_of(round_of(chain("default"), 5), {}).empty());
  struct Row {
    const char* what;
    std::function<void(Beacon&)> edit;
    std::vector<BeaconFault> faults;
  };
  const std::vector<Row> rows = {
      {"capitals are digits, too",
       [](auto& b) {
         std::ranges::transform(b.signature, b.signature.begin(), [](char c) { return std::toupper(c); });
       },
       {}},
      {"a digit of the randomness",
       [](auto& b) { b.randomness[5] = b.randomness[5] == '0' ? '1' : '0'; },
       {not_its_hash}},
      {"a digit of the signature", [](auto& b) { b.signature[5] = b.signature[5] == '0' ? '1' : '0'; }, {not_its_hash}},
      {"no digits", [](auto& b) { b.randomness[0] = 'g'; }, {randomness_form}},
      {"a digit less", [](auto& b) { b.randomness.pop_back(); }, {randomness_form}},
      {"a signature that is too short", [](auto& b) { b.signature.resize(94); }, {signature_form}},
      {"one of the other chain", [](auto& b) { b.signature += b.signature; }, {signature_form}},
      {"no signature", [](auto& b) { b.signature.clear(); }, {no_signature}},
      {"the round after", [](auto& b) { b.round = 1001; }, {after_record}},
      {"a round past all reason", [](auto& b) { b.round = ~0ULL; }, {after_record}},
      {"a chain that nobody knows", [](auto& b) { b.chain = std::string(64, 'a'); }, {unknown_chain}},
      {"two UUIDs and a time in seconds",
       [](auto& b) {
         b.signature.clear(), b.round = 1'790'000'000;
         b.randomness = "0123456789ab4def8123456789abcdef0123456789ab4def9123456789abcdef";
       },
       {invented, after_record, no_signature}},
      {"the same without a chain",
       [](auto& b) {
         b.chain.clear(), b.signature.clear(), b.round = 1'790'000'000;
         b.randomness = "0123456789ab4def8123456789abcdef0123456789ab4def9123456789abcdef";
       },
       {invented, unknown_chain, no_signature}}};
  for (const auto& row : rows) {
    auto beacon = good;
    row.edit(beacon);
    EXPECT_EQ(faults_of(beacon, then), row.faults) << row.what;
  }
  EXPECT_TRUE(faults_of(good, {}).empty()) << "a record without a time";
}

}  // namespace
}  // namespace provgate::test
