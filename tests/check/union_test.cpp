// SPDX-License-Identifier: Apache-2.0
// Several paths are a union: what is found is what each alone would find, in any order, and each record counts once.
#include <gtest/gtest.h>

#include <algorithm>
#include <tuple>

#include "support/records.hpp"

namespace provgate::test {
namespace {

using Key = std::tuple<std::string, std::string, std::uint32_t, std::uint32_t, std::string>;

struct Seen {
  std::set<Key> errors;
  std::map<std::string, std::uint64_t> tallies;  // findings that stand for many, with their counts
  std::uint64_t records = 0, kernels = 0;
  std::set<std::string> unread;  // named and not read as anything
};

bool is_tally(const std::string& rule) {
  static const std::set<std::string> k_tallies = {"CHAIN-001", "CHAIN-002", "CHAIN-003", "CHAIN-004", "CHAIN-010",
                                                  "PROV-011",  "PROV-012",  "PROV-013",  "TASK-005"};
  return k_tallies.contains(rule);
}

Seen look(FakeWorld& world, const std::vector<std::string>& paths, const CheckOptions& options) {
  const auto report = check(world, paths, options);
  Seen out;
  out.records = report.record_count;
  out.kernels = fleet_of(report).kernels.size();
  for (const auto& f : report.findings) {
    // What could not be decided is an error only beside what could; see UndecidedTest.
    if (f.rule == "PROV-009") continue;
    if (f.rule == "INPUT-012") {
      out.unread.insert(f.file);
    } else if (f.severity == Severity::error) {
      out.errors.emplace(f.rule, f.file, f.at.line, f.at.column, f.message);
    } else if (is_tally(f.rule)) {
      out.tallies[f.rule] += std::stoull(f.found);
    }
  }
  return out;
}

// Every file and directory of the kernel's areas that a user could name, its root included.
std::vector<std::string> places(FakeWorld& world, const std::string& root) {
  std::vector<std::string> out = {root};
  for (const auto& [path, node] : world.disk.nodes()) {
    const bool area = path == root + "/storage" || path.starts_with(root + "/storage/") || path == root + "/data" ||
                      path.starts_with(root + "/data/") || path.starts_with(root + "/consensus/");
    if (!area || node.type == FileType::link || path.find("/d/d/d/") != std::string::npos ||
        first_bad_utf8(path) != std::string::npos)
      continue;
    out.push_back(path);
  }
  return out;
}

bool overlap(const std::string& a, const std::string& b) {
  return a == b || a.starts_with(b + "/") || b.starts_with(a + "/");
}

class Union : public ::testing::TestWithParam<std::string> {};

TEST_P(Union, IsWhatEachPathAloneFinds) {
  const auto& rule = *find_rule(GetParam());
  for (const auto* tree : {&rule.bad, &rule.good}) {
    FakeWorld world;
    const std::string root = "fleet/Acme.Notes";
    world.disk.put_tree(root, *tree);
    CheckOptions options;
    options.shapes.records = false;
    for (std::size_t i = 0; i + 1 < rule.arguments.size(); i += 2) {
      if (rule.arguments[i] == "--urns") options.settings["urns"] = rule.arguments[i + 1];
    }
    const auto paths = places(world, root);
    std::map<std::string, Seen> alone;
    for (const auto& path : paths) alone.emplace(path, look(world, {path}, options));
    for (const auto& a : paths) {
      for (const auto& b : paths) {
        const auto& one = alone.at(a);
        const auto& two = alone.at(b);
        const auto both = look(world, {a, b}, options);
        auto expected = one.errors;
        expected.insert(two.errors.begin(), two.errors.end());
        ASSERT_EQ(both.errors, expected) << a << " and " << b;
        EXPECT_LE(both.records, one.records + two.records) << a << " and " << b;
        EXPECT_GE(both.records, std::max(one.records, two.records)) << a << " and " << b;
        if (a == b) EXPECT_EQ(both.records, one.records) << a;
        // Only a kernel inside another's area is a second one.
        EXPECT_EQ(both.kernels, rule.id == "KERNEL-014" ? both.kernels : std::max(one.kernels, two.kernels))
            << a << " and " << b;
        if (overlap(a, b)) continue;
        auto counts = one.tallies;
        for (const auto& [id, n] : two.tallies) counts[id] += n;
        // An action that one of them reaches may be reached by the other, too.
        for (const auto& [id, n] : both.tallies) EXPECT_LE(n, counts[id]) << id << " of " << a << " and " << b;
        // Beside something that was read, what is not read is said.
        for (const auto& path : {a, b}) {
          if (alone.at(path).records == 0 && both.records > 0 && expected.empty())
            EXPECT_TRUE(both.unread.contains(path)) << path << " beside " << (path == a ? b : a);
        }
      }
    }
  }
}

std::vector<std::string> ids() {
  std::vector<std::string> out;
  for (const auto& rule : rules()) {
    if (!rule.id.starts_with("SHACL")) out.push_back(rule.id);
  }
  return out;
}
INSTANTIATE_TEST_SUITE_P(Catalogue, Union, ::testing::ValuesIn(ids()), [](const auto& info) {
  std::string name = info.param;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
});

std::string manifest_of(const std::string& id, const std::string& kernel = "Acme.Notes", const std::string& more = {}) {
  return "{\"instance_id\": \"" + id + "\"," + more +
         " \"prov:wasGeneratedBy\": \"ckp://Action#Acme.Notes/note.write-1760000000\", \"prov:wasAttributedTo\": "
         "\"ckp://Kernel#" +
         kernel + ":v1.0\", \"prov:generatedAtTime\": \"2025-10-09T08:53:20Z\"}";
}

// What lies in other places of a kernel's directory, or in a kernel inside it, keeps its findings whatever else is
// named.
TEST(UnionOfMany, NothingHidesBehindAnotherPath) {
  FakeWorld world;
  const auto put = [&](const std::string& path, const std::string& text) { world.disk.put("top/" + path, text); };
  put("Acme.Notes/conceptkernel.yaml", "metadata:\n  name: Acme.Notes\n  version: v1.0\n");
  put("Acme.Notes/storage/instances/i-1/manifest.json", manifest_of("i-1"));
  put("Acme.Notes/notes/rec.json", manifest_of("i-loose", "Other.Kernel"));
  put("Acme.Notes/task.yaml", "task_id: T-1\nexecutor: x\n");
  put("Acme.Notes/sub/Acme.Inner/storage/instances/i-9/manifest.json", manifest_of("i-9", "Other.Kernel"));
  put("Acme.Plain/storage/instances/i-2/manifest.json", manifest_of("i-2"));
  put("Acme.Plain/junk/dec.json", "{\"decision_id\": \"D-1\", \"verdict\": \"pass\"}");
  const std::vector<std::string> paths = {"top",
                                          "top/Acme.Notes",
                                          "top/Acme.Notes/storage",
                                          "top/Acme.Notes/storage/instances/i-1",
                                          "top/Acme.Notes/notes",
                                          "top/Acme.Notes/notes/rec.json",
                                          "top/Acme.Notes/task.yaml",
                                          "top/Acme.Notes/sub",
                                          "top/Acme.Notes/sub/Acme.Inner",
                                          "top/Acme.Plain",
                                          "top/Acme.Plain/storage/instances/i-2",
                                          "top/Acme.Plain/junk",
                                          "top/Acme.Plain/junk/dec.json",
                                          "top/Acme.Notes/conceptkernel.yaml"};
  CheckOptions options;
  options.shapes.records = false;
  std::map<std::string, Seen> alone;
  for (const auto& path : paths) alone.emplace(path, look(world, {path}, options));
  for (const auto& a : paths) {
    for (const auto& b : paths) {
      const auto both = look(world, {a, b}, options);
      auto expected = alone.at(a).errors;
      expected.insert(alone.at(b).errors.begin(), alone.at(b).errors.end());
      EXPECT_EQ(both.errors, expected) << a << " and " << b;
      EXPECT_TRUE(both.unread.empty()) << a << " and " << b << ": " << *both.unread.begin();
    }
  }
  const auto one = check(world, "top/Acme.Notes/storage/instances/i-1");
  EXPECT_EQ(exit_code_of(one, Severity::error), 0) << "a loose record elsewhere is not this instance's";
  EXPECT_EQ(one.score.of, 1U);
}

// As a shell hands over instances/*: each entry is a path of its own.
TEST(UnionOfMany, AShellGlobIsTheKernel) {
  FakeWorld world;
  std::vector<std::string> glob;
  for (int i = 0; i < 40; ++i) {
    const auto id = "i-" + std::to_string(i);
    world.disk.put("Acme.Notes/storage/instances/" + id + "/manifest.json",
                   manifest_of(id, i % 7 ? "Acme.Notes" : "Other.Kernel"));
    glob.push_back("Acme.Notes/storage/instances/" + id);
  }
  const auto whole = check(world, "Acme.Notes");
  for (const bool backwards : {false, true}) {
    auto paths = glob;
    if (backwards) std::reverse(paths.begin(), paths.end());
    const auto listed = check(world, paths);
    EXPECT_EQ(listed.count(Severity::error), whole.count(Severity::error));
    EXPECT_EQ(listed.record_count, 40U);
    EXPECT_EQ(fleet_of(listed).kernels.size(), 1U);
    EXPECT_EQ(listed.score.conforming, whole.score.conforming);
  }
  // Other spellings of the same places are the same places.
  EXPECT_EQ(check(world, std::vector<std::string>{"Acme.Notes", "Acme.Notes/", "Acme.Notes/storage"}).record_count,
            40U);
}

// What lies outside every kernel is read once, whichever way it is named.
TEST(UnionOfMany, LooseTreesInEachOtherCountOnce) {
  FakeWorld world;
  world.disk.put("loose/a/m.json", manifest_of("i-1"));
  world.disk.put("loose/n.json", manifest_of("i-2", "Other.Kernel"));
  CheckOptions options;
  options.settings["kernel"] = "Acme.Notes";
  for (const auto& paths : std::vector<std::vector<std::string>>{{"loose"},
                                                                 {"loose", "loose/a"},
                                                                 {"loose/a", "loose"},
                                                                 {"loose/a/m.json", "loose"},
                                                                 {"loose/a/m.json", "loose/n.json", "loose/a"}}) {
    const auto report = check(world, paths, options);
    EXPECT_EQ(report.record_count, 2U) << paths.size() << " " << paths[0];
    EXPECT_EQ(report.score.conforming, 1U) << paths[0];
    EXPECT_EQ(report.count(Severity::error), 1U) << paths[0];
  }
}

// ---- one instance sees its kernel ------------------------------------------------------------------

TEST(ScopeSeesItsKernel, TwoInstancesWithOneIdAreRefusedWhicheverIsNamed) {
  FakeWorld world;
  const std::string first = "Acme.Notes/storage/instances/first", deep = "Acme.Notes/storage/instances/group/second";
  world.disk.put(first + "/manifest.json", manifest_of("i-1"));
  world.disk.put(deep + "/manifest.json", manifest_of("i-1"));
  world.disk.put("Acme.Notes/storage/instances/other/manifest.json", manifest_of("other"));
  for (const auto& path : {first, deep, first + "/manifest.json"}) {
    const auto report = check(world, path);
    EXPECT_TRUE(rules_of(report, Severity::error) == std::vector<std::string>{"PROV-016"}) << path;
    EXPECT_EQ(report.score.conforming, 0U) << path;
    EXPECT_EQ(report.record_count, 1U) << path;
  }
  EXPECT_EQ(check(world, "Acme.Notes/storage/instances/other").count(Severity::error), 0U);
}

TEST(ScopeSeesItsKernel, AnInstanceInTheKernelsOtherStateHasTheIdToo) {
  FakeWorld world;
  for (const char* version : {"v1.0", "v1.1"}) {
    world.disk.put("vol/lamp.example/Acme.Notes/" + std::string(version) + "/data/instances/i-1/manifest.json",
                   manifest_of("i-1"));
  }
  const auto report = check(world, "vol");
  EXPECT_EQ(rules_of(report, Severity::error), (std::vector<std::string>{"PROV-016", "PROV-016"}));
}

// ---- what could not be decided ---------------------------------------------------------------------

TEST(Undecided, AloneItIsNothingBesideOthersAnError) {
  FakeWorld world;
  world.disk.put("lamp/storage/instances/i-1/manifest.json", manifest_of("i-1"));
  world.disk.put("Acme.Notes/storage/instances/i-2/manifest.json", manifest_of("i-2"));
  const auto alone = check(world, "lamp");
  EXPECT_EQ(exit_code_of(alone, Severity::error), 4);
  EXPECT_EQ(exit_code_of(alone, Severity::warning), 1) << "it has other warnings";
  const auto both = check(world, std::vector<std::string>{"lamp", "Acme.Notes"});
  EXPECT_EQ(exit_code_of(both, Severity::error), 1);
  EXPECT_EQ(rules_of(both, Severity::error), (std::vector<std::string>{"PROV-009"}));
}

TEST(Undecided, TheLastNetIsABugOfOurs) {
  CheckReport report;
  report.record_count = 2, report.score.of = 2, report.score.conforming = 1;
  EXPECT_EQ(exit_code_of(report, Severity::error), 70);
  report.score.conforming = 2;
  EXPECT_EQ(exit_code_of(report, Severity::error), 0);
}

}  // namespace
}  // namespace provgate::test
