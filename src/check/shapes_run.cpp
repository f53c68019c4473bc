#include "check/shapes_run.hpp"

#include <algorithm>
#include <chrono>
#include <set>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "base/embedded.hpp"
#include "base/pages.hpp"
#include "base/parallel.hpp"
#include "check/assemble.hpp"
#include "check/rdf_data.hpp"
#include "check/shacl/compile.hpp"
#include "check/shacl/messages.hpp"
#include "check/sink.hpp"

namespace provgate {
namespace {

std::string bare(std::string_view term) {
  return std::string(term.starts_with('<') ? term.substr(1, term.size() - 2) : term);
}

class Findings {
 public:
  explicit Findings(const ShaclRun& run) : run_(run), model_(run.compiled->model()) {
    const auto& graph = run.shapes.graph;
    const auto predicate = graph.terms().find("<" + std::string(vocab::provgate) + "rule>");
    for (const auto& q : graph.quads()) {
      if (predicate && q.p == predicate) rules_[q.s] = from_ntriples(graph.terms().text(q.o)).value;
    }
  }

  /// The rule that a shape of ours repeats; empty for others.
  std::string rule_of(const shacl::ValidationResult& result) const {
    const auto found = rules_.find(model_.shapes[result.shape].name);
    return found == rules_.end() || !find_rule(found->second) ? std::string{} : found->second;
  }

  Finding one(const shacl::ValidationResult& result) const {
    const auto& terms = run_.data->graph.terms();
    const auto& shape = model_.shapes[result.shape];
    const auto& constraint = shape.constraints[result.constraint];
    Finding out;
    out.rule = "SHACL-001";
    out.severity = shacl::severity_of(terms.text(result.severity));
    out.focus = bare(terms.text(result.focus));
    out.path = result.path           ? shacl::readable(terms.text(result.path))
               : shape.is_property() ? path_of(shape)
                                     : std::string{};
    out.message = message(result);
    out.source.component = shacl::readable(terms.text(result.component));
    if (result.value) out.source.value = out.found = std::string(terms.text(result.value));
    // An anonymous shape is told by its place, which stands beside it.
    const auto node = terms.text(shape.node);
    out.source.shape = node.starts_with("_:shapes.") ? "_:" + std::string(shacl::without_file(node.substr(9)))
                                                     : bare(shacl::readable(node));
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

 private:
  std::string message(const shacl::ValidationResult& result) const {
    const auto& terms = run_.data->graph.terms();
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
    const auto& terms = run_.data->graph.terms();
    return path.kind == shacl::Path::Kind::predicate ? shacl::readable(terms.text(path.predicate))
                                                     : model_.paths.sparql(shape.path, terms);
  }
  void because(const shacl::ValidationResult& result, std::vector<std::string>& out, int depth) const {
    constexpr std::size_t k_most = 12;
    for (const auto& detail : result.details) {
      if (out.size() >= k_most) return;
      out.push_back(std::string(static_cast<std::size_t>(depth) * 2, ' ') + message(detail));
      because(detail, out, depth + 1);
    }
  }

  std::map<TermId, std::string> rules_;
  const ShaclRun& run_;
  const shacl::Shapes::Model& model_;
};

Finding of(const shacl::Note& note) {
  Finding out;
  out.rule = "SHACL-002";
  out.severity = note.severity;
  out.message = note.why, out.fix = note.help, out.file = note.file, out.at = note.at, out.snippet = note.snippet.text,
  out.snippet_column = note.snippet.column;
  return out;
}

}  // namespace

bool ShaclRun::refused() const {
  return std::any_of(notes.begin(), notes.end(), [](const auto& note) { return note.severity == Severity::error; });
}

namespace {

class ShapeCheck {
 public:
  ShapeCheck(const World& world, const CheckOptions& options, CheckReport& report)
      : world_(world), options_(options), report_(report) {}

  Result<void> run(const std::vector<std::string>& rdf, const std::string& standard_input) {
    const bool records = report_.record_count != 0 && options_.shapes.records;
    const auto& wanted = options_.shapes;
    const bool shapes = !wanted.files.empty() || !wanted.texts.empty(),
               rdf_given = !rdf.empty() || !wanted.data.empty();
    if (!records && !rdf_given && !shapes) return {};
    TRY(auto data, read(rdf, standard_input, records));
    if (rdf_given && !shapes) unshaped();
    data_ = std::make_shared<RdfData>(std::move(data));
    if (records) {
      CHECKED(shipped());
      for (const auto& kernel : report_.kernels) CHECKED(kernels(kernel));
    }
    return shapes ? users() : Result<void>{};
  }

