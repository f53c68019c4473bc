#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <map>

#include "base/digest.hpp"
#include "cli/streams.hpp"
#include "provgate/report/report.hpp"

namespace provgate::cli {
namespace {

struct Output {
  const ReportFormat* format = &report_formats().front();
  std::string file;  ///< empty: standard output
};

Result<std::vector<Output>> outputs_of(const Flags& flags) {
  std::vector<Output> out;
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
  if (std::count_if(out.begin(), out.end(), [](const Output& one) { return one.file.empty(); }) > 1) {
    return fail(Code::usage, "two reports cannot share standard output", "give all but one a file: -o json=FILE");
  }
  if (out.empty()) out.emplace_back();
  return out;
}

// N-Triples or N-Quads, each line perhaps after + (added) or - (taken away).
Result<Graph> read_change(Context& context, const std::string& path, std::string& sha256) {
  std::string text;
  if (path == "-") {
    text = read_all(context.in);
  } else {
    TRY(const auto bytes, context.world.disk.map(path));
    text = std::string(bytes.text);
  }
  sha256 = sha256_hex(text);
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] == '+' || text[at] == '-') text[at] = ' ';
    const auto end = text.find('\n', at);
    at = end == std::string::npos ? text.size() : end + 1;
  }
  return parse_rdf(path, text, "nquads", "");
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
void say(std::ostream& err, const shacl::Note& note) {
  err << name_of(note.severity) << ": " << printable(note.why) << "\n";
  if (!note.file.empty()) {
    err << "  --> " << printable(note.file);
    if (note.at.line) err << ":" << note.at.line << ":" << note.at.column;
    err << "\n";
    if (!note.snippet.text.empty()) err << note.at.line << " | " << printable(note.snippet.text) << "\n";
  }
  if (!note.help.empty()) err << "help: " << printable(note.help) << "\n";
}

// Those of one kind are counted after the first few; slips, which say what was meant, and errors after more.
void say_all(std::ostream& err, const std::vector<shacl::Note>& notes, bool all) {
  constexpr std::size_t k_examples = 3, k_most = 10;
  std::map<std::string, std::size_t> kinds;
  std::size_t left_out = 0;
  for (const auto& note : notes) {
    const bool slip = note.help.starts_with("did you mean");
    const auto most = note.severity == Severity::error || slip ? k_most : k_examples;
    if (all || ++kinds[std::string(name_of(note.severity)) + (slip ? "?" : "") + message_kind(note.why)] <= most) {
      say(err, note);
    } else {
      ++left_out;
    }
  }
  if (left_out) err << "and " << with_commas(left_out) << " more messages like these (--all-warnings shows them)\n";
}

}  // namespace

