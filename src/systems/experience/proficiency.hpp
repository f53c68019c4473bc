// SPDX-License-Identifier: Apache-2.0
// How well somebody does something, told from what is on record: as the original says, and in a sound way.
// Source: X2, X26, X27; E. B. Wilson, "Probable Inference" (1927). Pure. Threads: any.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace provgate::experience {

/// What counts of a record.
struct Evidence {
  std::optional<bool> success;
  std::optional<int> complexity;  ///< 1 to 10
  bool verified = false, invalidated = false;
  std::int64_t micros = 0;  ///< when it was experienced
};

/// Hundredths of a point, 0 to 10,000.
struct Score {
  int cents = 0;
  friend auto operator<=>(const Score&, const Score&) = default;
};
std::string_view level_of(Score score);  ///< "novice", "beginner", "intermediate", "advanced", "expert"

/// `seed-v1`: success .35, mean complexity of a tenth .25, verification .20, and .20 for up to 20 records of the 90
/// days before `now`. Who does not say whether it succeeded did not; complexities that are not known are left out.
/// Nothing where there are no records.
std::optional<Score> seed_score(const std::vector<Evidence>& all, std::int64_t now_micros);
/// `sound-v1`: the same without what was invalidated and without what is not known, with the lower bound of the 95 %
/// interval in place of the rate of success; below 20 records at most 79.99, below 5 at most 59.99.
std::optional<Score> sound_score(const std::vector<Evidence>& all, std::int64_t now_micros);

}  // namespace provgate::experience
