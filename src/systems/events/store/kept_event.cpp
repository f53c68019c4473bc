// SPDX-License-Identifier: Apache-2.0
#include "systems/events/store/kept_event.hpp"

#include <algorithm>

#include "systems/events/reading.hpp"
#include "systems/events/system.hpp"

namespace provgate::events {

Result<Rulebook> rulebook_of(std::string_view profile) {
  const auto name = profile.empty() ? k_newest : profile;
  const auto& all = events::system().profiles();
  if (std::ranges::none_of(all, [&](const auto& one) { return one.name == name; })) {
    std::string names;
    for (const auto& one : all) names += (names.empty() ? "" : ", ") + one.name;
    return fail(Code::usage, "unknown profile " + quote(name), names);
  }
  Rulebook out;
  out.wire.unit_range = out.wire.prior_weight = name == k_newest;
  out.wire.former_names = name == "converge-3.5";
  return out;
}

Result<KeptEvent> read_kept(std::string_view bytes, std::string_view profile) {
  TRY(auto rules, rulebook_of(profile));
  rules.judge = rules.digest = false;
  KeptEvent out;
  out.file = std::make_unique<SourceFile>();
  TRY(auto document, read_json("record", std::string(bytes)));
  out.file->doc = std::make_unique<Document>(std::move(document));
  Sink sink("");
  out.judged = judge(*out.file, rules, sink);
  if (out.judged.event.refused || !out.judged.envelope || out.judged.event.id.empty())
    return fail(Code::integrity, "a kept record is not an event", "restore the store from a copy");
  return out;
}

// Between members white space means nothing, and within strings there is no line end.
std::string on_one_line(std::string_view event) {
  std::string out(event);
  std::ranges::replace(out, '\n', ' ');
  std::ranges::replace(out, '\r', ' ');
  return out;
}

}  // namespace provgate::events
