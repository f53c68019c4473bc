// SPDX-License-Identifier: Apache-2.0
// A disk that answers as it did the first time: what a run has read it does not open again.
#pragma once

#include <functional>
#include <mutex>
#include <unordered_map>

#include "io/forwarding_disk.hpp"

namespace provgate {

/// Keeps the bytes of files that were read, so that what was judged is what is sealed, converted or compared, and each
/// file is opened once. A path that is made or appended to is forgotten; so is everything when the object
/// dies. Costs the memory of what is kept. Threads: any. Borrows the disk below.
class SnapshotDisk final : public ForwardingDisk {
 public:
  using ForwardingDisk::ForwardingDisk;
  /// From now on over another disk, which has the same files. Not while others read.
  void over(Disk& disk) { change_below(disk); }
  /// No more bytes than that are kept (mapped files do not count): what comes after is read again when it is wanted.
  void keep_at_most(std::uint64_t bytes) { most_ = bytes; }
  /// From now on only such paths are kept. Not while others read.
  void keep_only(std::function<bool(const std::string& path)> wanted) { wanted_ = std::move(wanted); }
  /// Nothing that was read is known any more. Not while others read.
  void forget_all() { read_.clear(), mapped_.clear(), kept_ = 0; }

  Result<std::string> read(const std::string& path, std::uint64_t max_bytes, bool follow = false) override;
  Result<FileBytes> map(const std::string& path) override;
  Result<FileIdentity> create_below(const std::string& root, const std::string& path, std::string_view bytes,
                                    bool replace, bool secret) override {
    forget(join_path(root, path));
    return below().create_below(root, path, bytes, replace, secret);
  }
  Result<void> append_below(const std::string& root, const std::string& path, std::string_view lines) override {
    forget(join_path(root, path));
    return below().append_below(root, path, lines);
  }

 private:
  void forget(const std::string& path);
  bool wanted(const std::string& path) const { return !wanted_ || wanted_(path); }

  std::function<bool(const std::string& path)> wanted_;
  std::uint64_t most_ = UINT64_MAX, kept_ = 0;
  std::mutex mutex_;
  std::unordered_map<std::string, std::string> read_;
  std::unordered_map<std::string, FileBytes> mapped_;
};

}  // namespace provgate
