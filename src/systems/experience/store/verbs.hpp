// SPDX-License-Identifier: Apache-2.0
// provgate experience …
#pragma once

#include <span>

#include "provgate/systems/system.hpp"

namespace provgate::experience {

std::span<const SystemVerb> verbs();

}  // namespace provgate::experience
