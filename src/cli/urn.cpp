#include "cli/cli.hpp"

namespace provgate::cli {
namespace {

void describe(std::ostream& out, const Urn& urn) {
  out << printable(urn.text) << "\n  kind        " << name_of(urn.kind) << "\n";
  const auto part = [&](const char* name, const std::string& text) {
    if (!text.empty())
      out << "  " << name << std::string(12 - std::string_view(name).size(), ' ') << printable(text) << "\n";
  };
  part("kernel", urn.kernel);
  part("action", urn.action);
  part("step", urn.step);
  part("id", urn.id);
  part("version", urn.version);
  part("timestamp", urn.timestamp);
  part("hash", urn.hash);
  part("pin", urn.pin);
  part("navigation", urn.navigation);
  if (urn.canonical() != urn.text) part("canonical", urn.canonical());
  part("grammar", std::string(name_of(urn.profile)));
}

void describe(std::ostream& out, const std::string& text, const UrnFault& fault) {
  const auto column = count_code_points(std::string_view(text).substr(0, std::min(fault.position, text.size())));
  out << quote(text, 400) << "\n"
      << std::string(column + 1, ' ') << "^ character " << column + 1 << ": found " << printable(fault.why) << "\n";
  out << "  expected    " << printable(fault.expected) << "\n";
  if (!fault.suggestion.empty()) out << "  nearest     " << printable(fault.suggestion) << "\n";
}

}  // namespace

void flags_urn(CLI::App& app, Flags& flags) {
  app.add_option("URN", flags.paths, "URNs; - reads one a line")->required();
  app.add_option("--urns", flags.urns, "URN grammar: strict, lenient or legacy")->capture_default_str();
}

int run_urn(Context& context) {
  const auto profile = parse_urn_profile(context.flags.urns);
  if (!profile)
    return report_error(
        context,
        {Code::usage, "unknown URN grammar " + quote(context.flags.urns), "strict, lenient or legacy", {}, {}});
  std::vector<std::string> all;
  for (const auto& path : context.flags.paths) {
    if (path != "-") {
      all.push_back(path);
      continue;
    }
    const auto text = read_all(context.in);
    for (const auto line : split(text, '\n')) {
      if (!line.empty()) all.emplace_back(line.ends_with('\r') ? line.substr(0, line.size() - 1) : line);
    }
  }
  int code = all.empty() ? k_nothing : k_ok;
  for (const auto& text : all) {
    if (const auto urn = parse_urn(text, *profile)) {
      describe(context.out, *urn);
    } else {
      describe(context.out, text, urn.error());
      code = k_findings;
    }
  }
  return code;
}

}  // namespace provgate::cli
