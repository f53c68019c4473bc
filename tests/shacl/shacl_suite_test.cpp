// SPDX-License-Identifier: Apache-2.0
// The W3C SHACL test suite, all of it, by strict isomorphism of the report; as it stands and mutated.
#include <gtest/gtest.h>

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <random>
#include <set>

#include "provgate/shacl/shacl.hpp"
#include "support/isomorphic.hpp"
#include "support/suites.hpp"

namespace provgate {
namespace {

namespace fs = std::filesystem;
using test::Triple;

const fs::path k_suite = test::suites() / "shacl-w3c";
const std::string k_sh = "http://www.w3.org/ns/shacl#",
                  k_mf = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#",
                  k_sht = "http://www.w3.org/ns/shacl-test#";
std::string sh(const std::string& name) { return "<" + k_sh + name + ">"; }

struct Facts {
  std::vector<Triple> triples;
  std::vector<std::string> objects(const std::string& s, const std::string& p) const {
    std::vector<std::string> out;
    for (const auto& t : triples) {
      if (t[0] == s && t[1] == p) out.push_back(t[2]);
    }
    return out;
  }
  std::string object(const std::string& s, const std::string& p) const {
    const auto all = objects(s, p);
    return all.empty() ? "" : all.front();
  }
};

struct Case {
  fs::path manifest;
  std::string name, result;
  fs::path data, shapes;
  Facts facts;
};

fs::path path_of(const std::string& iri) {
  return iri.substr(std::string("<file://").size(), iri.size() - std::string("<file://>").size());
}

std::vector<Case> cases(const fs::path& below) {
  std::vector<Case> out;
  const auto world = real_world();
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(below)) {
    if (entry.path().extension() == ".ttl" && entry.path().filename() != "manifest.ttl") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  for (const auto& file : files) {
    auto data = load_rdf(world.disk, {file.string()});
    EXPECT_TRUE(data) << file << (data ? "" : data.error().why);
    if (!data) continue;
    Facts facts{test::triples_of(data->graph)};
    for (const auto& t : facts.triples) {
      if (t[1] != "<" + std::string(vocab::rdf) + "type>" || t[2] != "<" + k_sht + "Validate>") continue;
      const auto action = facts.object(t[0], "<" + k_mf + "action>");
      Case one{file,
               t[0],
               facts.object(t[0], "<" + k_mf + "result>"),
               path_of(facts.object(action, "<" + k_sht + "dataGraph>")),
               path_of(facts.object(action, "<" + k_sht + "shapesGraph>")),
               facts};
      out.push_back(std::move(one));
    }
  }
  return out;
}

// The part of a report that counts: shacl.md 1.1, from the suite's "Test Cases Format".
std::vector<Triple> essence(const Facts& facts, const std::string& root, const std::set<std::string>& wanted_messages) {
  std::vector<Triple> out;
  out.push_back({"_:report", "<" + std::string(vocab::rdf) + "type>",
                 facts.object(root, "<" + std::string(vocab::rdf) + "type>")});
  for (const auto& c : facts.objects(root, sh("conforms"))) out.push_back({"_:report", sh("conforms"), c});
  int n = 0, copies = 0;
  for (const auto& result : facts.objects(root, sh("result"))) {
    const auto name = "_:result" + std::to_string(++n);
    out.push_back({"_:report", sh("result"), name});
    for (const auto& type : facts.objects(result, "<" + std::string(vocab::rdf) + "type>"))
      out.push_back({name, "<" + std::string(vocab::rdf) + "type>", type});
    for (const char* p :
         {"focusNode", "resultSeverity", "sourceConstraint", "sourceConstraintComponent", "sourceShape", "value"}) {
      for (const auto& o : facts.objects(result, sh(p))) out.push_back({name, sh(p), o});
    }
    for (const auto& message : facts.objects(result, sh("resultMessage"))) {
      if (wanted_messages.contains(message)) out.push_back({name, sh("resultMessage"), message});
    }
    const std::function<std::string(const std::string&)> copy = [&](const std::string& node) -> std::string {
      if (!node.starts_with("_:")) return node;
      const auto mine = "_:path" + std::to_string(++copies);
      for (const auto& t : facts.triples) {
        if (t[0] == node) out.push_back({mine, t[1], copy(t[2])});
      }
      return mine;
    };
    for (const auto& path : facts.objects(result, sh("resultPath")))
      out.push_back({name, sh("resultPath"), copy(path)});
  }
  return out;
}

std::string listing(std::vector<Triple> triples) {
  std::sort(triples.begin(), triples.end());
  std::string out;
  for (const auto& [s, p, o] : triples) out += "  " + s + " " + p + " " + o + "\n";
  return out;
}

// Another name for every test IRI (in texts, too: queries and prefixes name them) and for every blank node.
std::string mutated(std::string term) {
  if (term.starts_with("_:")) return "_:m" + std::to_string(std::hash<std::string>{}(term)) + "." + term.substr(2);
  for (const auto& [from, to] :
       {std::pair{std::string("datashapes.org/sh/tests/"), std::string("datashapes.org/sh/tests-m/")},
        {"http://example.org/", "http://example.org/m/"},
        {"http://www.example.org/", "http://www.example.org/m/"},
        {"file:///", "file:///m/"}}) {
    for (auto at = term.find(from); at != std::string::npos; at = term.find(from, at + to.size()))
      term.replace(at, from.size(), to);
  }
  return term;
}

Facts mutated(const Facts& facts) {
  Facts out;
  for (const auto& [s, p, o] : facts.triples) out.triples.push_back({mutated(s), mutated(p), mutated(o)});
  return out;
}

// The same test over other names, its statements shuffled, as N-Triples.
Case mutant(const Case& one, const fs::path& directory, unsigned seed) {
  const auto world = real_world();
  std::mt19937 random(seed);
  const auto write = [&](const fs::path& from, const char* name) {
    const auto data = load_rdf(world.disk, {from.string()});
    const auto facts = mutated(Facts{test::triples_of(data->graph)});
    std::vector<std::string> lines;
    for (const auto& [s, p, o] : facts.triples) lines.push_back(s + " " + p + " " + o + " .\n");
    std::shuffle(lines.begin(), lines.end(), random);
    const auto path = directory / (from.stem().string() + "-" + name + ".nt");
    std::ofstream out(path);
    for (const auto& line : lines) out << line;
    return path;
  };
  Case out{one.manifest, one.name + " mutated", mutated(one.result), {}, {}, mutated(one.facts)};
  if (one.result.find("sht:Failure") != std::string::npos || one.result == "<" + k_sht + "Failure>")
    out.result = one.result;
  out.data = write(one.data, "a");
  out.shapes = one.data == one.shapes ? out.data : write(one.shapes, "b");
  return out;
}

void expect_answer(const Case& one, unsigned threads) {
  const auto world = real_world();
  auto data = load_rdf(world.disk, {one.data.string()}), shapes = load_rdf(world.disk, {one.shapes.string()});
  ASSERT_TRUE(data && shapes) << one.manifest;
  std::vector<Finding> notes;
  const auto compiled = shacl::Shapes::compile(*data, *shapes, notes);
  std::string said;
  for (const auto& note : notes)
    said += std::string(name_of(note.severity)) + ": " + note.message + " (" + std::to_string(note.at.line) + ")\n";
  if (one.result == "<" + k_sht + "Failure>") {
    EXPECT_FALSE(compiled) << one.name;
    return;
  }
  ASSERT_TRUE(compiled) << one.name << "\n" << said;
  shacl::Options options;
  options.threads = threads;
  const auto report = shacl::validate(*data, *shapes, *compiled, options);
  ASSERT_TRUE(report) << one.name << report.error().why;
  const Facts actual{test::triples_of(
      shacl::report_graph(*data, {{*report, *shapes, *compiled}}, {report->conforms, report->vacuous}))};
  std::set<std::string> messages;
  for (const auto& t : one.facts.triples) {
    if (t[1] == sh("resultMessage")) messages.insert(t[2]);
  }
  const auto wanted = essence(one.facts, one.result, messages), got = essence(actual, "_:sh-report", messages);
  EXPECT_TRUE(test::isomorphic(wanted, got)) << one.name << "\nwanted\n"
                                             << listing(wanted) << "got\n"
                                             << listing(got) << said;
}

TEST(ShaclSuite, AllOfIt) {
  if (!fs::is_directory(k_suite)) GTEST_SKIP() << "no W3C suite beside this checkout";
  std::map<std::string, int> count;
  for (const auto& one : cases(k_suite)) {
    ++count[fs::relative(one.manifest, k_suite).begin()->string()];
    expect_answer(one, 2);
  }
  EXPECT_EQ(count["core"], 98);
  EXPECT_EQ(count["sparql"], 23);
}

TEST(ShaclSuite, AllOfItMutated) {
  if (!fs::is_directory(k_suite)) GTEST_SKIP() << "no W3C suite beside this checkout";
  const auto directory = fs::temp_directory_path() / ("provgate-suite-" + std::to_string(::getpid()));
  fs::create_directories(directory);
  unsigned count = 0;
  for (const auto& one : cases(k_suite)) expect_answer(mutant(one, directory, ++count), 1);
  EXPECT_EQ(count, 121U);
  fs::remove_all(directory);
}

}  // namespace
}  // namespace provgate
