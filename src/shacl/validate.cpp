// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/parallel.hpp"
#include "io/stopwatch.hpp"
#include "shacl/incremental.hpp"
#include "shacl/locate.hpp"
#include "shacl/messages.hpp"
#include "shacl/run.hpp"

namespace provgate::shacl {
namespace {

constexpr std::size_t k_range = 16'384, k_closure_range = 512;
constexpr int k_deepest_detail = 6;
constexpr std::size_t k_most_details = 40;  // of one result

std::string as_term(const std::string& name) { return is_iri(name) ? iri_text(name) : name; }

}  // namespace

Result<Report> Run::go() {
  CHECKED(choose());
  CHECKED(prepare());
  const Stopwatch watch;
  TRY(auto planned, plan(*ground_, options_.scope.get()));
  plan_ = std::move(planned);
  if (options_.threads != 1) warm();
  targets_that_select_nothing();
  axioms_only_in_shapes();
  CHECKED(change());
  narrow();
  active_ = looks_at_something();
  report_.partial = options_.changed || !options_.focus.empty() || !options_.shapes.empty() || !model_.skipped.empty();
  report_.skipped = model_.skipped;
  CHECKED(evaluate());
  report_.validate_ms = watch.milliseconds();
  CHECKED(finish());
  return std::move(report_);
}

Result<void> Run::choose() {
  for (const auto& name : options_.shapes) {
    const auto id = data_.graph.terms().find(as_term(name));
    const auto known = id ? model_.by_node.find(id) : model_.by_node.end();
    if (known == model_.by_node.end()) {
      std::vector<std::string_view> names;
      for (const auto& shape : model_.shapes) names.push_back(data_.graph.terms().text(shape.node));
      const auto near = closest(as_term(name), names);
      return fail(Code::usage, "no shape is called " + quote(name), near ? "did you mean " + *near + "?" : "");
    }
    std::vector<ShapeId> todo{known->second};
    while (!todo.empty()) {
      const auto next = todo.back();
      todo.pop_back();
      if (!chosen_.insert(next).second) continue;
      for (const auto p : model_.shapes[next].properties) todo.push_back(p);
    }
  }
  for (const auto& name : options_.focus) {
    const auto term = as_term(name);
    const auto first = term.empty() ? ' ' : term[0];
    if (first != '<' && first != '"' && !term.starts_with("_:"))
      return fail(Code::usage, "not a term: " + quote(name),
                  "an absolute IRI, a blank node as _:label, or a literal as in N-Triples");
    if (const auto id = data_.graph.terms().find(term)) focus_.push_back(id);
  }
  std::sort(focus_.begin(), focus_.end());
  return {};
}

Result<void> Run::prepare() {
  auto& terms = data_.graph.terms();
  // What was taken away may be known to nobody else.
  if (options_.changed) {
    const auto& theirs = options_.changed->terms();
    const auto id = [&](TermId term) { return terms.intern(theirs.text(term)); };
    for (const auto& q : options_.changed->quads()) changed_.push_back({id(q.s), id(q.p), id(q.o), 0});
  }
  bool queries = false, ranges = false;
  for (const auto& shape : model_.shapes) {
    queries = queries || std::any_of(shape.targets.begin(), shape.targets.end(),
                                     [](const Target& t) { return t.query != nullptr; });
    for (const auto& c : shape.constraints) {
      queries = queries || c.query;
      ranges = ranges || (c.component >= Component::min_exclusive && c.component <= Component::max_inclusive) ||
               c.component == Component::less_than || c.component == Component::less_than_or_equals;
    }
  }
  const Stopwatch watch;
  columns_ = std::make_unique<Columns>(data_.graph, options_.threads);
  report_.index_ms = watch.milliseconds();
  if (queries) {
    const auto name = terms.intern(iri_text(model_.shapes_graph));
    std::vector<Quad> quads;
    std::vector<TermId> map(shapes_.graph.terms().size() + 1);
    for (TermId id = 1; id < map.size(); ++id) {
      const auto text = shapes_.graph.terms().text(id);
      map[id] = !model_.same_files && text.starts_with("_:") ? terms.intern("_:shapes." + std::string(text.substr(2)))
                                                             : terms.intern(text);
    }
    for (const auto& q : shapes_.graph.quads()) quads.push_back({map[q.s], map[q.p], map[q.o], 0});
    shapes_columns_ = std::make_unique<Columns>(quads, terms.size(), 1);
    named_ = {name, shapes_columns_.get()};
  }
  const Clock clock{options_.run_ms, options_.limit_help};
  TRY(selected_, select_by_queries(model_, *columns_, terms, named_, options_.limits, clock));
  literals_ = std::make_unique<LiteralTable>(terms);
  if (ranges) literals_->keep_values();
  classes_ = std::make_unique<ClassIndex>(*columns_, terms);
  ground_ = std::make_unique<Ground>(
      Ground{terms, *columns_, model_, *literals_, *classes_, named_, selected_, options_.limits, clock});
  return {};
}

Result<void> Run::change() {
  if (!options_.changed) return {};
  // Blank nodes have names in N-Triples only, and only where there is one file.
  const bool named = data_.files.size() == 1 && data_.graph.has_origins() &&
                     (data_.files[0].syntax == RdfSyntax::ntriples || data_.files[0].syntax == RdfSyntax::nquads);
  const auto blank = [&](TermId id) { return data_.graph.terms().kind(id) == TermKind::blank; };
  if (!named &&
      std::any_of(changed_.begin(), changed_.end(), [&](const Quad& q) { return blank(q.s) || blank(q.o); })) {
    return fail(Code::input,
                "the change names blank nodes, which only one N-Triples or N-Quads file does the same way again",
                "validate in full, or give the data as one such file");
  }
  const bool before = looks_at_something();
  CHECKED(restrict_to(changed_, *ground_, plan_));
  report_.untouched = !changed_.empty() && before && !looks_at_something();
  return {};
}

void Run::warm() {
  std::set<TermId> classes;
  for (const auto& shape : model_.shapes) {
    for (const auto& c : shape.constraints) {
      if (c.component == Component::class_) classes.insert(c.terms[0]);
    }
  }
  for (const auto cls : classes) classes_->members(cls);
}

void Run::narrow() {
  for (ShapeId id = 0; id < model_.shapes.size(); ++id) {
    auto& focus = plan_.focus[id];
    if (!options_.shapes.empty() && !chosen_.contains(id)) focus = {};
    if (options_.focus.empty()) continue;
    FocusSet kept;
    for (std::size_t i = 0; i < focus.nodes.size(); ++i) {
      if (!std::binary_search(focus_.begin(), focus_.end(), focus.nodes[i])) continue;
      kept.nodes.push_back(focus.nodes[i]);
      kept.routes.push_back(focus.route(i));
    }
    focus = std::move(kept);
  }
}

Result<void> Run::evaluate() {
  std::vector<Task> tasks;
  Bitmap focus(data_.graph.terms().size() / 64 + 1);
  std::set<ShapeId> below_path;
  for (const auto& shape : model_.shapes) {
    if (shape.is_property() || report_.partial) below_path.insert(shape.properties.begin(), shape.properties.end());
  }
  for (ShapeId id = 0; id < model_.shapes.size(); ++id) {
    const auto& shape = model_.shapes[id];
    const auto& nodes = plan_.focus[id].nodes;
    // A property shape right below a node shape looks at the same nodes as that one.
    const bool counted = shape.targets.empty() && !below_path.contains(id);
    for (std::size_t i = 0; i < nodes.size() && !counted; ++i)
      focus[nodes[i] / 64] |= std::uint64_t{1} << (nodes[i] % 64);
    if (shape.deactivated || shape.constraints.empty()) continue;
    report_.coverage.checks +=
        nodes.size() * static_cast<std::uint64_t>(std::count_if(shape.constraints.begin(), shape.constraints.end(),
                                                                [](const Constraint& c) { return !c.inert; }));
    const auto range = shape.is_property() && model_.paths.closure(shape.path) ? k_closure_range : k_range;
    for (std::size_t begin = 0; begin < nodes.size(); begin += range)
      tasks.push_back({id, begin, std::min(nodes.size(), begin + range)});
  }
  for (const auto word : focus) report_.coverage.focus_nodes += static_cast<std::uint64_t>(__builtin_popcountll(word));
  seen_ = std::move(focus);
  std::vector<std::vector<ValidationResult>> found(tasks.size());
  std::vector<std::optional<Error>> errors(tasks.size());
  const auto work = [&](std::size_t i) {
    const auto& task = tasks[i];
    if (const auto time = ground_->clock.limits(ground_->limits); !time) return void(errors[i] = time.error());
    Evaluator evaluator(*ground_);
    evaluator.report(task.shape, Nodes(plan_.focus[task.shape].nodes).subspan(task.begin, task.end - task.begin),
                     found[i]);
    errors[i] = evaluator.error();
  };
  if (options_.fail_fast) {
    const auto fails = [&] {
      return std::any_of(report_.results.begin(), report_.results.end(), [&](const auto& r) { return failing(r); });
    };
    for (std::size_t i = 0; i < tasks.size() && !fails(); ++i) {
      work(i);
      if (errors[i]) return tl::unexpected<Error>(*errors[i]);
      collect(tasks[i], found[i]);
    }
    return {};
  }
  parallel_for(tasks.size(), options_.threads, work);
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    if (errors[i]) return tl::unexpected<Error>(*errors[i]);
    collect(tasks[i], found[i]);
  }
  return {};
}

