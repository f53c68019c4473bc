// SPDX-License-Identifier: Apache-2.0
// GRAPH with a variable around every operator of the algebra, against the definitions (SPARQL 1.1, 18.6).
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "provgate/sparql/sparql.hpp"
#include "support/naive_sparql.hpp"

namespace provgate {
namespace {

using test::Condition;
using test::Dataset;
using test::Pattern;
using test::Row;
using test::Rows;
using PatternKind = Pattern::Kind;

class Maker {
 public:
  explicit Maker(unsigned seed) : random_(seed) {}

  Dataset data() {
    Dataset out;
    for (const char* name : {"<u:g1>", "<u:g2>", "<u:g3>"}) {
      auto& graph = out.named[name];
      while (graph.size() < 4) graph.insert({node(), predicate(), chance(8) ? name : node()});
    }
    return out;
  }

  std::shared_ptr<Pattern> query() {
    auto inner = pattern(3);
    auto graph = one(PatternKind::graph);
    graph->name = "?g", graph->left = inner;
    if (!chance(4)) return graph;
    auto outer = one(PatternKind::join);
    outer->left = chance(2) ? values("?g", "<u:g1>") : triples();
    outer->right = graph;
    return outer;
  }

 private:
  std::size_t pick(std::size_t n) { return std::uniform_int_distribution<std::size_t>(0, n - 1)(random_); }
  bool chance(std::size_t n) { return pick(n) == 0; }
  std::string of(std::initializer_list<const char*> list) {
    return *(list.begin() + static_cast<std::ptrdiff_t>(pick(list.size())));
  }
  std::string node() { return of({"<u:a>", "<u:b>", "<u:c>"}); }
  std::string predicate() { return of({"<u:p>", "<u:q>"}); }
  std::string variable() { return chance(9) ? "?g" : of({"?a", "?b", "?c"}); }
  std::string end() { return chance(5) ? node() : variable(); }
  std::string fresh() { return "?n" + std::to_string(++fresh_); }

  static std::shared_ptr<Pattern> one(PatternKind kind) {
    auto out = std::make_shared<Pattern>();
    out->kind = kind;
    return out;
  }
  static std::shared_ptr<Pattern> values(const std::string& name, const std::string& value) {
    auto out = one(PatternKind::values);
    out->name = name, out->value = value;
    return out;
  }

  std::shared_ptr<Pattern> triples() {
    auto out = one(PatternKind::triples);
    for (std::size_t i = 0; i < 1 + pick(2); ++i) out->triples.push_back({end(), predicate(), end()});
    return out;
  }

  std::shared_ptr<Condition> condition(bool exists) {
    auto out = std::make_shared<Condition>();
    out->negated = chance(3);
    const auto kind = pick(exists ? 3 : 2);
    out->kind = static_cast<Condition::Kind>(kind);
    out->left = variable();
    if (kind == 0) out->right = chance(2) ? node() : variable();
    if (kind == 2) out->pattern = triples();
    return out;
  }

  std::shared_ptr<Pattern> pattern(int depth) {
    if (depth == 0) return triples();
    auto out = one(static_cast<PatternKind>(pick(11)));
    const auto inner = [&] { return pattern(depth - 1); };
    switch (out->kind) {
      case PatternKind::triples:
        if (chance(8)) return one(PatternKind::triples);  // { }
        return triples();
      case PatternKind::path: out->triples = {{end(), predicate() + of({"*", "+", "?"}), end()}}; break;
      case PatternKind::join:
      case PatternKind::union_:
      case PatternKind::minus: out->left = inner(), out->right = inner(); break;
      case PatternKind::optional:
        out->left = inner(), out->right = inner();
        if (chance(3)) out->condition = condition(false);
        break;
      case PatternKind::filter: out->left = inner(), out->condition = condition(true); break;
      case PatternKind::bind: out->left = inner(), out->name = fresh(), out->value = end(); break;
      case PatternKind::values: return values(variable(), chance(3) ? of({"<u:g1>", "<u:g2>"}) : node());
      case PatternKind::graph: out->left = inner(), out->name = of({"?h", "?g", "<u:g1>", "<u:g9>"}); break;
      case PatternKind::select:
        out->left = inner();
        out->distinct = chance(2);
        if (chance(2)) out->limit = static_cast<int>(1 + pick(3));
        if (chance(2)) {
          out->count = fresh();
          if (chance(2)) out->key = of({"?a", "?b", "?c"});
          out->variables = out->key.empty() ? std::vector{out->count} : std::vector{out->key, out->count};
        } else {
          out->variables = {of({"?a", "?b"}), of({"?c", "?g"})};
        }
        break;
    }
    return out;
  }

  std::mt19937 random_;
  int fresh_ = 0;
};

const std::vector<std::string> k_variables = {"?g", "?h", "?a", "?b", "?c", "?n1", "?n2", "?n3", "?n4"};

std::vector<std::vector<std::string>> table(const Rows& rows) {
  std::vector<std::vector<std::string>> out;
  for (const auto& row : rows) {
    auto& line = out.emplace_back();
    for (const auto& name : k_variables) {
      const auto found = row.find(name);
      line.push_back(found == row.end() ? "-" : found->second);
    }
  }
  std::sort(out.begin(), out.end());
  return out;
}

TEST(GraphClause, EveryOperatorReadsOneGraphAtATime) {
  std::size_t with_rows = 0, asked = 0;
  for (unsigned seed = 0; asked < 500 && seed < 5000; ++seed) {
    Maker maker(seed);
    const auto data = maker.data();
    const auto pattern = maker.query();
    std::string nquads, text = "SELECT";
    for (const auto& [name, triples] : data.named) {
      for (const auto& t : triples) nquads += t.s + " " + t.p + " " + t.o + " " + name + " .\n";
    }
    for (const auto& name : k_variables) text += " " + name;
    text += " { " + test::text_of(*pattern) + " }";
    const auto query = sparql::Query::prepare(text);
    if (!query) continue;  // a variable of BIND that is in scope already
    ++asked;
    const auto graph = parse_rdf("d.nq", nquads, "nquads", "");
    ASSERT_TRUE(graph);
    const auto source = graph_source(*graph);
    std::vector<std::vector<std::string>> seen;
    const sparql::Sink sink{{}, [&](std::size_t, std::span<const sparql::Cell> cells) {
                              auto& row = seen.emplace_back();
                              for (const auto& cell : cells) row.emplace_back(cell.value_or("-"));
                              return true;
                            }};
    const auto outcome = query->run(*source, sparql::Format::rows, sink);
    ASSERT_FALSE(outcome.error) << outcome.error->why << "\n" << text;
    std::sort(seen.begin(), seen.end());
    const auto wanted = table(test::evaluate(*pattern, data, ""));
    with_rows += !wanted.empty();
    ASSERT_EQ(seen, wanted) << "seed " << seed << "\n" << text << "\n" << nquads;
  }
  EXPECT_EQ(asked, 500U);
  EXPECT_GE(with_rows, 250U);
}

}  // namespace
}  // namespace provgate
