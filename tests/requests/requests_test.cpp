// SPDX-License-Identifier: Apache-2.0
// Every verb asked as a server asks it: a World, a request, an answer; no command line, no environment, no output.
#include <gtest/gtest.h>

#include "provgate/requests/requests.hpp"
#include "support/records.hpp"

namespace provgate::test {
namespace {

const std::string k_note = "ckp://Instance#i-note-7f3a-1760000000";

class Requests : public testing::Test {
 protected:
  Requests() {
    fake_.disk.put_tree("Acme.Notes", good_tree("PROOF-001"));
    fake_.http.answer = [this](const HttpRequest& request) -> Result<HttpAnswer> {
      const auto body = gunzip(request.body);
      const auto graph = parse_rdf("body", body, "trig", "");
      if (graph) sent_ += graph->size();
      return HttpAnswer{200, "{\"count\":" + std::to_string(graph ? graph->size() : 0) + "}"};
    };
  }
  Input tree() const { return {{"Acme.Notes"}, {}, {}}; }
  Result<SealAnswer> seal(bool dry_run = false) {
    SealRequest request{tree(), store_, {}};
    request.options.dry_run = dry_run;
    return answer(fake_.world, request);
  }
  // The answer of a query, and why it stopped.
  std::pair<std::string, std::optional<Error>> ask(const std::string& text, const std::string& format = {}) {
    std::string out;
    QueryRequest request;
    request.query = SourceText("-e", text), request.format = format, request.store = store_;
    request.write = [&](std::string_view piece) { return out += piece, true; };
    const auto answered = answer(fake_.world, request);
    return {out, answered ? answered->stopped : answered.error()};
  }

  TemporaryDirectory home_;
  std::string store_ = join_path(home_.path, "store");
  FakeWorld fake_;
  std::size_t sent_ = 0;
};

TEST_F(Requests, CheckSaysTheVerdictAndTheTime) {
  CheckRequest request;
  request.input = tree(), request.instead_micros = 7;
  auto checked = answer(fake_.world, request);
  ASSERT_TRUE(checked) << checked.error().why;
  EXPECT_EQ(checked->verdict, Verdict::pass);
  EXPECT_EQ(checked->run.started_micros, 7);
  request.input.paths = {"nowhere"};
  EXPECT_EQ(answer(fake_.world, request).error().code, Code::input);
  request.input = tree(), request.change = {"change", "no triple"};
  EXPECT_EQ(answer(fake_.world, request).error().code, Code::input) << "a change that cannot be read";
}

TEST_F(Requests, ConvertGivesTheText) {
  const auto made = answer(fake_.world, ConvertRequest{tree(), Syntax::ntriples});
  ASSERT_TRUE(made) << made.error().why;
  EXPECT_EQ(made->verdict, Verdict::pass);
  EXPECT_EQ(parse_rdf("x", made->text, "ntriples", "")->size(), made->statements);
  EXPECT_EQ(made->made.report.record_count, 2U);
}

TEST_F(Requests, FromTheSealToTheServer) {
  EXPECT_EQ(seal(true)->counts[SealResult::sealed], 2U) << "a dry run needs no store";
  EXPECT_EQ(answer(fake_.world, StatusRequest{store_}).error().code, Code::nothing) << "and makes none";
  EXPECT_EQ(answer(fake_.world, VerifyRequest{tree(), store_}).error().code, Code::nothing);

  const auto sealed = seal();
  ASSERT_TRUE(sealed) << sealed.error().why;
  ASSERT_EQ(sealed->outcomes.size(), 2U) << "the action and what it made";
  EXPECT_EQ(sealed->outcomes[1].id.iri.text, k_note);
  const auto status = answer(fake_.world, StatusRequest{store_});
  ASSERT_TRUE(status);
  EXPECT_EQ(status->head.seq, Seq(2));
  EXPECT_EQ(status->status.pending, 2U);
  const auto verified = answer(fake_.world, VerifyRequest{tree(), store_});
  ASSERT_TRUE(verified) << verified.error().why;
  EXPECT_TRUE(verified->records == 2 && verified->faults.empty());

  const auto traced = answer(fake_.world, TraceRequest{"i-note-7f3a-1760000000", {}, store_, {}});
  ASSERT_TRUE(traced) << traced.error().why;
  EXPECT_TRUE(traced->sealed);
  EXPECT_EQ(answer(fake_.world, TraceRequest{"i-note-7f3a-176000000", {}, store_, {}}).error().help,
            "did you mean i-note-7f3a-1760000000?");
  // So is an IRI of which nothing is known: any IRI of the graph may be meant.
  EXPECT_EQ(answer(fake_.world, TraceRequest{"ckp://Instance#i-note-7f3a-1760000001", {}, store_, {}}).error().help,
            "did you mean ckp://Instance#i-note-7f3a-1760000000?");
  EXPECT_EQ(answer(fake_.world, TraceRequest{"ckp://Kernel#Acme.Nodes:v1.0", {}, store_, {}}).error().help,
            "did you mean ckp://Kernel#Acme.Notes:v1.0?");
  EXPECT_EQ(answer(fake_.world, TraceRequest{"urn:x:nothing-like-it", {}, store_, {}}).error().code, Code::nothing);

  PublishRequest publish;
  publish.input = tree(), publish.store = store_, publish.endpoint = {"http://server/data", {}, {}};
  std::uint64_t pending = 0;
  publish.on_begin = [&](std::uint64_t n) { pending = n; };
  const auto published = answer(fake_.world, publish);
  ASSERT_TRUE(published) << published.error().why;
  EXPECT_EQ(pending, 2U);
  EXPECT_EQ(published->report.triples, sent_);
  EXPECT_EQ(published->report.pending, 0U);
  publish.input.paths = {"nowhere"};
  EXPECT_FALSE(answer(fake_.world, publish));
}

TEST_F(Requests, QueriesOfTheStoreAndOfTheLibrary) {
  ASSERT_TRUE(seal());
  EXPECT_EQ(ask("ASK { <" + k_note + "> ?p ?o }").first, "true\n");
  EXPECT_NE(ask("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }").first.find("ckp:"), std::string::npos) << "Turtle";
  EXPECT_EQ(ask("ASK { ?s ?p ?o }", "yaml").second->code, Code::usage);
  EXPECT_EQ(ask("SELECT { ?s").second->code, Code::input);
  const auto named = named_query("instances-by-kernel", {});
  ASSERT_TRUE(named);
  EXPECT_FALSE(ask(std::string(named->text()), "csv").second);
  // Every query of the library can be asked of one graph; where the store has none of that name, that is said.
  for (const auto& query : query_library()) {
    const auto of_one = named_query(query.name, {}, GraphName("urn:ckp:fleet:notes-example-org"));
    ASSERT_TRUE(of_one) << query.name;
    EXPECT_TRUE(sparql::Query::prepare(missing_prefixes(of_one->text()) + std::string(of_one->text()))) << query.name;
  }
  EXPECT_EQ(named_query("batches", {}, GraphName("no iri")).error().code, Code::usage);
  EXPECT_EQ(named_query("batches", {}, GraphName()).error().code, Code::usage);
  EXPECT_EQ(named_query("instances-by-kernels", {}).error().help, "did you mean instances-by-kernel?");
  EXPECT_EQ(named_rule("PROV-05").error().help, "did you mean PROV-005?");
  EXPECT_EQ((*named_rule("PROV-005"))->id, "PROV-005");
}

}  // namespace
}  // namespace provgate::test
