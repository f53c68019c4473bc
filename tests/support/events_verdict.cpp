// SPDX-License-Identifier: Apache-2.0
// What provgate says of each line of standard input, `TYPE<tab>JSON`, in the words of
// tests/differential/converge-oracle: `accept<tab>CANONICAL` or `refuse<tab>REASON`. An argument names the profile.
#include <iostream>

#include "systems/events/store/kept_event.hpp"
#include "systems/events/wire/hold.hpp"

namespace provgate::events {
namespace {

const Form* form_called(std::string_view name) {
  if (name == "engine") return &k_engine_envelope;
  if (name == "user") return &k_user_envelope;
  if (name == "record") return &k_record;
  if (name == "query") return &k_event_query;
  if (name == "artifact_query") return &k_artifact_query;
  return nullptr;
}

std::string verdict(std::string_view line, const Wire& wire) {
  const auto tab = line.find('\t');
  const auto* form = form_called(line.substr(0, tab));
  if (!form || tab == std::string_view::npos) return "refuse\tno such type";
  const auto doc = read_json("-", std::string(line.substr(tab + 1)));
  if (!doc) return "refuse\t" + doc.error().why;
  if (!doc->non_finite().empty()) return "refuse\tnot JSON";
  for (const auto& problem : hold(doc->root(), *form, wire).problems) {
    if (refuses(problem.kind, wire)) return "refuse\t" + problem.path + " " + problem.message;
  }
  std::string out = "accept\t";
  append_canonical(out, doc->root(), *form, wire);
  return out;
}

}  // namespace
}  // namespace provgate::events

int main(int argc, char** argv) {
  const auto rules = provgate::events::rulebook_of(argc > 1 ? argv[1] : "");
  if (!rules) return 2;
  for (std::string line; std::getline(std::cin, line);)
    std::cout << provgate::events::verdict(line, rules->wire) << "\n";
  return std::cout.flush() ? 0 : 1;
}
