// SPDX-License-Identifier: Apache-2.0
#include "systems/events/system.hpp"

#include "systems/events/reading.hpp"
#include "systems/events/store/keeping.hpp"
#include "systems/events/store/verbs.hpp"

namespace provgate::events {
namespace {

constexpr Words k_words = {{"event log", "event logs"},
                           {"event", "events"},
                           "logs",
                           "check: conforming events of those read",
                           "Event log",
                           "",
                           ""};

using enum SystemFlag::Use;
constexpr SystemFlag k_flags[] = {
    {"ids", "Ids of events: store (as the original store takes them) or any", "store", judging}};

// What a thing is called, and what it is to the question where another comes from.
struct Thing {
  std::string_view kind, called;
  TraceRole role = TraceRole::other;
};
constexpr Thing k_things[] = {{"event", "Event", TraceRole::action},
                              {"chain", "Chain", TraceRole::task},
                              {"run", "Run"},
                              {"proposal", "Proposal"},
                              {"fact", "Fact"},
                              {"trace", "Replay trace"},
                              {"artifact", "Artifact"},
                              {"policy", "Policy"},
                              {"policy-snapshot", "Policy snapshot"},
                              {"gate", "Gate request", TraceRole::decision},
                              {"constraint", "Constraint"},
                              {"actor", "Actor"},
                              {"model", "Model"},
                              {"backend", "Backend"},
                              {"embedder", "Embedder"},
                              {"candidate", "Candidate"},
                              {"corpus", "Corpus"},
                              {"tension", "Tension"},
                              {"pack", "Pack"},
                              {"intent", "Intent"}};

class EventSystem final : public System {
 public:
  std::string_view name() const override { return "events"; }
  const Words& words() const override { return k_words; }
  const std::vector<Profile>& profiles() const override {
    static const std::vector<Profile> k_profiles = [] {
      const std::vector<Prefix> prefixes = {{"conv", std::string(k_namespace)},
                                            {"prov", std::string(vocab::prov)},
                                            {"dcterms", std::string(vocab::dcterms)},
                                            {"xsd", std::string(vocab::xsd)}};
      std::vector<Profile> out;
      for (const auto& [name, tag] :
           {std::pair("converge-3.9", "39"), std::pair("converge-3.7", "37c"), std::pair("converge-3.5", "35c")}) {
        // What 3.5 had any text for has a list of values since.
        out.push_back({name, tag, std::string_view(name) == "converge-3.5" ? "" : "shapes/converge.ttl", prefixes});
      }
      return out;
    }();
    return k_profiles;
  }
  std::span<const SystemFlag> flags() const override { return k_flags; }
  std::span<const SystemVerb> verbs() const override { return events::verbs(); }
  std::string_view about_verbs() const override { return "Keep experience events, and find them again"; }
  const Keeping* keeping() const override { return &events::keeping(); }
  bool is_record(Value root, const std::string&) const override { return is_event(root); }
  const TraceTerms& trace_terms() const override {
    static const TraceTerms k_terms = [] {
      TraceTerms out;
      for (const auto* name : {"wasGeneratedBy", "wasDerivedFrom", "wasRevisionOf", "used", "wasInformedBy",
                               "wasAssociatedWith", "specializationOf"})
        out.origins.push_back(std::string(vocab::prov) + name);
      out.origins.push_back(std::string(k_namespace) + "decision");
      return out;
    }();
    return k_terms;
  }
  TraceLabel label(std::string_view iri, const std::vector<std::string>&) const override {
    // What stands behind "#" is a part of an event.
    if (const auto part = iri.find('#'); part != std::string_view::npos && !kind_in(iri).empty())
      return {TraceRole::other, part_name(iri.substr(part + 1))};
    const auto kind = kind_in(iri);
    for (const auto& one : k_things) {
      if (one.kind == kind) return {one.role, std::string(one.called), kind == "event"};
    }
    return {};
  }
  Result<std::unique_ptr<Reading>> open(const World& world, const Asking& asking) const override {
    TRY(auto made, EventReading::open(world, asking));
    return std::unique_ptr<Reading>(std::move(made));
  }

 private:
  static std::string part_name(std::string_view part) {
    std::string out(part);
    if (!out.empty() && out.front() >= 'a' && out.front() <= 'z')
      out.front() = static_cast<char>(out.front() - 'a' + 'A');
    return out;
  }
};

}  // namespace

const System& system() {
  static const EventSystem k_system;
  return k_system;
}

}  // namespace provgate::events
