// SPDX-License-Identifier: Apache-2.0
// The lines of notes: checkpoints and proofs.
#pragma once

#include <charconv>
#include <string>
#include <string_view>

#include "base/base64.hpp"
#include "provgate/base/base.hpp"

namespace provgate {

/// Reads a text line by line. Errors of all calls: Code::input with the line.
class NoteLines {
 public:
  explicit NoteLines(std::string_view text) : text_(text) {}
  bool done() const { return offset_ >= text_.size(); }
  std::size_t offset() const { return offset_; }  ///< of the next line
  /// Without its line feed, which it must have.
  Result<std::string_view> next(const char* wanted) {
    ++line_;
    const auto end = text_.find('\n', offset_);
    if (end == std::string_view::npos) return wrong(std::string("it ends where ") + wanted + " is expected");
    const auto out = text_.substr(offset_, end - offset_);
    offset_ = end + 1;
    return out;
  }
  /// The one form of a number.
  Result<std::uint64_t> number(std::string_view text) const {
    std::uint64_t out = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (error != std::errc() || end != text.data() + text.size() || std::to_string(out) != text)
      return wrong("not a number: " + quote(text));
    return out;
  }
  Result<std::string> hash(std::string_view text) const {
    constexpr std::size_t k_hash_bytes = 32;
    auto out = from_base64(text);
    if (!out || out->size() != k_hash_bytes) return wrong("not 32 bytes in base64: " + quote(text));
    return std::move(*out);
  }
  tl::unexpected<Error> wrong(const std::string& why) const {
    return fail(Code::input, "line " + std::to_string(line_) + ": " + why);
  }

 private:
  std::string_view text_;
  std::size_t offset_ = 0, line_ = 0;
};

}  // namespace provgate
