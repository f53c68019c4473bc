// SPDX-License-Identifier: Apache-2.0
#include "cli/cli.hpp"
#include "provgate/requests/requests.hpp"

namespace provgate::cli {

int run_rules(Context& context) {
  for (const auto& rule : rules()) {
    const std::string severity(name_of(rule.severity));
    context.out << rule.id << std::string(14 - rule.id.size(), ' ') << severity << std::string(9 - severity.size(), ' ')
                << rule.title << "\n";
  }
  return k_ok;
}

int run_explain(Context& context) {
  const auto rule = named_rule(context.flags.name);
  if (!rule) return report_error(context, rule.error());
  context.out << explain_rule(**rule);
  return k_ok;
}

}  // namespace provgate::cli
