// SPDX-License-Identifier: Apache-2.0
// Where and why a text is not JSON: a strict RFC 8259 recogniser that runs only after the fast reader has said no.
#pragma once

#include <optional>

#include "base/fault.hpp"
#include "provgate/base/base.hpp"

namespace provgate {
/// The first fault, or nothing when `text` is JSON (NaN and ±Infinity count as numbers).
std::optional<Fault> find_json_fault(std::string_view text, int max_depth);
}  // namespace provgate
