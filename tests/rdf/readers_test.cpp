// SPDX-License-Identifier: Apache-2.0
// N-Triples and Turtle: the grammars' edges, places of faults and statements, and the same graphs as Raptor reads.
#include <gtest/gtest.h>

#include <sys/mman.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <fstream>
#include <random>

#include "provgate/rdf/load.hpp"
#include "support/isomorphic.hpp"
#include "support/raptor_peer.hpp"
#include "support/records.hpp"
#include "support/suites.hpp"

namespace provgate {
namespace {

struct FaultCase {
  const char *syntax, *text;
  std::uint32_t line, column;
};

TEST(Readers, FaultsHaveTheirPlace) {
  for (const auto& [syntax, text, line, column] : {
           FaultCase{"ntriples", "<urn:a> <urn:b> <urn:c> .\n<urn:a> <urn:b> .\n", 2, 17},
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
    EXPECT_EQ(std::pair(graph.error().at.line, graph.error().at.column), std::pair(line, column))
        << syntax << ": " << text << " (" << graph.error().why << ")";
  }
}

TEST(Readers, TurtleByItsGrammar) {
  const std::string prefixes = "@prefix e: <http://e/> . PREFIX : <http://d/>\n@base <http://b/x/y> .\n";
  const std::string xsd = "http://www.w3.org/2001/XMLSchema#";
  for (const auto& [object, wanted] :
       std::vector<std::pair<std::string, std::string>>{{"e:a.b", "<http://e/a.b>"},
                                                        {"e:a%20b", "<http://e/a%20b>"},
                                                        {"e:a\\,b", "<http://e/a,b>"},
                                                        {":", "<http://d/>"},
                                                        {"e:a:b", "<http://e/a:b>"},
                                                        {"e:1", "<http://e/1>"},
                                                        {"<z>", "<http://b/x/z>"},
                                                        {"<#f>", "<http://b/x/y#f>"},
                                                        {"<../z>", "<http://b/z>"},
                                                        {"<//h/p>", "<http://h/p>"},
                                                        {"<?q>", "<http://b/x/y?q>"},
                                                        {"<>", "<http://b/x/y>"},
                                                        {"1", "\"1\"^^<" + xsd + "integer>"},
                                                        {"-.5", "\"-.5\"^^<" + xsd + "decimal>"},
                                                        {"1.", ""},
                                                        {"1.5e-3", "\"1.5e-3\"^^<" + xsd + "double>"},
                                                        {"1.E3", "\"1.E3\"^^<" + xsd + "double>"},
                                                        {"+01", "\"+01\"^^<" + xsd + "integer>"},
                                                        {"true", "\"true\"^^<" + xsd + "boolean>"},
                                                        {"'a\"b'", "\"a\\\"b\""},
                                                        {"'''a'b\n'c'''", "\"a'b\\n'c\""},
                                                        {"\"\"\"x\"\"y\"\"\"", "\"x\\\"\\\"y\""},
                                                        {"\"\\u00E9\\U0001F600\"@en-GB", "\"é😀\"@en-GB"},
                                                        {"\"1\"^^e:t", "\"1\"^^<http://e/t>"},
                                                        {"\"s\"^^<" + xsd + "string>", "\"s\""},
                                                        {"<http://\\u00E9/>", "<http://é/>"}}) {
    const auto graph = parse_rdf("t", prefixes + "e:s e:p " + object + " .", "turtle", "");
    if (wanted.empty()) {
      EXPECT_FALSE(graph) << object;
      continue;
    }
    ASSERT_TRUE(graph) << object << ": " << graph.error().why;
    EXPECT_EQ(graph->terms().text(graph->quads()[0].o), wanted) << object;
  }
  for (const char* text : {"", "# nothing", "e:a e:b e:c, e:d; e:e e:f;; .", "[] e:p [] .", "[ e:p 1 ] .",
                           "( 1 ( 2 ) [] ) e:p () .", "e:a e:b 1.e:c e:d 2 ."}) {
    EXPECT_TRUE(parse_rdf("t", prefixes + text, "turtle", "")) << text;
  }
  std::string deep = prefixes + "e:s e:p ";
  for (int i = 0; i < 100'000; ++i) deep += "[ e:p ";
  const auto graph = parse_rdf("t", deep, "turtle", "");
  ASSERT_FALSE(graph);
  EXPECT_NE(graph.error().why.find("nested deeper"), std::string::npos);
}

TEST(Readers, RdfXmlKeepsWhatItSaysOrIsRefused) {
  const std::string open = "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" xmlns:e=\"http://e/\">";
  const std::string node = open + "\n<rdf:Description rdf:about=\"http://e/a\">", end = "</rdf:Description></rdf:RDF>";
  for (const auto& [text, why, line] : std::vector<std::tuple<std::string, std::string, std::uint32_t>>{
           {node + "lost<e:p>x</e:p>" + end, "elements only", 2},
           {node + "<e:p>x</e:p></rdf:Description>\nlost</rdf:RDF>", "elements only", 3},
           {node + "<e:p>lost <rdf:Description/></e:p>" + end, "beside text", 2},
           {node + "<e:p><rdf:Description/> lost</e:p>" + end, "beside an element", 2},
           {node + "<e:p rdf:parseType=\"Resource\">lost<e:q>1</e:q></e:p>" + end, "elements only", 2},
           {node + "<e:p rdf:parseType=\"Collection\"><![CDATA[lost]]></e:p>" + end, "elements only", 2},
           {"<!DOCTYPE r [<!ENTITY x SYSTEM \"file:///etc/hostname\">]>\n" + node + "<e:p>v-&x;</e:p>" + end,
            "not declared here", 3},
           {node + "<e:p rdf:resource=\"http://e/x y\"/>" + end, "not an absolute IRI", 2},
           {open + "\n<rdf:Description rdf:about=\"http://e/a b{}\"><e:p>x</e:p>" + end, "not an absolute IRI", 2},
           {node + "<e:p rdf:datatype=\"http://e/not an iri\">1</e:p>" + end, "not an absolute IRI", 2},
           {node + "<e:p xml:lang=\"e_n\">1</e:p>" + end, "not a language tag", 2},
           {node + "<e:p>x</e:q>" + end, "", 2}}) {
    const auto graph = parse_rdf("d.rdf", text, "rdfxml", "http://e/base");
    ASSERT_FALSE(graph) << text;
    EXPECT_NE(graph.error().why.find(why), std::string::npos) << text << ": " << graph.error().why;
    EXPECT_EQ(graph.error().at.line, line) << text;
    EXPECT_GT(graph.error().at.column, 0U) << text;
  }
  for (const auto& [text, size] : std::vector<std::pair<std::string, std::size_t>>{
           {node + "<e:p>x</e:p><!-- lost --><e:p> y &amp; z </e:p><?pi lost?>" + end, 2},
           {node + "<e:p rdf:parseType=\"Literal\">any <b>thing</b> &lt;</e:p>" + end, 1},
           {node + "<e:p><rdf:Description rdf:about=\"http://e/b\"><e:q>x</e:q></rdf:Description></e:p>" + end, 2},
           {node + "<e:p rdf:parseType=\"Resource\"> <e:q>1</e:q> </e:p>" + end, 2},
           {node + "<e:p rdf:parseType=\"Collection\"> <rdf:Description rdf:about=\"http://e/c\"/> </e:p>" + end, 3},
           {node + "<e:p><![CDATA[a < b]]></e:p>" + end, 1},
           {"<?xml version=\"1.0\"?>\n<!DOCTYPE rdf:RDF [ <!-- ] --> <!ENTITY e \"http://e/\"> ]>\n" + open +
                "<rdf:Description rdf:about=\"&e;a\"><e:p>&e;</e:p>" + end,
            1}}) {
    const auto graph = parse_rdf("d.rdf", text, "rdfxml", "http://e/base");
    ASSERT_TRUE(graph) << text << ": " << graph.error().why;
    EXPECT_EQ(graph->size(), size) << text;
  }
}

TEST(Readers, WhiteSpaceMayStandInALiteral) {
  for (const char* syntax : {"ntriples", "nquads", "turtle"}) {
    for (const auto& [object, wanted] :
         std::vector<std::pair<std::string, std::string>>{{"\"x\" @en", "\"x\"@en"},
                                                          {"\"1\" ^^<urn:t>", "\"1\"^^<urn:t>"},
                                                          {"\"1\"^^ <urn:t>", "\"1\"^^<urn:t>"},
                                                          {"\"1\" \t^^\t <urn:t>", "\"1\"^^<urn:t>"},
                                                          {"\"x\" ", "\"x\""}}) {
      const auto graph = parse_rdf("t", "<urn:a> <urn:b> " + object + " .", syntax, "");
      ASSERT_TRUE(graph) << syntax << ": " << object << ": " << graph.error().why;
      EXPECT_EQ(graph->terms().text(graph->quads()[0].o), wanted);
    }
    for (const char* object : {"\"x\"@ en", "\"x\" ^ ^<urn:t>", "\"x\"^^", "\"x\" ^^ \"y\"", "\"x\" en"}) {
      EXPECT_FALSE(parse_rdf("t", "<urn:a> <urn:b> " + std::string(object) + " .", syntax, ""))
          << syntax << ": " << object;
    }
  }
}

TEST(Readers, StatementsKnowTheirOwnText) {
  test::MemoryDisk disk;
  disk.put(
      "d.ttl",
      "@prefix e: <urn:> .\r\n\r\ne:é e:p e:a , \"\"\"two\r\nlines\"\"\" ;\r\n\te:q [ e:r 1 ;\te:s ( 2 e:t ) ] .\r\n");
  const auto data = load_rdf(disk, {"d.ttl"});
  ASSERT_TRUE(data) << data.error().why;
  std::vector<std::string> places;
  for (std::size_t i = 0; i < data->graph.size(); ++i) {
    const auto at = data->span(i).at;
    places.push_back(std::to_string(at.line) + ":" + std::to_string(at.column) + "-" + std::to_string(at.end_line) +
                     ":" + std::to_string(at.end_column));
  }
  EXPECT_EQ(places, (std::vector<std::string>{"3:1-3:12", "3:15-4:9", "5:2-5:7", "5:8-5:13", "5:16-5:21", "5:22-5:23",
                                              "5:24-5:25", "5:24-5:27", "5:28-5:29"}));
  EXPECT_EQ(data->window(data->span(0)).text, "e:é e:p e:a , \"\"\"two");
}

TEST(Readers, CutsDoNotShow) {
  // Long enough to be cut for several threads.
  std::string text;
  for (int i = 0; text.size() < (3U << 20); ++i) {
    const auto n = std::to_string(i % 5000);
    text += "<http://example.org/subject-" + std::to_string(i) + "> <http://example.org/p" + n + "> \"value " + n +
            " é\"@en .\r\n";
    if (i % 100 == 0)
      text += "# a comment\n\n_:b" + n + " <http://example.org/p> <http://example.org/subject-" + n + "> .\n";
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

TEST(Readers, WhatWasReadBeforeIsReadTheSameAgain) {
  // Terms that begin alike, in every order: what the reader expects to see again must not show.
  const std::vector<std::string> nodes = {"<urn:a>", "<urn:ab>",      "<urn:a:b>", "_:a",
                                          "_:ab",    "<urn:\\u0061>", "<urn:é>",   "<urn:\\u00E9>"};
  const std::vector<std::string> predicates = {"<urn:p>", "<urn:pq>", "<urn:p\\u0071>", "<urn:q>"};
  const std::vector<std::string> types = {
      "", "@en", "@en-GB", "^^<urn:t>", "^^<urn:tt>", "^^<urn:\\u0074>", "^^<http://www.w3.org/2001/XMLSchema#string>"};
  std::mt19937 random(20);
  const auto any = [&](const auto& from) { return from[random() % from.size()]; };
  std::string text;
  std::vector<std::string> lines;
  for (int i = 0; i < 20'000; ++i) {
    const auto repeat = random() % 3 && !lines.empty();
    const auto object =
        random() % 2 ? any(nodes) : "\"" + std::string(1, static_cast<char>('x' + random() % 3)) + "\"" + any(types);
    lines.push_back(repeat ? lines[random() % lines.size()]
                           : any(nodes) + " " + any(predicates) + " " + object + " .\n");
    text += lines.back();
  }
  test::MemoryDisk disk;
  disk.put("d.nt", text);
  const auto read = load_rdf(disk, {"d.nt"});
  ASSERT_TRUE(read);
  ASSERT_EQ(read->graph.size(), lines.size());
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const auto alone = parse_rdf("one", lines[i], "ntriples", "");
    ASSERT_TRUE(alone);
    const auto &here = read->graph.quads()[i], &there = alone->quads()[0];
    const auto same = [&](TermId a, TermId b) { return read->graph.terms().text(a) == alone->terms().text(b); };
    ASSERT_TRUE(same(here.s, there.s) && same(here.p, there.p) && same(here.o, there.o)) << i << ": " << lines[i];
    ASSERT_EQ(read->span(i).at.line, i + 1);
  }
  EXPECT_LT(read->graph.terms().size(), 40U);
}

#ifdef __linux__
TEST(Readers, PlacesBeyondFourGibibytes) {
#ifdef __SANITIZE_ADDRESS__
  GTEST_SKIP() << "too slow under the sanitizer; the release build runs it";
#endif
  // One block of memory, mapped again and again behind itself: a statement of 16 MiB, then one short one.
  constexpr std::size_t k_block = 16U << 20, k_blocks = 257, k_page = 1U << 16;
  const int memory = memfd_create("blocks", 0);
  ASSERT_EQ(ftruncate(memory, k_block), 0);
  constexpr int k_access = PROT_READ | PROT_WRITE;
  char* const whole = static_cast<char*>(
      mmap(nullptr, k_block * k_blocks + k_page, k_access, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0));
  ASSERT_NE(whole, MAP_FAILED);
  for (std::size_t i = 0; i < k_blocks; ++i)
    ASSERT_NE(mmap(whole + i * k_block, k_block, k_access, MAP_SHARED | MAP_FIXED, memory, 0), MAP_FAILED);
  close(memory);
  std::string block = "<urn:s> <urn:p> \"";
  block.append(k_block - block.size() - 4, 'x');
  block += "\" .\n";
  std::memcpy(whole, block.data(), k_block);
  const std::string_view last = "  <urn:t> <urn:p> \"y\" .\n";
  std::memcpy(whole + k_block * k_blocks, last.data(), last.size());
  const std::size_t size = k_block * k_blocks + last.size();
  ASSERT_GT(size, std::size_t{1} << 32);
  test::MemoryDisk disk;
  disk.mapped["big.nt"] = {{whole, size}, {}, false};
  LoadOptions options;
  options.threads = 2;
  const auto read = load_rdf(disk, {"big.nt"}, options);
  ASSERT_TRUE(read) << read.error().why;
  ASSERT_EQ(read->graph.size(), k_blocks + 1);
  EXPECT_EQ(read->graph.origin(k_blocks).offset, k_block * k_blocks + 2);
  EXPECT_EQ(read->span(k_blocks).at, (Place{k_blocks + 1, 3, k_blocks + 1, 24}));
  EXPECT_EQ(read->window(read->span(k_blocks)).text, last.substr(0, last.size() - 1));
  EXPECT_EQ(read->graph.terms().text(read->graph.quads()[k_blocks].s), "<urn:t>");
  // And a fault there.
  whole[size - 3] = '\n';
  const auto bad = load_rdf(disk, {"big.nt"}, options);
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error().at.line, k_blocks + 1);
  munmap(whole, k_block * k_blocks + k_page);
}
#endif

TEST(Readers, TheSameGraphsAsRaptor) {
  const auto suites = test::suites();
  if (!std::filesystem::is_directory(suites)) GTEST_SKIP() << "no W3C suites beside this checkout";
  std::size_t seen = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(suites)) {
    if (entry.path().extension() != ".ttl" || entry.file_size() > 60'000) continue;
    std::ifstream in(entry.path());
    const std::string text{std::istreambuf_iterator<char>(in), {}}, base = "http://example.org/base";
    const auto theirs = test::raptor_read(entry.path().string(), text, "turtle", base, 0);
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
