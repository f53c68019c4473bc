// SPDX-License-Identifier: Apache-2.0
// How often each verb opens each file: once.
#include <gtest/gtest.h>

#include "io/snapshot_disk.hpp"
#include "provgate/requests/requests.hpp"
#include "support/records.hpp"
#include "support/sample.hpp"

namespace provgate::test {
namespace {

struct Opens {
  explicit Opens(const ExampleTree& tree) {
    fake.disk.put_tree("fleet/Acme.Notes", tree);
    fake.disk.before_read = [this](const std::string& op, const std::string& path) -> std::optional<Error> {
      // What is sealed is opened again to be compared with what was judged, and not to be judged.
      if (op == "read" || op == "map") ++counts[path];
      return {};
    };
    store.emplace(std::move(*Store::open(join_path(home.path, "store"), true)));
  }
  // The files that were opened more than once since the last time.
  std::vector<std::string> more_than_once() {
    std::vector<std::string> out;
    for (const auto& [path, n] : counts) {
      if (n > 1) out.push_back(path + " " + std::to_string(n));
    }
    counts.clear();
    return out;
  }

  TemporaryDirectory home;
  FakeWorld fake;
  std::map<std::string, int> counts;
  std::optional<Store> store;
};

const std::vector<std::string> k_none;

CheckOptions once(bool digests = false) {
  CheckOptions options;
  options.threads = 1;
  options.read.digests = digests;
  return options;
}

TEST(OpenedOnce, EveryRuleExample) {
  int turn = 0;
  for (const auto& rule : rules()) {
    if (rule.root.empty() || turn++ % one_of(4)) continue;
    for (const auto* tree : {&rule.bad, &rule.good}) {
      Opens opens(*tree);
      ASSERT_TRUE(check_paths(opens.fake.world, {"fleet"}, {}, once()));
      EXPECT_EQ(opens.more_than_once(), k_none) << "check " << rule.id << (tree == &rule.bad ? " bad" : " good");

      CheckRequest request;
      request.input = {{"fleet"}, {}, once()}, request.digests = true;
      ASSERT_TRUE(answer(opens.fake.world, request));
      EXPECT_EQ(opens.more_than_once(), k_none) << "a graph of a report of " << rule.id;

      if (!convert_paths(opens.fake.world, {"fleet"}, {}, once())) continue;
      EXPECT_EQ(opens.more_than_once(), k_none) << "convert " << rule.id;
    }
  }
}

// A part of a kernel, a loose record, several paths, and two kernels whose instances share an id.
TEST(OpenedOnce, WhateverIsNamed) {
  const std::string note = "fleet/Acme.Notes/storage/instances/i-note-7f3a-1760000000";
  for (const auto& paths : std::vector<std::vector<std::string>>{{note},
                                                                 {note, "fleet/Acme.Notes"},
                                                                 {note + "/manifest.json"},
                                                                 {"loose"},
                                                                 {"loose/x.json", note},
                                                                 {"loose", "fleet"}}) {
    Opens opens(good_tree("CHAIN-005"));
    opens.fake.disk.put_tree("fleet/Acme.Twins", good_tree("CHAIN-005"));
    opens.fake.disk.put("loose/x.json", opens.fake.disk.text(note + "/manifest.json"));
    opens.fake.disk.put("loose/i/manifest.json", opens.fake.disk.text(note + "/manifest.json"));
    ASSERT_TRUE(check_paths(opens.fake.world, paths, {}, once()));
    EXPECT_EQ(opens.more_than_once(), k_none) << "check " << paths[0];
    ASSERT_TRUE(convert_paths(opens.fake.world, paths, {}, once()));
    EXPECT_EQ(opens.more_than_once(), k_none) << "convert " << paths[0];
  }
}

TEST(OpenedOnce, SealAndVerify) {
  for (const char* rule : {"PROOF-001", "CHAIN-005", "PROV-001", "TASK-001", "DECISION-001"}) {
    Opens opens(good_tree(rule));
    {
      SnapshotDisk disk(opens.fake.disk);
      const World world{disk, opens.fake.clock, opens.fake.http, opens.fake.random};
      const auto report = check_paths(world, {"fleet"}, {}, once(true));
      ASSERT_TRUE(report);
      for (const auto& outcome : seal_records(world, &*opens.store, *report, {})) {
        EXPECT_EQ(outcome.result, SealResult::sealed) << rule << " " << outcome.detail;
      }
    }
    EXPECT_EQ(opens.more_than_once(), k_none) << "seal " << rule;
    const auto verified = verify_records(opens.fake.world, *opens.store, {"fleet"}, {});
    ASSERT_TRUE(verified);
    EXPECT_TRUE(verified->faults.empty());
    EXPECT_EQ(opens.more_than_once(), k_none) << "verify " << rule;
  }
}

}  // namespace
}  // namespace provgate::test
