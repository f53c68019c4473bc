// SPDX-License-Identifier: Apache-2.0
// What provgate can be asked, a request and an answer for each verb. The command line calls these functions, and a
// server can: nothing here prints, reads the environment or knows exit codes.
// Source: ARCHITECTURE.md, "modules". Threads: any; one call at a time on one World. Errors of each: those of the
// functions that it names.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "provgate/audit/audit.hpp"
#include "provgate/gate/gate.hpp"
#include "provgate/publish/publish.hpp"
#include "provgate/report/report.hpp"

namespace provgate {

/// What is read, and how. Must outlive the answer.
struct Input {
  std::vector<std::string> paths;  ///< "-": `records`
  std::string records;             ///< JSON records that stand in no file
  CheckOptions options;
};

/// Judges what is read: check_paths.
struct CheckRequest {
  Input input;
  Severity fail_on = Severity::error;
  /// Only what a change can affect: the name of the change, and its N-Triples or N-Quads, each line perhaps after +
  /// (added) or - (taken away).
  std::optional<std::pair<std::string, std::string>> change;
  bool timed = false;                          ///< keep when it was run
  bool digests = false;                        ///< of every file, for reports that are graphs: digest_records
  std::optional<std::int64_t> instead_micros;  ///< the time that is said to be that, whatever the clock says
};
struct CheckAnswer {
  CheckReport report;
  Verdict verdict = Verdict::nothing;
  RunInfo run;
  bool shapes_refused = false;  ///< nothing was validated; the reasons are notes of report.shacl
};
/// Errors: as check_paths, and Code::input for a change that cannot be read.
Result<CheckAnswer> answer(const World& world, const CheckRequest& request);

/// Writes what is read as PROV-O, or RDF files in another syntax: convert_paths, write_graph.
struct ConvertRequest {
  Input input;
  Syntax syntax = Syntax::turtle;
};
struct ConvertAnswer {
  bool refused = false;  ///< a record cannot be read or named: there is no text, which would leave it out
  Converted made;        ///< its graph is written already
  std::string text;
  std::uint64_t statements = 0;
  Verdict verdict = Verdict::pass;
};
/// Errors besides: Code::input and Code::world where RDF files lie beside what cannot be read.
Result<ConvertAnswer> answer(const World& world, const ConvertRequest& request);

/// A store with what keeps records there.
struct OpenKeeper {
  Store store;
  std::unique_ptr<Keeper> keeper;
};
/// Opens the store; with `create`, to add to it: a ledger that was altered is not continued, and with a key it is
/// noted. Errors: those of Store::open, Store::check_chain and note_key.
Result<std::unique_ptr<OpenKeeper>> open_keeper(const World& world, const std::string& store, bool create,
                                                const KeepOptions& options);
/// Opens the store, with the statements of all that is kept there in its graph: catch_up. Errors: as that, and as
/// Store::open.
Result<Store> open_said(const std::string& store, const Pace& pace);

/// Seals what conforms: check_paths, seal_records. What was judged is what is sealed: no file is read twice.
struct SealRequest {
  Input input;
  std::string store;    ///< its directory; made where there is none, unless it is a dry run
  SealOptions options;  ///< with a key it is noted in the ledger: note_key
  /// A file that gets the newest checkpoint after each batch, or empty. What stands in it before is a witness: the
  /// ledger must extend it.
  std::string checkpoint_file;
  std::function<void(std::uint64_t records)> on_begin;  ///< once the records are read: so many are judged
};
struct SealAnswer {
  CheckReport report;
  std::vector<SealOutcome> outcomes;
  std::map<SealResult, std::uint64_t> counts;
  std::uint64_t completed = 0;             ///< of those that were sealed already: an earlier run had not finished them
  std::optional<Error> checkpoint_failed;  ///< the file could not be written: the seals are made
  bool unsigned_entries = false;           ///< the ledger has entries that no checkpoint that was signed has
};
/// Errors: as check_paths, Store::open and note_key; Code::integrity where the ledger does not extend the checkpoint
/// that stands in the file, Code::input where that is none; of single records they are outcomes.
Result<SealAnswer> answer(const World& world, const SealRequest& request);

/// What somebody who does not own the ledger kept of it. The ledger must still hold the entry, and extend the
/// checkpoint.
struct Witness {
  std::optional<Head> head;                    ///< an entry that was the last one once
  std::optional<SignedCheckpoint> checkpoint;  ///< as it was kept
  /// Who must have signed it, or without a checkpoint the newest signed one that the ledger keeps; nothing: nobody.
  std::optional<VerifyingKey> key;
};

/// Compares what was sealed with what lies there now: verify_records, on a store all pages of which are looked at.
struct VerifyRequest {
  Input input;
  std::string store;
  Witness expected;
  Pace pace = {};  ///< entries
};
/// Errors: Code::integrity where the store is damaged, or the ledger is not as the witness says; as verify_records.
Result<VerifyReport> answer(const World& world, const VerifyRequest& request);

/// Entries of the ledger, the first one first; its chain is walked before.
struct LogRequest {
  std::string store;
  std::string iri;           ///< only those of the record of that IRI, or of that local id; empty: all
  std::string kind;          ///< "sealed", "rejected"; empty: all
  std::optional<Seq> entry;  ///< only this one
  std::function<bool(const LedgerEntry&)> on_entry;  ///< false ends it
};
/// Gives how many there were. Errors: Code::usage for an unknown kind, Code::nothing where no entry fits,
/// Code::integrity where the chain is broken; those of the store.
Result<std::uint64_t> answer(const World& world, const LogRequest& request);

/// Holds the tables of a store against each other and against the ledger: Store::check_tables, after a look at all
/// pages.
struct FsckRequest {
  std::string store;
  Witness expected;
  Input input;                   ///< what their sealed records say, and records that are kept whole: check_graph
  bool repair = false;           ///< make anew what can be derived before it is looked at: Store::repair
  Pace tables = {}, graph = {};  ///< rows; records
};
struct FsckAnswer {
  StoreCheck tables;
  std::optional<GraphCheck> graph;
  StoreRepair repaired;
  std::uint64_t not_signed = 0;  ///< the last entries, as many as no checkpoint has that the key signed
};
/// Errors: Code::integrity where pages are damaged; those of the store.
Result<FsckAnswer> answer(const World& world, const FsckRequest& request);

/// A new key: FILE (for its owner alone) and FILE.pub. With `replaces` it takes that one's place in the ledger, and a
/// key that lies in FILE already is taken.
struct KeygenRequest {
  std::string file, passphrase;          ///< passphrase: empty: none
  const SigningKey* replaces = nullptr;  ///< the key that signs until now
  std::string store;
};
/// Gives the public key's line. Errors: Code::usage where something has one of the names; as note_key.
Result<std::string> answer(const World& world, const KeygenRequest& request);

/// What shows a stranger that an entry stands in the ledger, or that the ledger has only grown.
struct ProveRequest {
  std::string store;
  std::string what;                       ///< the IRI or local id of a record, the number of an entry, or ENTRY/NUMBER
  std::optional<SignedCheckpoint> since;  ///< instead: that the ledger has only grown since
  bool head = false;                      ///< instead: the checkpoint alone
  const SigningKey* key = nullptr;        ///< signs the checkpoint anew; else the newest signed one is taken
};
struct ProveAnswer {
  std::string text;
  bool is_signed = false;
  std::uint64_t size = 0, behind = 0;  ///< entries that the checkpoint has, and that the ledger has more
};
/// Errors: Code::nothing where there is no such entry, Code::usage where several records are meant, Code::integrity
/// where the ledger does not extend `since`; as note_key.
Result<ProveAnswer> answer(const World& world, const ProveRequest& request);

/// Verifies a proof, or a ledger that was exported, without any store.
struct ProofRequest {
  std::string text;
  VerifyingKey key;
  std::optional<SignedCheckpoint> older;  ///< of a proof of growth: since when; of an exported ledger: its checkpoint
  std::string root;                       ///< the directory the record's files lie below; empty: they are not compared
};
struct ProofAnswer {
  std::optional<LedgerEntry> entry;   ///< of a proof of inclusion: what was proven
  std::optional<std::string> record;  ///< of a record that is kept whole: its bytes
  std::uint64_t number = 0;           ///< its place in the batch that the entry is of, from 0
  Checkpoint checkpoint;              ///< the newest that was verified
  std::uint64_t files = 0;            ///< compared
  std::vector<Tampered> faults;
  std::vector<WentOn> went_on;
};
/// Errors: Code::integrity with why it proves nothing, Code::input where it is no proof, Code::usage where the older
/// checkpoint is missing.
Result<ProofAnswer> answer(const World& world, const ProofRequest& request);
/// Whether a text is a proof or an exported ledger, told by how it begins.
bool is_proof(std::string_view text);

/// Sends what is pending to an endpoint: publish_pending. With paths, only what was sealed from there: sealed_here.
struct PublishRequest {
  Input input;
  std::string store;
  Endpoint endpoint;  ///< not used in a dry run
  PublishOptions options;
  Pace catching_up = {};  ///< with the statements of kept records: catch_up
  std::function<void(std::uint64_t pending)> on_begin;
};
struct PublishAnswer {
  PublishReport report;
  std::vector<std::string> unsealed;  ///< places below the paths that were never sealed
  std::vector<Finding> unread;        ///< what could not be looked into there
};
/// Errors: as Store::open, sealed_here; what ended the sending is in the report.
Result<PublishAnswer> answer(const World& world, const PublishRequest& request);

/// What a store holds.
struct StatusRequest {
  std::string store;
};
struct StatusAnswer {
  StoreStatus status;
  Head head;
};
/// Errors: as Store::open, Store::head.
Result<StatusAnswer> answer(const World& world, const StatusRequest& request);

/// Where a thing comes from: traced_iri, trace. Of the store, or of an endpoint.
struct TraceRequest {
  std::string thing;               ///< an IRI, or the id of a record of the store
  std::optional<GraphName> graph;  ///< the one that is meant, where several speak of it
  std::string store;
  std::optional<Endpoint> endpoint;
  Pace catching_up = {};  ///< as PublishRequest
};
/// Errors besides: Code::nothing says which rules a record breaks that was rejected.
Result<Trace> answer(const World& world, const TraceRequest& request);

/// A SPARQL query of the store, of RDF files, or of an endpoint.
struct QueryRequest {
  SourceText query;                ///< its path is what messages call it
  std::optional<GraphName> graph;  ///< the one a query of the library is asked of alone; a store must hold it
  std::string format;  ///< a query format's name; empty: "table", or "turtle" for a query that makes a graph
  std::string store;
  std::optional<Endpoint> endpoint;
  Pace catching_up = {};                         ///< as PublishRequest
  std::optional<std::vector<std::string>> data;  ///< files
  LoadOptions load;                              ///< of the data, with what stands in no file
  sparql::Limits limits;                         ///< of a query that is run here
  std::size_t table_width = 0;                   ///< columns; 0: nothing is cut
  std::function<void(const RdfData&)> on_data;   ///< once the files are read
  std::function<bool(std::string_view)> write;   ///< pieces of the answer; false ends the query
};
struct QueryAnswer {
  std::uint64_t rows = 0;        ///< that were written
  std::optional<Error> stopped;  ///< why it ended early: what was written is not all
};
/// Errors besides: Code::usage for an unknown format, and one that the kind of query cannot have; Code::world for an
/// endpoint's answer that cannot be the result of the query.
Result<QueryAnswer> answer(const World& world, const QueryRequest& request);

/// The query of the library of that name, with values for parameters ("name=value"): with_parameters; of one graph
/// alone where one is named: of_graph. Errors besides: Code::usage where there is none, with the nearest one.
Result<SourceText> named_query(const std::string& name, const std::vector<std::string>& values,
                               const std::optional<GraphName>& graph = {});
/// The rule of that id. Errors: Code::usage where there is none, with the nearest one.
Result<const Rule*> named_rule(const std::string& id);

}  // namespace provgate
