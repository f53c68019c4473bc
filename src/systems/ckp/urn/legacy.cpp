// SPDX-License-Identifier: Apache-2.0
// The v1.x and v3.4 spellings that published ontology files still carry. Read only; never written.
#include <algorithm>

#include "systems/ckp/urn/scan.hpp"

namespace provgate::ckp::urn_detail {
namespace {

bool name_char(char c) { return alnum(c) || c == '_' || c == '-' || c == '.'; }

std::size_t take_name(std::string_view t) {
  std::size_t n = 0;
  while (n < t.size() && name_char(t[n])) ++n;
  return n;
}

// ":" [ "v" ] digits "." digits [ "." digits ]
bool take_version(std::string_view& t, std::string& version) {
  if (!t.starts_with(':')) return true;
  t.remove_prefix(1);
  std::size_t n = t.starts_with('v') ? 1 : 0;
  int parts = 0;
  while (true) {
    const std::size_t from = n;
    while (n < t.size() && digit(t[n])) ++n;
    if (n == from) return false;
    ++parts;
    if (n == t.size() || t[n] != '.' || n + 1 == t.size() || !digit(t[n + 1])) break;
    ++n;
  }
  if (parts < 2 || parts > 3) return false;
  version = std::string(t.substr(0, n));
  t.remove_prefix(n);
  return true;
}

bool agent_or_role(std::string_view t, Urn& out) {
  for (const std::string_view prefix : {"Agent/user:", "Agent/process:", "Role/"}) {
    if (!t.starts_with(prefix)) continue;
    t.remove_prefix(prefix.size());
    out.id = std::string(t);
    return !t.empty() && take_name(t) == t.size();
  }
  return false;
}

}  // namespace

bool parse_legacy(std::string_view text, Urn& out) {
  constexpr std::string_view k_scheme = "ckp://";
  if (!text.starts_with(k_scheme)) return false;
  out = Urn{};
  out.kind = UrnKind::legacy, out.profile = UrnProfile::legacy, out.text = std::string(text);
  auto t = text.substr(k_scheme.size());
  if (agent_or_role(t, out)) return true;
  if (t.starts_with("Edge.")) {
    // Edge.PREDICATE.Source[:v]-to-Target[:v]
    const auto to = t.find("-to-");
    const auto dot = t.find('.', 5);
    if (to == std::string_view::npos || dot == std::string_view::npos || dot > to) return false;
    out.action = std::string(t.substr(5, dot - 5));
    auto source = t.substr(dot + 1, to - dot - 1), target = t.substr(to + 4);
    for (auto* side : {&source, &target}) {
      const auto n = std::min(take_name(*side), side->find(':'));
      if (n == 0 || !letter(side->front())) return false;
      (side == &source ? out.kernel : out.id) = std::string(side->substr(0, n));
      side->remove_prefix(n);
      if (!take_version(*side, out.version) || !side->empty()) return false;
    }
    return true;
  }
  const auto n = take_name(t);
  if (n == 0 || !letter(t.front()) || t[n - 1] == '.' || t.substr(0, n).find("..") != std::string_view::npos)
    return false;
  out.kernel = std::string(t.substr(0, n));
  t.remove_prefix(n);
  // "ckp://Kernel#x" is a damaged v3 form, not a kernel named Kernel.
  if (t.starts_with('#') && std::find(k_type_names.begin(), k_type_names.end(), out.kernel) != k_type_names.end())
    return false;
  if (!take_version(t, out.version)) return false;
  if (t.starts_with('#')) {
    out.navigation = std::string(t.substr(1));
    t.remove_prefix(1);
    if (t.empty()) return false;
    while (!t.empty() && (name_char(t.front()) || t.front() == '/')) t.remove_prefix(1);
  } else if (out.version.empty() && out.kernel.find('.') == std::string::npos) {
    return false;  // "ckp://Kernel" alone names nothing
  }
  return t.empty();
}

}  // namespace provgate::ckp::urn_detail
