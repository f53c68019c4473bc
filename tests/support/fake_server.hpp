// SPDX-License-Identifier: Apache-2.0
// A SPARQL server in memory, as far as publishing needs one.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "provgate/rdf/rdf.hpp"
#include "support/memory_disk.hpp"

namespace provgate::test {

/// A server that keeps a set of triples, as a graph store does.
struct Server {
  std::set<std::string> quads;
  std::vector<std::string> bodies;
  long fail_status = 0;
  bool wrong_count = false, cut = false;

  Result<HttpAnswer> take(const HttpRequest& request) {
    if (cut) return fail(Code::world, "connection reset");
    if (fail_status) return HttpAnswer{fail_status, "no"};
    auto body = gunzip(request.body);
    bodies.push_back(body);
    if (const auto at = body.find("\nGRAPH "); at != std::string::npos)
      body.erase(at + 1, 6);  // Raptor's TriG has no keyword
    const auto graph = parse_rdf("body", body, "trig", "urn:base");
    if (!graph) return HttpAnswer{400, graph.error().why};
    for (const auto& line : graph->canonical_lines()) quads.insert(line);
    const auto count = graph->size() - (wrong_count ? 1 : 0);
    return HttpAnswer{200, "{\"count\": " + std::to_string(count) + "}"};
  }
};

}  // namespace provgate::test
