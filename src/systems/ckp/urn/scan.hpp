// SPDX-License-Identifier: Apache-2.0
// Character classes and the cursor of the URN grammar.
#pragma once

#include <string>
#include <string_view>

#include "systems/ckp/urn/urn.hpp"

namespace provgate::ckp::urn_detail {

inline bool upper(char c) { return c >= 'A' && c <= 'Z'; }
inline bool lower(char c) { return c >= 'a' && c <= 'z'; }
inline bool digit(char c) { return c >= '0' && c <= '9'; }
inline bool letter(char c) { return upper(c) || lower(c); }
inline bool alnum(char c) { return letter(c) || digit(c); }
inline bool id_char(char c) { return alnum(c) || c == '.' || c == '_' || c == '~' || c == '-' || c == ':' || c == '+'; }
inline bool word_char(char c) { return alnum(c) || c == '_'; }
inline bool hex(char c) { return digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

/// Reads one URN from left to right. The first failure wins; later reads are no-ops that return empty text.
class Cursor {
 public:
  explicit Cursor(std::string_view text) : text_(text) {}
  std::size_t at() const { return at_; }
  bool done() const { return at_ == text_.size(); }
  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  std::string_view rest() const { return text_.substr(at_); }
  std::string_view since(std::size_t from) const { return text_.substr(from, at_ - from); }
  void jump(std::size_t to) { at_ = to; }
  bool failed() const { return failed_; }
  const Fault& fault() const { return fault_; }

  bool take(char c) {
    if (failed_ || peek() != c) return false;
    ++at_;
    return true;
  }
  void need(char c, std::string_view what) {
    if (!take(c)) stop(what);
  }
  template <class Pred>
  std::string_view run(Pred pred, std::string_view what, std::size_t least = 1,
                       std::size_t most = std::string_view::npos) {
    if (failed_) return {};
    const std::size_t from = at_;
    while (at_ < text_.size() && at_ - from < most && pred(text_[at_])) ++at_;
    if (at_ - from < least) stop(what);
    return failed_ ? std::string_view{} : since(from);
  }
  void stop(std::string_view expected);

 private:
  std::string_view text_;
  std::size_t at_ = 0;
  bool failed_ = false;
  Fault fault_;
};

/// A short name for the character at `at`: 'x', "a space", "U+200B ZERO WIDTH SPACE", "the end".
std::string describe_character(std::string_view text, std::size_t at);
/// The ASCII character that a look-alike stands for, or 0.
char ascii_twin(char32_t code_point);
/// Tries the known slips on `text`; the first repaired form that parses in the strict profile, or empty.
std::string nearest_valid(std::string_view text);

/// The strict grammar without a suggestion on failure.
tl::expected<Urn, Fault> parse_strict(std::string_view text);
/// The kind of that type name; UrnKind::opaque for any other.
UrnKind kind_named(std::string_view type);
/// legacy forms; see legacy.cpp.
bool parse_legacy(std::string_view text, Urn& out);
extern const std::vector<std::string_view> k_type_names;

}  // namespace provgate::ckp::urn_detail
