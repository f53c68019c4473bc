// SPDX-License-Identifier: Apache-2.0
#include "gate/kept_records.hpp"

#include <algorithm>
#include <set>

#include "base/digest.hpp"
#include "gate/keeping.hpp"
#include "provgate/systems/system.hpp"

namespace provgate {
namespace {

// A collection's records on their way into the store, a batch at a time.
class KeptSealer {
 public:
  KeptSealer(const World& world, Store* store, const SystemReport& of, std::size_t c, const Owners& owners,
             const SealOptions& options, std::vector<SealOutcome>& outcomes)
      : world_(world), store_(store), of_(of), c_(c), owners_(owners), options_(options), outcomes_(outcomes) {
    if (store) keeper_ = make_keeper(world.clock, *store, {options.wait, options.key});
  }

  bool run() {
    auto& reading = *of_.reading;
    for (std::size_t i = 0; i < reading.sealable(c_); ++i) {
      if (!reading.record(c_, i).judged) continue;
      if (options_.stop && options_.stop()) break;
      if (auto done = prepare(i); !done) failed(waiting_.emplace_back(outcome_of(i)), done.error());
      if (offered_.size() >= options_.batch_records && !flush()) return false;
    }
    return flush() && !(options_.stop && options_.stop());
  }

 private:
  SealOutcome outcome_of(std::size_t i) const {
    SealOutcome out;
    out.id = of_.reading->id(c_, i), out.owner = of_.reading->record(c_, i).owner;
    return out;
  }
  static void failed(SealOutcome& out, const Error& why) {
    out.result = why.code == Code::input ? SealResult::unread : SealResult::failed;
    out.detail = why.why, out.disk_full = why.code == Code::disk_full;
  }

  // What is to be kept is offered with its batch; of all else it is known what comes of it.
  Result<void> prepare(std::size_t i) {
    auto& reading = *of_.reading;
    auto out = outcome_of(i);
    const auto record = reading.record(c_, i);
    const auto findings = owners_.concerning(reading.collection(c_), record.owner, {});
    const auto say = [&](SealResult result, std::string detail) -> Result<void> {
      out.result = result, out.detail = std::move(detail);
      waiting_.push_back(std::move(out));
      return {};
    };
    for (const auto* f : findings) {
      if (could_not_be_read(*f)) return say(SealResult::unread, f->file + " could not be read: " + f->message);
    }
    if (const auto* f = owners_.unsure()) return say(SealResult::unread, f->file + " could not be read: " + f->message);
    const auto ready = reading.readiness(c_, i);
    if (ready.state != Readiness::State::ready) return say(SealResult::refused, ready.why);
    TRY(auto draft, reading.draft(world_.disk, c_, i, out.id.iri.text));
    kind_ = draft.kind, files_ = draft.files;
    if (!record.conforming) {
      auto bytes = std::move(draft.records);
      auto verdict = admit(std::move(draft), findings);
      auto* rejected = std::get_if<Rejected>(&verdict);
      if (!rejected) return say(SealResult::undecided, "whether it conforms cannot be told");
      std::string broken;
      for (const auto& rule : rejected->rules()) broken += (broken.empty() ? "breaks " : ", ") + rule;
      rejected_.push_back(std::move(*rejected));
      return say(SealResult::refused, std::move(broken));
    }
    offered_.push_back({draft.records.front().bytes(), std::string(record.owner), reading.collection(c_).name, {}});
    places_.push_back(waiting_.size());
    waiting_.push_back(std::move(out));
    return {};
  }

