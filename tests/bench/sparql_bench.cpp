// SPDX-License-Identifier: Apache-2.0
// provgate_sparql_bench [RECORDS]: fills a store with RECORDS × 10 quads (default 100,000 records: a million quads) and
// times queries on it, best of five, parsing and writing the answer included. With PROVGATE_ENDPOINT set (see
// fuseki/start) and the same quads there, each is timed on Fuseki in the same run, over HTTP with a kept connection.
// `--make FILE` writes the quads as N-Quads, for loading them into Fuseki. Never part of a timed test.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>

#include "provgate/publish/publish.hpp"
#include "provgate/sparql/sparql.hpp"
#include "provgate/store/store.hpp"

namespace {

using namespace provgate;

const std::string k_prov = "http://www.w3.org/ns/prov#", k_ckp = "https://conceptkernel.org/ontology/v3.7/",
                  k_type = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>",
                  k_time = "^^<http://www.w3.org/2001/XMLSchema#dateTime>";

// One record: an instance, its action, and where it came from, in a graph of its own. Every fourth has no agent.
template <class F>
void make(int records, F&& quad) {
  for (int i = 0; i < records; ++i) {
    const auto n = std::to_string(i);
    const auto instance = "<ckp://Instance#i-" + n + ">", action = "<ckp://Action#Acme.Notes/write-" + n + ">",
               graph = "<ckp://Graph#" + n + ">";
    char stamp[40];
    std::snprintf(stamp, sizeof stamp, "\"2025-%02d-%02dT%02d:%02d:%02dZ\"", 1 + i / 7 % 12, 1 + i / 3 % 28, i * 7 % 24,
                  i * 13 % 60, i * 29 % 60);
    const auto prov = [](const char* name) { return "<" + k_prov + name + ">"; };
    quad(instance, k_type, prov("Entity"), graph);
    quad(instance, prov("wasGeneratedBy"), action, graph);
    quad(instance, prov("wasAttributedTo"), "<ckp://Kernel#Acme.K" + std::to_string(i % 50) + ":v1.0>", graph);
    quad(instance, prov("generatedAtTime"), stamp + k_time, graph);
    quad(instance, "<" + k_ckp + "status>", i % 3 ? "\"completed\"" : "\"failed\"", graph);
    if (i % 10) {
      quad(instance, prov("wasDerivedFrom"), "<ckp://Instance#i-" + std::to_string(i - 1) + ">", graph);
    } else {
      quad(instance, "<" + k_ckp + "first>", "\"true\"", graph);
    }
    quad(action, k_type, prov("Activity"), graph);
    quad(action, prov("startedAtTime"), stamp + k_time, graph);
    quad(action, prov("used"), "<ckp://Instance#input-" + std::to_string(i % 1000) + ">", graph);
    if (i % 4) {
      quad(action, prov("wasAssociatedWith"), "<ckp://Agent#a" + std::to_string(i % 20) + ">", graph);
    } else {
      quad(action, "<" + k_ckp + "unattended>", "\"true\"", graph);
    }
  }
}

struct Case {
  const char *name, *text;
  double most_ms;  ///< what it may take; 0: no limit is set
};
const Case k_cases[] = {
    {"one record", "SELECT ?p ?o { <ckp://Instance#i-50005> ?p ?o }", 0.1},
    {"wasDerivedFrom+, bound node",
     "PREFIX prov: <http://www.w3.org/ns/prov#> SELECT ?x { <ckp://Instance#i-50005> prov:wasDerivedFrom+ ?x }", 0.2},
    {"instance, action, agent, input",
     "PREFIX prov: <http://www.w3.org/ns/prov#> SELECT * { <ckp://Instance#i-50005> prov:wasGeneratedBy ?a . ?a "
     "prov:wasAssociatedWith ?g ; prov:used ?u }",
     0},
    {"NOT EXISTS over 100k",
     "PREFIX prov: <http://www.w3.org/ns/prov#> SELECT (COUNT(*) AS ?n) { ?a a prov:Activity FILTER NOT EXISTS { ?a "
     "prov:wasAssociatedWith ?g } }",
     200},
    {"COUNT(*)", "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", 150},
    {"ORDER BY 100k LIMIT 10",
     "PREFIX prov: <http://www.w3.org/ns/prov#> SELECT ?s ?t { ?s prov:generatedAtTime ?t } ORDER BY ?t ?s LIMIT 10",
     150},
    {"GROUP BY kernel",
     "PREFIX prov: <http://www.w3.org/ns/prov#> SELECT ?k (COUNT(*) AS ?n) { ?s prov:wasAttributedTo ?k } GROUP BY ?k",
     0},
};

template <class F>
double best_ms(F&& body) {
  double best = 1e9;
  for (int i = 0; i < 5; ++i) {
    const auto start = std::chrono::steady_clock::now();
    body();
    best = std::min(best, std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count());
  }
  return best;
}

[[noreturn]] void stop(const std::string& why) {
  std::fprintf(stderr, "%s\n", why.c_str());
  std::exit(1);
}

}  // namespace

