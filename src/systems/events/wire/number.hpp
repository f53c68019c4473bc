// SPDX-License-Identifier: Apache-2.0
// Numbers as the original reads and writes them: read fast and not always to the last bit, written in the fewest digits
// that read back as the same. Source: serde_json 1.0 (its reader, and what it writes from 1.0.146 on). Threads: any.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace provgate::events {

/// An unsigned, a negative or a fractional number. Nothing where it is out of the range of a double.
using Number = std::variant<std::uint64_t, std::int64_t, double>;
/// Requires an RFC 8259 number.
std::optional<Number> parse_number(std::string_view text);
double as_double(const Number& number);

/// "0.5", "1e-7", "1e+16"; "null" where it is not finite.
void append_number(std::string& out, double value);
void append_number(std::string& out, float value);

}  // namespace provgate::events
