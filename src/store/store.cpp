#include "provgate/store/store.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstring>

#include "base/digest.hpp"
#include "base/json_write.hpp"
#include "io/real.hpp"
#include "store/impl.hpp"
#include "store/pages.hpp"
#include "store/snapshot.hpp"

namespace provgate {
namespace {

constexpr std::string_view k_format = "2";        // written with the first entry of the ledger's second version
constexpr std::string_view k_first_format = "1";  // of 0.1.0: read, and continued as the second
constexpr std::string_view k_head_note = "1";
constexpr std::size_t k_first_map_bytes = 64ULL << 20;

}  // namespace

// Writing as far out in a file of our own tells a full disk.
bool disk_is_full(const std::string& directory) {
  const auto probe = join_path(directory, "space-probe.tmp");
  const auto size = real_disk().info(join_path(directory, "data.mdb")).size;
  const int fd = ::open(probe.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (fd < 0) return errno == ENOSPC || errno == EDQUOT;
  const std::string block(256 << 10, 'x');
  const auto done = ::pwrite(fd, block.data(), block.size(), static_cast<off_t>(size));
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
    CHECKED(real_disk().make_directories(path));
  } else if (file != StoreFile::ours) {
    return fail(Code::nothing, "there is no store at " + quote(path),
                "seal something first, or name the store with --store DIR");
  }
  unlocked = !create && store_is_unlocked(path);
  const auto attempt = [&](unsigned flags) {
    if (const int status = mdb_env_create(&env)) return status;
    mdb_env_set_maxdbs(env, 16);
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

std::optional<Head> Store::Impl::noted_head(MDB_txn* txn, MDB_dbi meta) {
  // "1 SEQ DIGEST": the format, and what the last entry is.
  const auto text = get(txn, meta, "head");
  if (!text) return {};
  const auto parts = split(*text, ' ');
  Head out{0, "damaged"};
  if (parts.size() != 3 || parts[0] != k_head_note || !is_digits(parts[1])) return out;
  std::from_chars(parts[1].data(), parts[1].data() + parts[1].size(), out.seq);
  out.digest = parts[2];
  return out;
}

Result<Head> Store::Impl::head(MDB_txn* txn) const {
  Head out;
  MDB_cursor* cursor = nullptr;
  if (const int status = mdb_cursor_open(txn, ledger, &cursor)) return lmdb_error(status, "cannot be read");
  MDB_val k, v;
  const int status = mdb_cursor_get(cursor, &k, &v, MDB_LAST);
  if (status == 0) out = {read_u64(view(k)), sha256_hex(view(v))};
  mdb_cursor_close(cursor);
  if (status && status != MDB_NOTFOUND) return lmdb_error(status, "cannot be read");
  if (const auto noted = noted_head(txn, meta); noted && (noted->seq != out.seq || noted->digest != out.digest)) {
    return fail(Code::integrity, "the ledger's last entry is not the one that was noted when it was written",
                "restore the store from a copy");
  }
  return out;
}

Result<SealingLock> Store::lock_sealing() const {
  const auto path = join_path(impl_->directory, "seal.lock");
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);
  if (fd < 0) return fail(Code::world, "the store cannot be locked for sealing: " + std::string(std::strerror(errno)));
  SealingLock lock(fd);
  while (::flock(fd, LOCK_EX) != 0) {
    if (errno != EINTR)
      return fail(Code::world, "the store cannot be locked for sealing: " + std::string(std::strerror(errno)));
  }
  return lock;
}

SealingLock::~SealingLock() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

Store::Store(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Store::~Store() = default;
Store::Store(Store&&) noexcept = default;
Store& Store::operator=(Store&&) noexcept = default;

Result<Store> Store::open(const std::string& path, bool create) {
  auto impl = std::make_unique<Impl>();
  CHECKED(impl->open(path, create));
  return Store(std::move(impl));
}

Result<Head> Store::head() const {
  return impl_->read([&](MDB_txn* txn) -> Result<Head> { return impl_->head(txn); });
}

// Whether a rejection stands in the ledger already is asked by what it says, not by when it was written.
static std::string rejection_key(const LedgerEntry& entry) {
  Json files = Json::object(), rules = Json::array();
  for (const auto& [path, file] : entry.files) files.set(path, file.digest);
  for (const auto& rule : entry.rules) rules.push(rule);
  return sha256(sealed_key(entry.id) + "\n" + files.canonical() + rules.canonical());
}

int Store::Impl::append(MDB_txn* txn, const Sealed& of) {
  const auto& entry = of.entry();
  const auto& theirs_terms = of.graph().terms();
  const auto text = entry.canonical();
  if (const int status = put(txn, ledger, u64(entry.seq), text, MDB_APPEND)) return status;
  const auto noted = std::string(k_head_note) + " " + std::to_string(entry.seq) + " " + sha256_hex(text);
  if (const int status = put(txn, meta, "head", noted)) return status;
  if (entry.kind == "rejected") return put(txn, rejected, rejection_key(entry), u64(entry.seq));
  std::string row;
  for (const auto& quad : of.graph().quads()) {
    Quad mine;
    for (const auto& [theirs, slot] :
         {std::pair{quad.s, &mine.s}, {quad.p, &mine.p}, {quad.o, &mine.o}, {quad.g, &mine.g}}) {
      if (!theirs) continue;
      if (const int status = intern(txn, theirs_terms.text(theirs), *slot)) return status;
    }
    bool fresh = false;
    if (const int status = add(txn, mine, fresh)) return status;
    row += quad_key(mine, k_orders[0]);
  }
  if (const int status = put(txn, sealed, sealed_key(entry.id), u64(entry.seq), MDB_NOOVERWRITE)) return status;
  return put(txn, outbox, u64(entry.seq), row, MDB_APPEND);
}

Result<void> Store::append(std::span<const Sealed* const> batch) {
  bool moved = false;
  std::optional<Error> broken;
  auto done = impl_->write([&](MDB_txn* txn) {
    moved = false, broken.reset();
    auto at = impl_->head(txn);
    if (!at) return broken = at.error(), MDB_BAD_TXN;
    for (const auto* sealed : batch) {
      const auto& entry = sealed->entry();
      if (entry.kind == "rejected" && Impl::get(txn, impl_->rejected, rejection_key(entry))) continue;
      moved = at->digest != entry.prev || at->seq + 1 != entry.seq;
      if (moved) return MDB_BAD_TXN;
      if (const int status = impl_->append(txn, *sealed)) return status;
      *at = {entry.seq, entry.digest()};
    }
    return Impl::put(txn, impl_->meta, "format", k_format);
  });
  if (broken) return tl::unexpected<Error>(*broken);
  if (moved)
    return fail(Code::world, "the ledger's head moved: another process is sealing into this store", "run it again");
  return done;
}

Result<void> Store::append(const Sealed& sealed) {
  const Sealed* const one[] = {&sealed};
  return append(one);
}

Result<std::optional<LedgerEntry>> Store::Impl::entry_at(const std::string& key) const {
  return read([&](MDB_txn* txn) -> Result<std::optional<LedgerEntry>> {
    const auto seq = get(txn, sealed, key);
    if (!seq) return std::optional<LedgerEntry>{};
    const auto json = get(txn, ledger, *seq);
    if (!json) return fail(Code::integrity, "ledger entry " + std::to_string(read_u64(*seq)) + " is gone");
    TRY(auto entry, parse_ledger_entry(*json));
    return std::optional<LedgerEntry>(std::move(entry));
  });
}

Result<std::optional<LedgerEntry>> Store::find_sealed(const RecordId& id) const {
  return impl_->entry_at(sealed_key(id));
}

Result<std::optional<LedgerEntry>> Store::find_sealed(const FormerId& id) const {
  return impl_->entry_at(sealed_key(id));
}

Result<bool> Store::has_generation(const RecordId::Iri& iri, std::string_view graph) const {
  TRY(const auto subject, find_term(iri_text(iri.text)));
  TRY(const auto generated, find_term(iri_text(std::string(vocab::prov) + "wasGeneratedBy")));
  TermId in = 0;
  if (!graph.empty()) {
    TRY(in, find_term(iri_text(graph)));
    if (!in) return false;
  }
  if (!subject || !generated) return false;
  bool found = false;
  CHECKED(scan({subject, generated, 0, in}, [&](const Quad&) { return !(found = true); }));
  return found;
}

Result<std::optional<Head>> Store::each_entry(const std::function<bool(const LedgerEntry&)>& visit) const {
  return impl_->read([&](MDB_txn* txn) -> Result<std::optional<Head>> {
    Cursor cursor(txn, impl_->ledger);
    for (bool more = cursor.first(); more; more = cursor.next()) {
      TRY(const auto entry, parse_ledger_entry(cursor.value()));
      if (read_u64(cursor.key()) != entry.seq)
        return fail(Code::integrity, "ledger entry " + std::to_string(entry.seq) + " stands in another's place");
      if (!visit(entry)) break;
    }
    return Impl::noted_head(txn, impl_->meta);
  });
}

Result<void> Store::scan(const Quad& pattern, const std::function<bool(const Quad&)>& visit) const {
  const std::size_t index = best_order(pattern);
  const auto prefix = pattern_prefix(pattern, k_orders[index]);
  return impl_->read([&](MDB_txn* txn) -> Result<void> {
    Cursor cursor(txn, impl_->quads[index]);
    for (bool more = cursor.seek(prefix); more && cursor.key().starts_with(prefix); more = cursor.next()) {
      const auto quad = read_quad(cursor.key(), k_orders[index]);
      if (matches(quad, pattern) && !visit(quad)) break;
    }
    return {};
  });
}

Result<std::unique_ptr<QuadSource>> Store::snapshot() const {
  const StoreAtWork at_work;
  TRY(auto begun, impl_->begin_reading());
  return make_snapshot(std::move(begun), impl_->quads, impl_->terms, impl_->texts);
}

Result<TermId> Store::find_term(std::string_view text) const {
  return impl_->read([&](MDB_txn* txn) -> Result<TermId> { return Impl::find_term(txn, impl_->terms, text); });
}

Result<std::string> Store::term(TermId id) const {
  return impl_->read([&](MDB_txn* txn) -> Result<std::string> {
    auto text = Impl::get(txn, impl_->texts, term_key(id));
    if (!text)
      return fail(Code::integrity, "the store is damaged: a quad names a term that it lacks", "restore it from a copy");
    return std::move(*text);
  });
}

Result<bool> Store::add_quad(std::string_view s, std::string_view p, std::string_view o, std::string_view g) {
  bool fresh = false;
  auto done = impl_->write([&](MDB_txn* txn) {
    fresh = false;
    Quad quad;
    for (const auto& [text, slot] : {std::pair{s, &quad.s}, {p, &quad.p}, {o, &quad.o}, {g, &quad.g}}) {
      if (text.empty()) continue;
      if (const int status = impl_->intern(txn, text, *slot)) return status;
    }
    return impl_->add(txn, quad, fresh);
  });
  if (!done) return tl::unexpected<Error>(done.error());
  return fresh;
}

Result<std::uint64_t> Store::add_graph(const Graph& graph) {
  std::uint64_t added = 0;
  auto done = impl_->write([&](MDB_txn* txn) {
    added = 0;
    std::vector<TermId> mine(graph.terms().size() + 1);
    const auto number = [&](TermId theirs, TermId& slot) {
      if (!theirs) return 0;
      if (!mine[theirs]) {
        if (const int status = impl_->intern(txn, graph.terms().text(theirs), mine[theirs])) return status;
      }
      slot = mine[theirs];
      return 0;
    };
    for (const auto& quad : graph.quads()) {
      Quad here;
      for (const auto& [theirs, slot] :
           {std::pair{quad.s, &here.s}, {quad.p, &here.p}, {quad.o, &here.o}, {quad.g, &here.g}}) {
        if (const int status = number(theirs, *slot)) return status;
      }
      bool fresh = false;
      if (const int status = impl_->add(txn, here, fresh)) return status;
      added += fresh;
    }
    return 0;
  });
  if (!done) return tl::unexpected<Error>(done.error());
  return added;
}

Result<bool> Store::remove_quad(const Quad& quad) {
  bool found = false;
  auto done = impl_->write([&](MDB_txn* txn) {
    for (std::size_t i = 0; i < 4; ++i) {
      const auto key = quad_key(quad, k_orders[i]);
      MDB_val k = val(key);
      const int status = mdb_del(txn, impl_->quads[i], &k, nullptr);
      if (status == MDB_NOTFOUND) return 0;
      if (status) return status;
    }
    found = true;
    return 0;
  });
  if (!done) return tl::unexpected<Error>(done.error());
  return found;
}

}  // namespace provgate
