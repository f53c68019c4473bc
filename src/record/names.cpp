// SPDX-License-Identifier: Apache-2.0
#include "record/names.hpp"

#include "provgate/io/io.hpp"

namespace provgate {

bool is_record_name(std::string_view name) {
  return name.ends_with(".json") || name.ends_with(".yaml") || name.ends_with(".yml");
}

bool is_lines_name(std::string_view name) { return name.ends_with(".jsonl") || name.ends_with(".ndjson"); }

bool looks_like_record(std::string_view name) {
  if (is_record_name(name) || name.ends_with(".tmp")) return false;
  const auto low = lower_ascii(name);
  for (const std::string_view ending : {".json", ".yaml", ".yml"}) {
    const auto at = low.rfind(ending);
    if (at == std::string::npos) continue;
    const std::string_view rest = std::string_view(low).substr(at + ending.size());
    // Another case, an editor's copy, a comment-friendly dialect; .jsonl and .jsonld are formats of their own.
    if (rest.empty() || rest[0] == '.' || rest[0] == '~' || rest[0] == '_' || rest[0] == '-' || rest == "c" ||
        rest == "5" || rest == " ")
      return true;
  }
  return false;
}

SkipReason reason_of(std::string_view name) {
  if (name.starts_with('.')) return SkipReason::dot_entry;
  if (name.ends_with(".tmp") || name == "lock") return SkipReason::temporary;
  if (is_lines_name(name)) return SkipReason::log;
  return SkipReason::not_a_record_name;
}

Finding problem(std::string_view rule, Severity severity, const std::string& path, std::string message,
                std::string fix) {
  Finding f;
  f.rule = std::string(rule), f.severity = severity, f.file = path, f.owner = path;
  f.message = std::move(message), f.fix = std::move(fix);
  return f;
}

Finding unreadable(const Error& error, const std::string& path) {
  auto f = problem("INPUT-003", Severity::error, error.file.empty() ? path : error.file, error.why, error.help);
  f.unreadable = true;
  f.world = error.code == Code::world;
  return f;
}

Finding odd_name(const std::string& path) {
  return problem("INPUT-007", Severity::warning, path,
                 "this looks like a record, but its name is not that of one, so it was not read",
                 "records end in .json, .yaml or .yml, in lower case: rename it, or take it away");
}

Finding bad_name(const std::string& directory, const std::string& name) {
  auto f = problem("INPUT-008", Severity::error, join_path(directory, name),
                   "the name is not UTF-8, so nothing can be said of it that others could read", "rename it");
  f.owner = directory, f.passed_over = true;
  return f;
}

Finding too_deep(const std::string& path) {
  auto f = problem(
      "INPUT-006", Severity::error, path,
      "directories are nested more than " + std::to_string(k_deepest) + " deep; what lies below was not looked at",
      "name this directory as a path of its own");
  f.unreadable = true;
  return f;
}

}  // namespace provgate
