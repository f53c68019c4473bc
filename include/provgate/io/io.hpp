// SPDX-License-Identifier: Apache-2.0
// The outside world, behind four interfaces: Disk, Clock, Http, Random. Only `real_world()` touches the real one.
// Source: POSIX.1-2017; RFC 9110 (HTTP); RFC 1952 (gzip). Threads: as each says.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "provgate/base/base.hpp"

namespace provgate {

enum class FileType { file, directory, link, other, missing };

struct DirEntry {
  std::string name;
  FileType type = FileType::other;
};

struct FileInfo {
  FileType type = FileType::missing;
  std::uint64_t size = 0;
  unsigned mode = 0;     ///< permission bits
  bool unknown = false;  ///< missing, as far as the system tells: it does not let one look there
};

/// Which file a name leads to, whatever it is called: the same as long as nothing takes its place.
struct FileIdentity {
  std::uint64_t device = 0, number = 0;
  friend bool operator==(const FileIdentity&, const FileIdentity&) = default;
};
struct HeldFile {
  std::string bytes;
  FileIdentity identity;
  unsigned mode = 0;        ///< permission bits
  bool may_protect = true;  ///< this user may take rights from it
};
/// What unfinished files of create_below are called, with 16 hexadecimal digits behind: such names are nobody's, and
/// are removed by the next one there.
inline constexpr std::string_view k_temporary_prefix = ".provgate-";
bool is_temporary_name(std::string_view name);

/// A file's bytes, valid as long as `owner` lives. A file that shrinks meanwhile ends the program with code 6 (SIGBUS).
struct FileBytes {
  std::string_view text;
  std::shared_ptr<const void> owner;
  bool mapped = false;
  /// Gives the memory of whole pages of a mapped file back; they are read again where they are wanted.
  void rest(std::uint64_t begin, std::uint64_t end) const;
};

/// The file system. Paths are bytes; nothing is normalised. Reading calls may run on several threads at once.
/// Errors: Code::input where a path cannot be read, Code::world where the system fails while it is read (too many open
/// files, no memory, a failing device), Code::disk_full or Code::world where writing fails.
class Disk {
 public:
  virtual ~Disk() = default;
  /// Entries without "." and "..", sorted by bytes.
  virtual Result<std::vector<DirEntry>> list(const std::string& path) = 0;
  /// The whole file. A directory, a device or a file over `max_bytes` is Code::input. Follows no link at the end of
  /// the path (unless `follow`): a record that is a link is refused.
  virtual Result<std::string> read(const std::string& path, std::uint64_t max_bytes, bool follow = false) = 0;
  /// The whole file of any size, mapped where the system can; links are followed. Errors: as read().
  virtual Result<FileBytes> map(const std::string& path);
  /// Whether the path, links followed, is a pipe, a socket or a terminal: something that can be read once.
  virtual bool is_stream(const std::string& path);
  /// Everything a stream gives until its end. Errors: Code::input over `max_bytes`, or where it cannot be read.
  virtual Result<std::string> read_stream(const std::string& path, std::uint64_t max_bytes);
  virtual FileInfo info(const std::string& path) = 0;  ///< of the entry itself, links not followed
  /// The absolute path without links, "." and "..". Errors: Code::input where nothing is there.
  virtual Result<std::string> real_path(const std::string& path) = 0;

  // ---- below a root ----
  // `path` lies below `root`. The root may be reached through a link; below it none is followed, whatever is put in the
  // way meanwhile: a link, a pipe, a device or a file with a second name (a hard link) there is Code::input, and
  // nothing is waited for. What is written is safe from a power cut only once flush_below has returned.

  /// Which directory that is, links followed; zeros where it cannot be told.
  virtual FileIdentity identity(const std::string& directory);
  /// As long as what it gives lives, that root is the directory that it is now: calls below a root of the same text use
  /// its handle. Null where no handle is needed. `which`: what it must be, zeros: anything. Errors: Code::world where
  /// it cannot be opened, or is another directory.
  virtual Result<std::shared_ptr<const void>> hold_root(const std::string& root, const FileIdentity& which = {});
  /// As long as what it gives lives, no other process gets the same of that directory; null: another has it. Where the
  /// system has no such locks it gives something all the same.
  virtual Result<std::shared_ptr<const void>> claim_root(const std::string& root);
  /// The file's bytes, and which file that was.
  virtual Result<HeldFile> read_below(const std::string& root, const std::string& path, std::uint64_t max_bytes) = 0;
  /// The SHA-256 of a file of any size, read piece by piece; it may have other names.
  virtual Result<Digest> digest_below(const std::string& root, const std::string& path) = 0;
  /// Whether create_below or append_below would find its way, as far as can be told. Changes nothing.
  virtual Result<void> may_write_below(const std::string& root, const std::string& path) = 0;
  /// A new file, with the directories above it; it is there whole or not at all. Code::input where something has the
  /// name, unless it is to be replaced. On error nothing is there but, maybe, directories. `secret`: nobody else may
  /// read it. Gives which file it is.
  virtual Result<FileIdentity> create_below(const std::string& root, const std::string& path, std::string_view bytes,
                                            bool replace = false, bool secret = false) = 0;
  /// Whole lines at the end of a file, which is made where there is none; a last line without an end gets one first.
  /// On error some of it may be there.
  virtual Result<void> append_below(const std::string& root, const std::string& path, std::string_view lines) = 0;
  /// Takes the right to write from this very file, and gives its bytes as they were after that. Code::integrity where
  /// another file has its name now, or none.
  virtual Result<HeldFile> protect_below(const std::string& root, const std::string& path, const FileIdentity& which,
                                         std::uint64_t max_bytes) = 0;
  /// Flushes these files with their directories, up to the root. On error they may be lost when the system goes down.
  virtual Result<void> flush_below(const std::string& root, const std::vector<std::string>& paths) = 0;
};

/// Threads: any.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual std::int64_t now_micros() = 0;                       ///< since 1970-01-01T00:00:00Z
  virtual std::string_view source() const { return "clock"; }  ///< what sealed times are said to come from
};

struct HttpRequest {
  std::string method = "GET", url, body;
  std::vector<std::string> headers;  ///< "Name: value"
  std::string user, password;        ///< Basic authentication when `user` is not empty
  long timeout_ms = 60'000;
};
struct HttpAnswer {
  long status = 0;
  std::string body;
};

/// One HTTP/1.1 client that keeps its connection. Not shared between threads.
class Http {
 public:
  virtual ~Http() = default;
  /// Any status is an answer. Errors: Code::world (unreachable, timeout, cut off).
  virtual Result<HttpAnswer> send(const HttpRequest& request) = 0;
};

/// Threads: one at a time.
class Random {
 public:
  virtual ~Random() = default;
  virtual std::uint64_t next() = 0;  ///< from the system's generator
};

struct World {
  Disk& disk;
  Clock& clock;
  Http& http;
  Random& random;
};
/// The process's own file system, clock, network and random numbers.
World real_world();
/// A variable of the process's environment; empty where it is not set.
std::string environment(const char* name);

/// A path's last part, and the path without it ("." when there is none).
std::string base_name(const std::string& path);
std::string parent_path(const std::string& path);
std::string join_path(const std::string& a, std::string_view b);

/// The bytes of a gzip file, of all its members. Errors: Code::input when it is damaged, ends too early or grows beyond
/// `most` bytes.
Result<std::string> gunzip(std::string_view bytes, std::uint64_t most);
/// gzip (RFC 1952) with a fixed header, so the same bytes give the same output.
std::string gzip(std::string_view bytes);

}  // namespace provgate
