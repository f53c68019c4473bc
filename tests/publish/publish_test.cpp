// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "cli/environment.hpp"
#include "provgate/audit/audit.hpp"
#include "provgate/gate/gate.hpp"
#include "provgate/publish/publish.hpp"
#include "support/fake_server.hpp"
#include "support/records.hpp"
#include "support/store_rows.hpp"

namespace provgate::test {
namespace {

using cli::endpoint_from;

// Six instances and five actions that have proofs.
constexpr std::uint64_t k_records = 11;

struct PublishBench {
  PublishBench() {
    fake.disk.put_tree("Acme.Notes", good_tree("CHAIN-005"));
    for (int i = 1; i <= 5; ++i) {
      const auto id = "i-note-" + std::to_string(i);
      fake.disk.put("Acme.Notes/storage/instances/" + id + "/manifest.json",
                    "{\"instance_id\": \"" + id +
                        "\", \"prov:wasGeneratedBy\": \"ckp://Action#Acme.Notes/note.write-176000000" +
                        std::to_string(i) +
                        "\", \"prov:wasAttributedTo\": \"ckp://Kernel#Acme.Notes:v1.0\", \"prov:generatedAtTime\": "
                        "\"2025-10-09T08:53:20.000Z\"}");
    }
    store.emplace(std::move(*Store::open(home.path, true)));
    CheckOptions options;
    options.read.digests = true;
    options.settings["fleet"] = "notes.example.org";
    const auto report = check(fake, "Acme.Notes", options);
    seal_records(fake.world, &*store, report, {});
    fake.http.answer = [this](const HttpRequest& request) { return server.take(request); };
  }
  PublishReport publish(PublishOptions options = {}) {
    auto report = publish_pending(fake.http, *store, {"http://localhost/ckp", "provgate", "secret"}, options);
    EXPECT_TRUE(report);
    return std::move(*report);
  }
  TemporaryDirectory home;
  FakeWorld fake;
  Server server;
  std::optional<Store> store;
};

TEST(Publish, OneClosedGraphBlockWithItsBatchRecord) {
  PublishBench bench;
  const auto report = bench.publish();
  EXPECT_EQ(report.records, k_records);
  EXPECT_EQ(report.batches, 1U);
  EXPECT_EQ(report.pending, 0U);
  EXPECT_FALSE(report.stopped);
  ASSERT_EQ(bench.server.bodies.size(), 1U);
  const auto& body = bench.server.bodies[0];
  EXPECT_NE(body.find("GRAPH <urn:ckp:fleet:notes-example-org> {"), std::string::npos);
  EXPECT_EQ(body.find("GRAPH"), body.rfind("GRAPH"));
  EXPECT_NE(body.find("provgate:tripleCount"), std::string::npos);
  EXPECT_TRUE(body.ends_with("}\n"));
  const auto& request = bench.fake.http.requests[0];
  EXPECT_EQ(request.url, "http://localhost/ckp/data");
  EXPECT_EQ(request.user, "provgate");
  EXPECT_EQ(report.triples, bench.server.quads.size());
}

TEST(Publish, BatchesAreBounded) {
  PublishBench bench;
  PublishOptions options;
  options.batch_triples = 60;
  const auto report = bench.publish(options);
  EXPECT_GT(report.batches, 2U);
  EXPECT_EQ(report.records, k_records);
}

TEST(Publish, AgainSendsNothing) {
  PublishBench bench;
  bench.publish();
  const auto before = bench.server.quads;
  const auto report = bench.publish();
  EXPECT_EQ(report.records, 0U);
  EXPECT_EQ(bench.server.quads, before);
}

TEST(Publish, KilledBetweenAnyTwoSteps) {
  PublishBench whole;
  PublishOptions small;
  small.batch_triples = 60;
  whole.publish(small);
  for (int stop_at = 0; stop_at < 12; ++stop_at) {
    PublishBench bench;
    struct Killed {};
    int left = stop_at;
    PublishOptions options = small;
    options.on_step = [&](std::string_view) {
      if (left-- == 0) throw Killed{};
    };
    try {
      bench.publish(options);
    } catch (const Killed&) {
    }
    const auto report = bench.publish(small);
    EXPECT_EQ(report.pending, 0U) << stop_at;
    EXPECT_EQ(bench.server.quads, whole.server.quads) << stop_at;
  }
}

TEST(Publish, FailuresKeepTheOutbox) {
  struct Case {
    long status;
    bool wrong_count, cut;
    Code code;
    bool passes;
  };
  for (const auto& c : {Case{401, false, false, Code::usage, false}, Case{403, false, false, Code::usage, false},
                        Case{404, false, false, Code::usage, false}, Case{400, false, false, Code::world, false},
                        Case{500, false, false, Code::world, true}, Case{503, false, false, Code::world, true},
                        Case{0, true, false, Code::world, false}, Case{0, false, true, Code::world, true}}) {
    PublishBench bench;
    bench.server.fail_status = c.status, bench.server.wrong_count = c.wrong_count, bench.server.cut = c.cut;
    const auto report = bench.publish();
    ASSERT_TRUE(report.stopped) << c.status;
    EXPECT_EQ(report.stopped->code, c.code) << c.status;
    EXPECT_EQ(may_pass(*report.stopped), c.passes) << c.status;
    EXPECT_EQ(report.pending, k_records) << c.status;
    EXPECT_EQ(report.stopped->why.find("secret"), std::string::npos);
    bench.server = {};
    EXPECT_EQ(bench.publish().pending, 0U);
  }
}

TEST(Publish, NothingOfADamagedRowIsSent) {
  for (const auto& damage : {std::string("cut"), std::string("none"), std::string("key")}) {
    PublishBench bench;
    bench.store.reset();
    edit_table(bench.home.path, "outbox", [&](TableRows& rows) {
      auto& row = rows.begin()->second;
      if (damage == "cut") row.resize(row.size() - 3);
      if (damage == "none") row.append(16, '\0');
      if (damage == "key") rows["short"] = row;
    });
    bench.store.emplace(std::move(*Store::open(bench.home.path, true)));
    const auto report =
        publish_pending(bench.fake.http, *bench.store, {"http://localhost/ckp", "provgate", "secret"}, {});
    const bool stopped = !report || report->stopped;
    EXPECT_TRUE(stopped) << damage;
    EXPECT_EQ((report ? *report->stopped : report.error()).code, Code::integrity) << damage;
    EXPECT_TRUE(bench.server.bodies.empty()) << damage;
    EXPECT_FALSE(bench.store->check_tables()->faults.empty()) << damage;
  }
}

TEST(Publish, DryRunSendsNothing) {
  PublishBench bench;
  PublishOptions options;
  options.dry_run = true;
  std::string shown;
  options.on_dry_run = [&](std::string_view text) { shown += text; };
  EXPECT_EQ(bench.publish(options).records, k_records);
  EXPECT_TRUE(bench.fake.http.requests.empty());
  EXPECT_NE(shown.find("GRAPH <urn:ckp:fleet:notes-example-org>"), std::string::npos);
  EXPECT_EQ(bench.publish().records, k_records);
}

TEST(Publish, OnlyTheRowsAskedFor) {
  PublishBench bench;
  PublishOptions options;
  options.only = std::set{Seq(2), Seq(4)};
  EXPECT_EQ(bench.publish(options).records, 2U);
  EXPECT_EQ(bench.publish().records, k_records - 2);
}

TEST(Publish, AnInterruptedBatchIsNotMixedWithOthers) {
  PublishBench whole, bench;
  whole.publish({});
  PublishOptions stopped;
  struct Killed {};
  stopped.only = std::set{Seq(1), Seq(2)};
  stopped.on_step = [](std::string_view step) {
    if (step == "sent") throw Killed{};
  };
  EXPECT_THROW(bench.publish(stopped), Killed);
  PublishOptions other;
  other.only = std::set{Seq(5)};
  EXPECT_EQ(bench.publish(other).records, 1U);
  EXPECT_EQ(*bench.store->in_flight(), (std::vector{Seq(1), Seq(2)}));
  bench.publish();
  EXPECT_EQ(bench.store->status()->pending, 0U);
  std::size_t batches = 0;
  for (const auto& line : bench.server.quads) batches += line.find("#Batch>") != std::string::npos;
  EXPECT_EQ(batches, 3U);
}

// Rows of a batch that was begun may go in others, which were asked for by name: nothing waits for them.
TEST(Publish, ABegunBatchWhoseRowsWentOtherwiseHoldsNothingUp) {
  PublishBench bench;
  struct Killed {};
  PublishOptions stopped;
  stopped.only = std::set{Seq(1), Seq(2)};
  stopped.on_step = [](std::string_view step) {
    if (step == "begun") throw Killed{};
  };
  EXPECT_THROW(bench.publish(stopped), Killed);
  for (const auto seq : {Seq(1), Seq(2)}) {
    PublishOptions one;
    one.only = std::set<Seq>{seq};
    EXPECT_EQ(bench.publish(one).records, 1U);
  }
  EXPECT_TRUE(bench.store->in_flight()->empty());
  EXPECT_EQ(bench.publish().records, k_records - 2);
  EXPECT_EQ(bench.store->status()->pending, 0U);
}

TEST(Endpoint, RefusesWhatWouldLeakThePassword) {
  MemoryDisk disk;
  disk.put("/p", "secret\n");
  setenv("PROVGATE_PASSWORD_FILE", "/p", 1);
  setenv("PROVGATE_USER", "provgate", 1);
  EXPECT_EQ(endpoint_from(disk, "http://localhost/ckp", true).error().code, Code::usage);
  disk.nodes()["/p"].mode = 0600;
  EXPECT_EQ(endpoint_from(disk, "http://localhost/ckp/", true)->password, "secret");
  EXPECT_EQ(endpoint_from(disk, "http://u:p@localhost/ckp", true).error().code, Code::usage);
  EXPECT_EQ(endpoint_from(disk, "ftp://localhost/ckp", true).error().code, Code::usage);
  unsetenv("PROVGATE_ENDPOINT");
  EXPECT_EQ(endpoint_from(disk, "", true).error().code, Code::usage);
  unsetenv("PROVGATE_PASSWORD_FILE");
  unsetenv("PROVGATE_USER");
}

TEST(Trace, FourHopsAndGaps) {
  PublishBench bench;
  const auto source = store_source(*bench.store);
  const auto full = trace(*source, "ckp://Instance#i-note-7f3a-1760000000");
  ASSERT_TRUE(full);
  EXPECT_TRUE(full->gaps.empty()) << full->gaps.front();
  ASSERT_EQ(full->how.size(), 1U);
  EXPECT_EQ(full->how[0].why[0].goals[0].label, "Nothing is forgotten");
  const auto bare = trace(*source, "ckp://Instance#i-note-1");
  ASSERT_TRUE(bare);
  EXPECT_EQ(bare->gaps.size(), 4U);
  EXPECT_EQ(trace(*source, "ckp://Instance#unknown").error().code, Code::nothing);
  EXPECT_TRUE(parse_rdf("t", trace_turtle(*full), "turtle", "urn:base"));
  EXPECT_TRUE(read_json("t", trace_json(*full)));
}

TEST(Queries, EachHasAHeader) {
  EXPECT_GE(query_library().size(), 12U);
  for (const auto& query : query_library()) {
    EXPECT_FALSE(query.title.empty()) << query.name;
    EXPECT_FALSE(query.question.empty()) << query.name;
    EXPECT_FALSE(query.needs.empty()) << query.name;
  }
}

}  // namespace
}  // namespace provgate::test
