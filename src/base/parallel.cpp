#include "base/parallel.hpp"

#include <tbb/global_control.h>
#include <tbb/parallel_for.h>

#include <thread>

namespace provgate {

unsigned thread_count(unsigned wanted) { return wanted ? wanted : std::max(1U, std::thread::hardware_concurrency()); }

void parallel_for(std::size_t count, unsigned threads, const std::function<void(std::size_t)>& body) {
  if (threads <= 1 || count <= 1) {
    for (std::size_t i = 0; i < count; ++i) body(i);
    return;
  }
  const tbb::global_control limit(tbb::global_control::max_allowed_parallelism, threads);
  tbb::parallel_for(std::size_t{0}, count, body, tbb::simple_partitioner());
}

}  // namespace provgate
