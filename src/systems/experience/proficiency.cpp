// SPDX-License-Identifier: Apache-2.0
#include "systems/experience/proficiency.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>

namespace provgate::experience {
namespace {

constexpr std::int64_t k_recent_micros = 90LL * 24 * 3600 * 1'000'000;
constexpr int k_most_recent = 20;

struct Counts {
  int all = 0, successes = 0, verified = 0, recent = 0, complexity = 0, complexities = 0;
};

Counts counted(const std::vector<Evidence>& all, std::int64_t now_micros) {
  Counts out;
  for (const auto& one : all) {
    ++out.all, out.successes += one.success.value_or(false), out.verified += one.verified;
    out.recent += one.micros >= now_micros - k_recent_micros && one.micros <= now_micros;
    if (one.complexity) out.complexity += *one.complexity, ++out.complexities;
  }
  return out;
}

// In hundredths of a point: success 35, complexity 25, verification 20, recent records 20.
constexpr int k_success = 3500, k_complexity_tenth = 250, k_verified = 2000, k_recent_each = 100;

}  // namespace

std::string_view level_of(Score score) {
  if (score.cents >= 8000) return "expert";
  if (score.cents >= 6000) return "advanced";
  if (score.cents >= 4000) return "intermediate";
  return score.cents >= 2000 ? "beginner" : "novice";
}

std::optional<Score> seed_score(const std::vector<Evidence>& all, std::int64_t now_micros) {
  if (all.empty()) return {};
  const auto c = counted(all, now_micros);
  // A fraction of whole numbers, rounded once, half a cent upwards.
  const std::int64_t n = c.all, k = std::max(c.complexities, 1);
  const std::int64_t over = (std::int64_t{k_success} * c.successes + std::int64_t{k_verified} * c.verified) * k +
                            std::int64_t{k_complexity_tenth} * c.complexity * n +
                            std::int64_t{k_recent_each} * std::min(c.recent, k_most_recent) * n * k;
  return Score{static_cast<int>((2 * over + n * k) / (2 * n * k))};
}

std::optional<Score> sound_score(const std::vector<Evidence>& all, std::int64_t now_micros) {
  std::vector<Evidence> known;
  std::ranges::copy_if(all, std::back_inserter(known), [](const auto& one) { return !one.invalidated && one.success; });
  if (known.empty()) return {};
  const auto c = counted(known, now_micros);
  constexpr double k_z = 1.959964;
  const double n = c.all, rate = c.successes / n, z2 = k_z * k_z;
  const double lower = (rate + z2 / (2 * n) - k_z * std::sqrt((rate * (1 - rate) + z2 / (4 * n)) / n)) / (1 + z2 / n);
  const double complexity = c.complexities ? static_cast<double>(c.complexity) / c.complexities : 0;
  const double cents = k_success * std::max(lower, 0.0) + k_complexity_tenth * complexity +
                       k_verified * c.verified / n + k_recent_each * std::min(c.recent, k_most_recent);
  constexpr int k_few = 5, k_some = 20, k_most_of_few = 5999, k_most_of_some = 7999;
  const int most = c.all < k_few ? k_most_of_few : c.all < k_some ? k_most_of_some : 10'000;
  return Score{std::min(static_cast<int>(std::floor(cents + 0.5)), most)};
}

}  // namespace provgate::experience
