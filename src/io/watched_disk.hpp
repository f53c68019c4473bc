// SPDX-License-Identifier: Apache-2.0
// A disk that remembers what the system failed to read, whoever asked and whatever was made of it.
#pragma once

#include <mutex>
#include <optional>

#include "provgate/io/io.hpp"

namespace provgate {

/// Hands everything on to another disk, which must outlive it. A read that failed for the system (Code::world) says
/// nothing about the file, so whoever judges by what was read asks failure() at the end. May be read from several
/// threads, like any disk.
class WatchedDisk final : public Disk {
 public:
  explicit WatchedDisk(Disk& disk) : disk_(disk) {}

  /// The first such failure since the last reset, with its path.
  std::optional<Error> failure() const {
    const std::scoped_lock alone(mutex_);
    return failure_;
  }
  void reset() {
    const std::scoped_lock alone(mutex_);
    failure_.reset();
  }

  Result<std::vector<DirEntry>> list(const std::string& path) override { return noted(disk_.list(path), path); }
  Result<std::string> read(const std::string& path, std::uint64_t max_bytes, bool follow) override {
    return noted(disk_.read(path, max_bytes, follow), path);
  }
  Result<FileBytes> map(const std::string& path) override { return noted(disk_.map(path), path); }
  bool is_stream(const std::string& path) override { return disk_.is_stream(path); }
  Result<std::string> read_stream(const std::string& path, std::uint64_t max_bytes) override {
    return noted(disk_.read_stream(path, max_bytes), path);
  }
  FileInfo info(const std::string& path) override { return disk_.info(path); }
  Result<std::string> real_path(const std::string& path) override { return noted(disk_.real_path(path), path); }
  Result<HeldFile> read_below(const std::string& root, const std::string& path, std::uint64_t max_bytes) override {
    return noted(disk_.read_below(root, path, max_bytes), join_path(root, path));
  }
  Result<Digest> digest_below(const std::string& root, const std::string& path) override {
    return noted(disk_.digest_below(root, path), join_path(root, path));
  }
  Result<void> may_write_below(const std::string& root, const std::string& path) override {
    return disk_.may_write_below(root, path);
  }
  Result<void> create_below(const std::string& root, const std::string& path, std::string_view bytes, bool replace,
                            bool secret) override {
    return disk_.create_below(root, path, bytes, replace, secret);
  }
  Result<void> append_below(const std::string& root, const std::string& path, std::string_view lines) override {
    return disk_.append_below(root, path, lines);
  }
  Result<HeldFile> protect_below(const std::string& root, const std::string& path, const FileIdentity& which,
                                 std::uint64_t max_bytes) override {
    return disk_.protect_below(root, path, which, max_bytes);
  }
  Result<void> flush_below(const std::string& root, const std::vector<std::string>& paths) override {
    return disk_.flush_below(root, paths);
  }

 private:
  template <class T>
  Result<T> noted(Result<T> got, const std::string& path) {
    if (!got && got.error().code == Code::world) {
      const std::scoped_lock alone(mutex_);
      if (!failure_) {
        failure_ = got.error();
        failure_->file = path;
      }
    }
    return got;
  }

  Disk& disk_;
  mutable std::mutex mutex_;
  std::optional<Error> failure_;
};

}  // namespace provgate
