// SPDX-License-Identifier: Apache-2.0
// Base types every module shares: errors, results, positions in source text, time, text helpers. Threads: any.
// Source: XML Schema 1.1 part 2 (time), Unicode 15 (UTF-8), RFC 8785 (JSON strings).
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>  // the one library type the headers show: std::expected is C++23
#include <type_traits>
#include <utility>
#include <vector>

namespace provgate {

/// Whose fault an error is; it decides the exit code (see exit_codes.def).
enum class Code {
  usage,      ///< unknown flag, profile or format; refused credentials      -> 2
  input,      ///< a path or a text that cannot be read or parsed            -> 3
  nothing,    ///< nothing matched, so nothing was checked or answered       -> 4
  integrity,  ///< what was sealed no longer matches                         -> 5
  world,      ///< disk, network or endpoint failed; trying again may help   -> 6
  disk_full,  ///< no space left; what was stored before is intact           -> 6
  bug,        ///< provgate's own fault                                      -> 70
};

/// A range in a text. Lines and columns count from 1, columns in UTF-8 code points; line 0 = unknown.
/// `end_column` is the column after the last character.
struct Place {
  std::uint32_t line = 0, column = 0, end_line = 0, end_column = 0;
  friend bool operator==(const Place&, const Place&) = default;
};

struct [[nodiscard]] Error {
  Code code = Code::bug;
  std::string why;   ///< one sentence, no final stop
  std::string help;  ///< what to do about it; may be empty
  std::string file;  ///< empty where the error has no file
  Place at;
};

/// A value or an Error. Dropping one does not compile: an error that nobody looks at must not look like success.
template <class T>
class [[nodiscard]] Result : public tl::expected<T, Error> {
  using Base = tl::expected<T, Error>;

 public:
  Result() = default;
  Result(tl::unexpected<Error> error) : Base(std::move(error)) {}
  template <class U = T>
    requires(!std::is_base_of_v<Base, std::remove_cvref_t<U>> &&
             !std::is_same_v<std::remove_cvref_t<U>, tl::unexpected<Error>> && std::is_convertible_v<U &&, T>)
  Result(U&& value) : Base(std::forward<U>(value)) {}
};

inline tl::unexpected<Error> fail(Code code, std::string why, std::string help = {}) {
  return tl::unexpected<Error>(Error{code, std::move(why), std::move(help), {}, {}});
}

#define PROVGATE_CAT_(a, b) a##b
#define PROVGATE_CAT(a, b) PROVGATE_CAT_(a, b)
/// TRY(auto x, expr): evaluates expr, returns its error from this function, else moves the value into x.
#define TRY(var, expr) TRY_AS(PROVGATE_CAT(try_, __LINE__), var, expr)
#define TRY_AS(tmp, var, expr)                                    \
  auto tmp = (expr);                                              \
  if (!tmp) return tl::unexpected<Error>(std::move(tmp).error()); \
  var = std::move(*tmp)
/// CHECKED(expr): for Result<void>.
#define CHECKED(expr) \
  if (auto checked_ = (expr); !checked_) return tl::unexpected<Error>(std::move(checked_).error())

// ---- texts of one kind ------------------------------------------------------------------------

/// A text of one kind. Kinds do not convert into each other, nor from a plain text without being asked.
template <class Kind>
struct NamedText {
  std::string text;
  NamedText() = default;
  explicit NamedText(std::string of) : text(std::move(of)) {}
  bool empty() const { return text.empty(); }
  friend auto operator<=>(const NamedText&, const NamedText&) = default;
};

/// A SHA-256, in lower-case hexadecimal; empty where none was made.
struct Digest : NamedText<Digest> {
  using NamedText::NamedText;
};

// ---- source text ----------------------------------------------------------------------------

/// The part of a line that is shown.
struct LineWindow {
  std::string text;
  std::uint32_t column = 1;  ///< of the first character
  std::pair<std::string, std::uint32_t> parts() && { return {std::move(text), column}; }
};
/// All of the line round an offset when it is short, else what stands round that. `column` is that of the character at
/// the offset, from 1. Looks at no more of the text than it may show.
LineWindow window_at(std::string_view text, std::size_t offset, std::uint32_t column);

/// The bytes of one file and the way from a byte offset to a line and column.
/// Owns its text; offsets stay valid as long as the object lives. Not shared between threads while being made.
class SourceText {
 public:
  SourceText() = default;
  /// `first_line`: the number of the text's first line, for one record out of a stream.
  SourceText(std::string path, std::string text, std::uint32_t first_line = 1);
  const std::string& path() const { return path_; }
  std::string_view text() const { return text_; }
  /// With so many bytes behind its end that a reader may look at: a text that has them reserved is not copied for it.
  std::string& padded() { return text_; }
  static constexpr std::size_t k_padding = 64;
  /// What lies beyond the text counts as its end. A large text has an index, so that this takes the same time anywhere
  /// in it.
  Place place(std::size_t begin, std::size_t end) const;
  /// What is shown of the line of that number, round that column (both from 1); empty when there is no such line.
  LineWindow window(std::uint32_t line, std::uint32_t column) const;

