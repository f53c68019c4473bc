// SPDX-License-Identifier: Apache-2.0
#include "provgate/publish/publish.hpp"

#include <algorithm>
#include <map>

#include "base/digest.hpp"
#include "provgate/systems/system.hpp"

namespace provgate {
namespace {

constexpr std::string_view k_transient = "try again later; the outbox keeps the records";

struct Batch {
  BatchId id;
  std::string body;
  std::vector<Seq> rows;
  std::uint64_t triples = 0;
};

// Store ids -> a graph of its own, with every term looked up once.
class BatchBuilder {
 public:
  explicit BatchBuilder(const Store& store) : store_(store) {}

  TermId graph_of(const OutboxRow& row) const { return row.quads.empty() ? 0 : row.quads.front().g; }
  bool empty() const { return rows_.empty(); }
  std::size_t size() const { return graph_.size(); }
  TermId graph_name() const { return name_; }

  Result<void> add(const OutboxRow& row) {
    if (rows_.empty()) name_ = graph_of(row);
    for (const auto& quad : row.quads) {
      TRY(const auto s, term(quad.s));
      TRY(const auto p, term(quad.p));
      TRY(const auto o, term(quad.o));
      TRY(const auto g, term(quad.g));
      graph_.add({s, p, o, g});
    }
    rows_.push_back(row.seq);
    return {};
  }

  Result<Batch> finish() {
    Batch batch;
    TRY(const auto name, term(name_));
    std::string content;
    for (auto line : canonical_lines()) content += line + "\n";
    const auto digest = sha256_hex(content);
    batch.id = BatchId("urn:provgate:batch:" + digest.text);
    auto& terms = graph_.terms();
    const auto s = terms.intern(iri_text(batch.id.text));
    const auto add = [&](std::string p, std::string o) {
      graph_.add({s, terms.intern(iri_text(p)), terms.intern(o), name});
    };
    const auto own = std::string(vocab::provgate), integer = std::string(vocab::xsd) + "integer";
    const auto count = graph_.size();
    add(std::string(vocab::rdf) + "type", iri_text(own + "Batch"));
    add(own + "tripleCount", literal_text(std::to_string(count), integer));
    add(own + "sha256", literal_text(digest.text));
    WriteOptions options;
    options.graph_keyword = true;
    options.prefixes = all_prefixes();
    batch.body = write_graph(graph_, Syntax::trig, options);
    batch.triples = graph_.size();
    batch.rows = rows_;
    return batch;
  }

 private:
  Result<TermId> term(TermId id) {
    if (!id) return TermId{0};
    if (const auto known = known_.find(id); known != known_.end()) return known->second;
    TRY(const auto text, store_.term(id));
    return known_.emplace(id, graph_.terms().intern(text)).first->second;
  }
  // The server rewrites some literals to their canonical forms; digests are taken over those.
  std::vector<std::string> canonical_lines() const {
    Graph canonical;
    auto& terms = canonical.terms();
    const auto copy = [&](TermId id) { return terms.intern(canonical_literal(graph_.terms().text(id))); };
    for (const auto& q : graph_.quads()) canonical.add({copy(q.s), copy(q.p), copy(q.o), q.g ? copy(q.g) : 0});
    return canonical.canonical_lines();
  }

