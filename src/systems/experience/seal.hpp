// SPDX-License-Identifier: Apache-2.0
// Seals of accountability records, by our recipe and by the original's. Source: X24, C3. Pure. Threads: any.
#pragma once

#include <optional>
#include <string>

#include "provgate/text/text.hpp"

namespace provgate::experience {

/// `provgate-seal-1`: over the record's hash, the one time of the seal and the round of a beacon, where there is one.
std::string seal_hash(const std::string& record_hash, Value record);

/// Whether the seal is the original's over the record as it stands. It depends on a round that nobody kept, so those
/// around the time of the seal are tried; that none of them holds says nothing.
bool seed_seal_holds(Value record);

}  // namespace provgate::experience
