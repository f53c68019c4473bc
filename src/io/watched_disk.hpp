// SPDX-License-Identifier: Apache-2.0
// A disk that remembers what the system failed to read, whoever asked and whatever was made of it.
#pragma once

#include <mutex>
#include <optional>

#include "io/forwarding_disk.hpp"

namespace provgate {

/// Hands everything on to another disk, which must outlive it. A read that failed for the system (Code::world) says
/// nothing about the file, so whoever judges by what was read asks failure() at the end. May be read from several
/// threads, like any disk.
class WatchedDisk final : public ForwardingDisk {
 public:
  using ForwardingDisk::ForwardingDisk;

  /// The first such failure since the last reset, with its path.
  std::optional<Error> failure() const {
    const std::scoped_lock alone(mutex_);
    return failure_;
  }
  void reset() {
    const std::scoped_lock alone(mutex_);
    failure_.reset();
  }

  Result<std::vector<DirEntry>> list(const std::string& path) override { return noted(below().list(path), path); }
  Result<std::string> read(const std::string& path, std::uint64_t max_bytes, bool follow) override {
    return noted(below().read(path, max_bytes, follow), path);
  }
  Result<FileBytes> map(const std::string& path) override { return noted(below().map(path), path); }
  Result<std::string> read_stream(const std::string& path, std::uint64_t max_bytes) override {
    return noted(below().read_stream(path, max_bytes), path);
  }
  Result<std::string> real_path(const std::string& path) override { return noted(below().real_path(path), path); }
  Result<HeldFile> read_below(const std::string& root, const std::string& path, std::uint64_t max_bytes) override {
    return noted(below().read_below(root, path, max_bytes), join_path(root, path));
  }
  Result<Digest> digest_below(const std::string& root, const std::string& path) override {
    return noted(below().digest_below(root, path), join_path(root, path));
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

  mutable std::mutex mutex_;
  std::optional<Error> failure_;
};

}  // namespace provgate
