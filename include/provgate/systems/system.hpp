// SPDX-License-Identifier: Apache-2.0
// A system of records: how its records are found, read, judged, said in PROV-O, sealed and called. Nothing outside
// src/systems/NAME includes or names a system; src/systems/all.cpp lists them all.
//
// A run asks every system for a Reading of the paths, has its units read on several threads, and lets it look across
// what was read on one. What a Reading keeps of its records is its own; everybody else sees Collection and Record.
// Source: ARCHITECTURE.md, "How to add a system". Threads: as each says.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "provgate/io/io.hpp"
#include "provgate/record/entry.hpp"
#include "provgate/record/sink.hpp"
#include "provgate/record/skipped.hpp"
#include "provgate/record/stages.hpp"
#include "provgate/systems/keeping.hpp"
#include "provgate/systems/trace_terms.hpp"

namespace provgate {

/// A version of a system's documents.
struct Profile {
  std::string name;    ///< "gauges-v1"
  std::string tag;     ///< told from other profiles by it: "37"
  std::string shapes;  ///< its shapes among the files built into the program; empty: none
  std::vector<Prefix> prefixes;
};

/// What a thing is called: "decision", "decisions".
struct Noun {
  std::string_view one, many;
};

/// A flag that a system adds to verbs: to all that read records, to those that judge them, or to `convert`.
struct SystemFlag {
  enum class Use { reading, judging, converting };
  std::string_view name, about, otherwise;  ///< "threads"; what it does; its default
  Use use = Use::reading;
  enum class Takes {
    value,
    nothing,  ///< given, its value is k_given
    values    ///< each with a line feed behind it
  } takes = Takes::value;
  static constexpr std::string_view k_given = "yes";
};
/// Values of such flags, by name; a flag that is not there has its default.
using Settings = std::map<std::string, std::string, std::less<>>;

/// What a verb of a system is told, and what it answers.
struct VerbRequest {
  std::vector<std::string> arguments;
  Settings settings;
  std::function<std::string()> standard_input;  ///< read at the first call
  /// More of it, as it comes, for so long at most; nothing of it in time is nothing. False: it has ended.
  /// Errors: Code::world where it cannot be read.
  std::function<Result<bool>(std::string& out, std::uint64_t wait_ms)> next_input;
  /// The store that was named. Errors: those of the store; Code::nothing where there is none and none may be made.
  std::function<Result<Keeper*>(bool create)> keeper;
  std::function<bool(std::string_view)> write;       ///< data, as it is made; false: nobody reads it any more
  std::function<void(std::string_view)> note;        ///< a line for people
  std::function<void(const Finding&)> finding;       ///< one that is to be shown
  std::function<void(std::uint64_t done)> progress;  ///< so many records are done
  std::function<bool()> stop;                        ///< whether an end was asked for
  bool terminal = false;                             ///< data goes to people, and is drawn for them
};
struct VerbAnswer {
  std::string text;
  std::optional<Code> code;  ///< nothing: it went well; `findings` is a verdict, not an error
  bool findings = false;
};
struct SystemVerb {
  std::string_view name, about, argument, argument_about;
  std::span<const SystemFlag> flags;
  /// Errors: those of the verb, Code::usage for arguments it does not take.
  Result<VerbAnswer> (*run)(const World& world, const VerbRequest& request) = nullptr;
  std::string_view group = {};         ///< the word before its name; empty: none
  bool needs_argument = true;          ///< false: it may be left out
  bool keeps = false, writes = false;  ///< it works on a store; it adds to it
};

/// What a run wants of a system.
struct Asking {
  std::vector<std::string> paths;       ///< files and directories, without "-"
  const std::string* stream = nullptr;  ///< records of standard input; null: none were given
  ReadOptions read;
  std::string profile;  ///< its name; empty: what the records say
  Settings settings;
  bool judge = true;        ///< hold the records against the rules; else only what cannot be read or named is a finding
  bool statements = false;  ///< keep what the records say in PROV-O
  /// Whether a path (as it was given and below it) belongs to another system; empty: none does.
  std::function<bool(const std::string& path)> taken;
  /// Whether a directory is where a collection of another system begins; empty: none is.
  std::function<bool(const std::string& directory)> foreign;
};

/// Records whose ids are unique together: a repository, a log.
struct Collection {
  std::string name, root, profile;  ///< root: as the user gave it
  GraphName graph;                  ///< what it is published to
  std::string own_shapes;           ///< a file of shapes that the collection brings; empty: none
  std::string own_shapes_name;      ///< what messages call them: "the gauge's shapes"
  /// What a run with those may cost, and what to do where that is not enough.
  std::uint64_t own_shapes_ms = 10'000, own_shapes_bytes = 512ULL << 20;
  std::string own_shapes_help;
  Scopes scope;         ///< what of it is judged
  bool loose = false;   ///< not a collection: records that lie in none
  bool beside = false;  ///< its root holds other things, too: its judged paths are all of it
  bool stream = false;  ///< read from standard input
};

/// One record that may be sealed, as everybody but its system sees it. Holds as long as its Reading.
struct Record {
  std::string_view iri, owner;  ///< iri: empty where the record's id makes none
  bool judged = true;           ///< false: read as context only
  bool conforming = true, decidable = true;
  bool ambiguous = false;  ///< its id is another's, too: neither can be believed to be the one
  std::string_view kind;   ///< as its entry calls it; empty: its system has one kind alone
};

/// Whether a record is ready to be sealed, and if not, why.
struct Readiness {
  enum class State {
    ready,
    unfinished,  ///< not yet
    unplaced,    ///< it is judged, but where it lies it cannot be sealed
    never        ///< it is not among what is sealed
  } state = State::ready;
  std::string why;
};

/// What sealing leaves beside a record, below the root of its collection: files that are made once, and lines at the
/// end of logs, each with its line feed. Texts are UTF-8.
struct Trail {
  struct Text {
    std::string path, bytes;
    friend bool operator==(const Text&, const Text&) = default;
  };
  std::vector<Text> files, lines;
  friend bool operator==(const Trail&, const Trail&) = default;
};

/// What lies in a collection and says that sealing has left it there: a file, or (`line`) a line of a log.
struct LeftBehind {
  std::string path, text;  ///< path below the root; text: of a line, with its line feed; without a record: what it is
  std::vector<std::string> iris;  ///< the record it says it is about, under every name it may have; empty: about none
  bool line = false;
  bool torn = false;  ///< a line that cannot be read, and all the same names who seals
};

/// PROV-O statements of some records, and the files that their spans count, from 1.
struct Statements {
  Graph graph;
  std::vector<std::string> files;
  std::size_t collection = 0;  ///< whose records those are
};

/// What reading some units leaves behind; a system adds its own.
struct Part {
  virtual ~Part() = default;
  std::vector<Finding> findings;
  FindingLimit limit;                               ///< over the findings
  std::map<std::string_view, std::uint64_t> kinds;  ///< how many of each kind were judged, by Noun::one
  Skipped skipped;
};

/// One system's part of a run. It keeps no Disk beyond link(). One thread at a time, but for read(). What has a body
/// somewhere is what most systems want.
class Reading {
 public:
  virtual ~Reading() = default;

