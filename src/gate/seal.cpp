// SPDX-License-Identifier: Apache-2.0
// Sealing one record after the other: a straight walk from what was judged to the ledger.
#include <algorithm>
#include <cassert>
#include <set>
#include <unordered_map>

#include "base/digest.hpp"
#include "gate/known.hpp"
#include "io/watched_disk.hpp"
#include "provgate/gate/gate.hpp"

namespace provgate {
namespace {

using Findings = std::vector<const Finding*>;

// It was not looked at, which is not to say that its form is wrong.
bool could_not_be_read(const Finding& f) { return f.unreadable && (f.world || f.rule == "INPUT-003"); }

tl::unexpected<Error> unread(const Finding& f) {
  return fail(f.world ? Code::world : Code::input, f.file + " could not be read: " + f.message);
}

// Whether the path is one of these, or lies below one.
bool lies_in(const std::set<std::string_view>& places, std::string_view path) {
  for (; !path.empty(); path = path.substr(0, path.rfind('/'))) {
    if (places.contains(path)) return true;
    if (path.find('/') == std::string_view::npos) return false;
  }
  return false;
}

// Findings by what they belong to.
class Owners {
 public:
  explicit Owners(const CheckReport& report) {
    for (const auto& f : report.findings) by_owner_[f.owner].push_back(&f);
    // What was not looked at in a record's own directory is of that record; any other may be of all.
    std::set<std::string_view> records;
    std::set<std::string_view> roots;
    each_collection(report, [&](const SystemReport& one, std::size_t c) {
      if (!one.reading->collection(c).loose) roots.insert(one.reading->collection(c).root);
      for (std::size_t i = 0; i < one.reading->records(c); ++i) records.insert(one.reading->record(c, i).owner);
    });
    for (const auto& f : report.not_looked_at) {
      if (records.contains(f.owner)) continue;
      bool own = false;
      each_collection(report, [&](const SystemReport& one, std::size_t c) {
        own = own || (!f.world && one.reading->own_place(c, f.file));
      });
      if (!own) {
        unsure_ = &f;
        break;
      }
    }
    // Shapes that a collection brings and that cannot be read.
    for (const auto& f : report.findings) {
      const bool error = f.severity == Severity::error && (f.unreadable || f.world);
      // Past a thousand faults of a file they are only counted, whatever they were.
      if (f.stands_for && f.severity == Severity::error && !lies_in(records, f.file)) unsure_ = &f;
      if (error && (f.world ? !records.contains(f.owner) : roots.contains(f.owner))) unsure_ = &f;
    }
  }

  /// What was not looked at and may be what speaks against any record; null: there is none.
  const Finding* unsure() const { return unsure_; }

  Findings concerning(const Collection& collection, const Draft& draft) const {
    Findings out;
    std::set<std::string> owners = {draft.owner, collection.root};
    for (const auto& [path, file] : draft.files) owners.insert(join_path(draft.root, path));
    for (const auto& owner : owners) {
      const auto found = by_owner_.find(owner);
      if (found == by_owner_.end()) continue;
      // Warnings and infos that are counted once for the whole collection say nothing about this record.
      for (const auto* f : found->second) {
        if (owner != collection.root || f->severity == Severity::error) out.push_back(f);
      }
    }
    return out;
  }

 private:
  std::unordered_map<std::string, Findings> by_owner_;
  const Finding* unsure_ = nullptr;
};

// What is on disk against what the ledger says. Errors: Code::integrity with the first difference.
Result<void> same_bytes(const LedgerEntry& entry, const CoveredFiles& now) {
  std::string what;
  for (const auto& [path, file] : entry.files) {
    const auto found = now.find(path);
    if (found == now.end()) what = path + " is missing";
    if (found != now.end() && found->second.digest != file.digest) what = path + " has changed";
    if (!what.empty()) break;
  }
  for (const auto& [path, file] : now) {
    if (what.empty() && !entry.files.contains(path)) what = path + " is new";
  }
  if (what.empty()) return {};
  return fail(Code::integrity,
              "it was sealed as entry " + std::to_string(entry.seq.number) + ", and since then " + what);
}

class Sealer {
 public:
  Sealer(const World& world, Store* store, const CheckReport& report, const SealOptions& options)
      : disk_(world.disk), clock_(world.clock), store_(store), options_(options), owners_(report) {}

  SealOutcome one(Reading& reading, std::size_t c, std::size_t i) {
    SealOutcome out;
    const auto record = reading.record(c, i);
    out.id = reading.id(c, i), out.owner = record.owner;
    disk_.reset();
    if (auto done = run(reading, c, i, out); !done) {
      out.result = done.error().code == Code::integrity ? SealResult::changed
                   : done.error().code == Code::input   ? SealResult::unread
                                                        : SealResult::failed;
      out.detail = done.error().file.empty() ? done.error().why : done.error().file + ": " + done.error().why;
      out.disk_full = done.error().code == Code::disk_full;
    }
    return out;
  }

