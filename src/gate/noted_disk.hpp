// SPDX-License-Identifier: Apache-2.0
// A disk on which what sealing has still to write beside a record is there already.
#pragma once

#include "io/forwarding_disk.hpp"
#include "provgate/gate/gate.hpp"

namespace provgate {

/// Borrows all. Threads: as the disk below.
class NotedDisk final : public ForwardingDisk {
 public:
  NotedDisk(Disk& below, const std::string& root, const Trail& trail)
      : ForwardingDisk(below), root_(root), trail_(trail) {}
  Result<std::string> read(const std::string& path, std::uint64_t max_bytes, bool follow) override {
    const auto* file = noted(path);
    return file ? file->bytes : below().read(path, max_bytes, follow);
  }
  FileInfo info(const std::string& path) override {
    const auto* file = noted(path);
    return file ? FileInfo{FileType::file, file->bytes.size(), 0644, false} : below().info(path);
  }

 private:
  const Trail::Text* noted(const std::string& path) const {
    for (const auto& file : trail_.files) {
      if (join_path(root_, file.path) == path) return &file;
    }
    return nullptr;
  }

  const std::string& root_;
  const Trail& trail_;
};

}  // namespace provgate
