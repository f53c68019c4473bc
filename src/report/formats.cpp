// SPDX-License-Identifier: Apache-2.0
// The formats of reports, one line each.
#include "provgate/report/report.hpp"

namespace provgate {
namespace {

std::string human(const CheckReport& report, const ReportContext& context) {
  return report_human(report, context.human);
}
std::string json(const CheckReport& report, const ReportContext& context) {
  return report_json(report, context.profile, context.fail_on);
}
template <Syntax syntax>
std::string rdf(const CheckReport& report, const ReportContext& context) {
  return report_rdf(report, syntax, context.run);
}

constexpr ReportFormat k_formats[] = {{"human", "text", false, &human},
                                      {"json", "", false, &json},
                                      {"turtle", "", true, &rdf<Syntax::turtle>},
                                      {"ntriples", "", true, &rdf<Syntax::ntriples>},
                                      {"jsonld", "", true, &rdf<Syntax::jsonld>}};

}  // namespace

std::span<const ReportFormat> report_formats() { return k_formats; }

const ReportFormat* find_report_format(std::string_view name) {
  for (const auto& format : k_formats) {
    if (!name.empty() && (format.name == name || format.other_name == name)) return &format;
  }
  return nullptr;
}

}  // namespace provgate
