// SPDX-License-Identifier: Apache-2.0
// How entries of a ledger are named by who asks for them.
#pragma once

#include <string>

#include "provgate/record/entry.hpp"

namespace provgate {

/// Whether the entry is of that record: its IRI, or what stands in it behind the last of these: a local id. Empty: of
/// any.
inline bool is_of(const LedgerEntry& entry, const std::string& wanted) {
  const auto& iri = entry.id.iri.text;
  if (wanted.empty() || iri == wanted) return true;
  if (!iri.ends_with(wanted) || iri.size() == wanted.size()) return false;
  const char before = iri[iri.size() - wanted.size() - 1];
  return before == '#' || before == '/' || before == ':';
}

}  // namespace provgate
