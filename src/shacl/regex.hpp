// SPDX-License-Identifier: Apache-2.0
// sh:pattern: SPARQL's REGEX (XPath fn:matches) by PCRE2 with a match limit.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "provgate/base/base.hpp"

namespace provgate::shacl {

/// A compiled pattern; safe to use from several threads.
class Regex {
 public:
  /// `flags` of "smixq". Errors: Code::input when it does not compile, or means something else in XPath (character
  /// class subtraction,
  /// \c and \i).
  static Result<std::shared_ptr<const Regex>> compile(const std::string& pattern, std::string_view flags);
  ~Regex();
  Regex(const Regex&) = delete;
  Regex& operator=(const Regex&) = delete;
  /// Whether some part of the text matches. Errors: Code::world when the match limit is reached.
  Result<bool> search(std::string_view text) const;

 private:
  Regex() = default;
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// The first escape of a punctuation mark that needs none and that XPath does not have, such as \/; empty when there is
/// none. It matches the mark itself.
std::string odd_escape(std::string_view pattern);

}  // namespace provgate::shacl
