// SPDX-License-Identifier: Apache-2.0
#include "shacl/source.hpp"

#include <algorithm>
#include <charconv>

namespace provgate::shacl {

Source::Source(const RdfData& shapes, Dictionary& data, bool same_files, std::vector<Finding>& notes)
    : shapes_(shapes),
      data_(data),
      same_files_(same_files),
      notes_(notes),
      first_note_(notes.size()),
      columns_(shapes.graph),
      map_(shapes.graph.terms().size() + 1) {
  const auto& quads = shapes.graph.quads();
  for (std::size_t i = 0; i < quads.size(); ++i) about_[quads[i].s].push_back(i);
}

std::string Source::local(TermId id) const {
  const auto t = text(id);
  return iri(id) && t.substr(1).starts_with(k_sh) ? std::string(t.substr(1 + k_sh.size(), t.size() - 2 - k_sh.size()))
                                                  : std::string{};
}

std::string Source::shown(TermId id) const {
  const auto name = local(id);
  return name.empty() ? std::string(text(id)) : "sh:" + name;
}

TermId Source::data(TermId id) {
  if (!id) return 0;
  auto& slot = map_[id];
  if (!slot) {
    // A blank node of the shapes is none of the data's, unless both are the same file.
    const auto t = text(id);
    slot = !same_files_ && blank(id) ? data_.intern("_:shapes." + std::string(t.substr(2))) : data_.intern(t);
  }
  return slot;
}

std::vector<TermId> Source::objects(TermId s, TermId p) const {
  std::vector<TermId> out;
  if (!s || !p) return out;
  for (const auto pair : Columns::run(columns_.forward(p), s)) out.push_back(second_of(pair));
  return out;
}

std::vector<TermId> Source::subjects(TermId p) const {
  std::vector<TermId> out;
  if (!p) return out;
  for (const auto pair : columns_.forward(p)) {
    if (out.empty() || out.back() != first_of(pair)) out.push_back(first_of(pair));
  }
  return out;
}

std::vector<TermId> Source::instances(TermId cls) const {
  if (!cls) return {};
  std::set<TermId> classes{cls}, out;
  std::vector<TermId> todo{cls};
  while (!todo.empty()) {
    const auto c = todo.back();
    todo.pop_back();
    for (const auto pair : Columns::run(columns_.reverse(rdf("type")), c)) out.insert(second_of(pair));
    if (!rdfs("subClassOf")) continue;
    for (const auto pair : Columns::run(columns_.reverse(rdfs("subClassOf")), c)) {
      if (classes.insert(second_of(pair)).second) todo.push_back(second_of(pair));
    }
  }
  return {out.begin(), out.end()};
}

bool Source::instance_of(TermId node, TermId cls) const {
  if (!cls) return false;
  std::set<TermId> seen;
  auto todo = objects(node, rdf("type"));
  while (!todo.empty()) {
    const auto c = todo.back();
    todo.pop_back();
    if (c == cls) return true;
    if (!seen.insert(c).second) continue;
    for (const auto up : objects(c, rdfs("subClassOf"))) todo.push_back(up);
  }
  return false;
}

const std::vector<std::size_t>& Source::about(TermId s) const {
  static const std::vector<std::size_t> k_none_at_all;
  const auto found = about_.find(s);
  return found == about_.end() ? k_none_at_all : found->second;
}

std::size_t Source::statement(TermId s, TermId p, TermId o) const {
  for (const auto i : about(s)) {
    const auto& q = shapes_.graph.quads()[i];
    if (q.p == p && (!o || q.o == o)) return i;
  }
  return statement(s);
}

std::optional<std::vector<TermId>> Source::list(TermId head) const {
  std::vector<TermId> out;
  std::set<TermId> seen;
  const auto nil = rdf("nil"), first = rdf("first"), rest = rdf("rest");
  for (TermId at = head; at != nil;) {
    if (literal(at) || !seen.insert(at).second) return {};
    const auto items = objects(at, first), next = objects(at, rest);
    if (items.size() != 1 || next.size() != 1) return {};
    out.push_back(items[0]);
    at = next[0];
  }
  if (!objects(nil, first).empty() || !objects(nil, rest).empty()) return {};
  return out;
}

std::optional<bool> Source::boolean(TermId id) const {
  const auto t = text(id);
  const auto type = "^^<" + std::string(vocab::xsd) + "boolean>";
  if (t == "\"true\"" + type) return true;
  if (t == "\"false\"" + type) return false;
  return {};
}

std::optional<std::int64_t> Source::integer(TermId id) const {
  if (!literal(id)) return {};
  const auto view = view_literal(text(id));
  if (view.datatype != std::string(vocab::xsd) + "integer" || !well_formed(view)) return {};
  auto digits = view.lexical;
  if (digits.starts_with('+')) digits.remove_prefix(1);
  std::int64_t out = 0;
  const auto [end, status] = std::from_chars(digits.data(), digits.data() + digits.size(), out);
  // Beyond 64 bits nothing can be counted: the largest number stands for all of them.
  if (status == std::errc::result_out_of_range) return digits.starts_with('-') ? INT64_MIN : INT64_MAX;
  return out;
}

std::string Source::file_among_several(std::size_t statement) const {
  if (statement == SIZE_MAX || shapes_.files.size() < 2 || !shapes_.graph.has_origins()) return {};
  return shapes_.files[shapes_.span(statement).file].path;
}

Finding note(Severity severity, std::string message, std::string fix) {
  Finding out;
  out.rule = "SHACL-002";
  out.severity = severity, out.message = std::move(message), out.fix = std::move(fix);
  return out;
}

void Source::note(Severity severity, std::size_t statement, std::string why, std::string help) {
  failed_ = failed_ || severity == Severity::error;
  auto out = shacl::note(severity, std::move(why), std::move(help));
  if (statement != SIZE_MAX && shapes_.graph.has_origins()) {
    const auto span = shapes_.span(statement);
    out.file = shapes_.files[span.file].path;
    out.at = span.at;
    std::tie(out.snippet, out.snippet_column) = shapes_.window(span).parts();
  } else if (!shapes_.files.empty()) {
    out.file = shapes_.files.front().path;
  }
  for (const auto& known : notes_) {
    if (known.message == out.message && known.file == out.file && known.at == out.at) return;
  }
  notes_.push_back(std::move(out));
  statements_.push_back(statement);
}

std::size_t Source::file_of(std::size_t statement) const {
  return statement == SIZE_MAX || !shapes_.graph.has_origins() ? 0 : shapes_.graph.origin(statement).file;
}

}  // namespace provgate::shacl
