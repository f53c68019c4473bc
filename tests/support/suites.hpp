// SPDX-License-Identifier: Apache-2.0
// Where the W3C suites lie: beside the checkout, or where set-up put what it fetched.
#pragma once

#include <filesystem>

namespace provgate::test {

inline std::filesystem::path suites() {
  const auto beside = std::filesystem::path(PROVGATE_SOURCE_DIR) / "../shared/suites";
  return std::filesystem::is_directory(beside) ? beside : std::filesystem::path(PROVGATE_SOURCE_DIR) / "build/suites";
}

}  // namespace provgate::test
