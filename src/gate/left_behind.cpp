// SPDX-License-Identifier: Apache-2.0
#include "gate/left_behind.hpp"

#include <algorithm>
#include <set>

#include "base/digest.hpp"
#include "gate/known.hpp"

namespace provgate {

namespace {

// What faults are told by.
LedgerEntry without_files(int version, Seq seq, const RecordId& id) {
  LedgerEntry out;
  out.version = version, out.seq = seq, out.id = id;
  return out;
}

}  // namespace

void LeftBehindCheck::entry(const Reading& reading, std::size_t c, const LedgerEntry& entry) {
  auto& known = known_[{&reading, c}];
  known.iris.insert(entry.id.iri.text);
  for (const auto& [path, file] : entry.files) known.paths.insert(path);
}

Result<void> LeftBehindCheck::lines_of(Look& at) {
  TRY(auto lines, std::move(*at.lines));
  auto& known = known_[{at.reading, at.c}];
  known.told.insert(at.names.begin(), at.names.end());
  for (auto& line : lines) {
    if (line.under_its_name)
      known.lines.push_back({at.entry.version, at.entry.seq, at.entry.id, std::move(line.text), line.digest});
    known.may_stand.insert(std::move(line.digest));
  }
  return {};
}

bool LeftBehindCheck::knows(const std::string& root, const std::string& path) const {
  return std::ranges::any_of(known_, [&](const auto& known) {
    const auto& [reading, c] = known.first;
    return reading->collection(c).root == root && known.second.paths.contains(path);
  });
}

Result<void> LeftBehindCheck::run(Seq last) {
  for (const auto& one : report_.systems) {
    for (std::size_t c = 0; c < one.reading->size(); ++c) {
      if (one.reading->collection(c).loose) continue;
      const auto& paths = known_[{one.reading.get(), c}].paths;
      auto left = one.reading->left_behind(disk_, c, [&](const auto& path) { return paths.contains(path); });
      if (!left && left.error().code == Code::input) {
        faults_.unread(left.error().file, left.error().why);
        continue;
      }
      if (!left) return tl::unexpected<Error>(left.error());
      compare(*one.reading, c, *left);
    }
  }
  return accuse(last);
}

// Entries that were made while this went on account for what looked forged.
Result<void> LeftBehindCheck::accuse(Seq last) {
  if (suspects_.empty()) return {};
  std::optional<Error> failed;
  TRY(const auto noted, store_.each_entry([&](const LedgerEntry& entry) {
    if (entry.seq <= last || entry.kind != "sealed") return true;
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
    if (!left.torn) none.id.iri = RecordId::Iri(left.iris.front());
    faults_.fault(Tampering::forged, none, join_path(reading->collection(c).root, left.path),
                  left.line ? "a line of a seal" : "the proof of a seal", "an entry of this ledger", left.line);
  }
  return {};
}

// What a crash or a full disk left of a line that was written again since; or of one that is being written.
bool LeftBehindCheck::may_be_cut(Known& known, const LeftBehind& one) const {
  if (!one.text.ends_with('\n') && store_.sealing_now()) return true;
  if (known.in_order.size() != known.lines.size()) {
    for (const auto& line : known.lines) known.in_order.insert(line.text.path + '\0' + line.text.bytes);
  }
  auto begin = one.path + '\0' + one.text;
  if (begin.ends_with('\n')) begin.pop_back();
  const auto next = known.in_order.lower_bound(begin);
  return next != known.in_order.end() && next->starts_with(begin);
}

namespace {

// What the records that were asked for may be called, where it is not the whole collection.
std::optional<std::set<std::string>> asked_for(const Reading& reading, std::size_t c) {
  if (reading.collection(c).scope.empty()) return {};
  std::set<std::string> out;
  for (std::size_t i = 0; i < reading.sealable(c); ++i) {
    if (!reading.record(c, i).judged) continue;
    for (auto& name : reading.names(c, i)) out.insert(std::move(name));
  }
  return out;
}

}  // namespace

void LeftBehindCheck::compare(const Reading& reading, std::size_t c, const std::vector<LeftBehind>& left) {
  const auto& root = reading.collection(c).root;
  const auto wanted = asked_for(reading, c);
  auto& known = known_[{&reading, c}];
  std::unordered_set<std::string> there, twice;
  const auto any = [](const LeftBehind& one, const auto& names) {
    return std::ranges::any_of(one.iris, [&](const auto& iri) { return names.contains(iri); });
  };
  for (const auto& one : left) {
    if (one.torn) {
      if (!wanted && !may_be_cut(known, one)) suspects_.push_back({&reading, c, one});
      continue;
    }
    if (one.iris.empty()) {
      faults_.unread(join_path(root, one.path), one.text);
      continue;
    }
    const auto line = one.line ? digest_of_line(one.path, one.text) : std::string{};
    if (one.line && !there.insert(line).second) twice.insert(line);
    const bool accounted = !one.line
                               ? known.paths.contains(one.path)
                               : any(one, known.iris) && (!any(one, known.told) || known.may_stand.contains(line));
    if (accounted || (wanted && !any(one, *wanted))) continue;
    suspects_.push_back({&reading, c, one});
  }
  for (const auto& [version, seq, id, line, digest] : known.lines) {
    const auto entry = without_files(version, seq, id);
    // Runs of 0.1.0 that were cut short may have written one again.
    if (twice.contains(digest) && version == k_ledger_version)
      faults_.fault(Tampering::forged, entry, join_path(root, line.path), "the line of a seal twice",
                    std::string(trim(line.bytes)), true);
    if (there.contains(digest)) continue;
    if (const auto* note = faults_.note_of(entry); note && std::ranges::find(note->lines, line) != note->lines.end()) {
      faults_.not_finished(entry);
      continue;
    }
    // 0.1.0 left no note of what it had still to do.
    if (entry.version != k_ledger_version) {
      faults_.not_finished(entry);
      continue;
    }
    faults_.fault(Tampering::missing, entry, join_path(root, line.path), "no such line", std::string(trim(line.bytes)),
                  true);
  }
}

}  // namespace provgate
