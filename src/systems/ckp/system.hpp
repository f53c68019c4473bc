// SPDX-License-Identifier: Apache-2.0
// Concept Kernel Protocol as a system of records.
#pragma once

#include "provgate/systems/system.hpp"

namespace provgate::ckp {
const System& system();
}  // namespace provgate::ckp
