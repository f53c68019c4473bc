// SPDX-License-Identifier: Apache-2.0
// The LMDB environment of the store: opening it, transactions, its size, and what its errors mean.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include "provgate/io/io.hpp"
#include "store/formats.hpp"
#include "store/impl.hpp"
#include "store/pages.hpp"

namespace provgate {

// Writing as far out in a file of our own tells a full disk.
bool disk_is_full(const std::string& directory) {
  const auto probe = join_path(directory, "space-probe.tmp");
  struct stat data{};
  const auto size = ::stat(join_path(directory, "data.mdb").c_str(), &data) == 0 ? data.st_size : 0;
  // One that was left there goes; what else has the name is not written to.
  ::unlink(probe.c_str());
  const int fd = ::open(probe.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (fd < 0) return errno == ENOSPC || errno == EDQUOT;
  const std::string block(256 << 10, 'x');
  const auto done = ::pwrite(fd, block.data(), block.size(), size);
  const bool full = done < static_cast<ssize_t>(block.size()) || ::fsync(fd) != 0;
  ::close(fd);
  ::unlink(probe.c_str());
  return full;
}

tl::unexpected<Error> lmdb_error(int status, std::string what) {
  const bool full = status == ENOSPC || status == EDQUOT || status == EFBIG;
  const bool damaged = status == MDB_CORRUPTED || status == MDB_PAGE_NOTFOUND || status == MDB_INVALID ||
                       status == MDB_PANIC || status == MDB_BAD_VALSIZE || status == MDB_INCOMPATIBLE;
  return fail(full      ? Code::disk_full
              : damaged ? Code::integrity
                        : Code::world,
              (damaged ? "the store is damaged: " : "the store: ") + std::move(what) + ": " + mdb_strerror(status),
              full      ? "free some space and run it again; the store is as it was before"
              : damaged ? "restore it from a copy"
                        : "");
}

namespace {
thread_local std::vector<const std::shared_mutex*> t_reading;  // the stores that this thread reads
}

ReadTransaction::ReadTransaction(MDB_txn* txn, std::shared_lock<std::shared_mutex> inside)
    : txn_(txn), inside_(std::move(inside)) {
  t_reading.push_back(inside_.mutex());
}
ReadTransaction::~ReadTransaction() {
  if (!inside_.owns_lock()) return;  // moved from
  if (txn_) mdb_txn_abort(txn_);
  t_reading.erase(std::find(t_reading.begin(), t_reading.end(), inside_.mutex()));
}
bool ReadTransaction::any_here(const std::shared_mutex& store) {
  return std::find(t_reading.begin(), t_reading.end(), &store) != t_reading.end();
}

Result<ReadTransaction> Store::Impl::begin_reading() const {
  for (bool cleared = false;;) {
    std::shared_lock inside(map_mutex);
    MDB_txn* txn = nullptr;
    const int status = mdb_txn_begin(env, nullptr, MDB_RDONLY, &txn);
    if (status == 0) return ReadTransaction(txn, std::move(inside));
    inside.unlock();
    if (status == MDB_MAP_RESIZED) {
      const std::lock_guard lock(write_mutex);
      CHECKED(resize(false));
    } else if (status == MDB_READERS_FULL && !cleared) {
      // Readers that were killed keep their places until somebody looks.
      int dead = 0;
      mdb_reader_check(env, &dead);
      cleared = true;
    } else {
      return lmdb_error(status, "cannot begin to read");
    }
  }
}

Result<void> Store::Impl::resize(bool grow) const {
  if (ReadTransaction::any_here(map_mutex))
    return fail(Code::bug, "the store was to grow while the same thread reads it");
  const std::unique_lock alone(map_mutex);
  MDB_envinfo info;
  mdb_env_info(env, &info);
  if (const int status = mdb_env_set_mapsize(env, grow ? info.me_mapsize * 2 : 0))
    return lmdb_error(status, "cannot grow");
  note_store_map(join_path(directory, "data.mdb"), unlocked);
  return {};
}

// A store is there with its tables or not at all, whatever ends this before its end: it is made under another name.
Result<void> Store::Impl::make_whole(const std::string& path) {
  auto aside = join_path(path, std::string(k_temporary_prefix) + "XXXXXX");
  if (!::mkdtemp(aside.data()))
    return fail(errno == ENOSPC || errno == EDQUOT ? Code::disk_full : Code::world,
                "nothing can be made in the store's directory " + quote(path) + ": " + std::strerror(errno));
  const auto remove = [&] {
    std::error_code ignored;
    std::filesystem::remove_all(aside, ignored);
  };
  auto made = [&]() -> Result<void> {
    Impl first;
    first.made_aside = true;
    return first.open(aside, true);
  }();
  if (made && ::link(join_path(aside, "data.mdb").c_str(), join_path(path, "data.mdb").c_str()) != 0 && errno != EEXIST)
    made = fail(Code::world, "the store cannot be made at " + quote(path) + ": " + std::strerror(errno));
  remove();
  const int fd = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (made && (fd < 0 || ::fsync(fd) != 0))
    made = fail(Code::world, "the store's directory " + quote(path) + " cannot be flushed: " + std::strerror(errno));
  if (fd >= 0) ::close(fd);
  return made;
}

Result<void> Store::Impl::open(const std::string& path, bool create) {
  const StoreAtWork at_work;
  directory = path;
  TRY(const auto file, look_at_store(path));
  if (file == StoreFile::foreign) {
    return fail(Code::input,
                "the directory " + quote(path) + " holds a data.mdb that is not a provgate store; it is left as it is",
                "name another directory with --store DIR");
  }
  if (create) {
    std::error_code failed;
    std::filesystem::create_directories(path, failed);
    if (failed) {
      const bool full = failed == std::errc::no_space_on_device;
      return fail(full ? Code::disk_full : Code::world,
                  "the store's directory " + quote(path) + " cannot be made: " + failed.message());
    }
  } else if (file != StoreFile::ours) {
    return fail(Code::nothing, "there is no store at " + quote(path),
                "seal something first, or name the store with --store DIR");
  }
  if (create && file == StoreFile::absent && !made_aside) CHECKED(make_whole(path));
  unlocked = !create && store_is_unlocked(path);
  const auto attempt = [&](unsigned flags) {
    if (const int status = mdb_env_create(&env)) return status;
    mdb_env_set_maxdbs(env, 32);
    mdb_env_set_maxreaders(env, 512);
    mdb_env_set_mapsize(env, k_first_map_bytes);
    mdb_env_set_assert(env, [](MDB_env*, const char* message) { end_on_store_assertion(message); });
    const int status = mdb_env_open(env, path.c_str(), MDB_NOTLS | flags, 0644);
    // A handle whose opening failed can only be closed.
    if (status) mdb_env_close(std::exchange(env, nullptr));
    return status;
  };
  // Whoever may not write still may read; without the lock nothing tells a writer that he does (see steady()).
  int status = attempt(unlocked ? MDB_RDONLY | MDB_NOLOCK : 0U);
  if ((status == EACCES || status == EROFS) && !create && !unlocked) status = attempt(MDB_RDONLY);
  if (status == EACCES || status == EROFS)
    return fail(Code::world, "the store at " + quote(path) + " cannot be written: " + mdb_strerror(status),
                create ? "sealing and publishing need a store that this user may write" : "");
  if (status) return lmdb_error(status, "cannot be opened at " + quote(path));
  note_store_map(join_path(path, "data.mdb"), unlocked);
  int dead = 0;
  if (!unlocked) mdb_reader_check(env, &dead);
  return open_tables(create);
}

Result<void> Store::Impl::open_tables(bool create) {
  MDB_dbi* const handles[] = {&quads[0], &quads[1], &quads[2], &quads[3], &terms,  &texts,
                              &meta,     &ledger,   &sealed,   &rejected, &outbox, &published};
  static_assert(std::size(handles) == std::size(k_table_names));
  const auto open_all = [&](MDB_txn* txn, unsigned flags) {
    for (std::size_t i = 0; i < std::size(handles); ++i) {
      if (const int status = mdb_dbi_open(txn, k_table_names[i], flags, handles[i])) return status;
    }
    MDB_dbi* const later[] = {&unfinished, &tree, &roots, &records, &kept_rows};
    static_assert(std::size(later) == std::size(k_later_table_names));
    for (std::size_t i = 0; i < std::size(later); ++i) {
      const int status = mdb_dbi_open(txn, k_later_table_names[i], flags, later[i]);
      if (status == MDB_NOTFOUND) *later[i] = 0;
      if (status && status != MDB_NOTFOUND) return status;
    }
    return 0;
  };
  std::optional<std::string> format;
  std::optional<Head> noted;
  if (create) {
    CHECKED(write([&](MDB_txn* txn) {
      MDB_stat stat;
      MDB_dbi main = 0;
      if (const int status = mdb_dbi_open(txn, nullptr, 0, &main)) return status;
      if (const int status = mdb_stat(txn, main, &stat)) return status;
      const bool fresh = stat.ms_entries == 0;
      if (const int status = open_all(txn, MDB_CREATE)) return status;
      if (fresh) {
        if (const int status = put(txn, meta, "format", k_format)) return status;
      }
      format = get(txn, meta, "format");
      noted = noted_head(txn, meta);
      return 0;
    }));
  } else {
    TRY(auto begun, begin_reading());
    try {
      if (const int status = open_all(begun.get(), 0))
        return lmdb_error(status == MDB_NOTFOUND ? MDB_CORRUPTED : status, "cannot be read");
      format = get(begun.get(), meta, "format");
      noted = noted_head(begun.get(), meta);
    } catch (const LmdbFailure& failure) {
      return lmdb_error(failure.status, "cannot be read");
    }
    // Handles opened in a read transaction live on when it is committed.
    if (const int status = begun.commit()) return lmdb_error(status, "cannot be read");
  }
  if (format == k_format || format == k_first_format) return {};
  // A head is noted only by this format: where there is one, another format's number is a damaged one.
  if (!format || noted)
    return fail(Code::integrity, "the store is damaged: its format is not told", "restore it from a copy");
  return fail(Code::input,
              "the store has format " + quote(*format) + "; this version reads formats 1 and " + std::string(k_format),
              "use the version of provgate that wrote it");
}

}  // namespace provgate