  // ---- reading ----
  virtual std::size_t size() const = 0;  ///< collections
  virtual const Collection& collection(std::size_t c) const = 0;
  /// How many independent pieces the collection has. Lists them; called once, before read().
  virtual std::size_t units(std::size_t c) = 0;
  /// Where records lie that may be sealed, told without reading them: directories and files. What could not be looked
  /// into is added to `unread`.
  virtual std::vector<std::string> places(std::size_t c, std::vector<Finding>& unread) = 0;
  /// Reads and judges the units [first, last). Several threads at once, each with units of its own. Faults of records
  /// are findings.
  virtual std::unique_ptr<Part> read(std::size_t c, std::size_t first, std::size_t last) = 0;
  /// Takes parts over, in the order of their units. The caller has taken out findings, kinds and what was skipped.
  virtual void take(std::size_t c, std::unique_ptr<Part> part) = 0;
  /// What is judged of a collection as a whole, after its units. Nothing, unless a system says more.
  virtual std::unique_ptr<Part> whole(std::size_t c);
  /// What follows only from all collections together: joins, times, duplicates, graph names.
  virtual std::vector<Finding> link() { return {}; }
  /// Takes out findings about what was read as context only.
  virtual void narrow(std::vector<Finding>&) const {}
  /// Whether the path is one of its own, so that no other system looks at it: it lies in a collection.
  virtual bool claims(const std::string& path) const;

