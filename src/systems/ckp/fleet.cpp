// SPDX-License-Identifier: Apache-2.0
#include "systems/ckp/fleet.hpp"

#include <charconv>
#include <iterator>

namespace provgate::ckp {
namespace {

template <class T>
void move_all(std::vector<T>& to, std::vector<T>& from) {
  to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}

std::string setting(const Settings& settings, std::string_view name, std::string_view otherwise = {}) {
  const auto found = settings.find(name);
  return found == settings.end() ? std::string(otherwise) : found->second;
}

Result<void> number(const Settings& settings, std::string_view name, std::uint64_t most, std::uint64_t& out) {
  const auto text = setting(settings, name);
  if (text.empty()) return {};
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (fault == std::errc{} && end == text.data() + text.size() && out >= 1 && out <= most) return {};
  return fail(Code::usage,
              "--" + std::string(name) + ": " + quote(text) + " is not a number from 1 to " + std::to_string(most));
}

}  // namespace

void RecordLists::take(RecordLists&& more) {
  move_all(instances, more.instances);
  move_all(actions, more.actions);
  move_all(tasks, more.tasks);
  move_all(goals, more.goals);
  move_all(decisions, more.decisions);
  move_all(proposals, more.proposals);
  move_all(proofs, more.proofs);
  move_all(others, more.others);
}

bool RecordLists::only_others() const {
  return instances.empty() && actions.empty() && tasks.empty() && goals.empty() && decisions.empty() &&
         proposals.empty();
}

Result<Options> options_of(const ReadOptions& read, const std::string& profile, const Settings& settings) {
  Options out;
  out.read = read;
  // A profile of another system says nothing about these records.
  if (!profile.empty()) out.profile = parse_profile(profile);
  const auto urns = setting(settings, "urns", "strict");
  const auto grammar = parse_urn_profile(urns);
  if (!grammar) return fail(Code::usage, "unknown URN grammar " + quote(urns), "strict, lenient or legacy");
  out.urns = *grammar;
  out.kernel_name = setting(settings, "kernel"), out.fleet_host = setting(settings, "fleet");
  if (!out.kernel_name.empty() && !is_kernel_name(out.kernel_name)) {
    return fail(Code::usage, "not a kernel name: " + quote(out.kernel_name),
                "segments that begin upper-case, such as Delvinator.Core");
  }
  if (!out.fleet_host.empty() && fleet_urn(out.fleet_host).empty()) {
    return fail(Code::usage, "not a hostname: " + quote(out.fleet_host));
  }
  const auto modelling = setting(settings, "modelling", "clean");
  if (modelling != "clean" && modelling != "verbatim") {
    return fail(Code::usage, "unknown modelling " + quote(modelling), "clean or verbatim");
  }
  CHECKED(number(settings, "kernel-shapes-timeout", 86'400'000, out.shapes_ms));
  CHECKED(number(settings, "kernel-shapes-memory", 1'000'000, out.shapes_mib));
  if (modelling == "verbatim") out.modelling = Modelling::verbatim;
  return out;
}

}  // namespace provgate::ckp
