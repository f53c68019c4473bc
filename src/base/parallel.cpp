// SPDX-License-Identifier: Apache-2.0
#include "base/parallel.hpp"

#include <algorithm>
#include <system_error>
#include <utility>

namespace provgate {

unsigned thread_count(unsigned wanted) { return wanted ? wanted : std::max(1U, std::thread::hardware_concurrency()); }

Beside::Beside(std::size_t count, unsigned threads, std::function<void(std::size_t)> body)
    : count_(count), body_(std::move(body)) {
  try {
    const auto most = std::min<std::size_t>(threads, count);
    helpers_.reserve(most);
    while (helpers_.size() + 1 < most) helpers_.emplace_back([this] { work(); });
  } catch (const std::system_error& no_more) {
    (void)no_more;  // those that are there do the work
  }
}

Beside::~Beside() {
  next_ = count_;
  join();
}

void Beside::finish() {
  work();
  join();
  if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
}

void Beside::work() {
  try {
    for (std::size_t i = next_++; i < count_; i = next_++) body_(i);
  } catch (...) {
    const std::lock_guard lock(failing_);
    if (!failure_) failure_ = std::current_exception();
    next_ = count_;  // the others stop at their next step
  }
}

void Beside::join() {
  for (auto& helper : helpers_) helper.join();
  helpers_.clear();
}

void parallel_for(std::size_t count, unsigned threads, const std::function<void(std::size_t)>& body) {
  Beside(count, threads, body).finish();
}

}  // namespace provgate