  // ---- what was read ----
  virtual std::size_t records(std::size_t c) const = 0;
  /// Records that may be sealed: the first are those, and behind them come others, which no score counts. Every call
  /// with a record's number takes them.
  virtual std::size_t sealable(std::size_t c) const { return records(c); }
  virtual Record record(std::size_t c, std::size_t i) const = 0;
  virtual RecordId id(std::size_t c, std::size_t i) const = 0;
  /// Every path of the collection that was read and judged, and those of its own description: the records' owners.
  virtual std::vector<std::string> judged_paths(std::size_t c) const;
  /// Whether a path is one record's own place, though no record was read there: what cannot be read there speaks
  /// against no other.
  virtual bool own_place(std::size_t, const std::string& /*path*/) const { return false; }
  /// Whether anything was read there that counts as known, if only the collection's description: a record.
  virtual bool holds_anything(std::size_t c) const { return records(c) > 0; }
  /// Moves out what the records say, of all collections, with what follows from all of them together; without the name
  /// of a graph. Requires Asking::statements. Errors: Code::world where the system failed while something was read
  /// again.
  virtual Result<std::vector<Statements>> statements(Disk& disk) = 0;
  /// The same as one graph, in the named graphs of the collections, as the settings of `convert` want it.
  /// Errors: as statements(); Code::usage for a setting it does not have.
  virtual Result<Graph> convert(Disk& disk);

  // ---- sealing ----
  virtual Readiness readiness(std::size_t, std::size_t) const { return {}; }
  /// IRIs the record may have in its graph: its own first, then one that no record of another scope has.
  virtual std::vector<std::string> names(std::size_t c, std::size_t i) const { return {id(c, i).iri.text}; }
  /// The record with all it leads to, under one of its names. Requires ReadOptions::digests.
  /// Errors: Code::world when it is not what was judged.
  virtual Result<Draft> draft(Disk& disk, std::size_t c, std::size_t i, const std::string& iri) const = 0;
  /// What its entry speaks of, as it is now: the files of draft(), which says what it requires. Errors: as draft().
  virtual Result<CoveredFiles> files(Disk& disk, std::size_t c, std::size_t i) const;
  /// Whether the file belongs to another record, of which a sealed one with these files may not have known yet.
  virtual bool comes_later(std::size_t, const std::string& /*path*/, const CoveredFiles& /*sealed*/) const {
    return false;
  }
  /// Ids under which ledgers of earlier versions know the record.
  virtual std::vector<FormerId> former_ids(std::size_t, std::size_t, const std::string& /*iri*/) const { return {}; }
  /// Files that sealing has left beside the record and that are covered, too, as they are now; none where there are
  /// none. Errors: Code::world where one cannot be read just now.
  virtual Result<CoveredFiles> marks(Disk&, std::size_t, std::size_t) { return CoveredFiles{}; }
  /// Says what sealing will leave beside the record, and adds to the draft the files that are covered with it and what
  /// they say. Writes nothing. A file that is there is taken as it is. Errors: Code::integrity when one speaks of other
  /// bytes, Code::input and Code::world where one cannot be read.
  virtual Result<Trail> mark(Disk&, std::size_t, std::size_t, Draft&, std::int64_t /*now_micros*/) { return Trail{}; }

