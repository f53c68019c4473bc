#include <algorithm>

#include "check/assemble.hpp"
#include "check/rdf_data.hpp"
#include "cli/streams.hpp"
#include "provgate/report.hpp"

namespace provgate::cli {

void flags_convert(CLI::App& app, Flags& flags) {
  add_paths(app, flags, true, true);
  add_reading(app, flags);
  add_data(app, flags);
  add_links(app, flags);
  app.add_option("--to", flags.to, "turtle, trig, nquads, ntriples, jsonld or rdfxml")->required();
  app.add_option("--modelling", flags.modelling, "clean (Entity, Activity and Agent apart) or verbatim (as documented)")
      ->capture_default_str();
}

// The RDF files of a directory without kernels; none of any other.
// Errors: Code::usage where it holds records, too; what speaks against reading a part of it.
static Result<std::vector<std::string>> rdf_of_directory(Context& context, const std::string& path,
                                                         CheckOptions options) {
  TRY(const auto places, find_kernels(context.world.disk, {path}, options.read));
  if (std::any_of(places.begin(), places.end(), [](const KernelPlace& place) { return !place.loose; }))
    return std::vector<std::string>{};
  CheckReport report;
  Skipped skipped;
  auto found = rdf_below(context.world.disk, path, {}, false, skipped, report);
  if (!found.empty()) {
    options.shapes.records = false;
    TRY(const auto beside, check_paths(context.world, {path}, {}, options));
    if (beside.record_count)
      return tl::unexpected<Error>(Error{
          Code::usage, "RDF and records cannot be converted in one go", "convert them one after the other", path, {}});
    report.findings.insert(report.findings.end(), beside.findings.begin(), beside.findings.end());
    for (const auto& f : report.findings) {
      if (f.severity == Severity::error)
        return tl::unexpected<Error>(Error{f.world ? Code::world : Code::input, f.message, f.fix, f.file, f.at});
      say_finding(context, f);
    }
    if (skipped.total())
      context.err << "skipped " << with_commas(skipped.total()) << " other "
                  << (skipped.total() == 1 ? "entry" : "entries") << " of " << printable(path) << "\n";
  }
  return found;
}

int run_convert(Context& context) {
  const auto& flags = context.flags;
  auto options = check_options(flags);
  if (!options) return report_error(context, options.error());
  const auto syntax = parse_syntax(flags.to);
  if (!syntax) {
    std::string help;
    const auto names = syntax_names();
    if (const auto near = closest(flags.to, {names.begin(), names.end()})) help = "did you mean " + *near + "? ";
    for (const auto name : names) help += (help.empty() ? "" : ", ") + std::string(name);
    return report_error(context, {Code::usage, "unknown syntax " + quote(flags.to), help, {}, {}});
  }
  if (flags.modelling != "clean" && flags.modelling != "verbatim") {
    return report_error(context,
                        {Code::usage, "unknown modelling " + quote(flags.modelling), "clean or verbatim", {}, {}});
  }
  const auto streams = read_streams(context, flags.paths, flags.format);
  if (!streams) return report_error(context, streams.error());
  auto contexts = read_contexts(context);
  if (!contexts) return report_error(context, contexts.error());
  std::vector<std::string> records, rdf;
  for (const auto& path : streams->paths) {
    // A directory without kernels is one of RDF where it holds any.
    if (path != "-" && context.world.disk.info(path).type == FileType::directory) {
      auto below = rdf_of_directory(context, path, *options);
      if (!below) return report_error(context, below.error());
      rdf.insert(rdf.end(), below->begin(), below->end());
      if (below->empty()) records.push_back(path);
      continue;
    }
    const bool named = path != "-" && rdf_syntax_of(path) && context.world.disk.info(path).type != FileType::directory;
    (named || (path != "-" && is_rdf_content(context.world.disk, path)) ? rdf : records).push_back(path);
  }
  LoadOptions load;
  load.texts = streams->data;
  load.contexts = std::move(*contexts);
  auto data = load_rdf(context.world.disk, rdf, load);
  if (!data) return report_error(context, data.error());
  say_dropped(context, *data);
  if (records.empty()) {
    auto prefixes = standard_prefixes(CkpVersion::v36);
    if (const auto can = can_write(data->graph, *syntax); !can) return report_error(context, can.error());
    emit(context, write_graph(data->graph, *syntax, {std::move(prefixes), false}));
    const bool nameless = *syntax == Syntax::turtle || *syntax == Syntax::ntriples || *syntax == Syntax::rdfxml;
    context.err << plural(data->graph.size(), "statement") << " from " << plural(data->files.size(), "RDF file")
                << (nameless ? "; " + flags.to + " carries no graph names" : "") << "\n";
    return k_ok;
  }
  const auto& text = streams->records;
  options->shapes.records = false;
  const auto report = check_paths(context.world, records, text, *options);
  if (!report) return report_error(context, report.error());
  if (!data->files.empty())
    return report_error(
        context,
        {Code::usage, "RDF and records cannot be converted in one go", "convert them one after the other", {}, {}});
  AssembleOptions assemble{options->read, options->urns,
                           flags.modelling == "clean" ? Modelling::clean : Modelling::verbatim};
  const auto made = convert_report(context.world.disk, *report, text, assemble);
  if (!made) return report_error(context, made.error());
  const auto& graph = *made;
  const auto version = report->kernels.empty() ? CkpVersion::v36 : report->kernels.front().version;
  if (const auto can = can_write(graph, *syntax); !can) return report_error(context, can.error());
  emit(context, write_graph(graph, *syntax, {standard_prefixes(version), false}));
  for (const auto& f : report->findings) {
    if (f.severity != Severity::error) continue;
    say_finding(context, f);
  }
  const bool graphless = *syntax == Syntax::turtle || *syntax == Syntax::ntriples || *syntax == Syntax::rdfxml;
  context.err << plural(graph.size(), "statement") << " from " << plural(report->record_count, "record")
              << (graphless ? "; " + flags.to + " carries no graph names" : "") << "\n";
  // What cannot be decided can be converted all the same.
  const int code = exit_code_of(*report, Severity::error);
  return code == k_nothing && report->record_count ? k_ok : code;
}

}  // namespace provgate::cli
