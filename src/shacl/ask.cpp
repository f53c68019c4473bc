// SPDX-License-Identifier: Apache-2.0
// SPARQL-based constraints and validators: one prepared query, run for all focus nodes (or value nodes) of a range.
// Targets: run once.
#include <algorithm>

#include "shacl/evaluate.hpp"
#include "shacl/messages.hpp"
#include "shacl/queries.hpp"
#include "shacl/targets.hpp"

namespace provgate::shacl {

namespace {

// Values of the pre-bound variables, a set for each focus node (or value node), and what each is about.
struct QuerySets {
  std::vector<std::vector<sparql::Cell>> cells;
  std::vector<std::pair<std::size_t, TermId>> about;  ///< index of the focus node, value node
};

QuerySets sets_of(const SparqlQuery& q, const Ground& on, TermId shape, Nodes focus, const Values& values) {
  QuerySets out;
  const auto add = [&](std::size_t i, TermId value) {
    auto& set = out.cells.emplace_back();
    set.emplace_back(on.terms.text(focus[i]));
    if (q.ask) set.emplace_back(on.terms.text(value));
    set.emplace_back(on.shapes_graph.name ? sparql::Cell(on.terms.text(on.shapes_graph.name)) : sparql::Cell{});
    set.emplace_back(on.terms.text(shape));
    for (const auto parameter : q.parameters) set.emplace_back(on.terms.text(parameter));
    out.about.emplace_back(i, value);
  };
  for (std::size_t i = 0; i < focus.size(); ++i) {
    if (!q.ask) {
      add(i, 0);
      continue;
    }
    for (const auto value : values.of(i)) add(i, value);
  }
  return out;
}

bool is_true(std::string_view term) {
  return term.starts_with("\"true\"^^") || term.starts_with("\"1\"^^<http://www.w3.org/2001/XMLSchema#boolean>");
}

// Terms that a query makes are new: they are kept as texts until the run is over.
struct Row {
  std::size_t set;
  std::string value, path, message;
  std::vector<std::string> cells;
};

}  // namespace

void Evaluator::query(const Constraint& c, Nodes focus, const Values& values, Sink& sink) {
  if (error_ || focus.empty()) return;
  const auto& q = *c.query;
  if (!source_) source_ = columns_source(on_.columns, on_.terms, on_.shapes_graph);
  const auto [sets, about] = sets_of(q, on_, sink.shape->node, focus, values);
  if (sets.empty()) return;
  std::vector<Row> rows;
  std::optional<std::size_t> failure;
  sparql::Sink to;
  to.row = [&](std::size_t set, std::span<const sparql::Cell> cells) {
    const auto i = about[set].first;
    if (q.ask) {
      const bool yes = !cells.empty() && cells[0] && cells[0]->starts_with("\"true\"");
      if (!yes) fail(sink, i, focus[i], about[set].second);
      return true;
    }
    const auto cell = [&](std::size_t column) {
      return column < cells.size() && cells[column] ? std::string(*cells[column]) : std::string{};
    };
    // 5.3: a solution that binds ?failure to true is not a result but the end of the validation.
    if (is_true(cell(q.failure))) return failure = set, false;
    if (sink.failed) {
      (*sink.failed)[i] = 1;
      return true;
    }
    auto& row = rows.emplace_back(Row{set, cell(q.value), cell(q.path), cell(q.message), {}});
    for (const auto& one : cells) row.cells.push_back(one ? std::string(*one) : std::string{});
    return true;
  };
  const auto limits = on_.clock.limits(on_.limits);
  if (!limits) return void(error_ = limits.error());
  const auto outcome = q.query.run(*source_, sparql::Format::rows, to, *limits, nullptr, sets);
  const auto name = std::string(on_.terms.text(c.source ? c.source : c.iri));
  if (failure) {
    error_ = Error{Code::input,
                   "the query of " + name + " reports a failure (?failure is true) at " +
                       readable(std::string(on_.terms.text(focus[about[*failure].first]))),
                   "a failure is not a verdict (SHACL 5.3): mend the data or the query",
                   {},
                   {}};
    return;
  }
  if (outcome.error) {
    error_ = *outcome.error;
    error_->why = "the query of " + name + ": " + error_->why;
    error_->help = on_.clock.help;
    return;
  }
  for (auto& row : rows) {
    const auto i = about[row.set].first;
    fail(sink, i, focus[i], 0);
    if (error_) return;
    auto& result = sink.results->back();
    result.made = std::make_shared<QueryTerms>();
    result.made->value = std::move(row.value), result.made->message = std::move(row.message);
    if (row.path.starts_with('<')) result.made->path = std::move(row.path);
    for (std::size_t k = 0; k < row.cells.size(); ++k) {
      if (!row.cells[k].empty()) result.made->variables.emplace_back(q.query.variables()[k], std::move(row.cells[k]));
    }
    // Without ?value, a node shape's value is the focus node (5.3.1).
    if (result.made->value.empty() && !sink.shape->is_property()) result.value = focus[i];
  }
}

Result<TargetNodes> select_by_queries(const Shapes::Model& model, const Columns& columns, Dictionary& terms,
                                      NamedColumns shapes_graph, const sparql::Limits& limits, const Clock& clock) {
  TargetNodes out;
  for (const auto& shape : model.shapes) {
    for (const auto& target : shape.targets) {
      if (!target.query || shape.deactivated) continue;
      const auto& q = *target.query;
      std::vector<sparql::Cell> set{shapes_graph.name ? sparql::Cell(terms.text(shapes_graph.name)) : sparql::Cell{},
                                    terms.text(shape.node)};
      for (const auto parameter : q.parameters) set.emplace_back(terms.text(parameter));
      // Nodes that the query makes are new: the dictionary takes them when the run is over.
      std::set<TermId> nodes;
      std::set<std::string> made;
      sparql::Sink to;
      to.row = [&](std::size_t, std::span<const sparql::Cell> cells) {
        if (q.self >= cells.size() || !cells[q.self]) return true;
        if (const auto known = terms.find(*cells[q.self])) {
          nodes.insert(known);
        } else {
          made.emplace(*cells[q.self]);
        }
        return true;
      };
      TRY(const auto within, clock.limits(limits));
      const auto outcome =
          q.query.run(*columns_source(columns, terms, shapes_graph), sparql::Format::rows, to, within, nullptr, {set});
      if (outcome.error) {
        auto error = *outcome.error;
        error.why = "the query of a target of " + readable(std::string(terms.text(shape.node))) + ": " + error.why;
        error.help = clock.help;
        return tl::unexpected<Error>(std::move(error));
      }
      for (const auto& text : made) nodes.insert(terms.intern(text));
      out[&q].assign(nodes.begin(), nodes.end());
    }
  }
  return out;
}

}  // namespace provgate::shacl
