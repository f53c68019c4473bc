// SPDX-License-Identifier: Apache-2.0
// RDF/XML and JSON-LD: no crash, an answer in time; what is read is written and read back as the same triples.
#include <chrono>
#include <cstdlib>

#include "provgate/rdf/rdf.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace provgate;
  if (size == 0) return 0;
  const auto start = std::chrono::steady_clock::now();
  const std::string text(reinterpret_cast<const char*>(data) + 1, size - 1);
  const auto graph = parse_rdf("fuzz", text, data[0] % 2 ? "jsonld" : "rdfxml", "http://example.org/base/file");
  if (std::chrono::steady_clock::now() - start > std::chrono::seconds(8)) std::abort();
  if (!graph) {
    if (graph.error().code == Code::bug) std::abort();
    return 0;
  }
  const auto back = parse_rdf("back", write_graph(*graph, Syntax::nquads), "nquads", "urn:base");
  if (!back || back->canonical_lines().size() != graph->canonical_lines().size()) std::abort();
  return 0;
}
