// SPDX-License-Identifier: Apache-2.0
#include "text/canonical_scan.hpp"

#include <array>
#include <cmath>

#include "base/json_write.hpp"
#include "text/canonical.hpp"

namespace provgate {
namespace {

constexpr int k_deepest = 64;

// Bytes that end a text, or that a plain one does not have.
constexpr std::array<bool, 256> k_stops = [] {
  std::array<bool, 256> out{};
  for (std::size_t c = 0; c < 0x20; ++c) out[c] = true;
  out['"'] = out['\\'] = true;
  return out;
}();

class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  bool run(std::vector<ScannedMember>& out) {
    out.clear();
    return object(&out, 0) && at_ == text_.size();
  }

 private:
  bool take(char c) {
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  bool string() {
    if (!take('"')) return false;
    while (at_ < text_.size() && !k_stops[static_cast<unsigned char>(text_[at_])]) ++at_;
    return take('"');
  }
  bool word(std::string_view word) {
    if (text_.substr(at_, word.size()) != word) return false;
    at_ += word.size();
    return true;
  }
  bool number() {
    constexpr std::size_t k_exact_digits = 15;
    const auto begin = at_;
    const auto end = text_.find_first_not_of("0123456789+-.eE", at_);
    if (end == std::string_view::npos) return false;
    const auto digits = text_.substr(begin, end - begin);
    at_ = end;
    const bool plain =
        digits.size() <= k_exact_digits && digits.find_first_not_of("0123456789") == std::string_view::npos;
    if (plain) return digits.size() == 1 || (digits.size() > 1 && digits.front() != '0');
    const auto value = nearest_double(digits);
    return std::isfinite(value) && ecmascript_number(value) == digits;
  }
  bool value(int depth) {
    if (at_ >= text_.size()) return false;
    switch (text_[at_]) {
      case '"': return string();
      case '{': return object(nullptr, depth + 1);
      case '[': return array(depth + 1);
      case 't': return word("true");
      case 'f': return word("false");
      case 'n': return word("null");
      default: return number();
    }
  }
  bool array(int depth) {
    if (depth > k_deepest || !take('[')) return false;
    if (take(']')) return true;
    do {
      if (!value(depth)) return false;
    } while (take(','));
    return take(']');
  }
  bool object(std::vector<ScannedMember>* out, int depth) {
    if (depth > k_deepest || !take('{')) return false;
    if (take('}')) return true;
    std::string_view before;
    bool first = true;
    do {
      auto begin = at_;
      if (!string() || !take(':')) return false;
      const auto name = text_.substr(begin + 1, at_ - begin - 3);
      if (!first && !canonical_before(before, name)) return false;
      before = name, first = false;
      begin = at_;
      if (!value(depth)) return false;
      if (out) out->push_back({name, text_.substr(begin, at_ - begin)});
    } while (take(','));
    return take('}');
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

bool scan_canonical(std::string_view text, std::vector<ScannedMember>& out) { return Scanner(text).run(out); }

}  // namespace provgate
