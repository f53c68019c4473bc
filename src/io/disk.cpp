// SPDX-License-Identifier: Apache-2.0
#include <dirent.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "io/below.hpp"
#include "io/descriptor.hpp"
#include "io/real.hpp"

namespace provgate {

Result<FileBytes> Disk::map(const std::string& path) {
  TRY(auto bytes, read(path, UINT64_MAX, true));
  auto owner = std::make_shared<const std::string>(std::move(bytes));
  return FileBytes{*owner, owner, false};
}

bool Disk::is_stream(const std::string&) { return false; }
FileIdentity Disk::identity(const std::string&) { return {}; }
Result<std::shared_ptr<const void>> Disk::hold_root(const std::string&, const FileIdentity&) { return nullptr; }
Result<std::shared_ptr<const void>> Disk::claim_root(const std::string&) {
  return std::shared_ptr<const void>(std::make_shared<int>());
}
Result<std::string> Disk::read_stream(const std::string& path, std::uint64_t max_bytes) {
  return read(path, max_bytes, true);
}

void FileBytes::rest(std::uint64_t begin, std::uint64_t end) const {
  if (!mapped) return;
  static const auto page = static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  const auto first = (begin + page - 1) / page * page, last = end == text.size() ? end : end / page * page;
  if (first < last) ::madvise(const_cast<char*>(text.data() + first), last - first, MADV_DONTNEED);
}

tl::unexpected<Error> disk_error(Code code, std::string what, const std::string& path, int number) {
  const bool full = number == ENOSPC || number == EDQUOT || number == EFBIG;
  // What the system cannot do now it may do later: that is not the input's fault.
  const bool passing = number == EMFILE || number == ENFILE || number == ENOMEM || number == EIO || number == EAGAIN ||
                       number == ENOBUFS;
  Error error{full      ? Code::disk_full
              : passing ? Code::world
                        : code,
              std::move(what) + ": " + std::strerror(number),
              {},
              path,
              {}};
  if (full) error.help = "free some space and run it again; what was there before is unchanged";
  return tl::unexpected<Error>(std::move(error));
}

Result<std::string> read_whole(const Fd& fd, std::uint64_t size, const std::string& path) {
  std::string bytes(static_cast<std::size_t>(size), '\0');
  std::size_t have = 0;
  while (have < bytes.size()) {
    const auto got = ::pread(fd.get(), bytes.data() + have, bytes.size() - have, static_cast<off_t>(have));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return disk_error(Code::input, "the file cannot be read", path, errno);
    if (got == 0) break;
    have += static_cast<std::size_t>(got);
  }
  bytes.resize(have);
  return bytes;
}

Result<void> write_whole(const Fd& fd, std::string_view bytes, const std::string& path) {
  while (!bytes.empty()) {
    const auto done = ::write(fd.get(), bytes.data(), bytes.size());
    if (done < 0 && errno == EINTR) continue;
    if (done < 0) return disk_error(Code::world, "the file cannot be written", path, errno);
    bytes.remove_prefix(static_cast<std::size_t>(done));
  }
  return {};
}

namespace {

FileType type_of(mode_t mode) {
  if (S_ISREG(mode)) return FileType::file;
  if (S_ISDIR(mode)) return FileType::directory;
  return S_ISLNK(mode) ? FileType::link : FileType::other;
}

FileType type_of_entry(const dirent& entry, const std::string& directory) {
  switch (entry.d_type) {
    case DT_REG: return FileType::file;
    case DT_DIR: return FileType::directory;
    case DT_LNK: return FileType::link;
    case DT_UNKNOWN: {
      struct stat st{};
      const auto path = join_path(directory, entry.d_name);
      return ::lstat(path.c_str(), &st) == 0 ? type_of(st.st_mode) : FileType::missing;
    }
    default: return FileType::other;
  }
}

class RealDisk final : public Disk {
 public:
  Result<std::vector<DirEntry>> list(const std::string& path) override {
    DIR* handle = ::opendir(path.c_str());
    if (!handle) return disk_error(Code::input, "the directory cannot be read", path, errno);
    std::vector<DirEntry> entries;
    errno = 0;
    while (const dirent* entry = ::readdir(handle)) {
      const std::string_view name = entry->d_name;
      if (name == "." || name == "..") continue;
      entries.push_back({std::string(name), type_of_entry(*entry, path)});
      errno = 0;
    }
    const int failed = errno;
    ::closedir(handle);
    if (failed) return disk_error(Code::input, "the directory cannot be read to its end", path, failed);
    std::sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
    return entries;
  }

  Result<std::string> read(const std::string& path, std::uint64_t max_bytes, bool follow) override {
    const Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | (follow ? 0 : O_NOFOLLOW)));
    if (fd.get() < 0) {
      if (errno == ELOOP && !follow) {
        return tl::unexpected<Error>(
            Error{Code::input, "a record must be a file of its own, not a link", {}, path, {}});
      }
      return disk_error(Code::input, "the file cannot be read", path, errno);
    }
    struct stat st{};
    if (::fstat(fd.get(), &st) != 0) return disk_error(Code::input, "the file cannot be read", path, errno);
    if (!S_ISREG(st.st_mode)) {
      const char* what = S_ISDIR(st.st_mode) ? "a directory stands where a file is expected" : "not a regular file";
      return tl::unexpected<Error>(Error{Code::input, what, {}, path, {}});
    }
    if (static_cast<std::uint64_t>(st.st_size) > max_bytes) {
      return tl::unexpected<Error>(Error{Code::input,
                                         "the file has " + with_commas(static_cast<std::uint64_t>(st.st_size)) +
                                             " bytes; the limit is " + with_commas(max_bytes),
                                         "raise the limit with --max-file-size BYTES",
                                         path,
                                         {}});
    }
    return read_whole(fd, static_cast<std::uint64_t>(st.st_size), path);
  }

