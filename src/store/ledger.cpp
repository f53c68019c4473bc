// SPDX-License-Identifier: Apache-2.0
// The ledger within the store: entries, what was noted of the last, and who may write.
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <charconv>
#include <cstring>

#include "base/digest.hpp"
#include "base/json_write.hpp"
#include "provgate/io/io.hpp"
#include "store/formats.hpp"
#include "store/impl.hpp"

namespace provgate {

std::optional<Head> Store::Impl::noted_head(MDB_txn* txn, MDB_dbi meta) {
  // "1 SEQ DIGEST": the format, and what the last entry is.
  const auto text = get(txn, meta, "head");
  if (!text) return {};
  const auto parts = split(*text, ' ');
  Head out{Seq(), Digest("damaged")};
  if (parts.size() != 3 || parts[0] != k_head_note || !is_digits(parts[1])) return out;
  std::from_chars(parts[1].data(), parts[1].data() + parts[1].size(), out.seq.number);
  out.digest = Digest(std::string(parts[2]));
  return out;
}

Result<Head> Store::Impl::head(MDB_txn* txn) const {
  Head out;
  MDB_cursor* cursor = nullptr;
  if (const int status = mdb_cursor_open(txn, ledger, &cursor)) return lmdb_error(status, "cannot be read");
  MDB_val k, v;
  const int status = mdb_cursor_get(cursor, &k, &v, MDB_LAST);
  if (status == 0) out = {Seq(read_u64(view(k))), sha256_hex(view(v))};
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

Result<Head> Store::head() const {
  return impl_->read([&](MDB_txn* txn) -> Result<Head> { return impl_->head(txn); });
}

// Whether a rejection stands in the ledger already is asked by what it says, not by when it was written.
static std::string rejection_key(const LedgerEntry& entry) {
  Json files = Json::object(), rules = Json::array();
  for (const auto& [path, file] : entry.files) files.set(path, file.digest.text);
  for (const auto& rule : entry.rules) rules.push(rule);
  return sha256(sealed_key(entry.id) + "\n" + files.canonical() + rules.canonical());
}

int Store::Impl::append(MDB_txn* txn, const Sealed& of) {
  const auto& entry = of.entry();
  const auto& theirs_terms = of.graph().terms();
  const auto text = entry.canonical();
  if (const int status = put(txn, ledger, u64(entry.seq.number), text, MDB_APPEND)) return status;
  const auto noted = std::string(k_head_note) + " " + std::to_string(entry.seq.number) + " " + sha256_hex(text).text;
  if (const int status = put(txn, meta, "head", noted)) return status;
  if (entry.kind == "rejected") return put(txn, rejected, rejection_key(entry), u64(entry.seq.number));
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
  if (const int status = put(txn, sealed, sealed_key(entry.id), u64(entry.seq.number), MDB_NOOVERWRITE)) return status;
  return put(txn, outbox, u64(entry.seq.number), row, MDB_APPEND);
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
      moved = at->digest != entry.prev || at->seq.next() != entry.seq;
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

Result<bool> Store::has_generation(const RecordId::Iri& iri, const GraphName& graph) const {
  TRY(const auto subject, find_term(iri_text(iri.text)));
  TRY(const auto generated, find_term(iri_text(std::string(vocab::prov) + "wasGeneratedBy")));
  TermId in = 0;
  if (!graph.empty()) {
    TRY(in, find_term(iri_text(graph.text)));
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
      if (Seq(read_u64(cursor.key())) != entry.seq)
        return fail(Code::integrity, "ledger entry " + std::to_string(entry.seq.number) + " stands in another's place");
      if (!visit(entry)) break;
    }
    return Impl::noted_head(txn, impl_->meta);
  });
}

}  // namespace provgate
