// SPDX-License-Identifier: Apache-2.0
#include "io/below.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <map>
#include <mutex>

#include "base/digest.hpp"
#include "io/descriptor.hpp"

namespace provgate::below {
namespace {

tl::unexpected<Error> refused(std::string why, const std::string& path) {
  return tl::unexpected<Error>(Error{Code::input, std::move(why), {}, path, {}});
}

// Each part from the handle of the one above it, for systems without openat2.
int open_by_parts(int root, const std::string& path, int flags, mode_t mode) {
  Fd at(::dup(root));
  for (std::size_t begin = 0; at;) {
    const auto end = path.find('/', begin);
    const auto name = path.substr(begin, end == std::string::npos ? end : end - begin);
    if (name == "..") return errno = EXDEV, -1;
    if (end == std::string::npos) return ::openat(at.get(), name.empty() ? "." : name.c_str(), flags, mode);
    if (!name.empty()) at = Fd(::openat(at.get(), name.c_str(), O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    begin = end + 1;
  }
  return -1;
}

// Nothing is waited for (O_NONBLOCK), and no link is followed.
Fd open_in(const Fd& root, const std::string& path, int flags, mode_t mode = 0) {
  static std::atomic<bool> known = true;
  flags |= O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK;
  constexpr int k_most_tries = 100;
  for (int tries = 0; known; ++tries) {
    open_how how{};
    how.flags = static_cast<unsigned>(flags), how.mode = mode;
    how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS;
    const auto fd = static_cast<int>(::syscall(SYS_openat2, root.get(), path.c_str(), &how, sizeof how));
    if (fd >= 0) return Fd(fd);
    // Something was renamed just then; but somebody may hold a lease on the file, too, and that is not waited for.
    if ((errno == EINTR || errno == EAGAIN) && tries < k_most_tries) continue;
    if (errno != ENOSYS && errno != EPERM) return Fd();
    known = false;
  }
  return Fd(open_by_parts(root.get(), path, flags, mode));
}

// A root of its own, or one that somebody holds.
class Root {
 public:
  explicit Root(std::shared_ptr<const Fd> fd) : fd_(std::move(fd)) {}
  operator const Fd&() const { return *fd_; }
  const std::shared_ptr<const Fd>& shared() const { return fd_; }

 private:
  std::shared_ptr<const Fd> fd_;
};

// Roots that are held, by their text. Threads: any.
class HeldRoots {
 public:
  std::shared_ptr<const Fd> find(const std::string& root) {
    const std::scoped_lock alone(mutex_);
    const auto found = held_.find(root);
    return found == held_.end() ? nullptr : found->second.lock();
  }
  void add(const std::string& root, const std::shared_ptr<const Fd>& fd) {
    const std::scoped_lock alone(mutex_);
    std::erase_if(held_, [](const auto& one) { return one.second.expired(); });
    held_[root] = fd;
  }

 private:
  std::mutex mutex_;
  std::map<std::string, std::weak_ptr<const Fd>> held_;
};

HeldRoots& held_roots() {
  static HeldRoots roots;
  return roots;
}

Result<Root> open_root(const std::string& root) {
  if (auto held = held_roots().find(root)) return Root(std::move(held));
  auto out = std::make_shared<const Fd>(::open(root.empty() ? "." : root.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!*out) return disk_error(Code::input, "the directory cannot be opened", root, errno);
  return Root(std::move(out));
}

std::string full(const std::string& root, const std::string& path) { return join_path(root, path); }
std::string above(const std::string& path) {
  const auto slash = path.rfind('/');
  return slash == std::string::npos ? "." : path.substr(0, slash);
}

// What stands in the way where a name could not be opened.
tl::unexpected<Error> not_opened(const std::string& root, const std::string& path, Code code, const char* what) {
  const int number = errno;
  if (number == ELOOP) return refused("a link, or a file behind a link: it is not followed", full(root, path));
  if (number == EXDEV) return refused("it leads out of " + root, full(root, path));
  if (number == ENOTDIR) return refused("a link or a file stands where a directory is expected", full(root, path));
  if (number == EISDIR) return refused("a directory stands where a file is expected", full(root, path));
  if (number == ENXIO) return refused("not a regular file", full(root, path));  // a pipe that nobody reads
  return disk_error(code, what, full(root, path), number);
}

Result<struct stat> look_at(const Fd& fd, const std::string& path, bool one_name = true) {
  struct stat st{};
  if (::fstat(fd.get(), &st) != 0) return disk_error(Code::world, "the file cannot be looked at", path, errno);
  if (!S_ISREG(st.st_mode)) {
    return refused(S_ISDIR(st.st_mode) ? "a directory stands where a file is expected" : "not a regular file", path);
  }
  if (one_name && st.st_nlink > 1) {
    return tl::unexpected<Error>(
        Error{Code::input,
              "the file has another name (a hard link), which may lie outside: its rights are not touched",
              "give it a copy of its own",
              path,
              {}});
  }
  return st;
}

// Whether that name in the directory is the file's, and its only one, as of one moment: a second name that was taken
// away again between two looks would otherwise pass.
bool is_its_only_name(const Fd& directory, const std::string& name, const struct stat& file) {
  struct stat now{};
  return ::fstatat(directory.get(), name.c_str(), &now, AT_SYMLINK_NOFOLLOW) == 0 && now.st_dev == file.st_dev &&
         now.st_ino == file.st_ino && now.st_nlink == 1;
}

FileIdentity identity_of(const struct stat& st) {
  return {static_cast<std::uint64_t>(st.st_dev), static_cast<std::uint64_t>(st.st_ino)};
}

Result<std::string> bytes_of(const Fd& fd, const struct stat& st, std::uint64_t max_bytes, const std::string& path) {
  const auto size = static_cast<std::uint64_t>(st.st_size);
  if (size > max_bytes)
    return refused("the file has " + with_commas(size) + " bytes; the limit is " + with_commas(max_bytes), path);
  return read_whole(fd, size, path);
}

// The directory, made with all above it where it is not there.
Result<Fd> directory(const Fd& root, const std::string& name, const std::string& path, bool* made = nullptr) {
  if (made) *made = false;
  Fd out = open_in(root, name, O_RDONLY | O_DIRECTORY);
  if (out) return out;
  if (errno != ENOENT) return not_opened(path, name, Code::world, "the directory cannot be opened");
  TRY(const auto up, name.find('/') == std::string::npos ? Result<Fd>(open_in(root, ".", O_RDONLY | O_DIRECTORY))
                                                         : directory(root, above(name), path));
  if (!up) return disk_error(Code::world, "the directory cannot be opened", full(path, above(name)), errno);
  if (::mkdirat(up.get(), base_name(name).c_str(), 0777) != 0 && errno != EEXIST)
    return disk_error(Code::world, "the directory cannot be made", full(path, name), errno);
  out = open_in(root, name, O_RDONLY | O_DIRECTORY);
  if (!out) return not_opened(path, name, Code::world, "the directory cannot be opened");
  if (made) *made = true;
  return out;
}

// What runs that were cut short left behind.
void remove_leftovers(const Fd& directory) {
  const int fd = ::openat(directory.get(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  DIR* const listing = fd < 0 ? nullptr : ::fdopendir(fd);
  if (!listing) return;
  std::vector<std::string> names;
  while (const dirent* entry = ::readdir(listing)) {
    if (is_temporary_name(entry->d_name)) names.emplace_back(entry->d_name);
  }
  ::closedir(listing);
  for (const auto& name : names) ::unlinkat(directory.get(), name.c_str(), 0);
}

std::string temporary_name() {
  std::uint64_t number = 0;
  if (::getrandom(&number, sizeof number, 0) != sizeof number) number = static_cast<std::uint64_t>(::getpid());
  std::string out(k_temporary_prefix);
  for (int i = 0; i < 16; ++i, number >>= 4) out += "0123456789abcdef"[number & 15];
  return out;
}

// Takes the name, if nobody has it.
int take_name(const Fd& directory, const std::string& from, const std::string& to) {
  constexpr unsigned k_no_replace = 1;
  if (::syscall(SYS_renameat2, directory.get(), from.c_str(), directory.get(), to.c_str(), k_no_replace) == 0) return 0;
  if (errno != EINVAL && errno != ENOSYS) return -1;
  if (::linkat(directory.get(), from.c_str(), directory.get(), to.c_str(), 0) != 0) return -1;
  return ::unlinkat(directory.get(), from.c_str(), 0);
}

}  // namespace

FileIdentity identity(const std::string& directory) {
  struct stat st{};
  return ::stat(directory.empty() ? "." : directory.c_str(), &st) == 0 ? identity_of(st) : FileIdentity{};
}

Result<std::shared_ptr<const void>> hold(const std::string& root, const FileIdentity& which) {
  TRY(auto opened, open_root(root));
  const Fd& fd = opened;
  struct stat st{};
  if (::fstat(fd.get(), &st) != 0) return disk_error(Code::world, "the directory cannot be looked at", root, errno);
  if (which != FileIdentity{} && identity_of(st) != which) {
    return tl::unexpected<Error>(
        Error{Code::world, "another directory has taken its place since it was judged", "run it again", root, {}});
  }
  held_roots().add(root, opened.shared());
  return std::shared_ptr<const void>(opened.shared());
}

Result<HeldFile> read(const std::string& root, const std::string& path, std::uint64_t max_bytes) {
  TRY(const auto at, open_root(root));
  const Fd fd = open_in(at, path, O_RDONLY);
  if (!fd) return not_opened(root, path, Code::input, "the file cannot be read");
  TRY(const auto st, look_at(fd, full(root, path)));
  TRY(auto bytes, bytes_of(fd, st, max_bytes, full(root, path)));
  const auto mode = static_cast<unsigned>(st.st_mode & 07777);
  return HeldFile{std::move(bytes), identity_of(st), mode,
                  (mode & 0222) == 0 || ::geteuid() == 0 || ::geteuid() == st.st_uid};
}

Result<Digest> digest(const std::string& root, const std::string& path) {
  TRY(const auto at, open_root(root));
  const Fd fd = open_in(at, path, O_RDONLY);
  if (!fd) return not_opened(root, path, Code::input, "the file cannot be read");
  TRY(const auto st, look_at(fd, full(root, path), false));
  Sha256 sum;
  std::string piece(std::min<std::size_t>(1 << 20, static_cast<std::size_t>(st.st_size) + 1), '\0');
  for (off_t at_byte = 0;;) {
    const auto n = ::pread(fd.get(), piece.data(), piece.size(), at_byte);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return disk_error(Code::world, "the file cannot be read", full(root, path), errno);
    if (n == 0) return sum.finish();
    sum.add({piece.data(), static_cast<std::size_t>(n)});
    at_byte += n;
  }
}

Result<void> may_write(const std::string& root, const std::string& path) {
  TRY(const auto at, open_root(root));
  if (const Fd fd = open_in(at, path, O_RDWR)) {
    TRY(const auto st, look_at(fd, full(root, path)));
    (void)st;
    return {};
  }
  if (errno != ENOENT) return not_opened(root, path, Code::world, "the file cannot be written");
  for (auto name = above(path);; name = above(name)) {
    const Fd fd = open_in(at, name, O_RDONLY | O_DIRECTORY);
    if (!fd && errno == ENOENT && name != ".") continue;
    if (!fd) return not_opened(root, name, Code::world, "the directory cannot be opened");
    if (::faccessat(fd.get(), ".", W_OK | X_OK, AT_EACCESS) != 0)
      return disk_error(Code::world, "nothing can be written into the directory", full(root, name), errno);
    return {};
  }
}

Result<FileIdentity> create(const std::string& root, const std::string& path, std::string_view bytes, bool replace,
                            bool secret) {
  TRY(const auto at, open_root(root));
  bool made = false;
  TRY(const auto in, directory(at, above(path), root, &made));
  if (!made) remove_leftovers(in);
  const auto temporary = temporary_name();
  struct stat st{};
  {
    const Fd fd(::openat(in.get(), temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
                         secret ? 0600 : 0666));
    if (!fd) return disk_error(Code::world, "the file cannot be written", full(root, path), errno);
    auto written = write_whole(fd, bytes, full(root, path));
    if (written && ::fstat(fd.get(), &st) != 0)
      written = disk_error(Code::world, "the file cannot be looked at", full(root, path), errno);
    if (!written) {
      ::unlinkat(in.get(), temporary.c_str(), 0);
      return tl::unexpected<Error>(written.error());
    }
  }
  const auto name = base_name(path);
  if ((replace ? ::renameat(in.get(), temporary.c_str(), in.get(), name.c_str()) : take_name(in, temporary, name)) == 0)
    return identity_of(st);
  const int number = errno;
  ::unlinkat(in.get(), temporary.c_str(), 0);
  if (number == EEXIST) return refused("something is there already", full(root, path));
  return disk_error(Code::world, "the file cannot be written", full(root, path), number);
}

Result<void> append(const std::string& root, const std::string& path, std::string_view lines) {
  TRY(const auto at, open_root(root));
  TRY(const auto in, directory(at, above(path), root));
  const Fd fd = open_in(in, base_name(path), O_RDWR | O_APPEND | O_CREAT, 0666);
  if (!fd) return not_opened(root, path, Code::world, "the file cannot be written");
  TRY(const auto st, look_at(fd, full(root, path)));
  if (!is_its_only_name(in, base_name(path), st))
    return refused("it was changed for another file just now", full(root, path));
  char last = '\n';
  if (st.st_size > 0 && ::pread(fd.get(), &last, 1, st.st_size - 1) != 1)
    return disk_error(Code::world, "the file cannot be read", full(root, path), errno);
  // A crash may have cut the last line short; the next one starts on a line of its own.
  return write_whole(fd, last == '\n' ? std::string(lines) : "\n" + std::string(lines), full(root, path));
}

Result<HeldFile> protect(const std::string& root, const std::string& path, const FileIdentity& which,
                         std::uint64_t max_bytes) {
  TRY(const auto at, open_root(root));
  const Fd fd = open_in(at, path, O_RDONLY);
  if (!fd && errno == ENOENT) return fail(Code::integrity, full(root, path) + " was removed meanwhile");
  if (!fd) return not_opened(root, path, Code::integrity, "the file cannot be read");
  TRY(const auto st, look_at(fd, full(root, path)));
  if (identity_of(st) != which) return fail(Code::integrity, "another file has taken the place of " + full(root, path));
  auto mode = static_cast<unsigned>(st.st_mode & 07777);
  if (mode & 0222) {
    const Fd in = open_in(at, above(path), O_RDONLY | O_DIRECTORY);
    if (!in) return not_opened(root, path, Code::integrity, "its directory cannot be opened");
    const auto name = base_name(path);
    const auto swapped = [&] {
      return fail(Code::integrity, full(root, path) + " has another name, or was moved meanwhile");
    };
    if (!is_its_only_name(in, name, st)) return swapped();
    mode &= ~0222U;
    if (::fchmod(fd.get(), static_cast<mode_t>(mode)) != 0)
      return disk_error(Code::world, "the file mode cannot be changed", full(root, path), errno);
    if (!is_its_only_name(in, name, st)) {
      // It may be a file of somebody else's: its right is given back.
      if (::fchmod(fd.get(), st.st_mode & 07777) != 0)
        return disk_error(Code::world, "the file mode cannot be changed", full(root, path), errno);
      return swapped();
    }
  }
  TRY(const auto after, look_at(fd, full(root, path)));
  TRY(auto bytes, bytes_of(fd, after, max_bytes, full(root, path)));
  return HeldFile{std::move(bytes), identity_of(after), mode, true};
}

namespace {

// One by one: each file, its directory and all above it up to the root.
Result<void> flush_each(const std::string& root, const Fd& at, const std::vector<std::string>& paths) {
  std::map<std::string, bool> directories;
  for (const auto& path : paths) {
    const Fd fd = open_in(at, path, O_RDONLY);
    if (!fd || ::fsync(fd.get()) != 0)
      return disk_error(Code::world, "the file cannot be flushed", full(root, path), errno);
    for (auto up = above(path);; up = above(up)) {
      if (!directories.try_emplace(up).second || up == ".") break;
    }
  }
  for (const auto& [name, unused] : directories) {
    const Fd fd = open_in(at, name, O_RDONLY | O_DIRECTORY);
    if (!fd || ::fsync(fd.get()) != 0)
      return disk_error(Code::world, "the directory cannot be flushed", full(root, name), errno);
  }
  return {};
}

}  // namespace

Result<void> flush(const std::string& root, const std::vector<std::string>& paths) {
  TRY(const auto at, open_root(root));
  constexpr std::size_t k_few = 8;  // with more, one call for the whole file system is faster
  if (paths.size() <= k_few) return flush_each(root, at, paths);
  std::map<dev_t, Fd> systems;  // a directory below may be another file system's
  std::string last;
  for (const auto& path : paths) {
    auto name = above(path);
    if (name == last) continue;
    struct stat st{};
    const Fd& from = at;
    if (::fstatat(from.get(), name.c_str(), &st, AT_SYMLINK_NOFOLLOW) != 0)
      return disk_error(Code::world, "the directory cannot be flushed", full(root, name), errno);
    auto& fd = systems[st.st_dev];
    if (!fd) fd = open_in(at, name, O_RDONLY | O_DIRECTORY);
    if (!fd) return disk_error(Code::world, "the directory cannot be flushed", full(root, name), errno);
    last = std::move(name);
  }
  for (const auto& [device, fd] : systems) {
    if (::syncfs(fd.get()) == 0) continue;
    if (errno == ENOSYS || errno == EINVAL) return flush_each(root, at, paths);
    return disk_error(Code::world, "what was written cannot be flushed", root, errno);
  }
  return {};
}

}  // namespace provgate::below
