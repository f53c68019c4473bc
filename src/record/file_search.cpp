// SPDX-License-Identifier: Apache-2.0
#include "record/file_search.hpp"

#include "record/names.hpp"

namespace provgate {

bool FileSearch::first(const std::string& path) {
  const auto real = disk_.real_path(path);
  return real && known_.insert(*real).second;
}

void FileSearch::each(const std::string& given, const IsName& is_name, const Visit& visit) {
  std::string path = given;
  while (path.size() > 1 && path.back() == '/') path.pop_back();
  // The last system refuses such a name.
  if (first_bad_utf8(path) != std::string_view::npos) return;
  if (disk_.info(path).type == FileType::file) return visit(path);
  const auto real = disk_.real_path(path);
  if (!real || disk_.info(*real).type != FileType::directory) return;
  if (foreign_) {
    for (std::string at = *real; at != "/" && at != "."; at = parent_path(at)) {
      const auto [known, fresh] = foreign_roots_.try_emplace(at, false);
      if (fresh) known->second = foreign_(at);
      if (known->second) return;
    }
  }
  walk(path, 0, is_name, visit);
}

void FileSearch::walk(const std::string& directory, int depth, const IsName& is_name, const Visit& visit) {
  if (depth > k_deepest) return;
  const auto entries = disk_.list(directory);
  if (!entries) return;
  for (const auto& e : *entries) {
    const auto path = join_path(directory, e.name);
    if (first_bad_utf8(e.name) != std::string_view::npos || e.name.starts_with('.') || e.name == "node_modules")
      continue;
    if (e.type == FileType::file && is_name(e.name)) visit(path);
    if (e.type == FileType::directory && !(foreign_ && foreign_(path))) walk(path, depth + 1, is_name, visit);
  }
}

}  // namespace provgate
