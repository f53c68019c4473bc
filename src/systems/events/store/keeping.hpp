// SPDX-License-Identifier: Apache-2.0
// What a store is told of kept events.
#pragma once

#include "provgate/systems/keeping.hpp"

namespace provgate::events {

const Keeping& keeping();

}  // namespace provgate::events
