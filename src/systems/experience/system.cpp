// SPDX-License-Identifier: Apache-2.0
#include "systems/experience/system.hpp"

#include "systems/experience/names.hpp"
#include "systems/experience/reading.hpp"
#include "systems/experience/store/keeping.hpp"
#include "systems/experience/store/verbs.hpp"

namespace provgate::experience {
namespace {

constexpr Words k_words = {{"table of experience", "tables of experience"},
                           {"record", "records"},
                           "tables",
                           "check: conforming records of those read",
                           "Table of experience",
                           "",
                           ""};

// What a thing is called, and what it is to the question where another comes from.
struct Thing {
  std::string_view kind, called;
  TraceRole role = TraceRole::other;
};
constexpr Thing k_things[] = {{"provenance", "Experience"},
                              {"attestation", "Attestation"},
                              {"accountability", "Action", TraceRole::action},
                              {"session", "Session", TraceRole::task},
                              {"platform", "Platform"},
                              {"target", "Target"},
                              {"algorithm", "Algorithm"}};

class ExperienceSystem final : public System {
 public:
  std::string_view name() const override { return "experience"; }
  const Words& words() const override { return k_words; }
  const std::vector<Profile>& profiles() const override {
    static const std::vector<Profile> k_profiles = {{std::string(k_profile),
                                                     "xp1",
                                                     "shapes/chitty.ttl",
                                                     {{"chitty", std::string(k_namespace)},
                                                      {"prov", std::string(vocab::prov)},
                                                      {"dcterms", std::string(vocab::dcterms)},
                                                      {"xsd", std::string(vocab::xsd)}}}};
    return k_profiles;
  }
  std::span<const SystemVerb> verbs() const override { return experience::verbs(); }
  std::string_view about_verbs() const override { return "Keep experience, attestations and accountability"; }
  const Keeping* keeping() const override { return &experience::keeping(); }
  bool is_record(Value root, const std::string&) const override {
    return root.is(Kind::object) && find_table(text_of(root, "table"));
  }
  const TraceTerms& trace_terms() const override {
    static const TraceTerms k_terms = [] {
      TraceTerms out;
      for (const auto* name : {"wasDerivedFrom", "wasGeneratedBy", "wasInvalidatedBy", "used", "wasInformedBy",
                               "wasInfluencedBy", "wasAssociatedWith", "specializationOf"})
        out.origins.push_back(std::string(vocab::prov) + name);
      out.origins.push_back(std::string(vocab::dcterms) + "isPartOf");
      return out;
    }();
    return k_terms;
  }
  TraceLabel label(std::string_view iri, const std::vector<std::string>&) const override {
    constexpr std::string_view k_drand = "urn:drand:";
    if (iri.starts_with(k_drand)) return {TraceRole::other, "Beacon round"};
    const auto kind = kind_in(iri);
    // What stands behind "#" is a part of a record.
    if (const auto part = iri.find('#'); part != std::string_view::npos && !kind.empty()) {
      std::string name(iri.substr(part + 1, iri.find('-', part) - part - 1));
      if (!name.empty() && name.front() >= 'a' && name.front() <= 'z')
        name.front() = static_cast<char>(name.front() - 'a' + 'A');
      return {TraceRole::other, std::move(name)};
    }
    for (const auto& one : k_things) {
      if (one.kind == kind) return {one.role, std::string(one.called), one.kind == "accountability"};
    }
    return iri.starts_with("urn:chitty:") && kind.empty() ? TraceLabel{TraceRole::other, "Identity"} : TraceLabel{};
  }
  Result<std::unique_ptr<Reading>> open(const World& world, const Asking& asking) const override {
    TRY(auto made, ExperienceReading::open(world, asking));
    return std::unique_ptr<Reading>(std::move(made));
  }
};

}  // namespace

const System& system() {
  static const ExperienceSystem k_system;
  return k_system;
}

}  // namespace provgate::experience
