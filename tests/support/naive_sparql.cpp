// SPDX-License-Identifier: Apache-2.0
#include "support/naive_sparql.hpp"

#include <algorithm>
#include <functional>
#include <optional>

namespace provgate::test {
namespace {

using PatternKind = Pattern::Kind;

bool variable(const std::string& text) { return text.starts_with('?'); }

std::optional<Row> joined(const Row& a, const Row& b) {
  Row out = a;
  for (const auto& [name, value] : b) {
    const auto [slot, fresh] = out.emplace(name, value);
    if (!fresh && slot->second != value) return {};
  }
  return out;
}

bool shares(const Row& a, const Row& b) {
  return std::any_of(a.begin(), a.end(), [&](const auto& one) { return b.contains(one.first); });
}

Rows join(const Rows& a, const Rows& b) {
  Rows out;
  for (const auto& x : a) {
    for (const auto& y : b) {
      if (auto both = joined(x, y)) out.push_back(std::move(*both));
    }
  }
  return out;
}

std::optional<Row> match(const Triple3& pattern, const Triple3& triple) {
  Row out;
  for (const auto& [wanted, have] : {std::pair{pattern.s, triple.s}, {pattern.p, triple.p}, {pattern.o, triple.o}}) {
    if (!variable(wanted)) {
      if (wanted != have) return {};
      continue;
    }
    const auto [slot, fresh] = out.emplace(wanted, have);
    if (!fresh && slot->second != have) return {};
  }
  return out;
}

// 18.4: pairs at the ends of p*, p+ and p?, each once.
Rows path(const Triple3& end, const std::set<Triple3>& graph) {
  const char mark = end.p.back();
  const auto predicate = end.p.substr(0, end.p.size() - 1);
  std::set<std::string> nodes;
  for (const auto& t : graph) nodes.insert(t.s), nodes.insert(t.o);
  for (const auto& one : {end.s, end.o}) {
    if (!variable(one) && mark != '+') nodes.insert(one);
  }
  Rows out;
  for (const auto& from : nodes) {
    std::set<std::string> reached;
    std::vector<std::string> todo{from};
    for (bool first = true; !todo.empty(); first = false) {
      std::vector<std::string> next;
      for (const auto& at : todo) {
        for (const auto& t : graph) {
          if (t.s == at && t.p == predicate && reached.insert(t.o).second) next.push_back(t.o);
        }
      }
      todo = mark == '?' && first ? std::vector<std::string>{} : next;
    }
    if (mark != '+') reached.insert(from);
    for (const auto& to : reached) {
      if (auto row = match({end.s, "", end.o}, {from, "", to})) out.push_back(std::move(*row));
    }
  }
  return out;
}

enum class Truth { no, yes, error };

Truth holds(const Condition& c, const Row& row, const Dataset& data, const std::string& graph) {
  const auto value = [&](const std::string& text) -> std::optional<std::string> {
    if (!variable(text)) return text;
    const auto found = row.find(text);
    return found == row.end() ? std::nullopt : std::optional(found->second);
  };
  bool truth = false;
  if (c.kind == Condition::Kind::bound) {
    truth = row.contains(c.left);
  } else if (c.kind == Condition::Kind::equal) {
    const auto a = value(c.left), b = value(c.right);
    if (!a || !b) return Truth::error;
    truth = *a == *b;
  } else {
    const auto found = evaluate(*c.pattern, data, graph);
    truth = std::any_of(found.begin(), found.end(), [&](const Row& one) { return joined(one, row).has_value(); });
  }
  return truth != c.negated ? Truth::yes : Truth::no;
}

Rows select(const Pattern& p, Rows rows) {
  if (!p.count.empty()) {
    std::map<std::optional<std::string>, int> groups;
    if (p.key.empty()) groups[std::nullopt] = 0;
    for (const auto& row : rows) {
      const auto key = row.find(p.key);
      ++groups[p.key.empty() || key == row.end() ? std::nullopt : std::optional(key->second)];
    }
    rows.clear();
    for (const auto& [key, n] : groups) {
      Row row{{p.count, "\"" + std::to_string(n) + "\"^^<http://www.w3.org/2001/XMLSchema#integer>"}};
      if (key) row[p.key] = *key;
      rows.push_back(std::move(row));
    }
  }
  for (auto& row : rows) {
    std::erase_if(row, [&](const auto& one) {
      return std::find(p.variables.begin(), p.variables.end(), one.first) == p.variables.end();
    });
  }
  // Unbound before IRIs before numbers (15.1); numbers here have one digit.
  const auto key = [&](const Row& row) {
    std::vector<std::pair<int, std::string>> out;
    for (const auto& name : p.variables) {
      const auto found = row.find(name);
      out.emplace_back(found == row.end()               ? 0
                       : found->second.starts_with('<') ? 1
                                                        : 2,
                       found == row.end() ? "" : found->second);
    }
    return out;
  };
  std::stable_sort(rows.begin(), rows.end(), [&](const Row& a, const Row& b) { return key(a) < key(b); });
  if (p.distinct) rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
  if (p.limit >= 0 && rows.size() > static_cast<std::size_t>(p.limit)) rows.resize(static_cast<std::size_t>(p.limit));
  return rows;
}

std::string text_of(const Condition& c) {
  const std::string no = c.negated ? "!" : "";
  if (c.kind == Condition::Kind::bound) return no + "BOUND(" + c.left + ")";
  if (c.kind == Condition::Kind::equal) return no + "(" + c.left + " = " + c.right + ")";
  return std::string(c.negated ? "NOT " : "") + "EXISTS { " + text_of(*c.pattern) + " }";
}

}  // namespace

std::set<Triple3> Dataset::graph(const std::string& name) const {
  if (const auto found = named.find(name); found != named.end()) return found->second;
  std::set<Triple3> out;
  if (!name.empty()) return out;
  for (const auto& [n, triples] : named) out.insert(triples.begin(), triples.end());
  return out;
}

std::string text_of(const Pattern& p) {
  const auto inner = [](const std::shared_ptr<Pattern>& one) { return "{ " + text_of(*one) + " }"; };
  std::string out;
  switch (p.kind) {
    case PatternKind::triples:
    case PatternKind::path:
      for (const auto& t : p.triples) out += t.s + " " + t.p + " " + t.o + " . ";
      return out;
    case PatternKind::join: return inner(p.left) + " " + inner(p.right);
    case PatternKind::optional:
      return inner(p.left) + " OPTIONAL { " + inner(p.right) +
             (p.condition ? " FILTER(" + text_of(*p.condition) + ")" : "") + " }";
    case PatternKind::union_: return inner(p.left) + " UNION " + inner(p.right);
    case PatternKind::minus: return inner(p.left) + " MINUS " + inner(p.right);
    case PatternKind::filter: return inner(p.left) + " FILTER(" + text_of(*p.condition) + ")";
    case PatternKind::bind: return inner(p.left) + " BIND(" + p.value + " AS " + p.name + ")";
    case PatternKind::values: return "VALUES " + p.name + " { " + p.value + " }";
    case PatternKind::graph: return "GRAPH " + p.name + " " + inner(p.left);
    case PatternKind::select: {
      out = std::string("SELECT ") + (p.distinct ? "DISTINCT" : "");
      for (const auto& name : p.variables) out += name == p.count ? " (COUNT(*) AS " + name + ")" : " " + name;
      out += " " + inner(p.left) + (p.key.empty() ? "" : " GROUP BY " + p.key) + " ORDER BY";
      for (const auto& name : p.variables) out += " " + name;
      return out + (p.limit >= 0 ? " LIMIT " + std::to_string(p.limit) : "");
    }
  }
  return out;
}

namespace {

// 18.5: LeftJoin.
Rows left_join(const Pattern& p, const Dataset& data, const std::string& graph) {
  Rows out;
  const auto others = evaluate(*p.right, data, graph);
  for (const auto& row : evaluate(*p.left, data, graph)) {
    bool any = false;
    for (const auto& other : others) {
      const auto both = joined(row, other);
      if (!both || (p.condition && holds(*p.condition, *both, data, graph) != Truth::yes)) continue;
      any = true;
      out.push_back(*both);
    }
    if (!any) out.push_back(row);
  }
  return out;
}

// 18.5: Minus.
Rows without(const Rows& rows, const Rows& others) {
  Rows out;
  for (const auto& row : rows) {
    const bool gone = std::any_of(others.begin(), others.end(),
                                  [&](const Row& other) { return shares(row, other) && joined(row, other); });
    if (!gone) out.push_back(row);
  }
  return out;
}

}  // namespace

Rows evaluate(const Pattern& p, const Dataset& data, const std::string& graph) {
  const auto left = [&] { return evaluate(*p.left, data, graph); };
  const auto right = [&] { return evaluate(*p.right, data, graph); };
  Rows out;
  switch (p.kind) {
    case PatternKind::triples: {
      out = {Row{}};
      const auto triples = data.graph(graph);
      for (const auto& wanted : p.triples) {
        Rows found;
        for (const auto& t : triples) {
          if (auto row = match(wanted, t)) found.push_back(std::move(*row));
        }
        out = join(out, found);
      }
      return out;
    }
    case PatternKind::path: return path(p.triples[0], data.graph(graph));
    case PatternKind::join: return join(left(), right());
    case PatternKind::union_: {
      out = left();
      for (auto& row : right()) out.push_back(std::move(row));
      return out;
    }
    case PatternKind::optional: return left_join(p, data, graph);
    case PatternKind::minus: return without(left(), right());
    case PatternKind::filter:
      for (const auto& row : left()) {
        if (holds(*p.condition, row, data, graph) == Truth::yes) out.push_back(row);
      }
      return out;
    case PatternKind::bind:
      for (auto row : left()) {
        const auto found = row.find(p.value);
        if (!variable(p.value)) {
          row[p.name] = p.value;
        } else if (found != row.end()) {
          row[p.name] = found->second;
        }
        out.push_back(std::move(row));
      }
      return out;
    case PatternKind::values: return {Row{{p.name, p.value}}};
    case PatternKind::graph: {
      if (!variable(p.name)) return data.named.contains(p.name) ? evaluate(*p.left, data, p.name) : Rows{};
      for (const auto& [name, triples] : data.named) {
        for (auto& row : join(evaluate(*p.left, data, name), {Row{{p.name, name}}})) out.push_back(std::move(row));
      }
      return out;
    }
    case PatternKind::select: return select(p, left());
  }
  return out;
}

}  // namespace provgate::test
