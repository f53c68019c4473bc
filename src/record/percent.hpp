// SPDX-License-Identifier: Apache-2.0
// Any text as a part of an IRI. Source: RFC 3986, 2.1 and 2.3. Threads: any.
#pragma once

#include <string>
#include <string_view>

namespace provgate {

/// Percent-encodes all bytes but the unreserved characters.
std::string percent_encoded(std::string_view text);
/// Of a text that is not encoded, something else than what was encoded.
std::string percent_decoded(std::string_view text);

}  // namespace provgate
