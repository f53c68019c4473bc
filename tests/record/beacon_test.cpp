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

// ---- the curve -------------------------------------------------------------------------------

// Rounds that the beacons gave, and one that says that it is another.
struct Signed {
  const char* chain;
  std::uint64_t round;
  const char *signature, *previous;
  CurveVerdict verdict;
};
const Signed k_signed[] = {
    {"default", 1,
     "8d61d9100567de44682506aea1a7a6fa6e5491cd27a0a0ed349ef6910ac5ac20ff7bc3e09d7c046566c9f7f3c6f3b101"
     "04990e7cb424998203d8f7de586fb7fa5f60045417a432684f85093b06ca91c769f0e7ca19268375e659c2a2352b4655",
     "", CurveVerdict::holds},
    {"default", 162810,
     "8aee2fb6c79704f54c164ee9fcab89a16e83f843e8d483ba7002c3aee222812263a2e9225ad2e32b80acefe1f066d3db"
     "17ebc4cd2a25e5f7975575c94316851113e674056b0eecb515a01ca62f7a370a5d6d26828dd02243041cab8d33ad4796",
     "ac27db9e31f65fed65130667dcb323ad2745fa5901f6f8b82f39e3707cd13150d9c25c412f02f32cc9561466d7abbec8"
     "08a31899d4768d2429c3a83d21d41928399b9a6e1e74873069990210ee57c0bc049af5dc1ef0b1b394caade1d77f4c0d",
     CurveVerdict::holds},
    {"quicknet", 1000,
     "b44679b9a59af2ec876b1a6b1ad52ea9b1615fc3982b19576350f93447cb1125e342b73a8dd2bacbe47e4b6b63ed5e39", "",
     CurveVerdict::holds},
    {"quicknet", 7788475,
     "a17b758d8ef1a88a1e7f2db59634d5bc40f779ad44d41fe01cc0862bafb23f1510afdb12ff90985c5ed495434e4a19e5", "",
     CurveVerdict::holds},
    {"quicknet", 1001,
     "b44679b9a59af2ec876b1a6b1ad52ea9b1615fc3982b19576350f93447cb1125e342b73a8dd2bacbe47e4b6b63ed5e39", "",
     CurveVerdict::fails}};

Beacon beacon_of(const Signed& one) {
  Beacon out;
  out.chain = chain(one.chain).hash, out.round = one.round, out.signature = one.signature, out.previous = one.previous;
  return out;
}

TEST(BeaconCurve, RoundsThatWereGivenHold) {
  for (const auto& one : k_signed) EXPECT_EQ(curve_verdict(beacon_of(one)), one.verdict) << one.chain << one.round;
}

// Any other digit, round, chain or signature before it is not what was signed.
TEST(BeaconCurve, NothingElseHolds) {
  for (const auto& one : k_signed) {
    for (std::size_t i = 0; i < 2 * chain(one.chain).signature_bytes; i += 13) {
      auto beacon = beacon_of(one);
      beacon.signature[i] = beacon.signature[i] == '7' ? '8' : '7';
      EXPECT_EQ(curve_verdict(beacon), CurveVerdict::fails) << i;
    }
    auto beacon = beacon_of(one);
    beacon.round += 7;
    if (beacon.previous.empty() && one.chain == std::string("default")) beacon.previous = one.signature;
    EXPECT_EQ(curve_verdict(beacon), CurveVerdict::fails);
    for (const auto* wrong : {"", "00", "c0", "zz"}) {
      auto other = beacon_of(one);
      other.signature = wrong;
      EXPECT_EQ(curve_verdict(other), CurveVerdict::fails) << wrong;
    }
  }
  auto before = beacon_of(k_signed[1]);
  before.previous[3] = before.previous[3] == '1' ? '2' : '1';
  EXPECT_EQ(curve_verdict(before), CurveVerdict::fails);
  before.previous = "not hexadecimal";
  EXPECT_EQ(curve_verdict(before), CurveVerdict::fails);
  before.previous.clear();
  EXPECT_EQ(curve_verdict(before), CurveVerdict::needs_previous);
  before.chain = std::string(64, 'a');
  EXPECT_EQ(curve_verdict(before), CurveVerdict::unknown_chain);
  // The point at infinity signs nothing.
  auto nothing = beacon_of(k_signed[2]);
  nothing.signature = "c0" + std::string(94, '0');
  EXPECT_EQ(curve_verdict(nothing), CurveVerdict::fails);
}

TEST(BeaconCurve, EachRoundIsAskedOnce) {
  BeaconChecks checks;
  for (int i = 0; i < 3; ++i) {
    for (const auto& one : k_signed) EXPECT_EQ(checks.verdict(beacon_of(one)), one.verdict);
  }
  EXPECT_EQ(checks.size(), std::size(k_signed));
}

}  // namespace
}  // namespace provgate::test