int run_check(Context& context) {
  const auto& flags = context.flags;
  auto options = check_options(flags);
  if (!options) return report_error(context, options.error());
  const auto fail_on = severity_of(flags.fail_on);
  if (!fail_on) return report_error(context, fail_on.error());
  const auto outputs = outputs_of(flags);
  if (!outputs) return report_error(context, outputs.error());
  shape_options(flags, *options);
  RunInfo info;
  if (!flags.changed.empty()) {
    std::string sha256;
    auto change = read_change(context, flags.changed, sha256);
    if (!change) return report_error(context, change.error());
    options->shapes.run.changed = std::move(*change);
    info.inputs.emplace_back(flags.changed, sha256);
    if (flags.changed == "-" && std::find(flags.paths.begin(), flags.paths.end(), "-") != flags.paths.end()) {
      return report_error(context,
                          {Code::usage, "standard input can be the records or the change, not both", {}, {}, {}});
    }
  }
  options->shapes.run.fail_on = *fail_on;
  const auto started = context.world.clock.now_micros();
  const auto streams = read_streams(context, flags.paths, flags.format);
  if (!streams) return report_error(context, streams.error());
  auto contexts = read_contexts(context);
  if (!contexts) return report_error(context, contexts.error());
  options->shapes.rdf = true;
  options->shapes.files = streams->shape_files;
  options->shapes.texts = streams->shapes;
  options->shapes.data = streams->data;
  options->shapes.contexts = std::move(*contexts);
  options->shapes.syntax_only = flags.syntax_only;
  options->shapes.skip = flags.skip_shapes;
  options->shapes.allow_partial = flags.allow_partial;
  if (!flags.skip_shapes.empty() && flags.shapes.empty())
    return report_error(context, {Code::usage, "--skip-shapes without --shapes", {}, {}, {}});
  if (flags.syntax_only && !flags.shapes.empty())
    return report_error(context, {Code::usage,
                                  "--syntax-only is for RDF data without shapes",
                                  "leave out one of --shapes and --syntax-only",
                                  {},
                                  {}});
  const auto& standard_input = streams->records;
  auto report = check_paths(context.world, streams->paths, standard_input, *options);
  if (!report) return report_error(context, report.error());
  if (report->shacl && report->shacl->refused()) {
    say_all(context.err, report->shacl->notes, flags.all);
    context.err << "the shapes are refused; nothing was validated\n";
    return k_unreadable;
  }
  fill_snippets(context.world.disk, report->findings);
  const auto fixed = source_date();
  if (!fixed) return report_error(context, fixed.error());
  if (*fixed) {
    info.started_micros = info.ended_micros = *fixed;
  } else if (flags.timestamps) {
    info.started_micros = started, info.ended_micros = context.world.clock.now_micros();
  }
  bool shown = false;  // warnings about the shapes, to somebody
  for (const auto& output : *outputs) {
    const bool rdf = output.format->rdf;
    if (rdf && !report->shacl) {
      context.err << (report->rdf_files ? "nothing was checked: no shapes were given\n"
                                        : "nothing was checked: no record was found here\n");
      continue;
    }
    if (rdf && report->unreadable()) {
      // What could not be read was not judged: there is no report that says it conforms or does not.
      for (const auto& finding : report->findings) {
        if (finding.unreadable)
          say(context.err, {finding.severity,
                            finding.message,
                            finding.fix,
                            finding.file,
                            finding.at,
                            {finding.snippet, finding.snippet_column}});
      }
      context.err << "not everything could be read; there is no report\n";
      continue;
    }
    if (rdf) {
      if (auto digested = digest_records(context.world.disk, *report, standard_input); !digested)
        return report_error(context, digested.error());
    }
    const bool human = output.format == &report_formats().front();
    const ReportContext about{
        flags.profile,
        *fail_on,
        {output.file.empty() && colour_wanted(), flags.quiet, Severity::info, flags.stats, flags.all},
        info};
    const auto text = output.format->write(*report, about);
    shown = shown || !rdf;
    if (output.file.empty() && human) {
      context.out << text;
    } else if (output.file.empty()) {
      emit(context, text);
    } else if (std::ofstream file(output.file, std::ios::binary); !(file << text) || !file.flush()) {
      return report_error(
          context,
          {Code::world, "the report cannot be written: " + std::string(std::strerror(errno)), {}, output.file, {}});
    }
  }
  if (!shown && report->shacl) {
    for (const auto* notes : {&report->shacl->notes, &report->shacl->report.notes}) {
      for (const auto& note : *notes) say(context.err, note);
    }
    if (report->shacl->report.vacuous)
      context.err << (flags.allow_vacuous ? "vacuous: " : "nothing was checked: ")
                  << printable(report->shacl->report.nothing) << "\n";
  }
  if (flags.stats && report->shacl) {
    const auto& run = *report->shacl;
    char text[160];
    std::snprintf(text, sizeof text,
                  " triples read in %.1f ms, indexed in %.1f ms, validated in %.1f ms, shapes and report %.1f ms\n",
                  run.load_ms, run.report.index_ms, run.report.validate_ms, run.report_ms);
    context.err << with_commas(run.data->graph.size()) << text;
  }
  const auto verdict = report->verdict(*fail_on);
  if (!verdict) return report_error(context, verdict.error());
  const int code = exit_of(*verdict);
  if (code == k_nothing && report->record_count == 0 && guessed_syntax(standard_input) == RdfSyntax::jsonld)
    context.err << "help: a record was expected; if this is JSON-LD, say --format jsonld\n";
  return code;
}

}  // namespace provgate::cli
