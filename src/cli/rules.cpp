// SPDX-License-Identifier: Apache-2.0
#include "cli/cli.hpp"
#include "provgate/report/report.hpp"

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
  if (const auto* rule = find_rule(context.flags.name)) {
    context.out << explain_rule(*rule);
    return k_ok;
  }
  std::vector<std::string_view> ids;
  for (const auto& rule : rules()) ids.push_back(rule.id);
  const auto near = closest(context.flags.name, ids);
  return report_error(context, {Code::usage,
                                "no rule " + quote(context.flags.name),
                                near ? "did you mean " + *near + "?" : "see provgate rules",
                                {},
                                {}});
}

}  // namespace provgate::cli
