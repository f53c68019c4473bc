// SPDX-License-Identifier: Apache-2.0
// The embedded store: quads, ledger and outbox in one LMDB environment (FORMAT.md, "Store"). One transaction takes a
// sealed record, its graph and its outbox row; nothing is ever half there.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "provgate/rdf/rdf.hpp"
#include "provgate/record/kept.hpp"
#include "provgate/seal/checkpoint.hpp"
#include "provgate/seal/ledger.hpp"
#include "provgate/sparql/sparql.hpp"

namespace provgate {

/// The IRI of a batch that was sent.
struct BatchId : NamedText<BatchId> {
  using NamedText::NamedText;
};

struct OutboxRow {
  Seq seq;
  std::vector<Quad> quads;  ///< ids of this store
  bool said = true;         ///< false: a batch of kept records whose statements are not made yet
};

struct StoreStatus {
  std::uint64_t ledger_entries = 0, sealed = 0, rejected = 0, quads = 0, terms = 0, pending = 0, pending_quads = 0;
  std::uint64_t kept = 0, unsaid = 0;  ///< records kept whole; batches of them whose statements are not made yet
};

/// A row of a table that does not fit the others.
struct BadRow {
  std::string table, row, why;
};
inline constexpr std::size_t k_most_bad_rows = 100;
struct StoreCheck {
  std::uint64_t entries = 0, quads = 0, terms = 0, unfinished = 0;
  std::vector<BadRow> faults;  ///< the first ones, at most k_most_bad_rows
  std::uint64_t more = 0;      ///< those that are only counted
};

/// What was made anew, in rows.
struct StoreRepair {
  std::uint64_t quads = 0, terms = 0, tree = 0, sealed = 0;
  std::uint64_t dropped = 0;  ///< quads that one index alone had
};

/// What a sealer has still to do beside the files of an entry that stands in the ledger, in words of its own.
struct Unfinished {
  Seq seq;
  std::string what;
};

/// How long a sealer waits for another one.
struct LockWait {
  std::optional<std::uint64_t> limit_ms;  ///< nothing: as long as it takes
  std::function<bool()> stop;             ///< asked while it waits: true ends that, as the limit does
  std::function<void()> on_wait;          ///< called once, where it has to wait longer than a moment
};

/// Held while one process seals; see Store::lock_sealing. The lock is the system's and ends with the process.
class SealingLock {
 public:
  explicit SealingLock(int descriptor) : descriptor_(descriptor) {}
  int descriptor() const { return descriptor_; }
  SealingLock(SealingLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  SealingLock(const SealingLock&) = delete;
  SealingLock& operator=(const SealingLock&) = delete;
  ~SealingLock();

 private:
  int descriptor_;
};

/// Told how long work goes on: how many steps it has, and how many are done. Either may be empty.
struct Pace {
  std::function<void(std::uint64_t of)> begin;
  std::function<void(std::uint64_t done)> step;
};

/// Threads: one Store may be read from several threads while another writes; writing calls exclude each other, across
/// processes too. A thread that writes while it reads (inside a visit, or with a snapshot in hand) may be refused: it
/// never waits for itself or for another writer.
/// Errors, where a call names no others: Code::integrity where what it reads is damaged, Code::world from the system;
/// of calls that write also Code::disk_full, and Code::world where the store is open for reading only or such a thread
/// is refused. A call that fails changes nothing.
class Store {
 public:
  /// Opens the store in directory `path`. Where this user may not write it, it is opened for reading (unless `create`).
  /// Errors: Code::nothing when there is none and `create` is false, Code::input for an unknown format number or
  /// another program's file, Code::integrity where it is damaged, Code::world or Code::disk_full from the system.
  static Result<Store> open(const std::string& path, bool create);
  ~Store();
  Store(Store&&) noexcept;
  Store& operator=(Store&&) noexcept;

