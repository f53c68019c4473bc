// SPDX-License-Identifier: Apache-2.0
// The nearest valid form of a bad URN, and names for the characters that make it bad.
#include <cstdio>
#include <functional>

#include "systems/ckp/urn/scan.hpp"

namespace provgate::ckp::urn_detail {

const std::vector<std::string_view> k_type_names = {
    "Kernel", "Action",     "Occurrent", "Instance", "Task",    "Goal",      "Actor",       "Role",
    "Edge",   "Domain",     "Project",   "Grant",    "Process", "Event",     "Transaction", "Message",
    "Check",  "Deployment", "Transfer",  "Mutation", "Phase",   "Capability"};

void Cursor::stop(std::string_view expected) {
  if (failed_) return;
  failed_ = true;
  fault_.offset = at_, fault_.why = describe_character(text_, at_), fault_.expected = expected;
}

namespace {

struct Twin {
  char32_t code;
  char ascii;
  const char* name;
};
// Letters of other scripts that look like ASCII ones, from what mixed-script names really contain.
constexpr Twin k_twins[] = {{0x0410, 'A', "CYRILLIC CAPITAL A"},
                            {0x0412, 'B', "CYRILLIC CAPITAL VE"},
                            {0x0415, 'E', "CYRILLIC CAPITAL IE"},
                            {0x041A, 'K', "CYRILLIC CAPITAL KA"},
                            {0x041C, 'M', "CYRILLIC CAPITAL EM"},
                            {0x041D, 'H', "CYRILLIC CAPITAL EN"},
                            {0x041E, 'O', "CYRILLIC CAPITAL O"},
                            {0x0420, 'P', "CYRILLIC CAPITAL ER"},
                            {0x0421, 'C', "CYRILLIC CAPITAL ES"},
                            {0x0422, 'T', "CYRILLIC CAPITAL TE"},
                            {0x0425, 'X', "CYRILLIC CAPITAL HA"},
                            {0x0430, 'a', "CYRILLIC SMALL A"},
                            {0x0435, 'e', "CYRILLIC SMALL IE"},
                            {0x043E, 'o', "CYRILLIC SMALL O"},
                            {0x0440, 'p', "CYRILLIC SMALL ER"},
                            {0x0441, 'c', "CYRILLIC SMALL ES"},
                            {0x0443, 'y', "CYRILLIC SMALL U"},
                            {0x0445, 'x', "CYRILLIC SMALL HA"},
                            {0x0456, 'i', "CYRILLIC SMALL BYELORUSSIAN-UKRAINIAN I"},
                            {0x0391, 'A', "GREEK CAPITAL ALPHA"},
                            {0x0392, 'B', "GREEK CAPITAL BETA"},
                            {0x0395, 'E', "GREEK CAPITAL EPSILON"},
                            {0x039A, 'K', "GREEK CAPITAL KAPPA"},
                            {0x039F, 'O', "GREEK CAPITAL OMICRON"},
                            {0x03A4, 'T', "GREEK CAPITAL TAU"},
                            {0x03BF, 'o', "GREEK SMALL OMICRON"},
                            {0x2010, '-', "HYPHEN"},
                            {0x2011, '-', "NON-BREAKING HYPHEN"},
                            {0x2013, '-', "EN DASH"},
                            {0x2014, '-', "EM DASH"},
                            {0x2212, '-', "MINUS SIGN"},
                            {0x2215, '/', "DIVISION SLASH"},
                            {0xFF03, '#', "FULLWIDTH NUMBER SIGN"},
                            {0xFF1A, ':', "FULLWIDTH COLON"},
                            {0xFF0F, '/', "FULLWIDTH SOLIDUS"}};
constexpr Twin k_hidden[] = {{0x00A0, 0, "NO-BREAK SPACE"},
                             {0x00AD, 0, "SOFT HYPHEN"},
                             {0x200B, 0, "ZERO WIDTH SPACE"},
                             {0x200C, 0, "ZERO WIDTH NON-JOINER"},
                             {0x200D, 0, "ZERO WIDTH JOINER"},
                             {0x2060, 0, "WORD JOINER"},
                             {0xFEFF, 0, "ZERO WIDTH NO-BREAK SPACE"},
                             {0x202E, 0, "RIGHT-TO-LEFT OVERRIDE"}};

bool hidden(char32_t code) {
  for (const auto& h : k_hidden) {
    if (h.code == code) return true;
  }
  return false;
}

// Replaces look-alikes by what they look like, drops hidden characters and blanks at the ends.
std::string ascii_form(std::string_view text) {
  std::string out;
  if (first_bad_utf8(text) != std::string_view::npos) return std::string(text);
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t from = at;
    const char32_t code = next_code_point(text, at);
    if (hidden(code)) continue;
    if (const char twin = ascii_twin(code)) {
      out += twin;
    } else {
      out += text.substr(from, at - from);
    }
  }
  return std::string(trim(out));
}

std::string fix_scheme(std::string t) {
  const auto sep = t.find("://");
  if (sep == std::string::npos) return t.find('#') != std::string::npos ? "ckp://" + t : t;
  return "ckp://" + t.substr(sep + 3);
}

std::string fix_type(std::string t) {
  const auto from = std::string_view("ckp://").size();
  const auto end = t.find('#');
  if (!t.starts_with("ckp://") || end == std::string::npos) return t;
  if (auto type = closest(std::string_view(t).substr(from, end - from), k_type_names))
    t.replace(from, end - from, *type);
  return t;
}

std::string fix_names(std::string t) {
  for (std::size_t at; (at = t.find("..")) != std::string::npos && t.find("../") == std::string::npos;) t.erase(at, 1);
  for (const std::string_view pair : {"#.", ".:", "./"}) {
    if (const auto at = t.find(pair); at != std::string::npos && t.find("/../") == std::string::npos)
      t.erase(at + (pair[0] == '.' ? 0 : 1), 1);
  }
  std::string out;
  for (const char c : t) {
    if (c != ' ') out += c;
  }
  return out;
}

std::string fix_version(std::string t) {
  if (!t.starts_with("ckp://Kernel#")) return t;
  const auto colon = t.find(':', 13);
  if (colon == std::string::npos) return t.find('/', 13) == std::string::npos ? t + ":v1.0" : t;
  if (colon + 1 < t.size() && digit(t[colon + 1])) t.insert(colon + 1, "v");
  std::size_t end = colon + 2;
  while (end < t.size() && digit(t[end])) ++end;
  if (end > colon + 2 && (end == t.size() || t[end] != '.')) t.insert(end, ".0");
  return t;
}

std::string fix_legacy(std::string t) {
  Urn old;
  if (!parse_legacy(t, old)) return t;
  if (t.starts_with("ckp://Agent/")) return "ckp://Actor#" + old.id;
  if (t.starts_with("ckp://Role/")) return "ckp://Role#" + old.id;
  if (t.starts_with("ckp://Edge.")) return "ckp://Edge#" + old.action;
  return "ckp://Kernel#" + old.kernel + ":" +
         (old.version.empty() ? "v1.0" : (old.version[0] == 'v' ? "" : "v") + old.version);
}

std::string fix_user(std::string t) {
  if (!t.starts_with("user:")) return t;
  return "ckp://Actor#" + t.substr(5, t.find('@') == std::string::npos ? t.size() : t.find('@') - 5);
}

std::string fix_tail(std::string t) {
  while (!t.empty() && (t.back() == '-' || t.back() == '/' || t.back() == '.')) t.pop_back();
  return t;
}

}  // namespace