bool Run::failing(const ValidationResult& result) const {
  return severity_of(data_.graph.terms().text(result.severity)) >= options_.fail_on;
}

void Run::collect(const Task& task, std::vector<ValidationResult>& found) {
  const auto& focus = plan_.focus[task.shape];
  for (auto& result : found) {
    const auto at = static_cast<std::size_t>(std::lower_bound(focus.nodes.begin(), focus.nodes.end(), result.focus) -
                                             focus.nodes.begin());
    for (std::uint32_t n = 1; n < focus.route(at); ++n) report_.results.push_back(result);
    report_.results.push_back(std::move(result));
  }
  found = {};
}

Result<void> Run::finish() {
  if (options_.coverage) unseen(seen_);
  auto& terms = data_.graph.terms();
  for (auto& result : report_.results) {
    if (!result.made) continue;
    if (!result.made->value.empty()) result.value = terms.intern(result.made->value);
    if (!result.made->path.empty()) result.path = terms.intern(result.made->path);
  }
  const auto order = locate(report_.results, data_, *ground_);
  std::vector<std::size_t> index(order.size());
  for (std::size_t i = 0; i < index.size(); ++i) index[i] = i;
  const auto key = [&](std::size_t i) {
    const auto& r = report_.results[i];
    return std::tuple(order[i], terms.text(r.focus), r.shape, r.constraint,
                      r.value ? terms.text(r.value) : std::string_view{},
                      r.path ? terms.text(r.path) : std::string_view{});
  };
  std::stable_sort(index.begin(), index.end(), [&](std::size_t a, std::size_t b) { return key(a) < key(b); });
  std::vector<ValidationResult> sorted;
  sorted.reserve(index.size());
  std::size_t most = options_.max_results ? options_.max_results : SIZE_MAX;
  for (const auto& result : report_.results)
    ++report_.by_severity[static_cast<std::size_t>(severity_of(terms.text(result.severity)))];
  if (options_.fail_fast) {
    const auto first =
        std::find_if(index.begin(), index.end(), [&](std::size_t i) { return failing(report_.results[i]); });
    if (first != index.end()) {
      std::swap(index[0], *first);
      most = 1;
    }
  }
  for (std::size_t i = 0; i < index.size() && i < most; ++i) sorted.push_back(std::move(report_.results[index[i]]));
  report_.cut = index.size() > sorted.size() || (options_.fail_fast && most == 1);
  report_.conforms = index.empty();
  report_.results = std::move(sorted);
  if (options_.details) details(report_.results, 0), locate_details(report_.results, data_, *ground_);
  if (explainer_ && explainer_->error()) return tl::unexpected<Error>(*explainer_->error());
  for (auto& result : report_.results) speak(result);
  vacuity();
  return {};
}

