// SPDX-License-Identifier: Apache-2.0
// Any bytes as a manifest: judged without a crash, reported as valid JSON, converted to RDF that Raptor reads.
#include <cstdlib>

#include "provgate/report/report.hpp"
#include "support/records.hpp"
#include "systems/ckp/assemble.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace provgate;
  test::FakeWorld world;
  world.disk.put("Acme.Notes/storage/instances/i-1/manifest.json",
                 std::string(reinterpret_cast<const char*>(data), size));
  CheckOptions options;
  options.threads = 1;
  const auto report = check_paths(world.world, {"Acme.Notes"}, {}, options);
  if (!report || report->findings.empty()) std::abort();
  if (!read_json("report", report_json(*report, ""))) std::abort();
  (void)report_human(*report, {});
  const auto graph = test::converted(world, {"Acme.Notes"}, options);
  if (!parse_rdf("out", write_graph(graph, Syntax::nquads), "nquads", "urn:base")) std::abort();
  return 0;
}
