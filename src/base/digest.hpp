// SPDX-License-Identifier: Apache-2.0
// SHA-256 (FIPS 180-4) through OpenSSL's EVP interface; one fetched digest and one context per thread.
#pragma once

#include <string>
#include <string_view>

#include "provgate/base/base.hpp"

namespace provgate {
std::string sha256(std::string_view bytes);  ///< 32 raw bytes
Digest sha256_hex(std::string_view bytes);
}  // namespace provgate
