#include "check/shapes_run.hpp"

#include <algorithm>
#include <chrono>

#include "base/parallel.hpp"
#include "check/shacl/compile.hpp"
#include "check/shacl/messages.hpp"

namespace provgate {
namespace {

std::string bare(std::string_view term) { return std::string(term.starts_with('<') ? term.substr(1, term.size() - 2) : term); }

Severity severity_of(std::string_view iri) {
  const auto name = iri.starts_with("<" + std::string(shacl::k_sh)) ? iri.substr(1 + shacl::k_sh.size()) : std::string_view{};
  return name == "Warning>" ? Severity::warning : name == "Info>" ? Severity::info : Severity::error;
}

class Findings {
 public:
  explicit Findings(const ShaclRun& run) : run_(run), model_(run.compiled->model()) {}

  Finding one(const shacl::ValidationResult& result) const {
    const auto& terms = run_.data.graph.terms();
    const auto& shape = model_.shapes[result.shape];
    const auto& constraint = shape.constraints[result.constraint];
    Finding out;
    out.rule = "SHACL-001";
    out.severity = severity_of(terms.text(result.severity));
    out.focus = bare(terms.text(result.focus));
    out.path = result.path ? shacl::readable(terms.text(result.path)) : shape.is_property() ? path_of(shape) : std::string{};
    out.message = message(result);
    out.source.component = shacl::readable(terms.text(result.component));
    if (result.value) out.source.value = out.found = std::string(terms.text(result.value));
    // An anonymous shape is told by its place, which stands beside it.
    const auto node = terms.text(shape.node);
    out.source.shape = node.starts_with("_:shapes.") ? "_:" + std::string(node.substr(9)) : bare(shacl::readable(node));
    if (const auto at = constraint.statement != SIZE_MAX ? constraint.statement : shape.statement; at != SIZE_MAX && run_.shapes.graph.has_origins()) {
      const auto span = run_.shapes.span(at);
      out.source.file = run_.shapes.files[span.file].path;
      out.source.at = span.at;
    }
    if (result.located) {
      out.file = run_.data.files[result.span.file].path;
      out.at = result.span.at;
      out.snippet = std::string(run_.data.line(result.span));
    }
    because(result, out.source.because, 0);
    return out;
  }

 private:
  std::string message(const shacl::ValidationResult& result) const {
    const auto& terms = run_.data.graph.terms();
    // The message without a language, or in English, or the first.
    std::string out;
    for (const auto id : result.messages) {
      const Term term = from_ntriples(terms.text(id));
      if (out.empty() || term.language.empty() || term.language.starts_with("en")) out = term.value;
      if (term.language.empty()) break;
    }
    return out;
  }
  std::string path_of(const shacl::Shape& shape) const {
    const auto& path = model_.paths[shape.path];
    const auto& terms = run_.data.graph.terms();
    return path.kind == shacl::Path::Kind::predicate ? shacl::readable(terms.text(path.predicate)) : model_.paths.sparql(shape.path, terms);
  }
  void because(const shacl::ValidationResult& result, std::vector<std::string>& out, int depth) const {
    constexpr std::size_t k_most = 12;
    for (const auto& detail : result.details) {
      if (out.size() >= k_most) return;
      out.push_back(std::string(static_cast<std::size_t>(depth) * 2, ' ') + message(detail));
      because(detail, out, depth + 1);
    }
  }

  const ShaclRun& run_;
  const shacl::Shapes::Model& model_;
};

Finding of(const shacl::Note& note) {
  Finding out;
  out.rule = "SHACL-002";
  out.severity = note.severity;
  out.message = note.why, out.fix = note.help, out.file = note.file, out.at = note.at, out.snippet = note.snippet;
  return out;
}

// owl:imports are never followed; one that is not among the files is worth a word.
void imports(const RdfData& shapes, std::vector<shacl::Note>& notes) {
  const auto& terms = shapes.graph.terms();
  const auto& quads = shapes.graph.quads();
  for (const auto& [name, what] : {std::pair{"<http://www.w3.org/2002/07/owl#imports>", "owl:imports"}, {"<http://www.w3.org/ns/shacl#shapesGraph>", "sh:shapesGraph"}}) {
    const auto predicate = terms.find(name);
    for (std::size_t i = 0; predicate && i < quads.size(); ++i) {
      if (quads[i].p != predicate) continue;
      const auto wanted = quads[i].o;
      const auto iri = bare(terms.text(wanted));
      const bool here = std::any_of(shapes.files.begin(), shapes.files.end(), [&](const auto& f) { return f.base == iri; }) ||
                        std::any_of(quads.begin(), quads.end(), [&](const auto& q) { return q.s == wanted; });
      if (here) continue;
      const auto span = shapes.span(i);
      notes.push_back({Severity::warning, std::string(what) + " is not followed: " + iri + " is not among the files", "give the file with --shapes", shapes.files[span.file].path, span.at,
                       std::string(shapes.line(span))});
    }
  }
}

}  // namespace

bool ShaclRun::refused() const {
  return std::any_of(notes.begin(), notes.end(), [](const auto& note) { return note.severity == Severity::error; });
}

bool is_rdf_file(Disk& disk, const std::string& path) {
  if (!rdf_syntax_of(path) && unread_rdf(path).empty()) return false;
  return disk.info(path).type != FileType::directory;
}

Result<void> check_shapes(const World& world, const std::vector<std::string>& rdf, const CheckOptions& options, CheckReport& report) {
  const auto& wanted = options.shapes;
  if (rdf.empty() && wanted.files.empty()) return {};
  if (wanted.files.empty()) return fail(Code::usage, "RDF data is checked against shapes, and none are given", "provgate check " + rdf.front() + " --shapes FILE");
  auto run = std::make_shared<ShaclRun>();
  report.shacl = run;
  run->allow_vacuous = wanted.run.allow_vacuous;
  LoadOptions load;
  load.threads = thread_count(options.threads);
  auto run_options = wanted.run;
  run_options.threads = load.threads;
  using Steady = std::chrono::steady_clock;
  const auto since = [](Steady::time_point begin) { return std::chrono::duration<double, std::milli>(Steady::now() - begin).count(); };
  const auto begin = Steady::now();
  TRY(run->data, load_rdf(world.disk, rdf, load));
  load.otherwise = RdfSyntax::turtle;
  TRY(run->shapes, load_rdf(world.disk, wanted.files, load));
  run->load_ms = since(begin);
  const auto loaded = Steady::now();
  imports(run->shapes, run->notes);
  run->compiled = shacl::Shapes::compile(run->data, run->shapes, run->notes);
  if (!run->compiled) return {};
  TRY(run->report, shacl::validate(run->data, run->shapes, *run->compiled, run_options));
  run->report_ms = since(loaded) - run->report.index_ms - run->report.validate_ms;
  for (const auto& note : run->notes) report.findings.push_back(of(note));
  for (const auto& note : run->report.notes) report.findings.push_back(of(note));
  const Findings findings(*run);
  for (const auto& result : run->report.results) report.findings.push_back(findings.one(result));
  return {};
}

}  // namespace provgate
