// SPDX-License-Identifier: Apache-2.0
// The system fails in the middle (too many open files, a failing device): each single read of each verb, one after the
// other. Such a read says nothing about the file: the verb ends with "the world failed", or answers as if nothing had
// happened.
#include <gtest/gtest.h>

#include "provgate/gate/gate.hpp"
#include "provgate/rdf/load.hpp"
#include "support/records.hpp"
#include "systems/ckp/assemble.hpp"

namespace provgate::test {
namespace {

// Lets every read pass but the nth.
struct Failing {
  explicit Failing(MemoryDisk& disk, int nth) : disk_(disk) {
    disk.before_read = [this, nth](const std::string& op, const std::string& path) -> std::optional<Error> {
      if (reads++ != nth) return {};
      what = op + " " + path;
      return Error{Code::world, "Too many open files", {}, path, {}};
    };
  }
  ~Failing() { disk_.before_read = nullptr; }
  Failing(const Failing&) = delete;
  Failing& operator=(const Failing&) = delete;
  int reads = 0;
  std::string what;

 private:
  MemoryDisk& disk_;
};

std::string said(const CheckReport& report) {
  std::string out;
  for (const auto& f : report.findings) out += f.rule + " " + f.file + " " + f.message + "\n";
  for (const auto& [kind, n] : report.records) out += kind + " " + std::to_string(n) + "\n";
  return out + std::to_string(report.rdf_statements) + " " + std::to_string(exit_code_of(report, Severity::warning));
}

struct FailingTree {
  const char* name;
  std::function<void(MemoryDisk&)> put;
  std::vector<std::string> paths;
  CheckOptions options;
};

void put_data(MemoryDisk& disk) {
  disk.put("data/a.ttl", "<http://e/a> <http://e/p> 1 .\n");
  disk.put("data/b.json", R"({"@id": "http://e/b", "http://e/p": 2})");
  disk.put("data/deep/c.xml",
           R"(<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://e/"><rdf:Description )"
           R"(rdf:about="http://e/c" e:p="3"/></rdf:RDF>)");
  disk.put("shapes.ttl",
           "@prefix sh: <http://www.w3.org/ns/shacl#> . <http://e/s> a sh:NodeShape ; sh:targetSubjectsOf <http://e/p> "
           "; sh:property [ sh:path <http://e/q> ; sh:minCount 1 ] .\n");
}

CheckOptions with_shapes() {
  CheckOptions options;
  options.shapes.files = {"shapes.ttl"};
  return options;
}

std::vector<FailingTree> trees() {
  std::vector<FailingTree> out;
  for (const char* rule : {"PROOF-001", "PROV-015", "TASK-001", "KERNEL-001", "CHAIN-001"}) {
    if (!find_rule(rule)) continue;
    out.push_back(
        {rule, [rule](MemoryDisk& disk) { disk.put_tree("Acme.Notes", good_tree(rule)); }, {"Acme.Notes"}, {}});
  }
  out.push_back({"one instance",
                 [](MemoryDisk& disk) { disk.put_tree("Acme.Notes", good_tree("PROOF-001")); },
                 {"Acme.Notes/storage/instances/i-note-7f3a-1760000000"},
                 {}});
  out.push_back({"RDF", put_data, {"data"}, with_shapes()});
  out.push_back({"named RDF", put_data, {"data/a.ttl", "data/b.json", "data/deep/c.xml"}, with_shapes()});
  return out;
}

TEST(FailingReads, NeverChangeWhatCheckSays) {
  std::size_t tried = 0, failures = 0;
  for (const auto& tree : trees()) {
    std::string whole;
    for (int nth = -1, most = 0; nth < most; ++nth) {
      FakeWorld fake;
      tree.put(fake.disk);
      Failing failing(fake.disk, nth);
      CheckOptions options = tree.options;
      options.threads = 1;
      const auto report = check_paths(fake.world, tree.paths, {}, options);
      if (nth < 0) {
        ASSERT_TRUE(report) << tree.name;
        whole = said(*report);
        most = failing.reads;
        continue;
      }
      ++tried;
      const bool world = report ? exit_code_of(*report, Severity::error) == 6 : report.error().code == Code::world;
      failures += world;
      EXPECT_TRUE(world || (report && said(*report) == whole))
          << tree.name << ", read " << nth << ", " << failing.what << "\n"
          << (report ? said(*report) : report.error().why);
    }
  }
  EXPECT_GT(tried, 80U);
  EXPECT_EQ(failures, tried);
}

TEST(FailingReads, NeverChangeWhatIsConverted) {
  for (const auto& tree : trees()) {
    FakeWorld fake;
    tree.put(fake.disk);
    CheckOptions options = tree.options;
    options.threads = 1;
    for (int nth = -1, most = 0; nth < most; ++nth) {
      Failing failing(fake.disk, nth);
      const auto graph = convert_paths(fake.world, tree.paths, {}, options);
      if (nth < 0) most = failing.reads;
      EXPECT_EQ(bool(graph), nth < 0) << tree.name << ", read " << nth << ", " << failing.what;
    }
  }
}

struct Ledger {
  Ledger() {
    auto opened = Store::open(join_path(home.path, "store"), true);
    store.emplace(std::move(*opened));
  }
  std::vector<SealOutcome> seal(FakeWorld& fake) {
    CheckOptions options;
    options.read.digests = true;
    options.threads = 1;
    auto report = check_paths(fake.world, {"Acme.Notes"}, {}, options);
    world_failed = !report || report->world_failed();
    if (!report) return {SealOutcome{SealResult::failed, {}, {}, report.error().why, Seq(), false}};
    return seal_records(fake.world, &*store, *report, {});
  }
  std::set<std::string> entries() {
    std::set<std::string> out;
    (void)store->each_entry([&](const LedgerEntry& e) {
      out.insert(e.kind + " " + e.id.iri.text);
      return true;
    });
    EXPECT_EQ(out.size(), store->status()->ledger_entries) << "nothing twice";
    return out;
  }
  TemporaryDirectory home;
  std::optional<Store> store;
  bool world_failed = false;  ///< the check before the last seal() says so
};

const std::set<std::string> k_sealed = {"sealed ckp://Action#Acme.Notes/note.write-1760000000",
                                        "sealed ckp://Instance#i-note-7f3a-1760000000"};

TEST(FailingReads, AreNeverSealedRejectedOrCalledChanged) {
  for (const bool again : {false, true}) {
    int most = 1;
    for (int nth = -1; nth < most; ++nth) {
      FakeWorld fake;
      Ledger ledger;
      fake.disk.put_tree("Acme.Notes", good_tree("PROOF-001"));
      if (again) ledger.seal(fake);
      std::vector<SealOutcome> outcomes;
      std::string what;
      {
        Failing failing(fake.disk, nth);
        outcomes = ledger.seal(fake);
        if (nth < 0) most = failing.reads;
        what = failing.what;
      }
      bool any_failed = false;
      const auto wanted = again ? SealResult::already : SealResult::sealed;
      for (const auto& outcome : outcomes) {
        const bool failed = outcome.result == SealResult::failed;
        any_failed = any_failed || failed;
        EXPECT_TRUE(failed || outcome.result == wanted)
            << nth << " " << what << ": " << int(outcome.result) << " " << outcome.detail;
      }
      EXPECT_TRUE(any_failed || outcomes.empty() || nth < 0 || (again && ledger.world_failed)) << nth << " " << what;
      // The next run finds nothing broken.
      EXPECT_NE(ledger.seal(fake).front().result, SealResult::failed) << nth << " " << what;
      EXPECT_EQ(ledger.entries(), k_sealed) << nth << " " << what;
      const auto verified = verify_records(fake.world, *ledger.store, {"Acme.Notes"}, {});
      ASSERT_TRUE(verified);
      EXPECT_TRUE(verified->faults.empty()) << nth << " " << what;
    }
    EXPECT_GT(most, 10);
  }
}

TEST(FailingReads, AreNeverTamperingToVerify) {
  FakeWorld fake;
  Ledger ledger;
  fake.disk.put_tree("Acme.Notes", good_tree("PROOF-001"));
  ledger.seal(fake);
  for (int nth = -1, most = 0; nth < most; ++nth) {
    Failing failing(fake.disk, nth);
    CheckOptions options;
    options.threads = 1;
    const auto report = verify_records(fake.world, *ledger.store, {"Acme.Notes"}, options);
    if (nth < 0) {
      ASSERT_TRUE(report && report->faults.empty());
      most = failing.reads;
    } else {
      ASSERT_FALSE(report) << nth << " " << failing.what;
      EXPECT_EQ(report.error().code, Code::world);
    }
  }
}

}  // namespace
}  // namespace provgate::test
