// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <set>

#include "base/digest.hpp"
#include "gate/known.hpp"
#include "gate/unfinished.hpp"
#include "io/snapshot_disk.hpp"
#include "io/watched_disk.hpp"
#include "provgate/gate/gate.hpp"

namespace provgate {
namespace {

class Verifier {
 public:
  Verifier(Disk& disk, const Store& store, const CheckReport& report, std::map<Seq, Trail> notes, VerifyReport& out)
      : disk_(disk),
        store_(store),
        report_(report),
        notes_(std::move(notes)),
        sealing_(store.sealing_now()),
        out_(out) {
    for (const auto& [path, why] : out.unread) unread_.insert(path);
  }

  // Errors: Code::world where a record is not what was judged a moment ago.
  Result<void> entry(const LedgerEntry& entry) {
    last_ = entry.seq;
    bool here = false;
    for (const auto& one : report_.systems) {
      for (std::size_t c = 0; c < one.reading->size(); ++c) {
        TRY(const auto ours, of_collection(store_, *one.reading, c, entry));
        here = here || ours;
        if (ours) known_[{one.reading.get(), c}].entry(entry);
        if (!ours || !one.reading->owns(disk_, c, entry.id, entry.files)) continue;
        CHECKED(compare(*one.reading, c, entry));
      }
    }
    if (!here) out_.elsewhere[{entry.id.system, entry.id.scope}] += 1;
    return {};
  }

