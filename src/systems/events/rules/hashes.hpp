// SPDX-License-Identifier: Apache-2.0
// Hashes that can be made again from what stands beside them. Source: converge-core 3.9.3, recall::StableHash: SHA-256
// over fields, each as its length in eight bytes, big endian, and its bytes; the first is the name of the recipe.
#pragma once

#include "provgate/text/text.hpp"

namespace provgate::events {

/// Of a recall query, of a recall policy: lower-case hexadecimal. Requires values that the original reader takes,
/// written as objects.
std::string recall_query_hash(Value query);
std::string recall_policy_hash(Value policy);

}  // namespace provgate::events