void Run::speak(ValidationResult& result) {
  add_messages(result, model_, data_.graph.terms());
  for (auto& detail : result.details) speak(detail);
}

void Run::details(std::vector<ValidationResult>& results, int depth) {
  if (depth >= k_deepest_detail) return;
  for (auto& result : results) {
    const auto& c = model_.shapes[result.shape].constraints[result.constraint];
    const bool explains = c.component == Component::node || c.component == Component::and_ ||
                          c.component == Component::or_ || c.component == Component::xone;
    if (!explains || !result.value) continue;
    // One evaluator for all of them: what it has found out it does not find out again.
    if (!explainer_) explainer_ = std::make_unique<Evaluator>(*ground_);
    for (const auto shape : c.shapes) nested(*explainer_, shape, result.value, result.details, 0);
    if (result.details.size() > k_most_details) result.details.resize(k_most_details);
    details(result.details, depth + 1);
  }
}

void Run::nested(Evaluator& evaluator, ShapeId shape, TermId node, std::vector<ValidationResult>& out, int depth) {
  const Nodes one(&node, 1);
  evaluator.report(shape, one, out);
  if (out.size() > k_most_details) return;
  if (depth >= k_deepest_detail || model_.shapes[shape].deactivated) return;
  const auto values = model_.shapes[shape].is_property() ? evaluator.follow(model_.shapes[shape].path, one).items
                                                         : std::vector<TermId>{node};
  for (const auto property : model_.shapes[shape].properties) {
    for (const auto value : values) nested(evaluator, property, value, out, depth + 1);
  }
}

Result<Report> validate(RdfData& data, const RdfData& shapes, const Shapes& compiled, const Options& options) {
  return Run(data, shapes, compiled.model(), options).go();
}

}  // namespace provgate::shacl
