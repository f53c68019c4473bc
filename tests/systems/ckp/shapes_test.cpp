// SPDX-License-Identifier: Apache-2.0
// The shapes we ship say what the rules say: every example of a rule that a shape repeats, through both.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <filesystem>
#include <iostream>
#include <set>

#include "base/embedded.hpp"
#include "support/records.hpp"
#include "support/shape_run.hpp"
#include "systems/ckp/assemble.hpp"

namespace provgate::test {
namespace {

using namespace ckp;

struct Verdicts {
  std::set<std::string> rules, shapes;           ///< ids of what was found, of every severity
  bool rules_fail = false, shapes_fail = false;  ///< an error among them that a shape can repeat
};

// Triples, each once.
std::set<std::string> triples(const Graph& graph) {
  std::set<std::string> out;
  const auto& terms = graph.terms();
  for (const auto& q : graph.quads())
    out.insert(std::string(terms.text(q.s)) + " " + std::string(terms.text(q.p)) + " " + std::string(terms.text(q.o)));
  return out;
}

// The rules on their own; the shapes on their own, over the same records as a graph.
Verdicts judge(const Rule& rule, const ExampleTree& tree, CkpVersion version, const std::set<std::string>& repeated) {
  FakeWorld world;
  world.disk.put_tree("fleet/Acme.Notes", tree);
  CheckOptions options;
  options.profile = std::string(name_of(version));
  for (std::size_t i = 0; i + 1 < rule.arguments.size(); i += 2) {
    if (rule.arguments[i] == "--urns") options.settings["urns"] = rule.arguments[i + 1];
  }
  const auto report = check(world, "fleet", options);
  Verdicts out;
  for (const auto& f : report.findings) {
    // What a shape found alone has a shape beside it.
    if (!f.source.shape.empty()) continue;
    out.rules.insert(f.rule);
    out.rules_fail = out.rules_fail || (f.severity == Severity::error && repeated.contains(f.rule));
  }
  RdfData data;
  data.graph = converted(world, {"fleet"}, options);
  // What was put together while the records were read is the same.
  if (report.shacl) EXPECT_EQ(triples(report.shacl->data->graph), triples(data.graph)) << rule.id;
  const auto said = shapes_say(std::move(data.graph), "shapes/" + std::string(name_of(version)) + ".ttl");
  out.shapes = said.rules, out.shapes_fail = said.fail;
  return out;
}

TEST(Shapes, SayWhatTheRulesSay) {
  auto repeated = repeated_rules("shapes/ckp-v3.6.ttl");
  repeated.merge(repeated_rules("shapes/ckp-v3.7.ttl"));
  EXPECT_GT(repeated.size(), 15U);
  std::set<std::string> seen;
  for (const auto version : {CkpVersion::v36, CkpVersion::v37}) {
    for (const auto& rule : rules()) {
      if (rule.id.starts_with("SHACL") || (!rule.system.empty() && rule.system != "ckp")) continue;
      for (const auto* tree : {&rule.bad, &rule.good}) {
        if (tree == &rule.bad && !rule.bad_root.empty()) continue;
        const auto verdicts = judge(rule, *tree, version, repeated);
        const auto what = rule.id + (tree == &rule.bad ? " bad" : " good") + " " + std::string(name_of(version));
        // No shape speaks where no rule does, and errors are errors in both.
        for (const auto& id : verdicts.shapes) {
          // A directory without provenance lacks each field of it.
          if (verdicts.rules.contains("PROV-015") && (id == "PROV-001" || id == "PROV-002" || id == "PROV-003"))
            continue;
          EXPECT_TRUE(verdicts.rules.contains(id)) << what << ": a shape says " << id << ", no rule does";
        }
        if (tree == &rule.bad && repeated.contains(rule.id) && verdicts.shapes.contains(rule.id)) seen.insert(rule.id);
        if (!verdicts.rules_fail && !verdicts.rules.contains("PROV-015")) EXPECT_FALSE(verdicts.shapes_fail) << what;
      }
    }
  }
  // Rules whose examples do not show in the graph: records of the kind fail in both all the same.
  const auto also = [&](const std::string& id, std::initializer_list<std::array<const char*, 3>> edits) {
    auto rule = *find_rule(id);
    auto tree = rule.good;
    for (const auto& [path, from, to] : edits) {
      auto& text = tree.at(path);
      const auto at = text.find(from);
      ASSERT_NE(at, std::string::npos) << path;
      text.replace(at, std::strlen(from), to);
    }
    const auto verdicts = judge(rule, tree, CkpVersion::v36, repeated);
    EXPECT_TRUE(verdicts.rules.contains(id)) << id;
    if (verdicts.shapes.contains(id)) seen.insert(id);
  };
  also("TASK-002", {{"storage/tasks/T-1a2b.json", "\"executor\": \"operator\",", ""},
                    {"consensus/decisions/D-77.yaml", "    executor: operator\n", ""}});
  also("PROV-005", {{"storage/instances/i-note-7f3a-1760000000/manifest.json", "ckp://Kernel#Acme.Notes:v1.0\"",
                     "ckp://Goal#G-01\""}});
  std::string unseen;
  for (const auto& id : repeated) {
    if (!seen.contains(id)) unseen += id + " ";
  }
  EXPECT_EQ(unseen, "") << "no example of these fails in a shape";
}

TEST(Shapes, TheGraphMadeWhileReadingIsTheOneMadeAfterwards) {
  const std::filesystem::path root(PROVGATE_SOURCE_DIR);
  std::vector<std::string> trees = {(root / "examples/delvinator/fleet").string()};
  if (const auto samples = root / "../shared/samples"; std::filesystem::is_directory(samples)) {
    for (const auto& entry : std::filesystem::directory_iterator(samples)) {
      if (entry.is_directory()) trees.push_back(entry.path().string());
    }
  } else {
    std::cerr << "no sample records beside this checkout: the example only\n";
  }
  const World world = real_world();
  std::size_t compared = 0;
  for (const auto& tree : trees) {
    for (const unsigned threads : {1U, 2U}) {
      CheckOptions options;
      options.threads = threads;
      const auto report = check_paths(world, {tree}, {}, options);
      if (!report || !report->shacl) continue;
      const auto made = convert_paths(world, {tree}, {}, options);
      ASSERT_TRUE(made);
      EXPECT_EQ(triples(report->shacl->data->graph), triples(made->graph)) << tree;
      ++compared;
    }
  }
  EXPECT_GE(compared, 2U);
}

TEST(Shapes, BothProfilesAreOneText) {
  std::string v36, v37;
  for (const auto& file : embedded_files()) {
    if (file.path == "shapes/ckp-v3.6.ttl") v36 = file.text;
    if (file.path == "shapes/ckp-v3.7.ttl") v37 = file.text;
  }
  for (auto at = v36.find("v3.6"); at != std::string::npos; at = v36.find("v3.6", at)) v36.replace(at, 4, "v3.7");
  EXPECT_EQ(v36, v37);
}

}  // namespace
}  // namespace provgate::test
