// SPDX-License-Identifier: Apache-2.0
#include "io/snapshot_disk.hpp"

#include <algorithm>

namespace provgate {

Result<std::string> SnapshotDisk::read(const std::string& path, std::uint64_t max_bytes, bool follow) {
  {
    const std::lock_guard lock(mutex_);
    const auto known = read_.find(path);
    if (known != read_.end() && known->second.size() <= max_bytes) return known->second;
    // map() follows links, read() does not.
    const auto mapped = mapped_.find(path);
    if (mapped != mapped_.end() && mapped->second.text.size() <= max_bytes &&
        (follow || below().info(path).type == FileType::file)) {
      return std::string(mapped->second.text);
    }
  }
  auto bytes = below().read(path, max_bytes, follow);
  if (bytes && wanted(path)) {
    const std::lock_guard lock(mutex_);
    if (bytes->size() <= most_ - std::min(most_, kept_) && read_.emplace(path, *bytes).second) kept_ += bytes->size();
  }
  return bytes;
}

Result<FileBytes> SnapshotDisk::map(const std::string& path) {
  {
    const std::lock_guard lock(mutex_);
    if (const auto known = mapped_.find(path); known != mapped_.end()) return known->second;
    if (const auto known = read_.find(path); known != read_.end()) {
      auto copy = std::make_shared<std::string>(known->second);
      return FileBytes{*copy, copy, false};
    }
  }
  auto bytes = below().map(path);
  if (bytes && wanted(path)) {
    const std::lock_guard lock(mutex_);
    mapped_.emplace(path, *bytes);
  }
  return bytes;
}

void SnapshotDisk::forget(const std::string& path) {
  const std::lock_guard lock(mutex_);
  read_.erase(path), mapped_.erase(path);
}

}  // namespace provgate