 private:
  struct Position {
    std::uint32_t line = 0, column = 0;
  };
  Position position(std::size_t offset) const;
  std::size_t up_to(std::size_t at) const;

  std::string path_, text_;
  std::uint32_t first_line_ = 1;
  std::vector<std::size_t> lines_;          ///< where each line begins; empty for a small text
  std::vector<std::uint32_t> code_points_;  ///< before each block of the text; empty for a small text
};

// ---- time (RFC 3339, XML Schema dateTime) ----------------------------------------------------

/// An xsd:dateTime as a point on a line, microseconds since 1970-01-01T00:00:00Z (XSD 1.1 part 2, 3.3.7).
struct Timestamp {
  std::int64_t micros = 0;
  bool has_zone = false;  ///< without a zone `micros` reads the local time as UTC
};
/// Empty when `text` is not an xsd:dateTime. Accepts a 24:00:00 end of day; refuses impossible dates.
std::optional<Timestamp> parse_datetime(std::string_view text);
/// "2026-04-05T16:37:25Z", with a fraction only when it is not zero.
std::string format_utc(std::int64_t micros);
/// The canonical lexical form (XSD 1.1 3.3.7.2): no trailing zeros in the fraction; the zone as written.
std::string canonical_datetime(std::string_view text);

// ---- text -----------------------------------------------------------------------------------

/// Offset of the first byte that is not well-formed UTF-8 (Unicode 15 table 3-7), or npos.
std::size_t first_bad_utf8(std::string_view text);
/// Decodes the code point at `pos` and moves past it. Requires well-formed UTF-8.
char32_t next_code_point(std::string_view text, std::size_t& pos);
void append_utf8(std::string& out, char32_t code_point);
std::size_t count_code_points(std::string_view text);
/// The offset that many code points after `at`, or the end. Where `at` is within one, from the next.
std::size_t skip_code_points(std::string_view text, std::size_t at, std::size_t count);
/// For messages: control characters, quotes and bad bytes escaped, cut after `limit` code points.
std::string quote(std::string_view text, std::size_t limit = 120);
/// Whether a reader cannot see it, or it reorders what he sees: controls, zero-width and direction-changing characters.
bool is_hidden(char32_t code_point);
/// The text with control, hidden and direction-changing characters and bad bytes escaped: safe for a terminal.
std::string printable(std::string_view text);
/// With the string escapes of RFC 8785, without the quotes.
std::string json_escaped(std::string_view text);
void append_json_escaped(std::string& out, std::string_view text);
std::string to_hex(std::string_view bytes);
std::string from_hex(std::string_view digits);  ///< requires what to_hex gave
std::string with_commas(std::uint64_t number);
std::string plural(std::uint64_t n, std::string_view one, std::string_view many = {});
/// Damerau-Levenshtein distance (optimal string alignment), or anything greater than `most` where it is greater than
/// that: time is linear in the lengths times `most`. And the closest candidate, at most as far as a third of the
/// length, and as `most`.
std::size_t edit_distance(std::string_view a, std::string_view b, std::size_t most = SIZE_MAX);
std::optional<std::string> closest(std::string_view word, const std::vector<std::string_view>& candidates,
                                   std::size_t most = SIZE_MAX);
std::vector<std::string_view> split(std::string_view text, char separator);
std::string_view trim(std::string_view text);
bool is_digits(std::string_view text);
std::string lower_ascii(std::string_view text);  ///< A to Z become a to z

}  // namespace provgate
