// SPDX-License-Identifier: Apache-2.0
// Rounds of drand, a public randomness beacon: what of one can be told without its curve, and what the
// curve says. A round says that what holds it was not written before the round's time; it signs nothing and nobody.
// Source: drand's specification (chain info, rounds); G12. Pure. Threads: any.
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>

#include "provgate/base/base.hpp"

namespace provgate {

/// A chain that is known here, with what its hash is made of.
struct BeaconChain {
  std::string_view name;        ///< its beacon id: "default", "quicknet"
  std::string_view hash;        ///< 64 hexadecimal digits
  std::string_view public_key;  ///< in hexadecimal digits, as the two that follow
  std::string_view group_hash;
  std::int64_t genesis = 0, period = 0;  ///< seconds since 1970; seconds
  std::size_t signature_bytes = 0;
  bool chained = false;  ///< each round signs the signature before it, too

  /// When a round came, in microseconds since 1970. Requires one from 1 on.
  std::int64_t time_of(std::uint64_t round) const;
  /// The newest round at that time; 0 before the first.
  std::uint64_t round_at(std::int64_t micros) const;
};
/// All that are known here.
std::span<const BeaconChain> beacon_chains();
/// By its hash, in whichever case; null where it is not known.
const BeaconChain* find_beacon_chain(std::string_view hash);
/// The hash that follows from what a chain is made of.
std::string chain_hash_of(const BeaconChain& chain);

/// A round as a record has it; empty texts were not given.
struct Beacon {
  std::string chain, randomness, signature;
  std::uint64_t round = 0;
  std::string previous = {};  ///< the signature of the round before, which a chained one signs
};

/// What speaks against one, or keeps it from being verified.
enum class BeaconFault {
  randomness_form,  ///< not 64 hexadecimal digits
  signature_form,   ///< not as many hexadecimal digits as signatures of its chain have
  not_its_hash,     ///< the randomness is not the SHA-256 of the signature
  invented,         ///< made by a program that could not reach the beacon: no such round was then, and no such digits
  after_record,     ///< its round came after the record's own time
  unknown_chain,    ///< it cannot be told when its round came
  no_signature      ///< nothing of it can be verified
};
/// All of them, in that order. `record_micros`: when what holds it says it happened; nothing: it says none.
std::vector<BeaconFault> faults_of(const Beacon& beacon, std::optional<std::int64_t> record_micros);

/// What the curve says. Source: BLS signatures over BLS12-381 (RFC 9380 for hashing to it), as drand uses them.
enum class CurveVerdict {
  holds,           ///< the chain signed this round
  fails,           ///< it did not
  needs_previous,  ///< it cannot be told: the chain signs the signature of the round before, too
  unknown_chain
};
/// Takes about a millisecond. Requires one without faults. Threads: any.
CurveVerdict curve_verdict(const Beacon& beacon);

/// Asks the curve once for each round. Threads: any, all at once.
class BeaconChecks {
 public:
  CurveVerdict verdict(const Beacon& beacon);
  std::size_t size() const;  ///< of different rounds so far

 private:
  mutable std::mutex lock_;
  std::unordered_map<std::string, CurveVerdict> known_;
};

}  // namespace provgate
