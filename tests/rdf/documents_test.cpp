// SPDX-License-Identifier: Apache-2.0
// JSON-LD and RDF/XML documents: the object that names the subject of each statement, members in any order, and time
// that grows with the size.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>

#include "provgate/rdf/load.hpp"
#include "provgate/systems/system.hpp"
#include "rdf/engine.h"
#include "support/isomorphic.hpp"
#include "support/records.hpp"
#include "support/sample.hpp"
#include "systems/ckp/convert/convert.hpp"

namespace provgate {
namespace {

using test::FakeWorld;

// Lines of statements, as "subject local name@line"; blank nodes as "_".
std::vector<std::string> places(const std::string& text) {
  FakeWorld world;
  world.disk.put("d.jsonld", text);
  const auto data = load_rdf(world.world.disk, {"d.jsonld"});
  EXPECT_TRUE(data) << text << (data ? "" : data.error().why);
  std::vector<std::string> out;
  for (std::size_t i = 0; data && i < data->graph.size(); ++i) {
    const std::string subject(data->graph.terms().text(data->graph.quads()[i].s));
    const auto local =
        subject.starts_with("_:l")
            ? "_"
            : subject.substr(subject.find_last_of("/#:") + 1,
                             subject.size() - subject.find_last_of("/#:") - (subject.ends_with('>') ? 2 : 1));
    out.push_back(local + "@" + std::to_string(data->span(i).at.line));
  }
  std::sort(out.begin(), out.end());
  return out;
}

TEST(Documents, AStatementStandsWhereItsSubjectIsNamed) {
  using Lines = std::vector<std::string>;
  const std::string context =
      "{\"@context\": {\"e\": \"http://e/\", \"sub\": \"e:sub/\", \"id\": \"@id\", \"kind\": \"@type\", \"rel\": "
      "{\"@id\": \"e:rel\", \"@type\": \"@id\"}},\n\"@graph\": [\n";
  EXPECT_EQ(
      places(context +
             "{\"@id\": \"e:a\", \"e:p\": 1},\n{\"@id\": \"e:b\",\n \"e:q\": {\n\"@id\": \"e:c\", \"e:p\": 2}}\n]}"),
      (Lines{"a@3", "b@4", "c@5"}));
  // Members in any order; names by an alias; prefixes made with others; a solidus that is escaped.
  EXPECT_EQ(places(context + "{\"e:p\": 1,\n \"e:q\": {\n\"e:p\": 2, \"id\": \"sub:c\"}, \"kind\": \"e:K\", \"id\": "
                             "\"http:\\/\\/e\\/a\"}\n]}"),
            (Lines{"a@3", "a@3", "a@3", "c@4"}));
  // What names a node may stand after what uses it, and before its context.
  EXPECT_EQ(
      places(
          "{\n\"e:q\": [\n{\"e:p\": 1, \"@id\": \"e:b\"}], \"@id\": \"e:a\",\n\"@context\": {\"e\": \"http://e/\"}}"),
      (Lines{"a@1", "b@3"}));
  // The same subject in two objects.
  EXPECT_EQ(places(context + "{\"id\": \"e:a\", \"e:p\": 1},\n{\"id\": \"e:a\", \"e:p\": 2}]}"), (Lines{"a@3", "a@4"}));
  // Without a name: the nearest; within it, what has one.
  EXPECT_EQ(places(context + "{\"id\": \"e:a\", \"e:q\":\n{\"e:p\": 1}}]}"), (Lines{"_@4", "a@3"}));
  EXPECT_EQ(places(context + "{\"e:q\": [\n{\"id\": \"e:a\", \"e:p\": 1},\n{\"id\": \"e:b\", \"e:p\": 1}]}]}"),
            (Lines{"_@3", "_@3", "a@4", "b@5"}));
  EXPECT_EQ(places(context + "{\"id\": \"e:a\", \"@reverse\": {\"e:q\":\n{\"id\": \"e:b\"}}}]}"), (Lines{"b@4"}));
  EXPECT_EQ(places(context + "{\"id\": \"e:a\", \"rel\": [\"e:b\",\n\"e:c\"], \"e:l\": {\"@list\": [1,\n2]}}]}"),
            (Lines{"_@4", "_@4", "_@4", "_@4", "a@3", "a@3", "a@3"}));
  EXPECT_EQ(places("[{\"@id\": \"one\", \"http://e/p\": 1},\n{\"@id\": \"#two\", \"http://e/p\": 1},\n{\"@id\": "
                   "\"_:x\", \"http://e/p\": 1}]"),
            (Lines{"one@1", "two@2", "x@3"}));
  // A name written in escapes is the same name.
  EXPECT_EQ(places("[{}, \n{\"\\u0040id\": \"http://e/a\", \"http:\\/\\/e\\/p\": 1}]"), (Lines{"a@2"}));
}

// XML 1.0, 2.11 and 3.3.3; places are those of the file.
TEST(Documents, LineEndsOfXml) {
  const std::string head =
      "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" xmlns:e=\"http://e/\">\r\n";
  for (const auto& [inside, value] : std::vector<std::pair<std::string, std::string>>{
           {"<e:K rdf:about=\"http://e/a\">\r\n  <e:p>a\r\nb\rc\nd</e:p></e:K>", "\"a\\nb\\nc\\nd\""},
           {"<!-- '\r\n -->\r<e:K rdf:about=\"http://e/a\"\r\n  e:p='a\r\nb\tc\rd\"\n'/>", "\"a b c d\\\" \""},
           {"\r\n<e:K rdf:about=\"http://e/a\">\r\r<e:p>a&#13;&#10;b&#9;</e:p></e:K>", "\"a\\r\\nb\\t\""}}) {
    FakeWorld world;
    world.disk.put("d.rdf", head + inside + "\r\n</rdf:RDF>");
    const auto data = load_rdf(world.world.disk, {"d.rdf"});
    ASSERT_TRUE(data) << inside << ": " << data.error().why;
    ASSERT_EQ(data->graph.size(), 2U);
    bool found = false;
    for (std::size_t i = 0; i < 2; ++i) {
      const auto& q = data->graph.quads()[i];
      if (data->graph.terms().text(q.p) != "<http://e/p>") continue;
      found = true;
      EXPECT_EQ(data->graph.terms().text(q.o), value) << inside;
      const auto shown = data->window(data->span(i));
      const auto at = shown.text.substr(data->span(i).at.column - shown.column, 4);
      EXPECT_TRUE(at == "<e:p" || at == "<e:K") << at;
    }
    EXPECT_TRUE(found);
  }
}

// What the reader would leave out, or make into something else, without a word.
// Quads of a document, sorted; "line:column why" where it is refused.
std::string rdfxml(const std::string& inside, const std::string& more = "") {
  FakeWorld world;
  world.disk.put("d.rdf",
                 "<?xml version=\"1.0\"?>\n<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" "
                 "xmlns:e=\"http://e/\"" +
                     more + ">\n" + inside + "\n</rdf:RDF>\n");
  const auto data = load_rdf(world.world.disk, {"d.rdf"});
  if (!data)
    return std::to_string(data.error().at.line) + ":" + std::to_string(data.error().at.column) + " " + data.error().why;
  std::string out;
  for (const auto& line : data->graph.canonical_lines()) out += line + "\n";
  return out;
}

// XML 1.0, 2.5, 2.6, 2.7, 2.12.
TEST(Documents, CommentsAndSectionsInTextOfXml) {
  const auto value = [](const std::string& text) {
    return "<e:K rdf:about=\"http://e/a\"><e:p>" + text + "</e:p></e:K>";
  };
  const auto plain = rdfxml(value("a&lt;x&gt;&amp;b"));
  for (const char* text : {"a<!-- c -->&lt;x&gt;&amp;b", "<!-- c -->a&lt;x&gt;&amp;b<!-- <e:p> ' -->",
                           "a<?pi '<x?>&lt;x&gt;&amp;b", "a<![CDATA[<x>&]]>b", "<![CDATA[a<]]>x<![CDATA[>&b]]>",
                           "a<![CDATA[]]>&lt;x<![CDATA[>]]>&amp;b", "a&lt;x&gt;<!----><![CDATA[&]]><!-- -->b"}) {
    EXPECT_EQ(rdfxml(value(text)), plain) << text;
  }
  // What comes after stands where it stood; a section is text where none may be.
  EXPECT_EQ(rdfxml(value("a<!--\n\n--><![CDATA[<&]]>") + "\n<e:K rdf:about=\"http://e/ b\"/>").substr(0, 4), "6:1 ");
  EXPECT_EQ(rdfxml("<!-- c --><e:K rdf:about=\"http://e/a\"><![CDATA[x]]></e:K>").substr(0, 5), "3:39 ");
  // No language within one.
  EXPECT_EQ(
      rdfxml("<e:K rdf:about=\"http://e/a\" xml:lang = '' e:q=\"y\"><e:p>x</e:p><e:p xml:lang=\"de\">z</e:p></e:K>",
             " xml:lang=\"en\""),
      "<http://e/a> <http://e/p> \"x\" .\n<http://e/a> <http://e/p> \"z\"@de .\n<http://e/a> <http://e/q> \"y\" "
      ".\n<http://e/a> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://e/K> .\n");
  EXPECT_NE(rdfxml("<e:K rdf:bagID=\"b\"/>").find("rdf:bagID is not part of RDF/XML"), std::string::npos);
}

// Exclusive XML Canonicalization 1.0, with comments.
TEST(Documents, XmlLiteralsAreCanonical) {
  const auto literal = [](const std::string& inside, const std::string& more = "") {
    const auto text =
        rdfxml("<e:K rdf:about=\"http://e/a\"><e:p rdf:parseType=\"Literal\">" + inside + "</e:p></e:K>", more);
    const auto begin = text.find("<http://e/p> "),
               end = text.find("\"^^<http://www.w3.org/1999/02/22-rdf-syntax-ns#XMLLiteral> .");
    return begin == std::string::npos || end == std::string::npos
               ? text
               : value_of(from_ntriples(text.substr(begin + 13, end - begin - 12)));
  };
  for (const auto& [inside, wanted] : std::vector<std::pair<std::string, std::string>>{
           {"", ""},
           {"a", "a"},
           {"<b>t</b>", "<b>t</b>"},
           {"<b/>", "<b></b>"},
           {"<b xmlns=\"http://h/\" z='1' a=\"2\">t</b>", "<b xmlns=\"http://h/\" a=\"2\" z=\"1\">t</b>"},
           {"<e:b><e:c/><rdf:d/></e:b>",
            "<e:b xmlns:e=\"http://e/\"><e:c></e:c><rdf:d "
            "xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\"></rdf:d></e:b>"},
           {"<b xmlns=\"http://h/\"><c xmlns=\"\"><d/></c></b>",
            "<b xmlns=\"http://h/\"><c xmlns=\"\"><d></d></c></b>"},
           {"a<!-- c -->b<?p i?>", "a<!-- c -->b<?p i?>"},
           {"a<![CDATA[<x>&]]>b&#65;&lt;&quot;", "a&lt;x&gt;&amp;bA&lt;\""},
           {"<b a='&quot;&lt;&#9;'/>", "<b a=\"&quot;&lt;&#x9;\"></b>"},
           {"<b e:z=\"1\" y=\"2\" xml:lang=\"en\"/>",
            "<b xmlns:e=\"http://e/\" y=\"2\" e:z=\"1\" xml:lang=\"en\"></b>"},
           {"<e:p rdf:parseType=\"Literal\"><e:p/></e:p>",
            "<e:p xmlns:e=\"http://e/\" xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" "
            "rdf:parseType=\"Literal\"><e:p></e:p></e:p>"}}) {
    EXPECT_EQ(literal(inside), wanted) << inside;
  }
  EXPECT_EQ(literal("<b/>", " xmlns=\"http://d/\" xmlns:u=\"http://u/\""), "<b xmlns=\"http://d/\"></b>");
  EXPECT_NE(rdfxml("<e:K rdf:about=\"http://e/a\"><e:p rdf:parseType=\"Literal\"/></e:K>").find("\"\"^^"),
            std::string::npos);
  EXPECT_NE(literal("<u:b/>").find("not declared"), std::string::npos);
  // What comes after stands where it stood; another's parseType is another's.
  EXPECT_EQ(rdfxml("<e:K rdf:about=\"http://e/a\"><e:p rdf:parseType='Literal'>\n<b>\n</b></e:p><e:q rdf:resource=\"x "
                   "y\"/></e:K>")
                .substr(0, 4),
            "5:11");
  EXPECT_NE(
      rdfxml("<e:K rdf:about=\"http://e/a\" xmlns:f=\"http://f/\" f:parseType=\"Literal\"><e:p>x<!-- -->y</e:p></e:K>")
          .find("\"xy\""),
      std::string::npos);
  EXPECT_EQ(rdfxml("<rdf:Description about=\"http://e/a\"><e:p resource=\"http://e/b\"/></rdf:Description>"),
            "<http://e/a> <http://e/p> <http://e/b> .\n");
  EXPECT_NE(rdfxml("<e:K rdf:about=\"http://e/a\"><e:p xml:lang=\"X-provgate-NONE\">x<!-- -->y</e:p></e:K>")
                .find("is not read"),
            std::string::npos);
}

// A comment, an instruction or an empty section anywhere between the characters of text changes nothing, and no place.
TEST(Documents, CommentsAnywhereChangeNothing) {
  const std::string inside =
      "<e:K rdf:about=\"http://e/a\" xml:lang=\"\"><e:p>one &amp; two</e:p> <e:q><e:L rdf:nodeID=\"n\"><e:p "
      "xml:lang=\"en\">x</e:p></e:L></e:q></e:K>";
  const auto wanted = rdfxml(inside);
  std::mt19937 random(7);
  for (int round = 0; round < 400; ++round) {
    std::string text;
    bool tag = false, reference = false, value = false;
    for (const char c : inside) {
      if (!tag && !reference && random() % 4 == 0) {
        // Space between elements is not text, but an empty section of CDATA may stand in text only.
        const char* const pieces[] = {"<!-- > <e:p> & -->", "<?x <e:p> ?>", "<![CDATA[]]>"};
        text += pieces[random() % (value ? 3 : 2)];
      }
      text += c;
      if (c == '<') tag = true, value = false;
      if (c == '>') tag = false, value = text.ends_with("<e:p>") || text.ends_with("xml:lang=\"en\">");
      if (c == '&') reference = true;
      if (c == ';') reference = false;
    }
    ASSERT_EQ(rdfxml(text), wanted) << text;
  }
}

// A name in escapes is the same name, also where it is a keyword.
TEST(Documents, KeywordsInEscapes) {
  const auto lines = [](const std::string& text) {
    FakeWorld world;
    world.disk.put("d.jsonld", text);
    const auto data = load_rdf(world.world.disk, {"d.jsonld"});
    std::string out;
    for (const auto& line : data ? data->graph.canonical_lines() : std::vector<std::string>{data.error().why})
      out += line + "\n";
    return out;
  };
  for (const std::string text :
       {R"({"@context": {"p": "http://e/p", "j": {"@id": "http://e/j", "@type": "@json"}}, "@id": "http://e/a", )"
        R"("j": {"z": 1, "name": 2}, "p": {"@value": {"x": 1}, "@type": "@json"}})",
        R"({"@context": {"p": {"@id": "http://e/p", "@container": "@index"}}, "@id": "http://e/a", "p": {"x": "1", )"
        R"("y": ["2", "3"]}})",
        R"({"@context": {"p": {"@id": "http://e/p", "@container": "@language"}}, "@id": "http://e/a", "p": {"en": )"
        R"("1", "de": "2"}})",
        R"({"@context": {"e": "http://e/", "kind": "@type"}, "@id": "e:a", "kind": "e:K", "e:l": {"@set": [1, )"
        R"({"@id": "e:b"}]}, "@reverse": {"e:r": {"@id": "e:c"}}})",
        R"({"@context": {"@vocab": "http://e/"}, "@graph": [{"@id": "http://e/a", "name": {"@value": "x", )"
        R"("@language": "en"}}]})"}) {
    const auto wanted = lines(text);
    EXPECT_EQ(wanted.find("error"), std::string::npos) << wanted;
    for (auto at = text.find("\"@"); at != std::string::npos; at = text.find("\"@", at + 1)) {
      auto escaped = text;
      escaped.replace(at + 1, 1, "\\u0040");
      EXPECT_EQ(lines(escaped), wanted) << escaped;
    }
  }
  // A language for the strings of one term, which the reader does not give them.
  EXPECT_NE(
      lines(R"({"@context": {"n": {"@id": "http://e/n", "@context": {"@language": "de"}}}, "@id": "http://e/a", "n": )"
            R"("x"})")
          .find("scoped context"),
      std::string::npos);
  EXPECT_NE(lines(R"({"@context": [{"@language": "en"}, {"n": {"@id": "http://e/n", "@language": "de"}}], "@id": )"
                  R"("http://e/a", "n": "x"})")
                .find("\"x\"@de"),
            std::string::npos);
  EXPECT_NE(
      lines(
          R"({"@context": {"n": "http://e/n"}, "@id": "http://e/a", "n": {"@context": {"@language": "de"}, "n": "x"}})")
          .find("\"x\"@de"),
      std::string::npos);
  EXPECT_NE(lines(R"({"@id": "http://e/a", "http://e/p": 1, "http:\/\/e\/p": 2})").find("duplicate key"),
            std::string::npos);
  EXPECT_NE(lines(R"({"@context": {"😀": "http://e/p"}, "@id": "http://e/a", "\ud83d\ude00": 1})").find("<http://e/p>"),
            std::string::npos);
}

TEST(Documents, IntegersOfJsonBeyond64Bits) {
  for (const auto& [number, wanted] : std::vector<std::pair<std::string, std::string>>{
           {"9223372036854775807", "\"9223372036854775807\"^^<http://www.w3.org/2001/XMLSchema#integer>"},
           {"9223372036854775808", ""},
           {"-9223372036854775809", ""},
           {"[1, 123456789012345678901 ]", ""},
           {"1e20", "e"},
           {"\"9223372036854775808\"", "\"9223372036854775808\""}}) {
    FakeWorld world;
    world.disk.put("d.jsonld", "{\"@id\": \"http://e/a\",\n \"http://e/p\": " + number + "}");
    const auto data = load_rdf(world.world.disk, {"d.jsonld"});
    EXPECT_EQ(bool(data), !wanted.empty()) << number;
    if (!data) {
      EXPECT_NE(data.error().why.find("beyond 64 bits"), std::string::npos) << data.error().why;
      EXPECT_EQ(data.error().at.line, 2U);
    } else if (wanted != "e") {
      EXPECT_NE(data->graph.canonical_lines().front().find(wanted), std::string::npos) << number;
    }
  }
}

TEST(Documents, NothingIsLostInSilence) {
  for (const auto& [syntax, text, why] : std::vector<std::tuple<std::string, std::string, std::string>>{
           {"jsonld", R"([{"@id": "http://e/a", "http://e/p": 1}, {"@id": "http://e/b c", "http://e/p": 1}])",
            "not an absolute IRI"},
           {"jsonld", R"({"@id": "http://e/a", "http://e/p": {"@id": "http://e/q r"}})", "not an absolute IRI"},
           {"jsonld", R"({"@id": "http://e/a", "http://e/p q": 1})", "not an absolute IRI"},
           {"jsonld", R"({"@id": "http://e/a", "@type": ["http://e/T", "http://e/T U"]})", "not an absolute IRI"},
           {"jsonld", R"({"@id": "http://e/g g", "@graph": [{"@id": "http://e/a", "http://e/p": 1}]})",
            "not an absolute IRI"},
           {"jsonld", R"({"@id": "http://e/a", "http://e/p": {"@value": "x", "@type": "http://e/t t"}})",
            "not an absolute IRI"},
           {"jsonld", R"({"@id": "http://e/a", "http://e/p": {"@value": "x", "@language": "en_GB"}})",
            "not a language tag"},
           {"jsonld", R"({"@id": "_:b c", "http://e/p": 1})", "not a label of a blank node"},
           {"jsonld", R"({"@id": "http://e/a", "_:p": 1})", "a blank node where an IRI is wanted"},
           {"jsonld", R"({"@id": "http://e/a", "http://e/p": {"@list": [[1, 2], [3]]}})", "a list in a list"},
           {"jsonld", R"({"@id": "http://e/a", "http://e/p": {"@id": "http://e/b", "@annotation": {"http://e/q": 1}}})",
            "not a keyword"},
           {"jsonld",
            R"([{"@context": {"p": "http://e/p"}, "@id": "http://e/a", "p": {"@value": "w", "type": "x"}}, )"
            R"({"@context": {"type": "@type"}, "@id": "http://e/b", "type": "http://e/T"}])",
            "@value"},
           {"rdfxml",
            "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" xmlns:e=\"http://e/\"><e:K "
            "rdf:about=\"http://e/a\"><e:p rdf:parseType=\"literal\">x</e:p></e:K></rdf:RDF>",
            "parseType"},
           {"rdfxml",
            "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" xmlns:e=\"http://e/\"><e:K "
            "rdf:about=\"http://e/a\"><e:p rdf:parseType=\"Triple\"/></e:K></rdf:RDF>",
            "RDF 1.2"}}) {
    const auto graph = parse_rdf("d", text, syntax, "http://b/");
    ASSERT_FALSE(graph) << text;
    EXPECT_NE(graph.error().why.find(why), std::string::npos) << text << ": " << graph.error().why;
  }
  // Members that no context defines are dropped with all that stands in them, and said.
  FakeWorld world;
  world.disk.put(
      "d.jsonld",
      R"({"@context": {"p": "http://e/p"}, "@id": "http://e/a", "p": 1, "lost": {"@id": "http://e/b", "@type": )"
      R"("http://e/T", "p": {"@list": ["x"]}}})");
  const auto data = load_rdf(world.world.disk, {"d.jsonld"});
  ASSERT_TRUE(data);
  EXPECT_EQ(data->graph.size(), 1U);
  EXPECT_EQ(data->files[0].dropped, (std::vector<std::string>{"lost"}));
  // Keys of a map are not members.
  world.disk.put(
      "m.jsonld",
      R"({"@context": {"t": {"@id": "http://e/t", "@container": "@language"}, "j": {"@id": "http://e/j", "@type": )"
      R"("@json"}}, "@id": "http://e/a", "t": {"en": "a", "de": "b"}, "j": {"x": 1}})");
  const auto maps = load_rdf(world.world.disk, {"m.jsonld"});
  ASSERT_TRUE(maps);
  EXPECT_EQ(maps->graph.size(), 3U);
  EXPECT_TRUE(maps->files[0].dropped.empty());
}

// Contexts that name prefixes with each other must not multiply.
TEST(Documents, ManyContextsForOnePrefix) {
  std::string text = "[";
  for (int i = 0; i < 400; ++i) {
    const auto n = std::to_string(i);
    text += R"({"@context": [{"e": "http://x/)" + n + R"(/"}, {"f": "e:)" + n + R"(/"}, {"g": "f:)" + n +
            R"(/"}, {"e": "g:y/"}], "@id": "e:a", "e:p": 1},)";
  }
  const auto graph = parse_rdf("d", text + "{}]", "jsonld", "http://b/");
  ASSERT_TRUE(graph) << graph.error().why;
  EXPECT_EQ(graph->size(), 400U);
}

// What is written is read back as the same graph, or it is not written.
TEST(Documents, WritersSayAllOrNothing) {
  for (const auto& [text, rdfxml] : std::vector<std::pair<std::string, bool>>{
           {"<http://e/a> <http://e/1a/> 1 .", false},
           {"<http://e/a> <http://e/p#> 1 .", false},
           {"<http://e/a> <http://e/p1> \"a\\u0001b\" .", false},
           {"<http://e/a> <http://e/p1> \"a\\u0000b\" .", false},
           {"<http://e/a> <http://e/p1> <prov:Entity> , <bfo:x> , \"1\"^^<xsd:integer> .", true},
           {"<http://e/a> a <http://purl.obolibrary.org/obo/BFO_0000040> , <http://www.w3.org/ns/prov#Entity> .", true},
           {"<http://e/a> a [] , \"x\" . [] <http://e/é> \"a\\tb\\nc\"@en .", true}}) {
    const auto graph = parse_rdf("d", text, "turtle", "http://b/");
    ASSERT_TRUE(graph) << text;
    EXPECT_EQ(can_write(*graph, Syntax::rdfxml).has_value(), rdfxml) << text;
    for (const auto& [syntax, name] :
         {std::pair{Syntax::jsonld, "jsonld"}, {Syntax::rdfxml, "rdfxml"}, {Syntax::turtle, "turtle"}}) {
      if (!can_write(*graph, syntax)) continue;
      const auto written = write_graph(*graph, syntax, {usual_prefixes(), false});
      const auto again = parse_rdf("d", written, name, "http://b/");
      ASSERT_TRUE(again) << written << again.error().why;
      EXPECT_TRUE(test::isomorphic(test::triples_of(*graph), test::triples_of(*again))) << written;
    }
  }
}

// A document may be one line.
TEST(Documents, PlacesInOneLongLine) {
  std::string json = "{\"@context\":{\"e\":\"http://e/\"},\"@graph\":[",
              xml = "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" xmlns:e=\"http://e/\">",
              turtle = "@prefix e: <http://e/> . ";
  std::vector<std::size_t> in_json, in_xml, in_turtle;
  const auto put = [](std::string& text, std::vector<std::size_t>& columns, const std::string& one) {
    columns.push_back(count_code_points(text) + 1);
    text += one;
  };
  for (int i = 0; i < 700; ++i) {
    const auto n = std::to_string(i);
    put(json, in_json, "{\"@id\":\"e:a" + n + "\",\"e:p\":\"é€\"}");
    json += ",";
    put(xml, in_xml, "<e:K rdf:about=\"http://e/é" + n + "\"/>");
    put(turtle, in_turtle, "e:a" + n + " e:p \"é€\" .");
    turtle += " ";
  }
  for (const auto& [name, text, columns] : {std::tuple{"d.jsonld", json + "{}]}", in_json},
                                            {"d.rdf", xml + "</rdf:RDF>", in_xml},
                                            {"d.ttl", turtle, in_turtle}}) {
    FakeWorld world;
    world.disk.put(name, text);
    const auto data = load_rdf(world.world.disk, {name});
    ASSERT_TRUE(data) << name << ": " << data.error().why;
    ASSERT_EQ(data->graph.size(), columns.size());
    for (std::size_t i = 0; i < columns.size(); ++i) {
      const auto span = data->span(i);
      ASSERT_EQ(span.at.line, 1U);
      ASSERT_EQ(span.at.column, columns[i]) << name;
      const auto shown = data->window(span);
      const auto at = skip_code_points(shown.text, 0, span.at.column - shown.column);
      ASSERT_EQ(text.compare(skip_code_points(text, 0, columns[i] - 1), 12, shown.text, at, 12), 0) << name;
    }
  }
}

struct Read {
  std::uint32_t status = 0;
  std::vector<test::Triple> triples;
};

// By the reader's own interface; graphs, which have names here, are told with the predicate.
Read read(std::uint32_t syntax, const std::string& text) {
  Read out;
  const auto add = [](void* self, const provgate_rdf_text* terms, std::uint64_t,
                      std::uint64_t) noexcept -> std::int32_t {
    const auto text_of = [](const provgate_rdf_text& t) {
      return t.data ? std::string(reinterpret_cast<const char*>(t.data), t.size) : std::string();
    };
    static_cast<Read*>(self)->triples.push_back(
        {text_of(terms[0]), text_of(terms[1]) + text_of(terms[3]), text_of(terms[2])});
    return 0;
  };
  const auto fail = [](void*, std::uint64_t, const std::uint8_t*, std::size_t) noexcept {};
  const auto lend = [](const std::string& t) {
    return provgate_rdf_text{reinterpret_cast<const std::uint8_t*>(t.data()), t.size()};
  };
  const std::string base = "http://base/";
  const provgate_rdf_reader reader{&out, add, fail};
  out.status = provgate_rdf_read(syntax, lend(text), lend(base), nullptr, 0, &reader);
  return out;
}

// Documents with everything that an order could change, their members shuffled.
class Documents {
 public:
  explicit Documents(unsigned seed) : random_(seed) {}

  std::string next() {
    std::vector<std::string> members = {
        R"("@context": {"@vocab": "http://v/", "e": "http://e/", "id": "@id", "kind": "@type", "all": "@graph", )"
        R"("back": {"@reverse": "e:back"},
      "list": {"@id": "e:list", "@container": "@list"}, "tongue": {"@id": "e:tongue", "@container":
"@language"}, "by": {"@id": "e:by", "@container": "@index"},
      "T": {"@id": "e:T", "@context": {"p": "http://of-T/p"}}, "in": {"@id": "e:in", "@context": {"p":
"http://scoped/p"}}, "nest": "@nest"})"};
    // One word after the other: the order in which a compiler evaluates operands must not matter.
    auto graph = quoted(pick({"@graph", "all"})) + ": [";
    graph += node(3);
    graph += ", ";
    graph += node(2);
    members.push_back(graph + "]");
    if (chance(3)) members.push_back(quoted(pick({"@id", "id"})) + ": \"e:graph\"");
    return object(std::move(members));
  }

 private:
  using Words = std::vector<std::string>;
  bool chance(unsigned in) { return random_() % in == 0; }
  std::string pick(const Words& words) { return words[random_() % words.size()]; }
  static std::string quoted(const std::string& text) { return "\"" + text + "\""; }

  std::string object(Words members) {
    std::shuffle(members.begin(), members.end(), random_);
    std::string out = pick({"{", "{ ", "{\n"});
    for (std::size_t i = 0; i < members.size(); ++i) out += (i ? pick({",", ", ", " ,\n"}) : "") + members[i];
    return out + pick({"}", " }", "\n}"});
  }

  std::string node(int deep) {
    Words members;
    if (!chance(4)) {
      const auto key = pick({"@id", "id"});
      members.push_back(quoted(key) + ": " + quoted(pick({"e:a", "e:b", "http://e/c", "rel", "_:n"})));
    }
    if (chance(2)) {
      const auto key = pick({"@type", "kind"});
      members.push_back(quoted(key) + ": " + pick({"\"T\"", "\"K\"", "[\"K\", \"T\"]"}));
    }
    for (auto n = random_() % 4; n-- > 0;) members.push_back(member(deep));
    if (chance(12)) members.push_back(R"("@context": {"p": "http://local/p"})");
    std::set<std::string> keys;  // one member for each
    std::erase_if(members,
                  [&](const auto& m) { return !keys.insert(m.substr(0, m.find(':', m.find('"', 1)))).second; });
    return object(std::move(members));
  }

  std::string member(int deep) {
    const auto value = deep > 0 && !chance(3) ? node(deep - 1)
                                              : pick({"1", "true", "\"x {y} [z]\"", "\"a\\\"}\"",
                                                      R"({"@value": "v", "@language": "en"})", "[1, \"two\"]", "null"});
    switch (random_() % 9) {
      case 0: return "\"list\": [" + value + ", 2]";
      case 1: return R"("tongue": {"en": "a", "de": ["b", "c"]})";
      case 2:
        return "\"back\": " +
               (value[0] == '{' && value.find("@value") == std::string::npos ? value : R"({"@id": "e:z"})");
      case 3: return "\"in\": " + value;
      case 4: return "\"nest\": {\"p2\": " + value + "}";
      case 5: return "\"e:set\": {\"@set\": [" + value + "]}";
      case 6: return R"("by": {"one": )" + node(0) + "}";
      default: return quoted(pick({"p", "q", "e:r"})) + ": " + value;
    }
  }

  std::mt19937 random_;
};

TEST(Documents, TheOrderOfMembersMeansNothing) {
  Documents documents(20261129);
  int in_order = 0, statements = 0;
  for (int i = 0; i < 1500; ++i) {
    const auto text = documents.next();
    const auto ordered = read(1, text), plain = read(2, text);
    if (ordered.status != 0) continue;
    ++in_order;
    statements += static_cast<int>(ordered.triples.size());
    ASSERT_EQ(plain.status, 0U) << "accepted only when put in order: " << text;
    ASSERT_TRUE(test::isomorphic(ordered.triples, plain.triples)) << text;
  }
  EXPECT_GT(in_order, 1000);
  EXPECT_GT(statements, 5000);
}

// JSON-LD 1.1 API, expansion, step 7: what the type of a node means for its members does not reach into a node within,
// unless that has a name only.
TEST(Documents, ContextsOfATypeEndAtTheNextNode) {
  const std::string context =
      R"({"@context": {"e": "http://e/", "T": {"@id": "e:T", "@context": {"e": "http://other/"}}}, "@type": "T", )"
      R"("http://v/q": )";
  for (const auto& [inner, object] :
       std::vector<std::pair<std::string, std::string>>{{R"({"@id": "e:b", "@type": "http://v/K"})", "<http://e/b>"},
                                                        {R"({"@type": "http://v/K", "@id": "e:b"})", "<http://e/b>"},
                                                        {R"({"@id": "e:b", "http://v/p": 1})", "<http://e/b>"},
                                                        {R"({"@id": "e:b"})", "<http://other/b>"}}) {
    const auto graph = parse_rdf("d", context + inner + "}", "jsonld", "http://b/");
    ASSERT_TRUE(graph) << inner << ": " << graph.error().why;
    EXPECT_NE(graph->terms().find(object), 0U) << inner;
  }
}

// A reader whose time grows with the square of the size does not come to its end with these in the time a test has.
TEST(Documents, TimeGrowsWithTheSize) {
  const auto many = [](int n, const std::string& text) {
    std::string out;
    for (int i = 0; i < n; ++i) {
      auto one = text;
      for (auto at = one.find('#'); at != std::string::npos; at = one.find('#', at))
        one.replace(at, 1, std::to_string(i));
      out += one;
    }
    return out;
  };
  const auto xml = [](const std::string& before, const std::string& inside) {
    return before + "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" xmlns:e=\"http://e/\">" +
           inside + "</rdf:RDF>";
  };
  const int k_many = 60'000 / test::one_of(4);
  const std::string node =
      "<rdf:Description rdf:about=\"http://e/#\"><e:p rdf:datatype=\"http://e/t\">a &amp; b</e:p></rdf:Description>\n";
  const std::vector<std::pair<const char*, std::string>> table = {
      {"rdfxml", xml("", many(k_many, node))},
      {"rdfxml", xml("", "<rdf:Description " + many(5'000, "e:p#='x' ") + "><e:q>" + std::string(10'000'000, ' ') +
                             "</e:q></rdf:Description>")},
      {"rdfxml",
       xml("<!DOCTYPE r [" + many(5'000, "<!ENTITY x# 'y'>") + "]>", many(k_many, "<e:K rdf:about='http://e/#'/>"))},
      {"rdfxml", xml("", "<rdf:Description><e:p>" + many(300'000, "&lt;") + "</e:p></rdf:Description>")},
      {"rdfxml", xml("", many(k_many, "<!-- # --><e:K/>"))},
      {"turtle", "@prefix e: <http://e/> . " + many(k_many, "[] e:p ( 1 2 ) . ")},
      {"trig", "@prefix e: <http://e/> . " + many(k_many, "e:g# { [ e:p [] ] e:q 1 } ")},
      {"jsonld", "{\"@context\": {\"e\": \"http://e/\"}, \"@graph\": [" +
                     many(k_many, "{\"e:p\": [1, 2], \"@id\": \"e:#\"},") + "{}]}"},
      {"jsonld",
       "{\"http://e/q\": [" + many(k_many, "{\"@id\": \"http://e/#\", \"http://e/p\": {\"http://e/p\": 1}},") + "{}]}"},
      {"jsonld", "{" + many(k_many, "\"http://e/p#\": 1,") + "\"@id\": \"http://e/a\"}"},
      {"jsonld", "{\"@id\": \"http://e/a\", \"http://e/p\": " + many(300, "{\"http://e/p#\": [1, ") + "2" +
                     many(300, "]}") + "}"}};
  for (const auto& [syntax, text] : table) {
    const auto graph = parse_rdf("d", text, syntax, "http://b/");
    ASSERT_TRUE(graph) << syntax << ": " << text.substr(0, 200) << ": " << graph.error().why;
    EXPECT_GT(graph->size(), 0U) << text.substr(0, 200);
  }
}

}  // namespace
}  // namespace provgate