  // ---- ledger ----
  /// The last entry's number and digest; 0 and k_no_digest in a ledger without entries.
  Result<Head> head() const;
  /// Waits until no other process or thread seals into this store, and keeps them out as long as the lock lives. Who
  /// waits comes before who has just had it. Errors besides: Code::world past the limit.
  Result<SealingLock> lock_sealing(const LockWait& wait = {}) const;
  /// Whether another process or thread seals into this store at this moment.
  bool sealing_now() const;
  /// Whether somebody waits for this process to end its sealing.
  bool others_wait_to_seal() const;
  /// Appends the entries, with their quads and outbox rows, in one transaction: all of them or none. With them goes
  /// what is still to do beside the files of some; and what is done of earlier ones is taken out. Requires that each
  /// follows the one before it, and the first the head. A rejection that stands there already (same record, files and
  /// rules) changes nothing; the entry after it must follow the same as it would have. With a key the checkpoint of
  /// what is there then is signed and kept in the same transaction. On error nothing is changed:
  /// Code::world "head moved" when another writer was faster; Code::disk_full.
  Result<void> append(std::span<const Sealed> batch, std::span<const Unfinished> unfinished = {},
                      std::span<const Seq> finished = {}, const SigningKey* key = nullptr);
  /// The same of one entry.
  Result<void> append(const Sealed& sealed);
  /// Whether each entry names the digest of the one before it, lies under its own number, the last one is the one that
  /// was noted, and the tree's root is theirs: what is damaged is not continued. Errors: Code::integrity with the first
  /// that does not.
  Result<void> check_chain() const;
  /// Whether the ledger is that one, or has grown from it. Errors: Code::integrity where it does not hold the entry.
  Result<void> check_grown_from(const Head& head) const;
  /// The ledger as it is, or as it was when it had `size` entries. Errors: Code::nothing where it has not as many, or
  /// none.
  Result<Checkpoint> checkpoint(std::optional<std::uint64_t> size = {}) const;
  /// The newest one that was signed, as it was written; empty where none was.
  Result<std::string> signed_checkpoint() const;
  /// Keeps a checkpoint of the ledger as it is, signed.
  Result<void> sign(const SigningKey& key);
  /// Whether the entries that stand there begin with those of the checkpoint: all of them are hashed, no table is
  /// believed. Errors: Code::integrity where they do not.
  Result<void> check_extends(const Checkpoint& checkpoint) const;
  /// What shows that entry `of` is in the tree of the first `size` entries. Errors: Code::nothing where there are not
  /// as many.
  Result<std::vector<std::string>> prove_entry(Seq of, std::uint64_t size) const;
  /// What shows that the tree of `second` entries begins with that of `first`. Errors: Code::nothing as before, and
  /// where first is the greater.
  Result<std::vector<std::string>> prove_growth(std::uint64_t first, std::uint64_t second) const;
  /// Holds all tables against each other and against the ledger, as of one moment. What does not fit is a fault, not an
  /// error.
  Result<StoreCheck> check_tables(const Pace& pace = {}) const;
  /// Makes anew what follows from other tables: quads that two of the four indexes have, terms from texts and short
  /// texts from terms, the tree and the rows of what was sealed from the entries. The ledger itself, what is to be
  /// published and what was noted of the end stay as they are. Requires that nobody seals. Errors besides:
  /// Code::integrity where the ledger's own entries are damaged. On error nothing is changed.
  Result<StoreRepair> repair();
  /// What was to do and is not known to be done, by entry.
  Result<std::map<Seq, std::string>> unfinished() const;
  /// Where the records of a scope lie: its collection's root, as a real path. Writes only what is new. On error nothing
  /// is changed.
  Result<void> note_roots(const std::map<std::pair<RecordId::System, RecordId::Scope>, std::string>& roots);
  /// Wherever they lay when they were sealed.
  Result<std::set<std::string>> roots_of(const RecordId::System& system, const RecordId::Scope& scope) const;
  /// Whether the rejection stands in the ledger: same record, files and rules.
  Result<bool> holds_rejection(const Rejected& rejected) const;
  /// The entry that sealed this record; nothing when there is none.
  Result<std::optional<LedgerEntry>> find_sealed(const RecordId& id) const;
  /// The number of that entry alone, as the table says it; 0 when there is none.
  Result<Seq> sealed_as(const RecordId& id) const;
  /// The same of a ledger's first version.
  Result<std::optional<LedgerEntry>> find_sealed(const FormerId& id) const;
  /// Whether the store says what generated the thing of that IRI; in one graph, or (empty) in any.
  Result<bool> has_generation(const RecordId::Iri& iri, const GraphName& graph = {}) const;
  /// Entries in order of seq, until `visit` returns false. Gives what was noted with the last entry when it was
  /// written, as of the same moment; nothing in a store of 0.1.0 that was not written since.
  Result<std::optional<Head>> each_entry(const std::function<bool(const LedgerEntry&)>& visit) const;
  /// The same, with each entry's digest.
  Result<std::optional<Head>> each_entry_with_digest(
      const std::function<bool(const LedgerEntry&, const Digest&)>& visit) const;

