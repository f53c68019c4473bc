// SPDX-License-Identifier: Apache-2.0
// One call to the disk fails, whichever it is, and all after it succeed: nothing is refused for it, and the next run
// leaves what a run without the fault leaves.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>

#include "support/sample.hpp"
#include "support/seal_bench.hpp"

namespace provgate::test {
namespace {

enum class Fault { io, no_space, no_right, short_write };

// The nth call fails.
class Once {
 public:
  Once(MemoryDisk& disk, int nth, Fault fault) : disk_(disk), left_(nth), fault_(fault) {
    disk.before_read = [this](const std::string& op, const std::string& path) { return call(op, path); };
    disk.before_change = [this](const std::string& op, const std::string& path) { return call(op, path); };
  }
  ~Once() { disk_.before_read = nullptr, disk_.before_change = nullptr; }
  Once(const Once&) = delete;
  bool met() const { return left_ < 0; }

 private:
  std::optional<Error> call(const std::string& op, const std::string& path) {
    if (left_-- != 0) return {};
    if (fault_ == Fault::short_write) {
      if (op == "append") disk_.put(path, disk_.text(path) + "{\"half\":");
      return Error{Code::disk_full, "No space left on device", {}, path, {}};
    }
    if (fault_ == Fault::no_space) return Error{Code::disk_full, "No space left on device", {}, path, {}};
    if (fault_ == Fault::no_right) return Error{Code::input, "Permission denied", {}, path, {}};
    return Error{Code::world, "Input/output error", {}, path, {}};
  }
  MemoryDisk& disk_;
  int left_;
  Fault fault_;
};

void put_notes(SealBench& bench) {
  for (const char* id : {"i-b-1", "i-b-2"}) {
    bench.fake.disk.put(
        "Acme.Notes/storage/instances/" + std::string(id) + "/manifest.json",
        R"({"instance_id": ")" + std::string(id) +
            R"(", "prov:wasGeneratedBy": "ckp://Action#Acme.Notes/note.write-1760000001", "prov:wasAttributedTo": )"
            R"("ckp://Kernel#Acme.Notes:v1.0", "prov:generatedAtTime": "2025-10-09T08:53:20.000Z"})");
  }
}

// What was sealed, what the graph says, and what lies in the tree with which rights.
std::set<std::string> all(SealBench& bench) {
  std::set<std::string> out;
  for (const auto& entry : bench.entries()) {
    auto line = entry.kind + " " + entry.id.iri.text;
    for (const auto& [path, file] : entry.files) line += " " + path + " " + file.digest.text;
    out.insert(line);
  }
  (void)bench.store->scan({}, [&](const Quad& q) {
    std::string line;
    for (const auto term : {q.s, q.p, q.o, q.g})
      line += *(term ? bench.store->term(term) : Result<std::string>()) + " ";
    return out.insert(line), true;
  });
  for (const auto& [path, node] : bench.fake.disk.nodes()) {
    auto text = node.text;
    if (path == k_log) {
      // A line that was cut short stays, and counts for nothing.
      auto lines = split(text, '\n');
      std::erase_if(lines, [](const auto& line) { return line == "{\"half\":"; });
      std::ranges::sort(lines);
      std::string sorted;
      for (const auto& line : lines) sorted += std::string(line) + "\n";
      text = std::move(sorted);
    }
    out.insert(path + " " + std::to_string(node.mode & 0222U) + " " + text);
  }
  return out;
}

TEST(Faults, OneCallFailsWhicheverItIs) {
  std::map<SealResult, int> came_to;
  int met = 0;
  for (const auto fault : {Fault::io, Fault::no_space, Fault::no_right, Fault::short_write}) {
    for (const std::size_t batch : {1U, 1000U}) {
      SealBench whole;
      put_notes(whole);
      whole.batch = batch;
      whole.seal();
      const auto expected = all(whole);
      bool reached = true;
      for (int nth = 0; reached; nth += one_of(4)) {
        ASSERT_LT(nth, 500);
        const auto what = "fault " + std::to_string(static_cast<int>(fault)) + " of call " + std::to_string(nth) +
                          ", batches of " + std::to_string(batch);
        SealBench bench;
        put_notes(bench);
        bench.batch = batch;
        {
          const Once once(bench.fake.disk, nth, fault);
          CheckOptions options;
          options.read.digests = true, options.threads = 1;
          const auto report = check_paths(bench.fake.world, {"Acme.Notes"}, {}, options);
          SealOptions how;
          how.batch_records = batch;
          if (report) {
            for (const auto& outcome : seal_records(bench.fake.world, &*bench.store, *report, how)) {
              ++came_to[outcome.result];
              EXPECT_NE(outcome.result, SealResult::refused) << what << " " << outcome.detail;
            }
          }
          reached = once.met();
        }
        met += reached;
        for (const auto& entry : bench.entries()) EXPECT_EQ(entry.kind, "sealed") << what;
        for (const auto& outcome : bench.seal_all()) {
          EXPECT_TRUE(outcome.result == SealResult::sealed || outcome.result == SealResult::already)
              << what << ": " << outcome.detail;
        }
        const auto verified = bench.verify();
        EXPECT_TRUE(verified.faults.empty() && verified.unfinished.empty() && verified.unread.empty()) << what;
        EXPECT_TRUE(bench.store->check_tables()->faults.empty()) << what;
        std::vector<std::string> differences;
        std::ranges::set_symmetric_difference(all(bench), expected, std::back_inserter(differences));
        EXPECT_EQ(differences, std::vector<std::string>{}) << what;
        if (HasFailure()) return;
      }
    }
  }
  std::printf("%d faults:", met);
  for (const auto& [result, count] : came_to) std::printf(" %d times %d", count, static_cast<int>(result));
  std::printf("\n");
  // Faults are met, and they are said.
  EXPECT_GT(met, 400 / one_of(4));
  EXPECT_GT(came_to[SealResult::failed], 20 / one_of(4));
  EXPECT_GT(came_to[SealResult::unread], 5 / one_of(4));
}

// What the test above compares shows anything that is lost or doubled.
TEST(Faults, TheAlarmWorks) {
  SealBench bench;
  put_notes(bench);
  bench.seal();
  const auto whole = all(bench);
  auto& disk = bench.fake.disk;
  const auto before = disk.nodes();
  disk.nodes()[k_log].text += disk.nodes()[k_log].text;
  EXPECT_NE(all(bench), whole) << "a line twice";
  disk.nodes() = before;
  disk.nodes()[k_proof].mode = 0644;
  EXPECT_NE(all(bench), whole) << "a right";
  disk.nodes() = before;
  disk.erase(k_proof);
  EXPECT_NE(all(bench), whole) << "a file";
  disk.nodes() = before;
  EXPECT_EQ(all(bench), whole);
  Quad first;
  (void)bench.store->scan({}, [&](const Quad& quad) { return first = quad, false; });
  EXPECT_TRUE(*bench.store->remove_quad(first));
  EXPECT_NE(all(bench), whole) << "a statement";
}

}  // namespace
}  // namespace provgate::test
