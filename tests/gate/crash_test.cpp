// SPDX-License-Identifier: Apache-2.0
// Seals that are cut short anywhere, and faults of the disk: the next run completes them.
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>

#include "support/sample.hpp"
#include "support/seal_bench.hpp"

namespace provgate::test {
namespace {

// The machine stops before the nth change; half of a line may have reached the disk. `stopped` must outlive the run.
void stop_after(MemoryDisk& disk, int steps, bool& stopped) {
  stopped = false;
  disk.before_change = [&disk, &stopped, left = steps](const std::string& op,
                                                       const std::string& path) mutable -> std::optional<Error> {
    if (left-- > 0) return {};
    if (!stopped && op == "append") disk.put(path, disk.text(path) + "{\"half\":");
    stopped = true;
    return Error{Code::world, "the machine stopped", {}, path, {}};
  };
}

TEST(Crash, BetweenAnyTwoStepsOfSealing) {
  SealBench whole;
  whole.seal();
  int steps = 0;
  for (bool crashed = true; crashed; ++steps) {
    ASSERT_LT(steps, 100);
    SealBench bench;
    auto& disk = bench.fake.disk;
    stop_after(disk, steps, crashed);
    const auto first = bench.seal();
    if (crashed) {
      EXPECT_EQ(first[0].result, SealResult::failed);
    }
    disk.before_change = nullptr;
    const auto second = bench.seal();
    EXPECT_TRUE(second[0].result == SealResult::sealed || second[0].result == SealResult::already)
        << steps << ": " << second[0].detail;
    EXPECT_EQ(bench.ledger().size(), 1U) << steps;
    EXPECT_EQ(bench.store->status()->pending, 2U) << steps;
    EXPECT_TRUE(bench.verify().faults.empty()) << steps;
    const auto audit = disk.text("Acme.Notes/storage/ledger/audit.jsonl");
    std::size_t lines = 0;
    each_line("a", audit,
              [&](const SourceFile& line, bool) { lines += line.doc && line.doc->root().find("proof_id"); });
    EXPECT_EQ(lines, 1U) << steps << "\n" << audit;
    EXPECT_EQ(bench.ledger()[0].files, whole.ledger()[0].files) << steps;
  }
  EXPECT_GT(steps, 8);
}

TEST(Crash, BatchesAreCompletedByTheNextRun) {
  struct Row {
    std::size_t batch;
    bool power;
  };
  const auto put_notes = [](SealBench& bench) {
    auto& disk = bench.fake.disk;
    for (const char* id : {"i-b-1", "i-b-2", "i-b-3"}) {
      disk.put(
          "Acme.Notes/storage/instances/" + std::string(id) + "/manifest.json",
          R"({"instance_id": ")" + std::string(id) +
              R"(", "prov:wasGeneratedBy": "ckp://Action#Acme.Notes/note.write-1760000001", "prov:wasAttributedTo": )"
              R"("ckp://Kernel#Acme.Notes:v1.0", "prov:generatedAtTime": "2025-10-09T08:53:20.000Z"})");
    }
    disk.flush_all();
  };
  for (const auto& [batch, power] : {Row{1, false}, Row{1, true}, Row{2, true}, Row{1000, false}, Row{1000, true}}) {
    SealBench whole;
    put_notes(whole);
    whole.seal();
    int steps = 0;
    for (bool crashed = true; crashed; ++steps) {
      ASSERT_LT(steps, 200);
      SealBench bench;
      put_notes(bench);
      auto& disk = bench.fake.disk;
      stop_after(disk, steps, crashed);
      bench.batch = batch;
      const auto first = bench.seal();
      EXPECT_EQ(std::ranges::any_of(first, [](const auto& o) { return o.result == SealResult::failed; }), crashed);
      disk.before_change = nullptr;
      if (power) {
        disk.power_cut();
        // What was acknowledged is there.
        const auto report = bench.verify();
        const auto well = std::ranges::count_if(first, [](const auto& o) { return o.result == SealResult::sealed; });
        EXPECT_TRUE(report.faults.empty()) << batch << " " << steps << " " << report.faults.front().file;
        EXPECT_LE(report.unfinished.size() + static_cast<std::size_t>(well), 5U) << batch << " " << steps;
      }
      for (const auto& outcome : bench.seal())
        EXPECT_TRUE(outcome.result == SealResult::sealed || outcome.result == SealResult::already)
            << batch << " " << steps << ": " << outcome.detail;
      const auto report = bench.verify();
      EXPECT_TRUE(report.faults.empty()) << batch << " " << steps << " " << report.faults.front().file;
      EXPECT_TRUE(report.unfinished.empty()) << batch << " " << steps;
      EXPECT_EQ(bench.ledger().size(), 4U);
      EXPECT_TRUE(bench.store->unfinished()->empty());
      EXPECT_TRUE(bench.store->check_tables()->faults.empty());
      std::map<std::string, std::string> now, expected;
      for (const auto& [path, node] : disk.nodes()) now[path] = std::to_string(node.mode & 0222U);
      for (const auto& [path, node] : whole.fake.disk.nodes()) expected[path] = std::to_string(node.mode & 0222U);
      EXPECT_EQ(now, expected) << batch << " " << steps;
    }
    EXPECT_GT(steps, 8);
  }
}

// A run that ends before the operation.
void cut_short_before(SealBench& bench, const std::string& op) {
  bool over = false;
  bench.fake.disk.before_change = [&](const std::string& what, const std::string& path) -> std::optional<Error> {
    over = over || what == op;
    return over ? std::optional(Error{Code::world, "the machine stopped", {}, path, {}}) : std::nullopt;
  };
  EXPECT_EQ(bench.seal()[0].result, SealResult::failed) << op;
  bench.fake.disk.before_change = nullptr;
}

TEST(Crash, AnUnfinishedRecordMayNotBeChanged) {
  for (const char* op : {"create", "append", "protect", "flush"}) {
    for (const char* file : {"/manifest.json", "/data.json"}) {
      SealBench bench;
      cut_short_before(bench, op);
      EXPECT_TRUE(bench.verify().faults.empty()) << op;
      // Before the flush all is there, and the machine did not go down.
      EXPECT_EQ(bench.verify().unfinished.size(), std::string_view(op) == "flush" ? 0U : 2U) << op;
      EXPECT_EQ(bench.seal(true)[0].result, SealResult::already) << "a dry run knows of it, too";
      const auto before = bench.fake.disk.nodes();
      bench.fake.disk.erase(k_sealed_instance + file);
      EXPECT_FALSE(bench.verify().faults.empty()) << op << " " << file << " gone";
      bench.fake.disk.nodes() = before;
      bench.fake.disk.nodes()[k_sealed_instance + file].text += " ";
      EXPECT_FALSE(bench.verify().faults.empty()) << op << " " << file << " changed";
      EXPECT_EQ(bench.seal()[0].result, SealResult::changed) << op << " " << file;
    }
  }
}

TEST(Crash, AProofThatWasCutShortIsWrittenAgain) {
  for (const std::size_t left : {0, 1, 100}) {
    SealBench bench;
    cut_short_before(bench, "append");
    auto& proof = bench.fake.disk.nodes()[k_proof].text;
    const auto whole = proof;
    proof.resize(left);
    bench.fake.disk.put(parent_path(k_proof) + "/.provgate-0123456789abcdef", "half");
    EXPECT_TRUE(bench.verify().faults.empty()) << left;
    EXPECT_EQ(bench.verify().unfinished.size(), 2U) << left;
    bench.fake.disk.erase(parent_path(k_proof) + "/.provgate-0123456789abcdef");
    EXPECT_EQ(bench.seal()[0].result, SealResult::already) << left;
    EXPECT_EQ(bench.fake.disk.text(k_proof), whole) << left;
    EXPECT_TRUE(bench.verify().faults.empty()) << left;
  }
  SealBench bench;
  cut_short_before(bench, "append");
  bench.fake.disk.nodes()[k_proof].text = "{}";
  EXPECT_FALSE(bench.verify().faults.empty()) << "other bytes are other bytes";
  EXPECT_EQ(bench.seal()[0].result, SealResult::changed);
}

// The machine goes down, and some of what was written is there while other things are not.
TEST(Crash, AnyPartOfWhatWasWrittenMayBeThere) {
  for (const bool proof : {true, false}) {
    for (const bool line : {true, false}) {
      SealBench bench;
      cut_short_before(bench, "protect");
      const auto what = std::string(proof ? "proof" : "no proof") + (line ? ", line" : ", no line");
      if (!proof) bench.fake.disk.erase(k_proof), bench.fake.disk.erase(parent_path(k_proof));
      if (!line) bench.fake.disk.nodes()[k_log].text.clear();
      EXPECT_TRUE(bench.verify().faults.empty()) << what;
      EXPECT_EQ(bench.verify().unfinished.size(), 2U) << what;
      EXPECT_EQ(bench.seal()[0].result, SealResult::already) << what;
      EXPECT_TRUE(bench.verify().faults.empty() && bench.verify().unfinished.empty()) << what;
      const auto log = bench.fake.disk.text(k_log);
      EXPECT_EQ(std::ranges::count(log, '\n'), 1) << what << "\n" << log;
    }
  }
}

// A line that was cut anywhere stays where it is, and is nobody's forgery.
TEST(Crash, ALineThatWasCutAnywhereIsWrittenAgain) {
  SealBench whole;
  whole.seal();
  const auto line = whole.fake.disk.text(k_log);
  for (std::size_t left = 0; left <= line.size(); left += static_cast<std::size_t>(one_of(5))) {
    SealBench bench;
    cut_short_before(bench, "protect");
    auto& log = bench.fake.disk.nodes()[k_log].text;
    log.resize(left);
    EXPECT_TRUE(bench.verify().faults.empty()) << left;
    EXPECT_EQ(bench.seal()[0].result, SealResult::already) << left;
    const auto verified = bench.verify();
    EXPECT_TRUE(verified.faults.empty() && verified.unfinished.empty()) << left << "\n" << bench.fake.disk.text(k_log);
    ASSERT_FALSE(HasFailure());
  }
}

TEST(Crash, DiskFullIsSaidAndNothingIsLost) {
  for (const char* op : {"create", "append"}) {
    SealBench bench;
    bench.fake.disk.before_change = [&](const std::string& what, const std::string& path) -> std::optional<Error> {
      if (what == op) return Error{Code::disk_full, "No space left on device", {}, path, {}};
      return {};
    };
    const auto outcome = bench.seal()[0];
    EXPECT_EQ(outcome.result, SealResult::failed);
    EXPECT_NE(outcome.detail.find("No space"), std::string::npos);
    bench.fake.disk.before_change = nullptr;
    bench.seal();
    EXPECT_TRUE(bench.verify().faults.empty());
    EXPECT_EQ(bench.ledger().size(), 1U);
  }
}

TEST(Crash, ReadOnlyTree) {
  SealBench bench;
  bench.fake.disk.before_change = [](const std::string&, const std::string& path) -> std::optional<Error> {
    return Error{Code::world, "Read-only file system", {}, path, {}};
  };
  EXPECT_EQ(bench.seal()[0].result, SealResult::failed);
  EXPECT_TRUE(bench.ledger().empty());
}

}  // namespace
}  // namespace provgate::test