  // Tells what came of each, in order. False: nothing more is sealed.
  bool flush() {
    const auto kept = offered_.empty() ? Result<void>() : keep();
    if (!kept) {
      for (const auto at : places_) failed(waiting_[at], kept.error());
    }
    if (kept && !rejected_.empty() && store_ && !options_.dry_run) {
      if (const auto done = reject_all(); !done) failed(waiting_.front(), done.error());
    }
    bool goes_on = !grew_ || !options_.on_batch || options_.on_batch();
    for (auto& one : waiting_) {
      goes_on = goes_on && !one.disk_full;
      if (options_.on_outcome) options_.on_outcome(one);
      outcomes_.push_back(std::move(one));
    }
    waiting_.clear(), offered_.clear(), places_.clear(), rejected_.clear(), grew_ = false;
    return goes_on;
  }

  Result<void> keep() {
    using State = Keeping::Held::State;
    std::vector<Keeping::Held> held;
    const auto* keeping = of_.system->keeping();
    const auto make = [&](const KeptRecords& kept) -> Result<Keeper::Batch> {
      TRY(held, keeping->hold(kept, offered_, kind_));
      Keeper::Batch batch;
      batch.system = RecordId::System(std::string(of_.system->name())), batch.kind = kind_, batch.files = files_;
      batch.scope = waiting_[places_.front()].id.scope;
      for (auto& one : held) {
        if (one.state != State::fresh) continue;
        for (const auto& f : one.findings) batch.about.push_back(&f);
        batch.records.push_back(std::move(one.record));
      }
      if (options_.dry_run) batch.records.clear();
      return batch;
    };
    Seq entry;
    if (keeper_ && !options_.dry_run) {
      TRY(entry, keeper_->keep(make));
    } else if (keeper_) {
      TRY(const auto kept, keeper_->look());
      TRY(const auto none, make(*kept));
      (void)none;
    } else {
      held.assign(offered_.size(), {State::fresh, {}, {}, {}});
    }
    grew_ = static_cast<bool>(entry);
    for (std::size_t n = 0; n < held.size(); ++n) {
      auto& out = waiting_[places_[n]];
      const auto& one = held[n];
      out.seq = one.state == State::fresh ? entry : one.place.entry;
      switch (one.state) {
        case State::fresh:
          out.result = SealResult::sealed;
          if (options_.dry_run) out.detail = "would be sealed";
          break;
        case State::known: out.result = SealResult::already; break;
        case State::other:
          out.result = SealResult::changed;
          out.detail = "another record of its name is sealed";
          break;
        case State::refused:
          out.result = SealResult::refused;
          for (const auto& f : one.findings) {
            if (f.severity == Severity::error)
              out.detail += (out.detail.empty() ? "breaks " : "; ") + f.rule + ": " + f.message;
          }
          break;
      }
    }
    return {};
  }

  Result<void> reject_all() {
    TRY(const auto alone, store_->lock_sealing(options_.wait));
    for (const auto& one : rejected_) {
      TRY(const bool known, store_->holds_rejection(one));
      if (known) continue;
      TRY(const auto head, store_->head());
      CHECKED(store_->append(reject(one, head, {world_.clock.now_micros(), world_.clock.source()})));
    }
    return {};
  }

  const World& world_;
  Store* store_;
  const SystemReport& of_;
  std::size_t c_;
  const Owners& owners_;
  const SealOptions& options_;
  std::vector<SealOutcome>& outcomes_;
  std::unique_ptr<Keeper> keeper_;
  std::string kind_;
  CoveredFiles files_;
  std::vector<Keeping::Offered> offered_;
  std::vector<std::size_t> places_;  // of what is offered, in waiting_
  std::vector<SealOutcome> waiting_;
  std::vector<Rejected> rejected_;
  bool grew_ = false;
};

class KeptVerifier {
 public:
  KeptVerifier(const World& world, const Store& store, const CheckReport& report, const std::vector<std::string>& paths,
               const KeptRecords& kept, VerifyReport& out)
      : world_(world), store_(store), report_(report), kept_(kept), out_(out) {
    for (const auto& path : paths) {
      if (const auto real = world_.disk.real_path(path)) named_.push_back(*real);
      // Of a link, or of what is gone, the place where it lies, or lay.
      const auto parent = parent_path(path);
      if (const auto real = world_.disk.real_path(parent.empty() ? "." : parent))
        named_.push_back(join_path(*real, base_name(path)));
    }
  }

