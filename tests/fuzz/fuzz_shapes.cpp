// SPDX-License-Identifier: Apache-2.0
// Shapes: whatever they are, they are refused, or validate data without a crash, the same way twice.
#include <cstdlib>

#include "provgate/shacl/shacl.hpp"
#include "support/records.hpp"

namespace {

constexpr const char* k_data = R"(
@prefix : <http://e/> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> . @prefix rdfs:
<http://www.w3.org/2000/01/rdf-schema#> .
:a a :C ; :p :b, 1, "x"@en, "y"@en, "2026-01-02T03:04:05Z"^^xsd:dateTime ; :q :a .
:b a :D ; :p :c ; :q "a", _:n . :c :p :a . :D rdfs:subClassOf :C . _:n :p 2.5 .
)";

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace provgate;
  const auto run = [&]() -> std::string {
    test::MemoryDisk disk;
    disk.put("data.ttl", k_data);
    disk.put("shapes.ttl", std::string(reinterpret_cast<const char*>(bytes), size));
    auto data = load_rdf(disk, {"data.ttl"}), shapes = load_rdf(disk, {"shapes.ttl"});
    if (!data) std::abort();
    if (!shapes) return "unreadable";
    std::vector<Finding> notes;
    const auto compiled = shacl::Shapes::compile(*data, *shapes, notes);
    if (!compiled) {
      for (const auto& note : notes) {
        if (note.severity == Severity::error) return "refused";
      }
      std::abort();  // a refusal says why
    }
    shacl::Options options;
    options.limits = {1'000, 10'000, 64ULL << 20};
    const auto report = shacl::validate(*data, *shapes, *compiled, options);
    if (!report) return "limit";
    const auto graph = shacl::report_graph(*data, {{*report, *shapes, *compiled}},
                                           {report->conforms, report->vacuous, report->partial, report->skipped, true});
    return write_graph(graph, Syntax::ntriples);
  };
  const auto first = run();
  if (first != "limit" && run() != first) std::abort();
  return 0;
}
