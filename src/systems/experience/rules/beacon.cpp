// SPDX-License-Identifier: Apache-2.0
// DRD-001 to DRD-011: the round of a beacon that a record names.
#include <algorithm>
#include <charconv>

#include "provgate/record/beacon.hpp"
#include "systems/experience/rules/rules.hpp"

namespace provgate::experience {
namespace {

// A chain that is not named is another matter than one that is not known.
void say_fault(const Says& says, BeaconFault fault, const Beacon& beacon, const BeaconChain* chain,
               const std::function<Value(std::string_view)>& part) {
  switch (fault) {
    case BeaconFault::randomness_form:
      return says("DRD-001", part("randomness"), "the randomness is not 64 hexadecimal digits", "drand_randomness",
                  "64 hexadecimal digits");
    case BeaconFault::signature_form:
      return says("DRD-002", part("signature"), "the signature does not have the length that its chain signs with",
                  "drand_signature", chain ? std::to_string(2 * chain->signature_bytes) + " hexadecimal digits" : "");
    case BeaconFault::not_its_hash:
      return says("DRD-003", part("randomness"), "the randomness is not the SHA-256 of the signature",
                  "drand_randomness");
    case BeaconFault::invented:
      return says("DRD-004", part("round"), "the round was invented: the beacon never had it", "drand_round");
    case BeaconFault::after_record:
      return says("DRD-005", part("round"),
                  "round " + std::to_string(beacon.round) + " came after the time of what names it", "drand_round");
    case BeaconFault::unknown_chain:
      if (!beacon.chain.empty())
        return says("DRD-006", part("chain"), "the chain of the beacon is not known: nothing of it can be verified",
                    "drand_chain");
      return says("DRD-009", part("round"), "no chain is named: when the round came cannot be told", "drand_chain");
    case BeaconFault::no_signature:
      return says("DRD-007", part("round"), "the signature is missing: the round cannot be verified",
                  "drand_signature");
  }
}

}  // namespace

void judge_beacon(const Says& says, Value row, std::string_view prefix, std::optional<std::int64_t> micros,
                  BeaconChecks* beacons) {
  const auto part = [&](std::string_view name) { return told(row, std::string(prefix).append(name)); };
  const auto round = part("round"), randomness = part("randomness");
  const auto other = part("signature") ? part("signature") : part("chain");
  if (!round && !randomness && !other) return;
  if (const auto none = told(row, "beacon"); none && prefix == "drand_")
    return says("DRD-008", none, "it says that it has no round of a beacon, and has one", "beacon");
  if (!round || !randomness)
    return says("DRD-008",
                round        ? round
                : randomness ? randomness
                             : other,
                "of a round of the beacon the number and the randomness belong together",
                round ? "drand_randomness" : "drand_round");
  Beacon beacon;
  beacon.chain = part("chain").text(), beacon.randomness = randomness.text(),
  beacon.signature = part("signature").text();
  const auto digits = round.text();
  std::from_chars(digits.data(), digits.data() + digits.size(), beacon.round);
  const auto* chain = find_beacon_chain(beacon.chain);
  beacon.previous = part("previous_signature").text();
  const auto faults = faults_of(beacon, micros);
  for (const auto fault : faults) say_fault(says, fault, beacon, chain, part);
  // What speaks against it is said; the curve is asked about the rest.
  const bool asked = std::ranges::all_of(faults, [](BeaconFault fault) { return fault == BeaconFault::after_record; });
  if (!beacons || !asked) return;
  switch (beacons->verdict(beacon)) {
    case CurveVerdict::fails:
      return says("DRD-010", part("signature"), "the chain never signed this round", "drand_signature");
    case CurveVerdict::needs_previous:
      return says("DRD-011", part("signature"),
                  "NOT VERIFIED: the chain signs the signature of the round before, and that is not here",
                  "drand_previous_signature");
    default: return;
  }
}

}  // namespace provgate::experience
