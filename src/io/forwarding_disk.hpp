// SPDX-License-Identifier: Apache-2.0
// A disk that hands everything on to another: what disks that watch or remember have in common.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "provgate/io/io.hpp"

namespace provgate {

/// Borrows the disk below. Threads: as that one.
class ForwardingDisk : public Disk {
 public:
  explicit ForwardingDisk(Disk& disk) : disk_(&disk) {}

  Result<std::vector<DirEntry>> list(const std::string& path) override { return disk_->list(path); }
  Result<std::string> read(const std::string& path, std::uint64_t max_bytes, bool follow) override {
    return disk_->read(path, max_bytes, follow);
  }
  Result<FileBytes> map(const std::string& path) override { return disk_->map(path); }
  bool is_stream(const std::string& path) override { return disk_->is_stream(path); }
  Result<std::string> read_stream(const std::string& path, std::uint64_t max_bytes) override {
    return disk_->read_stream(path, max_bytes);
  }
  FileInfo info(const std::string& path) override { return disk_->info(path); }
  Result<std::string> real_path(const std::string& path) override { return disk_->real_path(path); }
  FileIdentity identity(const std::string& directory) override { return disk_->identity(directory); }
  Result<std::shared_ptr<const void>> claim_root(const std::string& root) override { return disk_->claim_root(root); }
  Result<std::shared_ptr<const void>> hold_root(const std::string& root, const FileIdentity& which) override {
    return disk_->hold_root(root, which);
  }
  Result<HeldFile> read_below(const std::string& root, const std::string& path, std::uint64_t max_bytes) override {
    return disk_->read_below(root, path, max_bytes);
  }
  Result<Digest> digest_below(const std::string& root, const std::string& path) override {
    return disk_->digest_below(root, path);
  }
  Result<void> may_write_below(const std::string& root, const std::string& path) override {
    return disk_->may_write_below(root, path);
  }
  Result<FileIdentity> create_below(const std::string& root, const std::string& path, std::string_view bytes,
                                    bool replace, bool secret) override {
    return disk_->create_below(root, path, bytes, replace, secret);
  }
  Result<void> append_below(const std::string& root, const std::string& path, std::string_view lines) override {
    return disk_->append_below(root, path, lines);
  }
  Result<HeldFile> protect_below(const std::string& root, const std::string& path, const FileIdentity& which,
                                 std::uint64_t max_bytes) override {
    return disk_->protect_below(root, path, which, max_bytes);
  }
  Result<void> flush_below(const std::string& root, const std::vector<std::string>& paths) override {
    return disk_->flush_below(root, paths);
  }

 protected:
  Disk& below() const { return *disk_; }
  void change_below(Disk& disk) { disk_ = &disk; }

 private:
  Disk* disk_;
};

}  // namespace provgate
