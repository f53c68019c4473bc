// The door to Raptor; no other file includes its header.
#pragma once

#include "rdf/read.hpp"

namespace provgate {
/// RDF/XML by Raptor's "rdfxml-abbrev"-free serialiser, statements in sorted order.
std::string raptor_write_rdfxml(const Graph& graph, const WriteOptions& options);
/// Reads one text with Raptor's parser of that name: no network, no files, no external entities. An origin's offset is a line number.
/// Any error or warning of grammar is an error. Code::input with the line where Raptor saw it.
Result<Graph> raptor_read(const std::string& path, std::string_view text, std::string_view syntax, std::string_view base, std::uint32_t file);
}  // namespace provgate