int main(int argc, char** argv) {
  const bool only_make = argc > 2 && std::strcmp(argv[1], "--make") == 0;
  const int records = argc > 1 && !only_make ? std::atoi(argv[1]) : argc > 3 ? std::atoi(argv[3]) : 100'000;
  if (only_make) {
    std::ofstream out(argv[2]);
    make(records, [&](const std::string& s, const std::string& p, const std::string& o, const std::string& g) {
      out << s << ' ' << p << ' ' << o << ' ' << g << " .\n";
    });
    return out.good() ? 0 : 1;
  }
  const auto directory = std::filesystem::temp_directory_path() / ("provgate-sparql-bench-" + std::to_string(records));
  if (!std::filesystem::exists(directory / "done")) {
    std::filesystem::remove_all(directory);
    Graph graph;
    make(records, [&](const std::string& s, const std::string& p, const std::string& o, const std::string& g) {
      auto& terms = graph.terms();
      graph.add({terms.intern(s), terms.intern(p), terms.intern(o), terms.intern(g)});
    });
    auto store = Store::open(directory.string(), true);
    if (!store) stop(store.error().why);
    const auto added = store->add_graph(graph);
    if (!added) stop(added.error().why);
    std::ofstream(directory / "done") << "\n";
  }
  const auto store = Store::open(directory.string(), false);
  if (!store) stop(store.error().why);
  auto world = real_world();
  const auto endpoint = std::getenv("PROVGATE_ENDPOINT") ? endpoint_from(world.disk, "", false)
                                                         : Result<Endpoint>(tl::unexpected<Error>(Error{}));
  bool good = true;
  std::printf("%-32s %10s %10s %8s %8s\n", "query", "store ms", "limit ms", "Fuseki", "ratio");
  for (const auto& one : k_cases) {
    std::string here, there;
    const double mine = best_ms([&] {
      here.clear();
      const auto query = sparql::Query::prepare(one.text);
      if (!query) stop(query.error().why);
      const auto snapshot = store->snapshot();
      if (!snapshot) stop(snapshot.error().why);
      const auto outcome = query->run(**snapshot, sparql::Format::csv,
                                      {[&](std::string_view bytes) { return !(here += bytes).empty(); }, {}});
      if (outcome.error) stop(outcome.error->why);
    });
    std::printf("%-32s %10.3f %10.1f", one.name, mine, one.most_ms);
    good &= one.most_ms == 0 || mine <= one.most_ms;
    if (endpoint) {
      const double theirs = best_ms([&] {
        const auto body = sparql_query(world.http, *endpoint, one.text, "text/csv");
        if (!body) stop(body.error().why);
        there = *body;
      });
      std::printf(" %8.1f %7.1fx", theirs, theirs / mine);
      good &= theirs > mine;
      // Rows may come in another order.
      std::sort(here.begin(), here.end()), std::sort(there.begin(), there.end());
      if (here != there) std::printf("  DIFFERENT ANSWERS"), good = false;
    }
    std::printf("\n");
  }
  return good ? 0 : 1;
}
