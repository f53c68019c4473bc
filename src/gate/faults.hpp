// SPDX-License-Identifier: Apache-2.0
// What verify finds, as it goes on.
#pragma once

#include <map>
#include <set>
#include <string>

#include "provgate/gate/gate.hpp"

namespace provgate {

/// Adds to a report. Borrows it. Threads: one.
class Faults {
 public:
  /// `notes`: what sealing has still to do, by entry; `sealing`: another process is at it just now.
  Faults(std::map<Seq, Trail> notes, bool sealing, VerifyReport& out);

  /// Of a file once, unless it has several faults of one kind.
  void fault(Tampering kind, const LedgerEntry& entry, const std::string& file, std::string found, std::string expected,
             bool several = false);
  void stranger(const std::string& file, const LedgerEntry& entry) {
    fault(Tampering::not_sealed, entry, file, "a file that was not sealed", "none");
  }
  void not_finished(const LedgerEntry& entry);
  /// A note excuses nothing unless it is of its entry. Each entry is shown before it is compared.
  void hold_note(const LedgerEntry& entry);
  /// A note that is not of its entry excuses nothing from now on, and is a fault.
  void refuse_note(const LedgerEntry& entry, std::string why);
  /// What could not be looked at.
  void unread(const std::string& file, const std::string& why);
  bool is_unread(const std::string& file) const { return unread_.contains(file); }
  std::size_t count() const { return out_.faults.size(); }
  /// What sealing has still to do with the record; null: nothing.
  const Trail* note_of(const LedgerEntry& entry) const;

 private:
  std::map<Seq, Trail> notes_;
  bool sealing_;
  VerifyReport& out_;
  std::set<std::string> unread_;  // paths of out_.unread
};

}  // namespace provgate