 private:
  Result<void> run(Reading& reading, std::size_t c, std::size_t i, SealOutcome& out) {
    const auto ready = reading.readiness(c, i);
    if (ready.state == Readiness::State::never) return end(out, SealResult::refused, ready.why);
    // From here on nobody else seals into this store: what is looked up stays true until it is written.
    std::optional<SealingLock> alone;
    if (store_ && !options_.dry_run) {
      TRY(auto lock, store_->lock_sealing());
      alone.emplace(std::move(lock));
    }
    TRY(const auto known, known_record(store_, reading, c, i));
    out.id = known.id;
    TRY(auto draft, reading.draft(disk_, c, i, out.id.iri.text));
    if (const auto failed = disk_.failure()) return tl::unexpected<Error>(*failed);
    const auto record = reading.record(c, i);
    const auto findings = owners_.concerning(reading.collection(c), draft);
    // What could not be read was not judged, and is not changed: that is nobody's fault who can be named in a ledger.
    for (const auto* f : findings) {
      if (could_not_be_read(*f)) return unread(*f);
    }
    if (known.entry && !record.ambiguous) return again(reading, c, i, *known.entry, draft, out);
    if (const auto* f = owners_.unsure()) return unread(*f);
    if (ready.state == Readiness::State::unfinished) return end(out, SealResult::skipped, ready.why);
    if (!record.decidable) {
      const bool otherwise = std::any_of(findings.begin(), findings.end(),
                                         [](const auto* f) { return f->severity == Severity::error && !f->undecided; });
      if (!otherwise) return end(out, SealResult::undecided, "whether it conforms cannot be told");
    }
    return judge(reading, c, i, std::move(draft), findings, ready, out);
  }

  static Result<void> end(SealOutcome& out, SealResult result, std::string detail) {
    out.result = result, out.detail = std::move(detail);
    return {};
  }

  // It was sealed before: with the same bytes, what a crash left undone is completed.
  Result<void> again(Reading& reading, std::size_t c, std::size_t i, const LedgerEntry& entry, const Draft& draft,
                     SealOutcome& out) {
    TRY(auto now, reading.marks(disk_, c, i));
    now.insert(draft.files.begin(), draft.files.end());
    if (auto same = same_bytes(entry, now); !same) {
      if (const auto* f = owners_.unsure()) return unread(*f);
      return same;
    }
    out.result = SealResult::already, out.seq = entry.seq;
    return options_.dry_run ? Result<void>{} : finish(reading, c, i, out.id.iri.text, draft.root, now);
  }

  Result<void> judge(Reading& reading, std::size_t c, std::size_t i, Draft draft, const Findings& findings,
                     const Readiness& ready, SealOutcome& out) {
    auto all = findings;
    const auto against = std::move(draft.against);
    for (const auto& f : against) all.push_back(&f);
    auto verdict = admit(std::move(draft), all);
    if (const auto* rejected = std::get_if<Rejected>(&verdict)) return refuse(*rejected, out);
    if (ready.state == Readiness::State::unplaced) return end(out, SealResult::refused, ready.why);
    if (options_.dry_run) return end(out, SealResult::sealed, "would be sealed");
    // The findings are the same; the draft grows by what its system leaves beside the record.
    const SealTime now{clock_.now_micros(), clock_.source()};
    Draft marked = std::get<Checked>(verdict).draft();
    CHECKED(reading.mark(disk_, c, i, marked, now.micros));
    const auto again = admit(std::move(marked), findings);
    const auto* complete = std::get_if<Checked>(&again);
    if (!complete) return fail(Code::bug, "a checked draft was refused");
    TRY(const auto head, store_->head());
    const auto sealed = provgate::seal(*complete, head, now);
    CHECKED(store_->append(sealed));
    out.result = SealResult::sealed, out.seq = sealed.entry().seq;
    return finish(reading, c, i, out.id.iri.text, complete->draft().root, complete->draft().files);
  }

  Result<void> refuse(const Rejected& rejected, SealOutcome& out) {
    out.result = SealResult::refused;
    for (const auto& rule : rejected.rules()) out.detail += (out.detail.empty() ? "breaks " : ", ") + rule;
    if (options_.dry_run || !store_) return {};
    TRY(const auto head, store_->head());
    return store_->append(reject(rejected, head, {clock_.now_micros(), clock_.source()}));
  }

  // The steps after the store transaction; each is harmless when it was done before.
  Result<void> finish(Reading& reading, std::size_t c, std::size_t i, const std::string& iri, const std::string& root,
                      const CoveredFiles& files) {
    if (auto noted = reading.note_sealed(disk_, c, i, iri); !noted) {
      // Whatever it is: the ledger has its entry, and the next run does the rest.
      auto error = noted.error();
      if (error.code != Code::disk_full) error.code = Code::world;
      return tl::unexpected<Error>(std::move(error));
    }
    for (const auto& [path, file] : files) {
      if (file.role == CoveredFile::Role::covered) CHECKED(protect(join_path(root, path)));
    }
    return {};
  }

  Result<void> protect(const std::string& path) {
    const auto mode = disk_.info(path).mode;
    if ((mode & 0222) == 0) return {};
    return disk_.set_mode(path, mode & ~0222U);
  }

  WatchedDisk disk_;
  Clock& clock_;
  Store* store_;
  const SealOptions& options_;
  Owners owners_;
};

}  // namespace

std::vector<SealOutcome> seal_records(const World& world, Store* store, const CheckReport& report,
                                      const SealOptions& options) {
  assert(store || options.dry_run);
  Sealer sealer(world, store, report, options);
  std::vector<SealOutcome> out;
  for (const auto& one : report.systems) {
    for (std::size_t c = 0; c < one.reading->size(); ++c) {
      for (std::size_t i = 0; i < one.reading->records(c); ++i) {
        if (!one.reading->record(c, i).judged) continue;
        out.push_back(sealer.one(*one.reading, c, i));
        if (options.on_outcome) options.on_outcome(out.back());
        if (out.back().disk_full) return out;  // the next ones would fail the same way
      }
    }
  }
  return out;
}

}  // namespace provgate
