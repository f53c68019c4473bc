// SPDX-License-Identifier: Apache-2.0
// When a verb runs, and the round of a beacon that it may lean on.
#pragma once

#include "provgate/systems/experience/experience_store.hpp"
#include "provgate/systems/system.hpp"

namespace provgate::experience {

/// A setting; empty where it was not given.
const std::string& setting(const VerbRequest& request, std::string_view name);
/// --now and --beacon (URL, FILE or none). The world's random numbers must outlive it.
/// Errors: Code::usage for a time that is none; Code::world where the beacon cannot be reached or does not give a
/// round; Code::input where the file holds none. No round is ever made up.
Result<Occasion> occasion(const World& world, const VerbRequest& request);

}  // namespace provgate::experience
