// SPDX-License-Identifier: Apache-2.0
// Terminals of Turtle 1.1 and TriG 1.1 (section 6.5, grammar): a cursor that reads one term at a time.
#pragma once

#include <map>
#include <string>
#include <unordered_map>

#include "rdf/read.hpp"

namespace provgate {

/// Throws Fault; the Turtle reader catches it.
class TurtleTerms {
 public:
  TurtleTerms(std::string_view text, std::string_view base, std::uint32_t file);

 protected:
  /// Skips white space and comments.
  void space();
  bool done() const { return at_ == end_; }
  char peek(std::size_t ahead = 0) const { return static_cast<std::size_t>(end_ - at_) > ahead ? at_[ahead] : '\0'; }
  bool take(char c);
  void expect(char c, const char* where);
  /// A word followed by neither a name character nor ':'.
  bool word(std::string_view text, bool any_case);
  bool directive(std::string_view name);

  std::string iri_reference();  ///< <...>, resolved
  std::string prefix_name();    ///< PNAME_NS without its colon
  TermId iri();                 ///< <...> or prefix:local
  TermId blank_label();         ///< _:label
  TermId literal();             ///< string, number or boolean
  TermId anonymous(const char* at, bool cell = false);
  bool literal_begins() const;
  TermId known(std::string_view iri) { return graph_.terms().intern(iri_text(iri)); }
  [[noreturn]] void wrong(const char* at, std::string why, std::string help = {}) const;
  std::uint64_t offset(const char* at) const { return static_cast<std::uint64_t>(at - text_); }

  std::map<std::string, std::string, std::less<>> prefixes_;
  std::string base_;
  Graph graph_;
  const char *text_, *at_, *end_;
  BlankNames names_;

 private:
  TermId prefixed();
  std::string string_value();
  TermId number();
  TermId keep(const std::string& text, const char* at);
  std::uint64_t line_ = 1, column_ = 1;  // of counted_
  const char* counted_;
};

}  // namespace provgate
