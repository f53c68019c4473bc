// SPDX-License-Identifier: Apache-2.0
// Where a result stands in the data: the triple of its value; without one, the triple that made its focus node one.
#pragma once

#include "shacl/evaluate.hpp"

namespace provgate::shacl {

/// Sets `span` and `located` of each result, and returns for each the index of its statement (SIZE_MAX: none). One pass
/// over the data, however many results there are.
std::vector<std::size_t> locate(std::vector<ValidationResult>& results, const RdfData& data, const Ground& ground);
/// The same of what explains them, at every depth.
void locate_details(std::vector<ValidationResult>& results, const RdfData& data, const Ground& ground);

}  // namespace provgate::shacl
