// SPDX-License-Identifier: Apache-2.0
// load_store DIRECTORY FILE.nq: puts N-Quads into a store, outside the ledger. For tests and the benchmark only.
#include <cstdio>
#include <fstream>
#include <iterator>

#include "provgate/store/store.hpp"

int main(int argc, char** argv) {
  using namespace provgate;
  if (argc != 3) return 2;
  std::ifstream file(argv[2], std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const auto graph = parse_rdf(argv[2], text, "nquads", "");
  auto store = Store::open(argv[1], true);
  if (!graph || !store) {
    std::fprintf(stderr, "%s\n", (graph ? store.error() : graph.error()).why.c_str());
    return 1;
  }
  const auto added = store->add_graph(*graph);
  if (!added) {
    std::fprintf(stderr, "%s\n", added.error().why.c_str());
    return 1;
  }
  std::printf("%llu\n", static_cast<unsigned long long>(*added));
  return 0;
}
