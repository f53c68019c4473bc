#include <fstream>

#include "cli/cli.hpp"
#include "provgate/report.hpp"

namespace provgate::cli {

void flags_check(CLI::App& app, Flags& flags) {
  add_paths(app, flags, true, true);
  add_reading(app, flags);
  add_quiet(app, flags);
  app.add_option("--fail-on", flags.fail_on, "Least severity that fails: error, warning or info")->capture_default_str();
  app.add_option("-o,--output", flags.outputs, "FORMAT[=FILE], human or json; may be given several times")->type_size(1)->allow_extra_args(false);
}

int run_check(Context& context) {
  const auto& flags = context.flags;
  const auto options = check_options(flags);
  if (!options) return report_error(context, options.error());
  const auto fail_on = severity_of(flags.fail_on);
  if (!fail_on) return report_error(context, fail_on.error());
  auto outputs = flags.outputs;
  if (outputs.empty()) outputs.emplace_back("human");
  for (const auto& output : outputs) {
    const auto format = output.substr(0, output.find('='));
    if (format != "human" && format != "json") return report_error(context, {Code::usage, "unknown output format " + quote(format), "human or json", {}, {}});
  }
  const bool stdin_wanted = std::find(flags.paths.begin(), flags.paths.end(), "-") != flags.paths.end();
  auto report = check_paths(context.world, flags.paths, stdin_wanted ? read_all(context.in) : std::string{}, *options);
  if (!report) return report_error(context, report.error());
  fill_snippets(context.world.disk, report->findings);
  for (const auto& output : outputs) {
    const auto equals = output.find('=');
    const bool json = output.starts_with("json"), to_file = equals != std::string::npos;
    const auto text = json ? report_json(*report, flags.profile) : report_human(*report, {!to_file && colour_wanted(), flags.quiet, Severity::info});
    if (!to_file) {
      context.out << text;
    } else if (auto written = context.world.disk.write(output.substr(equals + 1), text); !written) {
      return report_error(context, written.error());
    }
  }
  return exit_code_of(*report, *fail_on);
}

}  // namespace provgate::cli
