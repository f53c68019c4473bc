// SPDX-License-Identifier: Apache-2.0
#include "provgate/systems/system.hpp"

namespace provgate {

std::optional<std::pair<const System*, const Profile*>> find_profile(std::string_view name) {
  for (const auto* system : systems()) {
    for (const auto& profile : system->profiles()) {
      if (profile.name == name) return std::pair{system, &profile};
    }
  }
  return {};
}

}  // namespace provgate
