// SPDX-License-Identifier: Apache-2.0
// Rows that are sorted for a table, beside the order of their texts.
#include "store/sort_rows.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>

namespace provgate::test {
namespace {

void expect_sorted(const std::vector<std::string>& keys, const std::string& what) {
  std::vector<RowToPut> rows;
  for (const auto& key : keys) rows.push_back({key, std::string_view(key).substr(key.size() / 2)});
  sort_rows(rows);
  auto sorted = keys;
  std::ranges::sort(sorted);
  ASSERT_EQ(rows.size(), sorted.size()) << what;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    ASSERT_EQ(rows[i].key, sorted[i]) << what << " " << i;
    EXPECT_EQ(rows[i].value, rows[i].key.substr(rows[i].key.size() / 2)) << what;
  }
}

TEST(SortRows, StandInTheOrderOfTheirBytes) {
  std::mt19937 random(14);  // NOLINT(bugprone-random-generator-seed): the same texts every time
  const auto below = [&](std::size_t n) { return static_cast<std::size_t>(random()) % n; };
  for (int round = 0; round < 300; ++round) {
    // Few different bytes, zero among them, long beginnings in common, one text the beginning of another.
    const auto letters = 1 + below(3), longest = 1 + below(40), count = below(400);
    const std::string common(below(30), 'x');
    std::vector<std::string> keys;
    for (std::size_t i = 0; i < count; ++i) {
      auto key = common;
      for (auto n = below(longest); n-- > 0;) key += static_cast<char>(below(letters) * 127);
      keys.push_back(std::move(key));
    }
    expect_sorted(keys, std::to_string(round));
  }
}

TEST(SortRows, FromWhateverOrder) {
  constexpr std::size_t k_rows = 200'000;
  std::vector<std::string> falling, rising, alike, organ;
  for (std::size_t i = 0; i < k_rows; ++i) {
    rising.push_back(std::to_string(1'000'000 + i)), falling.push_back(std::to_string(2'000'000 - i));
    alike.emplace_back("the same"), organ.push_back(std::to_string(1'000'000 + std::min(i, k_rows - i)));
  }
  expect_sorted(rising, "rising"), expect_sorted(falling, "falling"), expect_sorted(alike, "alike");
  expect_sorted(organ, "up and down");
}

}  // namespace
}  // namespace provgate::test
