// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "cli/answers.hpp"
#include "cli/streams.hpp"
#include "provgate/audit/audit.hpp"
#include "provgate/rdf/load.hpp"
#include "provgate/sparql/sparql.hpp"

namespace provgate::cli {
namespace {

const std::map<std::string, std::string> k_accept = {{"table", "application/sparql-results+json"},
                                                     {"json", "application/sparql-results+json"},
                                                     {"csv", "text/csv"},
                                                     {"tsv", "text/tab-separated-values"},
                                                     {"xml", "application/sparql-results+xml"},
                                                     {"turtle", "text/turtle"},
                                                     {"ntriples", "application/n-triples"}};

bool makes_graph(const sparql::Query& query) {
  return query.kind() == sparql::Kind::construct || query.kind() == sparql::Kind::describe;
}

int ask_endpoint(Context& context, const std::string& text, std::string format) {
  const auto endpoint = endpoint_from(context.world.disk, context.flags.on, false);
  if (!endpoint) return report_error(context, endpoint.error());
  std::optional<sparql::Query> query;
  if (auto prepared = sparql::Query::prepare(text)) query.emplace(std::move(*prepared));
  if (context.flags.format.empty() && query && makes_graph(*query)) format = "turtle";
  if (query && makes_graph(*query) != (format == "turtle" || format == "ntriples")) {
    return report_error(context, {Code::usage,
                                  makes_graph(*query) ? "a CONSTRUCT or DESCRIBE query makes a graph"
                                                      : "a SELECT or ASK query has no RDF result",
                                  makes_graph(*query) ? "use turtle or ntriples" : "use table, json, csv, tsv or xml",
                                  {},
                                  {}});
  }
  const auto body = sparql_query(context.world.http, *endpoint, text, k_accept.at(format));
  if (!body) return report_error(context, body.error());
  // A login page or a proxy's is no answer.
  if (const auto why = no_answer(*body, format, query)) {
    return report_error(context, {Code::world,
                                  endpoint->url + " answered with something that is not the result of the query as " +
                                      k_accept.at(format) + ": " + *why,
                                  "name the dataset's URL, such as http://HOST:3030/DATASET; CONSTRUCT and DESCRIBE "
                                  "give --format turtle or ntriples, SELECT and ASK the others",
                                  {},
                                  {}});
  }
  emit(context, format == "table" ? results_table(*body, terminal_width()).value_or("") : *body);
  return k_ok;
}

/// What a query runs on: the store, or RDF files.
struct Ground {
  std::unique_ptr<Store> store;
  std::unique_ptr<RdfData> data;
  std::unique_ptr<QuadSource> quads;
};

Result<Ground> ground(Context& context) {
  const auto& flags = context.flags;
  Ground out;
  if (flags.data.empty()) {
    TRY(auto store, Store::open(default_store_path(flags.store), false));
    out.store = std::make_unique<Store>(std::move(store));
    TRY(out.quads, out.store->snapshot());
    return out;
  }
  if (context.flags.query == "-" && std::find(flags.data.begin(), flags.data.end(), "-") != flags.data.end())
    return fail(Code::usage, "standard input can be the query or the data, not both");
  TRY(const auto streams, read_streams(context, flags.data, flags.data_format));
  if (!streams.records.empty())
    return fail(Code::usage, "a query is run on RDF, and standard input holds records",
                "provgate convert - --to turtle makes RDF of them");
  LoadOptions load;
  load.texts = streams.data;
  TRY(load.contexts, read_contexts(context));
  TRY(auto data, load_rdf(context.world.disk, streams.paths, load));
  say_dropped(context, data);
  out.data = std::make_unique<RdfData>(std::move(data));
  out.quads = graph_source(out.data->graph);
  return out;
}

// A message with the line of the query and a caret, as far as the place is known.
int report_query_error(Context& context, Error error, const SourceText& source, std::uint64_t rows) {
  if (error.code == Code::input) error.file = source.path();
  const auto at = error.at;
  const int code = report_error(context, error);
  if (auto [shown, first] = source.window(at.line, std::max(1U, at.column)); at.line && !shown.empty()) {
    std::replace(shown.begin(), shown.end(), '\t', ' ');
    context.err << "  " << at.line << " | " << printable(shown) << "\n  "
                << std::string(std::to_string(at.line).size(), ' ') << " | "
                << std::string(at.column ? at.column - first : 0, ' ') << "^\n";
  }
  if (rows) context.err << "the output is incomplete: it ends after " << plural(rows, "row") << "\n";
  return code;
}

int ask_here(Context& context, const SourceText& source, std::string format) {
  const auto& flags = context.flags;
  const auto prefixes = missing_prefixes(source.text());
  auto query = sparql::Query::prepare(prefixes + std::string(source.text()));
  if (!query) {
    auto error = query.error();
    if (!prefixes.empty() && error.at.line > 1) --error.at.line, --error.at.end_line;
    return report_query_error(context, std::move(error), source, 0);
  }
  // A graph is no table: without a wish for a format it comes as Turtle.
  if (flags.format.empty() && makes_graph(*query)) format = "turtle";
  const auto on = ground(context);
  if (!on) return report_error(context, on.error());

  static const std::map<std::string, sparql::Format> k_formats = {
      {"table", sparql::Format::rows},       {"json", sparql::Format::json}, {"csv", sparql::Format::csv},
      {"tsv", sparql::Format::tsv},          {"xml", sparql::Format::xml},   {"turtle", sparql::Format::ntriples},
      {"ntriples", sparql::Format::ntriples}};
  ResultTable table(query->kind() == sparql::Kind::ask ? std::vector<std::string>{} : query->variables());
  std::string triples;
  const sparql::Sink sink{[&](std::string_view bytes) {
                            if (format == "turtle") {
                              triples += bytes;
                            } else {
                              emit(context, bytes);
                            }
                            return static_cast<bool>(context.out);
                          },
                          [&](std::size_t, std::span<const sparql::Cell> cells) {
                            table.add(cells);
                            return true;
                          }};
  const sparql::Limits limits{flags.timeout_ms, flags.max_rows, flags.max_memory_mib << 20};
  const auto outcome = query->run(*on->quads, k_formats.at(format), sink, limits);
  if (outcome.error && outcome.error->code == Code::usage) return report_error(context, *outcome.error);
  if (format == "table")
    emit(context, query->kind() == sparql::Kind::ask ? table.answer() : table.text(terminal_width()));
  if (format == "turtle" && !outcome.error) {
    const auto parsed = parse_rdf("result", triples, "ntriples", "");
    if (!parsed) return report_error(context, parsed.error());
    emit(context, write_graph(*parsed, Syntax::turtle, {fitting_prefixes(*parsed), false}));
  }
  if (outcome.error) return report_query_error(context, *outcome.error, source, format == "turtle" ? 0 : outcome.rows);
  return k_ok;
}

int ask(Context& context, const std::string& path, const std::string& text) {
  const auto& flags = context.flags;
  const auto format = flags.format.empty() ? std::string("table") : flags.format;
  if (!k_accept.contains(format)) {
    return report_error(
        context,
        {Code::usage, "unknown format " + quote(format), "table, json, csv, tsv, xml, turtle or ntriples", {}, {}});
  }
  if (!flags.on.empty() && !flags.store.empty()) {
    return report_error(context, {Code::usage, "--store and --on name two places", "give one of them", {}, {}});
  }
  if (!flags.data.empty() && !(flags.on.empty() && flags.store.empty())) {
    return report_error(context,
                        {Code::usage, "--data names files, --store and --on other places", "give one of them", {}, {}});
  }
  return flags.on.empty() ? ask_here(context, SourceText(path, text), format)
                          : ask_endpoint(context, missing_prefixes(text) + text, format);
}

}  // namespace

int run_query(Context& context) {
  if (context.flags.query.empty() == context.flags.query_text.empty()) {
    return report_error(context, {Code::usage,
                                  context.flags.query.empty() ? "no query" : "two queries",
                                  context.flags.data.empty()
                                      ? "give a file, or the query itself with -e"
                                      : "give a file, or the query itself with -e; --data takes one file each time",
                                  {},
                                  {}});
  }
  if (!context.flags.query_text.empty()) return ask(context, "-e", context.flags.query_text);
  if (context.flags.query == "-") {
    constexpr std::size_t k_longest_query = 64 << 10;  // what the engine takes; one byte more tells that it is too long
    return ask(context, "-", read_some(context.in, k_longest_query + 1));
  }
  const auto text = context.world.disk.read(context.flags.query, 16ULL << 20, true);
  if (!text) return report_error(context, text.error());
  return ask(context, context.flags.query, *text);
}

int run_audit(Context& context) {
  const auto& name = context.flags.name;
  std::vector<std::string_view> names = {"list"};
  for (const auto& query : query_library()) {
    if (query.name == name) {
      const auto text = with_parameters(query, context.flags.set);
      return text ? ask(context, name + ".rq", *text) : report_error(context, text.error());
    }
    names.push_back(query.name);
  }
  if (name == "list" || name.empty()) {
    if (!context.flags.set.empty())
      return report_error(context, {Code::usage, "--set without the name of a query", {}, {}, {}});
    for (const auto& query : query_library()) {
      context.out << query.name << "\n    " << query.question << "\n    needs " << query.needs << "\n";
      for (const auto& one : query.parameters)
        context.out << "    --set " << one.name << "=" << one.type << ": " << one.about << "\n";
    }
    return k_ok;
  }
  const auto near = closest(name, names);
  return report_error(context, {Code::usage,
                                "no query named " + quote(name),
                                near ? "did you mean " + *near + "?" : "see provgate audit list",
                                {},
                                {}});
}

}  // namespace provgate::cli
