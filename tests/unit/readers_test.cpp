// N-Triples and Turtle: the grammars' edges, places of faults and statements, and the same graphs as Raptor reads.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "provgate/load.hpp"
#include "rdf/raptor.hpp"
#include "support/isomorphic.hpp"
#include "support/memory_disk.hpp"

namespace provgate {
namespace {

struct Fault {
  const char *syntax, *text;
  std::uint32_t line, column;
};

TEST(Readers, FaultsHaveTheirPlace) {
  for (const auto& [syntax, text, line, column] : {
           Fault{"ntriples", "<urn:a> <urn:b> <urn:c> .\n<urn:a> <urn:b> .\n", 2, 17},
           {"ntriples", "<urn:a> <urn:b> <urn:c d> .", 1, 23},
           {"ntriples", "<urn:a> <urn:b> \"é\\q\" .", 1, 19},
           {"ntriples", "<urn:a> <urn:b> \"\xFF\" .", 1, 18},
           {"ntriples", "<urn:a> <urn:b> \"x\n\" .", 1, 19},
           {"ntriples", "<a> <urn:b> <urn:c> .", 1, 1},
           {"ntriples", "<urn:a> <urn:b> <urn:\\u0020> .", 1, 22},
           {"ntriples", "<urn:a> <urn:b> <urn:c> <urn:g> .", 1, 25},
           {"ntriples", "<urn:a> _:b <urn:c> .", 1, 9},
           {"ntriples", "\"a\" <urn:b> <urn:c> .", 1, 1},
           {"ntriples", "<urn:a> <urn:b> \"x\"@ .", 1, 21},
           {"ntriples", "<urn:a> <urn:b> \"\\uD800\" .", 1, 18},
           {"ntriples", "<urn:a> <urn:b> <urn:c>", 1, 24},
           {"turtle", "@prefix e: <urn:> .\ne:a e:b f:c .", 2, 9},
           {"turtle", "<urn:a> <urn:b> \"\"\"no end\n", 1, 17},
           {"turtle", "<urn:a> <urn:b> [ <urn:c> 1 .", 1, 29},
           {"turtle", "<urn:a> <urn:b> ( 1 2 .", 1, 23},
           {"turtle", "<urn:a> <urn:b> 1e .", 1, 18},
           {"turtle", "<urn:a> <urn:b> true1 .", 1, 17},
           {"turtle", "<urn:a> \"p\" 1 .", 1, 9},
           {"turtle", "@prefix e: <urn:>\ne:a e:b e:c .", 2, 1},
           {"trig", "<urn:g> { <urn:a> <urn:b> <urn:c> ", 1, 35},
       }) {
    const auto graph = parse_rdf("t", text, syntax, "");
    ASSERT_FALSE(graph) << text;
    EXPECT_EQ(graph.error().code, Code::input);
    EXPECT_EQ(std::pair(graph.error().at.line, graph.error().at.column), std::pair(line, column)) << syntax << ": " << text << " (" << graph.error().why << ")";
  }
}

TEST(Readers, TurtleByItsGrammar) {
  const std::string prefixes = "@prefix e: <http://e/> . PREFIX : <http://d/>\n@base <http://b/x/y> .\n";
  const std::string xsd = "http://www.w3.org/2001/XMLSchema#";
  for (const auto& [object, wanted] : std::vector<std::pair<std::string, std::string>>{
           {"e:a.b", "<http://e/a.b>"}, {"e:a%20b", "<http://e/a%20b>"}, {"e:a\\,b", "<http://e/a,b>"}, {":", "<http://d/>"}, {"e:a:b", "<http://e/a:b>"}, {"e:1", "<http://e/1>"},
           {"<z>", "<http://b/x/z>"}, {"<#f>", "<http://b/x/y#f>"}, {"<../z>", "<http://b/z>"}, {"<//h/p>", "<http://h/p>"}, {"<?q>", "<http://b/x/y?q>"}, {"<>", "<http://b/x/y>"},
           {"1", "\"1\"^^<" + xsd + "integer>"}, {"-.5", "\"-.5\"^^<" + xsd + "decimal>"}, {"1.", ""}, {"1.5e-3", "\"1.5e-3\"^^<" + xsd + "double>"}, {"1.E3", "\"1.E3\"^^<" + xsd + "double>"},
           {"+01", "\"+01\"^^<" + xsd + "integer>"}, {"true", "\"true\"^^<" + xsd + "boolean>"}, {"'a\"b'", "\"a\\\"b\""}, {"'''a'b\n'c'''", "\"a'b\\n'c\""}, {"\"\"\"x\"\"y\"\"\"", "\"x\\\"\\\"y\""},
           {"\"\\u00E9\\U0001F600\"@en-GB", "\"é😀\"@en-GB"}, {"\"1\"^^e:t", "\"1\"^^<http://e/t>"}, {"\"s\"^^<" + xsd + "string>", "\"s\""}, {"<http://\\u00E9/>", "<http://é/>"}}) {
    const auto graph = parse_rdf("t", prefixes + "e:s e:p " + object + " .", "turtle", "");
    if (wanted.empty()) {
      EXPECT_FALSE(graph) << object;
      continue;
    }
    ASSERT_TRUE(graph) << object << ": " << graph.error().why;
    EXPECT_EQ(graph->terms().text(graph->quads()[0].o), wanted) << object;
  }
  for (const char* text : {"", "# nothing", "e:a e:b e:c, e:d; e:e e:f;; .", "[] e:p [] .", "[ e:p 1 ] .", "( 1 ( 2 ) [] ) e:p () .", "e:a e:b 1.e:c e:d 2 ."}) {
    EXPECT_TRUE(parse_rdf("t", prefixes + text, "turtle", "")) << text;
  }
  std::string deep = prefixes + "e:s e:p ";
  for (int i = 0; i < 100'000; ++i) deep += "[ e:p ";
  const auto graph = parse_rdf("t", deep, "turtle", "");
  ASSERT_FALSE(graph);
  EXPECT_NE(graph.error().why.find("nested deeper"), std::string::npos);
}

TEST(Readers, StatementsKnowTheirOwnText) {
  test::MemoryDisk disk;
  disk.put("d.ttl", "@prefix e: <urn:> .\r\n\r\ne:é e:p e:a , \"\"\"two\r\nlines\"\"\" ;\r\n\te:q [ e:r 1 ;\te:s ( 2 e:t ) ] .\r\n");
  const auto data = load_rdf(disk, {"d.ttl"});
  ASSERT_TRUE(data) << data.error().why;
  std::vector<std::string> places;
  for (std::size_t i = 0; i < data->graph.size(); ++i) {
    const auto at = data->span(i).at;
    places.push_back(std::to_string(at.line) + ":" + std::to_string(at.column) + "-" + std::to_string(at.end_line) + ":" + std::to_string(at.end_column));
  }
  EXPECT_EQ(places, (std::vector<std::string>{"3:1-3:12", "3:15-4:9", "5:2-5:7", "5:8-5:13", "5:16-5:21", "5:22-5:23", "5:24-5:25", "5:24-5:27", "5:28-5:29"}));
  EXPECT_EQ(data->line(data->span(0)), "e:é e:p e:a , \"\"\"two");
}

TEST(Readers, CutsDoNotShow) {
  // Long enough to be cut for several threads.
  std::string text;
  for (int i = 0; text.size() < (3U << 20); ++i) {
    const auto n = std::to_string(i % 5000);
    text += "<http://example.org/subject-" + std::to_string(i) + "> <http://example.org/p" + n + "> \"value " + n + " é\"@en .\r\n";
    if (i % 100 == 0) text += "# a comment\n\n_:b" + n + " <http://example.org/p> <http://example.org/subject-" + n + "> .\n";
  }
  test::MemoryDisk disk;
  disk.put("d.nt", text);
  LoadOptions options;
  const auto one = load_rdf(disk, {"d.nt"}, options);
  ASSERT_TRUE(one);
  for (const unsigned threads : {2U, 3U, 7U}) {
    options.threads = threads;
    const auto many = load_rdf(disk, {"d.nt"}, options);
    ASSERT_TRUE(many);
    ASSERT_EQ(many->graph.quads(), one->graph.quads()) << threads;
    EXPECT_EQ(many->files[0].sha256, one->files[0].sha256);
    for (std::size_t i = 0; i < one->graph.size(); i += 997) {
      EXPECT_EQ(many->span(i).at, one->span(i).at);
      EXPECT_EQ(many->graph.terms().text(many->graph.quads()[i].o), one->graph.terms().text(one->graph.quads()[i].o));
    }
  }
  // A fault in the last part has its line.
  disk.put("bad.nt", text + "<http://example.org/a> <http://example.org/b> .\n");
  const auto bad = load_rdf(disk, {"bad.nt"}, options);
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error().at.line, static_cast<std::uint32_t>(std::count(text.begin(), text.end(), '\n')) + 1);
}

TEST(Readers, TheSameGraphsAsRaptor) {
  const std::filesystem::path suites = std::filesystem::path(PROVGATE_SOURCE_DIR) / "../shared/suites";
  if (!std::filesystem::is_directory(suites)) GTEST_SKIP() << "no W3C suites beside this checkout";
  std::size_t seen = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(suites)) {
    if (entry.path().extension() != ".ttl" || entry.file_size() > 60'000) continue;
    std::ifstream in(entry.path());
    const std::string text{std::istreambuf_iterator<char>(in), {}}, base = "http://example.org/base";
    const auto theirs = raptor_read(entry.path().string(), text, "turtle", base, 0);
    const auto ours = parse_rdf(entry.path().string(), text, "turtle", base);
    // Raptor refuses a few files that the grammar takes; never the other way round.
    if (!theirs) continue;
    ASSERT_TRUE(ours) << entry.path() << ": " << ours.error().why << " " << ours.error().at.line;
    EXPECT_TRUE(test::isomorphic(test::triples_of(*theirs), test::triples_of(*ours))) << entry.path();
    ++seen;
  }
  EXPECT_GT(seen, 100U);
}

}  // namespace
}  // namespace provgate
