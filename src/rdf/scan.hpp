// SPDX-License-Identifier: Apache-2.0
// Byte scanners the readers share: N-Triples and Turtle 1.1 terminals, with their UTF-8 checked on the way.
// Each returns the first byte that does not belong, never past `end`.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "provgate/base/base.hpp"

namespace provgate::scan {

/// Length of the well-formed UTF-8 sequence at `at` (Unicode 15 table 3-7), 0 when it is none.
inline std::size_t utf8_length(const char* at, const char* end) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(at[i]); };
  const auto left = static_cast<std::size_t>(end - at);
  const auto tail = [&](std::size_t i) { return (byte(i) & 0xC0) == 0x80; };
  const unsigned lead = byte(0);
  if (lead < 0x80) return 1;
  if (lead < 0xC2 || lead > 0xF4) return 0;
  if (lead < 0xE0) return left >= 2 && tail(1) ? 2 : 0;
  if (lead < 0xF0) {
    if (left < 3 || !tail(1) || !tail(2) || (lead == 0xE0 && byte(1) < 0xA0) || (lead == 0xED && byte(1) > 0x9F))
      return 0;
    return 3;
  }
  if (left < 4 || !tail(1) || !tail(2) || !tail(3) || (lead == 0xF0 && byte(1) < 0x90) ||
      (lead == 0xF4 && byte(1) > 0x8F))
    return 0;
  return 4;
}

/// [^#x00-#x20<>"{}|^`\] over ASCII; and no DEL, which the grammars let pass and RFC 3987 does not.
inline bool iri_byte(char c) {
  const auto u = static_cast<unsigned char>(c);
  return u > 0x20 && u < 0x7F && c != '<' && c != '>' && c != '"' && c != '{' && c != '}' && c != '|' && c != '^' &&
         c != '`' && c != '\\';
}

/// Printable ASCII that stands in a string as it is.
inline bool string_byte(char c) {
  const auto u = static_cast<unsigned char>(c);
  return u >= 0x20 && u < 0x7F && c != '"' && c != '\\';
}

#ifdef __SSE2__
inline int iri_stops(__m128i v) {
  const auto eq = [&](char c) { return _mm_cmpeq_epi8(v, _mm_set1_epi8(c)); };
  const __m128i with2 = _mm_or_si128(v, _mm_set1_epi8(2));
  // '<' and '>' differ in one bit, so do '\' and '^'; '{', '|' and '}' are neighbours; bytes from 0x80 are negative.
  __m128i stop = _mm_cmplt_epi8(v, _mm_set1_epi8(0x21));
  stop = _mm_or_si128(stop, _mm_cmpeq_epi8(with2, _mm_set1_epi8('>')));
  stop = _mm_or_si128(stop, _mm_cmpeq_epi8(with2, _mm_set1_epi8('^')));
  stop = _mm_or_si128(stop, _mm_or_si128(eq(0x7F), _mm_or_si128(eq('"'), eq('`'))));
  const __m128i braces = _mm_sub_epi8(v, _mm_set1_epi8('{'));
  stop = _mm_or_si128(stop, _mm_cmpeq_epi8(_mm_min_epu8(braces, _mm_set1_epi8(2)), braces));
  return _mm_movemask_epi8(stop);
}
inline int string_stops(__m128i v) {
  const auto eq = [&](char c) { return _mm_cmpeq_epi8(v, _mm_set1_epi8(c)); };
  const __m128i stop =
      _mm_or_si128(_mm_cmplt_epi8(v, _mm_set1_epi8(0x20)), _mm_or_si128(eq(0x7F), _mm_or_si128(eq('"'), eq('\\'))));
  return _mm_movemask_epi8(stop);
}
#endif

template <class Byte, class Stops>
const char* run(const char* at, const char* end, Byte&& plain, [[maybe_unused]] Stops&& stops) {
#ifdef __SSE2__
  for (; end - at >= 16; at += 16) {
    const int mask = stops(_mm_loadu_si128(reinterpret_cast<const __m128i*>(at)));
    if (mask) return at + __builtin_ctz(static_cast<unsigned>(mask));
  }
#endif
  while (at < end && plain(*at)) ++at;
  return at;
}

