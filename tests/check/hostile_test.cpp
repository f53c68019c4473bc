// SPDX-License-Identifier: Apache-2.0
// Hostile and odd input: one located finding each, the other records still judged, nothing followed or believed.
#include <gtest/gtest.h>

#include "base/digest.hpp"
#include "provgate/report/report.hpp"
#include "support/records.hpp"
#include "systems/ckp/rules/chains.hpp"
#include "systems/ckp/rules/python_json.hpp"

namespace provgate::test {
namespace {

using namespace ckp;

const std::string k_manifest = "Acme.Notes/storage/instances/i-note-7f3a-1760000000/manifest.json";

// The seed tree with one more, broken, instance beside it.
CheckReport with(const std::string& text, std::uint64_t limit = 64ULL << 20) {
  FakeWorld world;
  world.disk.put_tree("Acme.Notes", good_tree("PROV-001"));
  world.disk.put("Acme.Notes/storage/instances/i-bad/manifest.json", text);
  CheckOptions options;
  options.read.max_file_size = limit;
  return check(world, "Acme.Notes", options);
}

TEST(Hostile, OneLocatedFindingAndTheRunGoesOn) {
  const std::string nested = "{\"a\": " + std::string(200'000, '[') + std::string(200'000, ']') + "}";
  for (const auto& text : {std::string("{\"a\": \"\xFF\"}"), std::string("{\"a\": \"\0\"}", 10), nested,
                           std::string("{\n// no\n}"), std::string("{\"a\": 1"), std::string("[]x"), std::string("")}) {
    const auto report = with(text);
    std::size_t unreadable = 0;
    for (const auto& f : report.findings) {
      if (!f.unreadable) continue;
      ++unreadable;
      EXPECT_EQ(f.rule, "INPUT-001");
      EXPECT_EQ(f.file, "Acme.Notes/storage/instances/i-bad/manifest.json");
      EXPECT_GT(f.at.line, 0U);
    }
    EXPECT_EQ(unreadable, 1U);
    EXPECT_EQ(report.score.conforming, 1U) << "the other instance is judged all the same";
    EXPECT_EQ(exit_code_of(report, Severity::error), 3);
  }
}

TEST(Hostile, SizeLimitIsSaid) {
  const auto report = with("{\"a\": \"" + std::string(5000, 'x') + "\"}", 4096);
  const auto found =
      std::find_if(report.findings.begin(), report.findings.end(), [](const auto& f) { return f.unreadable; });
  ASSERT_NE(found, report.findings.end());
  EXPECT_EQ(found->rule, "INPUT-003");
  EXPECT_NE(found->message.find("4096"), std::string::npos);
}

TEST(Hostile, LinksAreNotFollowed) {
  FakeWorld world;
  world.disk.put_tree("Acme.Notes", good_tree("PROV-001"));
  world.disk.put("outside/secret.json", "{}");
  world.disk.link("Acme.Notes/storage/instances/out", "outside");
  world.disk.link("Acme.Notes/storage/instances/loop", "Acme.Notes/storage/instances");
  world.disk.link("Acme.Notes/storage/instances/dangling", "nowhere");
  world.disk.nodes()["outside"].type = FileType::directory;
  const auto report = check(world, "Acme.Notes");
  std::map<std::string, std::string> by_name;
  for (const auto& f : report.findings) {
    if (f.rule.starts_with("INPUT")) by_name[base_name(f.file)] = f.rule;
  }
  EXPECT_EQ(by_name, (std::map<std::string, std::string>{
                         {"dangling", "INPUT-003"}, {"loop", "INPUT-004"}, {"out", "INPUT-003"}}));
  EXPECT_EQ(report.score.of, 1U);
}

TEST(Hostile, UnreadablePlacesAreNamed) {
  FakeWorld world;
  world.disk.put_tree("Acme.Notes", good_tree("PROV-001"));
  world.disk.put("Acme.Notes/storage/instances/closed/manifest.json", "{}");
  world.disk.unreadable = {"Acme.Notes/storage/instances/closed", "Acme.Notes/storage/proof"};
  const auto report = check(world, "Acme.Notes");
  std::set<std::string> files;
  for (const auto& f : report.findings) {
    if (f.unreadable) files.insert(f.file);
  }
  EXPECT_EQ(files, world.disk.unreadable);
  EXPECT_EQ(exit_code_of(report, Severity::error), 3);
}

TEST(Hostile, NamesNeverReachIrisOrTerminals) {
  FakeWorld world;
  world.disk.put_tree("Acme.Notes", good_tree("PROV-001"));
  world.disk.put("Acme.Notes/storage/instances/x> . <urn:evil> \x1B[31m\n\"/manifest.json",
                 "{\"instance_id\": \"x> . <urn:evil>\"}");
  const auto report = check(world, "Acme.Notes");
  const auto text = report_human(report, {});
  EXPECT_EQ(text.find('\x1B'), std::string::npos);
  EXPECT_TRUE(read_json("report", report_json(report, "")));
}

TEST(Hostile, EveryFieldMutationIsHandled) {
  // Each value of the seed manifest replaced by each kind of nonsense: no crash, and the record never passes by
  // accident where the three mandatory fields are concerned.
  const auto tree = good_tree("PROV-001");
  const auto original = tree.at("storage/instances/i-note-7f3a-1760000000/manifest.json");
  const auto doc = read_json("m", original);
  for (const auto value : doc->root().children()) {
    for (const char* nonsense : {"null", "[]", "{}", "\"\"", "0", "true", "[[[]]]", "{\"@id\": 5}", "\"\\u0000\"",
                                 "\"ckp://\"", "[null, \"\", {}]"}) {
      FakeWorld world;
      world.disk.put_tree("Acme.Notes", tree);
      auto text = original;
      text.replace(value.offset(), value.raw().size(), nonsense);
      world.disk.put(k_manifest, text);
      const auto report = check(world, "Acme.Notes");
      const auto key = value.key();
      if (key == "prov:wasGeneratedBy" || key == "prov:wasAttributedTo" || key == "prov:generatedAtTime") {
        EXPECT_EQ(report.score.conforming, 0U) << key << " " << nonsense;
        EXPECT_NE(exit_code_of(report, Severity::error), 0) << key << " " << nonsense;
      }
    }
  }
}

TEST(Spellings, EveryFormOfAProvField) {
  const std::string urn = "\"ckp://Action#Acme.Notes/note.write-1760000000\"";
  for (const auto& [from, to] :
       {std::pair{"\"prov:wasGeneratedBy\": " + urn, "\"wasGeneratedBy\": " + urn},
        {"\"prov:wasGeneratedBy\": " + urn, "\"prov\": {\"wasGeneratedBy\": " + urn + "}"},
        {"\"prov:wasGeneratedBy\": " + urn, "\"http://www.w3.org/ns/prov#wasGeneratedBy\": " + urn},
        {"\"prov:wasGeneratedBy\": " + urn, "\"prov:wasGeneratedBy\": {\"@id\": " + urn + "}"},
        {"\"prov:wasGeneratedBy\": " + urn, "\"prov:wasGeneratedBy\": [" + urn + "]"}}) {
    FakeWorld world;
    world.disk.put_tree("Acme.Notes", good_tree("PROV-001"));
    auto text = world.disk.text(k_manifest);
    text.replace(text.find(from), from.size(), to);
    world.disk.put(k_manifest, text);
    const auto report = check(world, "Acme.Notes");
    EXPECT_EQ(report.count(Severity::error), 0U) << to << rules_of(report, Severity::error).front();
    EXPECT_EQ(report.score.conforming, 1U) << to;
  }
}

TEST(Places, LooseFileStreamScopeAndEmpty) {
  FakeWorld world;
  world.disk.put_tree("Acme.Notes", good_tree("PROV-001"));
  world.disk.put("loose/m.json", world.disk.text(k_manifest));
  world.disk.put("empty/readme.txt", "x");
  const auto loose = check(world, "loose/m.json");
  EXPECT_EQ(loose.record_count, 1U);
  EXPECT_EQ(loose.score.undecidable, 1U);
  EXPECT_EQ(exit_code_of(loose, Severity::error), 4);
  CheckOptions named;
  named.settings["kernel"] = "Acme.Notes";
  EXPECT_EQ(check(world, "loose/m.json", named).score.conforming, 1U);
  named.settings["kernel"] = "Acme.Other";
  EXPECT_EQ(exit_code_of(check(world, "loose/m.json", named), Severity::error), 1);
  EXPECT_EQ(exit_code_of(check(world, "empty"), Severity::error), 4);

  std::string line;
  for (const char c : world.disk.text(k_manifest)) line += c == '\n' ? ' ' : c;
  CheckOptions options;
  const auto stream = check_paths(world.world, {"-"}, line + "\n\n{\"instance_id\": \"i-2\"}\n{broken\n", options);
  ASSERT_TRUE(stream);
  EXPECT_EQ(stream->record_count, 2U);
  EXPECT_EQ(exit_code_of(*stream, Severity::error), 3);
  for (const auto& f : stream->findings) {
    if (f.rule == "PROV-001") EXPECT_EQ(f.at.line, 3U);
    if (f.rule == "INPUT-001") EXPECT_EQ(f.at.line, 4U);
  }

  world.disk.put("Acme.Notes/storage/instances/i-other/manifest.json", "{\"instance_id\": \"i-other\"}");
  const auto scoped = check(world, "Acme.Notes/storage/instances/i-note-7f3a-1760000000");
  EXPECT_EQ(scoped.score.of, 1U);
  EXPECT_EQ(exit_code_of(scoped, Severity::error), 0);
}

TEST(Layouts, DataTreesNestedInstancesAndGuidDirectories) {
  FakeWorld world;
  const auto manifest = good_tree("PROV-001").at("storage/instances/i-note-7f3a-1760000000/manifest.json");
  world.disk.put("a/Acme.Notes/data/instances/i-note-7f3a-1760000000/manifest.json", manifest);
  world.disk.put("b/Acme.Notes/storage/i-note-7f3a-1760000000/manifest.json", manifest);
  world.disk.put(
      "c/concepts/Acme.Notes/0d3f7c52-6a1e-4b8f-9c2d-5e4f3a2b1c0d/storage/instances/i-note-7f3a-1760000000/"
      "manifest.json",
      manifest);
  world.disk.put("d/Acme.Notes/data/instances/i-note-7f3a-1760000000.json", manifest);
  for (const char* root : {"a", "b", "c", "d"}) {
    const auto report = check(world, root);
    EXPECT_EQ(report.score.conforming, 1U) << root;
    EXPECT_EQ(report.count(Severity::error), 0U) << root;
    EXPECT_EQ(fleet_of(report).kernels.at(0).version,
              root[0] == 'a' || root[0] == 'd' ? CkpVersion::v37 : CkpVersion::v36)
        << root;
  }
}

TEST(Threads, SameReportForOneAndMany) {
  FakeWorld world;
  for (const auto& rule : rules())
    world.disk.put_tree("fleet/Acme.R" + rule.id.substr(0, 3) + rule.id.substr(rule.id.size() - 3), rule.bad);
  CheckOptions one, many;
  one.threads = 1, many.threads = 4;
  const auto a = check_paths(world.world, {"fleet"}, {}, one), b = check_paths(world.world, {"fleet"}, {}, many);
  EXPECT_EQ(report_json(*a, ""), report_json(*b, ""));
}

// The published vector of the client library's step hash.
TEST(Chains, StepHashVector) {
  const auto seed = chain_seed("ckp://Action#CK.Operator/project.deploy-1712345678000");
  EXPECT_EQ(seed, "faf78f491fae3223a67210b3d4d0f2a3d2d355d87976f90e975fb133cca58680");
  const auto detail = read_json("d", "{\"\xC3\xA9\": 1.0, \"hostname\": \"delvinator.tech.games\"}");
  EXPECT_EQ(step_hash("deploy.accepted", detail->root(), seed),
            "42e6c537045017ea169e72debe26892f226a918e35d512bf09c2b76c1be6f5ea");
}

TEST(Chains, PythonDumps) {
  const auto doc =
      read_json("d", "{\"b\": [1.50, NaN, \"\\u007f\\u00e9\\ud83d\\ude00\\/\"], \"a\": {\"10\": 1, \"9\": 2}}");
  EXPECT_EQ(python_dumps(doc->root()),
            "{\"a\": {\"10\": 1, \"9\": 2}, \"b\": [1.50, NaN, \"\\u007f\\u00e9\\ud83d\\ude00/\"]}");
  EXPECT_EQ(python_dumps(doc->root(), {.numeric_keys = true}).substr(0, 23), "{\"a\": {\"9\": 2, \"10\": 1}");
}

}  // namespace
}  // namespace provgate::test
