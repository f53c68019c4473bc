// Targets that select nothing, and what was probably meant.
#pragma once

#include "check/shacl/evaluate.hpp"

namespace provgate::shacl {

/// Whether no node of the data is selected. A node target always selects its node.
bool selects_nothing(const Target& target, const Ground& on);
/// Runs the queries of targets. What they make that the data do not hold becomes a new term. Errors: Code::world for a limit; as the engine's.
Result<TargetNodes> select_by_queries(const Shapes::Model& model, const Columns& columns, Dictionary& terms, NamedColumns shapes_graph, const sparql::Limits& limits, const Clock& clock);
/// The class of the data or of PROV-O whose name is closest, readable; nothing when none is near.
std::optional<std::string> near_class(TermId wanted, const Ground& on);

}  // namespace provgate::shacl
