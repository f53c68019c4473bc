// SPDX-License-Identifier: Apache-2.0
// XPR-014, XPR-018, XPR-019, XPR-021 to XPR-031, XPR-039, XPR-055 to XPR-057, XPR-062, XPR-063: what records say about
// each other.
#pragma once

#include <functional>
#include <vector>

#include "systems/experience/record.hpp"

namespace provgate::experience {

/// What speaks against the second state of a record following the first: its rule and what it says; empty: nothing.
struct Objection {
  std::string_view rule, message, column;
};
std::optional<Objection> against_change(const State& before, const State& after);

/// Says it about the record of that number.
using Say = std::function<Finding&(std::string_view rule, std::size_t record, std::string message)>;
/// Holds all records against each other; of those that were refused it is known that they are there. `seed`: as
/// check_links() has it.
void judge_links(const std::vector<const Told*>& all, std::uint64_t seed, const Say& say);

}  // namespace provgate::experience
