// SPDX-License-Identifier: Apache-2.0
// Entries read straight from their canonical text. Pure. Threads: any.
#pragma once

#include <optional>
#include <string_view>

#include "provgate/record/entry.hpp"

namespace provgate {

/// The entry that a text is the canonical form of, where it is one of this version without escapes: what most are.
/// Nothing where it is not, or where that cannot be told so simply.
std::optional<LedgerEntry> read_entry_text(std::string_view text);

}  // namespace provgate
