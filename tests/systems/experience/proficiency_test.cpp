// SPDX-License-Identifier: Apache-2.0
#include "systems/experience/proficiency.hpp"

#include <gtest/gtest.h>

#include <random>

namespace provgate::test {
namespace {

using namespace experience;

constexpr std::int64_t k_now = 1'800'000'000'000'000, k_day = 86'400'000'000;

std::vector<Evidence> many(int count, Evidence one) { return std::vector(static_cast<std::size_t>(count), one); }

TEST(Proficiency, TheOriginalsScoreToTheCent) {
  // One verified success of the greatest complexity: .35 + .25 + .20 + .20/20.
  EXPECT_EQ(seed_score(many(1, {true, 10, true, false, k_now}), k_now)->cents, 8100);
  // Twenty verified failures: .25 + .20 + .20.
  EXPECT_EQ(seed_score(many(20, {false, 10, true, false, k_now}), k_now)->cents, 6500);
  // Nobody knows: nothing but that it was lately.
  EXPECT_EQ(seed_score(many(3, {{}, {}, false, false, k_now}), k_now)->cents, 300);
  // Days: 90 count, one more does not; nor what is still to come.
  EXPECT_EQ(seed_score(many(1, {false, {}, false, false, k_now - 90 * k_day}), k_now)->cents, 100);
  EXPECT_EQ(seed_score(many(1, {false, {}, false, false, k_now - 90 * k_day - 1}), k_now)->cents, 0);
  EXPECT_EQ(seed_score(many(1, {false, {}, false, false, k_now + 1}), k_now)->cents, 0);
  // A third, rounded once: 35 / 3 = 11.666…, 250 * 7 / 3 hundredths = 5.8333….
  auto three = many(3, {false, 2, false, false, 0});
  three[0].success = true, three[1].complexity = 3;
  EXPECT_EQ(seed_score(three, k_now)->cents, 1750);
  EXPECT_FALSE(seed_score({}, k_now));
}

TEST(Proficiency, LevelsBeginWhereTheyBegin) {
  const std::pair<int, const char*> rows[] = {
      {0, "novice"},          {1999, "novice"},   {2000, "beginner"}, {3999, "beginner"}, {4000, "intermediate"},
      {5999, "intermediate"}, {6000, "advanced"}, {7999, "advanced"}, {8000, "expert"},   {10'000, "expert"}};
  for (const auto& [cents, level] : rows) EXPECT_EQ(level_of({cents}), level) << cents;
}

TEST(Proficiency, NobodyIsAnExpertOfFewRecords) {
  std::mt19937 random(15);  // NOLINT(bugprone-random-generator-seed): the same records every time
  const auto one_of = [&](unsigned n) { return random() % n; };
  for (int round = 0; round < 2000; ++round) {
    std::vector<Evidence> all;
    for (auto n = 1 + one_of(40); n-- > 0;) {
      Evidence one;
      if (one_of(4)) one.success = one_of(8) != 0;
      if (one_of(3)) one.complexity = static_cast<int>(1 + one_of(10));
      one.verified = one_of(2), one.invalidated = one_of(9) == 0;
      one.micros = k_now - static_cast<std::int64_t>(one_of(200)) * k_day;
      all.push_back(one);
    }
    const auto known = std::ranges::count_if(all, [](const auto& one) { return one.success && !one.invalidated; });
    const auto sound = sound_score(all, k_now), seed = seed_score(all, k_now);
    ASSERT_EQ(sound.has_value(), known > 0);
    ASSERT_TRUE(seed && seed->cents >= 0 && seed->cents <= 10'000);
    if (!sound) continue;
    ASSERT_TRUE(sound->cents >= 0 && sound->cents <= 10'000);
    if (known < 20) ASSERT_NE(level_of(*sound), "expert");
    if (known < 5) ASSERT_LT(sound->cents, 6000);
    // Another success never makes it worse where it is like the ones before.
    std::erase_if(all, [](const auto& one) { return one.invalidated || !one.success; });
    auto worse = all;
    for (auto& one : worse) one.success = false;
    ASSERT_LE(*sound_score(worse, k_now), *sound);
  }
  EXPECT_EQ(sound_score(many(4, {true, 10, true, false, k_now}), k_now)->cents, 5999);
  EXPECT_EQ(sound_score(many(19, {true, 10, true, false, k_now}), k_now)->cents, 7999);
  EXPECT_EQ(level_of(*sound_score(many(20, {true, 10, true, false, k_now}), k_now)), "expert");
}

}  // namespace
}  // namespace provgate::test
