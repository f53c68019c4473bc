// SPDX-License-Identifier: Apache-2.0
// Golden files: PROVGATE_UPDATE_GOLDEN=1 writes them anew.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>

namespace provgate::test {

inline const std::string k_golden = std::string(PROVGATE_SOURCE_DIR) + "/tests/golden/";

inline std::string slurp(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

inline void compare_golden(const std::string& name, const std::string& text) {
  if (std::getenv("PROVGATE_UPDATE_GOLDEN")) std::ofstream(k_golden + name, std::ios::binary) << text;
  EXPECT_EQ(text, slurp(k_golden + name)) << k_golden + name;
}

}  // namespace provgate::test
