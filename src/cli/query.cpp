// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "cli/output.hpp"
#include "cli/progress.hpp"
#include "cli/streams.hpp"
#include "provgate/requests/requests.hpp"

namespace provgate::cli {
namespace {

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

// The files of --data, and what of them stands in no file. `streams` must outlive the request.
Result<void> read_data(Context& context, const Streams& streams, QueryRequest& request) {
  if (!streams.records.empty())
    return fail(Code::usage, "a query is run on RDF, and standard input holds records",
                "provgate convert - --to turtle makes RDF of them");
  if (std::find(streams.paths.begin(), streams.paths.end(), "-") != streams.paths.end())
    return fail(Code::input, "standard input is empty: there is nothing to query");
  request.data = streams.paths, request.load.texts = streams.data;
  TRY(request.load.contexts, read_contexts(context));
  request.on_data = [&](const RdfData& data) { say_dropped(context, data); };
  return {};
}

Result<QueryRequest> request_of(Context& context, SourceText query, Streams& streams) {
  const auto& flags = context.flags;
  QueryRequest out;
  out.query = std::move(query), out.format = flags.format;
  if (!flags.on.empty() && !flags.store.empty())
    return fail(Code::usage, "--store and --on name two places", "give one of them");
  if (!flags.data.empty() && !(flags.on.empty() && flags.store.empty()))
    return fail(Code::usage, "--data names files, --store and --on other places", "give one of them");
  out.store = default_store_path(flags.store);
  if (!flags.on.empty()) {
    TRY(out.endpoint, endpoint_from(context.world.disk, flags.on, false));
  }
  if (!flags.data.empty()) {
    if (flags.query == "-" && std::find(flags.data.begin(), flags.data.end(), "-") != flags.data.end())
      return fail(Code::usage, "standard input can be the query or the data, not both");
    TRY(streams, read_streams(context, flags.data, flags.data_format));
    CHECKED(read_data(context, streams, out));
  }
  out.limits = {flags.timeout_ms, flags.max_rows, flags.max_memory_mib << 20};
  out.table_width = terminal_width();
  out.write = [&context](std::string_view text) {
    emit(context, text);
    return static_cast<bool>(context.out);
  };
  return out;
}

int ask(Context& context, SourceText query, std::optional<GraphName> graph = {}) {
  Streams streams;
  auto request = request_of(context, std::move(query), streams);
  if (!request) return report_error(context, request.error());
  request->graph = std::move(graph);
  Progress progress(context.err, k_catching_up, !context.flags.quiet, "records", k_soon_ms);
  request->catching_up = progress.pace();
  request->write = [&, write = std::move(request->write)](std::string_view text) {
    progress.end();
    return write(text);
  };
  const auto answered = answer(context.world, *request);
  if (!answered) return report_error(context, answered.error());
  return answered->stopped ? report_query_error(context, *answered->stopped, request->query, answered->rows)
                           : static_cast<int>(k_ok);
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
  if (!context.flags.query_text.empty()) return ask(context, SourceText("-e", context.flags.query_text));
  if (context.flags.query == "-" && standard_input_closed()) {
    return report_error(context, {Code::world, "standard input is closed", {}, {}, {}});
  }
  if (context.flags.query == "-") {
    constexpr std::size_t k_longest_query = 64 << 10;  // what the engine takes; one byte more tells that it is too long
    return ask(context, SourceText("-", read_some(context.in, k_longest_query + 1)));
  }
  auto text = context.world.disk.read(context.flags.query, 16ULL << 20, true);
  if (!text) return report_error(context, text.error());
  return ask(context, SourceText(context.flags.query, std::move(*text)));
}

int run_audit(Context& context) {
  const auto& name = context.flags.name;
  if (name != "list" && !name.empty()) {
    const auto graph = named_graph(context.flags);
    auto query = named_query(name, context.flags.set, graph);
    return query ? ask(context, std::move(*query), graph) : report_error(context, query.error());
  }
  if (!context.flags.set.empty() || !context.flags.graph.empty()) {
    return report_error(
        context, {Code::usage,
                  (context.flags.set.empty() ? "--graph" : "--set") + std::string(" without the name of a query"),
                  {},
                  {},
                  {}});
  }
  for (const auto& query : query_library()) {
    context.out << query.name << "\n    " << query.question << "\n    needs " << query.needs << "\n";
    for (const auto& one : query.parameters)
      context.out << "    --set " << one.name << "=" << one.type << ": " << one.about << "\n";
  }
  return k_ok;
}

}  // namespace provgate::cli
