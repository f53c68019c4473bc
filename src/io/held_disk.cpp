// SPDX-License-Identifier: Apache-2.0
#include "io/held_disk.hpp"

#include "base/digest.hpp"

namespace provgate {

Result<void> HeldDisk::begin(const std::string& root, const FileIdentity& which) {
  held_.clear(), digested_.clear(), listed_.clear();
  if (hold_ && root == root_ && which == which_) return {};
  root_ = root, which_ = which, hold_.reset();
  TRY(hold_, below().hold_root(root, which));
  return {};
}

const HeldDisk::Held* HeldDisk::held(const std::string& path) const {
  const auto found = held_.find(path);
  return found == held_.end() ? nullptr : &found->second;
}

const Digest* HeldDisk::digested(const std::string& path) const {
  const auto found = digested_.find(path);
  return found == digested_.end() ? nullptr : &found->second;
}

Result<std::vector<DirEntry>> HeldDisk::list(const std::string& path) {
  if (const auto known = listed_.find(path); known != listed_.end()) return known->second;
  auto entries = below().list(path);
  if (entries) listed_.emplace(path, *entries);
  return entries;
}

Result<std::string> HeldDisk::read(const std::string& path, std::uint64_t max_bytes, bool follow) {
  const bool inside = !follow && path.size() > root_.size() + 1 && path.starts_with(root_) && path[root_.size()] == '/';
  if (!inside) return below().read(path, max_bytes, follow);
  const auto name = path.substr(root_.size() + 1);
  auto file = below().read_below(root_, name, max_bytes);
  if (file) {
    held_.insert_or_assign(name, Held{sha256_hex(file->bytes), file->identity, file->may_protect});
    return std::move(file->bytes);
  }
  held_.erase(name);
  if (file.error().code == Code::world) return tl::unexpected<Error>(file.error());
  return below().read(path, max_bytes, follow);
}

Result<Digest> HeldDisk::digest_below(const std::string& root, const std::string& path) {
  auto digest = below().digest_below(root, path);
  if (digest && root == root_) digested_.insert_or_assign(path, *digest);
  return digest;
}

}  // namespace provgate