char ascii_twin(char32_t code) {
  for (const auto& twin : k_twins) {
    if (twin.code == code) return twin.ascii;
  }
  return 0;
}

std::string describe_character(std::string_view text, std::size_t at) {
  if (at >= text.size()) return "the end";
  const char c = text[at];
  if (c == ' ') return "a space";
  if (c == '\n') return "a line end";
  if (c == '\r') return "a carriage return";
  if (c == '\t') return "a tab";
  if (c == '{' || c == '}') return std::string("'") + c + "', an unexpanded template";
  const auto byte = static_cast<unsigned char>(c);
  if (byte > 0x20 && byte < 0x7F) return std::string("'") + c + "'";
  char hexed[32];
  if (byte < 0x80 || first_bad_utf8(text) != std::string_view::npos) {
    std::snprintf(hexed, sizeof hexed, "the byte 0x%02X", byte);
    return hexed;
  }
  std::size_t next = at;
  const char32_t code = next_code_point(text, next);
  std::snprintf(hexed, sizeof hexed, "U+%04X", static_cast<unsigned>(code));
  std::string out = hexed;
  for (const auto& h : k_hidden) {
    if (h.code == code) return out + " " + h.name + ", which cannot be seen";
  }
  for (const auto& twin : k_twins) {
    if (twin.code == code) return out + " " + twin.name + ", which looks like '" + twin.ascii + "'";
  }
  return out + " (" + std::string(text.substr(at, next - at)) + ")";
}

std::string nearest_valid(std::string_view text) {
  if (text.size() > 2000 || text.find('{') != std::string_view::npos) return {};
  const std::function<std::string(std::string)> fixes[] = {fix_user,  fix_legacy,  fix_scheme, fix_type,
                                                           fix_names, fix_version, fix_tail};
  std::string t = ascii_form(text);
  for (const auto& fix : fixes) {
    if (parse_strict(t)) return t == text ? std::string{} : t;
    if (const auto candidate = fix(t); candidate != t) {
      t = candidate;
      if (t.size() > 4000) return {};
    }
  }
  return t != text && parse_strict(t) ? t : std::string{};
}

}  // namespace provgate::ckp::urn_detail
