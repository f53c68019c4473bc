// SPDX-License-Identifier: Apache-2.0
// The shapes of events say what the rules say: over every example, and over statements that no event makes.
#include "support/shape_run.hpp"

#include <algorithm>

namespace provgate::test {
namespace {

constexpr const char* k_shapes = "shapes/converge.ttl";

TEST(EventShapes, SayNothingThatNoRuleSays) {
  std::set<std::string> seen;
  for (const auto& rule : rules()) {
    if (rule.system != "events") continue;
    for (const auto* tree : {&rule.bad, &rule.good}) {
      FakeWorld world;
      world.disk.put_tree("logs", *tree);
      const auto report = check(world, "logs");
      std::set<std::string> found;
      for (const auto& f : report.findings) found.insert(f.rule);
      const auto said = shapes_say(converted(world, {"logs"}, {}), k_shapes);
      for (const auto& id : said.rules) EXPECT_TRUE(found.contains(id)) << rule.id << ": a shape says " << id;
      if (said.fail) EXPECT_GT(report.count(Severity::error), 0U) << rule.id;
      seen.insert(said.rules.begin(), said.rules.end());
    }
  }
  // What an event can say and the original reader takes.
  for (const auto* id : {"EVT-017", "EVT-019", "EVT-020"}) EXPECT_TRUE(seen.contains(id)) << id;
}

// Each shape, with a statement that breaks it and one that does not.
struct Statement {
  const char *rule, *bad, *good;
};
constexpr Statement k_statements[] = {
    {"EVT-001", "<urn:f> a conv:Fact .", "<urn:f> a conv:Fact ; prov:wasDerivedFrom <urn:p> ."},
    {"EVT-004", "<urn:s> a conv:ArtifactState ; conv:state \"Lost\" .",
     "<urn:s> a conv:ArtifactState ; conv:state \"Active\" ."},
    {"EVT-004", "<urn:d> conv:verdict \"Perhaps\" .", "<urn:d> conv:verdict \"Reject\" ."},
    {"EVT-006", "<urn:p> conv:sha256 \"abc\" .",
     "<urn:p> conv:sha256 \"00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff\" ."},
    {"EVT-007", "<urn:u> conv:score 1.5 .", "<urn:u> conv:score 1.0 ."},
    {"EVT-017", "<urn:r> a conv:ValidationReport ; conv:allPassed true ; conv:failedContract \"x\" .",
     "<urn:r> a conv:ValidationReport ; conv:allPassed false ; conv:failedContract \"x\" ."},
    {"EVT-018", "<urn:r> a conv:Recall ; conv:returned 3 ; conv:searched 2 .",
     "<urn:r> a conv:Recall ; conv:returned 2 ; conv:searched 2 ."},
    {"EVT-019", "<urn:r> a conv:Resolution ; conv:formedCycle 3 ; conv:resolvedCycle 2 .",
     "<urn:r> a conv:Resolution ; conv:formedCycle 2 ; conv:resolvedCycle 2 ."},
    {"EVT-020", "<urn:r> a conv:Resolution ; conv:outcome \"Falsified\" .",
     "<urn:r> a conv:Resolution ; conv:outcome \"Falsified\" ; prov:wasInfluencedBy <urn:t> ."},
    {"EVT-022",
     "<urn:e> a conv:ReplayabilityDowngraded . <urn:t> prov:wasGeneratedBy <urn:e> ; conv:replayability "
     "\"Deterministic\" .",
     "<urn:e> a conv:ReplayabilityDowngraded . <urn:t> prov:wasGeneratedBy <urn:e> ; conv:replayability \"None\" ."}};

TEST(EventShapes, EachIsBrokenAndKept) {
  std::set<std::string> broken;
  for (const auto& [rule, bad, good] : k_statements) {
    // What is read keeps the text it was read from.
    const auto say = [](const char* statements) {
      const auto text =
          "PREFIX prov: <http://www.w3.org/ns/prov#> PREFIX conv: <https://w3id.org/provgate/converge#> " +
          std::string(statements);
      FakeWorld world;
      LoadOptions load;
      load.texts.push_back({"test.ttl", text, RdfSyntax::turtle});
      auto parsed = load_rdf(world.disk, {}, load);
      EXPECT_TRUE(parsed) << statements;
      return shapes_say(std::move(*parsed), k_shapes);
    };
    const auto said = say(bad);
    EXPECT_TRUE(said.rules.contains(rule)) << bad;
    EXPECT_TRUE(said.fail) << bad;
    EXPECT_EQ(say(good).rules, std::set<std::string>{}) << good;
    broken.insert(rule);
  }
  EXPECT_EQ(broken, repeated_rules(k_shapes));
}

}  // namespace
}  // namespace provgate::test
