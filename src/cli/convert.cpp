// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "cli/streams.hpp"
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
Result<int> write_rdf(Context& context, const Converted& made, Syntax syntax) {
  for (const auto& f : made.report.findings) {
    if (f.severity == Severity::error) {
      return tl::unexpected<Error>(Error{f.world ? Code::world : Code::input, f.message, f.fix, f.file, f.at});
    }
    say_finding(context, f);
  }
  if (const auto n = made.report.skipped.total()) {
    context.err << "skipped " << with_commas(n) << " other " << (n == 1 ? "entry" : "entries") << "\n";
  }
  const auto from = plural(made.rdf.files.size(), "RDF file");
  CHECKED(write_out(context, made.rdf.graph, syntax, usual_prefixes(), from));
  return static_cast<int>(k_ok);
}

Result<int> write_records(Context& context, const Converted& made, Syntax syntax) {
  std::vector<std::string> profiles;
  each_collection(made.report, [&](const SystemReport& one, std::size_t c) {
    profiles.push_back(one.reading->collection(c).profile);
  });
  auto prefixes = profiles.empty() ? usual_prefixes() : prefixes_of(profiles);
  CHECKED(write_out(context, made.graph, syntax, std::move(prefixes), plural(made.report.record_count, "record")));
  for (const auto& f : made.report.findings) {
    if (f.severity == Severity::error) say_finding(context, f);
  }
  if (made.report.record_count == 0 && !made.report.unreadable()) return static_cast<int>(k_nothing);
  TRY(const auto verdict, made.report.verdict(Severity::error));
  return verdict == Verdict::undecided || verdict == Verdict::nothing ? static_cast<int>(k_ok) : exit_of(verdict);
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
  TRY(options.shapes.contexts, read_contexts(context));
  options.shapes.data = streams.data;
  TRY(const auto made, convert_paths(context.world, streams.paths, streams.records, options));
  say_dropped(context, made.rdf);
  return made.rdf.files.empty() ? write_records(context, made, *syntax) : write_rdf(context, made, *syntax);
}

}  // namespace

int run_convert(Context& context) {
  const auto code = convert(context);
  return code ? *code : report_error(context, code.error());
}

}  // namespace provgate::cli
