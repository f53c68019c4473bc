// SPDX-License-Identifier: Apache-2.0
#include "check/shapes_run.hpp"

#include <algorithm>
#include <set>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "base/embedded.hpp"
#include "base/pages.hpp"
#include "base/parallel.hpp"
#include "check/rdf_data.hpp"
#include "check/shape_findings.hpp"
#include "io/stopwatch.hpp"

namespace provgate {
namespace {

class ShapeCheck {
 public:
  ShapeCheck(const World& world, const CheckOptions& options, CheckReport& report)
      : world_(world), options_(options), report_(report) {}

  Result<void> run(const std::vector<std::string>& rdf) {
    const bool records = report_.record_count != 0 && options_.shapes.records;
    const auto& wanted = options_.shapes;
    const bool shapes = !wanted.files.empty() || !wanted.texts.empty(),
               rdf_given = !rdf.empty() || !wanted.data.empty();
    if (!records && !rdf_given && !shapes) return {};
    TRY(auto data, read(rdf, records));
    if (rdf_given && !shapes) unshaped();
    data_ = std::make_shared<RdfData>(std::move(data));
    if (records) {
      CHECKED(shipped());
      for (const auto& one : report_.systems) {
        for (std::size_t c = 0; c < one.reading->size(); ++c) CHECKED(brought(one.reading->collection(c)));
      }
    }
    return shapes ? users() : Result<void>{};
  }

 private:
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

  // Adds a finding to what it speaks against: the instance it lies in, else its file; without a file, the collection
  // whose shapes say so.
  void add(Finding finding) {
    if (owners_.empty()) {
      each_collection(report_, [&](const SystemReport& one, std::size_t c) {
        const auto& reading = *one.reading;
        for (std::size_t i = 0; i < reading.records(c); ++i) owners_.emplace(reading.record(c, i).owner);
        const auto& collection = reading.collection(c);
        if (!collection.own_shapes.empty()) own_shapes_.emplace(collection.own_shapes, collection.root);
      });
      owners_.insert(std::string{});
    }
    finding.owner = finding.file;
    for (auto at = finding.file.rfind('/'); at != std::string::npos && at != 0; at = finding.file.rfind('/', at - 1)) {
      if (owners_.contains(finding.file.substr(0, at))) finding.owner = finding.file.substr(0, at);
    }
    const auto shapes = own_shapes_.find(finding.file.empty() ? finding.source.file : finding.file);
    if (shapes != own_shapes_.end()) finding.owner = shapes->second;
    report_.findings.push_back(std::move(finding));
  }