  /// An entry of the ledger. Errors: Code::integrity where it is gone.
  Result<LedgerEntry> entry(Seq seq) const;

  // ---- records that are kept whole ----
  /// What is kept, as it stands now, whatever is written later. While it lives this thread may not write. Must not
  /// outlive the store.
  Result<std::unique_ptr<KeptRecords>> kept() const;
  /// The first batch of them whose statements are not in the graph yet; nothing where there is none.
  Result<std::optional<LedgerEntry>> next_unsaid() const;
  /// Adds the statements of that batch to the graph and to what is to be published, in one transaction with the note
  /// that they are. Changes nothing where another process has done it.
  Result<void> say(Seq entry, const Graph& graph);

  // ---- quads ----
  /// Calls `visit` for every quad that matches; 0 matches any term. Order: that of the best index for the pattern.
  Result<void> scan(const Quad& pattern, const std::function<bool(const Quad&)>& visit) const;
  /// The quads as they stand now, whatever is written later. Must not outlive the store.
  Result<std::unique_ptr<QuadSource>> snapshot() const;
  /// The number of a term in canonical N-Triples text; 0 where the store has none.
  Result<TermId> find_term(std::string_view ntriples_text) const;
  /// The text of a term. Errors: Code::integrity when there is none of that number.
  Result<std::string> term(TermId id) const;
  /// For the Redland module: plain quads, outside the ledger; without a graph, in the default graph. Returns whether it
  /// was new.
  Result<bool> add_quad(const Subject& s, const Iri& p, const Term& o, const std::optional<Subject>& graph = {});
  /// Plain quads, outside the ledger, in one transaction: all of them or none. Returns how many were new.
  Result<std::uint64_t> add_graph(const Graph& graph);
  /// Takes one quad out; no term of it may be 0. Returns whether it was there.
  Result<bool> remove_quad(const Quad& quad);

  // ---- outbox ----
  /// Rows not yet published, oldest first, until `visit` returns false.
  Result<void> each_pending(const std::function<bool(const OutboxRow&)>& visit) const;
  /// The rows of the batch that was begun and not finished, as far as they are still pending; empty where none was.
  Result<std::vector<Seq>> in_flight() const;
  /// Notes that these rows are about to be sent as one batch.
  Result<void> begin_batch(const std::vector<Seq>& rows);
  /// Takes the rows out of the outbox and notes under which batch they went. `ends_flight`: the batch was the noted
  /// one.
  Result<void> finish_batch(const std::vector<Seq>& rows, const BatchId& id, bool ends_flight = true);
  /// What it holds, counted as of one moment.
  Result<StoreStatus> status() const;

  struct Impl;  ///< of the files of the store

 private:
  explicit Store(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace provgate
