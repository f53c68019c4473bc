// SPDX-License-Identifier: Apache-2.0
// The real outside world, one maker for each interface.
#pragma once

#include "provgate/io/io.hpp"

namespace provgate {
Disk& real_disk();
std::unique_ptr<Http> make_curl_http();
}  // namespace provgate
