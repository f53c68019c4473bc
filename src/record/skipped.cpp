// SPDX-License-Identifier: Apache-2.0
#include "provgate/record/skipped.hpp"

#include <numeric>

#include "provgate/base/base.hpp"

namespace provgate {

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
    case SkipReason::code_directory: return plural(n, "directory of code", "directories of code");
    case SkipReason::dot_entry:
      return plural(n, "entry whose name begins with a dot", "entries whose names begin with a dot");
    case SkipReason::log: return plural(n, "log");
    case SkipReason::temporary: return plural(n, "temporary file");
    case SkipReason::not_rdf: return plural(n, "file that is not RDF", "files that are not RDF");
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

}  // namespace provgate