  // The records as one graph, put together from what was made of them when they were read.
  Result<RdfData> statements() {
    std::vector<Statements> parts;
    std::vector<std::size_t> of_system;
    for (std::size_t s = 0; s < report_.systems.size(); ++s) {
      TRY(auto more, report_.systems[s].reading->statements(world_.disk));
      of_system.insert(of_system.end(), more.size(), s);
      std::move(more.begin(), more.end(), std::back_inserter(parts));
    }
    RdfData made;
    made.files.resize(1);  // spans count from 1
    system_of_file_.assign(1, report_.systems.size());
    std::size_t size = 0, terms = 0, files = 1, let_go = 0;
    for (const auto& part : parts) {
      size += part.graph.size(), terms += part.graph.terms().size(), files += part.files.size();
    }
    made.graph.reserve_spans(size);
    made.graph.terms().reserve(terms);
    made.files.reserve(files);
    for (std::size_t p = 0; p < parts.size(); ++p) {
      auto& part = parts[p];
      const auto first = static_cast<std::uint32_t>(made.files.size());
      system_of_file_.insert(system_of_file_.end(), part.files.size(), of_system[p]);
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

  // Records as a graph, RDF data, or both together.
  Result<RdfData> read(const std::vector<std::string>& rdf, bool records) {
    const Stopwatch watch;
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
      TRY(RdfData made, statements());
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
    load_ms_ = watch.milliseconds();
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
    const Stopwatch watch;
    run.compiled = shacl::Shapes::compile(*run.data, run.shapes, run.notes, skip);
    if (!run.compiled) return {};
    auto options = wanted;
    options.threads = thread_count(options_.threads);
    TRY(run.report, shacl::validate(*run.data, run.shapes, *run.compiled, options));
    run.report_ms = watch.milliseconds() - run.report.index_ms - run.report.validate_ms;
    return {};
  }

  // The shapes of the profiles that the collections have. They say what the rules say; only what no rule said is new.
  Result<void> shipped() {
    for (std::size_t s = 0; s < report_.systems.size(); ++s) CHECKED(shipped_with(s));
    return {};
  }
  Result<void> shipped_with(std::size_t system) {
    auto load = load_options();
    std::set<std::string> wanted;
    const auto& reading = *report_.systems[system].reading;
    for (std::size_t c = 0; c < reading.size(); ++c) {
      const auto profile = find_profile(reading.collection(c).profile);
      if (profile) wanted.insert(profile->second->shapes);
    }
    for (const auto& file : embedded_files()) {
      if (wanted.contains(std::string(file.path))) {
        load.texts.push_back({std::string(file.path), file.text, RdfSyntax::turtle});
      }
    }
    if (load.texts.empty()) return {};
    auto run = begin();
    run->shipped = true;
    TRY(run->shapes, load_rdf(world_.disk, {}, load));
    shacl::Options options;
    // One system's shapes say nothing about another's records.
    const auto with_records =
        std::ranges::count_if(report_.systems, [](const auto& s) { return s.reading->size() > 0; });
    if (with_records > 1) options.scope = scope_of([&](std::size_t file) { return system_of(file) == system; });
    CHECKED(validate(*run, options));
    if (!run->compiled) return fail(Code::bug, "provgate's own shapes are refused: " + run->notes.front().message);
    std::erase_if(run->report.notes,
                  [](const auto&) { return true; });  // that nothing is there to check is not a fault
    const ShapeFindings findings(*run);
    std::set<std::pair<std::string, std::string>> said;  // rule with focus, rule with file
    for (const auto& f : report_.findings) {
      said.emplace(f.rule, f.focus);
      said.emplace(f.rule, f.file);
      const auto* rule = find_rule(f.rule);
      if (!rule) continue;
      for (const auto& implied : rule->implies) said.emplace(implied, f.focus), said.emplace(implied, f.file);
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

  // RDF data is no system's.
  std::size_t system_of(std::size_t file) const {
    return file < system_of_file_.size() ? system_of_file_[file] : report_.systems.size();
  }

  // What some files say something about, or point at.
  template <class Own>
  std::shared_ptr<shacl::TargetScope> scope_of(Own&& is_own) const {
    std::vector<bool> own;
    for (std::size_t file = 0; file < data_->files.size(); ++file) own.push_back(is_own(file));
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

  static Result<RdfData> no_file(FileType type) {
    return fail(Code::input, type == FileType::link ? "a link, which is not followed" : "not a regular file");
  }

  // The shapes that a collection brings, over its own records. They are a record, too: their faults stand among the
  // others'.
  Result<void> brought(const Collection& collection) {
    const auto& path = collection.own_shapes;
    const auto info = path.empty() ? FileInfo{} : world_.disk.info(path);
    if (info.type == FileType::missing && !info.unknown) return {};
    auto load = load_options();
    load.otherwise = RdfSyntax::turtle;
    const bool linked = info.type == FileType::link && !inside_target(world_.disk, path, options_.read).empty();
    auto read = info.type == FileType::file || linked ? load_rdf(world_.disk, {path}, load) : no_file(info.type);
    if (!read) {
      Finding finding;
      finding.rule = "SHACL-002", finding.severity = Severity::error, finding.unreadable = true;
      finding.message = collection.own_shapes_name + " cannot be read: " + read.error().why,
      finding.fix = read.error().help;
      finding.file = path, finding.at = read.error().at;
      add(std::move(finding));
      return {};
    }
    if (read->graph.empty()) return {};
    auto run = begin();
    run->shapes = std::move(*read);
    judge_imports(run->shapes, run->notes);
    // What narrows the user's own question does not narrow what a collection demands, but for the nodes it is about.
    shacl::Options options;
    // Strangers write them: what they may cost is the operator's word, for all queries of the run together.
    options.limits = options_.shapes.run.limits;
    options.limits.memory_bytes = collection.own_shapes_bytes / thread_count(options_.threads);
    options.run_ms = collection.own_shapes_ms;
    options.limit_help = collection.own_shapes_help;
    options.focus = options_.shapes.run.focus;
    options.changed = options_.shapes.run.changed;
    options.scope =
        scope_of([&](std::size_t file) { return data_->files[file].path.starts_with(collection.root + "/"); });
    if (const auto validated = validate(*run, options); !validated) {
      // One collection's shapes that take too long take nothing from the others' verdicts.
      Finding finding;
      finding.rule = "SHACL-002", finding.severity = Severity::error, finding.unreadable = true,
      finding.world = validated.error().code == Code::world;
      finding.message = collection.own_shapes_name + " could not be evaluated: " + validated.error().why,
      finding.fix = validated.error().help;
      finding.file = path;
      add(std::move(finding));
      return {};
    }
    for (const auto* notes : {&run->notes, &run->report.notes}) {
      for (const auto& note : *notes) {
        auto finding = note;
        finding.unreadable = note.severity == Severity::error;
        add(std::move(finding));
      }
    }
    if (!run->compiled) return {};
    const ShapeFindings findings(*run);
    for (const auto& result : run->report.results) add(findings.one(result));
    if (run->report.vacuous && options.focus.empty()) {
      Finding finding;
      finding.rule = "SHACL-002", finding.severity = Severity::warning, finding.file = path;
      finding.message = collection.own_shapes_name + " check nothing: " + run->report.nothing;
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
    for (const auto& note : run->notes) add(note);
    for (const auto& note : run->report.notes) add(note);
    const ShapeFindings findings(*run);
    for (const auto& result : run->report.results) add(findings.one(result));
    return {};
  }

  const World& world_;
  const CheckOptions& options_;
  CheckReport& report_;
  std::shared_ptr<RdfData> data_;
  double load_ms_ = 0;
  std::string first_rdf_;
  std::vector<std::size_t> system_of_file_;
  std::unordered_set<std::string> owners_;                   ///< of records
  std::unordered_map<std::string, std::string> own_shapes_;  ///< shapes that a collection brings -> its root
};

}  // namespace

Result<void> check_shapes(const World& world, const std::vector<std::string>& rdf, const CheckOptions& options,
                          CheckReport& report) {
  return ShapeCheck(world, options, report).run(rdf);
}

}  // namespace provgate
