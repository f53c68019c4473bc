// SPDX-License-Identifier: Apache-2.0
// provgate events append, query, artifact, transition, trace-link, summary.
#pragma once

#include "provgate/systems/system.hpp"

namespace provgate::events {

std::span<const SystemVerb> verbs();

}  // namespace provgate::events
