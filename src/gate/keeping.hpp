// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "provgate/systems/keeping.hpp"

namespace provgate {

/// What the system of a batch says of its records. Errors: Code::integrity for a system that this version does not
/// know.
Result<const Keeping*> keeping_of(const LedgerEntry& batch);

}  // namespace provgate