 private:
  using Steady = std::chrono::steady_clock;
  static double since(Steady::time_point begin) {
    return std::chrono::duration<double, std::milli>(Steady::now() - begin).count();
  }

  LoadOptions load_options() const {
    LoadOptions load;
    load.threads = thread_count(options_.threads);
    load.contexts = options_.shapes.contexts;
    return load;
  }

  // RDF data without shapes: it was read, and that is all.
  void unshaped() {
    if (report_.record_count == 0) return;
    Finding finding;
    finding.rule = "SHACL-002", finding.severity = Severity::warning, finding.file = first_rdf_;
    finding.message = "RDF data is checked against shapes, and none are given: it was read, and nothing more";
    finding.fix = "give shapes: --shapes FILE";
    report_.findings.push_back(std::move(finding));
  }

  // Adds a finding to what it speaks against: the instance it lies in, else its file; without a file, the kernel whose
  // shapes say so.
  void add(Finding finding) {
    if (directories_.empty()) {
      for (const auto& kernel : report_.kernels) {
        for (const auto& instance : kernel.instances) directories_.insert(instance.directory);
        own_shapes_.emplace(join_path(kernel.place.home, "rules.shacl"), kernel.place.root);
      }
      directories_.insert(std::string{});
    }
    finding.owner = finding.file;
    for (auto at = finding.file.rfind('/'); at != std::string::npos && at != 0; at = finding.file.rfind('/', at - 1)) {
      if (directories_.contains(finding.file.substr(0, at))) finding.owner = finding.file.substr(0, at);
    }
    const auto shapes = own_shapes_.find(finding.file.empty() ? finding.source.file : finding.file);
    if (shapes != own_shapes_.end()) finding.owner = shapes->second;
    report_.findings.push_back(std::move(finding));
  }

  // The records as one graph, put together from what was made of them when they were read.
  RdfData statements(const std::string& standard_input) {
    std::vector<RecordPart> parts = record_parts(standard_input);
    RdfData made;
    made.files.resize(1);                 // spans count from 1
    constexpr std::size_t k_let_go = 48;  // parts that are put together before their memory is given back
    std::size_t size = 0, terms = 0, files = 1, let_go = 0;
    for (const auto& part : parts)
      size += part.graph.size(), terms += part.graph.terms().size(), files += part.files.size();
    made.graph.reserve_spans(size);
    made.graph.terms().reserve(terms);
    made.files.reserve(files);
    for (auto& part : parts) {
      const auto first = static_cast<std::uint32_t>(made.files.size());
      for (auto& path : part.files) {
        made.files.emplace_back();
        made.files.back().path = std::move(path);
      }
      made.graph.append(part.graph, made.graph.terms().merge(std::move(part.graph.terms())), first);
      part = {};
      if (++let_go % k_let_go == 0) give_back_memory();
    }
    if (let_go > k_let_go) give_back_memory();
    return made;
  }

  std::vector<RecordPart> record_parts(const std::string& standard_input) {
    const Reach reach(report_, options_.urns);
    std::vector<RecordPart> parts;
    for (auto& kernel : report_.kernels) {
      RecordPart rest;
      AssembleOptions assemble;
      assemble.read = options_.read;
      assemble.urns = options_.urns;
      assemble.files = &rest.files;
      if (statements_hold(kernel, reach)) {
        convert_links(kernel, reach, assemble, rest.graph);
        std::move(kernel.statements.begin(), kernel.statements.end(), std::back_inserter(parts));
      } else {
        convert_kernel(world_.disk, kernel, reach, standard_input, assemble, rest.graph);
      }
      kernel.statements.clear();
      parts.push_back(std::move(rest));
    }
    return parts;
  }