  // ---- verifying ----
  /// Whether records of that scope are those of the collection.
  virtual bool knows_scope(std::size_t c, const RecordId& id) const = 0;
  /// Whether a sealed record with these files lies, or lay, in the collection and is judged.
  virtual bool owns(Disk& disk, std::size_t c, const RecordId& id, const CoveredFiles& files) const;
  /// The record of that name and kind, if it is still there.
  virtual std::optional<std::size_t> find(std::size_t c, const std::string& iri, std::string_view kind) const;
  /// What lies there and says that it was left by sealing, of all records, but for files that `known` says yes to (by
  /// path below the root). Errors: Code::world, Code::input where something could not be read.
  using KnownFile = std::function<bool(const std::string& path)>;
  virtual Result<std::vector<LeftBehind>> left_behind(Disk&, std::size_t, const KnownFile& /*known*/) const {
    return std::vector<LeftBehind>{};
  }
  /// The lines that sealing under each of the IRIs left of the record, as they have to stand now, by IRI; none where
  /// what they are told from is gone. Errors: Code::world where it cannot be read just now.
  using LinesByIri = std::map<std::string, std::vector<Trail::Text>>;
  virtual Result<LinesByIri> lines(Disk&, std::size_t, std::size_t, const std::set<std::string>& /*iris*/) const {
    return LinesByIri{};
  }
  /// Files in places of sealed files where nothing else may lie: paths below the root.
  virtual std::vector<std::string> strangers(Disk&, std::size_t, const LedgerEntry&) const { return {}; }
};

/// The words a system uses where people read.
struct Words {
  Noun collection, record;             ///< what a Collection and a Record are called: "gauge", "reading"
  std::string_view whole;              ///< all collections together
  std::string_view score;              ///< what the score counts
  std::string_view paths;              ///< what may be named: "Directory, gauge or reading"
  std::string_view undecided, decide;  ///< why it cannot be decided whether records conform, and what to do
};

/// Stateless; one object a system lives as long as the program. Threads: any.
class System {
 public:
  virtual ~System() = default;
  virtual std::string_view name() const = 0;
  virtual const Words& words() const = 0;
  virtual const std::vector<Profile>& profiles() const = 0;  ///< the first is meant where nobody says
  /// Its kinds of records, where their plurals do not end in s alone.
  virtual std::span<const Noun> kinds() const { return {}; }
  virtual std::span<const SystemFlag> flags() const { return {}; }
  virtual std::span<const SystemVerb> verbs() const { return {}; }
  /// What the group of its verbs is for; empty: they are in none.
  virtual std::string_view about_verbs() const { return {}; }
  /// Where its records are kept whole; null: they are not.
  virtual const Keeping* keeping() const { return nullptr; }
  /// Whether a file of that name is read with its collection, and never as data of its own.
  virtual bool reserves(std::string_view /*file_name*/) const { return false; }
  /// Whether one of its collections begins at that directory, told without reading records.
  virtual bool is_root(Disk&, const std::string& /*directory*/) const { return false; }
  /// Whether a JSON document is one of its records.
  virtual bool is_record(Value /*root*/, const std::string& /*path*/) const { return false; }
  /// The thing of that IRI, with its classes as far as they are known (IRIs).
  virtual TraceLabel label(std::string_view /*iri*/, const std::vector<std::string>& /*classes*/) const { return {}; }
  virtual const TraceTerms& trace_terms() const;
  /// The usual form of an identifier of this system; nothing where the text is none. `near`: takes the nearest one.
  virtual std::optional<std::string> canonical_iri(std::string_view /*text*/, std::string* /*near*/) const {
    return {};
  }
  /// The form of ledger entries that only this system had in an earlier version; null: none.
  virtual const FormerLedger* former_ledger() const { return nullptr; }
  /// Finds what lies at the paths, without reading records. Errors: Code::input for a path that is not there or cannot
  /// be read, Code::usage for a setting or a profile that it does not have.
  virtual Result<std::unique_ptr<Reading>> open(const World& world, const Asking& asking) const = 0;
};

/// All systems of this build; a system that takes what no other takes comes last.
std::span<const System* const> systems();
/// The system that has a profile of that name, and the profile; nothing where none has.
std::optional<std::pair<const System*, const Profile*>> find_profile(std::string_view name);

/// The prefixes of these profiles; of one name the first.
std::vector<Prefix> prefixes_of(const std::vector<std::string>& profiles);
/// Those of the first profile of every system.
std::vector<Prefix> usual_prefixes();
/// Those of every profile, under names of their own: what a profile calls as an earlier one does gets its tag.
std::vector<Prefix> all_prefixes();
/// Those of the profiles that the graph's terms are of; of a system of which none is, its first.
std::vector<Prefix> fitting_prefixes(const Graph& graph);
/// The IRI as PREFIX:NAME where a profile has a prefix for it; else as it is.
std::string compact_iri(const std::string& iri);

}  // namespace provgate
