// SPDX-License-Identifier: Apache-2.0
#include "text/json_fault.hpp"

#include <vector>

namespace provgate {
namespace {

class Recogniser {
 public:
  Recogniser(std::string_view text, int max_depth) : text_(text), max_depth_(max_depth) {}

  std::optional<Fault> run() {
    value_expected_ = true;
    while (!fault_) {
      skip_blank();
      if (value_expected_) {
        value();
      } else if (stack_.empty()) {
        if (pos_ < text_.size()) stop(pos_, pos_ + 1, "more text after the end of the JSON value");
        break;
      } else {
        after_value();
      }
    }
    return fault_;
  }

 private:
  bool at(char c) const { return pos_ < text_.size() && text_[pos_] == c; }
  void stop(std::size_t begin, std::size_t end, std::string why, std::string help = {}) {
    fault_ = Fault{std::min(begin, text_.size()), std::move(why), std::move(help), std::min(end, text_.size())};
  }
  std::string seen() const {
    if (pos_ >= text_.size()) return "the end of the file";
    std::size_t next = pos_;
    next_code_point(text_, next);
    return quote(text_.substr(pos_, next - pos_));
  }

  void skip_blank() {
    while (pos_ < text_.size() &&
           (text_[pos_] == ' ' || text_[pos_] == '\t' || text_[pos_] == '\n' || text_[pos_] == '\r')) {
      ++pos_;
    }
  }

  void value() {
    value_expected_ = false;
    if (at('{') || at('[')) return open();
    if (at('"')) return (void)string();
    if (pos_ < text_.size() && (text_[pos_] == '-' || (text_[pos_] >= '0' && text_[pos_] <= '9'))) return number();
    for (const std::string_view word : {"true", "false", "null", "NaN", "Infinity"}) {
      if (text_.substr(pos_, word.size()) == word) {
        pos_ += word.size();
        return;
      }
    }
    if (at('/') || at('#')) return stop(pos_, pos_ + 2, "a comment; JSON has none", "remove the comment");
    if (at(']') && !stack_.empty() && stack_.back() == '[')
      return stop(pos_, pos_ + 1, "a comma before ']'", "remove the comma");
    if (at('\'')) return stop(pos_, pos_ + 1, "a single quote; JSON strings take double quotes");
    stop(pos_, pos_ + 1, "expected a value, found " + seen());
  }

  void open() {
    if (static_cast<int>(stack_.size()) >= max_depth_) {
      return stop(pos_, pos_ + 1, "nested more than " + std::to_string(max_depth_) + " deep");
    }
    const char kind = text_[pos_++];
    skip_blank();
    if (at(kind == '{' ? '}' : ']')) {
      ++pos_;
      return;
    }
    stack_.push_back(kind);
    if (kind == '{') return member();
    value_expected_ = true;
  }

  void member() {
    skip_blank();
    if (at('}')) return stop(pos_, pos_ + 1, "a comma before '}'", "remove the comma");
    if (at('/') || at('#')) return stop(pos_, pos_ + 2, "a comment; JSON has none", "remove the comment");
    if (!at('"')) return stop(pos_, pos_ + 1, "expected a member name in double quotes, found " + seen());
    if (!string()) return;
    skip_blank();
    if (!at(':')) return stop(pos_, pos_ + 1, "expected ':', found " + seen());
    ++pos_;
    value_expected_ = true;
  }

  void after_value() {
    const char close = stack_.back() == '{' ? '}' : ']';
    if (at(close)) {
      ++pos_;
      stack_.pop_back();
    } else if (at(',')) {
      ++pos_;
      if (close == '}') return member();
      value_expected_ = true;
    } else {
      stop(pos_, pos_ + 1, std::string("expected ',' or '") + close + "', found " + seen());
    }
  }

  bool string() {
    const std::size_t begin = pos_++;
    while (pos_ < text_.size() && text_[pos_] != '"') {
      const auto c = static_cast<unsigned char>(text_[pos_]);
      if (c == '\n') break;
      if (c < 0x20) return stop(pos_, pos_ + 1, "a control character in a string", "write it as an escape"), false;
      if (c == '\\' && !escape()) return false;
      if (c != '\\') ++pos_;
    }
    if (!at('"')) return stop(begin, pos_, "a string without its closing quote"), false;
    ++pos_;
    return true;
  }

  int hex4(std::size_t from) const {
    int value = 0;
    for (std::size_t k = from; k < from + 4; ++k) {
      const char c = k < text_.size() ? text_[k] : '\0';
      const int digit = c >= '0' && c <= '9'   ? c - '0'
                        : c >= 'a' && c <= 'f' ? c - 'a' + 10
                        : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                               : -1;
      if (digit < 0) return -1;
      value = value * 16 + digit;
    }
    return value;
  }

  bool escape() {
    const std::size_t begin = pos_;
    const char c = pos_ + 1 < text_.size() ? text_[pos_ + 1] : '\0';
    if (c != 'u') {
      if (std::string_view("\"\\/bfnrt").find(c) == std::string_view::npos || c == '\0') {
        return stop(begin, begin + 2, "an escape that JSON does not have"), false;
      }
      pos_ += 2;
      return true;
    }
    const int code = hex4(pos_ + 2);
    if (code < 0) return stop(begin, begin + 6, "\\u needs four hexadecimal digits"), false;
    pos_ += 6;
    if (code < 0xD800 || code > 0xDFFF) return true;
    const int low = text_.substr(pos_, 2) == "\\u" ? hex4(pos_ + 2) : -1;
    if (code > 0xDBFF || low < 0xDC00 || low > 0xDFFF) {
      return stop(begin, begin + 6, "half of a surrogate pair, which is not a character"), false;
    }
    pos_ += 6;
    return true;
  }

  void digits(const char* where) {
    const std::size_t begin = pos_;
    while (pos_ < text_.size() && text_[pos_] >= '0' && text_[pos_] <= '9') ++pos_;
    if (pos_ == begin && !fault_)
      stop(pos_, pos_ + 1, std::string("a number needs a digit ") + where + ", found " + seen());
  }

  void number() {
    const std::size_t begin = pos_;
    if (at('-')) ++pos_;
    if (text_.substr(pos_, 8) == "Infinity" && pos_ > begin) {
      pos_ += 8;
      return;
    }
    if (at('0')) {
      ++pos_;
      if (pos_ < text_.size() && text_[pos_] >= '0' && text_[pos_] <= '9') {
        return stop(begin, pos_ + 1, "a number must not begin with 0");
      }
    } else {
      digits("after '-'");
    }
    if (!fault_ && at('.')) ++pos_, digits("after '.'");
    if (!fault_ && (at('e') || at('E'))) {
      ++pos_;
      if (at('+') || at('-')) ++pos_;
      digits("in its exponent");
    }
  }

  std::string_view text_;
  int max_depth_;
  std::size_t pos_ = 0;
  bool value_expected_ = true;
  std::vector<char> stack_;
  std::optional<Fault> fault_;
};

}  // namespace

std::optional<Fault> find_json_fault(std::string_view text, int max_depth) { return Recogniser(text, max_depth).run(); }

}  // namespace provgate
