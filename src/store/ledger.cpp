// SPDX-License-Identifier: Apache-2.0
// The ledger within the store: entries, what was noted of the last, and who may write.
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstring>
#include <thread>

#include "base/digest.hpp"
#include "base/json_write.hpp"
#include "io/stopwatch.hpp"
#include "provgate/io/io.hpp"
#include "store/formats.hpp"
#include "store/impl.hpp"
#include "store/read_ahead.hpp"

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

bool is_noted_with_its_entry(std::string_view entry) { return !entry.ends_with(",\"version\":1}"); }

std::string Store::Impl::row_counts(MDB_txn* txn) const {
  auto out =
      std::to_string(rows_in(txn, sealed)) + " " + std::to_string(rows_in(txn, outbox) + rows_in(txn, published));
  const auto kept = records ? rows_in(txn, records) : 0;
  if (kept) out += " " + std::to_string(kept) + " " + std::to_string(rows_in(txn, kept_rows));
  return out;
}

Result<void> Store::Impl::check_counts(MDB_txn* txn) const {
  const auto noted = get(txn, meta, "rows");
  if (!noted || *noted == row_counts(txn)) return {};
  return fail(Code::integrity,
              "rows of the store are gone, or were added: of what was sealed, or of what is to be published or was",
              "provgate fsck names them; restore the store from a copy");
}

Result<Head> Store::Impl::head(MDB_txn* txn) const {
  CHECKED(check_counts(txn));
  Head out;
  MDB_cursor* cursor = nullptr;
  if (const int status = mdb_cursor_open(txn, ledger, &cursor)) return lmdb_error(status, "cannot be read");
  MDB_val k, v;
  const int status = mdb_cursor_get(cursor, &k, &v, MDB_LAST);
  bool must_be_noted = false;
  if (status == 0) {
    out = {Seq(read_u64(view(k))), sha256_hex(view(v))};
    must_be_noted = is_noted_with_its_entry(view(v));
  }
  mdb_cursor_close(cursor);
  if (status && status != MDB_NOTFOUND) return lmdb_error(status, "cannot be read");
  if (must_be_noted && !get(txn, meta, "rows"))
    return fail(Code::integrity, "how many rows the store has is not noted", "restore the store from a copy");
  const auto noted = noted_head(txn, meta);
  if (noted ? noted->seq != out.seq || noted->digest != out.digest : must_be_noted) {
    return fail(Code::integrity, "the ledger's last entry is not the one that was noted when it was written",
                "restore the store from a copy");
  }
  return out;
}

namespace {

constexpr const char *k_sealing = "seal.lock", *k_next_to_seal = "seal-next.lock";

tl::unexpected<Error> not_locked() {
  return fail(Code::world, "the store cannot be locked for sealing: " + std::string(std::strerror(errno)));
}

Result<SealingLock> open_lock(const std::string& directory, const char* name) {
  const auto path = join_path(directory, name);
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0) return not_locked();
  return SealingLock(fd);
}

}  // namespace

