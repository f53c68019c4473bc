// SPDX-License-Identifier: Apache-2.0
// What is noted with an entry until everything beside it is done (FORMAT.md, "Sealing"): the row's text.
#pragma once

#include "provgate/systems/system.hpp"

namespace provgate {

/// Whether the files of a note are those that the entry covers. Errors: Code::integrity.
Result<void> check_note(const Trail& trail, const LedgerEntry& entry);
std::string unfinished_row(const Trail& trail);
/// Inverse of unfinished_row. Errors: Code::integrity where the text is none.
Result<Trail> parse_unfinished(const std::string& row);

/// Whether a file holds the beginning of what it was to hold, and no more: it was not flushed when the machine went
/// down.
bool cut_short(std::string_view there, std::string_view wanted);

/// All notes, by entry. Errors: Code::integrity where one is damaged; those of the store.
Result<std::map<Seq, Trail>> notes_of(const Store& store);
/// Whether the lines of a note, which is of the entry, are those that sealing leaves of its record, and no others.
/// Errors: Code::integrity; those of Reading::lines.
Result<void> check_noted_lines(Disk& disk, const Reading& reading, std::size_t c, std::size_t i, const Trail& trail,
                               const LedgerEntry& entry);

}  // namespace provgate
