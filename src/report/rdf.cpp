// The validation report as RDF: sh:ValidationReport, and how it came about in PROV-O.
#include "provgate/report.hpp"

namespace provgate {
namespace {

constexpr std::string_view k_sh = "http://www.w3.org/ns/shacl#";

class Provenance {
 public:
  explicit Provenance(Graph& graph) : graph_(graph) {}

  void run(const ShaclRun& run, const RunInfo& info) {
    const auto report = term("_:sh-report"), activity = term("_:sh-run"), agent = term(iri_text("urn:provgate:agent:provgate-" PROVGATE_VERSION));
    add(report, prov("wasGeneratedBy"), activity);
    add(activity, type(), prov("Activity"));
    add(activity, prov("wasAssociatedWith"), agent);
    add(agent, type(), prov("SoftwareAgent"));
    add(agent, rdfs("label"), term(literal_text("provgate " PROVGATE_VERSION)));
    for (const auto& [files, role] : {std::pair{&run.data.files, "data"}, {&run.shapes.files, "shapes"}}) {
      for (const auto& file : *files) {
        const auto entity = term(iri_text("urn:provgate:sha256:" + file.sha256));
        add(activity, prov("used"), entity);
        add(entity, type(), prov("Entity"));
        add(entity, term(iri_text(std::string(vocab::provgate) + "sha256")), term(literal_text(file.sha256)));
        add(entity, rdfs("label"), term(literal_text(std::string(role) + " " + printable(file.path))));
      }
    }
    const auto time = [&](const char* name, const std::optional<std::int64_t>& at) {
      if (at) add(activity, prov(name), term(literal_text(format_utc(*at), std::string(vocab::xsd) + "dateTime")));
    };
    time("startedAtTime", info.started_micros);
    time("endedAtTime", info.ended_micros);
  }

 private:
  TermId term(std::string_view text) { return graph_.terms().intern(text); }
  TermId prov(std::string_view name) { return term("<" + std::string(vocab::prov).append(name) + ">"); }
  TermId rdfs(std::string_view name) { return term("<" + std::string(vocab::rdfs).append(name) + ">"); }
  TermId type() { return term("<" + std::string(vocab::rdf) + "type>"); }
  void add(TermId s, TermId p, TermId o) { graph_.add({s, p, o, 0}); }
  Graph& graph_;
};

}  // namespace

std::string report_rdf(const CheckReport& report, Syntax syntax, const RunInfo& info) {
  const auto& run = *report.shacl;
  Graph graph = shacl::report_graph(run.report, run.data, run.shapes, *run.compiled);
  Provenance(graph).run(run, info);
  WriteOptions options;
  options.prefixes = {{"sh", std::string(k_sh)}, {"prov", std::string(vocab::prov)}, {"provgate", std::string(vocab::provgate)}, {"rdf", std::string(vocab::rdf)},
                      {"rdfs", std::string(vocab::rdfs)}, {"xsd", std::string(vocab::xsd)}};
  return write_graph(graph, syntax, options);
}

}  // namespace provgate
