// SPDX-License-Identifier: Apache-2.0
// A disk that reads what lies below a root from the root's handle, and knows which file it was that was read.
#pragma once

#include <unordered_map>

#include "io/forwarding_disk.hpp"

namespace provgate {

/// What one record is sealed from is read through it: each file once, without a link on the way, and what is compared
/// and protected later is the file that was read. Borrows the disk below. Threads: one.
class HeldDisk final : public ForwardingDisk {
 public:
  using ForwardingDisk::ForwardingDisk;

  /// A file as it was read since begin().
  struct Held {
    Digest digest;
    FileIdentity identity;
    bool may_protect = true;
  };

  /// Another record, below that root, which must be that directory: nothing is known. Errors: those of hold_root.
  Result<void> begin(const std::string& root, const FileIdentity& which = {});
  /// The root of the record, as long as it is kept.
  const std::shared_ptr<const void>& root() const { return hold_; }
  /// Null: it was not read, or not without following a link. `path` lies below the root.
  const Held* held(const std::string& path) const;
  /// The digest of a file that was read piece by piece since begin(); null: none was.
  const Digest* digested(const std::string& path) const;

  Result<std::vector<DirEntry>> list(const std::string& path) override;
  /// What the root's handle does not lead to, a link or a file of two names, is read as the disk below does.
  Result<std::string> read(const std::string& path, std::uint64_t max_bytes, bool follow) override;
  Result<Digest> digest_below(const std::string& root, const std::string& path) override;

 private:
  std::string root_;
  FileIdentity which_;
  std::shared_ptr<const void> hold_;
  std::unordered_map<std::string, Held> held_;
  std::unordered_map<std::string, Digest> digested_;
  std::unordered_map<std::string, std::vector<DirEntry>> listed_;
};

}  // namespace provgate
