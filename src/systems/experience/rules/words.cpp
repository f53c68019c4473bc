// SPDX-License-Identifier: Apache-2.0
// XPR-011 to XPR-015: identities, platforms, domains, forms of databases.
#include <algorithm>

#include "systems/experience/domains.hpp"
#include "systems/experience/names.hpp"
#include "systems/experience/rules/rules.hpp"

namespace provgate::experience {
namespace {

constexpr std::string_view k_platforms[] = {"claude_code", "claude_desktop", "custom_gpt", "mcp"};

void judge_domain(const Says& says, Value row) {
  const auto domain = told(row, "domain");
  if (!domain.is(Kind::string)) return;
  const auto& all = domains();
  const auto found = all.find(domain.text());
  if (found == all.end()) {
    std::string names;
    for (const auto& [name, about] : all) names.append(names.empty() ? "one of " : ", ").append(name);
    return says("XPR-012", domain, quote(domain.text()) + " is not a domain of the taxonomy", "domain", names);
  }
  const auto subdomain = told(row, "subdomain");
  const auto& known = found->second.subdomains;
  if (!subdomain.is(Kind::string) || std::ranges::find(known, subdomain.text()) != known.end()) return;
  says("XPR-012", subdomain, quote(subdomain.text()) + " is not a subdomain of " + std::string(domain.text()),
       "subdomain");
}

}  // namespace

void judge_words(const Says& says, const Table& table, const Row& row) {
  for (const auto& column : table.columns) {
    if (column.holds != Holds::entity) continue;
    const auto value = told(row.value, column.name);
    if (value.is(Kind::string) && !is_chitty_id(value.text()))
      says("XPR-013", value, quote(value.text()) + " does not have the form of a ChittyID", column.name);
  }
  if (const auto platform = told(row.value, "source_platform");
      platform.is(Kind::string) && std::ranges::find(k_platforms, platform.text()) == std::end(k_platforms))
    says("XPR-011", platform, quote(platform.text()) + " is not one of the platforms that the schema names",
         "source_platform");
  judge_domain(says, row.value);
  for (const auto& column : row.converted) {
    const auto value = row.value.find(column);
    says("XPR-015", value, column + " is in the form of a database; it was read as " + std::string(value.text()),
         column);
  }
}

}  // namespace provgate::experience
