// SPDX-License-Identifier: Apache-2.0
#include "gate/faults.hpp"

#include <algorithm>

#include "gate/unfinished.hpp"

namespace provgate {

Faults::Faults(std::map<Seq, Trail> notes, bool sealing, VerifyReport& out)
    : notes_(std::move(notes)), sealing_(sealing), out_(out) {
  for (const auto& [path, why] : out.unread) unread_.insert(path);
}

void Faults::fault(Tampering kind, const LedgerEntry& entry, const std::string& file, std::string found,
                   std::string expected, bool several) {
  for (const auto& known : out_.faults) {
    if (known.kind == kind && known.file == file && !several) return;
  }
  auto& fault = out_.faults.emplace_back();
  fault.kind = kind, fault.message = name_of(kind), fault.file = file, fault.id = entry.id,
  fault.focus = entry.id.iri.text;
  fault.found = std::move(found), fault.expected = std::move(expected);
}

void Faults::not_finished(const LedgerEntry& entry) {
  if (sealing_ && notes_.contains(entry.seq)) return;  // it is just going on
  if (std::ranges::find(out_.unfinished, entry.id) == out_.unfinished.end()) out_.unfinished.push_back(entry.id);
}

void Faults::hold_note(const LedgerEntry& entry) {
  const auto note = notes_.find(entry.seq);
  if (note == notes_.end()) return;
  const auto held = check_note(note->second, entry);
  if (held) {
    held_.emplace(entry.seq, entry.id.iri.text);
    return;
  }
  notes_.erase(note);
  fault(Tampering::forged, entry, "the store's notes", held.error().why, "what sealing leaves");
}

bool Faults::is_noted(const LeftBehind& line) const {
  return std::ranges::any_of(held_, [&](const auto& held) {
    const auto& [seq, iri] = held;
    return std::ranges::find(line.iris, iri) != line.iris.end() &&
           std::ranges::any_of(notes_.at(seq).lines,
                               [&](const auto& one) { return one.path == line.path && one.bytes == line.text; });
  });
}

void Faults::unread(const std::string& file, const std::string& why) {
  if (unread_.insert(file).second) out_.unread.emplace_back(file, why);
}

const Trail* Faults::note_of(const LedgerEntry& entry) const {
  const auto found = notes_.find(entry.seq);
  return found == notes_.end() ? nullptr : &found->second;
}

}  // namespace provgate
