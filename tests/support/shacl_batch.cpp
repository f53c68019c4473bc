// SPDX-License-Identifier: Apache-2.0
// Validates many small pairs: one JSON object a line in, {"data": N-Triples, "shapes": N-Triples}; one a line out, with
// the results as [focus, path, component, value, shape] in N-Triples, or the reason why the shapes are refused.
#include <iostream>

#include "base/json_write.hpp"
#include "provgate/text/text.hpp"
#include "shacl/compile.hpp"
#include "support/records.hpp"

namespace provgate {
namespace {

Json answer(const std::string& data_text, const std::string& shapes_text) {
  test::MemoryDisk disk;
  disk.put("data.nt", data_text);
  disk.put("shapes.nt", shapes_text);
  Json out = Json::object();
  auto data = load_rdf(disk, {"data.nt"}), shapes = load_rdf(disk, {"shapes.nt"});
  if (!data || !shapes) return std::move(out.set("refused", "unreadable"));
  std::vector<Finding> notes;
  const auto compiled = shacl::Shapes::compile(*data, *shapes, notes);
  if (!compiled) {
    for (const auto& note : notes) {
      if (note.severity == Severity::error) return std::move(out.set("refused", note.message));
    }
  }
  shacl::Options options;
  options.details = false;
  const auto report = shacl::validate(*data, *shapes, *compiled, options);
  if (!report) return std::move(out.set("refused", report.error().why));
  const auto& terms = data->graph.terms();
  Json results = Json::array();
  for (const auto& r : report->results) {
    const auto& shape = compiled->model().shapes[r.shape];
    const auto path = r.path                ? std::string(terms.text(r.path))
                      : shape.is_property() ? std::string(shapes->graph.terms().text(shape.path_node))
                                            : std::string{};
    Json one = Json::array();
    for (const auto& text : {std::string(terms.text(r.focus)), path.starts_with("_:") ? std::string("complex") : path,
                             std::string(terms.text(r.component)), std::string(r.value ? terms.text(r.value) : ""),
                             std::string(terms.text(shape.node))}) {
      one.push(text);
    }
    results.push(std::move(one));
  }
  return std::move(out.set("results", std::move(results)));
}

}  // namespace
}  // namespace provgate

int main() {
  using namespace provgate;
  for (std::string line; std::getline(std::cin, line);) {
    const auto doc = read_json("-", line);
    if (!doc) {
      std::cerr << doc.error().why << "\n";
      return 3;
    }
    std::cout << answer(std::string(doc->root().find("data").text()), std::string(doc->root().find("shapes").text()))
                     .canonical()
              << "\n"
              << std::flush;
  }
}
