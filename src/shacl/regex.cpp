// SPDX-License-Identifier: Apache-2.0
#include "shacl/regex.hpp"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <cctype>
#include <utility>

namespace provgate::shacl {
namespace {

constexpr std::uint32_t k_match_limit = 5'000'000, k_heap_limit_kib = 64 * 1024;

PCRE2_SPTR bytes(std::string_view text) { return reinterpret_cast<PCRE2_SPTR>(text.data()); }

// Constructs that PCRE reads, but not as XPath does.
std::string misread(std::string_view pattern) {
  bool in_class = false, repeated = false;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const char c = pattern[i];
    const bool after_repeat = std::exchange(repeated, !in_class && (c == '*' || c == '+' || c == '?' || c == '}'));
    if (after_repeat && c == '+') return "a possessive quantifier (a++) is not part of SPARQL";
    if (!in_class && c == '(' && pattern.substr(i + 1, 1) == "?" && pattern.substr(i + 1, 2) != "?:")
      return "(?…) is not part of SPARQL; options stand in sh:flags, and there is no lookahead";
    if (in_class && c == '[' && pattern.substr(i + 1, 1) == ":")
      return "[:name:] is not one of SPARQL's classes; \\p{…} is";
    if (c == '\\') {
      const char next = i + 1 < pattern.size() ? pattern[i + 1] : '\0';
      const bool punctuation = std::ispunct(static_cast<unsigned char>(next)) != 0;  // stands for itself
      if (next != '\0' && !punctuation &&
          std::string_view("nrt\\|.?*+(){}-[]^$pPsSdDwWiIcC0123456789").find(next) == std::string_view::npos)
        return std::string("\\") + next + " is not an escape of SPARQL's regular expressions";
      if (next == 'c' || next == 'C' || next == 'i' || next == 'I')
        return std::string("\\") + next + " stands for XML name characters in XPath; write the class out";
      ++i;
    } else if (in_class && c == '-' && i + 1 < pattern.size() && pattern[i + 1] == '[') {
      return "character class subtraction ([a-z-[aeiou]]) is not supported; write the class out";
    } else if (c == '[') {
      in_class = true;
    } else if (c == ']') {
      in_class = false;
    }
  }
  return {};
}

constexpr std::string_view k_escapes = "nrt\\|.?*+(){}-[]^$pPsSdDwW";

struct MatchData {
  pcre2_match_data* data = pcre2_match_data_create(1, nullptr);
  pcre2_match_context* context = pcre2_match_context_create(nullptr);
  MatchData() {
    pcre2_set_match_limit(context, k_match_limit);
    pcre2_set_heap_limit(context, k_heap_limit_kib);
  }
  ~MatchData() {
    pcre2_match_context_free(context);
    pcre2_match_data_free(data);
  }
  MatchData(const MatchData&) = delete;
  MatchData& operator=(const MatchData&) = delete;
};

}  // namespace

struct Regex::Impl {
  pcre2_code* code = nullptr;
  ~Impl() { pcre2_code_free(code); }
};

Regex::~Regex() = default;

std::string odd_escape(std::string_view pattern) {
  for (std::size_t i = 0; i + 1 < pattern.size(); ++i) {
    if (pattern[i] != '\\') continue;
    const char next = pattern[++i];
    if (std::ispunct(static_cast<unsigned char>(next)) && k_escapes.find(next) == std::string_view::npos)
      return std::string("\\") + next;
  }
  return {};
}

Result<std::shared_ptr<const Regex>> Regex::compile(const std::string& pattern, std::string_view flags) {
  // "$" is the very end without m; \w and \d know Unicode; no escape reaches single bytes.
  std::uint32_t options = PCRE2_UTF | PCRE2_UCP | PCRE2_DOLLAR_ENDONLY | PCRE2_NEVER_BACKSLASH_C;
  bool literal = false;
  for (const char c : flags) {
    switch (c) {
      case 's': options |= PCRE2_DOTALL; break;
      case 'm': options |= PCRE2_MULTILINE; break;
      case 'i': options |= PCRE2_CASELESS; break;
      case 'x': options |= PCRE2_EXTENDED; break;
      case 'q': literal = true; break;
      default: return fail(Code::input, "sh:flags has " + quote({&c, 1}) + ", which is not one of s, m, i, x and q");
    }
  }
  if (literal) {
    options = PCRE2_UTF | PCRE2_LITERAL | (options & PCRE2_CASELESS);
  } else if (const auto why = misread(pattern); !why.empty()) {
    return fail(Code::input, why);
  }
  int number = 0;
  PCRE2_SIZE at = 0;
  std::shared_ptr<Regex> out(new Regex);
  out->impl_ = std::make_unique<Impl>();
  out->impl_->code = pcre2_compile(bytes(pattern), pattern.size(), options, &number, &at, nullptr);
  if (!out->impl_->code) {
    PCRE2_UCHAR text[256];
    pcre2_get_error_message(number, text, sizeof text);
    return fail(Code::input,
                "the regular expression does not compile: " + std::string(reinterpret_cast<const char*>(text)) +
                    " at character " + std::to_string(count_code_points(std::string_view(pattern).substr(0, at)) + 1));
  }
  pcre2_jit_compile(out->impl_->code, PCRE2_JIT_COMPLETE);  // where the machine cannot, the interpreter does it
  return std::shared_ptr<const Regex>(std::move(out));
}

Result<bool> Regex::search(std::string_view text) const {
  thread_local MatchData match;
  const int status =
      pcre2_match(impl_->code, bytes(text), text.size(), 0, PCRE2_NO_UTF_CHECK, match.data, match.context);
  if (status >= 0) return true;
  if (status == PCRE2_ERROR_NOMATCH) return false;
  PCRE2_UCHAR why[256];
  pcre2_get_error_message(status, why, sizeof why);
  return fail(Code::world, "sh:pattern could not be matched: " + std::string(reinterpret_cast<const char*>(why)),
              "make the pattern simpler: nested repetitions take exponential time");
}

}  // namespace provgate::shacl
