// SPDX-License-Identifier: Apache-2.0
#include "base/digest.hpp"
#include "io/snapshot_disk.hpp"
#include "provgate/requests/requests.hpp"

namespace provgate {
namespace {

// + and - before a line say which way it went; both are changes.
Result<Graph> read_change(const std::string& name, std::string text) {
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] == '+' || text[at] == '-') text[at] = ' ';
    const auto end = text.find('\n', at);
    at = end == std::string::npos ? text.size() : end + 1;
  }
  return parse_rdf(name, text, "nquads", "");
}

}  // namespace

Result<CheckAnswer> answer(const World& given, const CheckRequest& request) {
  // Each file is opened once, as far as what is read again for a report fits here.
  constexpr std::uint64_t k_most_kept = 4ULL << 20;
  SnapshotDisk disk(given.disk);
  disk.keep_at_most(k_most_kept);
  const World world{disk, given.clock, given.http, given.random};
  CheckAnswer out;
  auto options = request.input.options;
  const auto started = world.clock.now_micros();
  if (request.change) {
    const auto& [name, text] = *request.change;
    TRY(options.shapes.run.changed, read_change(name, text));
    out.run.inputs.emplace_back(name, sha256_hex(text));
  }
  options.shapes.run.fail_on = request.fail_on;
  TRY(out.report, check_paths(world, request.input.paths, request.input.records, options));
  if (out.report.shacl && out.report.shacl->refused()) {
    out.shapes_refused = true, out.verdict = Verdict::unreadable;
    return out;
  }
  fill_snippets(world.disk, out.report.findings);
  if (request.digests && out.report.shacl && !out.report.unreadable()) {
    CHECKED(digest_records(world.disk, out.report, request.input.records));
  }
  if (request.instead_micros) {
    out.run.started_micros = out.run.ended_micros = *request.instead_micros;
  } else if (request.timed) {
    out.run.started_micros = started, out.run.ended_micros = world.clock.now_micros();
  }
  TRY(out.verdict, out.report.verdict(request.fail_on));
  return out;
}

Result<const Rule*> named_rule(const std::string& id) {
  if (const auto* rule = find_rule(id)) return rule;
  std::vector<std::string_view> ids;
  for (const auto& rule : rules()) ids.push_back(rule.id);
  const auto near = closest(id, ids);
  return fail(Code::usage, "no rule " + quote(id), near ? "did you mean " + *near + "?" : "see provgate rules");
}

}  // namespace provgate
