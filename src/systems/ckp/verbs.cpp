// SPDX-License-Identifier: Apache-2.0
// provgate urn: what a URN says, part by part.
#include "systems/ckp/verbs.hpp"

#include "systems/ckp/urn/urn.hpp"

namespace provgate::ckp {
namespace {

std::string described(const Urn& urn) {
  std::string out = printable(urn.text) + "\n  kind        " + std::string(name_of(urn.kind)) + "\n";
  const auto part = [&](std::string_view name, const std::string& text) {
    if (!text.empty()) {
      out += "  " + std::string(name) + std::string(12 - name.size(), ' ') + printable(text) + "\n";
    }
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
  return out;
}

std::string described(const std::string& text, const Fault& fault) {
  const auto column = count_code_points(std::string_view(text).substr(0, std::min(fault.offset, text.size())));
  auto out = quote(text, 400) + "\n" + std::string(column + 1, ' ') + "^ character " + std::to_string(column + 1) +
             ": found " + printable(fault.why) + "\n  expected    " + printable(fault.expected) + "\n";
  if (!fault.nearest.empty()) out += "  nearest     " + printable(fault.nearest) + "\n";
  return out;
}

Result<VerbAnswer> urn(const World&, const VerbRequest& request) {
  const auto setting = request.settings.find("urns");
  const auto wanted = setting == request.settings.end() ? std::string("strict") : setting->second;
  const auto profile = parse_urn_profile(wanted);
  if (!profile) return fail(Code::usage, "unknown URN grammar " + quote(wanted), "strict, lenient or legacy");
  std::vector<std::string> all;
  for (const auto& argument : request.arguments) {
    if (argument != "-") {
      all.push_back(argument);
      continue;
    }
    const auto text = request.standard_input();
    for (const auto line : split(text, '\n')) {
      if (!line.empty()) all.emplace_back(line.ends_with('\r') ? line.substr(0, line.size() - 1) : line);
    }
  }
  VerbAnswer out;
  if (all.empty()) out.code = Code::nothing;
  for (const auto& text : all) {
    const auto parsed = parse_urn(text, *profile);
    out.text += parsed ? described(*parsed) : described(text, parsed.error());
    out.findings = out.findings || !parsed;
  }
  return out;
}

constexpr SystemFlag k_urn_flags[] = {
    {"urns", "URN grammar: strict, lenient or legacy", "strict", SystemFlag::Use::reading}};
constexpr SystemVerb k_verbs[] = {{"urn", "Explain CKP URNs", "URN", "URNs; - reads one a line", k_urn_flags, &urn}};

}  // namespace

std::span<const SystemVerb> verbs() { return k_verbs; }

}  // namespace provgate::ckp
