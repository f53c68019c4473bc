// SPDX-License-Identifier: Apache-2.0
#include "cli/streams.hpp"
#include "provgate/requests/requests.hpp"

namespace provgate::cli {

namespace {

bool carries_no_names(Syntax syntax) {
  return syntax == Syntax::turtle || syntax == Syntax::ntriples || syntax == Syntax::rdfxml;
}

// What was left out, and for records what is wrong with it.
void say_left_out(Context& context, const ConvertAnswer& answered, bool rdf) {
  const auto& report = answered.made.report;
  for (const auto& f : report.findings) {
    if (rdf || f.severity == Severity::error) say_finding(context, f);
  }
  if (const auto n = report.skipped.total(); rdf && n) {
    context.err << "skipped " << with_commas(n) << " other " << (n == 1 ? "entry" : "entries") << "\n";
  }
}

Result<int> convert(Context& context) {
  const auto& flags = context.flags;
  ConvertRequest request;
  TRY(request.input.options, check_options(flags));
  const auto syntax = parse_syntax(flags.to);
  if (!syntax) {
    std::string help;
    const auto names = syntax_names();
    if (const auto near = closest(flags.to, {names.begin(), names.end()})) help = "did you mean " + *near + "? ";
    for (const auto name : names) help += (help.empty() ? "" : ", ") + std::string(name);
    return fail(Code::usage, "unknown syntax " + quote(flags.to), help);
  }
  request.syntax = *syntax;
  TRY(auto streams, read_streams(context, flags.paths, flags.format));
  auto& shapes = request.input.options.shapes;
  TRY(shapes.contexts, read_contexts(context));
  shapes.data = streams.data;
  request.input.paths = std::move(streams.paths), request.input.records = std::move(streams.records);
  TRY(const auto answered, answer(context.world, request));
  const auto& made = answered.made;
  const bool rdf = !made.rdf.files.empty();
  say_dropped(context, made.rdf);
  if (answered.refused) {
    say_left_out(context, answered, rdf);
    context.err << "nothing was written: not everything could be read or named\n";
    return exit_of(answered.verdict);
  }
  emit(context, answered.text);
  context.err << plural(answered.statements, "statement") << " from "
              << (rdf ? plural(made.rdf.files.size(), "RDF file") : plural(made.report.record_count, "record"))
              << (carries_no_names(*syntax) ? "; " + flags.to + " carries no graph names" : "") << "\n";
  say_left_out(context, answered, rdf);
  return exit_of(answered.verdict);
}

}  // namespace

int run_convert(Context& context) {
  const auto code = convert(context);
  return code ? *code : report_error(context, code.error());
}

}  // namespace provgate::cli
