// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <set>

#include "base/digest.hpp"
#include "base/parallel.hpp"
#include "gate/batch.hpp"
#include "gate/kept_records.hpp"
#include "gate/known.hpp"
#include "gate/left_behind.hpp"
#include "gate/look.hpp"
#include "gate/places.hpp"
#include "gate/unfinished.hpp"
#include "gate/witnessed.hpp"
#include "io/snapshot_disk.hpp"
#include "io/watched_disk.hpp"
#include "provgate/gate/gate.hpp"

namespace provgate {
namespace {

class Verifier {
 public:
  Verifier(SnapshotDisk& once, Disk& disk, const Store& store, const CheckReport& report, unsigned threads,
           std::map<Seq, Trail> notes, VerifyReport& out)
      : once_(once),
        disk_(disk),
        links_(disk),
        store_(store),
        report_(report),
        threads_(threads),
        faults_(std::move(notes), store.sealing_now(), out),
        left_(disk, store, report, faults_),
        out_(out) {}

  // Errors: those of compare_all.
  Result<void> entry(const LedgerEntry& entry) {
    last_ = entry.seq;
    if (records_in_batch(entry.id.iri.text)) return {};  // verify_kept looks at those
    faults_.hold_note(entry);
    bool here = false;
    TRY(const bool replaced, has_new_version(entry));
    for (const auto& one : report_.systems) {
      for (std::size_t c = 0; c < one.reading->size(); ++c) {
        TRY(const auto ours, of_collection(store_, *one.reading, c, entry));
        here = here || ours;
        if (!ours) continue;
        left_.entry(*one.reading, c, entry);
        states_.entry(one.reading->collection(c).root, entry);
        if (!one.reading->owns(disk_, c, entry.id, entry.files)) continue;
        states_.wanted(one.reading->collection(c).root, entry);
        if (!replaced) gathered_.push_back(look_of(*one.reading, c, entry));
      }
    }
    // Who signs is no record of a tree.
    if (!here && !replaced && entry.id != signing_key_record()) out_.elsewhere[{entry.id.system, entry.id.scope}] += 1;
    return gathered_.size() < k_at_once ? Result<void>{} : go_on();
  }

  // Compares the records of all entries that were given. Errors: Code::world where one is not what was judged a moment
  // ago.
  Result<void> compare_all() {
    CHECKED(go_on());
    return go_on();
  }

  // Scopes that are not where they were sealed.
  Result<void> places(const std::vector<std::string>& paths) {
    return check_places(disk_, store_, report_, paths, faults_, out_);
  }

  // Paths that were named and are not there.
  void gone(const std::map<std::string, std::uint64_t>& sealed) {
    for (const auto& [path, count] : sealed)
      faults_.fault(Tampering::missing, {}, path, "nothing is there", plural(count, "sealed record"));
  }

  // What may change, against the newest entries that speak of it.
  Result<void> went_on() {
    for (const auto& [seq, version] : awaited_) {
      // It may have been made meanwhile.
      TRY(const auto newest, store_.find_sealed(version.id));
      if (newest && newest->seq >= seq) continue;
      return fail(Code::integrity, "the table of sealed records leads to entry " + std::to_string(seq.number) +
                                       ", which is not of its record");
    }
    return states_.compare(disk_, [&](const auto& root, const auto& path) { return left_.knows(root, path); }, out_);
  }

  // Records here of which no entry of their scope speaks, by what sealing left beside them: the scope may have changed
  // since. Returns whether there are any.
  Result<bool> find_moved() {
    for (const auto& one : report_.systems) {
      for (std::size_t c = 0; c < one.reading->size(); ++c) {
        const auto& seen = seen_[{one.reading.get(), c}];
        for (std::size_t i = 0; i < one.reading->sealable(c); ++i) {
          if ((i < seen.size() && seen[i]) || !one.reading->record(c, i).judged) continue;
          TRY(const auto marks, one.reading->marks(disk_, c, i));
          for (const auto& [path, file] : marks)
            moved_.emplace(std::pair(path, file.digest), Where{one.reading.get(), c});
        }
      }
    }
    return !moved_.empty();
  }

