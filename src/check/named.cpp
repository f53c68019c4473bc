// SPDX-License-Identifier: Apache-2.0
// What was named on the command line must have been read as something.
#include <algorithm>

#include "check/steps.hpp"

namespace provgate {
namespace {

// By real paths: what was named may be written in many ways.
Scopes judged_paths(Disk& disk, const Reading& reading, std::size_t c) {
  Scopes out;
  const auto& root = reading.collection(c).root;
  const auto real = disk.real_path(root);
  for (const auto& path : reading.judged_paths(c)) {
    if (real && path.starts_with(root)) {
      out.add(*real + path.substr(root.size()));
    } else {
      const auto own = disk.real_path(path);
      out.add(own ? *own : path);
    }
  }
  return out;
}

bool below(const std::string& path, const std::string& top) { return path == top || path.starts_with(top + "/"); }

// One collection among which named paths are looked for: what it holds is put together once, at the first question.
class Looked {
 public:
  Looked(Disk& disk, const Reading& reading, std::size_t c)
      : disk_(disk),
        reading_(reading),
        c_(c),
        root_(disk.real_path(reading.collection(c).root).value_or("?")),
        holds_(reading.holds_anything(c)) {}

  bool has_read(const std::string& path) {
    if (!holds_ || (!below(root_, path) && !below(path, root_))) return false;
    const auto& collection = reading_.collection(c_);
    if (!collection.loose && !collection.beside && below(root_, path)) return true;
    if (!judged_) judged_ = judged_paths(disk_, reading_, c_);
    return !judged_->empty() && judged_->hold(path);
  }

 private:
  Disk& disk_;
  const Reading& reading_;
  std::size_t c_;
  std::string root_;
  bool holds_;
  std::optional<Scopes> judged_;
};

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
  std::vector<Looked> looked;
  each_collection(report, [&](const SystemReport& one, std::size_t c) { looked.emplace_back(disk, *one.reading, c); });
  for (const auto& given : paths) {
    const auto path = disk.real_path(given);
    if (!path) continue;
    if (std::none_of(looked.begin(), looked.end(), [&](auto& one) { return one.has_read(*path); })) nothing_at(given);
  }
  for (auto& f : sink.findings()) report.findings.push_back(std::move(f));
}

void check_stream(const std::string& standard_input, CheckReport& report) {
  bool read = false;
  each_collection(report, [&](const SystemReport& one, std::size_t c) {
    read = read || (one.reading->collection(c).stream && one.reading->holds_anything(c));
  });
  if (read) return;
  if (std::any_of(report.findings.begin(), report.findings.end(),
                  [](const auto& f) { return f.severity == Severity::error && f.file == "-"; })) {
    return;
  }
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
