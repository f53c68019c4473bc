// SPDX-License-Identifier: Apache-2.0
// What the graph calls those who sign a ledger's checkpoints.
#pragma once

#include <string>

#include "provgate/base/base.hpp"

namespace provgate {

inline constexpr std::string_view k_key_graph = "urn:provgate:keys";
/// `of_line`: the digest of the key's public line, which is that of its entry.
std::string signing_key_iri(const Digest& of_line);

}  // namespace provgate
