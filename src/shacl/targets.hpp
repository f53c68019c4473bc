// SPDX-License-Identifier: Apache-2.0
// Targets that select nothing, and what was probably meant.
#pragma once

#include "shacl/evaluate.hpp"

namespace provgate::shacl {

/// Whether no node of the data is selected. A node target always selects its node.
bool selects_nothing(const Target& target, const Ground& on);
/// rdfs:subClassOf between classes that the shapes use and that have instances, in the shapes only: readable names, and
/// where.
struct ShapesAxiom {
  std::size_t statement;
  std::string sub, super;
};
std::vector<ShapesAxiom> axioms_only_in_shapes(const Ground& on, const Graph& shapes, const Shapes::Model& model);
/// Runs the queries of targets. What they make that the data do not hold becomes a new term. Errors: Code::world for a
/// limit; as the engine's.
Result<TargetNodes> select_by_queries(const Shapes::Model& model, const Columns& columns, Dictionary& terms,
                                      NamedColumns shapes_graph, const sparql::Limits& limits, const Clock& clock);
/// The classes of the data and of PROV-O.
class KnownClasses {
 public:
  explicit KnownClasses(const Ground& on);
  /// The one whose name is closest to an IRI that is none of them, readable; nothing when none is near.
  std::optional<std::string> near(std::string_view text) const;

 private:
  std::vector<std::string> names_;
};

}  // namespace provgate::shacl
