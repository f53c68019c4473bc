// SPDX-License-Identifier: Apache-2.0
// Sealing in batches: a straight walk from what was judged to the ledger, and from there to what lies beside the
// records.
#include <algorithm>
#include <cassert>
#include <chrono>
#include <future>

#include "gate/batch.hpp"
#include "gate/claims.hpp"
#include "gate/kept_records.hpp"
#include "gate/known.hpp"
#include "gate/owners.hpp"
#include "gate/places.hpp"
#include "gate/unfinished.hpp"
#include "gate/witnessed.hpp"
#include "io/held_disk.hpp"
#include "io/stopwatch.hpp"
#include "io/watched_disk.hpp"
#include "provgate/gate/gate.hpp"

namespace provgate {
namespace {

tl::unexpected<Error> unread(const Finding& f) {
  return fail(f.world ? Code::world : Code::input, f.file + " could not be read: " + f.message);
}

// Nothing of the record goes on: this is what it came to.
Result<void> end(Step& step, SealResult result, std::string detail) {
  step.out.result = result, step.out.detail = std::move(detail);
  return {};
}

constexpr std::size_t k_most_roots = 64;

class Sealer {
 public:
  Sealer(const World& world, Store* store, const CheckReport& report, const SealOptions& options)
      : given_(world.disk),
        watched_(given_),
        disk_(watched_),
        clock_(world.clock),
        store_(store),
        options_(options),
        owners_(report),
        claims_(world.disk),
        states_(store) {
    if (store_ && !options_.dry_run) batch_.emplace(given_, *store_, options_.key);
  }

  void one(const SystemReport& of, std::size_t c, std::size_t i) {
    auto& reading = *of.reading;
    // What is looked up must be in the store, and what lies beside it must be done: that of a batch on its way is not.
    auto names = reading.names(c, i);
    if (names.empty()) names.emplace_back();  // rejections of what has no name may be the same one
    const auto any_in = [&](const auto& taken) {
      return std::ranges::any_of(names, [&](const auto& name) { return taken.contains(name); });
    };
    if (any_in(taken_)) flush(), settle();
    // What of it could not be done has its note still.
    if (any_in(running_names_)) settle(), notes_read_ = false;
    // A root is held by a handle until all below it is done, and there are not many.
    const auto& root = reading.collection(c).root;
    if (steps_.size() >= options_.batch_records || late() || (roots_.size() >= k_most_roots && !roots_.contains(root)))
      flush();
    if (over_) return;
    Step step;
    const auto record = reading.record(c, i);
    step.out.id = reading.id(c, i), step.out.owner = record.owner, step.root = root;
    watched_.reset();
    auto done = disk_.begin(root, c < of.roots.size() ? of.roots[c] : FileIdentity{});
    step.held_root = disk_.root();
    if (done) done = begin();
    if (done) done = claim(root, step);
    if (done) done = prepare(reading, c, i, step);
    if (!done) {
      step.stage = std::monostate{}, step.open = false;
      step.out.result = done.error().code == Code::integrity ? SealResult::changed
                        : done.error().code == Code::input   ? SealResult::unread
                                                             : SealResult::failed;
      step.out.detail = done.error().file.empty() ? done.error().why : done.error().file + ": " + done.error().why;
      step.out.disk_full = done.error().code == Code::disk_full;
    }
    if (step.stage.index() > 0) taken_.insert(names.begin(), names.end());
    roots_.insert(root);
    steps_.push_back(std::move(step));
  }

  // Nothing is sealed: every record fails for that.
  void keep_out(const Error& why) { locked_out_ = why; }

  // Puts the batch into the ledger, once the one before it is done, and begins what belongs beside it.
  void flush() {
    settle();
    if (over_) std::erase_if(steps_, [](const auto& step) { return step.stage.index() > 0 || step.open; });
    running_ = std::move(steps_);
    steps_.clear(), roots_.clear(), gathering_ = false;
    std::swap(running_names_, taken_), taken_.clear();
    unfinished_.clear(), held_.clear(), logs_.clear();
    if (batch_ && alone_) {
      batch_->append(running_);
      // Nothing is put off: where there is no thread to be had it is done here.
      beside_ = std::async(options_.overlap ? std::launch::async | std::launch::deferred : std::launch::deferred,
                           [this] { batch_->finish(running_); });
      if (beside_.wait_for(std::chrono::seconds(0)) == std::future_status::deferred) beside_.get();
    }
    if (!beside_.valid()) settle();
    // Others seal when all of this is done.
    if (alone_ && (!beside_.valid() || store_->others_wait_to_seal())) settle(), alone_.reset();
  }

