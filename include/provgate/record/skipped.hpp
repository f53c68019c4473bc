// SPDX-License-Identifier: Apache-2.0
// What was looked at and is not a record, and which paths of a collection are judged.
// Source: README.md, on what is skipped. Threads: any.
#pragma once

#include <array>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace provgate {

/// Why something below a path is not a record and was not judged.
enum class SkipReason {
  not_a_record_name,
  no_record_keys,
  not_parseable,
  directory_of_no_records,
  code_directory,
  dot_entry,
  log,
  temporary,
  not_rdf
};
inline constexpr std::size_t k_skip_reasons = 9;
std::string_view name_of(SkipReason reason);  ///< "not_a_record_name"
/// "1 log", "3 files whose names are not those of records".
std::string describe(SkipReason reason, std::uint64_t count);

/// What was skipped, counted by reason; the paths themselves only where they are asked for.
struct Skipped {
  std::array<std::uint64_t, k_skip_reasons> counts{};
  std::vector<std::pair<std::string, SkipReason>> paths;
  void add(SkipReason reason, const std::string& path, bool keep);
  void add(Skipped&& other);
  std::uint64_t total() const;
};

/// The paths of one collection that are judged. Empty: all of it.
class Scopes {
 public:
  bool empty() const { return paths_.empty(); }
  void add(std::string path) { paths_.insert(std::move(path)); }
  void clear() { paths_.clear(); }
  /// Whether `path` is one of the scopes, lies below one, or holds one. Without scopes all is judged.
  bool hold(const std::string& path) const;
  const std::set<std::string>& paths() const { return paths_; }

 private:
  std::set<std::string> paths_;
};

}  // namespace provgate
