// SPDX-License-Identifier: Apache-2.0
// The one fault of a text that its readers stop at. Where it is shown it becomes an Error or a finding with its place.
#pragma once

#include <cstdint>
#include <string>

namespace provgate {

struct Fault {
  std::uint64_t offset = 0;  ///< bytes, from the text's begin
  std::string why, help;
  std::uint64_t end = 0;      ///< where it ends; 0: nobody says
  std::string expected = {};  ///< what would fit there
  std::string nearest = {};   ///< the nearest text without a fault, or empty where none is near
};

}  // namespace provgate
