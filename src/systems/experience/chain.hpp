// SPDX-License-Identifier: Apache-2.0
// Chains of experience: each record names the one before it. All faults are told, in time that grows with their number.
// Source: X8, X15, X18. Pure. Threads: any.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace provgate::experience {

using Uuid = std::array<std::uint8_t, 16>;
using Hash = std::array<std::uint8_t, 32>;
std::optional<Uuid> parse_uuid(std::string_view text);
std::string uuid_text(const Uuid& id);
/// Of 64 hexadecimal digits.
std::optional<Hash> hash_in(std::string_view text);
std::string hash_text(const Hash& hash);

/// What of a record makes it a link.
struct Link {
  Uuid id{}, parent{}, root{};
  bool has_parent = false, has_root = false, has_previous = false, has_time = false;
  std::uint32_t subject = 0;  ///< a number of its own for each
  std::int64_t depth = 0, micros = 0;
  Hash own{};                 ///< that the next one has to name, by the recipe of the original
  Hash record{};              ///< the same, by our own
  bool names_record = false;  ///< which of them it names itself of the one before
  Hash previous{};            ///< that it names
};

enum class LinkFault : std::uint8_t {
  duplicate = 1 << 0,      ///< another one has its id
  dangling = 1 << 1,       ///< the one it names is not there
  cycle = 1 << 2,          ///< it comes before itself
  wrong_depth = 1 << 3,    ///< not one more than the one before; of a first one not 0
  wrong_root = 1 << 4,     ///< not the first one of its chain
  wrong_subject = 1 << 5,  ///< of somebody else than the one before
  time_order = 1 << 6,     ///< before the one before
  broken = 1 << 7          ///< it does not name the hash of the one before; or a first one names one
};

struct CheckedLink {
  std::uint8_t faults = 0;
  std::uint32_t children = 0;  ///< more than one: a branch, which is none of the faults
  static constexpr std::uint32_t k_none = 0xFFFFFFFF;
  std::uint32_t parent = k_none;  ///< among those given
  bool has(LinkFault fault) const { return (faults & static_cast<std::uint8_t>(fault)) != 0; }
};

/// One answer a link, in their order. `seed`: a random number, where ids may have been chosen to be slow to look up.
std::vector<CheckedLink> check_links(std::span<const Link> links, std::uint64_t seed = 0);
/// From the first one of its chain to that one, as far as they are there; empty where it comes before itself.
std::vector<std::uint32_t> path_to(std::span<const CheckedLink> checked, std::uint32_t link);

}  // namespace provgate::experience
