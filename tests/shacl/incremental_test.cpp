// SPDX-License-Identifier: Apache-2.0
// --changed: a run over what a random change can affect, beside the full runs before and after it.
#include <gtest/gtest.h>

#include <random>
#include <set>

#include "shacl/compile.hpp"
#include "support/records.hpp"
#include "support/sample.hpp"

namespace provgate {
namespace {

using Triples = std::set<std::string>;
using Found = std::multiset<std::string>;

constexpr const char* k_shapes = R"(
@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix : <urn:> . @prefix rdf:
<http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
:s1 sh:targetClass :C0 ; sh:property [ sh:path ( :p0 :p1 ) ; sh:maxCount 1 ; sh:class :C1 ] , :nested .
:s2 sh:targetSubjectsOf :p1 ; sh:property [ sh:path [ sh:inversePath :p0 ] ; sh:minCount 1 ] .
:s3 sh:targetObjectsOf :p2 ; sh:property [ sh:path ( [ sh:inversePath :p2 ] [ sh:zeroOrMorePath :p0 ] ) ;
sh:maxCount 3 ; sh:nodeKind sh:IRI ] .
:s4 sh:targetClass :C1 ; sh:not :inner ; sh:closed true ; sh:ignoredProperties ( rdf:type :p0 :p1 ) .
:s5 sh:targetClass :C2 ; sh:property [ sh:path :p0 ; sh:equals :p1 ] , [ sh:path [ sh:alternativePath ( :p1 :p2
) ] ; sh:disjoint :p0 ] .
:s6 sh:targetNode :n0 , :n1 ; sh:property [ sh:path [ sh:oneOrMorePath ( :p0 [ sh:inversePath :p1 ] ) ] ;
sh:qualifiedValueShape :inner ; sh:qualifiedMaxCount 1 ] .
:s7 sh:targetSubjectsOf :p2 ; sh:node [ sh:property [ sh:path :p2 ; sh:node :inner ] ] .
:nested sh:path :p2 ; sh:property [ sh:path [ sh:zeroOrOnePath :p1 ] ; sh:property [ sh:path :p0 ; sh:minCount 1 ] ] .
:inner sh:property [ sh:path ( :p0 :p0 ) ; sh:minCount 1 ] .
)";

struct Answer {
  Found results;
  std::uint64_t checks = 0;
  std::set<std::string> focus;
};

Answer validate(const Triples& data_triples, const std::optional<Triples>& change) {
  test::MemoryDisk disk;
  std::string text;
  for (const auto& t : data_triples) text += t + "\n";
  disk.put("data.nt", text);
  disk.put("shapes.ttl", k_shapes);
  auto data = load_rdf(disk, {"data.nt"}), shapes = load_rdf(disk, {"shapes.ttl"});
  EXPECT_TRUE(data && shapes);
  std::vector<Finding> notes;
  const auto compiled = shacl::Shapes::compile(*data, *shapes, notes);
  EXPECT_TRUE(compiled) << (notes.empty() ? "" : notes.front().message);
  shacl::Options options;
  options.details = false;
  if (change) {
    std::string lines;
    for (const auto& t : *change) lines += t + "\n";
    options.changed = *parse_rdf("change", lines, "ntriples", "");
  }
  const auto report = shacl::validate(*data, *shapes, *compiled, options);
  EXPECT_TRUE(report);
  Answer out;
  out.checks = report->coverage.checks;
  const auto& terms = data->graph.terms();
  for (const auto& r : report->results) {
    std::string line;
    for (const auto id : {r.focus, r.value, r.path, r.component, compiled->model().shapes[r.shape].node})
      line += std::string(terms.text(id)) + " ";
    out.results.insert(line);
  }
  return out;
}

TEST(Incremental, EqualsTheFullRunOnRandomChanges) {
  std::mt19937 random(7);
  const auto below = [&](unsigned n) { return std::uniform_int_distribution<unsigned>(0, n - 1)(random); };
  const auto node = [&] { return "<urn:n" + std::to_string(below(9)) + ">"; };
  const auto triple = [&]() -> std::string {
    if (below(30) == 0)
      return "<urn:C" + std::to_string(below(3)) + "> <http://www.w3.org/2000/01/rdf-schema#subClassOf> <urn:C" +
             std::to_string(below(3)) + "> .";
    if (below(4) == 0)
      return node() + " <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <urn:C" + std::to_string(below(3)) + "> .";
    return node() + " <urn:p" + std::to_string(below(3)) + "> " +
           (below(6) ? node() : "\"v" + std::to_string(below(3)) + "\"") + " .";
  };
  std::uint64_t fewer = 0, differing = 0, with_subclasses = 0;
  const int rounds = 1500 / test::one_of(4);
  for (int round = 0; round < rounds; ++round) {
    Triples before, change;
    for (unsigned i = 12 + below(25); i; --i) before.insert(triple());
    auto after = before;
    for (unsigned i = 1 + below(3); i; --i) {
      auto t = below(2) ? triple() : *std::next(before.begin(), below(static_cast<unsigned>(before.size())));
      change.insert(t);
      if (!after.erase(t)) after.insert(t);
    }
    with_subclasses += std::any_of(change.begin(), change.end(),
                                   [](const auto& t) { return t.find("subClassOf") != std::string::npos; });
    const auto old_run = validate(before, {}), full = validate(after, {}), part = validate(after, change);
    // Nothing but results of the full run, and every result that was not there before.
    EXPECT_TRUE(std::includes(full.results.begin(), full.results.end(), part.results.begin(), part.results.end()))
        << round;
    Found rest;
    std::set_difference(full.results.begin(), full.results.end(), part.results.begin(), part.results.end(),
                        std::inserter(rest, rest.end()));
    EXPECT_TRUE(std::includes(old_run.results.begin(), old_run.results.end(), rest.begin(), rest.end())) << round;
    if (::testing::Test::HasFailure()) {
      std::string all = "before:\n";
      for (const auto& t : before) all += t + "\n";
      all += "change:\n";
      for (const auto& t : change) all += t + "\n";
      for (const auto& [name, found] :
           {std::pair{"old", &old_run.results}, {"full", &full.results}, {"part", &part.results}}) {
        all += std::string(name) + ":\n";
        for (const auto& r : *found) all += r + "\n";
      }
      FAIL() << all;
    }
    fewer += part.checks < full.checks;
    differing += old_run.results != full.results;
  }
  EXPECT_GT(fewer, static_cast<unsigned>(rounds) / 2);
  EXPECT_GT(differing, static_cast<unsigned>(rounds) / 3);
  EXPECT_GT(with_subclasses, 30U / static_cast<unsigned>(test::one_of(4)));
}

}  // namespace
}  // namespace provgate
