// SPDX-License-Identifier: Apache-2.0
// Prefixes of all systems' profiles.
#include <algorithm>

#include "provgate/systems/system.hpp"

namespace provgate {
namespace {

bool named(const std::vector<Prefix>& prefixes, const std::string& name) {
  return std::any_of(prefixes.begin(), prefixes.end(), [&](const auto& p) { return p.name == name; });
}
bool has_iri(const std::vector<Prefix>& prefixes, const std::string& iri) {
  return std::any_of(prefixes.begin(), prefixes.end(), [&](const auto& p) { return p.iri == iri; });
}

void add(std::vector<Prefix>& out, const Profile& profile) {
  for (const auto& prefix : profile.prefixes) {
    if (!named(out, prefix.name)) out.push_back(prefix);
  }
}

// Whether a term lies in a namespace that only this profile of its system has.
bool is_of(const Graph& graph, const System& system, const Profile& profile) {
  for (const auto& prefix : profile.prefixes) {
    const auto& all = system.profiles();
    const bool shared = all.size() > 1 && std::all_of(all.begin(), all.end(), [&](const auto& other) {
                          return has_iri(other.prefixes, prefix.iri);
                        });
    if (shared) continue;
    const auto begin = "<" + prefix.iri;
    for (TermId id = 1; id <= graph.terms().size(); ++id) {
      if (graph.terms().text(id).starts_with(begin)) return true;
    }
  }
  return false;
}

}  // namespace

std::vector<Prefix> prefixes_of(const std::vector<std::string>& profiles) {
  std::vector<Prefix> out;
  for (const auto& name : profiles) {
    if (const auto found = find_profile(name)) add(out, *found->second);
  }
  return out;
}

std::vector<Prefix> usual_prefixes() {
  std::vector<Prefix> out;
  for (const auto* system : systems()) add(out, system->profiles().front());
  return out;
}

std::vector<Prefix> all_prefixes() {
  std::vector<Prefix> out;
  for (const auto* system : systems()) {
    for (const auto& profile : system->profiles()) {
      for (const auto& prefix : profile.prefixes) {
        if (has_iri(out, prefix.iri)) continue;
        out.push_back({named(out, prefix.name) ? prefix.name + profile.tag : prefix.name, prefix.iri});
      }
    }
  }
  return out;
}

std::vector<Prefix> fitting_prefixes(const Graph& graph) {
  std::vector<Prefix> out;
  for (const auto* system : systems()) {
    const auto& profiles = system->profiles();
    const auto found = std::find_if(profiles.begin(), profiles.end(),
                                    [&](const auto& profile) { return is_of(graph, *system, profile); });
    add(out, found == profiles.end() ? profiles.front() : *found);
  }
  return out;
}

std::string compact_iri(const std::string& iri) {
  for (const auto* system : systems()) {
    for (const auto& profile : system->profiles()) {
      for (const auto& prefix : profile.prefixes) {
        if (!iri.starts_with(prefix.iri)) continue;
        if (iri.find_first_of("#/", prefix.iri.size()) == std::string::npos) {
          return prefix.name + ":" + iri.substr(prefix.iri.size());
        }
      }
    }
  }
  return iri;
}

}  // namespace provgate
