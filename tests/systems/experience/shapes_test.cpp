// SPDX-License-Identifier: Apache-2.0
// The shapes of experience say what the rules say: over every example, and over statements that no record makes.
#include "support/shape_run.hpp"

#include <algorithm>

namespace provgate::test {
namespace {

constexpr const char* k_shapes = "shapes/chitty.ttl";

TEST(ExperienceShapes, SayNothingThatNoRuleSays) {
  std::set<std::string> seen;
  for (const auto& rule : rules()) {
    if (rule.system != "experience") continue;
    for (const auto* tree : {&rule.bad, &rule.good}) {
      FakeWorld world;
      world.disk.put_tree("tables", *tree);
      const auto report = check(world, "tables");
      std::set<std::string> found;
      for (const auto& f : report.findings) found.insert(f.rule);
      const auto said = shapes_say(converted(world, {"tables"}, {}), k_shapes);
      for (const auto& id : said.rules) EXPECT_TRUE(found.contains(id)) << rule.id << ": a shape says " << id;
      if (said.fail) EXPECT_GT(report.count(Severity::error), 0U) << rule.id;
      seen.insert(said.rules.begin(), said.rules.end());
    }
  }
  // What is read and then breaks a rule is broken in the graph, too.
  for (const auto* id :
       {"XPR-020", "XPR-035", "XPR-037", "XPR-042", "XPR-043", "XPR-044", "XPR-045", "XPR-046", "XPR-050", "DRD-001"})
    EXPECT_TRUE(seen.contains(id)) << id;
}

// Each shape, with a statement that breaks it and one that does not.
struct Statement {
  const char *rule, *bad, *good;
};
constexpr Statement k_statements[] = {
    {"XPR-005", "<urn:e> a chitty:Experience ; chitty:experienceType \"insight\" ; chitty:chainDepth 0 .",
     "<urn:e> a chitty:Experience ; chitty:experienceType \"decision\" ; chitty:chainDepth 0 ."},
    {"XPR-005", "<urn:a> a chitty:Attestation ; chitty:skillLevel \"master\" .",
     "<urn:a> a chitty:Attestation ; chitty:skillLevel \"expert\" ."},
    {"XPR-005", "<urn:a> a chitty:Action ; chitty:actionCategory \"walk\" ; chitty:consequence \"success\" .",
     "<urn:a> a chitty:Action ; chitty:actionCategory \"read\" ; chitty:consequence \"success\" ."},
    {"XPR-005", "<urn:a> a chitty:Action ; chitty:actionCategory \"read\" ; chitty:consequence \"fine\" .",
     "<urn:a> a chitty:Action ; chitty:actionCategory \"read\" ; chitty:consequence \"partial\" ."},
    {"XPR-006", "<urn:e> chitty:complexity 11 .", "<urn:e> chitty:complexity 10 ."},
    {"XPR-006", "<urn:e> chitty:confidence 100.5 .", "<urn:e> chitty:confidence 100 ."},
    {"XPR-006", "<urn:e> chitty:proficiency -1 .", "<urn:e> chitty:proficiency 0 ."},
    {"XPR-008", "<urn:e> chitty:contentHash \"abc\" .",
     "<urn:e> chitty:contentHash \"00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff\" ."},
    {"XPR-020", "<urn:e> a chitty:Experience ; chitty:experienceType \"decision\" ; chitty:chainDepth 1 .",
     "<urn:e> a chitty:Experience ; chitty:experienceType \"decision\" ; chitty:chainDepth 1 ; prov:wasDerivedFrom "
     "<urn:d> ."},
    {"XPR-035", "<urn:v> a chitty:Verification ; prov:wasAssociatedWith <urn:p> .",
     "<urn:v> a chitty:Verification ; prov:wasAssociatedWith <urn:p> ; prov:endedAtTime \"2026-03-09T08:00:00Z\" ."},
    {"XPR-037", "<urn:v> a chitty:Dispute .", "<urn:v> a chitty:Dispute ; chitty:details \"no\" ."},
    {"XPR-042", "<urn:v> a chitty:PeerReview .", "<urn:v> a chitty:PeerReview ; prov:wasAssociatedWith <urn:p> ."},
    {"XPR-043", "<urn:v> a chitty:AdminGrant .", "<urn:v> a chitty:AdminGrant ; prov:wasAssociatedWith <urn:p> ."},
    {"XPR-044",
     "<urn:a> a chitty:Attestation ; chitty:skillLevel \"expert\" ; prov:generatedAtTime "
     "\"2026-03-09T08:00:00Z\"^^xsd:dateTime ; "
     "chitty:validUntil \"2026-03-08T08:00:00Z\"^^xsd:dateTime .",
     "<urn:a> a chitty:Attestation ; chitty:skillLevel \"expert\" ; prov:generatedAtTime "
     "\"2026-03-09T08:00:00Z\"^^xsd:dateTime ; "
     "chitty:validUntil \"2026-03-10T08:00:00Z\"^^xsd:dateTime ."},
    {"XPR-045",
     "<urn:a> a chitty:Attestation ; chitty:skillLevel \"expert\" ; prov:generatedAtTime "
     "\"2026-03-09T08:00:00Z\"^^xsd:dateTime ; "
     "prov:invalidatedAtTime \"2026-03-08T08:00:00Z\"^^xsd:dateTime .",
     "<urn:a> a chitty:Attestation ; chitty:skillLevel \"expert\" ; prov:generatedAtTime "
     "\"2026-03-09T08:00:00Z\"^^xsd:dateTime ; "
     "prov:invalidatedAtTime \"2026-03-09T08:00:00Z\"^^xsd:dateTime ."},
    {"XPR-046", "<urn:v> a chitty:Revocation .", "<urn:v> a chitty:Revocation ; chitty:reason \"no\" ."},
    {"XPR-050", "<urn:a> a chitty:Action ; chitty:actionCategory \"read\" ; chitty:consequence \"harm\" .",
     "<urn:a> a chitty:Action ; chitty:actionCategory \"read\" ; chitty:consequence \"harm\" ; chitty:harmSeverity 1 "
     "."},
    {"DRD-001", "<urn:b> a chitty:BeaconRound ; chitty:randomness \"abc\" .",
     "<urn:b> a chitty:BeaconRound ; chitty:randomness "
     "\"00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff\" ."}};

TEST(ExperienceShapes, EachIsBrokenAndKept) {
  std::set<std::string> broken;
  for (const auto& [rule, bad, good] : k_statements) {
    // What is read keeps the text it was read from.
    const auto spoken = [](const char* statements) {
      const auto text =
          "PREFIX prov: <http://www.w3.org/ns/prov#> PREFIX xsd: <http://www.w3.org/2001/XMLSchema#> "
          "PREFIX chitty: <https://w3id.org/provgate/chitty#> " +
          std::string(statements);
      FakeWorld world;
      LoadOptions load;
      load.texts.push_back({"test.ttl", text, RdfSyntax::turtle});
      auto parsed = load_rdf(world.disk, {}, load);
      EXPECT_TRUE(parsed) << statements;
      return shapes_say(std::move(*parsed), k_shapes);
    };
    const auto said = spoken(bad);
    EXPECT_TRUE(said.rules.contains(rule)) << bad;
    EXPECT_TRUE(said.fail) << bad;
    EXPECT_EQ(spoken(good).rules, std::set<std::string>{}) << good;
    broken.insert(rule);
  }
  EXPECT_EQ(broken, repeated_rules(k_shapes));
}

}  // namespace
}  // namespace provgate::test
