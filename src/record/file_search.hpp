// SPDX-License-Identifier: Apache-2.0
// Finding files of records at and below paths, each once, and none of what belongs to others.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>

#include "provgate/io/io.hpp"

namespace provgate {

/// Says nothing of what cannot be looked into: the last system, which looks everywhere, does. Threads: one.
class FileSearch {
 public:
  /// Whether a collection of another system begins at a directory; empty: none does.
  using Foreign = std::function<bool(const std::string& directory)>;
  /// Borrows the disk.
  FileSearch(Disk& disk, Foreign foreign) : disk_(disk), foreign_(std::move(foreign)) {}

  using IsName = std::function<bool(std::string_view name)>;
  using Visit = std::function<void(const std::string& path)>;
  /// A file that is named, whatever it is called, and below a directory those whose names `is_name` says yes to; no
  /// hidden ones. A link that is named leads somewhere; below, links are not followed.
  void each(const std::string& path, const IsName& is_name, const Visit& visit);
  /// Whether the file was not seen before, by any of its names.
  bool first(const std::string& path);

 private:
  void walk(const std::string& directory, int depth, const IsName& is_name, const Visit& visit);

  Disk& disk_;
  Foreign foreign_;
  std::map<std::string, bool> foreign_roots_;
  std::set<std::string> known_;  // real paths
};

}  // namespace provgate
