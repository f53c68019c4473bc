// What was named on the command line must have been read as something.
#include <algorithm>

#include "check/sink.hpp"

namespace provgate {
namespace {

bool has_records(const CheckedKernel& kernel) {
  return !kernel.instances.empty() || !kernel.actions.empty() || !kernel.tasks.empty() || !kernel.goals.empty() || !kernel.decisions.empty() || !kernel.proposals.empty() ||
         !kernel.others.empty() || kernel.info.yaml.doc;
}

Scopes judged_paths(const CheckedKernel& kernel) {
  Scopes out;
  for (const auto& one : kernel.instances) out.add(one.directory);
  for (const auto& one : kernel.actions) out.add(one.file);
  for (const auto& one : kernel.tasks) out.add(one.file);
  for (const auto& one : kernel.goals) out.add(one.file);
  for (const auto& one : kernel.decisions) out.add(one.file);
  for (const auto& one : kernel.proposals) out.add(one.file);
  for (const auto& path : kernel.others) out.add(path);
  if (kernel.info.yaml.doc) out.add(kernel.place.yaml);
  return out;
}

bool below(const std::string& path, const std::string& top) { return path == top || path.starts_with(top + "/"); }

}  // namespace

void check_named(Disk& disk, const std::vector<std::string>& paths, bool data, CheckReport& report) {
  if (report.record_count == 0 && !data) return;  // nothing was checked at all, which is said elsewhere
  Sink sink("");
  const auto nothing_at = [&](const std::string& path) {
    const bool said = std::any_of(report.findings.begin(), report.findings.end(), [&](const auto& f) { return f.severity == Severity::error && below(f.file, path); });
    if (said) return;
    sink.set_owner(path);
    auto& f = sink.add("INPUT-012", path, {}, "nothing here is known as a record");
    f.unreadable = true, f.expected = "a record in JSON or YAML, or RDF in a file named so, with --shapes";
  };
  for (const auto& kernel : report.kernels) {
    if (kernel.place.scope.empty() || kernel.place.loose) continue;
    const auto judged = judged_paths(kernel);
    for (const auto& path : kernel.place.scope.paths()) {
      if (judged.empty() || !judged.hold(path)) nothing_at(path);
    }
  }
  for (auto path : paths) {
    while (path.size() > 1 && path.back() == '/') path.pop_back();
    if (disk.info(path).type != FileType::directory) continue;
    const bool read = std::any_of(report.kernels.begin(), report.kernels.end(), [&](const auto& kernel) {
      if (below(kernel.place.root, path)) return has_records(kernel);
      // A part of a kernel was looked at above; of a loose tree the files tell.
      return below(path, kernel.place.root) && (!kernel.place.loose || (has_records(kernel) && judged_paths(kernel).hold(path)));
    });
    if (!read) nothing_at(path);
  }
  for (auto& f : sink.findings()) report.findings.push_back(std::move(f));
}

}  // namespace provgate