  Result<void> run() {
    Result<void> done;
    each_collection(report_, [&](const SystemReport& one, std::size_t c) {
      if (done && one.system->keeping()) done = collection(one, c);
    });
    CHECKED(std::move(done));
    // Where the one that was sealed stands there, too, another of its name is a record that was not.
    for (auto& [place, fault] : changed_) {
      if (seen_.contains(place)) continue;
      fault.severity = Severity::error, fault.message = name_of(fault.kind);
      out_.faults.push_back(std::move(fault));
    }
    for (const auto& [place, fault] : changed_) out_.records += seen_.insert(place).second;
    Result<void> missing;
    CHECKED(store_.each_entry([&](const LedgerEntry& entry) {
      if (entry.kind != "sealed" || !records_in_batch(entry.id.iri.text)) return true;
      missing = batch(entry);
      return missing.has_value();
    }));
    return missing;
  }

 private:
  Result<void> collection(const SystemReport& one, std::size_t c) {
    auto& reading = *one.reading;
    for (std::size_t i = 0; i < reading.sealable(c); ++i) {
      if (!reading.record(c, i).judged || reading.readiness(c, i).state != Readiness::State::ready) continue;
      const auto draft = reading.draft(world_.disk, c, i, {});
      if (!draft && draft.error().code == Code::integrity) continue;  // no record that is ever kept
      if (!draft) return tl::unexpected<Error>(draft.error());
      const auto& record = draft->records.front();
      if (record.rows().size() == 0) continue;
      TRY(const auto there, look(*one.system->keeping(), record));
      if (!there) continue;
      TRY(const auto bytes, kept_.bytes(*there));
      Tampered fault;
      fault.kind = Tampering::changed, fault.id = draft->id, fault.focus = draft->id.iri.text;
      fault.file = reading.record(c, i).owner, fault.expected = sha256_hex(bytes).text;
      fault.found = draft->record_digest.text;
      changed_.emplace_back(*there, std::move(fault));
    }
    return {};
  }

  // Where the newest record of that name is kept; nothing where there is none, or where it is the one that lies here,
  // in its newest state or one that may follow.
  Result<std::optional<KeptPlace>> look(const Keeping& keeping, const KeptRecord& record) {
    TRY(auto rows, kept_.rows(record.rows().first_key(), {}));
    std::vector<KeptPlace> all;
    while (true) {
      TRY(const auto* row, rows->next());
      if (!row) break;
      all.push_back(row->place);
    }
    if (all.empty()) return std::optional<KeptPlace>{};
    TRY(const auto newest, kept_.bytes(all.back()));
    if (newest != record.bytes() && !keeping.same(newest, record.bytes())) return std::optional(all.back());
    for (const auto& place : all) out_.records += seen_.insert(place).second;
    return std::optional<KeptPlace>{};
  }

  // Those of a batch that was sealed from a collection here.
  Result<void> batch(const LedgerEntry& entry) {
    // What the records of the collections were compared with is what was sealed.
    CHECKED(check_batch(kept_, entry));
    if (entry.id.scope.text.empty()) return {};
    const SystemReport* of = nullptr;
    std::size_t where = 0;
    each_collection(report_, [&](const SystemReport& one, std::size_t c) {
      if (one.reading->knows_scope(c, entry.id) && one.reading->owns(world_.disk, c, entry.id, entry.files))
        of = &one, where = c;
    });
    TRY(const auto roots, store_.roots_of(entry.id.system, entry.id.scope));
    if (!of) return gone(entry, roots), Result<void>{};
    const auto& root = of->reading->collection(where).root;
    const auto count = static_cast<std::uint32_t>(records_in_batch(entry.id.iri.text).value_or(0));
    std::uint32_t missing = 0;
    for (std::uint32_t n = 0; n < count; ++n) missing += !seen_.contains({entry.seq, n});
    // Another collection of that name may be the one.
    const auto real = world_.disk.real_path(root);
    const bool only_one = roots.size() == 1 && real && roots.contains(*real);
    if (missing == 0 || (missing == count && !only_one)) return {};
    return name_missing(entry, join_path(root, name_in(entry)), missing);
  }

