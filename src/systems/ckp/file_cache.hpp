// SPDX-License-Identifier: Apache-2.0
// Files of one kernel, read again to be sealed or converted.
#pragma once

#include <map>

#include "systems/ckp/sources/sources.hpp"

namespace provgate::ckp {

/// Reads each file once. Borrows disk and place.
class FileCache {
 public:
  FileCache(Disk& disk, const KernelPlace& place, const ReadOptions& read) : disk_(disk), place_(place), read_(read) {
    read_.digests = true;
  }
  const SourceFile& get(const std::string& path) {
    auto [slot, fresh] = files_.try_emplace(path);
    if (fresh) slot->second = read_source(disk_, path, place_.root, read_);
    return slot->second;
  }
  /// Errors: Code::world where the file is not the one with that digest, which was judged.
  Result<const SourceFile*> as_judged(const std::string& path, const Digest& sha256) {
    const auto& file = get(path);
    if (sha256.empty() || file.sha256 == sha256) return &file;
    return fail(Code::world, path + " changed while it was being judged", "run it again when nothing writes to it");
  }

 private:
  Disk& disk_;
  const KernelPlace& place_;
  ReadOptions read_;
  std::map<std::string, SourceFile> files_;
};

}  // namespace provgate::ckp
