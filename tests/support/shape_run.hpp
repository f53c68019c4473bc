// SPDX-License-Identifier: Apache-2.0
// The shapes that are built into the program, over a graph, by the rules they repeat.
#pragma once

#include <gtest/gtest.h>

#include <set>

#include "base/embedded.hpp"
#include "support/records.hpp"

namespace provgate::test {

inline std::string shapes_text(const std::string& path) {
  for (const auto& file : embedded_files()) {
    if (file.path == path) return std::string(file.text);
  }
  ADD_FAILURE() << "no " << path;
  return {};
}

/// The rules that a file of shapes repeats.
inline std::set<std::string> repeated_rules(const std::string& path) {
  std::set<std::string> out;
  const auto graph = parse_rdf(path, shapes_text(path), "turtle", "urn:base");
  EXPECT_TRUE(graph) << path;
  const auto predicate = graph->terms().find("<" + std::string(vocab::provgate) + "rule>");
  for (const auto& q : graph->quads()) {
    if (q.p == predicate) out.insert(value_of(from_ntriples(graph->terms().text(q.o))));
  }
  return out;
}

struct ShapesSay {
  std::set<std::string> rules;  ///< that shapes which found something repeat, of every severity
  bool fail = false;            ///< an error among what they found
};
inline ShapesSay shapes_say(RdfData data, const std::string& path) {
  FakeWorld world;
  LoadOptions load;
  const auto text = shapes_text(path);
  load.texts.emplace_back(path, text);
  auto shapes = load_rdf(world.disk, {}, load);
  EXPECT_TRUE(shapes);
  std::vector<Finding> notes;
  const auto compiled = shacl::Shapes::compile(data, *shapes, notes);
  EXPECT_TRUE(compiled) << (notes.empty() ? "" : notes.front().message);
  const auto validated = shacl::validate(data, *shapes, *compiled, {});
  EXPECT_TRUE(validated);
  ShapesSay out;
  for (const auto& result : validated->results) {
    if (data.graph.terms().text(result.severity).ends_with("#Violation>")) out.fail = true;
  }
  const auto predicate = shapes->graph.terms().find("<" + std::string(vocab::provgate) + "rule>");
  const auto report =
      shacl::report_graph(data, {{*validated, *shapes, *compiled}}, {validated->conforms, validated->vacuous});
  const auto source = report.terms().find("<http://www.w3.org/ns/shacl#sourceShape>");
  for (const auto& q : report.quads()) {
    if (q.p != source) continue;
    const auto shape = shapes->graph.terms().find(report.terms().text(q.o));
    for (const auto& s : shapes->graph.quads()) {
      if (s.s == shape && s.p == predicate) out.rules.insert(value_of(from_ntriples(shapes->graph.terms().text(s.o))));
    }
  }
  return out;
}

inline ShapesSay shapes_say(Graph graph, const std::string& path) {
  RdfData data;
  data.graph = std::move(graph);
  return shapes_say(std::move(data), path);
}

}  // namespace provgate::test
