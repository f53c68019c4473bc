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
  auto& list = sealing_ && notes_.contains(entry.seq) ? out_.going_on : out_.unfinished;
  if (std::ranges::find(list, entry.id) == list.end()) list.push_back(entry.id);
}

void Faults::hold_note(const LedgerEntry& entry) {
  const auto note = notes_.find(entry.seq);
  if (note == notes_.end()) return;
  if (const auto held = check_note(note->second, entry); !held) refuse_note(entry, held.error().why);
}

void Faults::refuse_note(const LedgerEntry& entry, std::string why) {
  notes_.erase(entry.seq);
  fault(Tampering::forged, entry, "the store's notes", std::move(why), "what sealing leaves", true);
}

void Faults::unread(const std::string& file, const std::string& why) {
  if (unread_.insert(file).second) out_.unread.emplace_back(file, why);
}

const Trail* Faults::note_of(const LedgerEntry& entry) const {
  const auto found = notes_.find(entry.seq);
  return found == notes_.end() ? nullptr : &found->second;
}

}  // namespace provgate
