// SPDX-License-Identifier: Apache-2.0
// Experience provenance: what somebody experienced, in chains; what they answer for; what they are attested to be able
// to do. Source: the ChittyOS experience provenance schema 1.0.0. Threads: any.
#pragma once

#include "provgate/systems/system.hpp"

namespace provgate::experience {

const System& system();

}  // namespace provgate::experience
