// SPDX-License-Identifier: Apache-2.0
#include "systems/ckp/system.hpp"

#include "systems/ckp/former_ledger.hpp"
#include "systems/ckp/reading.hpp"
#include "systems/ckp/trace.hpp"
#include "systems/ckp/verbs.hpp"

namespace provgate::ckp {
namespace {

constexpr Noun k_kinds[] = {{"action proof", "action proofs"},
                            {"action record", "action records"},
                            {"decision", "decisions"},
                            {"goal", "goals"},
                            {"instance", "instances"},
                            {"instance proof", "instance proofs"},
                            {"kernel", "kernels"},
                            {"proposal", "proposals"},
                            {"session", "sessions"},
                            {"task", "tasks"}};

constexpr Words k_words = {{"kernel", "kernels"},
                           {"instance", "instances"},
                           "fleet",
                           "check.provenance: conforming instances of those read",
                           "Fleet, kernel or instance",
                           "the kernel that stores these records cannot be told",
                           "name it with --kernel NAME"};

using enum SystemFlag::Use;
constexpr SystemFlag k_flags[] = {
    {"urns", "URN grammar: strict, lenient or legacy", "strict", reading},
    {"kernel", "Kernel name for records that do not lie in a kernel directory", "", reading},
    {"fleet", "Project hostname; names the graph", "", reading},
    {"kernel-shapes-timeout", "Milliseconds a kernel's own rules.shacl may take", "10000", judging},
    {"kernel-shapes-memory", "MiB the queries of a kernel's own rules.shacl may use", "512", judging},
    {"modelling", "clean (Entity, Activity and Agent apart) or verbatim (as documented)", "clean", converting}};

class CkpSystem final : public System {
 public:
  std::string_view name() const override { return "ckp"; }
  const Words& words() const override { return k_words; }
  const std::vector<Profile>& profiles() const override {
    static const std::vector<Profile> k_profiles = [] {
      std::vector<Profile> out;
      for (const auto version : {CkpVersion::v36, CkpVersion::v37, CkpVersion::v35}) {
        const std::string profile(name_of(version));
        const auto tag = profile.substr(profile.size() - 3, 1) + profile.back();
        out.push_back({profile, tag, "shapes/" + profile + ".ttl", standard_prefixes(version)});
      }
      return out;
    }();
    return k_profiles;
  }
  std::span<const Noun> kinds() const override { return k_kinds; }
  std::span<const SystemFlag> flags() const override { return k_flags; }
  std::span<const SystemVerb> verbs() const override { return ckp::verbs(); }
  bool reserves(std::string_view file_name) const override { return file_name == "rules.shacl"; }
  bool is_root(Disk& disk, const std::string& directory) const override { return is_kernel_root(disk, directory); }
  bool is_record(Value root, const std::string& path) const override {
    return classify(root, path) != RecordKind::none;
  }
  TraceLabel label(std::string_view iri, const std::vector<std::string>& classes) const override {
    return trace_label(iri, classes);
  }
  const TraceTerms& trace_terms() const override { return ckp::trace_terms(); }
  std::optional<std::string> canonical_iri(std::string_view text, std::string* near) const override {
    const auto urn = parse_urn(text, UrnProfile::legacy);
    if (!urn && near) *near = urn.error().nearest;
    return urn ? std::optional(urn->canonical()) : std::nullopt;
  }
  const FormerLedger* former_ledger() const override { return &ckp::former_ledger(); }
  Result<std::unique_ptr<Reading>> open(const World& world, const Asking& asking) const override {
    TRY(auto made, CkpReading::open(world, asking));
    return std::unique_ptr<Reading>(std::move(made));
  }
};

}  // namespace

const System& system() {
  static const CkpSystem k_system;
  return k_system;
}

}  // namespace provgate::ckp
