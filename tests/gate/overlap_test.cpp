// SPDX-License-Identifier: Apache-2.0
// What lies beside a batch is written while the next one is gathered: the ledger is the same, and what fails there
// fails as it does one after the other.
#include <gtest/gtest.h>

#include <filesystem>

#include "io/forwarding_disk.hpp"
#include "io/real.hpp"
#include "provgate/gate/gate.hpp"
#include "support/golden.hpp"
#include "support/records.hpp"

namespace provgate::test {
namespace {

namespace fs = std::filesystem;
constexpr int k_notes = 23;

// The real disk, with a fault of one operation.
class FailingDisk final : public ForwardingDisk {
 public:
  FailingDisk() : ForwardingDisk(real_disk()) {}
  std::string operation, at;
  Code code = Code::world;

  Result<FileIdentity> create_below(const std::string& root, const std::string& path, std::string_view bytes,
                                    bool replace, bool secret) override {
    CHECKED(fault("create", path));
    return ForwardingDisk::create_below(root, path, bytes, replace, secret);
  }
  Result<void> append_below(const std::string& root, const std::string& path, std::string_view lines) override {
    CHECKED(fault("append", path));
    return ForwardingDisk::append_below(root, path, lines);
  }
  Result<HeldFile> protect_below(const std::string& root, const std::string& path, const FileIdentity& which,
                                 std::uint64_t max_bytes) override {
    CHECKED(fault("protect", path));
    return ForwardingDisk::protect_below(root, path, which, max_bytes);
  }
  Result<void> flush_below(const std::string& root, const std::vector<std::string>& paths) override {
    for (const auto& path : paths) CHECKED(fault("flush", path));
    return ForwardingDisk::flush_below(root, paths);
  }

 private:
  Result<void> fault(std::string_view called, const std::string& path) const {
    if (called != operation || path.find(at) == std::string::npos) return {};
    return tl::unexpected<Error>(Error{code, "a fault of the disk", {}, path, {}});
  }
};

// A tree of notes on the real disk.
struct Notes {
  Notes() {
    for (int i = 0; i < k_notes; ++i) {
      const auto id = "i-note-" + std::string(i < 10 ? "0" : "") + std::to_string(i);
      const auto place = kernel() + "/storage/instances/" + id;
      fs::create_directories(place);
      std::ofstream(place + "/manifest.json")
          << R"({"instance_id":")" << id << R"(","instance_type":"note","status":"completed",)"
          << R"("prov:wasGeneratedBy":"ckp://Action#Acme.Notes/note.write-176000000)" << i % 10 << R"(",)"
          << R"("prov:wasAttributedTo":"ckp://Kernel#Acme.Notes:v1.0",)"
          << R"("prov:generatedAtTime":"2025-10-09T08:53:20Z"})";
    }
    store.emplace(std::move(*Store::open(home.path + "/store", true)));
  }
  std::string kernel() const { return home.path + "/Acme.Notes"; }
  std::map<SealResult, int> seal(bool overlap, std::size_t batch = 4) {
    CheckOptions options;
    options.read.digests = true;
    const World world{disk, fake.clock, fake.http, fake.random};
    const auto report = check_paths(world, {kernel()}, {}, options);
    EXPECT_TRUE(report);
    SealOptions how;
    how.overlap = overlap, how.batch_records = batch;
    std::map<SealResult, int> out;
    for (const auto& outcome : seal_records(world, &*store, *report, how)) ++out[outcome.result];
    return out;
  }
  // The ledger's last digest, which stands for all of it, and what lies in the tree.
  std::string all() const {
    auto out = store->head()->digest.text + "\n";
    std::set<std::string> files;
    for (const auto& one : fs::recursive_directory_iterator(kernel())) {
      if (!one.is_regular_file()) continue;
      auto text = slurp(one.path());
      // What was completed later stands later in the log.
      if (one.path().extension() == ".jsonl") {
        const auto lines = split(text, '\n');
        const std::multiset<std::string> sorted(lines.begin(), lines.end());
        text.clear();
        for (const auto& line : sorted) text += line + "\n";
      }
      files.insert(one.path().string().substr(kernel().size()) + " " +
                   std::to_string(static_cast<int>(one.status().permissions())) + "\n" + text);
    }
    for (const auto& file : files) out += file + "\n";
    return out;
  }
  TemporaryDirectory home;
  FakeWorld fake;
  FailingDisk disk;
  std::optional<Store> store;
};

TEST(Overlap, TheLedgerAndTheTreeAreTheSame) {
  Notes one_by_one, overlapped;
  EXPECT_EQ(one_by_one.seal(false), (std::map<SealResult, int>{{SealResult::sealed, k_notes}}));
  EXPECT_EQ(overlapped.seal(true), (std::map<SealResult, int>{{SealResult::sealed, k_notes}}));
  EXPECT_TRUE(overlapped.all() == one_by_one.all());
  EXPECT_EQ(overlapped.seal(true), (std::map<SealResult, int>{{SealResult::already, k_notes}}));
  EXPECT_TRUE(overlapped.store->unfinished()->empty());
}

TEST(Overlap, WhatFailsBesideABatchIsCompletedByTheNextRun) {
  Notes whole;
  whole.seal(false);
  for (const char* operation : {"create", "append", "protect", "flush"}) {
    for (const auto code : {Code::world, Code::disk_full}) {
      const auto what = std::string(operation) + (code == Code::world ? " fails" : " finds no space");
      Notes notes;
      notes.disk.operation = operation, notes.disk.code = code;
      notes.disk.at = std::string_view(operation) == "append" ? "audit.jsonl" : "i-note-09";
      auto first = notes.seal(true);
      EXPECT_GT(first[SealResult::failed], 0) << what;
      // A full disk ends the run: what was gathered meanwhile is not sealed.
      if (code == Code::disk_full) {
        EXPECT_LT(first[SealResult::sealed] + first[SealResult::failed], k_notes) << what;
      }
      EXPECT_FALSE(notes.store->unfinished()->empty()) << what;
      notes.disk.operation.clear();
      auto second = notes.seal(true);
      EXPECT_EQ(second[SealResult::sealed] + second[SealResult::already], k_notes) << what;
      EXPECT_TRUE(notes.store->unfinished()->empty()) << what;
      const auto verified = verify_records({notes.disk, notes.fake.clock, notes.fake.http, notes.fake.random},
                                           *notes.store, {notes.kernel()}, {});
      ASSERT_TRUE(verified) << what;
      EXPECT_TRUE(verified->faults.empty() && verified->unfinished.empty()) << what;
      EXPECT_EQ(verified->records, static_cast<std::uint64_t>(k_notes)) << what;
      if (code == Code::world) EXPECT_TRUE(notes.all() == whole.all()) << what;
    }
  }
}

}  // namespace
}  // namespace provgate::test
