// SPDX-License-Identifier: Apache-2.0
// Any bytes as rows of experience: judged without a crash, reported as valid JSON, converted to RDF that Raptor reads;
// and what is kept of a record that was taken is the same record again, with the same hash.
#include <cstdlib>

#include "provgate/report/report.hpp"
#include "support/records.hpp"
#include "systems/experience/convert/convert.hpp"
#include "systems/experience/store/index.hpp"
#include "systems/experience/store/members.hpp"

namespace {

using namespace provgate;

void same_again(std::string_view line) {
  const auto first = experience::read_kept(line);
  if (!first) return;
  if (experience::rows_of(*first).size() == 0) std::abort();
  const auto second = experience::read_kept(experience::Members(first->value).text());
  if (!second || second->told.link.record != first->told.link.record) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  for (const auto line : split(text, '\n')) same_again(line);
  test::FakeWorld world;
  world.disk.put("tables/rows.ndjson", text);
  CheckOptions options;
  options.threads = 1;
  const auto report = check_paths(world.world, {"tables"}, {}, options);
  if (!report) std::abort();
  if (!read_json("report", report_json(*report, ""))) std::abort();
  (void)report_human(*report, {});
  const auto graph = test::converted(world, {"tables"}, options);
  if (!parse_rdf("out", write_graph(graph, Syntax::nquads), "nquads", "urn:base")) std::abort();
  return 0;
}
