// SPDX-License-Identifier: Apache-2.0
// A second system of records goes every way that the first goes, and rules across both hold.
#include <gtest/gtest.h>

#include <sstream>

#include "provgate/audit/audit.hpp"
#include "provgate/gate/gate.hpp"
#include "provgate/publish/publish.hpp"
#include "provgate/report/report.hpp"
#include "support/fake_server.hpp"
#include "support/records.hpp"

namespace provgate::test {
namespace {

const std::string k_note = "i-note-7f3a-1760000000";  // the id of a reading and of an instance
const std::string k_action = "ckp://Action#Acme.Notes/note.write-1760000000";

// Two gauges beside a kernel: one reading was made by the kernel's action, one by nobody known.
struct Plant {
  Plant() {
    fake.disk.put_tree("site/Acme.Notes", good_tree("PROV-001"));
    fake.disk.put("site/plant/north/gauge.ini", "name = north");
    fake.disk.put(
        "site/plant/north/a.reading",
        R"({"id": ")" + k_note + R"(", "value": 7, "at": "2026-01-01T00:00:00Z", "by": ")" + k_action + "\"}");
    fake.disk.put("site/plant/south/gauge.ini", "name = south");
    fake.disk.put("site/plant/south/b.reading",
                  R"({"id": "b", "value": 8, "at": "2026-01-01T00:00:00Z", "by": "urn:nobody"})");
    store.emplace(std::move(*Store::open(join_path(home.path, "store"), true)));
  }
  CheckReport look() {
    CheckOptions options;
    options.read.digests = true;
    return check(fake, "site", options);
  }
  std::vector<SealOutcome> seal() { return seal_records(fake.world, &*store, look(), {}); }

