// SPDX-License-Identifier: Apache-2.0
// Sealing and verifying trees, whatever the system: the effects around seal() and the store (FORMAT.md, "Sealing").
// Threads: one call at a time on one World; two processes or threads that seal into one store wait for each other.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "provgate/check/check.hpp"
#include "provgate/store/store.hpp"

namespace provgate {

enum class SealResult {
  sealed,     ///< now
  already,    ///< before, with the same bytes; what a crash left undone is completed
  refused,    ///< it has errors; a rejection stands in the ledger
  skipped,    ///< not finished
  changed,    ///< it was sealed with other bytes
  unread,     ///< something that it is, or may lead to, could not be looked at
  undecided,  ///< whether it conforms could not be decided
  failed      ///< the world failed half-way; the next run completes it. A full disk ends the run
};

struct SealOutcome {
  SealResult result = SealResult::sealed;
  RecordId id;
  std::string owner, detail;
  Seq seq;
  bool disk_full = false;
  bool completed = false;  ///< already sealed, and what was left undone beside it is done now
};

struct SealOptions {
  bool dry_run = false;
  std::size_t batch_records = 1000;  ///< at most so many in one transaction
  std::uint64_t batch_ms = 1000;     ///< and at most gathered for so long
  std::function<bool()> stop;        ///< asked between records: true ends the run with the batch that is gathered
  /// What is left beside the records of a batch is written while the next one is gathered, on another thread. The disk
  /// must bear that.
  bool overlap = false;
  LockWait wait;  ///< for others that seal into the same store
  std::function<void(const SealOutcome&)> on_outcome;
  const SigningKey* key = nullptr;  ///< signs a checkpoint with each batch; note_key comes before
  std::function<bool()> on_batch;   ///< after each batch that went into the ledger, before its outcomes; false ends it
};

/// Notes in the ledger that this key signs from now on, where it does not yet. `replaces`: the key that did, which
/// signs the new one; null: none. On error nothing is changed. Errors: Code::usage where another key signs and is not
/// the one that is replaced; those of the
/// store.
Result<void> note_key(Clock& clock, Store& store, const SigningKey& key, const SigningKey* replaces,
                      const LockWait& wait);

/// Seals every record of the report that may be, in batches: one store transaction, then what the systems leave beside
/// the records, read-only files, a flush, and only then the outcomes. A crash between any two is completed by the next
/// call. The record's own files are never written, and nothing outside the roots is touched.
/// Requires a report made with ReadOptions::digests, and a store unless it is a dry run.
std::vector<SealOutcome> seal_records(const World& world, Store* store, const CheckReport& report,
                                      const SealOptions& options);

enum class Tampering { changed, missing, not_sealed, writable, forged };
/// "changed", "not sealed".
std::string_view name_of(Tampering kind);

/// What is not as it was sealed. As a finding it is about a record (focus) and a file, with what was found and
/// expected.
struct Tampered : Finding {
  RecordId id;  ///< the record it was sealed with; its IRI is the focus
  Tampering kind = Tampering::changed;
};
/// A file that may change, and is not as the newest entry that speaks of it says. The kind is changed, missing or
/// not_sealed (it is new).
struct WentOn : Tampered {
  Seq entry;
};
struct VerifyReport {
  Noun noun{"record", "records"};  ///< what the records are called
  std::uint64_t records = 0, files = 0, unsealed = 0;
  using Scopes = std::map<std::pair<RecordId::System, RecordId::Scope>, std::uint64_t>;
  Scopes
      elsewhere;  ///< sealed records of scopes that are not at the paths, and did not lie there when they were sealed
  Scopes moved;   ///< here, and sealed when their scope was called so
  std::vector<Tampered> faults;
  std::vector<WentOn> went_on;       ///< no faults, unless whoever asks says so; the next seal writes new versions
  std::vector<RecordId> unfinished;  ///< in the ledger, and not all that belongs beside them is done: seal does it
  std::vector<RecordId> going_on;    ///< the same, while another process is sealing: it may be at them just now
  std::uint64_t not_signed = 0;      ///< the last entries, as many as no checkpoint has that the key signed
  std::vector<std::pair<std::string, std::string>> unread;       ///< what could not be looked at, and why
  std::vector<std::pair<std::string, std::string>> passed_over;  ///< what was not followed or not looked into, and why
};
/// Compares what the ledger says was sealed from the collections at `paths` with what lies there now, and what lies
/// there and says that it was sealed with the ledger.
/// Errors: Code::integrity when the ledger itself is damaged (chain, form); Code::world where the system failed while a
/// file was read, or a record changed meanwhile; those of check_paths.
Result<VerifyReport> verify_records(const World& world, const Store& store, const std::vector<std::string>& paths,
                                    const CheckOptions& options, const Pace& pace = {});

/// What sealed records say, made again from their files, against the graph.
struct GraphCheck {
  std::uint64_t records = 0, quads = 0;  ///< compared
  std::uint64_t not_as_sealed = 0;       ///< records whose files are not as they were sealed: verify names them
  std::uint64_t waiting = 0;             ///< kept records whose statements are not made yet
  std::uint64_t earlier = 0;  ///< records of an earlier version, which said other things of them: not compared
  /// The newest version of every sealed record was made again, so that what nobody says was looked for, too.
  bool whole = false;
  /// Statements that nobody makes now, of things of which records speak that were sealed several times, or go on: an
  /// earlier version may have made them.
  std::uint64_t not_told = 0;
  std::vector<BadRow> faults;  ///< the first ones, at most k_most_bad_rows
  std::uint64_t more = 0;
};
/// Of the records at `paths` that are as they were sealed, and of those that the store keeps whole. 16 bytes of memory
/// a statement. Errors: those of check_paths, of the store and of the systems.
Result<GraphCheck> check_graph(const World& world, const Store& store, const std::vector<std::string>& paths,
                               const CheckOptions& options, const Pace& pace = {});

/// Notes of what sealing has still to do that are not of their entries: they excuse nothing. Errors: those of the
/// store.
Result<std::vector<BadRow>> check_notes(const Store& store);

/// How records that are kept whole go into a store.
struct KeepOptions {
  LockWait wait;
  const SigningKey* key = nullptr;  ///< signs a checkpoint with each batch; note_key comes before
};
/// Borrows both.
std::unique_ptr<Keeper> make_keeper(Clock& clock, Store& store, KeepOptions options);
/// Whether the records of a batch are those that its entry tells. Changes nothing. Errors: Code::integrity where they
/// are not; those of `kept`.
Result<void> check_batch(const KeptRecords& kept, const LedgerEntry& batch);
/// The kept record that a name means: an IRI or a local id of its system, or ENTRY/NUMBER. Nothing: it means none.
/// Changes nothing. Errors: Code::usage where it means several; those of `kept`.
Result<std::optional<KeptPlace>> record_named(const KeptRecords& kept, const std::string& name);
/// What shows that a kept record stands in its batch; `batch` of the proof is left as it is. Changes nothing.
/// Errors: Code::nothing where there is no such record; as check_batch.
Result<RecordProof> prove_record(const KeptRecords& kept, const LedgerEntry& batch, KeptPlace place);
/// Makes the statements of every batch that was kept and is not in the graph yet. Gives of how many records.
/// Errors: Code::world where the store is open for reading only and there are any; those of check_batch, of the store
/// and of the system. On error the batches before are in the graph.
Result<std::uint64_t> catch_up(Store& store, unsigned threads, const Pace& pace = {});
/// What kept records are found by, told from them again, against the index. Errors: those of the store.
Result<std::vector<BadRow>> check_index(const Store& store);

/// Ledger numbers of records, and places where one lies that was never sealed.
struct SealedHere {
  std::vector<Seq> seqs;
  std::vector<std::string> unsealed;
  std::vector<Finding> unread;  ///< what could not be looked into: records may lie there
};
/// What the ledger says was sealed from the collections at `paths`, told by the paths its entries cover: no record is
/// read. Errors: Code::nothing where neither the ledger nor the disk has a record there, and all was looked at; those
/// of check_paths, of the store.
Result<SealedHere> sealed_here(const World& world, const Store& store, const std::vector<std::string>& paths,
                               const CheckOptions& options);

}  // namespace provgate
