// SPDX-License-Identifier: Apache-2.0
// Query text on a small graph with all guards on: an answer or an error, in time and within the memory limit.
#include <sys/resource.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>

#include "provgate/sparql/sparql.hpp"

namespace {

provgate::Graph make_graph() {
  std::string text;
  for (int i = 0; i < 40; ++i) {
    text += "<http://e/s" + std::to_string(i % 12) + "> <http://e/p" + std::to_string(i % 3) + "> <http://e/s" +
            std::to_string(i * 5 % 12) + "> <http://g/" + std::to_string(i % 2) + "> .\n";
    text += "<http://e/s" + std::to_string(i % 12) + "> <http://e/name> \"name " + std::to_string(i) + "\"@en .\n";
  }
  auto graph = provgate::parse_rdf("seed", text, "nquads", "");
  if (!graph) std::abort();
  return std::move(*graph);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace provgate;
  static const Graph graph = make_graph();
  static const auto source = graph_source(graph);
  const auto start = std::chrono::steady_clock::now();
  const auto query = sparql::Query::prepare(std::string_view(reinterpret_cast<const char*>(data), size));
  if (!query) {
    if (query.error().why.empty() || query.error().code == Code::bug) std::abort();
    return 0;
  }
  const sparql::Limits limits{300, 10'000, 32ULL << 20};
  std::uint64_t given = 0;
  const sparql::Sink sink{[](std::string_view) { return true; },
                          [&](std::size_t, std::span<const sparql::Cell>) { return ++given > 0; }};
  const bool graph_form = query->kind() == sparql::Kind::construct || query->kind() == sparql::Kind::describe;
  const auto outcome = query->run(*source, graph_form ? sparql::Format::ntriples : sparql::Format::rows, sink, limits);
  if (outcome.error && outcome.error->code == Code::bug) {
    std::fprintf(stderr, "%s\n", outcome.error->why.c_str());
    std::abort();
  }
  if (given > limits.rows) std::abort();
  // Over the deadline: planning, and a step that cannot be stopped; sanitizers and a busy machine are slow.
  if (std::chrono::steady_clock::now() - start > std::chrono::seconds(8)) std::abort();
  return 0;
}