  TemporaryDirectory home;
  FakeWorld fake;
  std::optional<Store> store;
};

TEST(Toy, RulesHaveExamplesThatRun) {
  std::size_t seen = 0;
  for (const auto& rule : rules()) {
    if (!rule.id.starts_with("GAUGE-")) continue;
    ++seen;
    for (const auto* tree : {&rule.bad, &rule.good}) {
      FakeWorld world;
      world.disk.put_tree(rule.root, *tree);
      const auto found = rules_of(check(world, rule.root));
      EXPECT_EQ(std::count(found.begin(), found.end(), rule.id), tree == &rule.bad ? 1 : 0) << rule.id;
    }
  }
  EXPECT_EQ(seen, 2U);
}

TEST(Toy, IsCheckedBesideTheOther) {
  Plant plant;
  const auto report = plant.look();
  EXPECT_EQ(exit_code_of(report, Severity::error), 0);
  EXPECT_EQ(report.records.at("reading"), 2U);
  EXPECT_EQ(report.records.at("instance"), 1U);
  EXPECT_EQ(report.score.of, 3U);
  EXPECT_EQ(report.skipped.total(), 0U) << "what one system reads, no other has skipped";
  const auto text = report_human(report, {});
  EXPECT_NE(text.find("2 readings"), std::string::npos) << text;
  EXPECT_NE(text.find("2 gauges and 1 kernel"), std::string::npos) << text;
  const auto json = read_json("report", report_json(report, ""));
  ASSERT_TRUE(json);
  EXPECT_EQ(json->root().find("score").find("gauges").size(), 2U);
  EXPECT_EQ(json->root().find("score").find("kernels").size(), 1U);
  EXPECT_EQ(json->root().find("profile").text(), "mixed");
}

TEST(Toy, IsConvertedIntoItsOwnGraph) {
  Plant plant;
  CheckOptions options;
  options.statements = true;
  const auto read = read_paths(plant.fake.world, {"site"}, {}, options);
  ASSERT_TRUE(read);
  const auto graph = convert_report(plant.fake.disk, read->report);
  ASSERT_TRUE(graph);
  const auto text = write_graph(*graph, Syntax::nquads);
  EXPECT_NE(text.find("<urn:gauge:south:b> <http://www.w3.org/ns/prov#wasGeneratedBy> <urn:nobody> <urn:gauge:graph>"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("<ckp://Instance#" + k_note + ">"), std::string::npos);
}

TEST(Toy, IsSealedAndVerified) {
  Plant plant;
  for (const auto& outcome : plant.seal()) EXPECT_EQ(outcome.result, SealResult::sealed) << outcome.detail;
  for (const auto& outcome : plant.seal()) EXPECT_EQ(outcome.result, SealResult::already) << outcome.detail;
  std::map<std::string, std::string> scopes;
  ASSERT_TRUE(plant.store->each_entry([&](const LedgerEntry& entry) {
    scopes[entry.id.iri.text] = entry.id.system.text + " " + entry.id.scope.text + " " + entry.record_kind;
    return true;
  }));
  EXPECT_EQ(scopes.at("urn:gauge:north:" + k_note), "gauge north reading");
  EXPECT_EQ(scopes.at("ckp://Instance#" + k_note), "ckp local/Acme.Notes instance");
  auto verified = verify_records(plant.fake.world, *plant.store, {"site"}, {});
  ASSERT_TRUE(verified);
  EXPECT_EQ(verified->records, 4U) << "three records and an action";
  EXPECT_TRUE(verified->faults.empty());
  plant.fake.disk.put("site/plant/south/b.reading", R"({"id": "b", "value": 9, "at": "2026-01-01T00:00:00Z"})");
  verified = verify_records(plant.fake.world, *plant.store, {"site"}, {});
  ASSERT_TRUE(verified) << verified.error().why;
  ASSERT_EQ(verified->faults.size(), 1U);
  EXPECT_EQ(verified->faults[0].kind, Tampering::changed);
  EXPECT_EQ(verified->faults[0].file, "site/plant/south/b.reading");
}

TEST(Toy, IsPublished) {
  Plant plant;
  plant.seal();
  Server server;
  plant.fake.http.answer = [&](const HttpRequest& request) { return server.take(request); };
  const auto published = publish_pending(plant.fake.http, *plant.store, {"http://localhost/d", "u", "p"}, {});
  ASSERT_TRUE(published);
  EXPECT_EQ(published->records, 4U);
  EXPECT_EQ(published->pending, 0U);
  EXPECT_TRUE(std::any_of(server.quads.begin(), server.quads.end(), [](const auto& quad) {
    return quad.starts_with("<urn:gauge:south:b> ") && quad.ends_with("<urn:gauge:graph> .");
  }));
}

TEST(Toy, IsTracedIntoTheOtherSystem) {
  Plant plant;
  plant.seal();
  const auto source = store_source(*plant.store);
  const auto traced = trace(*source, "urn:gauge:north:" + k_note);
  ASSERT_TRUE(traced);
  EXPECT_EQ(traced->kind, "Entity");
  ASSERT_EQ(traced->how.size(), 1U);
  EXPECT_EQ(traced->how[0].urn, k_action);
  ASSERT_EQ(traced->how[0].who.size(), 2U);
  EXPECT_EQ(traced->how[0].who[1].urn, "ckp://Kernel#Acme.Notes:v1.0");
  ASSERT_EQ(traced->how[0].why.size(), 1U);
  EXPECT_EQ(traced->how[0].why[0].urn, "ckp://Task#T-1a2b");
  EXPECT_EQ(*traced_iri(&*plant.store, "b"), "urn:gauge:south:b");
  const auto two = traced_iri(&*plant.store, k_note);
  ASSERT_FALSE(two);
  EXPECT_EQ(two.error().code, Code::usage);
  EXPECT_NE(two.error().help.find("urn:gauge:north:" + k_note), std::string::npos);
}

TEST(Toy, IsAskedTogetherWithTheOther) {
  Plant plant;
  plant.seal();
  const auto query = sparql::Query::prepare(
      "PREFIX prov: <http://www.w3.org/ns/prov#> PREFIX g: <https://example.org/gauge#> "
      "SELECT ?reading ?kernel { ?reading a g:Reading ; prov:wasGeneratedBy/prov:wasAssociatedWith ?kernel . "
      "?kernel a prov:SoftwareAgent }");
  ASSERT_TRUE(query);
  const auto source = plant.store->snapshot();
  ASSERT_TRUE(source);
  std::vector<std::string> rows;
  sparql::Sink sink;
  sink.row = [&](std::size_t, std::span<const sparql::Cell> cells) {
    rows.push_back(std::string(*cells[0]) + " " + std::string(*cells[1]));
    return true;
  };
  EXPECT_FALSE(query->run(**source, sparql::Format::rows, sink).error);
  EXPECT_EQ(rows, (std::vector<std::string>{"<urn:gauge:north:" + k_note + "> <ckp://Kernel#Acme.Notes:v1.0>"}));
}

// A rule across systems is a query over the merged graph: a reading's action must be one that some kernel answers for.
TEST(Toy, ARuleAcrossBothIsAQuery) {
  Plant plant;
  plant.fake.disk.put("across.ttl", R"(
@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix prov: <http://www.w3.org/ns/prov#> .
@prefix g: <https://example.org/gauge#> . @prefix e: <urn:across:> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
e:P sh:declare [ sh:prefix "prov" ; sh:namespace "http://www.w3.org/ns/prov#"^^xsd:anyURI ] .
e:S a sh:NodeShape ; sh:targetClass g:Reading ; sh:sparql [ sh:prefixes e:P ; sh:message "nobody answers for it" ;
  sh:select "SELECT $this { $this prov:wasGeneratedBy ?a FILTER NOT EXISTS { ?a prov:wasAssociatedWith ?by } }" ] .
)");
  CheckOptions options;
  options.shapes.files = {"across.ttl"};
  const auto report = check(plant.fake, "site", options);
  std::vector<std::string> told;
  for (const auto& f : report.findings) {
    if (f.rule == "SHACL-001") told.push_back(f.focus + " " + f.file + " " + f.message);
  }
  EXPECT_EQ(told, (std::vector<std::string>{"urn:gauge:south:b site/plant/south/b.reading nobody answers for it"}));
  EXPECT_EQ(exit_code_of(report, Severity::error), 1);
}

}  // namespace
}  // namespace provgate::test
