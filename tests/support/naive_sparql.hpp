// SPDX-License-Identifier: Apache-2.0
// SPARQL 1.1 algebra over a few quads, as the specification's definitions say it (18.4 to 18.6): slow, and without any
// cleverness. A pattern knows its text, so the same query can be asked elsewhere.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace provgate::test {

using Row = std::map<std::string, std::string>;  ///< variable -> term in N-Triples text
using Rows = std::vector<Row>;

struct Triple3 {
  std::string s, p, o;
  friend auto operator<=>(const Triple3&, const Triple3&) = default;
};

struct Dataset {
  std::map<std::string, std::set<Triple3>> named;
  /// The default graph is the union of the named ones.
  std::set<Triple3> graph(const std::string& name) const;
};

/// An expression: an equality, BOUND, or EXISTS, perhaps negated.
struct Pattern;
struct Condition {
  enum class Kind { equal, bound, exists } kind = Kind::bound;
  bool negated = false;
  std::string left, right;  ///< ?variable or a term; right of an equality
  std::shared_ptr<Pattern> pattern;
};

struct Pattern {
  enum class Kind {
    triples,
    path,
    join,
    optional,
    union_,
    minus,
    filter,
    bind,
    values,
    graph,
    select
  } kind = Kind::triples;
  std::vector<Triple3> triples;  ///< of one path: its ends, and the path's predicate with its mark (*, + or ?)
  std::shared_ptr<Pattern> left, right;
  std::shared_ptr<Condition> condition;
  std::string name, value;             ///< of BIND and VALUES: the variable and its value; of GRAPH: the name
  std::vector<std::string> variables;  ///< of SELECT: what is projected, and ordered by
  bool distinct = false;
  int limit = -1;
  std::string count, key;  ///< of SELECT: COUNT(*) AS count, perhaps GROUP BY key
};

std::string text_of(const Pattern& pattern);
Rows evaluate(const Pattern& pattern, const Dataset& data, const std::string& graph);

}  // namespace provgate::test
