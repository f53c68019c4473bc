// SPDX-License-Identifier: Apache-2.0
// Validates records and RDF data with shapes, and turns results into findings.
#pragma once

#include "provgate/check/check.hpp"

namespace provgate {

/// What the records say is checked with the shapes of their profiles (a result that a rule has said already is not said
/// again), then with the shapes their collections bring and the user's shapes; RDF data with the user's shapes.
/// Errors: see check_paths.
Result<void> check_shapes(const World& world, const std::vector<std::string>& rdf, const CheckOptions& options,
                          CheckReport& report);

}  // namespace provgate
