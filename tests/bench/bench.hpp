// SPDX-License-Identifier: Apache-2.0
// What benchmark programs share: a watch, a directory of their own, and an end where something goes wrong.
#pragma once

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
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

/// A new directory below the working directory, which goes when the program ends, however it exits.
inline const std::filesystem::path& home() {
  struct Home {
    Home() {
      char name[] = "provgate_bench.XXXXXX";
      if (!::mkdtemp(name)) die("no directory can be made here");
      path = std::filesystem::absolute(name);
    }
    ~Home() {
      std::error_code ignored;
      std::filesystem::remove_all(path, ignored);
    }
    std::filesystem::path path;
  };
  static const Home k_home;
  return k_home.path;
}

template <class T>
T must(Result<T> got) {
  if (!got) die(got.error().why);
  if constexpr (!std::is_void_v<T>) return std::move(*got);
}

}  // namespace provgate::bench
