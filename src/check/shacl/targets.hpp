// Targets that select nothing, and what was probably meant.
#pragma once

#include "check/shacl/evaluate.hpp"

namespace provgate::shacl {

/// Whether no node of the data is selected. A node target always selects its node.
bool selects_nothing(const Target& target, const Ground& on);
/// The class of the data or of PROV-O whose name is closest, readable; nothing when none is near.
std::optional<std::string> near_class(TermId wanted, const Ground& on);

}  // namespace provgate::shacl
