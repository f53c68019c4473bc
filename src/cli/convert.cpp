#include <algorithm>

#include "check/rdf_data.hpp"
#include "cli/streams.hpp"
#include "io/watched_disk.hpp"
#include "provgate/report/report.hpp"

namespace provgate::cli {

namespace {

bool carries_no_names(Syntax syntax) {
  return syntax == Syntax::turtle || syntax == Syntax::ntriples || syntax == Syntax::rdfxml;
}

Result<void> write_out(Context& context, const Graph& graph, Syntax syntax, std::vector<Prefix> prefixes,
                       const std::string& from) {
  CHECKED(can_write(graph, syntax));
  emit(context, write_graph(graph, syntax, {std::move(prefixes), false}));
  context.err << plural(graph.size(), "statement") << " from " << from
              << (carries_no_names(syntax) ? "; " + context.flags.to + " carries no graph names" : "") << "\n";
  return {};
}

// RDF files alone: nothing that was named or lies beside them may be left out in silence.
Result<int> convert_rdf(Context& context, const ReadPaths& read, const RdfData& data, Syntax syntax) {
  for (const auto& f : read.report.findings) {
    if (f.severity == Severity::error) {
      return tl::unexpected<Error>(Error{f.world ? Code::world : Code::input, f.message, f.fix, f.file, f.at});
    }
    say_finding(context, f);
  }
  if (const auto n = read.report.skipped.total()) {
    context.err << "skipped " << with_commas(n) << " other " << (n == 1 ? "entry" : "entries") << "\n";
  }
  CHECKED(write_out(context, data.graph, syntax, usual_prefixes(), plural(data.files.size(), "RDF file")));
  return static_cast<int>(k_ok);
}

Result<int> convert_records(Context& context, Disk& disk, const CheckReport& report, Syntax syntax) {
  TRY(const auto graph, convert_report(disk, report));
  std::vector<std::string> profiles;
  each_collection(
      report, [&](const SystemReport& one, std::size_t c) { profiles.push_back(one.reading->collection(c).profile); });
  auto prefixes = profiles.empty() ? usual_prefixes() : prefixes_of(profiles);
  CHECKED(write_out(context, graph, syntax, std::move(prefixes), plural(report.record_count, "record")));
  for (const auto& f : report.findings) {
    if (f.severity == Severity::error) say_finding(context, f);
  }
  TRY(const auto verdict, report.verdict(Severity::error));
  // What cannot be decided can be converted all the same.
  return verdict == Verdict::undecided || (verdict == Verdict::nothing && report.record_count) ? static_cast<int>(k_ok)
                                                                                               : exit_of(verdict);
}

Result<int> convert(Context& context) {
  const auto& flags = context.flags;
  TRY(auto options, check_options(flags));
  const auto syntax = parse_syntax(flags.to);
  if (!syntax) {
    std::string help;
    const auto names = syntax_names();
    if (const auto near = closest(flags.to, {names.begin(), names.end()})) help = "did you mean " + *near + "? ";
    for (const auto name : names) help += (help.empty() ? "" : ", ") + std::string(name);
    return fail(Code::usage, "unknown syntax " + quote(flags.to), help);
  }
  TRY(const auto streams, read_streams(context, flags.paths, flags.format));
  LoadOptions load;
  TRY(load.contexts, read_contexts(context));
  load.texts = streams.data;
  options.shapes.rdf = true, options.shapes.records = false, options.statements = true,
  options.shapes.data = streams.data;
  WatchedDisk disk(context.world.disk);
  const World world{disk, context.world.clock, context.world.http, context.world.random};
  TRY(const auto read, read_paths(world, streams.paths, streams.records, options));
  TRY(const auto data, load_rdf(disk, read.rdf, load));
  say_dropped(context, data);
  if (data.files.empty()) return convert_records(context, disk, read.report, *syntax);
  const bool records = read.report.record_count || !streams.records.empty();
  if (records) {
    return fail(Code::usage, "RDF and records cannot be converted in one go", "convert them one after the other");
  }
  if (const auto failed = disk.failure()) return tl::unexpected<Error>(*failed);
  return convert_rdf(context, read, data, *syntax);
}

}  // namespace

int run_convert(Context& context) {
  const auto code = convert(context);
  return code ? *code : report_error(context, code.error());
}

}  // namespace provgate::cli
