// SPDX-License-Identifier: Apache-2.0
// The door to Raptor; no other file includes its header. It writes RDF/XML; nothing is read with it.
#pragma once

#include "rdf/read.hpp"

namespace provgate {
/// RDF/XML by Raptor's "rdfxml-abbrev"-free serialiser, statements in sorted order.
std::string raptor_write_rdfxml(const Graph& graph, const WriteOptions& options);
}  // namespace provgate
