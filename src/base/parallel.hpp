// SPDX-License-Identifier: Apache-2.0
// Work on several threads.
#pragma once

#include <cstddef>
#include <functional>

namespace provgate {
/// 0 means as many as the machine has.
unsigned thread_count(unsigned wanted);
/// Calls body(i) for each i below `count`, on at most `threads` threads, in no order. Returns when all are done. Where
/// the system gives fewer threads, fewer do the work. The first exception of a body is thrown again here; the rest is
/// then left undone.
void parallel_for(std::size_t count, unsigned threads, const std::function<void(std::size_t)>& body);
}  // namespace provgate
