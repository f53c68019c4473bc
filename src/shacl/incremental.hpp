// SPDX-License-Identifier: Apache-2.0
// What a change of the data can affect: each shape's footprint is the triples it may look at, each with the path that
// leads there from the focus node. The changed triples are walked back along it (shacl: purrdf and RDF4J do this per
// transaction; here per file).
#pragma once

#include "shacl/plan.hpp"

namespace provgate::shacl {

/// Leaves in `plan` only focus nodes whose results a change of these triples (added or taken away; the data are those
/// after it) can affect. Sound: a result that differs before and after belongs to a node that stays. Everything stays
/// when rdfs:subClassOf changes, at shapes with queries, also those of targets, and at recursive shapes. Errors: as the
/// evaluator's.
Result<void> restrict_to(const std::vector<Quad>& changed, const Ground& ground, Plan& plan);

}  // namespace provgate::shacl