  // Compares an entry of a scope that is not here with the record that has what its sealing left, if there is one.
  Result<void> moved_entry(const LedgerEntry& entry) {
    const auto away = out_.elsewhere.find({entry.id.system, entry.id.scope});
    if (away == out_.elsewhere.end()) return {};
    for (const auto& [path, file] : entry.files) {
      const auto found = moved_.find({path, file.digest});
      if (found == moved_.end()) continue;
      out_.moved[away->first] += 1;
      if (--away->second == 0) out_.elsewhere.erase(away);
      const auto where = found->second;
      moved_.erase(found);
      left_.entry(*where.reading, where.c, entry);
      gathered_.push_back(look_of(*where.reading, where.c, entry));
      return gathered_.size() < k_at_once ? Result<void>{} : go_on();
    }
    return {};
  }

  Result<void> left_behind() { return left_.run(last_); }

 private:
  // Whether a later entry seals the record anew: that one is compared. It is believed only once it was seen.
  Result<bool> has_new_version(const LedgerEntry& entry) {
    if (const auto awaited = awaited_.find(entry.seq); awaited != awaited_.end() && awaited->second.id == entry.id) {
      // It must cover what the one before it covered.
      if (awaited->second.record_digest != entry.record_digest && entry.id != signing_key_record()) {
        faults_.fault(Tampering::changed, entry, "ledger entry " + std::to_string(entry.seq.number),
                      "other files than entry " + std::to_string(awaited->second.seq.number) + " covers", "the same");
      }
      awaited_.erase(awaited);
    }
    if (entry.version != k_ledger_version) return false;
    TRY(const auto newest, store_.sealed_as(entry.id));
    if (newest <= entry.seq) return false;
    awaited_.insert_or_assign(newest, Version{entry.id, entry.seq, entry.record_digest});
    return true;
  }

  static const Trail::Text* among(const std::vector<Trail::Text>& texts, std::string_view path) {
    const auto found = std::ranges::find(texts, path, &Trail::Text::path);
    return found == texts.end() ? nullptr : &*found;
  }

  // Other threads look at what was gathered, while what they looked at before is compared.
  Result<void> go_on() {
    if (beside_) beside_->finish();
    beside_.reset();
    once_.forget_all();
    auto looked = std::exchange(looking_, std::exchange(gathered_, {}));
    if (!looking_.empty())
      beside_.emplace(looking_.size(), threads_, [&](std::size_t i) { look(disk_, links_, looking_[i]); });
    for (auto& one : looked) CHECKED(compare(one));
    return {};
  }

  Look look_of(Reading& reading, std::size_t c, const LedgerEntry& entry) {
    Look out;
    out.entry = entry, out.reading = &reading, out.c = c;
    out.record = reading.find(c, entry.id.iri.text, entry.record_kind);
    if (out.record) {
      auto& seen = seen_[{&reading, c}];
      seen.resize(std::max(seen.size(), *out.record + 1));
      seen[*out.record] = true;
    }
    if (out.record && !reading.record(c, *out.record).judged) out.record.reset();
    return out;
  }

  Result<void> compare(Look& at) {
    const auto& [entry, reading, c] = std::tie(at.entry, *at.reading, at.c);
    const auto& root = reading.collection(c).root;
    const auto faults = faults_.count();
    bool read = true;
    hold_noted_lines(at);
    ++out_.records;
    for (const auto& [path, found] : at.files) {
      const auto full = join_path(root, path);
      const auto& sealed = entry.files.at(path).digest;
      if (found.behind_link) {
        faults_.fault(Tampering::changed, entry, full, "a link in its path", sealed.text);
      } else {
        file(full, path, entry, found);
      }
      read = read && !faults_.is_unread(full);
    }
    for (const auto& path : at.strangers) {
      if (is_temporary_name(base_name(path)) && faults_.note_of(entry)) {
        faults_.not_finished(entry);
      } else {
        faults_.stranger(join_path(root, path), entry);
      }
    }
    if (!at.now) return {};
    const auto& now = *at.now;
    // What would be covered if it were sealed now, and was not then.
    if (!now && faults_.count() > faults) return {};
    if (!now && now.error().code == Code::input) {
      faults_.unread(now.error().file.empty() ? root : now.error().file, now.error().why);
      return {};
    }
    if (!now) return tl::unexpected<Error>(now.error());
    for (const auto& [path, covered] : *now) {
      const bool final = covered.role == CoveredFile::Role::covered;
      if (final && !entry.files.contains(path) && !reading.comes_later(c, path, entry.files))
        faults_.stranger(join_path(root, path), entry);
    }
    states_.seen(root, entry, *now);
    // From files that are as they were it can be told what its lines say.
    if (!read || faults_.count() > faults) return {};
    if (!at.lines) look_for_lines(disk_, at, faults_.note_of(entry));
    return left_.lines_of(at);
  }

