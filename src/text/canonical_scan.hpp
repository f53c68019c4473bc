// SPDX-License-Identifier: Apache-2.0
// Reading JSON that is written in its canonical form already, without a document: what is hashed of it are its own
// bytes. Source: RFC 8785. Threads: any.
#pragma once

#include <string_view>
#include <vector>

namespace provgate {

/// A member of an object, as it stands in the text.
struct ScannedMember {
  std::string_view name;   ///< without quotes
  std::string_view value;  ///< a text with its quotes
  /// The content of a text; empty where it is none.
  std::string_view text() const {
    return value.size() >= 2 && value.front() == '"' ? value.substr(1, value.size() - 2) : std::string_view{};
  }
  bool is_null() const { return value == "null"; }
};

/// The members of an object whose text is its own canonical form, all that is nested too; false for any other text,
/// and for some that are canonical: those with escapes, and nested past 64 levels. Requires UTF-8.
bool scan_canonical(std::string_view text, std::vector<ScannedMember>& out);

}  // namespace provgate
