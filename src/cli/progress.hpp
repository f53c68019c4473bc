// SPDX-License-Identifier: Apache-2.0
// What long work shows on a terminal, and how it is asked to end.
#pragma once

#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <ostream>
#include <string>

#include "io/stopwatch.hpp"
#include "provgate/store/store.hpp"

namespace provgate::cli {

inline constexpr double k_soon_ms = 500;
inline constexpr const char* k_catching_up = "statements made of";

/// One line that is written over, on standard error where that is a terminal. Threads: one.
class Progress {
 public:
  /// `done`: what was done with the things: "published"; `things`: "records".
  /// `after_ms`: what is over sooner shows nothing.
  Progress(std::ostream& err, std::string done, bool wanted, std::string things = "records", double after_ms = 0)
      : err_(err),
        done_(std::move(done)),
        things_(std::move(things)),
        live_(wanted && ::isatty(STDERR_FILENO) == 1),
        next_ms_(after_ms) {}
  void begin(std::uint64_t total) { total_ = total, watch_ = Stopwatch(); }
  /// What it tells the work to call; not longer than it lives.
  Pace pace() {
    return {[this](std::uint64_t of) { begin(of); }, [this](std::uint64_t done) { show(done); }};
  }
  /// At most ten times a second.
  void show(std::uint64_t records) {
    const bool whole = records >= total_ && (shown_ || next_ms_ == 0);
    if (!live_ || (!whole && watch_.milliseconds() < next_ms_)) return;
    next_ms_ = watch_.milliseconds() + 100;
    const auto seconds = std::max(1e-3, watch_.milliseconds() / 1000);
    const auto rate = static_cast<double>(records) / seconds;
    const auto left = total_ > records ? static_cast<double>(total_ - records) / std::max(rate, 1e-3) : 0;
    err_ << "\r" << done_ << " " << with_commas(records) << " of " << with_commas(total_) << " " << things_ << ", "
         << with_commas(static_cast<std::uint64_t>(rate)) << "/s, " << with_commas(static_cast<std::uint64_t>(left))
         << " s left   " << std::flush;
    shown_ = true;
  }
  void end() {
    if (shown_) err_ << "\n";
    shown_ = false;
  }

 private:
  std::ostream& err_;
  std::string done_, things_;
  std::uint64_t total_ = 0;
  bool live_, shown_ = false;
  double next_ms_;
  Stopwatch watch_;
};

/// While one lives, Ctrl-C asks for an end instead of being one; the second time it is one.
class Interrupt {
 public:
  Interrupt() {
    asked_ = 0;
    struct sigaction action{};
    action.sa_handler = [](int) { asked_ = 1; };
    action.sa_flags = static_cast<int>(SA_RESETHAND | SA_RESTART);
    ::sigaction(SIGINT, &action, &before_);
  }
  ~Interrupt() { ::sigaction(SIGINT, &before_, nullptr); }
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;
  static bool asked() { return asked_ != 0; }

 private:
  static inline volatile std::sig_atomic_t asked_ = 0;
  struct sigaction before_{};
};

}  // namespace provgate::cli
