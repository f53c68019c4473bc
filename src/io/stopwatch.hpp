// SPDX-License-Identifier: Apache-2.0
// How long something takes.
#pragma once

#include <chrono>

namespace provgate {

/// Runs from when it is made. Never goes back, whatever the clock of the day does. One thread at a time.
class Stopwatch {
 public:
  double milliseconds() const {
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin_).count();
  }

 private:
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

}  // namespace provgate
