// SPDX-License-Identifier: Apache-2.0
// What costs much under the sanitizers is sampled there, unless long runs are wanted (./test.sh --long).
#pragma once

#include <cstdlib>

namespace provgate::test {

#if defined(__SANITIZE_ADDRESS__)
inline constexpr bool k_sanitized = true;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
inline constexpr bool k_sanitized = true;
#else
inline constexpr bool k_sanitized = false;
#endif
#else
inline constexpr bool k_sanitized = false;
#endif

/// One of so many under the sanitizers; else each.
inline int one_of(int many) { return k_sanitized && !std::getenv("PROVGATE_LONG") ? many : 1; }

}  // namespace provgate::test