  // Lets others, and what seals in another way, at the store.
  void pause() {
    flush();
    settle(), alone_.reset();
  }

  std::vector<SealOutcome> finish() {
    pause();
    // Where this fails the notes stay, and the next run finds that all was done.
    if (batch_) (void)batch_->end();
    return std::move(outcomes_);
  }

  bool over() const { return over_; }

 private:
  // From here to the end of the batch nobody else seals into this store: what is looked up stays true until it is
  // written.
  Result<void> begin() {
    if (!batch_ && store_ && unfinished_.empty()) {
      TRY(unfinished_, store_->unfinished());
    }
    if (!batch_ || (gathering_ && notes_read_)) return {};
    // Who has waited in vain once does not wait again for each record.
    if (locked_out_) return tl::unexpected<Error>(*locked_out_);
    if (!alone_) {
      auto wait = options_.wait;
      wait.stop = options_.stop;
      auto lock = store_->lock_sealing(wait);
      if (!lock) return tl::unexpected<Error>(locked_out_.emplace(lock.error()));
      alone_.emplace(std::move(*lock));
    }
    if (!gathering_) since_ = Stopwatch();
    TRY(unfinished_, store_->unfinished());
    // What runs just now is settled before one of its names is looked up.
    for (const auto& step : running_) unfinished_.erase(step.out.seq);
    gathering_ = notes_read_ = true;
    if (!beside_.valid()) {
      for (const auto seq : batch_->done()) unfinished_.erase(seq);
    }
    return {};
  }

  // Nobody who seals into another store is at work there.
  Result<void> claim(const std::string& root, Step& step) {
    if (!batch_) return {};
    const auto let_go = [this] { return flush(), settle(), begin(); };
    TRY(step.claim, claims_.of(root, let_go, options_.stop));
    return {};
  }

  // The batch that runs is done, and its outcomes are told.
  void settle() {
    if (beside_.valid()) beside_.get();
    if (running_.empty()) return;
    if (batch_ && batch_->grew() && options_.on_batch && !options_.on_batch()) over_ = true;
    for (auto& step : running_) {
      over_ = over_ || step.out.disk_full;  // the next ones would fail the same way
      if (options_.on_outcome) options_.on_outcome(step.out);
      outcomes_.push_back(std::move(step.out));
    }
    running_.clear(), running_names_.clear();
  }

  bool late() const { return gathering_ && since_.milliseconds() >= static_cast<double>(options_.batch_ms); }

  Result<void> prepare(Reading& reading, std::size_t c, std::size_t i, Step& step) {
    const auto ready = reading.readiness(c, i);
    if (ready.state == Readiness::State::never) return end(step, SealResult::refused, ready.why);
    TRY(const auto known, known_record(store_, reading, c, i));
    step.out.id = known.id;
    const auto record = reading.record(c, i);
    const bool before = known.entry && !record.ambiguous;
    Draft draft;
    if (before) {
      TRY(draft.files, reading.files(disk_, c, i));
    } else {
      TRY(draft, reading.draft(disk_, c, i, known.id.iri.text));
    }
    if (const auto failed = watched_.failure()) return tl::unexpected<Error>(*failed);
    const auto findings = owners_.concerning(reading.collection(c), record.owner, draft.files);
    // What could not be read was not judged, and is not changed: that is nobody's fault who can be named in a ledger.
    for (const auto* f : findings) {
      if (could_not_be_read(*f)) return unread(*f);
    }
    if (before) return again(reading, c, i, *known.entry, draft.files, findings, step);
    if (const auto* f = owners_.unsure()) return unread(*f);
    if (ready.state == Readiness::State::unfinished) return end(step, SealResult::skipped, ready.why);
    if (!record.decidable) {
      const bool otherwise = std::any_of(findings.begin(), findings.end(),
                                         [](const auto* f) { return f->severity == Severity::error && !f->undecided; });
      if (!otherwise) return end(step, SealResult::undecided, "whether it conforms cannot be told");
    }
    return judge(reading, c, i, std::move(draft), findings, ready, step);
  }

