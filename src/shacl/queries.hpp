// SPDX-License-Identifier: Apache-2.0
// sh:sparql constraints and the validators of custom components, prepared once (SHACL 5 and 6).
#pragma once

#include "provgate/sparql/sparql.hpp"
#include "shacl/shape.hpp"

namespace provgate::shacl {

struct SparqlQuery {
  sparql::Query query;
  bool ask = false;  ///< ASK with $this and $value; else SELECT with $this
  std::vector<TermId>
      parameters;  ///< values of the component's parameters, after $this ($value) $shapesGraph $currentShape
  std::vector<std::string> names;  ///< their names, for messages
  std::size_t value = SIZE_MAX, path = SIZE_MAX, message = SIZE_MAX, self = SIZE_MAX,
              failure = SIZE_MAX;  ///< columns of the SELECT
};

/// The variable of a parameter whose path is that IRI: its end; empty when that cannot be a variable of a query, or is
/// one of SHACL's.
std::string variable_of(std::string_view iri);

}  // namespace provgate::shacl
