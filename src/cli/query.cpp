#include "cli/cli.hpp"
#include "provgate/audit.hpp"

namespace provgate::cli {
namespace {

// Queries run on an endpoint; the embedded store answers `trace`.
int ask(Context& context, const std::string& query) {
  const auto& flags = context.flags;
  const auto endpoint = endpoint_from(context.world.disk, flags.on, false);
  if (!endpoint) return report_error(context, endpoint.error());
  const auto format = flags.format.empty() ? std::string("table") : flags.format;
  static const std::map<std::string, std::string> k_accept = {{"table", "application/sparql-results+json"}, {"json", "application/sparql-results+json"},
                                                              {"csv", "text/csv"},                          {"tsv", "text/tab-separated-values"},
                                                              {"xml", "application/sparql-results+xml"},    {"turtle", "text/turtle"},
                                                              {"ntriples", "application/n-triples"}};
  const auto accept = k_accept.find(format);
  if (accept == k_accept.end()) return report_error(context, {Code::usage, "unknown format " + quote(format), "table, json, csv, tsv, xml, turtle or ntriples", {}, {}});
  const auto body = sparql_query(context.world.http, *endpoint, query, accept->second);
  if (!body) return report_error(context, body.error());
  if (format != "table") {
    context.out << *body;
    return k_ok;
  }
  const auto table = results_table(*body);
  if (!table) return report_error(context, {Code::usage, table.error().why, "for CONSTRUCT and DESCRIBE use --format turtle", {}, {}});
  context.out << *table;
  return k_ok;
}

void add_endpoint(CLI::App& app, Flags& flags) {
  app.add_option("--on", flags.on, "Dataset URL, such as http://localhost:3030/ckp (default: PROVGATE_ENDPOINT)");
  app.add_option("--format", flags.format, "table, json, csv, tsv, xml, turtle or ntriples (default: table)");
}

}  // namespace

void flags_query(CLI::App& app, Flags& flags) {
  app.add_option("FILE", flags.query, "SPARQL file; - reads standard input")->required();
  add_endpoint(app, flags);
}

int run_query(Context& context) {
  if (context.flags.query == "-") return ask(context, read_all(context.in));
  const auto text = context.world.disk.read(context.flags.query, 16ULL << 20, true);
  if (!text) return report_error(context, text.error());
  return ask(context, *text);
}

void flags_audit(CLI::App& app, Flags& flags) {
  app.add_option("NAME", flags.name, "A query of the library, or list")->required();
  add_endpoint(app, flags);
}

int run_audit(Context& context) {
  const auto& name = context.flags.name;
  std::vector<std::string_view> names;
  for (const auto& query : query_library()) {
    if (query.name == name) return ask(context, query.text);
    names.push_back(query.name);
  }
  if (name == "list") {
    for (const auto& query : query_library()) context.out << query.name << "\n    " << query.question << "\n    needs " << query.needs << "\n";
    return k_ok;
  }
  const auto near = closest(name, names);
  return report_error(context, {Code::usage, "no query named " + quote(name), near ? "did you mean " + *near + "?" : "see provgate audit list", {}, {}});
}

}  // namespace provgate::cli