  void hold_noted_lines(const Look& at) {
    const auto* note = faults_.note_of(at.entry);
    if (!note || !at.record) return;
    const auto held = check_noted_lines(disk_, *at.reading, at.c, *at.record, *note, at.entry);
    if (!held) faults_.refuse_note(at.entry, held.error().why);
  }

  void file(const std::string& full, const std::string& path, const LedgerEntry& entry, const Look::File& found) {
    const auto& digest = entry.files.at(path).digest;
    const auto& info = found.info;
    if (info.unknown) return faults_.unread(full, "the system does not allow looking there");
    ++out_.files;
    const auto* note = faults_.note_of(entry);
    const auto* wanted = note ? among(note->files, path) : nullptr;
    if (info.type == FileType::missing && wanted) return faults_.not_finished(entry);
    if (info.type == FileType::missing) return faults_.fault(Tampering::missing, entry, full, "no file", digest.text);
    if (found.digest != digest || info.type != FileType::file) {
      const auto bytes = disk_.read(full, k_any_size);
      if (!bytes && bytes.error().code == Code::world) return;  // verify_records says it
      if (!bytes && info.type == FileType::file) return --out_.files, faults_.unread(full, bytes.error().why);
      if (!bytes) return faults_.fault(Tampering::changed, entry, full, bytes.error().why, digest.text);
      if (const auto now = sha256_hex(*bytes); now != digest) {
        if (wanted && cut_short(*bytes, wanted->bytes)) return faults_.not_finished(entry);
        return faults_.fault(Tampering::changed, entry, full, now.text, digest.text);
      }
    }
    if ((info.mode & 0222) && note) return faults_.not_finished(entry);
    if (info.mode & 0222) faults_.fault(Tampering::writable, entry, full, "writable", "read-only");
  }

  struct Where {
    Reading* reading;
    std::size_t c;
  };