// Two locks: whoever waits holds the second one, so that who has just sealed cannot be the first again.
Result<SealingLock> Store::lock_sealing(const LockWait& wait) const {
  TRY(auto sealing, open_lock(impl_->directory, k_sealing));
  TRY(auto next, open_lock(impl_->directory, k_next_to_seal));
  constexpr double k_worth_saying_ms = 200;
  bool said = false;
  const Stopwatch waited;
  for (auto* lock : {&next, &sealing}) {
    while (::flock(lock->descriptor(), LOCK_EX | LOCK_NB) != 0) {
      if (errno != EWOULDBLOCK && errno != EINTR) return not_locked();
      if (!said && waited.milliseconds() >= k_worth_saying_ms) {
        said = true;
        if (wait.on_wait) wait.on_wait();
      }
      if (wait.stop && wait.stop()) return fail(Code::world, "interrupted while another process was sealing");
      if (wait.limit_ms && waited.milliseconds() >= static_cast<double>(*wait.limit_ms)) {
        return fail(Code::world, "another process is sealing into this store",
                    "run it again later, or let it wait longer (--wait)");
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
  }
  return sealing;
}

namespace {
bool is_locked(const std::string& path) {
  const SealingLock lock(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  return lock.descriptor() >= 0 && ::flock(lock.descriptor(), LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
}
}  // namespace

bool Store::sealing_now() const { return is_locked(join_path(impl_->directory, k_sealing)); }
bool Store::others_wait_to_seal() const { return is_locked(join_path(impl_->directory, k_next_to_seal)); }

SealingLock::~SealingLock() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

Result<Head> Store::head() const {
  return impl_->read([&](MDB_txn* txn) -> Result<Head> { return impl_->head(txn); });
}

// Whether a rejection stands in the ledger already is asked by what it says, not by when it was written.
static std::string rejection_key(const RecordId& id, const CoveredFiles& covered,
                                 const std::vector<std::string>& broken) {
  Json files = Json::object(), rules = Json::array();
  for (const auto& [path, file] : covered) files.set(path, file.digest.text);
  for (const auto& rule : broken) rules.push(rule);
  return sha256(sealed_key(id) + "\n" + files.canonical() + rules.canonical());
}
std::string rejection_key(const LedgerEntry& entry) { return rejection_key(entry.id, entry.files, entry.rules); }

Result<bool> Store::holds_rejection(const Rejected& rejected) const {
  const auto key = rejection_key(rejected.draft().id, rejected.draft().files, rejected.rules());
  return impl_->read([&](MDB_txn* txn) -> Result<bool> { return Impl::get(txn, impl_->rejected, key).has_value(); });
}

int Store::Impl::intern_all(MDB_txn* txn, const Graph& graph, Met& met, std::string& row) {
  const auto& terms_of_graph = graph.terms();
  std::vector<TermId> numbers(terms_of_graph.size() + 1);  // the store's, by theirs
  for (const auto& quad : graph.quads()) {
    Quad mine;
    for (const auto& [theirs, slot] :
         {std::pair{quad.s, &mine.s}, {quad.p, &mine.p}, {quad.o, &mine.o}, {quad.g, &mine.g}}) {
      if (!theirs) continue;
      if (!numbers[theirs]) {
        const auto text = terms_of_graph.text(theirs);
        const auto known = met.terms.intern(text);
        if (known >= met.here.size()) met.here.resize(known + 1);
        if (!met.here[known]) {
          if (const int status = intern(txn, text, met.here[known])) return status;
        }
        numbers[theirs] = met.here[known];
      }
      *slot = numbers[theirs];
    }
    auto key = quad_key(mine, k_orders[0]);
    if (!met.keys.insert(key).second) continue;
    met.quads.push_back(mine);
    row += key;
  }
  return 0;
}

int Store::Impl::append(MDB_txn* txn, const Sealed& of, Met& met) {
  const auto& entry = of.entry();
  if (const int status = put(txn, ledger, u64(entry.seq.number), of.text(), MDB_APPEND)) return status;
  const auto noted = std::string(k_head_note) + " " + std::to_string(entry.seq.number) + " " + of.digest().text;
  if (const int status = put(txn, meta, "head", noted)) return status;
  if (entry.kind == "rejected") return put(txn, rejected, rejection_key(entry), u64(entry.seq.number));
  std::string row;
  if (const int status = of.records().empty() ? intern_all(txn, of.graph(), met, row) : keep(txn, of)) return status;
  if (!of.records().empty()) row = k_not_said;
  // A new version takes the row of the one it was made for, and of no other.
  const auto key = sealed_key(entry.id);
  const bool new_version = of.replaces() && get(txn, sealed, key) == u64(of.replaces().number);
  if (const int status = put(txn, sealed, key, u64(entry.seq.number), new_version ? 0 : MDB_NOOVERWRITE)) return status;
  return put(txn, outbox, u64(entry.seq.number), row, MDB_APPEND);
}

int Store::Impl::add_all(MDB_txn* txn, std::vector<Quad> all) {
  for (std::size_t i = 0; i < 4; ++i) {
    const auto& order = k_orders[i];
    std::sort(all.begin(), all.end(), [&](const auto& a, const auto& b) {
      for (const int at : order) {
        if (part(a, at) != part(b, at)) return part(a, at) < part(b, at);
      }
      return false;
    });
    // A cursor that stands on the page already does not walk down the tree for each row.
    Cursor cursor(txn, quads[i]);
    std::size_t fresh = 0;
    for (const auto& quad : all) {
      const int status = cursor.add(quad_key(quad, order));
      if (status && !(status == MDB_KEYEXIST && i == 0)) return status;
      if (status == 0) all[fresh++] = quad;
    }
    all.resize(fresh);
  }
  return 0;
}

Result<void> Store::append(std::span<const Sealed> batch, std::span<const Unfinished> unfinished,
                           std::span<const Seq> finished, const SigningKey* key) {
  if (!impl_->unfinished || !impl_->tree)
    return fail(Code::world, "the store of an earlier version was opened for reading only");
  bool moved = false;
  std::optional<Error> broken;
  auto done = impl_->write([&](MDB_txn* txn) {
    moved = false, broken.reset();
    auto at = impl_->head(txn);
    if (!at) return broken = at.error(), MDB_BAD_TXN;
    Met met;
    for (const auto& sealed : batch) {
      const auto& entry = sealed.entry();
      if (entry.kind == "rejected" && Impl::get(txn, impl_->rejected, rejection_key(entry))) continue;
      moved = at->digest != entry.prev || at->seq.next() != entry.seq;
      if (moved) return MDB_BAD_TXN;
      if (const int status = impl_->append(txn, sealed, met)) return status;
      *at = {entry.seq, sealed.digest()};
    }
    if (const int status = impl_->add_all(txn, std::move(met.quads))) return status;
    if (const int status = impl_->grow_tree(txn)) return status;
    for (const auto seq : finished) {
      const auto row = u64(seq.number);
      MDB_val k = val(row);
      if (const int status = mdb_del(txn, impl_->unfinished, &k, nullptr); status && status != MDB_NOTFOUND)
        return status;
    }
    for (const auto& row : unfinished) {
      if (const int status = Impl::put(txn, impl_->unfinished, u64(row.seq.number), row.what)) return status;
    }
    if (key && !batch.empty()) {
      const auto checkpoint = impl_->checkpoint(txn, {});
      if (!checkpoint) return broken = checkpoint.error(), MDB_BAD_TXN;
      if (const int status = Impl::put(txn, impl_->meta, "checkpoint", write_checkpoint(*checkpoint, key)))
        return status;
    }
    if (batch.empty()) return 0;
    if (const int status = Impl::put(txn, impl_->meta, "rows", impl_->row_counts(txn))) return status;
    return Impl::put(txn, impl_->meta, "format", k_format);
  });
  if (broken) return tl::unexpected<Error>(*broken);
  std::size_t kept = 0;
  for (const auto& sealed : batch) kept += sealed.records().size();
  if (kept) rest_store_map(kept);
  if (moved)
    return fail(Code::world, "the ledger's head moved: another process is sealing into this store", "run it again");
  return done;
}

Result<void> Store::append(const Sealed& sealed) { return append(std::span(&sealed, 1)); }

Result<void> Store::check_grown_from(const Head& head) const {
  return impl_->read([&](MDB_txn* txn) -> Result<void> {
    const auto text = Impl::get(txn, impl_->ledger, u64(head.seq.number));
    if (text && sha256_hex(*text) == head.digest) return {};
    const auto name = "entry " + std::to_string(head.seq.number);
    return fail(Code::integrity,
                "the ledger has " + (text ? "another " + name : "no " + name) +
                    ": it was rolled back, cut off, rewritten or begun anew since that one was noted",
                "restore the store from a copy that holds it");
  });
}

Result<std::map<Seq, std::string>> Store::unfinished() const {
  return impl_->read([&](MDB_txn* txn) -> Result<std::map<Seq, std::string>> {
    std::map<Seq, std::string> out;
    if (!impl_->unfinished) return out;
    Cursor cursor(txn, impl_->unfinished);
    for (bool more = cursor.first(); more; more = cursor.next())
      out.emplace(Seq(read_u64(cursor.key())), std::string(cursor.value()));
    return out;
  });
}

Result<std::optional<LedgerEntry>> Store::Impl::entry_at(const std::string& key) const {
  return read([&](MDB_txn* txn) -> Result<std::optional<LedgerEntry>> {
    const auto seq = get(txn, sealed, key);
    if (!seq) return std::optional<LedgerEntry>{};
    const auto json = get(txn, ledger, *seq);
    if (!json) return fail(Code::integrity, "ledger entry " + std::to_string(read_u64(*seq)) + " is gone");
    TRY(auto entry, parse_ledger_entry(*json));
    const auto own =
        entry.version == k_ledger_version ? sealed_key(entry.id) : sealed_key(FormerId{entry.id.scope, entry.id.iri});
    if (own != key) {
      return fail(Code::integrity,
                  "the table of sealed records leads to entry " + std::to_string(entry.seq.number) +
                      ", which is another record's",
                  "provgate fsck --repair makes it anew");
    }
    return std::optional<LedgerEntry>(std::move(entry));
  });
}

Result<std::optional<LedgerEntry>> Store::find_sealed(const RecordId& id) const {
  return impl_->entry_at(sealed_key(id));
}

Result<Seq> Store::sealed_as(const RecordId& id) const {
  return impl_->read([&](MDB_txn* txn) -> Result<Seq> {
    const auto row = Impl::get(txn, impl_->sealed, sealed_key(id));
    return row && row->size() == 8 ? Seq(read_u64(*row)) : Seq();
  });
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
  return impl_->each_row([&](const LedgerRow& row) { return visit(*row.entry); });
}

Result<std::optional<Head>> Store::each_entry_with_digest(
    const std::function<bool(const LedgerEntry&, const Digest&)>& visit) const {
  return impl_->each_row([&](const LedgerRow& row) { return visit(*row.entry, Digest(to_hex(row.sha256))); });
}

Result<std::optional<Head>> Store::Impl::each_row(const std::function<bool(const LedgerRow&)>& visit) const {
  return read([&](MDB_txn* txn) -> Result<std::optional<Head>> {
    Cursor cursor(txn, ledger);
    LedgerAhead rows(cursor, false);
    while (const auto* row = rows.next()) {
      if (!row->entry) {
        auto error = row->entry.error();
        error.why = "ledger entry " + std::to_string(read_u64(row->key)) + ": " + error.why;
        return tl::unexpected<Error>(std::move(error));
      }
      if (Seq(read_u64(row->key)) != row->entry->seq)
        return fail(Code::integrity,
                    "ledger entry " + std::to_string(row->entry->seq.number) + " stands in another's place");
      if (!visit(*row)) break;
    }
    return noted_head(txn, meta);
  });
}

}  // namespace provgate
