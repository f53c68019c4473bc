// SPDX-License-Identifier: Apache-2.0
#include "provgate/record/sink.hpp"

namespace provgate {

FindingLimit::Count& FindingLimit::of(const std::string& file) {
  if (!last_ || file != last_file_) last_ = &files_[file], last_file_ = file;
  return *last_;
}

bool FindingLimit::admit(const std::string& file, Severity severity) {
  auto& count = of(file);
  const auto s = static_cast<std::size_t>(severity);
  if (count.kept[s] < k_most) return ++count.kept[s], true;
  return ++count.left_out[s], false;
}

void FindingLimit::move(std::vector<Finding>& from, std::vector<Finding>& to) {
  for (auto& f : from) {
    if (f.stands_for) {
      of(f.file).left_out[static_cast<std::size_t>(f.severity)] += f.stands_for;
    } else if (admit(f.file, f.severity)) {
      to.push_back(std::move(f));
    }
  }
  from.clear();
}

void FindingLimit::report(std::vector<Finding>& out) const {
  for (const auto& [file, count] : files_) {
    for (const auto severity : {Severity::info, Severity::warning, Severity::error}) {
      const auto n = count.left_out[static_cast<std::size_t>(severity)];
      if (!n) continue;
      Finding f;
      f.rule = "INPUT-011", f.severity = severity, f.file = file, f.owner = file, f.stands_for = n;
      f.message = plural(n, "more " + std::string(name_of(severity))) + " of this file " + (n == 1 ? "is" : "are") +
                  " counted only";
      f.found = std::to_string(n);
      out.push_back(std::move(f));
    }
  }
}

Finding& Sink::add(std::string_view rule, std::string file, Place at, std::string message) {
  const auto* entry = find_rule(rule);
  if (!limit_.admit(file, entry ? entry->severity : Severity::error)) return left_out_ = Finding{};
  Finding f;
  f.rule = std::string(rule);
  if (entry) f.severity = entry->severity, f.fix = entry->fix;
  f.file = std::move(file), f.at = at, f.message = std::move(message), f.owner = owner_;
  findings_.push_back(std::move(f));
  return findings_.back();
}

Finding& Sink::add(std::string_view rule, const SourceFile& file, Place at, std::string message) {
  auto& f = add(rule, file.path, at, std::move(message));
  if (&f != &left_out_ && file.doc && at.line) {
    auto shown = file.doc->source().window(at.line, at.column);
    f.snippet = std::move(shown.text), f.snippet_column = shown.column;
  }
  return f;
}

void Sink::take(Finding finding) {
  finding.owner = owner_;
  if (limit_.admit(finding.file, finding.severity)) findings_.push_back(std::move(finding));
}

std::vector<Finding>& Sink::findings() {
  if (!std::exchange(reported_, true)) limit_.report(findings_);
  return findings_;
}

}  // namespace provgate