  static constexpr std::size_t k_at_once = 256;
  SnapshotDisk& once_;
  Disk& disk_;
  Links links_;
  const Store& store_;
  const CheckReport& report_;
  unsigned threads_;
  std::vector<Look> gathered_, looking_;  // of entries that are still to be compared
  States states_;
  struct Version {
    RecordId id;
    Seq seq;
    Digest record_digest;
  };
  std::map<Seq, Version> awaited_;  // newer versions that the table of sealed records speaks of
  Faults faults_;
  LeftBehindCheck left_;
  Seq last_;  // the last entry that was compared
  VerifyReport& out_;
  std::map<std::pair<const Reading*, std::size_t>, std::vector<bool>> seen_;  // records of entries, by collection
  std::map<std::pair<std::string, Digest>, Where> moved_;                     // by path and digest of a mark
  std::optional<Beside> beside_;                                              // looks at looking_
};

}  // namespace

std::string_view name_of(Tampering kind) {
  switch (kind) {
    case Tampering::changed: return "changed";
    case Tampering::missing: return "missing";
    case Tampering::not_sealed: return "not sealed";
    case Tampering::writable: return "writable";
    case Tampering::forged: return "forged";
  }
  return "";
}

namespace {

// What the records are called, and what of the tree could not be looked at.
VerifyReport begin(const CheckReport& report) {
  VerifyReport out;
  out.noun = record_noun(report);
  each_collection(report, [&](const SystemReport& one, std::size_t c) {
    for (auto i = one.reading->records(c); i < one.reading->sealable(c); ++i) {
      if (one.reading->record(c, i).judged) out.noun = {"record", "records"};
    }
  });
  for (const auto& f : report.findings) {
    if ((f.unreadable || f.passed_over) && f.severity == Severity::error) {
      out.unread.emplace_back(f.file, f.message);
    } else if (f.unreadable || f.passed_over) {
      out.passed_over.emplace_back(f.file, f.message);
    }
  }
  return out;
}

const std::string k_none;  // on standard input

Result<std::map<std::string, std::uint64_t>> what_is_gone(Disk& disk, const Store& store,
                                                          const std::vector<std::string>& paths) {
  std::vector<std::string> missing;
  for (const auto& path : paths) {
    const auto info = disk.info(path);
    if (path != "-" && info.type == FileType::missing && !info.unknown) missing.push_back(path);
  }
  if (missing.empty()) return {};
  return sealed_there(disk, store, missing);
}

}  // namespace

Result<VerifyReport> verify_records(const World& given_world, const Store& store, const std::vector<std::string>& named,
                                    const CheckOptions& given, const Pace& pace) {
  SnapshotDisk once(given_world.disk);  // of some entries
  once.keep_only([](const auto&) { return false; });
  WatchedDisk disk(once);
  const World world{disk, given_world.clock, given_world.http, given_world.random};
  CheckOptions options = given;
  options.read.digests = true;
  options.shapes.records = options.shapes.rdf = options.judge = false;
  // Where something was sealed and nothing is now, that is a fault and not a slip of the pen.
  TRY(const auto gone, what_is_gone(given_world.disk, store, named));
  auto paths = named;
  std::erase_if(paths, [&](const auto& path) { return gone.contains(path); });
  TRY(const auto report, paths.empty() ? Result<CheckReport>{} : check_paths(world, paths, k_none, options));
  for (const auto& f : report.findings) {
    if (f.world) return tl::unexpected<Error>(Error{Code::world, f.message, f.fix, f.file, {}});
  }
  once.keep_only({});
  auto out = begin(report);
  TRY(const auto last, store.head());
  if (pace.begin) pace.begin(last.seq.number);
  TRY(auto notes, notes_of(store));
  Verifier verifier(once, disk, store, report, thread_count(options.threads), std::move(notes), out);
  std::uint64_t on_disk = 0;
  each_collection(report, [&](const SystemReport& one, std::size_t c) {
    for (std::size_t i = 0; i < one.reading->sealable(c); ++i) on_disk += one.reading->record(c, i).judged;
  });
  Head head;
  std::optional<Error> broken;
  TRY(const auto noted, store.each_entry_with_digest([&](const LedgerEntry& entry, const Digest& digest) {
    if (entry.prev != head.digest || entry.seq != head.seq.next()) {
      broken = Error{
          Code::integrity, "the ledger's chain is broken at entry " + std::to_string(entry.seq.number), {}, {}, {}};
      return false;
    }
    head = {entry.seq, digest};
    if (pace.step) pace.step(entry.seq.number);
    if (entry.kind != "sealed") return true;
    if (const auto compared = verifier.entry(entry); !compared && !broken) broken = compared.error();
    return true;
  }));
  if (!broken) CHECKED(verifier.compare_all());
  if (broken) return tl::unexpected<Error>(*broken);
  if (const auto failed = disk.failure()) return tl::unexpected<Error>(*failed);  // it says nothing about the files
  if (noted && (noted->seq != head.seq || noted->digest != head.digest)) {
    return fail(Code::integrity,
                "the ledger does not end where it was noted to end, with entry " + std::to_string(noted->seq.number));
  }
  if (!out.elsewhere.empty() && on_disk > out.records) {
    TRY(const bool any, verifier.find_moved());
    if (any) {
      CHECKED(store.each_entry([&](const LedgerEntry& entry) {
        if (entry.kind != "sealed") return true;
        if (const auto compared = verifier.moved_entry(entry); !compared && !broken) broken = compared.error();
        return true;
      }));
      if (!broken) CHECKED(verifier.compare_all());
      if (broken) return tl::unexpected<Error>(*broken);
      if (const auto failed = disk.failure()) return tl::unexpected<Error>(*failed);
    }
  }
  CHECKED(verifier.places(paths));
  verifier.gone(gone);
  CHECKED(verifier.went_on());
  CHECKED(verifier.left_behind());
  CHECKED(verify_kept(world, store, report, paths, out));
  if (const auto failed = disk.failure()) return tl::unexpected<Error>(*failed);
  out.unsealed = on_disk > out.records ? on_disk - out.records : 0;
  return out;
}

}  // namespace provgate
