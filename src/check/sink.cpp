#include "check/sink.hpp"

namespace provgate {

Finding& Sink::add(std::string_view rule, std::string file, Place at, std::string message) {
  Finding f;
  f.rule = std::string(rule);
  if (const auto* entry = find_rule(rule)) f.severity = entry->severity, f.fix = entry->fix;
  f.file = std::move(file), f.at = at, f.message = std::move(message), f.owner = owner_;
  findings_.push_back(std::move(f));
  return findings_.back();
}

Finding& Sink::add(std::string_view rule, const SourceFile& file, Place at, std::string message) {
  auto& f = add(rule, file.path, at, std::move(message));
  if (file.doc && at.line) f.snippet = std::string(file.doc->source().line(at.line));
  return f;
}

void Sink::take(Finding finding) {
  finding.owner = owner_;
  findings_.push_back(std::move(finding));
}

}  // namespace provgate
