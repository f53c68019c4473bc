#include "provgate/store.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstring>
#include <stdexcept>

#include "base/digest.hpp"
#include "base/json_write.hpp"
#include "io/real.hpp"
#include "store/impl.hpp"
#include "store/snapshot.hpp"

namespace provgate {
namespace {

constexpr std::string_view k_format = "1";
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
  return fail(full ? Code::disk_full : Code::world, "the store: " + std::move(what) + ": " + mdb_strerror(status),
              full ? "free some space and run it again; the store is as it was before" : "");
}

Result<void> Store::Impl::open(const std::string& path, bool create) {
  directory = path;
  if (create) {
    CHECKED(real_disk().make_directories(path));
  } else if (real_disk().info(join_path(path, "data.mdb")).type != FileType::file) {
    return fail(Code::nothing, "there is no store at " + quote(path), "seal something first, or name the store with --store DIR");
  }
  if (const int status = mdb_env_create(&env)) return lmdb_error(status, "cannot be made");
  mdb_env_set_maxdbs(env, 16);
  mdb_env_set_maxreaders(env, 512);
  mdb_env_set_mapsize(env, k_first_map_bytes);
  int status = mdb_env_open(env, path.c_str(), MDB_NOTLS, 0644);
  if (status == EACCES || status == EROFS) status = mdb_env_open(env, path.c_str(), MDB_NOTLS | MDB_RDONLY | MDB_NOLOCK, 0644);
  if (status) return lmdb_error(status, "cannot be opened at " + quote(path));
  return open_tables(create);
}

Result<void> Store::Impl::open_tables(bool create) {
  const std::pair<const char*, MDB_dbi*> tables[] = {{"spog", &quads[0]}, {"posg", &quads[1]}, {"ospg", &quads[2]}, {"gspo", &quads[3]},
                                                     {"terms", &terms},   {"texts", &texts},   {"meta", &meta},     {"ledger", &ledger},
                                                     {"sealed", &sealed}, {"rejected", &rejected}, {"outbox", &outbox}, {"published", &published}};
  const auto open_all = [&](MDB_txn* txn, unsigned flags) {
    for (const auto& [name, handle] : tables) {
      if (const int status = mdb_dbi_open(txn, name, flags, handle)) return status;
    }
    return 0;
  };
  std::string format;
  if (create) {
    CHECKED(write([&](MDB_txn* txn) {
      if (const int status = open_all(txn, MDB_CREATE)) return status;
      if (const auto stored = get(txn, meta, "format")) {
        format = *stored;
        return 0;
      }
      format = k_format;
      return put(txn, meta, "format", k_format);
    }));
  } else {
    MDB_txn* txn = nullptr;
    int status = begin_reading(txn);
    if (status == 0) status = open_all(txn, 0);
    if (status == 0) format = get(txn, meta, "format").value_or("");
    // Handles opened in a read transaction live on when it is committed.
    if (txn) status == 0 ? (void)mdb_txn_commit(txn) : mdb_txn_abort(txn);
    if (status == MDB_NOTFOUND) return fail(Code::input, "the directory holds an LMDB environment that is no provgate store");
    if (status) return lmdb_error(status, "cannot be read");
  }
  if (format != k_format) {
    return fail(Code::input, "the store has format " + quote(format) + "; this version reads format " + std::string(k_format),
                "use the version of provgate that wrote it");
  }
  return {};
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

Result<void> Store::append(const Sealed& sealed) {
  const auto& entry = sealed.entry();
  const auto& terms = sealed.graph().terms();
  bool moved = false;
  const auto rejection = sha256(entry.kernel + "\n" + entry.urn + "\n" + [&] {
    Json files = Json::object(), rules = Json::array();
    for (const auto& [path, digest] : entry.files) files.set(path, digest);
    for (const auto& rule : entry.rules) rules.push(rule);
    return files.canonical() + rules.canonical();
  }());
  auto done = impl_->write([&](MDB_txn* txn) {
    if (entry.kind == "rejected" && Impl::get(txn, impl_->rejected, rejection)) return 0;
    const auto head = impl_->head(txn);
    moved = head.digest != entry.prev || head.seq + 1 != entry.seq;
    if (moved) return MDB_BAD_TXN;
    if (const int status = Impl::put(txn, impl_->ledger, u64(entry.seq), entry.canonical(), MDB_APPEND)) return status;
    if (entry.kind == "rejected") return Impl::put(txn, impl_->rejected, rejection, u64(entry.seq));
    std::string row;
    for (const auto& quad : sealed.graph().quads()) {
      Quad mine;
      for (const auto& [theirs, slot] : {std::pair{quad.s, &mine.s}, {quad.p, &mine.p}, {quad.o, &mine.o}, {quad.g, &mine.g}}) {
        if (!theirs) continue;
        if (const int status = impl_->intern(txn, terms.text(theirs), *slot)) return status;
      }
      bool fresh = false;
      if (const int status = impl_->add(txn, mine, fresh)) return status;
      row += quad_key(mine, k_orders[0]);
    }
    if (const int status = Impl::put(txn, impl_->sealed, sealed_key(entry.kernel, entry.urn), u64(entry.seq), MDB_NOOVERWRITE)) return status;
    return Impl::put(txn, impl_->outbox, u64(entry.seq), row, MDB_APPEND);
  });
  if (moved) return fail(Code::world, "the ledger's head moved: another process is sealing into this store", "run it again");
  return done;
}

Result<std::optional<LedgerEntry>> Store::find_sealed(std::string_view kernel, std::string_view urn) const {
  return impl_->read([&](MDB_txn* txn) -> Result<std::optional<LedgerEntry>> {
    const auto seq = Impl::get(txn, impl_->sealed, sealed_key(kernel, urn));
    if (!seq) return std::optional<LedgerEntry>{};
    const auto json = Impl::get(txn, impl_->ledger, *seq);
    if (!json) return fail(Code::integrity, "ledger entry " + std::to_string(read_u64(*seq)) + " is gone");
    TRY(auto entry, parse_ledger_entry(*json));
    return std::optional<LedgerEntry>(std::move(entry));
  });
}

Result<bool> Store::urn_taken(std::string_view kernel, std::string_view urn) const {
  // The instance's own statements are in the store while no entry of this kernel carries the URN.
  TRY(const auto mine, find_sealed(kernel, urn));
  if (mine) return false;
  const auto subject = find_term(iri_text(urn));
  const auto type = find_term(iri_text(std::string(vocab::rdf) + "type"));
  const auto generated = find_term(iri_text(std::string(vocab::prov) + "wasGeneratedBy"));
  if (!subject || !type || !generated) return false;
  bool found = false;
  CHECKED(scan({subject, generated, 0, 0}, [&](const Quad&) { return !(found = true); }));
  return found;
}

Result<void> Store::each_entry(const std::function<bool(const LedgerEntry&)>& visit) const {
  return impl_->read([&](MDB_txn* txn) -> Result<void> {
    Cursor cursor(txn, impl_->ledger);
    for (bool more = cursor.first(); more; more = cursor.next()) {
      TRY(const auto entry, parse_ledger_entry(cursor.value()));
      if (!visit(entry)) break;
    }
    return {};
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
  MDB_txn* txn = nullptr;
  if (const int status = impl_->begin_reading(txn)) return lmdb_error(status, "cannot begin to read");
  return make_snapshot(txn, impl_->quads, impl_->terms, impl_->texts);
}

TermId Store::find_term(std::string_view text) const {
  const auto found = impl_->read([&](MDB_txn* txn) -> Result<TermId> {
    const auto id = Impl::get(txn, impl_->terms, term_key(text));
    return id ? read_u32(*id) : TermId{0};
  });
  if (!found) throw std::runtime_error(found.error().why);
  return *found;
}

std::string Store::term(TermId id) const {
  const auto found = impl_->read([&](MDB_txn* txn) -> Result<std::string> { return Impl::get(txn, impl_->texts, term_key(id)).value_or(""); });
  if (!found) throw std::runtime_error(found.error().why);
  return *found;
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
      for (const auto& [theirs, slot] : {std::pair{quad.s, &here.s}, {quad.p, &here.p}, {quad.o, &here.o}, {quad.g, &here.g}}) {
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
