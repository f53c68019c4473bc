// SPDX-License-Identifier: Apache-2.0
// Building JSON and writing it: canonical (RFC 8785) for what is hashed, indented for people.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace provgate {

/// Whether one name of an object stands before another in canonical form: by UTF-16 code units. Requires valid UTF-8.
bool canonical_before(std::string_view a, std::string_view b);

/// A JSON value under construction. Numbers are integers or, as `raw`, a finished lexeme.
class Json {
 public:
  Json() = default;
  Json(std::nullptr_t) {}
  Json(bool value) : kind_(Type::raw), text_(value ? "true" : "false") {}
  Json(int value) : kind_(Type::raw), text_(std::to_string(value)) {}
  Json(std::int64_t value) : kind_(Type::raw), text_(std::to_string(value)) {}
  Json(std::uint64_t value) : kind_(Type::raw), text_(std::to_string(value)) {}
  Json(const char* value) : kind_(Type::string), text_(value) {}
  Json(std::string value) : kind_(Type::string), text_(std::move(value)) {}
  Json(std::string_view value) : kind_(Type::string), text_(value) {}
  static Json object() { return Json(Type::object); }
  static Json array() { return Json(Type::array); }
  static Json raw(std::string lexeme);
  static Json or_null(const std::string& text) { return text.empty() ? Json() : Json(text); }

  Json& set(std::string key, Json value) &;  ///< members keep the order they were set in
  Json&& set(std::string key, Json value) && { return std::move(set(std::move(key), std::move(value))); }
  Json& push(Json value);
  bool empty() const { return members_.empty(); }

  /// RFC 8785: members sorted by UTF-16 code units, no white space. Requires integers within ±2^53 and valid UTF-8.
  std::string canonical() const;
  std::string pretty() const;   ///< two spaces of indent, final newline
  std::string compact() const;  ///< one line, members in the order they were set

 private:
  enum class Type { null, raw, string, array, object };
  explicit Json(Type type) : kind_(type) {}
  void write(std::string& out, int indent, bool sorted) const;
  Type kind_ = Type::null;
  std::string text_;
  std::vector<std::pair<std::string, Json>> members_;
};

}  // namespace provgate
