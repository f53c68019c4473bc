// SPDX-License-Identifier: Apache-2.0
// Every rule has an example that breaks it and one that keeps it, and both do.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "provgate/report/report.hpp"
#include "support/records.hpp"

namespace provgate::test {
namespace {

CheckReport run(const Rule& rule, const ExampleTree& tree, const std::string& given) {
  FakeWorld world;
  const std::string root = given.empty() ? "data" : given;
  world.disk.put_tree(root, tree);
  CheckOptions options;
  for (std::size_t i = 0; i + 1 < rule.arguments.size(); i += 2) {
    if (rule.arguments[i] == "--urns") options.settings["urns"] = rule.arguments[i + 1];
  }
  // Examples of shapes are RDF files, of which one is the data.
  for (std::size_t i = 0; i + 1 < rule.arguments.size(); i += 2) {
    if (rule.arguments[i] != "--shapes") continue;
    options.shapes.files = {root + "/" + rule.arguments[i + 1]};
    return check(world, root + "/data.ttl", options);
  }
  std::vector<std::string> paths = {root.substr(0, root.find('/'))};
  for (std::size_t i = 0; i + 1 < rule.arguments.size(); i += 2) {
    if (rule.arguments[i] == "path") paths.push_back(rule.arguments[i + 1]);
  }
  return check(world, paths, options);
}

bool has(const CheckReport& report, const std::string& id) {
  return std::any_of(report.findings.begin(), report.findings.end(), [&](const auto& f) { return f.rule == id; });
}

class EveryRule : public ::testing::TestWithParam<std::string> {};

TEST_P(EveryRule, BadExampleBreaksIt) {
  const auto& rule = *find_rule(GetParam());
  const auto report = run(rule, rule.bad, rule.bad_root.empty() ? rule.root : rule.bad_root);
  ASSERT_TRUE(has(report, rule.id)) << [&] {
    std::string all;
    for (const auto& f : report.findings) all += f.rule + " " + f.message + "\n";
    return all;
  }();
  for (const auto& f : report.findings) {
    if (f.rule != rule.id) continue;
    EXPECT_EQ(f.severity, rule.severity);
    EXPECT_FALSE(f.file.empty());
    EXPECT_FALSE(f.message.empty());
  }
}

TEST_P(EveryRule, GoodExampleKeepsIt) {
  const auto& rule = *find_rule(GetParam());
  const auto report = run(rule, rule.good, rule.root);
  EXPECT_FALSE(has(report, rule.id));
  EXPECT_GT(report.record_count + (report.shacl ? report.shacl->report.coverage.checks : 0), 0U);
  EXPECT_EQ(report.count(Severity::error), 0U) << rules_of(report, Severity::error).front();
}

TEST_P(EveryRule, IsExplained) {
  const auto& rule = *find_rule(GetParam());
  for (const auto* text : {&rule.title, &rule.why, &rule.source, &rule.fix}) EXPECT_FALSE(text->empty());
  const auto explained = explain_rule(rule);
  EXPECT_NE(explained.find("breaks it:"), std::string::npos);
  EXPECT_NE(explained.find("keeps it:"), std::string::npos);
}

std::vector<std::string> rule_ids() {
  std::vector<std::string> out;
  for (const auto& rule : rules()) out.push_back(rule.id);
  return out;
}
INSTANTIATE_TEST_SUITE_P(Catalogue, EveryRule, ::testing::ValuesIn(rule_ids()), [](const auto& info) {
  std::string name = info.param;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
});

TEST(Catalogue, IdsAreUniqueAndWellFormed) {
  std::set<std::string> seen;
  for (const auto& rule : rules()) {
    EXPECT_TRUE(seen.insert(rule.id).second) << rule.id;
    const auto dash = rule.id.find('-');
    EXPECT_EQ(rule.id.size(), dash + 4) << rule.id;
  }
}

// A rule the code reports must stand in the catalogue, else its severity would be a guess.
TEST(Catalogue, EveryRuleThatAnExampleRaisesIsKnown) {
  for (const auto& rule : rules()) {
    for (const auto& f : run(rule, rule.bad, rule.bad_root.empty() ? rule.root : rule.bad_root).findings)
      EXPECT_NE(find_rule(f.rule), nullptr) << f.rule;
  }
}

// ---- the REQUIRED lines of the provenance page's conformance table: rule, file and line -----------

struct Broken {
  std::string from, to, rule;
  std::uint32_t line;
};

class Conformance : public ::testing::TestWithParam<Broken> {};

TEST_P(Conformance, NamesRuleFileAndLine) {
  FakeWorld world;
  world.disk.put_tree("Acme.Notes", good_tree("PROV-001"));
  const std::string manifest = "Acme.Notes/storage/instances/i-note-7f3a-1760000000/manifest.json";
  auto text = world.disk.text(manifest);
  const auto at = text.find(GetParam().from);
  ASSERT_NE(at, std::string::npos);
  world.disk.put(manifest, text.replace(at, GetParam().from.size(), GetParam().to));
  const auto report = check(world, "Acme.Notes");
  bool found = false;
  for (const auto& f : report.findings) {
    if (f.rule != GetParam().rule) continue;
    found = true;
    EXPECT_EQ(f.file, manifest);
    EXPECT_EQ(f.at.line, GetParam().line);
    EXPECT_GT(f.at.column, 0U);
    EXPECT_EQ(f.severity, Severity::error);
  }
  EXPECT_TRUE(found);
  EXPECT_EQ(exit_code_of(report, Severity::error), 1);
  EXPECT_EQ(report.score.conforming, 0U);
}

INSTANTIATE_TEST_SUITE_P(
    ProvenancePage, Conformance,
    ::testing::Values(Broken{"  \"prov:wasGeneratedBy\": \"ckp://Action#Acme.Notes/note.write-1760000000\",\n", "",
                             "PROV-001", 1},
                      Broken{"\"ckp://Action#Acme.Notes/note.write-1760000000\"", "\"\"", "PROV-001", 5},
                      Broken{"\"ckp://Action#Acme.Notes/note.write-1760000000\"", "[]", "PROV-001", 5},
                      Broken{"\"ckp://Action#Acme.Notes/note.write-1760000000\"", "{}", "PROV-001", 5},
                      Broken{"\"ckp://Action#Acme.Notes/note.write-1760000000\"", "42", "PROV-001", 5},
                      Broken{"\"ckp://Action#Acme.Notes/note.write-1760000000\"", "\"  \"", "PROV-001", 5},
                      Broken{"  \"prov:wasAttributedTo\": \"ckp://Kernel#Acme.Notes:v1.0\",\n", "", "PROV-002", 1},
                      Broken{"\"ckp://Kernel#Acme.Notes:v1.0\",\n", "null,\n", "PROV-002", 6},
                      Broken{"  \"prov:generatedAtTime\": \"2025-10-09T08:53:20Z\",\n", "", "PROV-003", 1},
                      Broken{"\"2025-10-09T08:53:20Z\"", "\"\"", "PROV-003", 7},
                      Broken{"\"2025-10-09T08:53:20Z\"", "1760000000", "PROV-006", 7},
                      Broken{"\"2025-10-09T08:53:20Z\"", "\"2025-02-30T08:53:20Z\"", "PROV-006", 7},
                      Broken{"ckp://Action#Acme.Notes/note.write-1760000000", "https://example.org/a", "URN-001", 5},
                      Broken{"ckp://Action#Acme.Notes/note.write-1760000000", "ckp://Actor#operator", "PROV-004", 5},
                      Broken{"ckp://Kernel#Acme.Notes:v1.0", "ckp://Kernel#Acme.Other:v1.0", "PROV-005", 6},
                      Broken{"ckp://Kernel#Acme.Notes:v1.0", "ckp://Actor#operator", "PROV-005", 6},
                      Broken{"ckp://Kernel#Acme.Notes:v1.0", "user:operator@example.org", "URN-001", 6}));

}  // namespace
}  // namespace provgate::test