  const Store& store_;
  Graph graph_;
  std::vector<Seq> rows_;
  std::map<TermId, TermId> known_;
  TermId name_ = 0;
};

Error status_error(long status, const std::string& url, const std::string& body, std::string_view transient) {
  const std::string what =
      url + " answered " + std::to_string(status) + (body.empty() ? "" : ": " + quote(trim(body), 200));
  if (status == 401 || status == 403)
    return {Code::usage,
            what,
            "name the user in PROVGATE_USER and the file with its password in PROVGATE_PASSWORD_FILE",
            {},
            {}};
  if (status == 404) return {Code::usage, what, "the URL is the dataset's, such as http://HOST:3030/DATASET", {}, {}};
  return {Code::world, what, status >= 500 ? std::string(transient) : std::string{}, {}, {}};
}

Result<void> send(Http& http, const Endpoint& endpoint, const Batch& batch) {
  HttpRequest request;
  request.method = "POST";
  request.url = endpoint.url + "/data";
  request.body = gzip(batch.body);
  request.headers = {"Content-Type: application/trig", "Content-Encoding: gzip", "Accept: application/json"};
  request.user = endpoint.user, request.password = endpoint.password;
  auto answer = http.send(request);
  if (!answer) {
    auto error = answer.error();
    if (error.code == Code::world) error.help = std::string(k_transient);
    return tl::unexpected<Error>(std::move(error));
  }
  if (answer->status != 200 && answer->status != 201)
    return tl::unexpected<Error>(status_error(answer->status, request.url, answer->body, k_transient));
  const auto doc = read_json(request.url, answer->body);
  const auto count = doc ? doc->root().find("count").as_int() : std::nullopt;
  if (!count || *count < 0 || static_cast<std::uint64_t>(*count) != batch.triples) {
    return fail(Code::world,
                request.url + " took " + (count ? std::to_string(*count) : std::string("an unknown number of")) +
                    " of " + std::to_string(batch.triples) + " triples: the batch counts as failed",
                "a proxy or the server cut the request; the outbox keeps the records");
  }
  return {};
}

Result<std::vector<Batch>> next_batch(Store& store, const PublishOptions& options, const std::set<Seq>& done) {
  TRY(const auto begun, store.in_flight());
  std::set<Seq> again(begun.begin(), begun.end());
  // A batch that was begun is finished first, unless only other records are wanted now.
  const bool wanted =
      !options.dry_run &&
      (!options.only || std::all_of(again.begin(), again.end(), [&](auto seq) { return options.only->contains(seq); }));
  if (!wanted) again.clear();
  BatchBuilder builder(store);
  Result<void> added;
  CHECKED(store.each_pending([&](const OutboxRow& row) {
    if (done.contains(row.seq)) return true;
    if (!again.empty() ? !again.contains(row.seq) : options.only && !options.only->contains(row.seq)) return true;
    const bool other_graph = !builder.empty() && builder.graph_of(row) != builder.graph_name();
    constexpr std::size_t k_record_triples = 3;
    if (other_graph) return true;  // the next batch takes it
    if (!builder.empty() && again.empty() &&
        builder.size() + row.quads.size() + k_record_triples > options.batch_triples)
      return false;
    added = builder.add(row);
    return added.has_value();
  }));
  CHECKED(std::move(added));
  std::vector<Batch> out;
  if (builder.empty()) return out;
  TRY(auto batch, builder.finish());
  out.push_back(std::move(batch));
  return out;
}

}  // namespace

bool may_pass(const Error& error) { return error.code == Code::world && error.help == k_transient; }

Result<PublishReport> publish_pending(Http& http, Store& store, const Endpoint& endpoint,
                                      const PublishOptions& options) {
  PublishReport report;
  std::set<Seq> done;
  const auto step = [&](std::string_view name) {
    if (options.on_step) options.on_step(name);
  };
  while (true) {
    TRY(const auto batches, next_batch(store, options, done));
    if (batches.empty()) break;
    const auto& batch = batches.front();
    done.insert(batch.rows.begin(), batch.rows.end());
    if (options.dry_run) {
      if (options.on_dry_run) options.on_dry_run(batch.body);
    } else {
      // A foreign batch that was begun stays noted: it is sent again as it was when its turn comes.
      TRY(const auto begun, store.in_flight());
      const bool foreign = options.only && !std::all_of(begun.begin(), begun.end(),
                                                        [&](auto seq) { return options.only->contains(seq); });
      if (!foreign) CHECKED(store.begin_batch(batch.rows));
      step("begun");
      if (auto sent = send(http, endpoint, batch); !sent) {
        report.stopped = sent.error();
        break;
      }
      step("sent");
      CHECKED(store.finish_batch(batch.rows, batch.id, !foreign));
      step("finished");
    }
    report.records += batch.rows.size();
    report.triples += batch.triples;
    ++report.batches;
    if (options.on_batch) options.on_batch(report.records, report.triples);
  }
  TRY(const auto status, store.status());
  report.pending = status.pending;
  return report;
}

Result<std::string> sparql_query(Http& http, const Endpoint& endpoint, const std::string& query,
                                 const std::string& accept) {
  HttpRequest request;
  request.method = "POST";
  request.url = endpoint.url + "/query";
  request.body = query;
  request.headers = {"Content-Type: application/sparql-query", "Accept: " + accept};
  request.user = endpoint.user, request.password = endpoint.password;
  TRY(auto answer, http.send(request));
  if (answer.status == 400)
    return fail(Code::input, "the server refuses the query: " + std::string(trim(answer.body.substr(0, 1000))));
  if (answer.status != 200)
    return tl::unexpected<Error>(status_error(answer.status, request.url, answer.body, "try again later"));
  return std::move(answer.body);
}

}  // namespace provgate
