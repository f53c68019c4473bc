// What was named on the command line must have been read as something.
#include <algorithm>

#include "check/assemble.hpp"
#include "check/sink.hpp"

namespace provgate {
namespace {

bool has_records(const CheckedKernel& kernel) {
  return !kernel.instances.empty() || !kernel.actions.empty() || !kernel.tasks.empty() || !kernel.goals.empty() ||
         !kernel.decisions.empty() || !kernel.proposals.empty() || !kernel.others.empty() || kernel.info.yaml.doc;
}

// By real paths: what was named may be written in many ways.
Scopes judged_paths(Disk& disk, const CheckedKernel& kernel) {
  Scopes out;
  const auto& root = kernel.place.root;
  const auto real = disk.real_path(root);
  const auto add = [&](const std::string& path) {
    if (real && path.starts_with(root)) return out.add(*real + path.substr(root.size()));
    const auto own = disk.real_path(path);
    out.add(own ? *own : path);
  };
  for (const auto& one : kernel.instances) {
    if (!one.judged) continue;
    add(one.directory);
    if (const auto proof = own_proof_path(kernel.place, one); !proof.empty()) add(proof);
  }
  for (const auto& one : kernel.actions) add(one.file);
  for (const auto& one : kernel.tasks) add(one.file);
  for (const auto& one : kernel.goals) add(one.file);
  for (const auto& one : kernel.decisions) add(one.file);
  for (const auto& one : kernel.proposals) add(one.file);
  for (const auto& path : kernel.others) add(path);
  // The kernel's own files are read as what they are.
  for (const auto* file : {&kernel.info.yaml, &kernel.info.ontology, &kernel.info.project_file}) {
    if (file->doc) add(file->path);
  }
  add(join_path(kernel.place.home, "rules.shacl"));
  return out;
}

bool below(const std::string& path, const std::string& top) { return path == top || path.starts_with(top + "/"); }

}  // namespace

void check_named(Disk& disk, const std::vector<std::string>& paths, bool data, CheckReport& report) {
  if (report.record_count == 0 && !data) return;  // nothing was checked at all, which is said elsewhere
  Sink sink("");
  const auto nothing_at = [&](std::string path) {
    while (path.size() > 1 && path.back() == '/') path.pop_back();
    const bool said = std::any_of(report.findings.begin(), report.findings.end(),
                                  [&](const auto& f) { return f.severity == Severity::error && below(f.file, path); });
    if (said) return;
    sink.set_owner(path);
    auto& f = sink.add("INPUT-012", path, {}, "nothing here is known as a record");
    f.unreadable = true, f.expected = "a record in JSON or YAML, or RDF in a file named so, with --shapes";
  };
  // Many paths may lie in one kernel: what it holds is put together once.
  struct Looked {
    std::string root;
    std::optional<Scopes> judged;
  };
  std::vector<Looked> looked(report.kernels.size());
  for (const auto& given : paths) {
    const auto path = disk.real_path(given);
    if (!path) continue;
    bool read = false;
    for (std::size_t i = 0; i < report.kernels.size() && !read; ++i) {
      const auto& kernel = report.kernels[i];
      auto& known = looked[i];
      if (known.root.empty()) known.root = disk.real_path(kernel.place.root).value_or("?");
      if (!below(known.root, *path) && !below(*path, known.root)) continue;
      if (!has_records(kernel)) continue;
      if (kernel.place.loose || !below(known.root, *path)) {
        if (!known.judged) known.judged = judged_paths(disk, kernel);
        read = !known.judged->empty() && known.judged->hold(*path);
      } else {
        read = true;
      }
    }
    if (!read) nothing_at(given);
  }
  for (auto& f : sink.findings()) report.findings.push_back(std::move(f));
}

void check_stream(const std::string& standard_input, CheckReport& report) {
  for (const auto& kernel : report.kernels) {
    if (kernel.place.loose && kernel.place.root.empty() && has_records(kernel)) return;
  }
  if (std::any_of(report.findings.begin(), report.findings.end(),
                  [](const auto& f) { return f.severity == Severity::error && f.file == "-"; }))
    return;
  Sink sink("-");
  const auto format = foreign_format(standard_input);
  auto& f = sink.add("INPUT-012", "-", {},
                     trim(standard_input).empty() ? "standard input is empty"
                     : format.empty()             ? "nothing on standard input is known as a record"
                                                  : "this is " + format + ", not a record");
  f.unreadable = true, f.expected = "a record in JSON, or RDF";
  if (guessed_syntax(standard_input) == RdfSyntax::jsonld) f.fix = "if this is JSON-LD, say --format jsonld";
  for (auto& finding : sink.findings()) report.findings.push_back(std::move(finding));
}

}  // namespace provgate
