// SPDX-License-Identifier: Apache-2.0
// The verbs that Concept Kernel Protocol adds to the command line.
#pragma once

#include <span>

#include "provgate/systems/system.hpp"

namespace provgate::ckp {
std::span<const SystemVerb> verbs();
}  // namespace provgate::ckp
