// SPDX-License-Identifier: Apache-2.0
// The validation report as a graph (SHACL 3.6): blank nodes whose labels follow from what they say.
#include "base/digest.hpp"
#include "shacl/evaluate.hpp"

namespace provgate::shacl {
namespace {

// What the parts of one report share.
struct Sheet {
  Graph graph;
  std::map<std::string, int> seen;  // how often a label was given
};

class PartWriter {
 public:
  PartWriter(Sheet& sheet, const RdfData& data, const ReportPart& part, bool places)
      : sheet_(sheet),
        out_(sheet.graph),
        data_(data),
        shapes_(part.shapes),
        model_(part.compiled.model()),
        columns_(part.shapes.graph),
        places_(places) {}

  void results(TermId root, const Report& report) {
    for (const auto& result : report.results) add(root, sh("result"), one(result, ""));
  }

 private:
  TermId one(const ValidationResult& result, const std::string& above) {
    const Shape& shape = model_.shapes[result.shape];
    std::string content = above;
    for (const auto id :
         {result.focus, result.value, result.path, shape.node, result.component, result.source_constraint})
      content.append(data_.graph.terms().text(id)) += '\n';
    content += std::to_string(result.constraint);
    const auto digest = sha256_hex(content).text.substr(0, 16);
    const auto again = ++sheet_.seen[digest];
    const auto label = "r" + digest + (again > 1 ? "-" + std::to_string(again) : "");
    const auto node = blank(label);
    add(node, rdf("type"), sh("ValidationResult"));
    add(node, sh("focusNode"), term(result.focus));
    if (result.value) add(node, sh("value"), term(result.value));
    if (result.path) {
      add(node, sh("resultPath"), term(result.path));
    } else if (shape.is_property()) {
      steps_ = 0;
      add(node, sh("resultPath"), path(shape.path_node, label, 0));
    }
    add(node, sh("resultSeverity"), term(result.severity));
    add(node, sh("sourceConstraintComponent"), term(result.component));
    if (result.source_constraint) add(node, sh("sourceConstraint"), term(result.source_constraint));
    add(node, sh("sourceShape"), term(shape.node));
    for (const auto message : result.messages) add(node, sh("resultMessage"), term(message));
    if (places_ && result.located) {
      auto at = data_.files[result.span.file].path + ":" + std::to_string(result.span.at.line);
      if (result.span.at.column) at += ":" + std::to_string(result.span.at.column);
      add(node, own(iri_text(std::string(vocab::provgate) + "place")), own(literal_text(printable(at))));
    }
    for (const auto& detail : result.details) add(node, sh("detail"), one(detail, content));
    return node;
  }

  // The path as the shapes write it, in blank nodes of this result.
  TermId path(TermId node, const std::string& label, int depth) {
    const auto& terms = shapes_.graph.terms();
    if (terms.kind(node) == TermKind::iri || depth > 1000) return own(terms.text(node));
    const auto copy = blank(label + ".p" + std::to_string(++steps_));
    const auto first = objects(node, std::string(vocab::rdf) + "first");
    if (!first.empty()) {
      add(copy, rdf("first"), path(first[0], label, depth + 1));
      const auto rest = objects(node, std::string(vocab::rdf) + "rest");
      if (!rest.empty()) add(copy, rdf("rest"), path(rest[0], label, depth + 1));
      return copy;
    }
    for (const char* form : {"inversePath", "alternativePath", "zeroOrMorePath", "oneOrMorePath", "zeroOrOnePath"}) {
      for (const auto part : objects(node, std::string(k_sh) + form)) add(copy, sh(form), path(part, label, depth + 1));
    }
    return copy;
  }

  std::vector<TermId> objects(TermId s, const std::string& predicate) const {
    std::vector<TermId> out;
    const auto p = shapes_.graph.terms().find(iri_text(predicate));
    if (!p) return out;
    for (const auto pair : Columns::run(columns_.forward(p), s)) out.push_back(second_of(pair));
    return out;
  }

  // A blank node of the data never takes the name of one of ours.
  TermId term(TermId id) {
    const auto text = data_.graph.terms().text(id);
    return own(text.starts_with("_:sh-") ? "_:sh-data." + std::string(text.substr(5)) : std::string(text));
  }
  TermId own(std::string_view text) { return out_.terms().intern(text); }
  TermId blank(const std::string& label) { return own("_:sh-" + label); }
  TermId sh(std::string_view name) { return own(sh_term(name)); }
  TermId rdf(std::string_view name) { return own("<" + std::string(vocab::rdf).append(name) + ">"); }
  void add(TermId s, TermId p, TermId o) { out_.add({s, p, o, 0}); }

  Sheet& sheet_;
  Graph& out_;
  const RdfData& data_;
  const RdfData& shapes_;
  const Shapes::Model& model_;
  Columns columns_;
  bool places_;
  int steps_ = 0;
};

}  // namespace

Graph report_graph(const RdfData& data, const std::vector<ReportPart>& parts, const ReportHead& head) {
  Sheet sheet;
  auto& terms = sheet.graph.terms();
  const auto root = terms.intern("_:sh-report");
  const auto flag = [&](const std::string& name, bool value) {
    sheet.graph.add({root, terms.intern(name),
                     terms.intern(literal_text(value ? "true" : "false", std::string(vocab::xsd) + "boolean")), 0});
  };
  sheet.graph.add(
      {root, terms.intern("<" + std::string(vocab::rdf) + "type>"), terms.intern(sh_term("ValidationReport")), 0});
  flag(sh_term("conforms"), head.conforms);
  if (head.partial) flag(iri_text(std::string(vocab::provgate) + "partial"), true);
  for (const auto& shape : head.skipped) {
    sheet.graph.add({root, terms.intern(iri_text(std::string(vocab::provgate) + "skippedShape")),
                     terms.intern(shape.starts_with('<') ? shape : iri_text(shape)), 0});
  }
  if (head.vacuous) flag(iri_text(std::string(vocab::provgate) + "vacuous"), true);
  for (const auto& part : parts) PartWriter(sheet, data, part, head.places).results(root, part.report);
  return std::move(sheet.graph);
}

}  // namespace provgate::shacl
