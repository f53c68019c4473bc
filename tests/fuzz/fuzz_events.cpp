// SPDX-License-Identifier: Apache-2.0
// Any bytes as a log of events: judged without a crash, reported as valid JSON, converted to RDF that Raptor reads; and
// what the original would write of an event that it takes is taken again, as the same.
#include <cstdlib>

#include "provgate/report/report.hpp"
#include "support/records.hpp"
#include "systems/events/wire/hold.hpp"

namespace {

using namespace provgate;

void same_again(std::string_view line) {
  const events::Wire wire;
  const auto taken = [&](const Document& doc) {
    const auto held = events::hold(doc.root(), events::k_engine_envelope, wire);
    for (const auto& problem : held.problems) {
      if (refuses(problem.kind, wire) || problem.kind == events::Problem::Kind::not_finite) return false;
    }
    return doc.non_finite().empty();
  };
  const auto doc = read_json("-", std::string(line));
  if (!doc || !taken(*doc)) return;
  std::string text, again;
  append_canonical(text, doc->root(), events::k_engine_envelope, wire);
  const auto second = read_json("-", text);
  if (!second || !taken(*second)) std::abort();
  append_canonical(again, second->root(), events::k_engine_envelope, wire);
  if (again != text) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  for (const auto line : split(text, '\n')) same_again(line);
  test::FakeWorld world;
  world.disk.put("logs/run.ndjson", text);
  CheckOptions options;
  options.threads = 1;
  const auto report = check_paths(world.world, {"logs"}, {}, options);
  if (!report) std::abort();
  if (!read_json("report", report_json(*report, ""))) std::abort();
  (void)report_human(*report, {});
  const auto graph = test::converted(world, {"logs"}, options);
  if (!parse_rdf("out", write_graph(graph, Syntax::nquads), "nquads", "urn:base")) std::abort();
  return 0;
}