  // It was sealed before: with the same bytes, what was left undone is completed, or what went on is sealed anew.
  Result<void> again(Reading& reading, std::size_t c, std::size_t i, const LedgerEntry& entry,
                     const CoveredFiles& files, const Findings& findings, Step& step) {
    const auto kind = reading.record(c, i).kind;
    if (!kind.empty() && kind != entry.record_kind) {
      return end(step, SealResult::refused,
                 "another record of that name is sealed, as entry " + std::to_string(entry.seq.number) + ": " +
                     entry.record_kind);
    }
    const auto note = unfinished_.find(entry.seq);
    TRY(auto now, reading.marks(disk_, c, i));
    now.insert(files.begin(), files.end());
    if (note != unfinished_.end()) {
      TRY(step.trail, parse_unfinished(note->second));
      CHECKED(check_note(step.trail, entry));
      CHECKED(check_noted_lines(disk_, reading, c, i, step.trail, entry));
      // What is not there yet is not missing.
      for (const auto& file : step.trail.files) {
        const auto sealed = entry.files.find(file.path);
        if (sealed == entry.files.end()) continue;
        const auto there = disk_.read_below(step.root, file.path, k_any_size);
        if (!there || cut_short(there->bytes, file.bytes)) now.insert_or_assign(sealed->first, sealed->second);
      }
    } else if (entry.version != k_ledger_version && batch_) {
      // Runs of 0.1.0 that were cut short left no note.
      TRY(auto lines, reading.lines(disk_, c, i, {entry.id.iri.text}));
      step.trail.lines = std::move(lines[entry.id.iri.text]);
      step.resumed = !step.trail.lines.empty();
    }
    if (auto same = same_bytes(reading, c, entry, now); !same) {
      if (const auto* f = owners_.unsure()) return unread(*f);
      return same;
    }
    if (note == unfinished_.end() && entry.version == k_ledger_version) {
      TRY(const auto changed, states_.changed(entry, now));
      if (changed) return renew(reading, c, i, entry, *changed, findings, step);
    }
    step.out.result = SealResult::already, step.out.seq = entry.seq;
    if (!batch_) return {};
    step.resumed = step.resumed || note != unfinished_.end();
    auto rest = entry.files;
    for (const auto& file : step.trail.files) rest.erase(file.path);
    std::erase_if(rest, [&](const auto& file) {
      if (file.second.role != CoveredFile::Role::covered) return true;
      return !step.resumed && (disk_.info(join_path(step.root, file.first)).mode & 0222) == 0;
    });
    CHECKED(hold(disk_, rest, held_, step));
    step.open = step.resumed || !step.files.empty();
    return {};
  }

  // A new version of a record whose own files are the same, and something it was sealed with has gone on.
  Result<void> renew(Reading& reading, std::size_t c, std::size_t i, const LedgerEntry& entry,
                     const std::string& changed, const Findings& findings, Step& step) {
    const auto ready = reading.readiness(c, i);
    if (const auto* f = owners_.unsure()) return unread(*f);
    if (ready.state == Readiness::State::unfinished) return end(step, SealResult::skipped, ready.why);
    TRY(auto draft, reading.draft(disk_, c, i, entry.id.iri.text));
    draft.replaces = entry.seq;
    for (auto& [path, file] : draft.files) {
      if (const auto then = entry.files.find(path); then != entry.files.end()) file.role = then->second.role;
    }
    // What came later is a record of its own, and the record's proof does not speak of it.
    std::erase_if(draft.files, [&](const auto& file) {
      return file.second.role == CoveredFile::Role::covered && !entry.files.contains(file.first);
    });
    CHECKED(judge(reading, c, i, std::move(draft), findings, ready, step));
    if (step.out.detail.empty())
      step.out.detail = "anew, since entry " + std::to_string(entry.seq.number) + ": " + changed;
    return {};
  }