  Result<FileBytes> map(const std::string& path) override {
    const Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    struct stat st{};
    if (fd.get() < 0 || ::fstat(fd.get(), &st) != 0)
      return disk_error(Code::input, "the file cannot be read", path, errno);
    constexpr std::size_t k_worth_mapping = 1 << 16;
    const auto size = static_cast<std::size_t>(st.st_size);
    if (!S_ISREG(st.st_mode) || size < k_worth_mapping) return Disk::map(path);
    void* at = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, fd.get(), 0);
    if (at == MAP_FAILED) return Disk::map(path);

    std::shared_ptr<const void> owner(at, [size](const void* mapped) { ::munmap(const_cast<void*>(mapped), size); });
    return FileBytes{{static_cast<const char*>(at), size}, std::move(owner), true};
  }

  bool is_stream(const std::string& path) override {
    struct stat st{};
    return ::stat(path.c_str(), &st) == 0 && (S_ISFIFO(st.st_mode) || S_ISCHR(st.st_mode) || S_ISSOCK(st.st_mode));
  }

  Result<std::string> read_stream(const std::string& path, std::uint64_t max_bytes) override {
    const Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (fd.get() < 0) return disk_error(Code::input, "the stream cannot be read", path, errno);
    std::string out, piece(1 << 16, '\0');
    while (true) {
      const auto got = ::read(fd.get(), piece.data(), piece.size());
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) return disk_error(Code::input, "the stream cannot be read", path, errno);
      if (got == 0) return out;
      out.append(piece, 0, static_cast<std::size_t>(got));
      if (out.size() > max_bytes)
        return tl::unexpected<Error>(
            Error{Code::input, "the stream gives more than " + with_commas(max_bytes) + " bytes", {}, path, {}});
    }
  }

  FileInfo info(const std::string& path) override {
    struct stat st{};
    if (::lstat(path.c_str(), &st) != 0) {
      FileInfo none;
      none.unknown = errno != ENOENT && errno != ENOTDIR && errno != ELOOP && errno != ENAMETOOLONG;
      return none;
    }
    return {type_of(st.st_mode), static_cast<std::uint64_t>(st.st_size), static_cast<unsigned>(st.st_mode & 07777)};
  }

  Result<std::string> real_path(const std::string& path) override {
    char* resolved = ::realpath(path.c_str(), nullptr);
    if (!resolved) return disk_error(Code::input, "the path cannot be resolved", path, errno);
    std::string text = resolved;
    std::free(resolved);
    return text;
  }

  FileIdentity identity(const std::string& directory) override { return below::identity(directory); }
  Result<std::shared_ptr<const void>> hold_root(const std::string& root, const FileIdentity& which) override {
    return below::hold(root, which);
  }
  Result<std::shared_ptr<const void>> claim_root(const std::string& root) override { return below::claim(root); }
  Result<HeldFile> read_below(const std::string& root, const std::string& path, std::uint64_t max_bytes) override {
    return below::read(root, path, max_bytes);
  }
  Result<Digest> digest_below(const std::string& root, const std::string& path) override {
    return below::digest(root, path);
  }
  Result<void> may_write_below(const std::string& root, const std::string& path) override {
    return below::may_write(root, path);
  }
  Result<FileIdentity> create_below(const std::string& root, const std::string& path, std::string_view bytes,
                                    bool replace, bool secret) override {
    return below::create(root, path, bytes, replace, secret);
  }
  Result<void> append_below(const std::string& root, const std::string& path, std::string_view lines) override {
    return below::append(root, path, lines);
  }
  Result<HeldFile> protect_below(const std::string& root, const std::string& path, const FileIdentity& which,
                                 std::uint64_t max_bytes) override {
    return below::protect(root, path, which, max_bytes);
  }
  Result<void> flush_below(const std::string& root, const std::vector<std::string>& paths) override {
    return below::flush(root, paths);
  }
};

}  // namespace

Disk& real_disk() {
  static RealDisk disk;
  return disk;
}

bool is_temporary_name(std::string_view name) {
  constexpr std::size_t k_digits = 16;
  return name.starts_with(k_temporary_prefix) && name.size() == k_temporary_prefix.size() + k_digits &&
         name.find_first_not_of("0123456789abcdef", k_temporary_prefix.size()) == std::string_view::npos;
}

std::string base_name(const std::string& path) {
  auto end = path.size();
  while (end > 1 && path[end - 1] == '/') --end;
  const auto slash = path.rfind('/', end - 1);
  return slash == std::string::npos || end == 1 ? path.substr(0, end) : path.substr(slash + 1, end - slash - 1);
}

std::string parent_path(const std::string& path) {
  auto end = path.size();
  while (end > 1 && path[end - 1] == '/') --end;
  const auto slash = path.rfind('/', end - 1);
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

std::string join_path(const std::string& a, std::string_view b) {
  if (a.empty()) return std::string(b);
  return a.back() == '/' ? a + std::string(b) : a + "/" + std::string(b);
}

}  // namespace provgate
