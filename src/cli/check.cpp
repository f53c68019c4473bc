#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <map>

#include "base/digest.hpp"
#include "cli/streams.hpp"
#include "provgate/report.hpp"

namespace provgate::cli {
namespace {

constexpr std::string_view k_formats = "human (or text), json, turtle, ntriples or jsonld";

struct Output {
  std::string format, file;
};

Result<std::vector<Output>> outputs_of(const Flags& flags) {
  std::vector<Output> out;
  for (const auto& text : flags.outputs) {
    const auto equals = text.find('=');
    out.push_back({text.substr(0, equals), equals == std::string::npos ? std::string{} : text.substr(equals + 1)});
    auto& one = out.back();
    if (one.format == "text") one.format = "human";
    if (one.format != "human" && one.format != "json" && one.format != "turtle" && one.format != "ntriples" &&
        one.format != "jsonld") {
      const auto near = closest(one.format, {"human", "json", "turtle", "ntriples", "jsonld"});
      return fail(Code::usage, "unknown output format " + quote(one.format),
                  near ? "did you mean " + *near + "?" : std::string(k_formats));
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
  if (out.empty()) out.push_back({"human", {}});
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

void flags_check(CLI::App& app, Flags& flags) {
  add_paths(app, flags, true, true);
  add_reading(app, flags);
  add_data(app, flags);
  add_links(app, flags);
  add_kernel_shapes(app, flags);
  add_quiet(app, flags);
  app.add_option("--fail-on", flags.fail_on, "Least severity that fails: error, warning or info")
      ->capture_default_str();
  app.add_option("-o,--output", flags.outputs, "FORMAT[=FILE], may be given several times: " + std::string(k_formats))
      ->type_size(1)
      ->allow_extra_args(false);
  app.add_option("--shapes", flags.shapes,
                 "SHACL shapes to check against: one file each time; may be given several times")
      ->option_text("FILE")
      ->type_size(1)
      ->allow_extra_args(false);
  app.add_option("--skip-shapes", flags.skip_shapes,
                 "Leave this shape out: for what provgate refuses; may be given several times. Never exit 0 without "
                 "--allow-partial")
      ->option_text("IRI")
      ->type_size(1)
      ->allow_extra_args(false);
  app.add_flag("--allow-partial", flags.allow_partial, "Exit 0 although shapes were skipped; the report says so");
  app.add_option("--focus", flags.focus, "Only results about these focus nodes")->type_size(1)->allow_extra_args(false);
  app.add_option("--shape", flags.shape, "Only results of these shapes and of the property shapes below them")
      ->type_size(1)
      ->allow_extra_args(false);
  app.add_option(
      "--changed", flags.changed,
      "Only what a change can affect: a file (- for standard input) of the triples added (+) and taken away (-)");
  app.add_option("--max-results", flags.max_results, "Most results of shapes to report (default: all)")
      ->check(CLI::PositiveNumber);
  app.add_flag("--fail-fast", flags.fail_fast, "Stop at the first result that fails");
  app.add_flag("--stats", flags.stats, "Say what no shape looks at");
  app.add_flag("--require-targets", flags.require_targets, "A target that selects nothing is an error");
  app.add_flag("--allow-vacuous", flags.allow_vacuous, "Exit 0 although no shape checked anything; the report says so");
  app.add_flag("--syntax-only", flags.syntax_only, "RDF data without shapes: exit 0 when it can be read");
  app.add_flag("--timestamps", flags.timestamps, "Times in RDF reports (also with SOURCE_DATE_EPOCH)");
  app.add_flag("--all,--all-warnings", flags.all, "Show every warning and info, however many are alike");
  app.add_flag("--list-skipped", flags.list_skipped, "Name what was passed over, and why");
  app.add_option("--timeout", flags.shape_timeout_ms,
                 "Most milliseconds for a constraint query over one range of focus nodes (default: 600000)");
}

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
  if (flags.timestamps || std::getenv("SOURCE_DATE_EPOCH"))
    info.started_micros = started, info.ended_micros = context.world.clock.now_micros();
  bool shown = false;  // warnings about the shapes, to somebody
  for (const auto& output : *outputs) {
    const bool rdf = output.format != "human" && output.format != "json";
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
    const auto syntax = output.format == "turtle"   ? Syntax::turtle
                        : output.format == "jsonld" ? Syntax::jsonld
                                                    : Syntax::ntriples;
    const auto text = rdf ? report_rdf(*report, syntax, info)
                      : output.format == "json"
                          ? report_json(*report, flags.profile, *fail_on)
                          : report_human(*report, {output.file.empty() && colour_wanted(), flags.quiet, Severity::info,
                                                   flags.stats, flags.all});
    shown = shown || !rdf;
    if (output.file.empty() && output.format == "human") {
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
  const int code = exit_code_of(*report, *fail_on);
  if (code == k_nothing && report->record_count == 0 && guessed_syntax(standard_input) == RdfSyntax::jsonld)
    context.err << "help: a record was expected; if this is JSON-LD, say --format jsonld\n";
  if (code == k_bug)
    context.err << "error: a fault of provgate itself: instances that do not conform would pass\nhelp: please report "
                   "it with the command that led here\n";
  return code;
}

}  // namespace provgate::cli