  Result<void> judge(Reading& reading, std::size_t c, std::size_t i, Draft draft, const Findings& findings,
                     const Readiness& ready, Step& step) {
    auto all = findings;
    const auto against = std::move(draft.against);
    for (const auto& f : against) all.push_back(&f);
    auto verdict = admit(std::move(draft), all);
    step.time = {clock_.now_micros(), clock_.source()};
    if (auto* rejected = std::get_if<Rejected>(&verdict)) return refuse(std::move(*rejected), step);
    if (ready.state == Readiness::State::unplaced) return end(step, SealResult::refused, ready.why);
    if (options_.dry_run) return end(step, SealResult::sealed, "would be sealed");
    // The findings are the same; the draft grows by what its system leaves beside the record.
    Draft marked = std::get<Checked>(std::move(verdict)).take();
    CHECKED(hold(disk_, marked.files, held_, step));
    TRY(step.trail, reading.mark(disk_, c, i, marked, step.time.micros));
    for (const auto& one : step.trail.files) CHECKED(disk_.may_write_below(step.root, one.path));
    for (const auto& one : step.trail.lines) {
      if (logs_.contains({step.root, one.path})) continue;
      CHECKED(disk_.may_write_below(step.root, one.path));
      logs_.emplace(step.root, one.path);
    }
    CHECKED(hold_marks(marked, step));
    auto complete = admit(std::move(marked), findings);
    auto* checked = std::get_if<Checked>(&complete);
    if (!checked) return fail(Code::bug, "a checked draft was refused");
    states_.add(checked->draft().id, checked->draft().files);
    step.stage = std::move(*checked);
    return {};
  }

  // What its system had left beside it before.
  Result<void> hold_marks(const Draft& marked, Step& step) {
    CoveredFiles there;
    for (const auto& [name, file] : marked.files) {
      const auto& path = name;
      const bool new_one = std::any_of(step.trail.files.begin(), step.trail.files.end(),
                                       [&](const auto& one) { return one.path == path; });
      if (!new_one && !step.files.contains(path) && file.role == CoveredFile::Role::covered) there.emplace(path, file);
    }
    return hold(disk_, there, held_, step);
  }

  Result<void> refuse(Rejected rejected, Step& step) {
    step.out.result = SealResult::refused;
    for (const auto& rule : rejected.rules()) step.out.detail += (step.out.detail.empty() ? "breaks " : ", ") + rule;
    if (!batch_) return {};
    TRY(const bool known, store_->holds_rejection(rejected));
    if (!known) step.stage = std::move(rejected);
    return {};
  }

  Disk& given_;
  WatchedDisk watched_;
  HeldDisk disk_;
  Clock& clock_;
  Store* store_;
  const SealOptions& options_;
  Owners owners_;
  Claims claims_;
  NewestStates states_;
  HeldStates held_;                                     ///< of this batch
  std::set<std::pair<std::string, std::string>> logs_;  ///< of this batch: lines may be written there
  std::optional<Batch> batch_;                          ///< none in a dry run
  std::optional<SealingLock> alone_;
  bool gathering_ = false;   ///< a batch, alone
  bool notes_read_ = false;  ///< unfinished_ is as the store says, but for what runs
  std::optional<Error> locked_out_;
  Stopwatch since_;
  std::map<Seq, std::string> unfinished_;
  std::set<std::string> taken_, running_names_;
  std::vector<Step> steps_, running_;
  std::set<std::string> roots_;  ///< of steps_
  std::future<void> beside_;     ///< what is done beside running_
  std::vector<SealOutcome> outcomes_;
  bool over_ = false;  // nothing more is sealed
};

}  // namespace

std::vector<SealOutcome> seal_records(const World& world, Store* store, const CheckReport& report,
                                      const SealOptions& options) {
  assert(store || options.dry_run);
  Sealer sealer(world, store, report, options);
  if (store && !options.dry_run) {
    if (const auto noted = note_places(world.disk, *store, report); !noted) sealer.keep_out(noted.error());
  }
  const Owners owners(report);
  std::vector<SealOutcome> kept;
  const auto finish = [&] {
    auto out = sealer.finish();
    std::ranges::move(kept, std::back_inserter(out));
    return out;
  };
  for (const auto& one : report.systems) {
    for (std::size_t c = 0; c < one.reading->size(); ++c) {
      if (one.system->keeping()) {
        sealer.pause();
        if (!seal_kept(world, store, one, c, owners, options, kept)) return finish();
        continue;
      }
      const auto scored = one.reading->records(c), all = one.reading->sealable(c);
      // What others lead to comes first: then these see it sealed.
      for (std::size_t n = 0; n < all; ++n) {
        const auto i = (n + scored) % all;
        if (!one.reading->record(c, i).judged) continue;
        if (options.stop && options.stop()) return finish();
        sealer.one(one, c, i);
        if (sealer.over()) return finish();
      }
    }
  }
  return finish();
}

}  // namespace provgate
