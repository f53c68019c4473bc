// SPDX-License-Identifier: Apache-2.0
// The RDF readers: no crash; what is read is written and read back as the same triples.
#include <cstdlib>

#include "provgate/rdf/rdf.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace provgate;
  if (size == 0) return 0;
  static constexpr const char* k_syntaxes[] = {"ntriples", "nquads", "turtle", "trig"};
  const std::string text(reinterpret_cast<const char*>(data) + 1, size - 1);
  const auto graph = parse_rdf("fuzz", text, k_syntaxes[data[0] % 4], "http://example.org/base/file");
  if (!graph) return 0;
  const auto lines = graph->canonical_lines();
  for (const auto syntax : {Syntax::nquads, Syntax::trig}) {
    const auto back =
        parse_rdf("back", write_graph(*graph, syntax), syntax == Syntax::nquads ? "nquads" : "trig", "urn:base");
    if (!back) std::abort();
    // Labels that look like generated ones are renamed; the number of triples stays.
    if (back->canonical_lines().size() != lines.size()) std::abort();
  }
  return 0;
}