  // Records as a graph, RDF data, or both together.
  Result<RdfData> read(const std::vector<std::string>& rdf, const std::string& standard_input, bool records) {
    const auto begin = Steady::now();
    auto load = load_options();
    load.texts = options_.shapes.data;
    TRY(auto data, load_rdf(world_.disk, rdf, load));
    if (!data.files.empty()) {
      first_rdf_ = data.files.front().path;
      report_.rdf_files = data.files.size(), report_.rdf_statements = data.graph.size();
      CHECKED(judge_data(world_.disk, data, options_.shapes.files, report_));
      if (options_.shapes.files.empty() && options_.shapes.texts.empty()) judge_vocabulary(data, report_);
    }
    if (records) {
      RdfData made = statements(standard_input);
      const auto first = static_cast<std::uint32_t>(made.files.size());
      for (std::size_t i = 0; i < data.graph.size(); ++i) {
        const auto& q = data.graph.quads()[i];
        auto& terms = made.graph.terms();
        const auto id = [&](TermId theirs) {
          return theirs ? terms.intern(data.graph.terms().text(theirs)) : TermId{0};
        };
        auto span = data.span(i);
        span.file += first;
        made.graph.add({id(q.s), id(q.p), id(q.o), id(q.g)}, span);
      }
      for (auto& file : data.files) made.files.push_back(std::move(file));
      data = std::move(made);
    }
    load_ms_ = since(begin);
    return data;
  }

  std::shared_ptr<ShaclRun> begin() const {
    auto run = std::make_shared<ShaclRun>();
    run->data = data_;
    run->allow_vacuous = options_.shapes.run.allow_vacuous;
    run->load_ms = load_ms_;
    return run;
  }

  Result<void> validate(ShaclRun& run, const shacl::Options& wanted, const std::vector<std::string>& skip = {}) {
    const auto begin = Steady::now();
    run.compiled = shacl::Shapes::compile(*run.data, run.shapes, run.notes, skip);
    if (!run.compiled) return {};
    auto options = wanted;
    options.threads = thread_count(options_.threads);
    TRY(run.report, shacl::validate(*run.data, run.shapes, *run.compiled, options));
    run.report_ms = since(begin) - run.report.index_ms - run.report.validate_ms;
    return {};
  }

  // The shapes of the profiles that the kernels have. They say what the rules say; only what no rule said is new.
  Result<void> shipped() {
    auto load = load_options();
    for (const auto& file : embedded_files()) {
      const bool wanted = std::any_of(report_.kernels.begin(), report_.kernels.end(), [&](const CheckedKernel& kernel) {
        return file.path == "shapes/" + std::string(name_of(kernel.version)) + ".ttl";
      });
      if (wanted) load.texts.push_back({std::string(file.path), file.text, RdfSyntax::turtle});
    }
    auto run = begin();
    run->shipped = true;
    TRY(run->shapes, load_rdf(world_.disk, {}, load));
    CHECKED(validate(*run, {}));
    if (!run->compiled) return fail(Code::bug, "provgate's own shapes are refused: " + run->notes.front().why);
    std::erase_if(run->report.notes, [](const auto&) { return true; });  // that nothing is there to check is no fault
    const Findings findings(*run);
    std::set<std::pair<std::string, std::string>> said;  // rule with focus, rule with file
    for (const auto& f : report_.findings) {
      said.emplace(f.rule, f.focus);
      said.emplace(f.rule, f.file);
      // A directory without provenance lacks every field of it: said once.
      for (const char* part : {"PROV-001", "PROV-002", "PROV-003"}) {
        if (f.rule == "PROV-015") said.emplace(part, f.focus), said.emplace(part, f.file);
      }
    }
    FindingLimit limit;
    std::erase_if(run->report.results, [&](const shacl::ValidationResult& result) {
      auto finding = findings.one(result);
      if (const auto rule = findings.rule_of(result); !rule.empty()) finding.rule = rule;
      if (said.contains({finding.rule, finding.focus}) ||
          (!finding.file.empty() && said.contains({finding.rule, finding.file})))
        return true;
      if (limit.admit(finding.file, finding.severity)) add(std::move(finding));
      return false;
    });
    limit.report(report_.findings);
    run->report.conforms = run->report.results.empty();
    report_.shape_runs.push_back(run);
    report_.shacl = run;
    return {};
  }

  // What the kernel's own records say something about, or point at.
  std::shared_ptr<shacl::TargetScope> scope_of(const CheckedKernel& kernel) const {
    std::vector<bool> own;
    for (const auto& file : data_->files) own.push_back(file.path.starts_with(kernel.place.root + "/"));
    auto scope = std::make_shared<shacl::TargetScope>();
    scope->subjects.resize(data_->graph.terms().size() + 1);
    scope->objects.resize(data_->graph.terms().size() + 1);
    for (std::size_t i = 0; i < data_->graph.size(); ++i) {
      if (!own[data_->span(i).file]) continue;
      const auto& quad = data_->graph.quads()[i];
      scope->subjects[quad.s] = scope->objects[quad.o] = true;
    }
    return scope;
  }

