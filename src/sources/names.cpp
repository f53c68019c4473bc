#include "sources/names.hpp"

#include <algorithm>
#include <numeric>

namespace provgate {
namespace {

bool one_of(std::string_view name, std::initializer_list<std::string_view> names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

bool is_record_name(std::string_view name) {
  return name.ends_with(".json") || name.ends_with(".yaml") || name.ends_with(".yml");
}
bool is_lines_name(std::string_view name) { return name.ends_with(".jsonl") || name.ends_with(".ndjson"); }
bool is_instance_member(std::string_view name) {
  return one_of(name, {"manifest.json", "data.json", "message.json", "instance.json"});
}

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

bool holds_no_records(std::string_view name) {
  return one_of(name, {"queue", "conversation", "web", "llm", "index", "logs", "checks", "manifests"});
}

SkipReason reason_of(std::string_view name) {
  if (name.starts_with('.')) return SkipReason::dot_entry;
  if (name.ends_with(".tmp") || name == "lock") return SkipReason::temporary;
  if (is_lines_name(name)) return SkipReason::log;
  return SkipReason::not_a_record_name;
}

std::string_view name_of(SkipReason reason) {
  static constexpr std::array<std::string_view, k_skip_reasons> k_names = {"not_a_record_name",
                                                                           "no_record_keys",
                                                                           "not_parseable",
                                                                           "directory_of_no_records",
                                                                           "code_directory",
                                                                           "dot_entry",
                                                                           "log",
                                                                           "temporary",
                                                                           "not_rdf"};
  return k_names[static_cast<std::size_t>(reason)];
}

std::string describe(SkipReason reason, std::uint64_t n) {
  switch (reason) {
    case SkipReason::not_a_record_name:
      return plural(n, "file whose name is not a record's", "files whose names are not those of records");
    case SkipReason::no_record_keys:
      return plural(n, "file without the keys of a record", "files without the keys of a record");
    case SkipReason::not_parseable:
      return plural(n, "file that cannot be parsed and names no key of a record",
                    "files that cannot be parsed and name no key of a record");
    case SkipReason::directory_of_no_records:
      return plural(n, "directory that holds no records", "directories that hold no records");
    case SkipReason::code_directory: return plural(n, "directory of a kernel's code", "directories of kernels' code");
    case SkipReason::dot_entry:
      return plural(n, "entry whose name begins with a dot", "entries whose names begin with a dot");
    case SkipReason::log: return plural(n, "log");
    case SkipReason::temporary: return plural(n, "temporary file");
    case SkipReason::not_rdf: return plural(n, "file that is no RDF", "files that are no RDF");
  }
  return {};
}

void Skipped::add(SkipReason reason, const std::string& path, bool keep) {
  ++counts[static_cast<std::size_t>(reason)];
  if (keep) paths.emplace_back(path, reason);
}

void Skipped::add(Skipped&& other) {
  for (std::size_t i = 0; i < counts.size(); ++i) counts[i] += other.counts[i];
  paths.insert(paths.end(), std::make_move_iterator(other.paths.begin()), std::make_move_iterator(other.paths.end()));
}

std::uint64_t Skipped::total() const { return std::accumulate(counts.begin(), counts.end(), std::uint64_t{0}); }

bool Scopes::hold(const std::string& path) const {
  if (paths_.empty()) return true;
  for (auto end = path.size(); end != std::string::npos && end != 0; end = path.rfind('/', end - 1)) {
    if (paths_.contains(path.substr(0, end))) return true;
  }
  const auto inside = path + "/";
  const auto next = paths_.lower_bound(inside);
  return next != paths_.end() && next->starts_with(inside);
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
  f.owner = directory;
  return f;
}

Finding inner_kernel(const std::string& path) {
  return problem("KERNEL-014", Severity::error, path, "a kernel of its own inside another kernel's area",
                 "put it beside the kernel, not into its records");
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
