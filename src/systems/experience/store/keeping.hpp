// SPDX-License-Identifier: Apache-2.0
// What a store is told of kept records of experience.
#pragma once

#include "provgate/systems/keeping.hpp"

namespace provgate::experience {

const Keeping& keeping();

}  // namespace provgate::experience
