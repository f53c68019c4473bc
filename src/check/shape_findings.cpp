// SPDX-License-Identifier: Apache-2.0
#include "check/shape_findings.hpp"

#include <algorithm>

#include "shacl/messages.hpp"

namespace provgate {
ShapeFindings::ShapeFindings(const ShaclRun& run) : run_(run), model_(run.compiled->model()) {
  const auto& graph = run.shapes.graph;
  const auto predicate = graph.terms().find("<" + std::string(vocab::provgate) + "rule>");
  for (const auto& q : graph.quads()) {
    if (predicate && q.p == predicate) rules_[q.s] = value_of(from_ntriples(graph.terms().text(q.o)));
  }
}

std::string ShapeFindings::rule_of(const shacl::ValidationResult& result) const {
  const auto found = rules_.find(model_.shapes[result.shape].name);
  return found == rules_.end() || !find_rule(found->second) ? std::string{} : found->second;
}

Finding ShapeFindings::one(const shacl::ValidationResult& result) const {
  const auto& terms = run_.data->graph.terms();
  const auto& shape = model_.shapes[result.shape];
  const auto& constraint = shape.constraints[result.constraint];
  Finding out;
  out.rule = "SHACL-001";
  out.severity = shacl::severity_of(terms.text(result.severity));
  out.focus = bare_iri(terms.text(result.focus));
  out.path = result.path           ? shacl::readable(terms.text(result.path))
             : shape.is_property() ? path_of(shape)
                                   : std::string{};
  out.message = message(result);
  out.source.component = shacl::readable(terms.text(result.component));
  if (result.value) out.source.value = out.found = std::string(terms.text(result.value));
  // An anonymous shape is told by its place, which stands beside it.
  const auto node = terms.text(shape.node);
  out.source.shape = node.starts_with("_:shapes.") ? "_:" + std::string(shacl::without_file(node.substr(9)))
                                                   : bare_iri(shacl::readable(node));
  if (const auto at = constraint.statement != SIZE_MAX ? constraint.statement : shape.statement;
      at != SIZE_MAX && run_.shapes.graph.has_origins()) {
    const auto span = run_.shapes.span(at);
    out.source.file = run_.shapes.files[span.file].path;
    out.source.at = span.at;
  }
  if (result.located) {
    out.file = run_.data->files[result.span.file].path;
    out.at = result.span.at;
    auto shown = run_.data->window(result.span);
    out.snippet = std::move(shown.text), out.snippet_column = shown.column;
  }
  because(result, out.source.because, 0);
  return out;
}

std::string ShapeFindings::message(const shacl::ValidationResult& result) const {
  const auto& terms = run_.data->graph.terms();
  // The message without a language, or in English, or the first.
  std::string out;
  for (const auto id : result.messages) {
    const auto literal = std::get<Literal>(from_ntriples(terms.text(id)));
    const auto* language = literal.language();
    if (out.empty() || !language || language->text.starts_with("en")) out = literal.lexical();
    if (!language) break;
  }
  return out;
}
std::string ShapeFindings::path_of(const shacl::Shape& shape) const {
  const auto& path = model_.paths[shape.path];
  const auto& terms = run_.data->graph.terms();
  return path.kind == shacl::Path::Kind::predicate ? shacl::readable(terms.text(path.predicate))
                                                   : model_.paths.sparql(shape.path, terms);
}
void ShapeFindings::because(const shacl::ValidationResult& result, std::vector<std::string>& out, int depth) const {
  constexpr std::size_t k_most = 12;
  for (const auto& detail : result.details) {
    if (out.size() >= k_most) return;
    out.push_back(std::string(static_cast<std::size_t>(depth) * 2, ' ') + message(detail));
    because(detail, out, depth + 1);
  }
}

bool ShaclRun::refused() const {
  return std::any_of(notes.begin(), notes.end(), [](const auto& note) { return note.severity == Severity::error; });
}

}  // namespace provgate
