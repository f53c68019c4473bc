// SPDX-License-Identifier: Apache-2.0
#include "support/memory_disk.hpp"

#include <zlib.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "base/digest.hpp"

namespace provgate::test {
namespace {
tl::unexpected<Error> missing(const std::string& path) {
  return tl::unexpected<Error>(Error{Code::input, "no such file", {}, path, {}});
}
}  // namespace

void MemoryDisk::put(const std::string& path, std::string text) {
  nodes_[path] = {FileType::file, std::move(text), 0644, ++last_number_};
  for (auto up = parent_path(path); up != "." && up != "/"; up = parent_path(up)) nodes_[up].type = FileType::directory;
}

void MemoryDisk::link(const std::string& path, const std::string& target) {
  put(path, target);
  nodes_[path].type = FileType::link;
}

void MemoryDisk::put_tree(const std::string& root, const ExampleTree& tree) {
  for (const auto& [path, text] : tree) {
    if (text.starts_with(k_link_mark)) {
      link(join_path(root, path), join_path(root, text.substr(k_link_mark.size())));
    } else {
      put(join_path(root, path), text);
    }
  }
}

std::string MemoryDisk::text(const std::string& path) const {
  const auto found = nodes_.find(path);
  return found == nodes_.end() ? std::string{} : found->second.text;
}

Result<void> MemoryDisk::look(const std::string& op, const std::string& path) {
  if (before_read) {
    if (auto error = before_read(op, path)) return tl::unexpected<Error>(*error);
  }
  return {};
}

Result<std::vector<DirEntry>> MemoryDisk::list(const std::string& path) {
  CHECKED(look("list", path));
  const auto node = nodes_.find(path);
  if (node == nodes_.end() || node->second.type != FileType::directory) return missing(path);
  if (unreadable.contains(path))
    return tl::unexpected<Error>(Error{Code::input, "the directory cannot be read: Permission denied", {}, path, {}});
  std::vector<DirEntry> out;
  for (auto it = nodes_.lower_bound(path + "/"); it != nodes_.end() && it->first.starts_with(path + "/"); ++it) {
    const auto name = it->first.substr(path.size() + 1);
    if (name.find('/') == std::string::npos) out.push_back({name, it->second.type});
  }
  std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  return out;
}

Result<std::string> MemoryDisk::read(const std::string& path, std::uint64_t max_bytes, bool) {
  CHECKED(look("read", path));
  return content(path, max_bytes);
}

Result<std::string> MemoryDisk::content(const std::string& path, std::uint64_t max_bytes) {
  const auto node = nodes_.find(path);
  if (node == nodes_.end()) return missing(path);
  if (unreadable.contains(path))
    return tl::unexpected<Error>(Error{Code::input, "the file cannot be read: Permission denied", {}, path, {}});
  if (node->second.type != FileType::file)
    return tl::unexpected<Error>(Error{Code::input, "a directory stands where a file is expected", {}, path, {}});
  if (node->second.text.size() > max_bytes)
    return tl::unexpected<Error>(
        Error{Code::input, "the file is too large; the limit is " + std::to_string(max_bytes), {}, path, {}});
  return node->second.text;
}

Result<FileBytes> MemoryDisk::map(const std::string& path) {
  const auto found = mapped.find(path);
  return found == mapped.end() ? Disk::map(path) : found->second;
}

FileInfo MemoryDisk::info(const std::string& path) {
  const auto node = nodes_.find(path);
  if (node == nodes_.end()) return {};
  return {node->second.type, node->second.text.size(), node->second.mode};
}

Result<std::string> MemoryDisk::real_path(const std::string& path) {
  const auto node = nodes_.find(path);
  if (node == nodes_.end()) return missing(path);
  return node->second.type == FileType::link ? real_path(node->second.text) : Result<std::string>(path);
}

Result<void> MemoryDisk::change(const std::string& op, const std::string& path) {
  if (before_change) {
    if (auto error = before_change(op, path)) return tl::unexpected<Error>(*error);
  }
  return {};
}
// What lies below the root is reached through no link.
Result<void> MemoryDisk::reach(const std::string& root, const std::string& path) {
  for (auto at = parent_path(path); at != "."; at = parent_path(at)) {
    if (const auto node = nodes_.find(join_path(root, at));
        node != nodes_.end() && node->second.type != FileType::directory)
      return tl::unexpected<Error>(
          Error{Code::input, "a link, or a file behind a link: it is not followed", {}, join_path(root, at), {}});
  }
  const auto node = nodes_.find(join_path(root, path));
  if (node != nodes_.end() && node->second.type != FileType::file)
    return tl::unexpected<Error>(Error{Code::input, "not a regular file", {}, join_path(root, path), {}});
  return {};
}

Result<HeldFile> MemoryDisk::read_below(const std::string& root, const std::string& path, std::uint64_t max_bytes) {
  CHECKED(look("compare", join_path(root, path)));
  CHECKED(reach(root, path));
  TRY(auto bytes, content(join_path(root, path), max_bytes));
  const auto& node = nodes_[join_path(root, path)];
  return HeldFile{std::move(bytes), {1, node.number}, node.mode};
}
Result<Digest> MemoryDisk::digest_below(const std::string& root, const std::string& path) {
  TRY(const auto held, read_below(root, path, 1ULL << 40));
  return sha256_hex(held.bytes);
}
Result<void> MemoryDisk::may_write_below(const std::string& root, const std::string& path) {
  CHECKED(change("may_write", join_path(root, path)));
  return reach(root, path);
}
Result<FileIdentity> MemoryDisk::create_below(const std::string& root, const std::string& path, std::string_view bytes,
                                              bool replace, bool secret) {
  CHECKED(change("create", join_path(root, path)));
  CHECKED(reach(root, path));
  if (has(join_path(root, path)) && !replace)
    return tl::unexpected<Error>(Error{Code::input, "something is there already", {}, join_path(root, path), {}});
  put(join_path(root, path), std::string(bytes));
  if (secret) nodes_[join_path(root, path)].mode = 0600;
  return FileIdentity{1, nodes_[join_path(root, path)].number};
}
Result<void> MemoryDisk::append_below(const std::string& root, const std::string& path, std::string_view lines) {
  CHECKED(change("append", join_path(root, path)));
  CHECKED(reach(root, path));
  auto before = text(join_path(root, path));
  if (!before.empty() && before.back() != '\n') before += '\n';
  if (!has(join_path(root, path))) put(join_path(root, path), {});
  nodes_[join_path(root, path)].text = before + std::string(lines);
  return {};
}
Result<HeldFile> MemoryDisk::protect_below(const std::string& root, const std::string& path, const FileIdentity& which,
                                           std::uint64_t max_bytes) {
  CHECKED(change("protect", join_path(root, path)));
  TRY(auto held, read_below(root, path, max_bytes));
  if (held.identity != which) return fail(Code::integrity, "another file has taken the place of " + path);
  auto& node = nodes_[join_path(root, path)];
  node.mode &= ~0222U;
  return HeldFile{std::move(held.bytes), which, node.mode};
}
Result<void> MemoryDisk::flush_below(const std::string& root, const std::vector<std::string>& paths) {
  CHECKED(change("flush", root));
  for (const auto& path : paths) {
    for (auto at = join_path(root, path); at != "." && at != "/"; at = parent_path(at)) flushed_[at] = nodes_[at];
  }
  return {};
}
void MemoryDisk::power_cut() {
  // Of a directory its entries are flushed with it: what is not among the flushed was never there.
  nodes_ = flushed_;
}

std::string gunzip(std::string_view bytes) {
  z_stream stream{};
  inflateInit2(&stream, 15 + 16);
  std::string out(bytes.size() * 100 + 4096, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  inflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  inflateEnd(&stream);
  return out;
}

TemporaryDirectory::TemporaryDirectory() {
  std::string pattern = (std::filesystem::temp_directory_path() / "provgate-test-XXXXXX").string();
  path = mkdtemp(pattern.data());
}
TemporaryDirectory::~TemporaryDirectory() {
  std::error_code ignored;
  std::filesystem::remove_all(path, ignored);
}

}  // namespace provgate::test

// Raptor 2.0.15 leaks URIs and terms in its N-Quads and TriG parsers and on syntax errors; nothing of ours is named
// here.
extern "C" const char* __lsan_default_suppressions();
extern "C" const char* __lsan_default_suppressions() { return "leak:libraptor2\n"; }