  // The first ones by their names, and how many there are in all.
  Result<void> name_missing(const LedgerEntry& entry, const std::string& path, std::uint32_t missing) {
    constexpr std::size_t k_most_named = 20;
    TRY(const auto* keeping, keeping_of(entry));
    const auto count = records_in_batch(entry.id.iri.text).value_or(0);
    auto id = entry.id;
    std::size_t named = 0;
    for (std::uint32_t n = 0; n < count && named < k_most_named && missing < count; ++n) {
      if (seen_.contains({entry.seq, n})) continue;
      TRY(const auto bytes, kept_.bytes({entry.seq, n}));
      TRY(id.iri.text, keeping->iri(bytes, entry.record_kind));
      fault(Tampering::missing, id, path, "nothing", sha256_hex(bytes).text), ++named;
    }
    if (named == missing) return {};
    fault(Tampering::missing, entry.id, path,
          with_commas(missing) + " of " + plural(count, "sealed record") + " of entry " +
              std::to_string(entry.seq.number) + " are not there",
          "all of them");
    return {};
  }

  static std::string name_in(const LedgerEntry& entry) {
    return entry.files.empty() ? entry.id.scope.text : entry.files.begin()->first;
  }

  // A collection that lay in a named directory, or was named, and is none now.
  void gone(const LedgerEntry& entry, const std::set<std::string>& roots) {
    const auto count = records_in_batch(entry.id.iri.text).value_or(0);
    for (const auto& root : roots) {
      const auto path = join_path(root, name_in(entry));
      const bool here = std::ranges::any_of(named_, [&](const auto& at) { return (path + "/").starts_with(at + "/"); });
      const auto info = world_.disk.info(path);
      // What cannot be read is said with the rest that cannot; whether anything is gone from it nobody can tell.
      if (!here || info.unknown || (info.type == FileType::file && !world_.disk.map(path))) continue;
      const auto* const found = info.type == FileType::missing ? "nothing is there" : "no such record is there";
      return fault(Tampering::missing, entry.id, path, found, plural(count, "sealed record"));
    }
    out_.elsewhere[{entry.id.system, entry.id.scope}] += count;
  }

  void fault(Tampering kind, const RecordId& id, const std::string_view file, std::string found, std::string expected) {
    Tampered one;
    one.kind = kind, one.id = id, one.focus = id.iri.text, one.file = file;
    one.severity = Severity::error;
    one.message = std::string(name_of(kind));
    one.found = std::move(found), one.expected = std::move(expected);
    out_.faults.push_back(std::move(one));
  }

  const World& world_;
  const Store& store_;
  const CheckReport& report_;
  const KeptRecords& kept_;
  VerifyReport& out_;
  std::vector<std::string> named_;  // real paths
  std::set<KeptPlace> seen_;
  std::vector<std::pair<KeptPlace, Tampered>> changed_;
};

}  // namespace

bool seal_kept(const World& world, Store* store, const SystemReport& of, std::size_t c, const Owners& owners,
               const SealOptions& options, std::vector<SealOutcome>& outcomes) {
  return KeptSealer(world, store, of, c, owners, options, outcomes).run();
}

Result<void> verify_kept(const World& world, const Store& store, const CheckReport& report,
                         const std::vector<std::string>& paths, VerifyReport& out) {
  TRY(const auto kept, store.kept());
  return KeptVerifier(world, store, report, paths, *kept, out).run();
}

}  // namespace provgate
