// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <map>

#include "cli/streams.hpp"
#include "provgate/requests/requests.hpp"

namespace provgate::cli {
namespace {

struct ReportFile {
  const ReportFormat* format = &report_formats().front();
  std::string file;  ///< empty: standard output
};

Result<std::vector<ReportFile>> outputs_of(const Flags& flags) {
  std::vector<ReportFile> out;
  for (const auto& text : flags.outputs) {
    const auto equals = text.find('=');
    const auto name = text.substr(0, equals);
    auto& one = out.emplace_back();
    one.file = equals == std::string::npos ? std::string{} : text.substr(equals + 1);
    one.format = find_report_format(name);
    if (!one.format) {
      std::vector<std::string_view> names;
      for (const auto& format : report_formats()) names.push_back(format.name);
      const auto near = closest(name, names);
      return fail(Code::usage, "unknown output format " + quote(name),
                  near ? "did you mean " + *near + "?" : report_format_names());
    }
    if (one.file == "-") {
      one.file.clear();
    } else if (equals != std::string::npos && one.file.empty()) {
      return fail(Code::usage, "no file name after " + quote(text));
    }
  }
  if (std::count_if(out.begin(), out.end(), [](const ReportFile& one) { return one.file.empty(); }) > 1) {
    return fail(Code::usage, "two reports cannot share standard output", "give all but one a file: -o json=FILE");
  }
  if (out.empty()) out.emplace_back();
  return out;
}

Result<std::string> change_text(Context& context, const std::string& path) {
  if (path == "-") return read_all(context.in);
  TRY(const auto bytes, context.world.disk.map(path));
  return std::string(bytes.text);
}

void shape_options(const Flags& flags, CheckOptions& options) {
  auto& shapes = options.shapes;
  shapes.run.focus = flags.focus;
  shapes.run.shapes = flags.shape;
  shapes.run.max_results = flags.max_results;
  shapes.run.fail_fast = flags.fail_fast;
  shapes.run.require_targets = flags.require_targets;
  shapes.run.allow_vacuous = flags.allow_vacuous;
  shapes.run.coverage = flags.stats;
  if (flags.shape_timeout_ms) shapes.run.limits.deadline_ms = flags.shape_timeout_ms;
}

// A located message with its source line, for shapes that are refused.
void say(std::ostream& err, const Finding& note) {
  err << name_of(note.severity) << ": " << printable(note.message) << "\n";
  if (!note.file.empty()) {
    err << "  --> " << printable(note.file);
    if (note.at.line) err << ":" << note.at.line << ":" << note.at.column;
    err << "\n";
    if (!note.snippet.empty()) err << note.at.line << " | " << printable(note.snippet) << "\n";
  }
  if (!note.fix.empty()) err << "help: " << printable(note.fix) << "\n";
}

// Those of one kind are counted after the first few; slips, which say what was meant, and errors after more.
void say_all(std::ostream& err, const std::vector<Finding>& notes, bool all) {
  constexpr std::size_t k_examples = 3, k_most = 10;
  std::map<std::string, std::size_t> kinds;
  std::size_t left_out = 0;
  for (const auto& note : notes) {
    const bool slip = note.fix.starts_with("did you mean");
    const auto most = note.severity == Severity::error || slip ? k_most : k_examples;
    if (all || ++kinds[std::string(name_of(note.severity)) + (slip ? "?" : "") + message_kind(note.message)] <= most) {
      say(err, note);
    } else {
      ++left_out;
    }
  }
  if (left_out) err << "and " << with_commas(left_out) << " more messages like these (--all-warnings shows them)\n";
}

// What of the request is about shapes and RDF data. `streams` must outlive it.
Result<void> read_inputs(Context& context, const Streams& streams, CheckRequest& request) {
  const auto& flags = context.flags;
  shape_options(flags, request.input.options);
  auto& shapes = request.input.options.shapes;
  if (!flags.changed.empty()) {
    TRY(auto text, change_text(context, flags.changed));
    request.change = {flags.changed, std::move(text)};
  }
  shapes.rdf = true;
  shapes.files = streams.shape_files, shapes.texts = streams.shapes, shapes.data = streams.data;
  TRY(shapes.contexts, read_contexts(context));
  shapes.syntax_only = flags.syntax_only, shapes.skip = flags.skip_shapes, shapes.allow_partial = flags.allow_partial;
  return {};
}

Result<void> flags_fit(const Flags& flags) {
  const bool twice =
      flags.changed == "-" && std::find(flags.paths.begin(), flags.paths.end(), "-") != flags.paths.end();
  if (twice) return fail(Code::usage, "standard input can be the records or the change, not both");
  if (!flags.skip_shapes.empty() && flags.shapes.empty()) return fail(Code::usage, "--skip-shapes without --shapes");
  if (flags.syntax_only && !flags.shapes.empty()) {
    return fail(Code::usage, "--syntax-only is for RDF data without shapes",
                "leave out one of --shapes and --syntax-only");
  }
  return {};
}

// What could not be read was not judged: there is no report that says it conforms or does not.
void say_unread(Context& context, const CheckReport& report) {
  for (const auto& f : report.findings) {
    if (f.unreadable) say(context.err, f);
  }
  context.err << "not everything could be read; there is no report\n";
}

Result<void> write_report(Context& context, const ReportFile& output, const std::string& text) {
  if (output.file.empty()) {
    output.format == &report_formats().front() ? void(context.out << text) : emit(context, text);
    return {};
  }
  std::ofstream file(output.file, std::ios::binary);
  if ((file << text) && file.flush()) return {};
  return tl::unexpected<Error>(
      Error{Code::world, "the report cannot be written: " + std::string(std::strerror(errno)), {}, output.file, {}});
}

// Writes every report that was asked for. Returns whether one of them shows warnings about the shapes.
Result<bool> write_reports(Context& context, const CheckReport& report, const std::vector<ReportFile>& outputs,
                           ReportContext about) {
  const auto& flags = context.flags;
  bool shown = false;
  for (const auto& output : outputs) {
    const bool rdf = output.format->rdf;
    if (rdf && !report.shacl) {
      context.err << (report.rdf_files ? "nothing was checked: no shapes were given\n"
                                       : "nothing was checked: no record was found here\n");
      continue;
    }
    if (rdf && report.unreadable()) {
      say_unread(context, report);
      continue;
    }
    about.human = {output.file.empty() && colour_wanted(), flags.quiet, Severity::info, flags.stats, flags.all};
    CHECKED(write_report(context, output, output.format->write(report, about)));
    shown = shown || !rdf;
  }
  return shown;
}

void say_about_shapes(Context& context, const ShaclRun& run, bool shown) {
  if (!shown) {
    for (const auto* notes : {&run.notes, &run.report.notes}) {
      for (const auto& note : *notes) say(context.err, note);
    }
    if (run.report.vacuous) {
      context.err << (context.flags.allow_vacuous ? "vacuous: " : "nothing was checked: ")
                  << printable(run.report.nothing) << "\n";
    }
  }
  if (!context.flags.stats) return;
  char text[160];
  std::snprintf(text, sizeof text,
                " triples read in %.1f ms, indexed in %.1f ms, validated in %.1f ms, shapes and report %.1f ms\n",
                run.load_ms, run.report.index_ms, run.report.validate_ms, run.report_ms);
  context.err << with_commas(run.data->graph.size()) << text;
}

Result<int> check(Context& context) {
  const auto& flags = context.flags;
  CheckRequest request;
  TRY(request.input.options, check_options(flags));
  TRY(request.fail_on, severity_of(flags.fail_on));
  TRY(const auto outputs, outputs_of(flags));
  CHECKED(flags_fit(flags));
  TRY(request.instead_micros, source_date());
  request.timed = flags.timestamps;
  request.digests = std::ranges::any_of(outputs, [](const auto& output) { return output.format->rdf; });
  TRY(auto streams, read_streams(context, flags.paths, flags.format));
  CHECKED(read_inputs(context, streams, request));
  request.input.paths = std::move(streams.paths), request.input.records = std::move(streams.records);
  TRY(auto answered, answer(context.world, request));
  auto& report = answered.report;
  if (answered.shapes_refused) {
    say_all(context.err, report.shacl->notes, flags.all);
    context.err << "the shapes are refused; nothing was validated\n";
    return exit_of(answered.verdict);
  }
  const auto& records = request.input.records;
  TRY(const auto shown, write_reports(context, report, outputs, {flags.profile, request.fail_on, {}, answered.run}));
  if (report.shacl) say_about_shapes(context, *report.shacl, shown);
  if (answered.verdict == Verdict::nothing && !report.record_count && guessed_syntax(records) == RdfSyntax::jsonld) {
    context.err << "help: a record was expected; if this is JSON-LD, say --format jsonld\n";
  }
  return exit_of(answered.verdict);
}

}  // namespace

int run_check(Context& context) {
  const auto code = check(context);
  return code ? *code : report_error(context, code.error());
}

}  // namespace provgate::cli
