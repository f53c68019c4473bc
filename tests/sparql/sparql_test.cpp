// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include "provgate/sparql/sparql.hpp"
#include "provgate/store/store.hpp"

#include "support/quads.hpp"
#include "support/suites.hpp"

namespace provgate {
namespace {

using sparql::Query;

Graph graph_of(const std::string& nquads) {
  auto graph = parse_rdf("test.nq", nquads, "nquads", "");
  EXPECT_TRUE(graph) << (graph ? "" : graph.error().why);
  return graph ? std::move(*graph) : Graph{};
}

struct Asked {
  std::vector<std::vector<std::string>> rows;
  std::vector<std::size_t> sets;
  std::optional<Error> error;
};

Asked ask(QuadSource& source, const std::string& text, const sparql::PreBinding& binding = {},
          const std::vector<std::vector<sparql::Cell>>& sets = {}, const sparql::Limits& limits = {},
          const sparql::Cancel* cancel = nullptr) {
  Asked out;
  const auto query = Query::prepare(text, binding);
  if (!query) {
    out.error = query.error();
    return out;
  }
  const sparql::Sink sink{{}, [&](std::size_t set, std::span<const sparql::Cell> cells) {
                            auto& row = out.rows.emplace_back();
                            out.sets.push_back(set);
                            for (const auto& cell : cells) row.emplace_back(cell.value_or("UNDEF"));
                            return true;
                          }};
  out.error = query->run(source, sparql::Format::rows, sink, limits, cancel, sets).error;
  return out;
}

const std::string k_quads =
    "<http://e/a> <http://e/p> <http://e/b> <http://g/1> .\n<http://e/a> <http://e/p> <http://e/b> <http://g/2> .\n"
    "<http://e/b> <http://e/p> _:n .\n_:n <http://e/q> \"x\"@en <http://g/2> .\n";

TEST(Sparql, TheUnionHoldsEachTripleOnceAndNamedGraphsAreSeparate) {
  const auto graph = graph_of(k_quads);
  const auto source = graph_source(graph);
  EXPECT_EQ(ask(*source, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }").rows[0][0],
            "\"3\"^^<http://www.w3.org/2001/XMLSchema#integer>");
  EXPECT_EQ(ask(*source, "SELECT ?g { GRAPH ?g { ?s <http://e/p> ?o } } ORDER BY ?g").rows,
            (std::vector<std::vector<std::string>>{{"<http://g/1>"}, {"<http://g/2>"}}));
  EXPECT_EQ(ask(*source, "SELECT ?v { <http://e/a> <http://e/p>+/<http://e/q> ?v }").rows[0][0], "\"x\"@en");
}

TEST(Sparql, TheStoreAndTheGraphAnswerAlike) {
  const auto directory = std::filesystem::path(testing::TempDir()) / "sparql-store";
  std::filesystem::remove_all(directory);
  auto store = Store::open(directory.string(), true);
  ASSERT_TRUE(store);
  const auto graph = graph_of(k_quads);
  ASSERT_EQ(store->add_graph(graph).value(), 4U);
  ASSERT_EQ(store->add_graph(graph).value(), 0U);
  const auto snapshot = store->snapshot();
  ASSERT_TRUE(snapshot);
  const auto source = graph_source(graph);
  for (const char* text :
       {"SELECT * { ?s ?p ?o } ORDER BY ?s ?p ?o", "SELECT * { GRAPH ?g { ?s ?p ?o } } ORDER BY ?g ?s",
        "SELECT ?s { ?s ?p <http://e/b> }", "SELECT ?s { GRAPH <http://g/2> { ?s <http://e/q> ?o } }",
        "SELECT ?p { GRAPH <http://g/2> { <http://e/a> ?p ?o } }", "SELECT ?g { GRAPH ?g {} } ORDER BY ?g",
        "ASK { GRAPH <http://g/1> { ?s ?p <http://e/b> } }"}) {
    const auto here = ask(**snapshot, text), there = ask(*source, text);
    EXPECT_FALSE(here.error) << text;
    EXPECT_FALSE(here.rows.empty()) << text;
    EXPECT_EQ(here.rows, there.rows) << text;
  }
  // What is written later is not in the snapshot.
  ASSERT_TRUE(test::add_quad(*store, "<http://e/z>", "<http://e/p>", "<http://e/z>", ""));
  EXPECT_TRUE(ask(**snapshot, "SELECT * { <http://e/z> ?p ?o }").rows.empty());
}

TEST(Sparql, ManyBindingsRunOnOnePreparedQuery) {
  const auto graph = graph_of(k_quads);
  const auto source = graph_source(graph);
  const std::string blank(graph.terms().text(graph.quads()[2].o));
  const auto answer = ask(*source, "SELECT $this ?v { $this ?p ?v FILTER(?v != $this && bound($this)) }",
                          {{"this"}, {}}, {{{"<http://e/a>"}}, {{"<http://e/nobody>"}}, {{blank}}});
  EXPECT_FALSE(answer.error);
  EXPECT_EQ(answer.sets, (std::vector<std::size_t>{0, 2}));
  EXPECT_EQ(answer.rows,
            (std::vector<std::vector<std::string>>{{"<http://e/a>", "<http://e/b>"}, {blank, "\"x\"@en"}}));
}

TEST(Sparql, APathOfLengthZeroReachesABoundNodeThatTheGraphLacks) {
  const auto graph = graph_of(k_quads);
  const auto source = graph_source(graph);
  const std::vector<std::vector<sparql::Cell>> sets = {
      {{"<http://e/nobody>"}}, {{"_:nobody"}}, {{"\"nothing\"@en"}}, {{"<http://e/b>"}}};
  const std::string blank(graph.terms().text(graph.quads()[2].o));
  for (const std::string path :
       {"<http://e/p>*", "<http://e/p>*/<http://e/p>?", "(<http://e/q>/<http://e/q>)?/<http://e/p>*",
        "(<http://e/p>?)+", "(<http://e/p>*/<http://e/none>?)+", "(<http://e/p>*|<http://e/none>)+"}) {
    const auto answer = ask(*source, "SELECT ?v { $this " + path + " ?v }", {{"this"}, {}}, sets);
    EXPECT_FALSE(answer.error) << path;
    auto rows = answer.rows;
    std::sort(rows.begin(), rows.end());
    rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
    std::vector<std::vector<std::string>> expected = {
        {"<http://e/nobody>"}, {"_:nobody"}, {"\"nothing\"@en"}, {"<http://e/b>"}, {blank}};
    std::sort(expected.begin(), expected.end());
    EXPECT_EQ(rows, expected) << path;
  }
  EXPECT_EQ(ask(*source, "SELECT $this { FILTER EXISTS { $this <http://e/p>* ?v . ?w <http://e/q> ?x } }",
                {{"this"}, {}}, sets)
                .rows.size(),
            4U);
  EXPECT_EQ(ask(*source, "SELECT $this { $this <http://e/p>/<http://e/q>* ?v }", {{"this"}, {}}, sets).rows.size(), 2U);
}

TEST(Sparql, ThePathStandsInForPATH) {
  const auto graph = graph_of(k_quads);
  const auto source = graph_source(graph);
  sparql::PreBinding binding{{"this"}, "(<http://e/p>+/<http://e/q>)"};
  EXPECT_EQ(ask(*source, "SELECT ?v { $this $PATH ?v }", binding, {{{"<http://e/a>"}}}).rows[0][0], "\"x\"@en");
}

class Broken : public QuadSource {
 public:
  std::unique_ptr<Scan> open(const Quad&) override { throw std::bad_alloc(); }
  TermId find(std::string_view) override { return 1; }
  std::string_view text(TermId) override { return "<x:y>"; }
  TermId next_graph(TermId) override { return 0; }
};

TEST(Sparql, ASourceThatThrowsIsAnErrorNeverAnEmptyAnswer) {
  Broken source;
  for (const char* text : {"SELECT * { ?s ?p ?o }", "ASK { FILTER NOT EXISTS { ?s ?p ?o } }",
                           "SELECT (COUNT(*) AS ?n) { BIND(1 AS ?x) MINUS { ?x ?p ?o } }", "DESCRIBE <x:y>"}) {
    const auto query = Query::prepare(text);
    ASSERT_TRUE(query);
    const auto format = query->kind() == sparql::Kind::describe ? sparql::Format::ntriples : sparql::Format::rows;
    const auto outcome = query->run(
        source, format,
        {[](std::string_view) { return true; }, [](std::size_t, std::span<const sparql::Cell>) { return true; }});
    ASSERT_TRUE(outcome.error) << text;
    EXPECT_EQ(outcome.error->code, Code::world);
    EXPECT_NE(outcome.error->why.find("bad_alloc"), std::string::npos) << outcome.error->why;
  }
}

TEST(Sparql, ASinkMayThrowOrEndTheQuery) {
  const auto graph = graph_of(k_quads);
  const auto source = graph_source(graph);
  const auto query = Query::prepare("SELECT * { ?s ?p ?o }");
  ASSERT_TRUE(query);
  const auto thrown =
      query->run(*source, sparql::Format::rows,
                 {{}, [](std::size_t, std::span<const sparql::Cell>) -> bool { throw std::runtime_error("no room"); }});
  ASSERT_TRUE(thrown.error);
  EXPECT_NE(thrown.error->why.find("no room"), std::string::npos);
  EXPECT_EQ(query->run(*source, sparql::Format::csv, {[](std::string_view) { return false; }, {}}).error->code,
            Code::world);
}

TEST(Sparql, AQueryCanBeCancelled) {
  std::string quads;
  for (int i = 0; i < 500; ++i)
    quads += "<http://e/" + std::to_string(i) + "> <http://e/p> <http://e/" + std::to_string(i * 7 % 500) + "> .\n";
  const auto graph = graph_of(quads);
  const auto source = graph_source(graph);
  sparql::Cancel cancel{0};
  std::thread other([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    cancel = 1;
  });
  const auto answer = ask(*source, "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }", {}, {},
                          {60'000, 1'000, 1ULL << 30}, &cancel);
  other.join();
  ASSERT_TRUE(answer.error);
  EXPECT_NE(answer.error->why.find("cancelled"), std::string::npos);
}

TEST(Sparql, OrderByIsTotalOverEveryKindOfTerm) {
  std::string quads;
  const std::string xsd = "^^<http://www.w3.org/2001/XMLSchema#";
  for (const auto& term :
       {std::string("_:b"), std::string("<http://e/x>"), "\"NaN\"" + xsd + "double>", "\"2\"" + xsd + "integer>",
        "\"1.5\"" + xsd + "decimal>", "\"2001-01-01T00:00:00Z\"" + xsd + "dateTime>", "\"true\"" + xsd + "boolean>",
        std::string("\"s\""), std::string("\"s\"@en"), "\"2001\"" + xsd + "gYear>", "\"bad\"" + xsd + "integer>"}) {
    quads += "<http://e/s> <http://e/p> " + term + " .\n";
  }
  const auto graph = graph_of(quads);
  const auto source = graph_source(graph);
  const auto up = ask(*source, "SELECT ?o { ?s ?p ?o } ORDER BY ?o"),
             down = ask(*source, "SELECT ?o { ?s ?p ?o } ORDER BY DESC(?o)");
  ASSERT_EQ(up.rows.size(), 11U);
  EXPECT_EQ(up.rows, (std::vector<std::vector<std::string>>{down.rows.rbegin(), down.rows.rend()}));
  EXPECT_EQ(ask(*source, "SELECT ?o { ?s ?p ?o } ORDER BY ?o LIMIT 3").rows,
            (std::vector<std::vector<std::string>>{up.rows.begin(), up.rows.begin() + 3}));
}

// The W3C suite's tests of pre-binding: the value query runs for each focus node, or the query is refused.
struct PreBindingTest {
  const char* file;
  int results;  ///< -1: a failure
};

TEST(Sparql, TheW3CPreBindingTests) {
  const std::filesystem::path suite = test::suites() / "shacl-w3c/sparql/pre-binding";
  if (!std::filesystem::is_directory(suite)) GTEST_SKIP() << "no W3C suite beside this checkout";
  for (const auto& [file, results] : {PreBindingTest{"pre-binding-001", 1},
                                      {"pre-binding-002", 1},
                                      {"pre-binding-003", 1},
                                      {"pre-binding-004", 1},
                                      {"pre-binding-005", 1},
                                      {"pre-binding-006", -1},
                                      {"pre-binding-007", 1},
                                      {"shapesGraph-001", 1},
                                      {"unsupported-sparql-001", -1},
                                      {"unsupported-sparql-002", -1},
                                      {"unsupported-sparql-003", -1},
                                      {"unsupported-sparql-004", -1},
                                      {"unsupported-sparql-005", -1},
                                      {"unsupported-sparql-006", -1}}) {
    std::ifstream in(suite / (std::string(file) + ".ttl"));
    const std::string text{std::istreambuf_iterator<char>(in), {}},
        base = "http://datashapes.org/sh/tests/sparql/pre-binding/" + std::string(file) + ".test";
    auto graph = parse_rdf(file, text, "turtle", base);
    ASSERT_TRUE(graph) << file;
    const auto sh = [](const std::string& name) { return "<http://www.w3.org/ns/shacl#" + name + ">"; };
    const auto object = [&](const std::string& subject, const std::string& predicate) -> std::string {
      for (const auto& q : graph->quads()) {
        if (graph->terms().text(q.p) == predicate && (subject.empty() || graph->terms().text(q.s) == subject))
          return std::string(graph->terms().text(q.o));
      }
      return {};
    };
    std::string query = object("", sh("select")).empty() ? object("", sh("ask")) : object("", sh("select"));
    ASSERT_FALSE(query.empty()) << file;
    query = "PREFIX ex: <" + base + "#>\n" + value_of(from_ntriples(query));
    const bool validator = object("", sh("select")).empty();
    const std::string shape = "<" + base + "#TestShape>", shapes_graph = "<urn:shapes>";
    // The shapes graph is the data graph, and a named graph besides.
    const auto lines = graph->canonical_lines();
    Graph both = graph_of([&] {
      std::string quads;
      for (const auto& line : lines) quads += line + "\n" + line.substr(0, line.rfind('.')) + shapes_graph + " .\n";
      return quads;
    }());
    const auto source = graph_source(both);
    const sparql::PreBinding binding{
        validator ? std::vector<std::string>{"this", "value", "lang", "?shapesGraph", "?currentShape"}
                  : std::vector<std::string>{"this", "?shapesGraph", "?currentShape"},
        {}};
    std::vector<sparql::Cell> values{"<" + base + "#InvalidResource>"};
    const std::string focus = "<" + base + "#InvalidResource>";
    values[0] = focus;
    if (validator) values.insert(values.end(), {sparql::Cell{focus}, sparql::Cell{"\"en\""}});
    values.insert(values.end(), {sparql::Cell{shapes_graph}, sparql::Cell{shape}});
    const auto answer = ask(*source, query, binding, {values});
    if (results < 0) {
      ASSERT_TRUE(answer.error) << file;
      EXPECT_EQ(answer.error->code, Code::input) << file;
    } else {
      EXPECT_FALSE(answer.error) << file << (answer.error ? answer.error->why : "");
      EXPECT_EQ(answer.rows.size(), static_cast<std::size_t>(results)) << file;
    }
  }
}

}  // namespace
}  // namespace provgate
