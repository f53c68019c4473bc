// SPDX-License-Identifier: Apache-2.0
// Files below a directory, reached from its handle: nothing below it is followed out of it, whatever is put in the way
// meanwhile. What the real disk's *_below calls do; see Disk. Source: openat2(2), renameat2(2), syncfs(2).
#pragma once

#include "provgate/io/io.hpp"

namespace provgate::below {

/// See Disk::hold_root. Threads: any.
Result<std::shared_ptr<const void>> hold(const std::string& root, const FileIdentity& which);
/// See Disk::claim_root. Threads: any.
std::shared_ptr<const void> claim(const std::string& root);
FileIdentity identity(const std::string& directory);
Result<HeldFile> read(const std::string& root, const std::string& path, std::uint64_t max_bytes);
Result<Digest> digest(const std::string& root, const std::string& path);
Result<void> may_write(const std::string& root, const std::string& path);
Result<FileIdentity> create(const std::string& root, const std::string& path, std::string_view bytes, bool replace,
                            bool secret);
Result<void> append(const std::string& root, const std::string& path, std::string_view lines);
Result<HeldFile> protect(const std::string& root, const std::string& path, const FileIdentity& which,
                         std::uint64_t max_bytes);
Result<void> flush(const std::string& root, const std::vector<std::string>& paths);

}  // namespace provgate::below
