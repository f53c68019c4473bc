// SPDX-License-Identifier: Apache-2.0
// Where a thing comes from when several graphs speak of it: the store and an endpoint give one answer.
#include <gtest/gtest.h>

#include "provgate/audit/audit.hpp"
#include "support/memory_disk.hpp"
#include "support/quads.hpp"

namespace provgate::test {
namespace {

// Two projects, each with a graph of its own; both have a record <urn:x:r> and an action <urn:x:shared>.
constexpr const char* k_said[][4] = {
    {"r", "a", "prov:Entity", "one"},
    {"r", "prov:wasGeneratedBy", "a1", "one"},
    {"a1", "prov:wasAssociatedWith", "k1", "one"},
    {"r", "a", "prov:Entity", "two"},
    {"r", "prov:wasGeneratedBy", "a2", "two"},
    {"only", "a", "prov:Entity", "one"},
    {"only", "prov:wasGeneratedBy", "shared", "one"},
    {"shared", "prov:wasAssociatedWith", "k1", "one"},
    {"shared", "prov:wasAssociatedWith", "k2", "two"},
    {"shared", "prov:startedAtTime", "\"2026-01-01T00:00:00Z\"", "two"},
    {"k1", "a", "prov:Agent", "one"},
    {"k1", "rdfs:label", "\"the first\"", "two"},
    {"k2", "rdfs:label", "\"the second\"", "two"},
};

std::string term(std::string_view text) {
  if (text.starts_with('"')) return std::string(text);
  if (text == "a") return iri_text(std::string(vocab::rdf) + "type");
  if (text.starts_with("prov:")) return iri_text(std::string(vocab::prov).append(text.substr(5)));
  if (text.starts_with("rdfs:")) return iri_text(std::string(vocab::rdfs).append(text.substr(5)));
  return iri_text("urn:x:" + std::string(text));
}

class Graphs : public testing::TestWithParam<bool> {
 protected:
  Graphs() : store_(std::move(*Store::open(join_path(home_.path, "store"), true))) {
    for (const auto& [s, p, o, g] : k_said) EXPECT_TRUE(*add_quad(store_, term(s), term(p), term(o), term(g)));
    // An endpoint with the same graphs, whose default graph is all of them.
    http_.answer = [this](const HttpRequest& request) -> Result<HttpAnswer> {
      TRY(const auto query, sparql::Query::prepare(request.body));
      TRY(const auto quads, store_.snapshot());
      HttpAnswer out{200, {}};
      const sparql::Sink sink{[&](std::string_view bytes) { return out.body += bytes, true; }, {}};
      if (auto run = query.run(*quads, sparql::Format::json, sink); run.error) return tl::unexpected<Error>(*run.error);
      return out;
    };
    source_ = GetParam() ? endpoint_source(http_, {"http://server/data", {}, {}}) : store_source(store_);
  }
  Result<Trace> of(const std::string& name, const std::string& graph = {}) {
    return trace(*source_, "urn:x:" + name, graph.empty() ? std::optional<GraphName>{} : GraphName("urn:x:" + graph));
  }

  TemporaryDirectory home_;
  FakeHttp http_;
  Store store_;
  std::unique_ptr<TripleSource> source_;
};

TEST_P(Graphs, ThatSayWhatGeneratedItAreNotMixed) {
  const auto both = of("r");
  ASSERT_FALSE(both);
  EXPECT_EQ(both.error().code, Code::usage);
  EXPECT_EQ(both.error().why, "several graphs say what generated urn:x:r: urn:x:one, urn:x:two");
  for (const auto& [graph, action] : {std::pair{"one", "urn:x:a1"}, {"two", "urn:x:a2"}}) {
    const auto found = of("r", graph);
    ASSERT_TRUE(found) << found.error().why;
    ASSERT_EQ(found->how.size(), 1U) << graph;
    EXPECT_EQ(found->how[0].urn, action);
  }
  const auto third = of("r", "three");
  ASSERT_FALSE(third);
  EXPECT_EQ(third.error().code, Code::nothing);
  EXPECT_EQ(third.error().help, "known in urn:x:one, urn:x:two");
}

TEST_P(Graphs, OneGraphsWordCountsWhereItSaysMoreThanWhatAThingIs) {
  const auto found = of("only");
  ASSERT_TRUE(found) << found.error().why;
  ASSERT_EQ(found->how.size(), 1U);
  EXPECT_EQ(found->how[0].started, "") << "the other project's action of that IRI";
  ASSERT_EQ(found->how[0].who.size(), 1U);
  EXPECT_EQ(found->how[0].who[0].urn, "urn:x:k1");
  EXPECT_EQ(found->how[0].who[0].label, "the first") << "its own graph only says that it is an agent";
  const std::vector<std::pair<std::string, GraphName>> other = {{"urn:x:k1", GraphName("urn:x:two")}};
  EXPECT_EQ(found->elsewhere, other) << "and that is said";
}

TEST_P(Graphs, ANamedGraphIsAllThatCounts) {
  const auto found = of("only", "one");
  ASSERT_TRUE(found) << found.error().why;
  EXPECT_EQ(found->how[0].who[0].label, "") << "only the other graph has one";
  EXPECT_TRUE(found->elsewhere.empty());
}

TEST_P(Graphs, ThatSayUnlikeThingsAreNotMixed) {
  EXPECT_EQ(of("shared").error().code, Code::usage);
  EXPECT_EQ(of("shared", "one")->triples.size(), 1U);
  EXPECT_EQ(of("shared", "two")->triples.size(), 2U);
  EXPECT_EQ(of("k2")->triples.size(), 1U) << "one graph alone speaks of it";
  EXPECT_EQ(of("unknown").error().code, Code::nothing);
}

INSTANTIATE_TEST_SUITE_P(Trace, Graphs, testing::Values(false, true),
                         [](const auto& one) { return one.param ? "Endpoint" : "Store"; });

}  // namespace
}  // namespace provgate::test
