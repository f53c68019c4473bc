// SPDX-License-Identifier: Apache-2.0
#include "systems/experience/chain.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

#include "base/digest.hpp"

namespace provgate::experience {
namespace {

constexpr auto k_none = CheckedLink::k_none;

template <std::size_t N>
std::string_view bytes_of(const std::array<std::uint8_t, N>& from) {
  return {reinterpret_cast<const char*>(from.data()), N};
}

// What each byte is as a hexadecimal digit; -1: none.
constexpr std::array<std::int8_t, 256> k_digits = [] {
  std::array<std::int8_t, 256> out{};
  out.fill(-1);
  constexpr std::string_view k_small = "0123456789abcdef", k_capital = "0123456789ABCDEF";
  for (std::size_t i = 0; i < k_small.size(); ++i) {
    const auto value = static_cast<std::int8_t>(i);
    out[static_cast<unsigned char>(k_small[i])] = out[static_cast<unsigned char>(k_capital[i])] = value;
  }
  return out;
}();
int digit(char c) { return k_digits[static_cast<unsigned char>(c)]; }

// Ids of one maker differ in few bits. Source: A. Appleby, MurmurHash3 (fmix64).
std::uint64_t mixed(std::uint64_t h) {
  h = (h ^ h >> 33) * 0xFF51AFD7ED558CCDULL;
  h = (h ^ h >> 33) * 0xC4CEB9FE1A85EC53ULL;
  return h ^ h >> 33;
}

// Where each id stands first. Open addressing: a million ids are one piece of memory.
class Places {
 public:
  Places(std::span<const Link> links, std::uint64_t seed)
      : links_(links), seed_(seed), slots_(std::bit_ceil(links.size() * 2 + 2), k_none), mask_(slots_.size() - 1) {}
  // The one that is there already; none: it is there now.
  std::uint32_t add(std::uint32_t link) {
    auto& slot = slots_[find_slot(links_[link].id)];
    if (slot != k_none) return slot;
    slot = link;
    return k_none;
  }
  std::uint32_t find(const Uuid& id) const { return slots_[find_slot(id)]; }

 private:
  std::size_t find_slot(const Uuid& id) const {
    std::uint64_t halves[2];
    std::memcpy(halves, id.data(), sizeof halves);
    auto at = mixed(mixed(halves[0] ^ seed_) ^ halves[1]);
    while (slots_[at & mask_] != k_none && links_[slots_[at & mask_]].id != id) ++at;
    return at & mask_;
  }
  std::span<const Link> links_;
  std::uint64_t seed_;
  std::vector<std::uint32_t> slots_;
  std::size_t mask_;
};

class Checker {
 public:
  Checker(std::span<const Link> links, std::uint64_t seed)
      : links_(links), seed_(seed), out_(links.size()), first_(links.size(), k_none) {}

  std::vector<CheckedLink> run() {
    join();
    for (std::uint32_t i = 0; i < links_.size(); ++i) follow(i);
    for (std::uint32_t i = 0; i < links_.size(); ++i) compare(i);
    return std::move(out_);
  }

 private:
  void say(std::uint32_t link, LinkFault fault) { out_[link].faults |= static_cast<std::uint8_t>(fault); }

  void join() {
    Places places(links_, seed_);
    for (std::uint32_t i = 0; i < links_.size(); ++i) {
      if (places.add(i) != k_none) say(i, LinkFault::duplicate);
    }
    for (std::uint32_t i = 0; i < links_.size(); ++i) {
      if (!links_[i].has_parent) continue;
      const auto parent = places.find(links_[i].parent);
      if (parent == k_none) {
        say(i, LinkFault::dangling);
      } else {
        out_[i].parent = parent, ++out_[parent].children;
      }
    }
  }

