// SPDX-License-Identifier: Apache-2.0
// The validation report as RDF: sh:ValidationReport, and how it came about in PROV-O.
#include <cassert>

#include "base/digest.hpp"
#include "provgate/report/report.hpp"

namespace provgate {
namespace {

constexpr std::string_view k_sh = "http://www.w3.org/ns/shacl#";

// Adds to the report what no shape says.
class Additions {
 public:
  explicit Additions(Graph& graph) : graph_(graph) {}

  // A rule's finding as a result of its own. What it is about has its URN, or else the name of its file.
  void result(const Finding& finding) {
    std::string content;
    for (const auto* part : {&finding.rule, &finding.focus, &finding.path, &finding.file, &finding.message})
      content += *part + "\n";
    content += std::to_string(finding.at.line) + ":" + std::to_string(finding.at.column);
    const auto digest = sha256_hex(content).text.substr(0, 16);
    const auto again = ++seen_[digest];
    const auto node = term("_:sh-f" + digest + (again > 1 ? "-" + std::to_string(again) : ""));
    add(term("_:sh-report"), sh("result"), node);
    add(node, type(), sh("ValidationResult"));
    add(node, sh("focusNode"),
        term(is_iri(finding.focus) ? iri_text(finding.focus)
                                   : literal_text(printable(finding.focus.empty() ? finding.file : finding.focus))));
    add(node, sh("resultSeverity"),
        sh(finding.severity == Severity::error     ? "Violation"
           : finding.severity == Severity::warning ? "Warning"
                                                   : "Info"));
    add(node, sh("sourceConstraintComponent"), own("RuleConstraintComponent"));
    add(node, own("rule"), term(literal_text(finding.rule)));
    add(node, sh("resultMessage"), term(literal_text(finding.message)));
    if (finding.file.empty()) return;
    auto place = printable(finding.file);
    if (finding.at.line) place += ":" + std::to_string(finding.at.line) + ":" + std::to_string(finding.at.column);
    add(node, own("place"), term(literal_text(place)));
  }

  void run(const CheckReport& report, const RunInfo& info) {
    const auto root = term("_:sh-report"), activity = term("_:sh-run"),
               agent = term(iri_text("urn:provgate:agent:provgate-" PROVGATE_VERSION));
    add(root, prov("wasGeneratedBy"), activity);
    add(activity, type(), prov("Activity"));
    add(activity, prov("wasAssociatedWith"), agent);
    add(agent, type(), prov("SoftwareAgent"));
    add(agent, rdfs("label"), term(literal_text("provgate " PROVGATE_VERSION)));
    used(activity, report.shacl->data->files, "data");
    for (const auto& run : report.shape_runs) used(activity, run->shapes.files, "shapes");
    for (const auto& [label, sha256] : info.inputs) {
      RdfFile file;
      file.path = label, file.sha256 = sha256;
      used(activity, {file}, "change");
    }
    const auto time = [&](const char* name, const std::optional<std::int64_t>& at) {
      if (at) add(activity, prov(name), term(literal_text(format_utc(*at), std::string(vocab::xsd) + "dateTime")));
    };
    time("startedAtTime", info.started_micros);
    time("endedAtTime", info.ended_micros);
  }

 private:
  void used(TermId activity, const std::vector<RdfFile>& files, const std::string& role) {
    for (const auto& file : files) {
      if (file.sha256.empty()) continue;  // stands for nothing that was read
      const auto entity = term(iri_text("urn:provgate:sha256:" + file.sha256.text));
      add(activity, prov("used"), entity);
      add(entity, type(), prov("Entity"));
      add(entity, own("sha256"), term(literal_text(file.sha256.text)));
      add(entity, rdfs("label"), term(literal_text(role + " " + printable(file.path))));
    }
  }
  TermId term(std::string_view text) { return graph_.terms().intern(text); }
  TermId sh(std::string_view name) { return term("<" + std::string(k_sh).append(name) + ">"); }
  TermId own(std::string_view name) { return term("<" + std::string(vocab::provgate).append(name) + ">"); }
  TermId prov(std::string_view name) { return term("<" + std::string(vocab::prov).append(name) + ">"); }
  TermId rdfs(std::string_view name) { return term("<" + std::string(vocab::rdfs).append(name) + ">"); }
  TermId type() { return term("<" + std::string(vocab::rdf) + "type>"); }
  void add(TermId s, TermId p, TermId o) { graph_.add({s, p, o, 0}); }
  std::map<std::string, int> seen_;
  Graph& graph_;
};

}  // namespace

Result<void> digest_records(Disk& disk, CheckReport& report, std::string_view standard_input) {
  for (auto& file : report.shacl->data->files) {
    if (!file.sha256.empty() || file.path.empty()) continue;
    if (file.path == "-") {
      file.sha256 = sha256_hex(standard_input);
    } else {
      TRY(const auto bytes, disk.read(file.path, UINT64_MAX));
      file.sha256 = sha256_hex(bytes);
    }
  }
  return {};
}

std::string report_rdf(const CheckReport& report, Syntax syntax, const RunInfo& info) {
  assert(report.shacl && !report.shacl->refused());
  std::vector<shacl::ReportPart> parts;
  shacl::ReportHead head;
  head.vacuous = report.shacl->report.vacuous && !report.shacl->shipped;
  head.partial = report.shacl->report.partial;
  head.skipped = report.shacl->report.skipped;
  head.places = true;
  for (const auto& run : report.shape_runs) {
    parts.push_back({run->report, run->shapes, *run->compiled});
    head.conforms = head.conforms && run->report.conforms;
  }
  // Findings of rules; what shapes found is in the parts, and notes about shapes are not results.
  std::vector<const Finding*> rules;
  for (const auto& finding : report.findings) {
    if (finding.source.component.empty() && finding.rule != "SHACL-002") rules.push_back(&finding);
  }
  head.conforms = head.conforms && rules.empty();
  Graph graph = shacl::report_graph(*report.shacl->data, parts, head);
  Additions more(graph);
  for (const auto* finding : rules) more.result(*finding);
  more.run(report, info);
  WriteOptions options;
  options.prefixes = {
      {"sh", std::string(k_sh)},        {"prov", std::string(vocab::prov)}, {"provgate", std::string(vocab::provgate)},
      {"rdf", std::string(vocab::rdf)}, {"rdfs", std::string(vocab::rdfs)}, {"xsd", std::string(vocab::xsd)}};
  return write_graph(graph, syntax, options);
}

}  // namespace provgate
