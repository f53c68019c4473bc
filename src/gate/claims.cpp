// SPDX-License-Identifier: Apache-2.0
#include "gate/claims.hpp"

#include <chrono>
#include <thread>

#include "io/stopwatch.hpp"

namespace provgate {

Result<std::shared_ptr<const void>> Claims::of(const std::string& root, const std::function<Result<void>()>& let_go,
                                               const std::function<bool()>& stop) {
  constexpr double k_longest_ms = 10'000;
  constexpr auto k_pause = std::chrono::milliseconds(5);
  if (auto known = ours_[root].lock()) return known;
  bool others = false;
  for (const Stopwatch waited; waited.milliseconds() < k_longest_ms && !(stop && stop());) {
    TRY(auto got, disk_.claim_root(root));
    if (got) {
      ours_[root] = got;
      return got;
    }
    if (!std::exchange(others, true)) CHECKED(let_go());
    std::this_thread::sleep_for(k_pause);
  }
  return std::shared_ptr<const void>{};
}

}  // namespace provgate
