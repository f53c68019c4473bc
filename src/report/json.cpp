// SPDX-License-Identifier: Apache-2.0
#include <cstdio>

#include "base/json_write.hpp"
#include "provgate/report/report.hpp"

namespace provgate {
namespace {

// Text that came from file names may be no UTF-8; JSON must be.
Json text_or_null(const std::string& text) {
  if (text.empty()) return {};
  return first_bad_utf8(text) == std::string::npos ? Json(text) : Json(quote(text, text.size()));
}
Json number_or_null(std::uint32_t n) { return n ? Json(std::uint64_t{n}) : Json(); }

Json score_json(const Score& score) {
  Json out = Json::object();
  out.set("conforming", score.conforming).set("of", score.of);
  if (score.of == 0) {
    out.set("percent", nullptr);
  } else {
    char percent[16];
    std::snprintf(percent, sizeof percent, "%.1f",
                  100.0 * static_cast<double>(score.conforming) / static_cast<double>(score.of));
    out.set("percent", Json::raw(percent));
  }
  return out;
}

Json shape_json(const ShapeSource& source) {
  if (source.shape.empty()) return {};
  Json out = Json::object();
  out.set("id", text_or_null(source.shape))
      .set("file", text_or_null(source.file))
      .set("line", number_or_null(source.at.line))
      .set("column", number_or_null(source.at.column));
  return out;
}

Json shacl_json(const ShaclRun& run) {
  const auto& report = run.report;
  Json out = Json::object(), coverage = Json::object(), unseen = Json::array();
  out.set("conforms", report.conforms)
      .set("vacuous", report.vacuous)
      .set("results", std::uint64_t{report.results.size()})
      .set("complete", !report.cut)
      .set("partial", report.partial);
  if (report.vacuous) out.set("nothing", report.nothing);
  if (!report.skipped.empty()) {
    Json skipped = Json::array();
    for (const auto& shape : report.skipped) skipped.push(text_or_null(shape));
    out.set("skipped_shapes", std::move(skipped));
  }
  for (const auto& cls : report.coverage.classes_unseen) unseen.push(cls);
  coverage.set("shapes", report.coverage.shapes)
      .set("targets", report.coverage.targets)
      .set("focus_nodes", report.coverage.focus_nodes);
  coverage.set("checks", report.coverage.checks).set("classes_unseen", std::move(unseen));
  out.set("coverage", std::move(coverage));
  return out;
}

Json finding_json(const Finding& f) {
  Json out = Json::object();
  out.set("rule", f.rule)
      .set("severity", name_of(f.severity))
      .set("focus", text_or_null(f.focus))
      .set("path", text_or_null(f.path));
  out.set("value", text_or_null(f.found))
      .set("component", text_or_null(f.source.component))
      .set("shape", shape_json(f.source))
      .set("file", text_or_null(f.file));
  out.set("line", number_or_null(f.at.line)).set("column", number_or_null(f.at.column));
  out.set("end_line", number_or_null(f.at.end_line)).set("end_column", number_or_null(f.at.end_column));
  out.set("message", text_or_null(f.message))
      .set("found", text_or_null(f.found))
      .set("expected", text_or_null(f.expected))
      .set("fix", text_or_null(f.fix));
  if (!f.source.because.empty()) {
    Json because = Json::array();
    for (const auto& why : f.source.because) because.push(text_or_null(why));
    out.set("because", std::move(because));
  }
  return out;
}

Json collections_json(const SystemReport& system) {
  const auto& words = system.system->words().collection;
  Json out = Json::array();
  for (std::size_t c = 0; c < system.reading->size(); ++c) {
    const auto& at = system.reading->collection(c);
    Json one = score_json(system.scores[c]);
    one.set("undecidable", system.scores[c].undecidable).set(std::string(words.one), Json::or_null(at.name));
    one.set("directory", text_or_null(at.root)).set("profile", at.profile);
    out.push(std::move(one));
  }
  return out;
}

}  // namespace

std::string verdict_of(const CheckReport& report, Severity fail_on) {
  const auto verdict = report.verdict(fail_on);
  if (!verdict) return "fail";
  switch (*verdict) {
    case Verdict::pass: return "pass";
    case Verdict::fail: return "fail";
    case Verdict::unreadable:
    case Verdict::world_failed: return "unreadable";
    case Verdict::nothing:
    case Verdict::undecided: break;
  }
  return "nothing";
}

std::string report_json(const CheckReport& report, const std::string& profile, Severity fail_on) {
  Json checked = Json::object();
  checked.set("records", report.record_count);
  for (const auto& one : report.systems) {
    checked.set(std::string(one.system->words().collection.many), std::uint64_t{one.reading->size()});
  }
  checked.set("skipped", report.skipped.total());
  Json reasons = Json::object();
  for (std::size_t i = 0; i < k_skip_reasons; ++i) {
    if (report.skipped.counts[i])
      reasons.set(std::string(name_of(static_cast<SkipReason>(i))), report.skipped.counts[i]);
  }
  checked.set("skipped_by_reason", std::move(reasons));
  if (!report.skipped.paths.empty()) {
    Json paths = Json::array();
    for (const auto& [path, reason] : report.skipped.paths)
      paths.push(Json::object().set("path", text_or_null(path)).set("reason", name_of(reason)));
    checked.set("skipped_paths", std::move(paths));
  }
  Json kinds = Json::object();
  for (const auto& [kind, n] : report.records) kinds.set(kind, n);
  checked.set("kinds", std::move(kinds));
  Json score = score_json(report.score);
  score.set("undecidable", report.score.undecidable);
  for (const auto& one : report.systems) {
    const auto& words = one.system->words().collection;
    score.set(std::string(words.many), collections_json(one));
  }
  Json findings = Json::array();
  for (const auto& f : report.findings) findings.push(finding_json(f));
  Json out = Json::object();
  out.set("schema", "provgate-report/1")
      .set("tool", Json::object().set("name", "provgate").set("version", PROVGATE_VERSION));
  // What was asked for, else what the collections say where they agree.
  std::string said = profile;
  each_collection(report, [&](const SystemReport& one, std::size_t c) {
    const auto& name = one.reading->collection(c).profile;
    if (said.empty()) said = name;
    if (profile.empty() && said != name) said = "mixed";
  });
  out.set("profile", Json::or_null(said)).set("checked", std::move(checked)).set("score", std::move(score));
  if (report.shacl && !report.shacl->shipped) out.set("shacl", shacl_json(*report.shacl));
  out.set("findings", std::move(findings)).set("verdict", verdict_of(report, fail_on));
  return out.pretty();
}

}  // namespace provgate
