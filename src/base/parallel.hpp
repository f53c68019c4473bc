// SPDX-License-Identifier: Apache-2.0
// Work on several threads.
#pragma once

#include <atomic>
#include <cstddef>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace provgate {
/// 0 means as many as the machine has.
unsigned thread_count(unsigned wanted);

/// body(i) for each i below `count`, on at most `threads` threads, in no order. Others begin at once; who calls
/// finish() joins in. Where the system gives fewer threads, fewer do the work. Dropped without finish(), it leaves the
/// rest undone.
class Beside {
 public:
  Beside(std::size_t count, unsigned threads, std::function<void(std::size_t)> body);
  ~Beside();
  Beside(const Beside&) = delete;
  /// Returns when all are done. The first exception of a body is thrown again here; the rest is then left undone.
  void finish();

 private:
  void work();
  void join();

  const std::size_t count_;
  const std::function<void(std::size_t)> body_;
  std::atomic<std::size_t> next_{0};
  std::mutex failing_;
  std::exception_ptr failure_;
  std::vector<std::thread> helpers_;
};

/// The same at once.
void parallel_for(std::size_t count, unsigned threads, const std::function<void(std::size_t)>& body);
}  // namespace provgate
