// SPDX-License-Identifier: Apache-2.0
// What benchmark programs share: a watch, and an end where something goes wrong.
#pragma once

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <type_traits>

#include "provgate/base/base.hpp"

namespace provgate::bench {

class Watch {
 public:
  double seconds() const { return std::chrono::duration<double>(std::chrono::steady_clock::now() - began_).count(); }

 private:
  std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
};

[[noreturn]] inline void die(const std::string& why) {
  std::fprintf(stderr, "%s\n", why.c_str());
  std::exit(1);
}

template <class T>
T must(Result<T> got) {
  if (!got) die(got.error().why);
  if constexpr (!std::is_void_v<T>) return std::move(*got);
}

}  // namespace provgate::bench
