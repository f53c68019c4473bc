// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "provgate/requests/requests.hpp"
#include "requests/endpoint_answers.hpp"

namespace provgate {
namespace {

struct QueryFormat {
  std::string_view name, accept;
  sparql::Format here;
  bool graph;  ///< for CONSTRUCT and DESCRIBE
};
constexpr std::string_view k_json = "application/sparql-results+json";
constexpr std::array k_query_formats = {
    QueryFormat{"table", k_json, sparql::Format::rows, false},
    QueryFormat{"json", k_json, sparql::Format::json, false},
    QueryFormat{"csv", "text/csv", sparql::Format::csv, false},
    QueryFormat{"tsv", "text/tab-separated-values", sparql::Format::tsv, false},
    QueryFormat{"xml", "application/sparql-results+xml", sparql::Format::xml, false},
    QueryFormat{"turtle", "text/turtle", sparql::Format::ntriples, true},
    QueryFormat{"ntriples", "application/n-triples", sparql::Format::ntriples, true}};

// Where nobody says, a query that makes a graph comes as Turtle, and any other as a table.
Result<const QueryFormat*> format_of(const std::string& wanted, bool graph) {
  const std::string_view name = !wanted.empty() ? std::string_view(wanted) : graph ? "turtle" : "table";
  for (const auto& format : k_query_formats) {
    if (format.name == name) return &format;
  }
  return fail(Code::usage, "unknown format " + quote(wanted), "table, json, csv, tsv, xml, turtle or ntriples");
}

bool makes_graph(const sparql::Query& query) {
  return query.kind() == sparql::Kind::construct || query.kind() == sparql::Kind::describe;
}

Result<QueryAnswer> ask_endpoint(Http& http, const QueryRequest& request) {
  const std::string given(request.query.text());
  const auto text = missing_prefixes(given) + given;
  // An endpoint may know functions that are unknown here.
  std::optional<sparql::Query> query;
  if (auto prepared = sparql::Query::prepare(text)) query.emplace(std::move(*prepared));
  TRY(const auto* format, format_of(request.format, query && makes_graph(*query)));
  if (query && makes_graph(*query) != format->graph) {
    return fail(
        Code::usage,
        format->graph ? "a SELECT or ASK query has no RDF result" : "a CONSTRUCT or DESCRIBE query makes a graph",
        format->graph ? "use table, json, csv, tsv or xml" : "use turtle or ntriples");
  }
  const std::string accept(format->accept);
  TRY(const auto body, sparql_query(http, *request.endpoint, text, accept));
  // A login page or a proxy's is not an answer.
  if (const auto why = no_answer(body, std::string(format->name), query)) {
    return fail(Code::world,
                request.endpoint->url + " answered with something that is not the result of the query as " + accept +
                    ": " + *why,
                "name the dataset's URL, such as http://HOST:3030/DATASET; CONSTRUCT and DESCRIBE give --format "
                "turtle or ntriples, SELECT and ASK the others");
  }
  request.write(format->name == "table" ? results_table(body, request.table_width).value_or("") : body);
  return QueryAnswer{};
}

/// What a query runs on: the store, or RDF files.
struct Ground {
  std::optional<Store> store;
  std::optional<RdfData> data;
  std::unique_ptr<QuadSource> quads;
};

// That nothing is known would be told of a graph whose name is misspelt, too.
Result<void> holds(QuadSource& quads, const GraphName& graph) {
  const auto wanted = quads.find(iri_text(graph.text));
  std::vector<std::string> known;
  for (TermId g = quads.next_graph(0); g; g = quads.next_graph(g)) {
    if (g == wanted) return {};
    known.emplace_back(bare_iri(quads.text(g)));
  }
  const std::vector<std::string_view> names(known.begin(), known.end());
  const auto near = closest(graph.text, names);
  return fail(Code::nothing, "the store has no graph " + graph.text,
              near            ? "did you mean " + *near + "?"
              : known.empty() ? "it has no named graph"
                              : "it has " + known.front() + (known.size() > 1 ? " and others" : ""));
}

Result<void> take_ground(Disk& disk, const QueryRequest& request, Ground& out) {
  if (!request.data) {
    TRY(out.store, open_said(request.store, request.catching_up));
    TRY(out.quads, out.store->snapshot());
    return request.graph ? holds(*out.quads, *request.graph) : Result<void>();
  }
  TRY(out.data, load_rdf(disk, *request.data, request.load));
  if (request.on_data) request.on_data(*out.data);
  out.quads = graph_source(out.data->graph);
  return {};
}

Result<QueryAnswer> ask_here(Disk& disk, const QueryRequest& request) {
  const auto prefixes = missing_prefixes(request.query.text());
  auto query = sparql::Query::prepare(prefixes + std::string(request.query.text()));
  if (!query) {
    auto error = query.error();
    if (!prefixes.empty() && error.at.line > 1) --error.at.line, --error.at.end_line;
    return QueryAnswer{0, std::move(error)};
  }
  TRY(const auto* format, format_of(request.format, makes_graph(*query)));
  Ground ground;
  CHECKED(take_ground(disk, request, ground));

  const bool table = format->name == "table", turtle = format->name == "turtle";
  const bool yes_or_no = query->kind() == sparql::Kind::ask;
  ResultTable rows(yes_or_no ? std::vector<std::string>{} : query->variables());
  std::string triples;
  const sparql::Sink sink{[&](std::string_view bytes) {
                            if (!turtle) return request.write(bytes);
                            triples += bytes;
                            return true;
                          },
                          [&](std::size_t, std::span<const sparql::Cell> cells) {
                            rows.add(cells);
                            return true;
                          }};
  auto outcome = query->run(*ground.quads, format->here, sink, request.limits);
  if (outcome.error && outcome.error->code == Code::usage) return tl::unexpected<Error>(*outcome.error);
  if (table) request.write(yes_or_no ? rows.answer() : rows.text(request.table_width));
  if (turtle && !outcome.error) {
    TRY(const auto parsed, parse_rdf("result", triples, "ntriples", ""));
    request.write(write_graph(parsed, Syntax::turtle, {fitting_prefixes(parsed), false}));
  }
  return QueryAnswer{turtle ? 0 : outcome.rows, std::move(outcome.error)};
}

}  // namespace

Result<QueryAnswer> answer(const World& world, const QueryRequest& request) {
  CHECKED(format_of(request.format, false));
  return request.endpoint ? ask_endpoint(world.http, request) : ask_here(world.disk, request);
}

Result<SourceText> named_query(const std::string& name, const std::vector<std::string>& values,
                               const std::optional<GraphName>& graph) {
  std::vector<std::string_view> names = {"list"};
  for (const auto& query : query_library()) {
    if (query.name == name) {
      TRY(auto text, with_parameters(query, values));
      if (graph) {
        TRY(text, of_graph(text, *graph));
      }
      return SourceText(name + ".rq", std::move(text));
    }
    names.push_back(query.name);
  }
  const auto near = closest(name, names);
  return fail(Code::usage, "no query named " + quote(name),
              near ? "did you mean " + *near + "?" : "see provgate audit list");
}

}  // namespace provgate
