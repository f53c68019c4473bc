// SPDX-License-Identifier: Apache-2.0
// Experience events: envelopes that an engine and its users append to a log, one a line.
// Source: converge-core 3.9.3 (experience store). Threads: any.
#pragma once

#include "provgate/systems/system.hpp"

namespace provgate::events {

const System& system();

}  // namespace provgate::events
