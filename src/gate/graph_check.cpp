// SPDX-License-Identifier: Apache-2.0
// The statements of sealed records, made again from their files, against the graph of the store.
#include <algorithm>
#include <set>

#include "base/parallel.hpp"
#include "gate/keeping.hpp"
#include "gate/known.hpp"
#include "gate/signing.hpp"
#include "gate/unfinished.hpp"
#include "gate/witnessed.hpp"
#include "io/snapshot_disk.hpp"
#include "provgate/gate/gate.hpp"

namespace provgate {
namespace {

class GraphChecker {
 public:
  GraphChecker(Disk& disk, const Store& store, GraphCheck& out)
      : disk_(disk), store_(store), states_(&store), out_(out) {}

  // Which records were sealed several times.
  Result<void> begin() {
    TRY(notes_, notes_of(store_));
    std::set<std::string> once;
    TRY(const auto noted, store_.each_entry([&](const LedgerEntry& entry) {
      if (entry.id == signing_key_record()) signing_.push_back(signing_key_iri(entry.record_digest));
      if (entry.kind == "sealed" && !once.insert(name_of(entry.id)).second) several_.insert(name_of(entry.id));
      return true;
    }));
    (void)noted;
    for (const auto& iri : signing_) {
      TRY(const auto term, store_.find_term(iri_text(iri)));
      signers_.insert(term);
    }
    return {};
  }

  Result<void> record(Reading& reading, std::size_t c, std::size_t i) {
    TRY(const auto known, known_record(&store_, reading, c, i));
    if (!known.entry) return {};
    if (const auto note = notes_.find(known.entry->seq); note != notes_.end()) {
      if (const auto held = check_noted_lines(disk_, reading, c, i, note->second, *known.entry); !held)
        out_.faults.push_back({"unfinished", std::to_string(known.entry->seq.number), held.error().why});
    }
    TRY(const bool same, as_sealed(reading, c, i, *known.entry));
    if (!same) ++out_.not_as_sealed;
    if (known.entry->version != k_ledger_version) return out_.earlier += same, Result<void>{};
    TRY(auto draft, reading.draft(disk_, c, i, known.id.iri.text));
    // What came later is a record of its own, and the record's proof does not speak of it.
    std::erase_if(draft.files, [&](const auto& file) {
      return file.second.role == CoveredFile::Role::covered && !known.entry->files.contains(file.first);
    });
    // Nothing is written: what sealing left there is read.
    const auto trail = reading.mark(disk_, c, i, draft, 0);
    if (!trail && trail.error().code == Code::world) return tl::unexpected<Error>(trail.error());
    if (!trail || !trail->files.empty()) return out_.not_as_sealed += same, Result<void>{};
    seqs_.insert(known.entry->seq);
    // What was said of these things before may be more than what is said now.
    if (!same || several_.contains(name_of(known.entry->id))) CHECKED(note_subjects(draft));
    if (!same) return may_say(draft);
    ++out_.records;
    return compare(draft, known.entry->seq);
  }

  // Records that are kept whole: nothing else is needed to make their statements again.
  Result<void> kept(const KeptRecords& kept, const std::function<void(std::uint64_t)>& step) {
    TRY(const auto unsaid, store_.next_unsaid());
    Result<void> done;
    TRY(const auto noted, store_.each_entry([&](const LedgerEntry& entry) {
      const auto records = records_in_batch(entry.id.iri.text);
      if (entry.kind != "sealed" || !records) return true;
      seqs_.insert(entry.seq);
      step(*records);
      if (unsaid && entry.seq >= unsaid->seq) return out_.waiting += *records, true;
      done = batch(kept, entry, *records);
      return done.has_value();
    }));
    (void)noted;
    return done;
  }

  // Where the newest version of every sealed record was made again, the graphs hold nothing else: but for things of
  // which a record speaks that was sealed several times, or goes on.
  Result<void> rest() {
    bool all = true;
    std::vector<LedgerEntry> earlier;
    TRY(const auto noted, store_.each_entry([&](const LedgerEntry& entry) {
      if (entry.kind != "sealed" || entry.id == signing_key_record() || seqs_.contains(entry.seq)) return true;
      all = all && several_.contains(name_of(entry.id));
      if (all) earlier.push_back(entry);
      return all;
    }));
    (void)noted;
    for (const auto& entry : earlier) {
      TRY(const auto newest, store_.sealed_as(entry.id));
      all = all && seqs_.contains(newest);
    }
    out_.whole = all;
    if (!all) return {};
    std::ranges::sort(made_, Less());
    TRY(const auto of_keys, store_.find_term(iri_text(k_key_graph)));
    std::vector<Quad> strange;
    CHECKED(store_.scan({}, [&](const Quad& quad) {
      // Who signs is no record of a tree; and nothing else is said there.
      if (std::ranges::binary_search(made_, quad, Less()) || (quad.g == of_keys && signers_.contains(quad.s)))
        return true;
      if (loose_.contains(quad.s)) {
        ++out_.not_told;
      } else {
        strange.push_back(quad);
      }
      return true;
    }));
    for (const auto& quad : strange)
      CHECKED(fault(quad, "no sealed record says so, and no line of a log that is here"));
    return {};
  }

 private:
  struct Less {
    bool operator()(const Quad& a, const Quad& b) const {
      return std::tie(a.s, a.p, a.o, a.g) < std::tie(b.s, b.p, b.o, b.g);
    }
  };

  Result<void> batch(const KeptRecords& kept, const LedgerEntry& entry, std::uint64_t records) {
    TRY(const auto* keeping, keeping_of(entry));
    TRY(const auto graph, keeping->say(kept, entry, thread_count(0)));
    out_.records += records;
    return compare(graph, {}, false, entry.seq);
  }