  // The first one of each chain, found once: a way up ends where it is known, or where it meets itself.
  void follow(std::uint32_t from) {
    way_.clear();
    auto at = from;
    while (first_[at] == k_none && out_[at].parent != k_none) {
      first_[at] = k_on_the_way;
      way_.push_back(at);
      at = out_[at].parent;
    }
    if (first_[at] == k_on_the_way) {
      // From where it meets itself all are on a circle; those before lead into it.
      const auto begin = std::ranges::find(way_, at);
      for (auto one = way_.begin(); one != way_.end(); ++one) {
        first_[*one] = k_in_circle;
        if (one >= begin) say(*one, LinkFault::cycle);
      }
      return;
    }
    if (first_[at] == k_none) first_[at] = at;
    for (const auto one : way_) first_[one] = first_[at];
  }

  void compare(std::uint32_t i) {
    const auto& link = links_[i];
    const auto first = first_[i];
    if (!link.has_parent) {
      if (link.depth != 0) say(i, LinkFault::wrong_depth);
      if (link.has_root && link.root != link.id) say(i, LinkFault::wrong_root);
      if (link.has_previous) say(i, LinkFault::broken);
      return;
    }
    if (out_[i].parent == k_none) return;
    const auto& parent = links_[out_[i].parent];
    if (link.depth != parent.depth + 1) say(i, LinkFault::wrong_depth);
    // Where the way up ends at one whose own is not here, that one's root is the chain's.
    if (first != k_in_circle) {
      const auto& top = links_[first];
      const auto& root = top.has_parent ? top.root : top.id;
      if (!link.has_root || link.root != root) say(i, LinkFault::wrong_root);
    }
    if (link.subject != parent.subject) say(i, LinkFault::wrong_subject);
    if (link.has_time && parent.has_time && link.micros < parent.micros) say(i, LinkFault::time_order);
    const auto& named = link.names_record ? parent.record : parent.own;
    if (!link.has_previous || link.previous != named) say(i, LinkFault::broken);
  }

  static constexpr std::uint32_t k_on_the_way = k_none - 1, k_in_circle = k_none - 2;
  std::span<const Link> links_;
  std::uint64_t seed_;
  std::vector<CheckedLink> out_;
  std::vector<std::uint32_t> first_, way_;
};

}  // namespace

std::optional<Uuid> parse_uuid(std::string_view text) {
  constexpr std::size_t k_length = 36;
  if (text.size() != k_length) return {};
  Uuid out{};
  std::size_t at = 0;
  for (std::size_t i = 0; i < k_length;) {
    if (i == 8 || i == 13 || i == 18 || i == 23) {
      if (text[i++] != '-') return {};
      continue;
    }
    const auto high = digit(text[i]), low = digit(text[i + 1]);
    if (high < 0 || low < 0) return {};
    out[at++] = static_cast<std::uint8_t>(high << 4 | low), i += 2;
  }
  return out;
}

std::string uuid_text(const Uuid& id) {
  auto out = to_hex(bytes_of(id));
  for (const auto at : {20U, 16U, 12U, 8U}) out.insert(at, "-");
  return out;
}

std::string hash_text(const Hash& hash) { return to_hex(bytes_of(hash)); }

std::optional<Hash> hash_in(std::string_view text) {
  Hash out{};
  if (text.size() != 2 * out.size()) return {};
  for (std::size_t i = 0; i < out.size(); ++i) {
    const auto high = digit(text[2 * i]), low = digit(text[2 * i + 1]);
    if (high < 0 || low < 0) return {};
    out[i] = static_cast<std::uint8_t>(high << 4 | low);
  }
  return out;
}

std::vector<CheckedLink> check_links(std::span<const Link> links, std::uint64_t seed) {
  return Checker(links, seed).run();
}

std::vector<std::uint32_t> path_to(std::span<const CheckedLink> checked, std::uint32_t link) {
  std::vector<std::uint32_t> out;
  for (auto at = link; at != k_none; at = checked[at].parent) {
    if (checked[at].has(LinkFault::cycle)) return {};
    out.push_back(at);
  }
  std::ranges::reverse(out);
  return out;
}

}  // namespace provgate::experience
