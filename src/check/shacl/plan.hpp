// Which shape looks at which focus nodes: targets, and what property shapes add to them on their way down.
#pragma once

#include "check/shacl/evaluate.hpp"

namespace provgate::shacl {

/// Focus nodes of one shape, sorted; `routes` says how often each is reported (suite: validation-reports/shared).
struct FocusSet {
  std::vector<TermId> nodes;
  std::vector<std::uint32_t> routes;
};

struct Plan {
  std::vector<FocusSet> focus;                ///< by shape
  std::vector<std::vector<TermId>> selected;  ///< by shape: what its own targets select
};

Result<Plan> plan(const Ground& ground);

}  // namespace provgate::shacl
