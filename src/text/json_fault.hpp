// Where and why a text is not JSON: a strict RFC 8259 recogniser that runs only after the fast reader has said no.
#pragma once

#include <optional>

#include "provgate/base/base.hpp"

namespace provgate {
struct JsonFault {
  std::size_t begin = 0, end = 0;
  std::string why, help;
};
/// The first fault, or nothing when `text` is JSON (NaN and ±Infinity count as numbers).
std::optional<JsonFault> find_json_fault(std::string_view text, int max_depth);
}  // namespace provgate
