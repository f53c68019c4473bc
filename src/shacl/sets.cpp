// SPDX-License-Identifier: Apache-2.0
// One function for each kind of constraint component (SHACL 4), over all focus nodes of a range at once.
#include <algorithm>

#include "shacl/evaluate.hpp"
#include "shacl/regex.hpp"

namespace provgate::shacl {

void Evaluator::fail(Sink& sink, std::size_t i, TermId focus, TermId value, TermId path) {
  if (sink.failed) {
    (*sink.failed)[i] = 1;
    return;
  }
  // sh:lessThan makes a result of each pair of values: what no memory holds is not begun.
  constexpr std::uint64_t k_most_results = 10'000'000, k_step = 1024;
  if (error_) return;
  if (++made_ % k_step == 0 && on_.results->fetch_add(k_step) >= k_most_results) {
    error_ = Error{Code::world,
                   "more than " + with_commas(k_most_results) + " results",
                   "--fail-fast stops at the first; --focus and --shape narrow the run",
                   {},
                   {}};
  }
  const auto& c = sink.shape->constraints[sink.constraint];
  ValidationResult result;
  result.focus = focus, result.value = value, result.path = path;
  result.severity = sink.shape->severity, result.component = c.iri, result.source_constraint = c.source;
  result.shape = sink.id, result.constraint = sink.constraint;
  sink.results->push_back(std::move(result));
}

template <class Bad>
void Evaluator::each(Nodes focus, const Values& values, Sink& sink, Bad&& bad) {
  for (std::size_t i = 0; i < focus.size(); ++i) {
    for (const auto value : values.of(i)) {
      if (bad(value)) fail(sink, i, focus[i], value);
    }
  }
}

template <class Bad>
void Evaluator::each_focus(Nodes focus, Sink& sink, Bad&& bad) {
  for (std::size_t i = 0; i < focus.size(); ++i) {
    if (bad(i)) fail(sink, i, focus[i], 0);
  }
}

void Evaluator::check(const Constraint& c, Nodes focus, const Values& values, Sink& sink) {
  const auto count = [&](std::size_t i) {
    return static_cast<std::int64_t>(values.offsets[i + 1] - values.offsets[i]);
  };
  switch (c.component) {
    case Component::class_: {
      const auto& members = on_.classes.members(c.terms[0]);
      return each(focus, values, sink, [&](TermId v) { return !ClassIndex::test(members, v); });
    }
    case Component::datatype: {
      const auto iri = on_.terms.text(c.terms[0]);
      const auto wanted = on_.literals.number(iri.substr(1, iri.size() - 2));
      // Texts lie all over the data: each is asked for some steps before it is read.
      constexpr std::size_t k_ahead = 32;
      const TermId *next = values.items.data(), *const end = next + values.items.size();
      for (; next < end && next < values.items.data() + k_ahead; ++next) on_.terms.prefetch(*next);
      return each(focus, values, sink, [&](TermId v) {
        if (next < end) on_.terms.prefetch(*next++);
        const auto facts = on_.literals.of(v);
        return facts.datatype != wanted || !facts.well_formed;
      });
    }
    case Component::node_kind:
      return each(focus, values, sink, [&](TermId v) {
        const auto kind = on_.terms.kind(v);
        return !(c.kinds & (kind == TermKind::iri ? 1 : kind == TermKind::blank ? 2 : 4));
      });
    case Component::min_count: return each_focus(focus, sink, [&](std::size_t i) { return count(i) < c.count; });
    case Component::max_count: return each_focus(focus, sink, [&](std::size_t i) { return count(i) > c.count; });
    case Component::min_exclusive:
    case Component::min_inclusive:
    case Component::max_exclusive:
    case Component::max_inclusive: return compare(c, focus, values, sink);
    case Component::min_length:
    case Component::max_length:
    case Component::pattern: return text(c, focus, values, sink);
    case Component::language_in:
    case Component::unique_lang: return languages(c, focus, values, sink);
    case Component::equals:
    case Component::disjoint:
    case Component::less_than:
    case Component::less_than_or_equals: return pair(c, focus, values, sink);
    case Component::not_:
    case Component::and_:
    case Component::or_:
    case Component::xone:
    case Component::node: return logical(c, focus, values, sink);
    case Component::qualified_min_count:
    case Component::qualified_max_count: return qualified(c, focus, values, sink);
    case Component::closed: return closed(c, focus, values, sink);
    case Component::has_value:
      return each_focus(focus, sink, [&](std::size_t i) {
        const auto run = values.of(i);
        return !std::binary_search(run.begin(), run.end(), c.terms[0]);
      });
    case Component::in:
      return each(focus, values, sink,
                  [&](TermId v) { return !std::binary_search(c.terms.begin(), c.terms.end(), v); });
    case Component::sparql:
    case Component::custom: return query(c, focus, values, sink);
  }
}

void Evaluator::compare(const Constraint& c, Nodes focus, const Values& values, Sink& sink) {
  const auto bound = on_.literals.value(c.terms[0]);
  each(focus, values, sink, [&](TermId v) {
    const auto order = compare_values(on_.literals.value(v), bound);
    if (!order) return true;
    switch (c.component) {
      case Component::min_exclusive: return *order <= 0;
      case Component::min_inclusive: return *order < 0;
      case Component::max_exclusive: return *order >= 0;
      default: return *order > 0;
    }
  });
}

// STR(): an IRI's text, a literal's lexical form; a blank node has none.
void Evaluator::text(const Constraint& c, Nodes focus, const Values& values, Sink& sink) {
  std::string unescaped;
  each(focus, values, sink, [&](TermId v) {
    const auto kind = on_.terms.kind(v);
    if (kind == TermKind::blank || error_) return true;
    auto t = on_.terms.text(v);
    t = kind == TermKind::iri ? t.substr(1, t.size() - 2) : view_literal(t).lexical;
    if (kind == TermKind::literal && t.find('\\') != std::string_view::npos)
      t = unescaped = view_literal(on_.terms.text(v)).value();
    if (c.component == Component::pattern) {
      const auto found = c.regex->search(t);
      if (!found) error_ = found.error();
      return !found || !*found;
    }
    const auto length = static_cast<std::int64_t>(count_code_points(t));
    return c.component == Component::min_length ? length < c.count : length > c.count;
  });
}

void Evaluator::languages(const Constraint& c, Nodes focus, const Values& values, Sink& sink) {
  if (c.component == Component::language_in) {
    std::vector<std::string> ranges;
    for (const auto term : c.terms) ranges.push_back(view_literal(on_.terms.text(term)).value());
    return each(focus, values, sink, [&](TermId v) {
      if (on_.terms.kind(v) != TermKind::literal) return true;
      const auto tag = view_literal(on_.terms.text(v)).language;
      return std::none_of(ranges.begin(), ranges.end(),
                          [&](const auto& range) { return language_matches(tag, range); });
    });
  }
  std::vector<std::uint32_t> tags;
  for (std::size_t i = 0; i < focus.size(); ++i) {
    tags.clear();
    for (const auto v : values.of(i)) {
      if (const auto language = on_.literals.of(v).language) tags.push_back(language);
    }
    std::sort(tags.begin(), tags.end());
    // One result for each language that is used twice or more.
    for (std::size_t j = 1; j < tags.size(); ++j) {
      if (tags[j] == tags[j - 1] && (j < 2 || tags[j] != tags[j - 2])) fail(sink, i, focus[i], 0);
    }
  }
}

void Evaluator::pair(const Constraint& c, Nodes focus, const Values& values, Sink& sink) {
  const auto others = step(on_.columns.forward(c.terms[0]), focus);
  for (std::size_t i = 0; i < focus.size(); ++i) {
    const auto mine = values.of(i), theirs = others.of(i);
    switch (c.component) {
      case Component::equals: {
        std::vector<TermId> odd;
        std::set_symmetric_difference(mine.begin(), mine.end(), theirs.begin(), theirs.end(), std::back_inserter(odd));
        for (const auto v : odd) fail(sink, i, focus[i], v);
        break;
      }
      case Component::disjoint: {
        std::vector<TermId> both;
        std::set_intersection(mine.begin(), mine.end(), theirs.begin(), theirs.end(), std::back_inserter(both));
        for (const auto v : both) fail(sink, i, focus[i], v);
        break;
      }
      default:
        // One result for each pair that is not in order.
        for (const auto v : mine) {
          const auto value = on_.literals.value(v);
          for (const auto o : theirs) {
            const auto order = compare_values(value, on_.literals.value(o));
            const bool good = order && (c.component == Component::less_than ? *order < 0 : *order <= 0);
            if (!good) fail(sink, i, focus[i], v);
          }
        }
    }
  }
}

void Evaluator::logical(const Constraint& c, Nodes focus, const Values& values, Sink& sink) {
  std::vector<std::uint32_t> conforming(values.items.size());
  for (const auto shape : c.shapes) {
    const auto bad = failures_of(shape, values.items);
    for (std::size_t i = 0; i < bad.size(); ++i) conforming[i] += !bad[i];
  }
  const auto all = static_cast<std::uint32_t>(c.shapes.size());
  for (std::size_t i = 0; i < focus.size(); ++i) {
    for (auto at = values.offsets[i]; at < values.offsets[i + 1]; ++at) {
      const auto n = conforming[at];
      const bool good = c.component == Component::or_    ? n > 0
                        : c.component == Component::xone ? n == 1
                        : c.component == Component::not_ ? n == 0
                                                         : n == all;
      if (!good) fail(sink, i, focus[i], values.items[at]);
    }
  }
}

void Evaluator::qualified(const Constraint& c, Nodes focus, const Values& values, Sink& sink) {
  auto out = failures_of(c.shapes[0], values.items);
  // Disjoint: a value that conforms to a sibling does not count.
  for (std::size_t s = 1; s < c.shapes.size(); ++s) {
    const auto bad = failures_of(c.shapes[s], values.items);
    for (std::size_t i = 0; i < out.size(); ++i) out[i] |= !bad[i];
  }
  for (std::size_t i = 0; i < focus.size(); ++i) {
    std::int64_t n = 0;
    for (auto at = values.offsets[i]; at < values.offsets[i + 1]; ++at) n += !out[at];
    if (c.component == Component::qualified_min_count ? n < c.count : n > c.count) fail(sink, i, focus[i], 0);
  }
}

// Every column of a property that is not allowed, joined with the value nodes.
void Evaluator::closed(const Constraint& c, Nodes focus, const Values& values, Sink& sink) {
  std::vector<TermId> nodes(values.items);
  std::sort(nodes.begin(), nodes.end());
  nodes.erase(std::unique(nodes.begin(), nodes.end()), nodes.end());
  for (const auto p : on_.columns.predicates()) {
    if (std::binary_search(c.terms.begin(), c.terms.end(), p)) continue;
    const auto objects = step(on_.columns.forward(p), nodes);
    if (objects.items.empty()) continue;
    for (std::size_t i = 0; i < focus.size(); ++i) {
      for (const auto value : values.of(i)) {
        const auto at = static_cast<std::size_t>(std::lower_bound(nodes.begin(), nodes.end(), value) - nodes.begin());
        for (const auto o : objects.of(at)) fail(sink, i, focus[i], o, p);
      }
    }
  }
}

}  // namespace provgate::shacl
