// SPDX-License-Identifier: Apache-2.0
// Whether two graphs are the same up to the names of their blank nodes (RDF 1.1 Concepts, 3.6).
#pragma once

#include <array>
#include <string>
#include <vector>

#include "provgate/rdf/rdf.hpp"

namespace provgate::test {
using Triple = std::array<std::string, 3>;
std::vector<Triple> triples_of(const Graph& graph);
bool isomorphic(std::vector<Triple> a, std::vector<Triple> b);
}  // namespace provgate::test
