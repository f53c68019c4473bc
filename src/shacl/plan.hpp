// SPDX-License-Identifier: Apache-2.0
// Which shape looks at which focus nodes: targets, and what property shapes add to them on their way down.
#pragma once

#include "shacl/evaluate.hpp"

namespace provgate::shacl {

/// Focus nodes of one shape, sorted; `routes` says how often each is reported (suite: validation-reports/shared), once
/// when it is empty.
struct FocusSet {
  std::vector<TermId> nodes;
  std::vector<std::uint32_t> routes;
  std::uint32_t route(std::size_t i) const { return routes.empty() ? 1 : routes[i]; }
};

struct Plan {
  std::vector<FocusSet> focus;  ///< by shape
};

/// `scope` limits what targets select; null: it does not.
Result<Plan> plan(const Ground& ground, const TargetScope* scope = nullptr);

}  // namespace provgate::shacl
