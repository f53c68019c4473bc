// The validation report as a graph (SHACL 3.6): blank nodes whose labels follow from what they say.
#include "base/digest.hpp"
#include "check/shacl/evaluate.hpp"

namespace provgate::shacl {
namespace {

class ReportWriter {
 public:
  ReportWriter(const RdfData& data, const RdfData& shapes, const Shapes::Model& model)
      : data_(data), shapes_(shapes), model_(model), columns_(shapes.graph) {}

  Graph run(const Report& report) {
    const auto root = blank("report");
    add(root, rdf("type"), sh("ValidationReport"));
    add(root, sh("conforms"), own(literal_text(report.conforms ? "true" : "false", std::string(vocab::xsd) + "boolean")));
    if (report.vacuous) add(root, own(iri_text(std::string(vocab::provgate) + "vacuous")), own(literal_text("true", std::string(vocab::xsd) + "boolean")));
    for (const auto& result : report.results) add(root, sh("result"), one(result, ""));
    return std::move(out_);
  }

 private:
  TermId one(const ValidationResult& result, const std::string& above) {
    const Shape& shape = model_.shapes[result.shape];
    std::string content = above;
    for (const auto id : {result.focus, result.value, result.path, shape.node, result.component, result.source_constraint}) content.append(data_.graph.terms().text(id)) += '\n';
    content += std::to_string(result.constraint);
    const auto digest = sha256_hex(content).substr(0, 16);
    const auto again = ++seen_[digest];
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

  const RdfData& data_;
  const RdfData& shapes_;
  const Shapes::Model& model_;
  Columns columns_;
  int steps_ = 0;
  std::map<std::string, int> seen_;
  Graph out_;
};

}  // namespace

Graph report_graph(const Report& report, const RdfData& data, const RdfData& shapes, const Shapes& compiled) {
  return ReportWriter(data, shapes, compiled.model()).run(report);
}

}  // namespace provgate::shacl
