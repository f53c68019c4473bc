// SPDX-License-Identifier: Apache-2.0
#include <unordered_set>

#include "io/snapshot_disk.hpp"
#include "provgate/requests/requests.hpp"

namespace provgate {
namespace {

// RDF files alone: nothing that was named or lies beside them may be left out in silence.
Result<void> all_of_it(const Converted& made) {
  for (const auto& f : made.report.findings) {
    if (f.severity != Severity::error) continue;
    return tl::unexpected<Error>(Error{f.world ? Code::world : Code::input, f.message, f.fix, f.file, f.at});
  }
  return {};
}

std::vector<Prefix> prefixes_of_records(const CheckReport& report) {
  std::vector<std::string> profiles;
  each_collection(
      report, [&](const SystemReport& one, std::size_t c) { profiles.push_back(one.reading->collection(c).profile); });
  return profiles.empty() ? usual_prefixes() : prefixes_of(profiles);
}

// No rule was asked: that nothing is known to conform says nothing.
Result<Verdict> verdict_of_records(const CheckReport& report) {
  if (report.record_count == 0 && !report.unreadable()) return Verdict::nothing;
  TRY(const auto verdict, report.verdict(Severity::error));
  return verdict == Verdict::undecided || verdict == Verdict::nothing ? Verdict::pass : verdict;
}

}  // namespace

Result<ConvertAnswer> answer(const World& given, const ConvertRequest& request) {
  ConvertAnswer out;
  SnapshotDisk disk(given.disk);
  const std::unordered_set<std::string> named(request.input.paths.begin(), request.input.paths.end());
  disk.keep_only([&](const std::string& path) { return named.contains(path); });
  const World world{disk, given.clock, given.http, given.random};
  TRY(out.made, convert_paths(world, request.input.paths, request.input.records, request.input.options));
  const bool rdf = !out.made.rdf.files.empty();
  if (rdf) CHECKED(all_of_it(out.made));
  if (!rdf && out.made.report.count(Severity::error)) {
    out.refused = true;
    TRY(out.verdict, out.made.report.verdict(Severity::error));
    return out;
  }
  const auto& graph = rdf ? out.made.rdf.graph : out.made.graph;
  CHECKED(can_write(graph, request.syntax));
  auto prefixes = rdf ? usual_prefixes() : prefixes_of_records(out.made.report);
  out.text = write_graph(graph, request.syntax, {std::move(prefixes), false});
  out.statements = graph.size();
  if (!rdf) {
    TRY(out.verdict, verdict_of_records(out.made.report));
  }
  return out;
}

}  // namespace provgate
