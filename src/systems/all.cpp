// SPDX-License-Identifier: Apache-2.0
// The registry: every system of records in this build. One that takes what no other takes comes last.
#include "provgate/systems/system.hpp"
#include "systems/ckp/system.hpp"
#include "systems/events/system.hpp"
#include "systems/experience/system.hpp"

namespace provgate {

std::span<const System* const> systems() {
  static const System* const k_all[] = {&events::system(), &experience::system(), &ckp::system()};
  return k_all;
}

}  // namespace provgate