  // Records here of which no entry of their scope speaks, by what sealing left beside them: the scope may have changed
  // since. Returns whether there are any.
  Result<bool> find_moved() {
    for (const auto& one : report_.systems) {
      for (std::size_t c = 0; c < one.reading->size(); ++c) {
        const auto& seen = seen_[{one.reading.get(), c}];
        for (std::size_t i = 0; i < one.reading->records(c); ++i) {
          if (seen.contains(i) || !one.reading->record(c, i).judged) continue;
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
      known_[{where.reading, where.c}].entry(entry);
      return compare(*where.reading, where.c, entry);
    }
    return {};
  }

  // What lies there and says that it was sealed, against the entries.
  Result<void> left_behind() {
    for (const auto& one : report_.systems) {
      for (std::size_t c = 0; c < one.reading->size(); ++c) {
        if (one.reading->collection(c).loose || !one.reading->collection(c).scope.empty()) continue;
        auto left = one.reading->left_behind(disk_, c);
        if (!left && left.error().code == Code::input) {
          unread(left.error().file, left.error().why);
          continue;
        }
        if (!left) return tl::unexpected<Error>(left.error());
        compare_left(*one.reading, c, *left);
      }
    }
    return accuse();
  }

 private:
  // What the entries of a collection speak of.
  struct Known {
    std::set<std::string> paths, iris;
    std::vector<std::pair<LedgerEntry, Trail::Text>> lines;   // that have to stand there
    std::set<std::string> told;                               // IRIs of records whose lines are known
    std::set<std::pair<std::string, std::string>> may_stand;  // those lines, under each name of the record
    void entry(const LedgerEntry& entry) {
      iris.insert(entry.id.iri.text);
      for (const auto& [path, file] : entry.files) paths.insert(path);
    }
  };

  // Entries that were made while this went on account for what looked forged.
  Result<void> accuse() {
    if (suspects_.empty()) return {};
    std::optional<Error> failed;
    TRY(const auto noted, store_.each_entry([&](const LedgerEntry& entry) {
      if (entry.seq <= last_ || entry.kind != "sealed") return true;
      std::erase_if(suspects_, [&](const auto& suspect) {
        const auto ours = of_collection(store_, *suspect.reading, suspect.c, entry);
        if (!ours && !failed) failed = ours.error();
        return ours && *ours &&
               (entry.files.contains(suspect.left.path) ||
                std::ranges::find(suspect.left.iris, entry.id.iri.text) != suspect.left.iris.end());
      });
      return true;
    }));
    (void)noted;
    if (failed) return tl::unexpected<Error>(*failed);
    for (const auto& [reading, c, left] : suspects_) {
      LedgerEntry none;
      none.id.iri = RecordId::Iri(left.iris.front());
      fault(Tampering::forged, none, join_path(reading->collection(c).root, left.path),
            left.line ? "a line of a seal" : "the proof of a seal", "an entry of this ledger", left.line);
    }
    return {};
  }

  void compare_left(const Reading& reading, std::size_t c, const std::vector<LeftBehind>& left) {
    const auto& root = reading.collection(c).root;
    auto& known = known_[{&reading, c}];
    std::set<std::pair<std::string, std::string>> there;
    const auto any = [](const LeftBehind& one, const std::set<std::string>& names) {
      return std::ranges::any_of(one.iris, [&](const auto& iri) { return names.contains(iri); });
    };
    for (const auto& one : left) {
      if (one.line) there.emplace(one.path, one.text);
      const bool accounted =
          !one.line ? known.paths.contains(one.path)
                    : any(one, known.iris) && (!any(one, known.told) || known.may_stand.contains({one.path, one.text}));
      if (accounted) continue;
      suspects_.push_back({&reading, c, one});
    }
    for (const auto& [entry, line] : known.lines) {
      if (there.contains({line.path, line.bytes})) continue;
      if (const auto* note = note_of(entry); note && std::ranges::find(note->lines, line) != note->lines.end()) {
        not_finished(entry);
        continue;
      }
      // 0.1.0 left no note of what it had still to do.
      if (entry.version != k_ledger_version) {
        not_finished(entry);
        continue;
      }
      fault(Tampering::missing, entry, join_path(root, line.path), "no such line", std::string(trim(line.bytes)), true);
    }
  }

  void not_finished(const LedgerEntry& entry) {
    if (sealing_ && notes_.contains(entry.seq)) return;  // it is just going on
    if (std::ranges::find(out_.unfinished, entry.id) == out_.unfinished.end()) out_.unfinished.push_back(entry.id);
  }

  // What sealing has still to do with the record; null: nothing.
  const Trail* note_of(const LedgerEntry& entry) const {
    const auto found = notes_.find(entry.seq);
    return found == notes_.end() ? nullptr : &found->second;
  }
  static const Trail::Text* among(const std::vector<Trail::Text>& texts, std::string_view path) {
    const auto found = std::ranges::find(texts, path, &Trail::Text::path);
    return found == texts.end() ? nullptr : &*found;
  }

  Result<void> compare(Reading& reading, std::size_t c, const LedgerEntry& entry) {
    const auto& root = reading.collection(c).root;
    const auto faults = out_.faults.size();
    bool read = true;
    ++out_.records;
    for (const auto& [path, sealed] : entry.files) {
      if (sealed.role != CoveredFile::Role::covered) continue;
      const auto full = join_path(root, path);
      if (behind_link(parent_path(full), root)) {
        fault(Tampering::changed, entry, full, "a link in its path", sealed.digest.text);
      } else {
        file(full, path, entry, sealed.digest);
      }
      read = read && !unread_.contains(full);
    }
    for (const auto& path : reading.strangers(disk_, c, entry.files)) {
      if (is_temporary_name(base_name(path)) && note_of(entry)) {
        not_finished(entry);
      } else {
        stranger(join_path(root, path), entry);
      }
    }
    const auto record = reading.find(c, entry.id.iri.text);
    if (record) seen_[{&reading, c}].insert(*record);
    if (!record || !reading.record(c, *record).judged) return {};
    // What would be covered if it were sealed now, and was not then.
    const auto now = reading.draft(disk_, c, *record, entry.id.iri.text);
    if (!now && out_.faults.size() > faults) return {};
    if (!now) return tl::unexpected<Error>(now.error());
    for (const auto& [path, covered] : now->files) {
      if (!entry.files.contains(path)) stranger(join_path(root, path), entry);
    }
    // From files that are as they were it can be told what its lines say.
    if (!read || out_.faults.size() > faults) return {};
    TRY(auto lines, reading.lines(disk_, c, *record, entry.id.iri.text));
    auto& known = known_[{&reading, c}];
    for (auto& line : lines) known.lines.emplace_back(entry, std::move(line));
    const auto more = reading.names(c, *record);
    std::set<std::string> names(more.begin(), more.end());
    names.emplace(reading.record(c, *record).iri);
    names.insert(entry.id.iri.text);
    for (const auto& name : names) {
      known.told.insert(name);
      TRY(const auto under, reading.lines(disk_, c, *record, name));
      for (const auto& line : under) known.may_stand.emplace(line.path, line.bytes);
    }
    return {};
  }

  void stranger(const std::string& file, const LedgerEntry& entry) {
    fault(Tampering::not_sealed, entry, file, "a file that was not sealed", "none");
  }

  // Of a file once, unless it has several faults of one kind.
  void fault(Tampering kind, const LedgerEntry& entry, const std::string& file, std::string found, std::string expected,
             bool several = false) {
    for (const auto& known : out_.faults) {
      if (known.kind == kind && known.file == file && !several) return;
    }
    auto& fault = out_.faults.emplace_back();
    fault.kind = kind, fault.message = name_of(kind), fault.file = file, fault.id = entry.id,
    fault.focus = entry.id.iri.text;
    fault.found = std::move(found), fault.expected = std::move(expected);
  }

  void file(const std::string& full, const std::string& path, const LedgerEntry& entry, const Digest& digest) {
    const auto info = disk_.info(full);
    if (info.unknown) return unread(full, "the system does not allow looking there");
    ++out_.files;
    const auto* note = note_of(entry);
    const auto* wanted = note ? among(note->files, path) : nullptr;
    if (info.type == FileType::missing && wanted) return not_finished(entry);
    if (info.type == FileType::missing) return fault(Tampering::missing, entry, full, "no file", digest.text);
    const auto bytes = disk_.read(full, 1ULL << 40);
    if (!bytes && bytes.error().code == Code::world) return;  // verify_records says it
    if (!bytes && info.type == FileType::file) return --out_.files, unread(full, bytes.error().why);
    if (!bytes) return fault(Tampering::changed, entry, full, bytes.error().why, digest.text);
    if (const auto now = sha256_hex(*bytes); now != digest) {
      if (wanted && cut_short(*bytes, wanted->bytes)) return not_finished(entry);
      return fault(Tampering::changed, entry, full, now.text, digest.text);
    }
    if ((info.mode & 0222) && note) return not_finished(entry);
    if (info.mode & 0222) fault(Tampering::writable, entry, full, "writable", "read-only");
  }

  void unread(const std::string& full, const std::string& why) {
    if (unread_.insert(full).second) out_.unread.emplace_back(full, why);
  }

  bool behind_link(const std::string& directory, const std::string& root) {
    if (directory.size() <= root.size() || directory == ".") return false;
    const auto [slot, fresh] = links_.try_emplace(directory, false);
    if (fresh) {
      const bool link = disk_.info(directory).type == FileType::link || behind_link(parent_path(directory), root);
      links_[directory] = link;
      return link;
    }
    return slot->second;
  }

  struct Where {
    Reading* reading;
    std::size_t c;
  };

  struct Suspect {
    const Reading* reading;
    std::size_t c;
    LeftBehind left;
  };

  Disk& disk_;
  const Store& store_;
  const CheckReport& report_;
  std::map<Seq, Trail> notes_;
  std::vector<Suspect> suspects_;
  Seq last_;      // the last entry that was compared
  bool sealing_;  // another process seals into the store just now
  VerifyReport& out_;
  std::map<std::pair<const Reading*, std::size_t>, Known> known_;
  std::map<std::pair<const Reading*, std::size_t>, std::set<std::size_t>> seen_;  // records of entries, by collection
  std::map<std::pair<std::string, Digest>, Where> moved_;                         // by path and digest of a mark
  std::map<std::string, bool> links_;
  std::set<std::string> unread_;  // paths of out_.unread
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

Result<VerifyReport> verify_records(const World& given_world, const Store& store, const std::vector<std::string>& paths,
                                    const CheckOptions& given) {
  SnapshotDisk once(given_world.disk);
  WatchedDisk disk(once);
  const World world{disk, given_world.clock, given_world.http, given_world.random};
  CheckOptions options = given;
  options.read.digests = true;
  options.shapes.records = options.shapes.rdf = false;
  static const std::string k_no_stream;
  TRY(const auto report, check_paths(world, paths, k_no_stream, options));
  for (const auto& f : report.findings) {
    if (f.world) return tl::unexpected<Error>(Error{Code::world, f.message, f.fix, f.file, {}});
  }
  VerifyReport out;
  out.noun = record_noun(report);
  for (const auto& f : report.findings) {
    if (f.unreadable && f.severity == Severity::error) out.unread.emplace_back(f.file, f.message);
  }
  TRY(const auto rows, store.unfinished());
  std::map<Seq, Trail> notes;
  for (const auto& [seq, row] : rows) {
    TRY(auto trail, parse_unfinished(row));
    notes.emplace(seq, std::move(trail));
  }
  Verifier verifier(disk, store, report, std::move(notes), out);
  std::uint64_t on_disk = 0;
  each_collection(report, [&](const SystemReport& one, std::size_t c) {
    for (std::size_t i = 0; i < one.reading->records(c); ++i) on_disk += one.reading->record(c, i).judged;
  });
  Head head;
  std::optional<Error> broken;
  TRY(const auto noted, store.each_entry([&](const LedgerEntry& entry) {
    if (entry.prev != head.digest || entry.seq != head.seq.next()) {
      broken = Error{
          Code::integrity, "the ledger's chain is broken at entry " + std::to_string(entry.seq.number), {}, {}, {}};
      return false;
    }
    head = {entry.seq, entry.digest()};
    if (entry.kind != "sealed") return true;
    if (const auto compared = verifier.entry(entry); !compared && !broken) broken = compared.error();
    return true;
  }));
  if (broken) return tl::unexpected<Error>(*broken);
  // What the system failed to read says nothing about the files.
  if (const auto failed = disk.failure()) return tl::unexpected<Error>(*failed);
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
      if (broken) return tl::unexpected<Error>(*broken);
      if (const auto failed = disk.failure()) return tl::unexpected<Error>(*failed);
    }
  }
  CHECKED(verifier.left_behind());
  if (const auto failed = disk.failure()) return tl::unexpected<Error>(*failed);
  out.unsealed = on_disk > out.records ? on_disk - out.records : 0;
  return out;
}

}  // namespace provgate