#ifdef __SSE2__
/// To the first byte that is not a plain ASCII byte of an IRI.
inline const char* iri(const char* at, const char* end) { return run(at, end, iri_byte, iri_stops); }
/// To the first quote, backslash, control character or byte from 0x7F on.
inline const char* string(const char* at, const char* end) { return run(at, end, string_byte, string_stops); }
#else
inline const char* iri(const char* at, const char* end) { return run(at, end, iri_byte, 0); }
inline const char* string(const char* at, const char* end) { return run(at, end, string_byte, 0); }
#endif

inline bool alpha(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
inline bool digit(char c) { return c >= '0' && c <= '9'; }

/// PN_CHARS_BASE without ASCII (Turtle 1.1, production 163).
inline bool name_base(char32_t c) {
  return (c >= 0xC0 && c <= 0x2FF && c != 0xD7 && c != 0xF7) || (c >= 0x370 && c <= 0x1FFF && c != 0x37E) ||
         c == 0x200C || c == 0x200D || (c >= 0x2070 && c <= 0x218F) || (c >= 0x2C00 && c <= 0x2FEF) ||
         (c >= 0x3001 && c <= 0xD7FF) || (c >= 0xF900 && c <= 0xFDCF) || (c >= 0xFDF0 && c <= 0xFFFD) ||
         (c >= 0x10000 && c <= 0xEFFFF);
}
inline bool name_start(char32_t c) { return c < 0x80 ? alpha(static_cast<char>(c)) || c == '_' : name_base(c); }
inline bool name_part(char32_t c) {
  return name_start(c) || c == '-' || (c < 0x80 && digit(static_cast<char>(c))) || c == 0xB7 ||
         (c >= 0x300 && c <= 0x36F) || c == 0x203F || c == 0x2040;
}

/// The code point at `at` and its length; length 0 when it is not well-formed.
inline std::pair<char32_t, std::size_t> code_point(const char* at, const char* end) {
  const auto n = utf8_length(at, end);
  if (n == 0) return {0, 0};
  std::size_t pos = 0;
  return {next_code_point({at, n}, pos), n};
}

/// The end of (PN_CHARS | '.')* PN_CHARS after a first character; `at` when nothing follows. `extra` allows one more
/// character.
inline const char* name(const char* at, const char* end, char extra = 0) {
  const char* last = at;
  while (at < end) {
    const auto [c, n] = code_point(at, end);
    const bool part = n && (name_part(c) || (extra && c == static_cast<char32_t>(extra)));
    if (!part && !(n && c == '.')) break;
    at += n;
    if (part) last = at;
  }
  return last;
}

/// [a-zA-Z]+ ('-' [a-zA-Z0-9]+)*; `at` when there is none.
inline const char* language(const char* at, const char* end) {
  const char* here = at;
  while (here < end && alpha(*here)) ++here;
  if (here == at) return at;
  while (here < end && *here == '-') {
    const char* part = here + 1;
    while (part < end && (alpha(*part) || digit(*part))) ++part;
    if (part == here + 1) break;
    here = part;
  }
  return here;
}

/// The code point of \uXXXX or \UXXXXXXXX at `at` (the backslash), and the length; length 0 when it is none or no
/// scalar value.
inline std::pair<char32_t, std::size_t> numeric_escape(const char* at, const char* end) {
  if (end - at < 2) return {0, 0};
  const std::size_t digits = at[1] == 'u' ? 4 : at[1] == 'U' ? 8 : 0;
  if (digits == 0 || static_cast<std::size_t>(end - at) < digits + 2) return {0, 0};
  char32_t code = 0;
  for (std::size_t i = 0; i < digits; ++i) {
    const char c = at[2 + i];
    const int value = digit(c)               ? c - '0'
                      : c >= 'a' && c <= 'f' ? c - 'a' + 10
                      : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                             : -1;
    if (value < 0) return {0, 0};
    code = code * 16 + static_cast<char32_t>(value);
  }
  if (code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) return {0, 0};
  return {code, digits + 2};
}

/// The character of an ECHAR, 0 when it is none.
inline char echar(char c) {
  switch (c) {
    case 't': return '\t';
    case 'b': return '\b';
    case 'n': return '\n';
    case 'r': return '\r';
    case 'f': return '\f';
    case '"':
    case '\'':
    case '\\': return c;
    default: return 0;
  }
}

}  // namespace provgate::scan
