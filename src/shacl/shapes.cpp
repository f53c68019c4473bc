// SPDX-License-Identifier: Apache-2.0
// Shapes that were read and checked.
#include <algorithm>

#include "shacl/compile.hpp"

namespace provgate::shacl {

Severity severity_of(std::string_view iri) {
  const auto name =
      iri.substr(0, 1 + k_sh.size()) == "<" + std::string(k_sh) ? iri.substr(1 + k_sh.size()) : std::string_view{};
  return name == "Warning>" ? Severity::warning : name == "Info>" ? Severity::info : Severity::error;
}

Shapes::Shapes(std::unique_ptr<Model> model) : model_(std::move(model)) {}
Shapes::~Shapes() = default;
Shapes::Shapes(Shapes&&) noexcept = default;
Shapes& Shapes::operator=(Shapes&&) noexcept = default;

static bool same_files(const RdfData& a, const RdfData& b) {
  return std::equal(a.files.begin(), a.files.end(), b.files.begin(), b.files.end(),
                    [](const RdfFile& x, const RdfFile& y) { return x.path == y.path; });
}

std::optional<Shapes> Shapes::compile(RdfData& data, const RdfData& shapes, std::vector<Finding>& notes,
                                      const std::vector<std::string>& skipped) {
  auto model = std::make_unique<Model>();
  model->same_files = same_files(data, shapes);
  model->shapes_graph =
      shapes.files.empty() || shapes.files.front().base.empty() ? "urn:provgate:shapes" : shapes.files.front().base;
  Source source(shapes, data.graph.terms(), model->same_files, notes);
  Compiler(source, *model).run(data.graph, skipped);
  if (source.failed()) return {};
  return Shapes(std::move(model));
}

}  // namespace provgate::shacl
