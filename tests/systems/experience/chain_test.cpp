// SPDX-License-Identifier: Apache-2.0
// Chains beside a naive reading of their rules; the work that a long one takes.
#include "systems/experience/chain.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <random>

namespace provgate::test {
namespace {

using namespace experience;
using enum LinkFault;

Uuid uuid_of(std::uint32_t number) {
  Uuid out{};
  for (int i = 0; i < 4; ++i) out[static_cast<std::size_t>(12 + i)] = static_cast<std::uint8_t>(number >> (24 - 8 * i));
  return out;
}
Hash hash_of(std::uint32_t number) {
  Hash out{};
  std::ranges::copy(uuid_of(number), out.begin());
  return out;
}

// A sound chain of so many, the first one first.
std::vector<Link> chain_of(std::uint32_t count) {
  std::vector<Link> out(count);
  for (std::uint32_t i = 0; i < count; ++i) {
    auto& one = out[i];
    one.id = uuid_of(i), one.own = hash_of(i), one.depth = i, one.has_time = true, one.micros = i;
    one.has_root = true, one.root = uuid_of(0);
    if (i == 0) continue;
    one.has_parent = one.has_previous = true, one.parent = uuid_of(i - 1), one.previous = hash_of(i - 1);
  }
  return out;
}

// Each rule as it reads, whatever it costs.
std::uint8_t naive(const std::vector<Link>& all, std::size_t at) {
  std::uint8_t out = 0;
  const auto say = [&](bool wrong, LinkFault fault) { out |= wrong ? static_cast<std::uint8_t>(fault) : 0; };
  const auto find = [&](const Uuid& id) { return std::ranges::find(all, id, &Link::id) - all.begin(); };
  const auto none = static_cast<std::ptrdiff_t>(all.size());
  const auto up = [&](std::ptrdiff_t from) {
    const auto& one = all[static_cast<std::size_t>(from)];
    return one.has_parent ? find(one.parent) : none;
  };
  const auto& link = all[at];
  const auto self = static_cast<std::ptrdiff_t>(at);
  say(find(link.id) != self, duplicate);
  if (!link.has_parent) {
    say(link.depth != 0, wrong_depth), say(link.has_root && link.root != link.id, wrong_root);
    say(link.has_previous, broken);
    return out;
  }
  const auto before = up(self);
  say(before == none, dangling);
  if (before == none) return out;
  auto top = before;
  bool circle = false, own_circle = before == self;
  for (std::size_t steps = 0; up(top) != none && !circle; ++steps) {
    top = up(top);
    own_circle = own_circle || top == self;
    circle = steps > all.size();
  }
  say(own_circle, cycle);
  const auto& parent = all[static_cast<std::size_t>(before)];
  say(link.depth != parent.depth + 1, wrong_depth), say(link.subject != parent.subject, wrong_subject);
  say(link.has_time && parent.has_time && link.micros < parent.micros, time_order);
  say(!link.has_previous || link.previous != parent.own, broken);
  const auto& first = all[static_cast<std::size_t>(top)];
  if (!circle && !own_circle)
    say(!link.has_root || link.root != (first.has_parent ? first.root : first.id), wrong_root);
  return out;
}

TEST(Chain, ASoundOneHasNoFaults) {
  for (const std::uint32_t count : {0U, 1U, 2U, 50U}) {
    const auto links = chain_of(count);
    const auto checked = check_links(links);
    for (const auto& one : checked) EXPECT_EQ(one.faults, 0);
    if (count == 0) continue;
    const auto path = path_to(checked, count - 1);
    ASSERT_EQ(path.size(), count);
    for (std::uint32_t i = 0; i < count; ++i) EXPECT_EQ(path[i], i) << "from the first to the last";
  }
}

TEST(Chain, FaultsAreThoseOfTheRules) {
  std::mt19937 random(15);  // NOLINT(bugprone-random-generator-seed): the same chains every time
  const auto one_of = [&](std::size_t n) { return static_cast<std::uint32_t>(random() % n); };
  std::array<int, 8> met{};
  for (int round = 0; round < 4000; ++round) {
    const auto count = 1 + one_of(9);
    auto links = chain_of(count);
    for (auto edits = one_of(4); edits-- > 0;) {
      auto& one = links[one_of(count)];
      switch (one_of(9)) {
        case 0: one.id = uuid_of(one_of(count)); break;
        case 1: one.has_parent = true, one.parent = uuid_of(one_of(count + 2)); break;
        case 2: one.depth += 1; break;
        case 3: one.root = uuid_of(one_of(count)); break;
        case 4: one.subject = 1; break;
        case 5: one.micros = one_of(count); break;
        case 6: one.previous = hash_of(one_of(count)), one.has_previous = one_of(2) != 0; break;
        case 7: one.has_parent = false; break;
        default: one.has_root = false;
      }
    }
    std::ranges::shuffle(links, random);
    const auto checked = check_links(links);
    for (std::uint32_t i = 0; i < count; ++i) {
      ASSERT_EQ(int{checked[i].faults}, int{naive(links, i)}) << round << " " << i;
      for (int bit = 0; bit < 8; ++bit) met[static_cast<std::size_t>(bit)] += checked[i].faults >> bit & 1;
    }
  }
  for (const auto count : met) EXPECT_GT(count, 50) << "every fault was met";
}

TEST(Chain, BranchesAreCounted) {
  auto links = chain_of(3);
  links[2].parent = links[1].parent, links[2].previous = links[1].previous, links[2].depth = 1;
  const auto checked = check_links(links);
  EXPECT_EQ(checked[0].children, 2U);
  for (const auto& one : checked) EXPECT_EQ(one.faults, 0);
}

// As deep as they come, in whichever order, and a circle of all: nothing is walked twice, nothing calls itself.
TEST(Chain, AMillionLinksInAnyOrder) {
  constexpr std::uint32_t k_links = 1'000'000;
  auto links = chain_of(k_links);
  std::ranges::reverse(links);
  for (const auto& one : check_links(links)) ASSERT_EQ(one.faults, 0);
  links.back().has_parent = true, links.back().parent = links.front().id;
  for (const auto& one : check_links(links)) ASSERT_TRUE(one.has(cycle));
  EXPECT_TRUE(path_to(check_links(links), 5).empty());
}

}  // namespace
}  // namespace provgate::test