  // The kernel's rules.shacl, where it has any, over its own records. They are a record, too: their faults stand among
  // the others'.
  Result<void> kernels(const CheckedKernel& kernel) {
    const auto path = join_path(kernel.place.home, "rules.shacl");
    if (kernel.place.loose || kernel.place.home.empty() || world_.disk.info(path).type != FileType::file) return {};
    auto load = load_options();
    load.otherwise = RdfSyntax::turtle;
    auto read = load_rdf(world_.disk, {path}, load);
    if (!read) {
      Finding finding;
      finding.rule = "SHACL-002", finding.severity = Severity::error, finding.unreadable = true;
      finding.message = "the kernel's shapes cannot be read: " + read.error().why, finding.fix = read.error().help;
      finding.file = path, finding.at = read.error().at;
      add(std::move(finding));
      return {};
    }
    if (read->graph.empty()) return {};
    auto run = begin();
    run->shapes = std::move(*read);
    judge_imports(run->shapes, run->notes);
    // What narrows the user's own question does not narrow what a kernel demands, but for the nodes it is about.
    shacl::Options options;
    // Strangers write them: what they may cost is the operator's word, for all queries of the run together.
    options.limits = options_.shapes.run.limits;
    options.limits.memory_bytes = options_.shapes.kernel_memory_bytes / thread_count(options_.threads);
    options.run_ms = options_.shapes.kernel_ms;
    options.limit_help = "the kernel's shapes may take more with --kernel-shapes-timeout and --kernel-shapes-memory";
    options.focus = options_.shapes.run.focus;
    options.changed = options_.shapes.run.changed;
    options.scope = scope_of(kernel);
    if (const auto validated = validate(*run, options); !validated) {
      // One kernel's shapes that take too long take nothing from the others' verdicts.
      Finding finding;
      finding.rule = "SHACL-002", finding.severity = Severity::error, finding.unreadable = true,
      finding.world = validated.error().code == Code::world;
      finding.message = "the kernel's shapes could not be evaluated: " + validated.error().why,
      finding.fix = validated.error().help;
      finding.file = path;
      add(std::move(finding));
      return {};
    }
    for (const auto* notes : {&run->notes, &run->report.notes}) {
      for (const auto& note : *notes) {
        auto finding = of(note);
        finding.unreadable = note.severity == Severity::error;
        add(std::move(finding));
      }
    }
    if (!run->compiled) return {};
    const Findings findings(*run);
    for (const auto& result : run->report.results) add(findings.one(result));
    if (run->report.vacuous && options.focus.empty()) {
      Finding finding;
      finding.rule = "SHACL-002", finding.severity = Severity::warning, finding.file = path;
      finding.message = "the kernel's shapes check nothing: " + run->report.nothing;
      add(std::move(finding));
    }
    report_.shape_runs.push_back(std::move(run));
    return {};
  }

  Result<void> users() {
    const auto& files = options_.shapes.files;
    auto run = begin();
    auto load = load_options();
    load.otherwise = RdfSyntax::turtle;
    load.texts = options_.shapes.texts;
    TRY(run->shapes, load_rdf(world_.disk, files, load));
    judge_imports(run->shapes, run->notes);
    CHECKED(validate(*run, options_.shapes.run, options_.shapes.skip));
    report_.left_out = !options_.shapes.skip.empty() && !options_.shapes.allow_partial;
    report_.shacl = run;
    if (!run->compiled) return {};
    report_.shape_runs.push_back(run);
    for (const auto& note : run->notes) add(of(note));
    for (const auto& note : run->report.notes) add(of(note));
    const Findings findings(*run);
    for (const auto& result : run->report.results) add(findings.one(result));
    return {};
  }

  const World& world_;
  const CheckOptions& options_;
  CheckReport& report_;
  std::shared_ptr<RdfData> data_;
  double load_ms_ = 0;
  std::string first_rdf_;
  std::unordered_set<std::string> directories_;              ///< of instances
  std::unordered_map<std::string, std::string> own_shapes_;  ///< a kernel's rules.shacl -> its root
};

}  // namespace

Result<void> check_shapes(const World& world, const std::vector<std::string>& rdf, const std::string& standard_input,
                          const CheckOptions& options, CheckReport& report) {
  return ShapeCheck(world, options, report).run(rdf, standard_input);
}

}  // namespace provgate
