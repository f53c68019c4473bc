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

}  // namespace provgate