  Result<bool> as_sealed(Reading& reading, std::size_t c, std::size_t i, const LedgerEntry& entry) {
    TRY(auto now, reading.files(disk_, c, i));
    TRY(const auto marks, reading.marks(disk_, c, i));
    now.insert(marks.begin(), marks.end());
    for (const auto& [path, file] : entry.files) {
      if (file.role != CoveredFile::Role::covered) continue;
      const auto found = now.find(path);
      if (found == now.end() || found->second.digest != file.digest) return false;
    }
    const bool more = std::ranges::any_of(now, [&](const auto& file) {
      return file.second.role == CoveredFile::Role::covered && !entry.files.contains(file.first) &&
             !reading.comes_later(c, file.first, entry.files);
    });
    if (more) return false;
    // Of earlier versions nobody knows what they led to.
    if (entry.version != k_ledger_version) return true;
    TRY(const auto changed, states_.changed(entry, now));
    return !changed;
  }

  static std::string name_of(const RecordId& id) { return id.system.text + '\0' + id.scope.text + '\0' + id.iri.text; }

  // Things of which nobody can tell all that was said.
  Result<void> note_subjects(const Draft& draft) {
    std::set<TermId> subjects;
    for (const auto& quad : draft.graph.quads()) subjects.insert(quad.s);
    for (const auto subject : subjects) {
      TRY(const auto known, store_.find_term(draft.graph.terms().text(subject)));
      if (known) loose_.insert(known);
    }
    return {};
  }

  // All of it may be there, and none of it need.
  Result<void> may_say(const Draft& draft) {
    CHECKED(compare(draft.graph, {}, true, {}));
    return compare(draft.otherwise, {}, true, {});
  }

  Result<void> compare(const Draft& draft, Seq seq) {
    CHECKED(compare(draft.graph, {draft.conditional.begin(), draft.conditional.end()}, false, seq));
    return compare(draft.otherwise, {}, true, seq);
  }

  // `conditional`: statements, by their places, that need not be there; all: none of them need.
  Result<void> compare(const Graph& graph, const std::set<std::size_t>& conditional, bool all, Seq seq) {
    const auto& terms = graph.terms();
    for (std::size_t i = 0; i < graph.size(); ++i) {
      const auto& theirs = graph.quads()[i];
      Quad mine;
      std::string shown;
      bool known = true;
      for (const auto& [from, slot] :
           {std::pair{theirs.s, &mine.s}, {theirs.p, &mine.p}, {theirs.o, &mine.o}, {theirs.g, &mine.g}}) {
        if (!from) continue;
        TRY(*slot, store_.find_term(terms.text(from)));
        known = known && *slot;
        shown += (shown.empty() ? "" : " ") + std::string(terms.text(from));
      }
      bool there = false;
      if (known) CHECKED(store_.scan(mine, [&](const Quad& quad) { return there = quad.g == mine.g, false; }));
      if (known) made_.push_back(mine);
      if (all || conditional.contains(i)) continue;
      ++out_.quads;
      if (!there) add(std::move(shown), "entry " + std::to_string(seq.number) + " says so, and it is not in the graph");
    }
    return {};
  }

  Result<void> fault(const Quad& quad, std::string why) {
    std::string shown;
    for (const auto id : {quad.s, quad.p, quad.o, quad.g}) {
      if (!id) continue;
      TRY(const auto text, store_.term(id));
      shown += (shown.empty() ? "" : " ") + text;
    }
    add(std::move(shown), std::move(why));
    return {};
  }
  void add(std::string row, std::string why) {
    if (out_.faults.size() < k_most_bad_rows) {
      out_.faults.push_back({"graph", std::move(row), std::move(why)});
    } else {
      ++out_.more;
    }
  }

  Disk& disk_;
  const Store& store_;
  NewestStates states_;
  GraphCheck& out_;
  std::map<Seq, Trail> notes_;
  std::vector<std::string> signing_;
  std::set<TermId> signers_;
  std::vector<Quad> made_;  // each perhaps several times
  std::set<Seq> seqs_;      // of entries whose records were made again
  std::set<std::string> several_;
  std::set<TermId> loose_;
};

}  // namespace

Result<GraphCheck> check_graph(const World& given, const Store& store, const std::vector<std::string>& paths,
                               const CheckOptions& options, const Pace& pace) {
  SnapshotDisk once(given.disk);  // of one record
  once.keep_only([](const auto&) { return false; });
  const World world{once, given.clock, given.http, given.random};
  auto reading = options;
  reading.read.digests = true;
  reading.shapes.records = reading.shapes.rdf = reading.judge = false;
  static const std::string k_no_stream;
  CheckReport report;
  if (!paths.empty()) {
    TRY(report, check_paths(world, paths, k_no_stream, reading));
  }
  once.keep_only({});
  GraphCheck out;
  GraphChecker checker(once, store, out);
  CHECKED(checker.begin());
  TRY(const auto kept, store.kept());
  std::uint64_t records = kept->size(), done = 0;
  each_collection(report, [&](const SystemReport& one, std::size_t c) { records += one.reading->sealable(c); });
  if (pace.begin) pace.begin(records);
  const auto step = [&](std::uint64_t more) {
    done += more;
    if (pace.step) pace.step(done);
  };
  CHECKED(checker.kept(*kept, step));
  for (const auto& one : report.systems) {
    for (std::size_t c = 0; c < one.reading->size(); ++c) {
      for (std::size_t i = 0; i < one.reading->sealable(c); ++i) {
        step(1);
        if (one.reading->record(c, i).judged) CHECKED(checker.record(*one.reading, c, i));
        once.forget_all();
      }
    }
  }
  CHECKED(checker.rest());
  return out;
}

}  // namespace provgate
