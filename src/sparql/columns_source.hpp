// SPDX-License-Identifier: Apache-2.0
// Columns as a quad source: their triples are the default graph, and a second set may be the one named graph.
#pragma once

#include "provgate/sparql/sparql.hpp"
#include "rdf/columns.hpp"

namespace provgate {

struct NamedColumns {
  TermId name = 0;
  const Columns* columns = nullptr;
};

/// For one thread. Requires that everything given lives on; terms may be added meanwhile by no one.
std::unique_ptr<QuadSource> columns_source(const Columns& columns, const Dictionary& terms, NamedColumns named = {});

}  // namespace provgate
