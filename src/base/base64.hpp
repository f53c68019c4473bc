// SPDX-License-Identifier: Apache-2.0
// Base64 (RFC 4648, 4), with padding.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace provgate {
std::string to_base64(std::string_view bytes);
/// Nothing where the text is not the one form of some bytes: other letters, wrong padding, bits left over.
std::optional<std::string> from_base64(std::string_view text);
}  // namespace provgate
