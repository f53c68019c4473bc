// SPDX-License-Identifier: Apache-2.0
// Terms as they compare and as they are written: language tags, lexical spaces, IRIs and encodings, in every syntax.
#include <gtest/gtest.h>

#include <filesystem>

#include "provgate/rdf/load.hpp"
#include "provgate/sparql/sparql.hpp"
#include "provgate/store/store.hpp"
#include "rdf/literal.hpp"
#include "support/quads.hpp"
#include "support/records.hpp"

namespace provgate {
namespace {

using test::FakeWorld;

std::vector<std::string> column(QuadSource& source, const std::string& text) {
  const auto query = sparql::Query::prepare(text);
  EXPECT_TRUE(query) << text << ": " << (query ? "" : query.error().why);
  std::vector<std::string> out;
  if (!query) return out;
  const sparql::Sink sink{{}, [&](std::size_t, std::span<const sparql::Cell> cells) {
                            out.emplace_back(cells[0].value_or("-"));
                            return true;
                          }};
  const auto outcome = query->run(source, sparql::Format::rows, sink);
  if (outcome.error) out.push_back("error: " + outcome.error->why);
  return out;
}

TEST(Terms, LanguageTagsCompareWithoutCaseAndAreShownAsFirstRead) {
  Dictionary terms;
  const auto first = terms.intern("\"x\"@en-GB");
  for (const char* same : {"\"x\"@en-gb", "\"x\"@EN-GB", "\"x\"@en-GB"}) {
    EXPECT_EQ(terms.intern(same), first) << same;
    EXPECT_EQ(terms.find(same), first) << same;
  }
  EXPECT_EQ(terms.text(first), "\"x\"@en-GB");
  // What only looks like a tag is none.
  for (const char* other : {"\"X\"@en-gb", "\"x\"@en", "\"x@en-GB\"", "\"x@en-gb\"", "<u:x@en-GB>", "<u:x@en-gb>",
                            "\"1\"^^<u:T@A>", "\"1\"^^<u:T@a>", "_:A", "_:a"})
    EXPECT_NE(terms.intern(other), first) << other;
  EXPECT_EQ(terms.size(), 11U);

  Dictionary other;
  other.intern("\"x\"@EN-gb");
  EXPECT_EQ(terms.merge(std::move(other))[1], first);
}

TEST(Terms, LanguageTagsAreOneTermInQueriesToo) {
  const auto directory = std::filesystem::path(testing::TempDir()) / "tags-store";
  std::filesystem::remove_all(directory);
  auto store = Store::open(directory.string(), true);
  ASSERT_TRUE(store);
  ASSERT_TRUE(*test::add_quad(*store, "<u:a>", "<u:p>", "\"x\"@en-GB", "<u:g>"));
  EXPECT_FALSE(*test::add_quad(*store, "<u:a>", "<u:p>", "\"x\"@EN-gb", "<u:g>"));
  ASSERT_TRUE(*test::add_quad(*store, "<u:b>", "<u:p>", "\"x\"@en-gb", "<u:g>"));
  ASSERT_TRUE(*test::add_quad(*store, "<u:c>", "<u:p>", "\"x\"", "<u:g>"));
  const auto graph =
      parse_rdf("g", "<u:a> <u:p> \"x\"@en-GB . <u:b> <u:p> \"x\"@en-gb . <u:c> <u:p> \"x\" .", "turtle", "");
  const auto stored = store->snapshot();
  ASSERT_TRUE(stored && graph);
  const auto held = graph_source(*graph);
  for (auto* source : {stored->get(), held.get()}) {
    for (const char* where :
         {"?s ?p \"x\"@en-GB", "?s ?p \"x\"@EN-GB", "?s ?p ?o FILTER(?o = \"x\"@en-gb)",
          "?s ?p ?o FILTER(sameTerm(?o, \"x\"@EN-gb))", "?s ?p ?o FILTER(?o IN (\"y\", \"x\"@EN-gb))",
          "?s ?p ?o VALUES ?o { \"x\"@EN-gb }", "?s ?p ?o FILTER(?o = STRLANG(\"x\", \"EN-GB\"))",
          "?s ?p ?o BIND(STRLANG(\"x\", \"EN-GB\") AS ?z) ?s ?p ?z"}) {
      EXPECT_EQ(column(*source, std::string("SELECT ?s { ") + where + " } ORDER BY ?s"),
                (std::vector<std::string>{"<u:a>", "<u:b>"}))
          << where;
    }
    EXPECT_EQ(column(*source, "SELECT (COUNT(DISTINCT ?o) AS ?n) { ?s ?p ?o }")[0].substr(0, 3), "\"2\"");
    EXPECT_EQ(column(*source, "SELECT DISTINCT ?o { ?s ?p ?o FILTER(LANG(?o) != \"\") }"),
              (std::vector<std::string>{"\"x\"@en-GB"}));
    EXPECT_EQ(column(*source, "SELECT ?s { ?s ?p ?o FILTER(?o != \"x\"@EN-GB) }").size(), 1U);
  }
}

TEST(Terms, NumbersTheEngineCannotHoldEndTheQuery) {
  const auto graph =
      parse_rdf("g", "<u:a> <u:p> 9223372036854775807 , 2 . <u:b> <u:p> 99999999999999999999 . <u:c> <u:p> \"z\" .",
                "turtle", "");
  ASSERT_TRUE(graph);
  const auto source = graph_source(*graph);
  for (const char* query :
       {"SELECT (9223372036854775807 + 1 AS ?x) {}", "SELECT (-9223372036854775807 - 2 AS ?x) {}",
        "SELECT (9223372036854775807 * 2 AS ?x) {}", "SELECT ?s { ?s ?p ?o FILTER(?o > 5) }",
        "SELECT ?s { ?s ?p ?o FILTER(?o IN (1, 2)) }", "SELECT (MAX(?o + 0) AS ?x) { <u:b> ?p ?o }",
        "SELECT (<http://www.w3.org/2001/XMLSchema#integer>(\"99999999999999999999\") AS ?x) {}",
        "SELECT (ABS(?o) AS ?x) { <u:b> ?p ?o }", "SELECT ?s { ?s ?p ?o FILTER(((?o + 1) + 1) + 1 > 0) }"}) {
    const auto rows = column(*source, query);
    ASSERT_FALSE(rows.empty()) << query;
    EXPECT_TRUE(rows.back().starts_with("error: ")) << query << ": " << rows.back();
  }
  for (const auto& [query, wanted] : std::vector<std::pair<std::string, std::string>>{
           {"SELECT (SUM(?o) AS ?x) { <u:a> ?p ?o }", "\"9223372036854775809\""},
           {"SELECT (SUM(?o) AS ?x) { ?s <u:none> ?o }", "\"0\""},
           {"SELECT (MAX(?o) AS ?x) { VALUES ?s { <u:a> <u:b> } ?s ?p ?o }", "\"99999999999999999999\""},
           {"SELECT (SUM(?o) AS ?x) { <u:c> ?p ?o }", "-"},
           {"SELECT (AVG(?o) AS ?x) { <u:c> <u:none> ?o }", "\"0\""},
           {"SELECT (AVG(?o) AS ?x) { VALUES ?o { 1 2 } }", "\"1.5\""},
           {"SELECT (SUM(?o) AS ?x) { VALUES ?o { 1 0.5 } }", "\"1.5\""},
           {"SELECT (SUM(?o) AS ?x) { VALUES ?o { 1 1e0 } }", "\"2"},
           {"SELECT (1/0 AS ?x) {}", "-"},
           {"SELECT (\"a\" + 1 AS ?x) {}", "-"},
           {"SELECT (<u:a> < 1 AS ?x) {}", "-"},
           {"SELECT (?o + 1 AS ?x) { <u:c> ?p ?o }", "-"}}) {
    const auto rows = column(*source, query);
    ASSERT_EQ(rows.size(), 1U) << query;
    EXPECT_TRUE(rows[0].starts_with(wanted)) << query << ": " << rows[0];
  }
}

TEST(Terms, EveryPlainLiteralHasATruth) {
  const auto graph = parse_rdf("g", "", "turtle", "");
  const auto source = graph_source(*graph);
  for (const auto& [expression, wanted] : std::vector<std::pair<std::string, std::string>>{
           {"\"x\"@en", "yes"},
           {"\"\"@en", "no"},
           {"\"x\"", "yes"},
           {"\"\"", "no"},
           {"0", "no"},
           {"1", "yes"},
           {"\"x\"@en && true", "yes"},
           {"!\"x\"@en", "no"},
           {"STRLANG(\"x\", \"en\")", "yes"},
           {"CONCAT(\"x\"@en, \"y\"@en)", "yes"},
           {"99999999999999999999", "yes"},
           {"<u:a>", "error"},
           {"\"2025-01-01\"^^<http://www.w3.org/2001/XMLSchema#date>", "error"}}) {
    EXPECT_EQ(column(*source, "SELECT (COALESCE(IF(" + expression + ", \"yes\", \"no\"), \"error\") AS ?x) {}")[0],
              "\"" + wanted + "\"")
        << expression;
    EXPECT_EQ(column(*source, "SELECT (1 AS ?x) { FILTER(" + expression + ") }").size(), wanted == "yes" ? 1U : 0U)
        << expression;
  }
}

TEST(Terms, LexicalSpacesOfXsd11) {
  const std::string xsd = "http://www.w3.org/2001/XMLSchema#";
  const std::vector<std::tuple<std::string, std::vector<std::string>, std::vector<std::string>>> k_table = {
      {"anyURI", {"", "http://a/b", "a b", "{id}", "\\\\x", "%zz"}, {}},
      {"base64Binary",
       {"", "AAAA", "AAA=", "AA==", "AQ==", "A A A A", "AAE="},
       {"A", "AB==", "AAB=", "AAAA=", "====", "AAA*"}},
      {"hexBinary", {"", "0a", "FF"}, {"0", "0g"}},
      {"boolean", {"true", "false", "0", "1"}, {"TRUE", "yes", ""}},
      {"integer", {"0", "-1", "+1", "007"}, {"1.0", "", "+", "1e3"}},
      {"decimal", {"1.", ".5", "-0.0"}, {"1e3", "INF", "."}},
      {"double", {"1e3", "INF", "-INF", "NaN", "+INF"}, {"inf", "1e", ""}},
      {"byte", {"127", "-128"}, {"128", "-129"}},
      {"unsignedByte", {"255", "0"}, {"256", "-1"}},
      {"positiveInteger", {"1"}, {"0"}},
      {"date",
       {"2025-01-31", "2024-02-29Z", "-0001-01-01", "2025-01-01+14:00"},
       {"2025-02-29", "2025-1-1", "2025-13-01", "2025-01-01+14:01"}},
      {"time", {"00:00:00", "24:00:00", "12:34:56.789Z"}, {"24:00:01", "12:60:00", "1:00:00"}},
      {"dateTime",
       {"2025-01-01T00:00:00", "2025-01-01T24:00:00Z"},
       {"2025-01-01", "2025-01-01T25:00:00", "2025-01-01 00:00:00"}},
      {"gYear", {"2025", "-0001", "12025"}, {"25", "02025"}},
      {"gMonthDay", {"--02-29"}, {"--02-30", "02-29"}},
      {"duration", {"P1Y", "-P1DT2H", "PT0.5S"}, {"P", "PT", "1Y", "P1S"}},
      {"language", {"en", "en-GB", "x-lamp"}, {"en_GB", "", "toolongtag"}},
      {"NCName", {"a", "_a"}, {"a:b", "1a", ""}},
  };
  for (const auto& [type, good, bad] : k_table) {
    const auto test = lexical_test(xsd + type);
    ASSERT_TRUE(test) << type;
    for (const auto& text : good) EXPECT_TRUE(test(text)) << type << " " << text;
    for (const auto& text : bad) EXPECT_FALSE(test(text)) << type << " " << text;
  }
}

const std::string k_rdf = "xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" xmlns:e=\"http://e/\"";

std::string utf16(const std::string& ascii, bool big, bool mark) {
  std::string out = !mark ? "" : big ? "\xFE\xFF" : "\xFF\xFE";
  for (const char c : ascii) {
    if (big) out += '\0';
    out += c;
    if (!big) out += '\0';
  }
  return out;
}

TEST(Terms, FilesAreReadInTheirEncoding) {
  const auto xml = [](const std::string& encoding, const std::string& text) {
    return "<?xml version=\"1.0\"" + (encoding.empty() ? "" : " encoding=\"" + encoding + "\"") + "?><rdf:RDF " +
           k_rdf + "><rdf:Description rdf:about=\"http://e/a\"><e:p>" + text + "</e:p></rdf:Description></rdf:RDF>";
  };
  const std::string turtle = "<http://e/a> <http://e/p> \"é\" .", mark = "\xEF\xBB\xBF",
                    json = R"({"@id": "http://e/a", "http://e/p": "é"})";
  for (const auto& [name, text, wanted] : std::vector<std::tuple<std::string, std::string, std::string>>{
           {"a.rdf", xml("", "é"), "\"é\""},
           {"b.rdf", mark + xml("UTF-8", "é"), "\"é\""},
           {"c.rdf", xml("ISO-8859-1", "\xE9"), "\"é\""},
           {"d.rdf", xml("us-ascii", "e"), "\"e\""},
           {"e.rdf", utf16(xml("UTF-16", "e"), true, true), "\"e\""},
           {"f.rdf", utf16(xml("UTF-16", "e"), false, true), "\"e\""},
           {"g.rdf", utf16(xml("", "e"), false, false), "\"e\""},
           {"a.ttl", turtle, "\"é\""},
           {"b.ttl", mark + turtle, "\"é\""},
           {"B.TTL", turtle, "\"é\""},
           {"c.nt", mark + turtle + "\n", "\"é\""},
           {"d.nq", mark + turtle + "\n", "\"é\""},
           {"e.ttl.gz", gzip(turtle), "\"é\""},
           {"f.ttl", gzip(turtle), "\"é\""},
           {"g.ttl", gzip(turtle) + gzip("\n"), "\"é\""},
           {"a.jsonld", json, "\"é\""},
           {"b.JSONLD", mark + json, "\"é\""},
           {"unknown", turtle, "\"é\""},
           {"unknown2", xml("", "é"), "\"é\""},
           {"unknown3", json, "\"é\""},
           {"unknown4", "<http://e/a> <http://e/p> \"é\" <http://e/g> .\n", "\"é\""}}) {
    FakeWorld world;
    world.disk.put(name, text);
    const auto data = load_rdf(world.world.disk, {name});
    ASSERT_TRUE(data) << name << ": " << data.error().why;
    ASSERT_EQ(data->graph.size(), 1U) << name;
    EXPECT_EQ(data->graph.terms().text(data->graph.quads()[0].o), wanted) << name;
    EXPECT_EQ(data->files[0].marked, text.starts_with(mark)) << name;
    EXPECT_EQ(data->span(0).at.line, 1U) << name;
  }
  const auto cut = gzip(turtle);
  for (const auto& [name, text, why] : std::vector<std::tuple<std::string, std::string, std::string>>{
           {"a.rdf", xml("Shift_JIS", "e"), "Shift_JIS"},
           {"b.ttl", utf16(turtle.substr(0, 26), false, true), "UTF-16"},
           {"c.ttl.gz", cut.substr(0, cut.size() - 9), "ends too early"},
           {"d.ttl", "<!DOCTYPE html><html></html>", "HTML"},
           {"e.ttl", "<u:a> <u:b> <u:c> .\n<<<<<<< HEAD\n", "merge conflict"},
           {"f.ttl", "<< <u:a> <u:b> <u:c> >> <u:p> 1 .", "RDF 1.2"},
           {"g.ttl", "<u:a> <u:b> <u:c> {| <u:p> 1 |} .", "RDF 1.2"},
           {"h.n3", "", "Notation3"},
           {"i.trix", "", "TriX"},
           {"j", "what is this", "neither the name nor the content"},
           {"k.rdf", turtle, ""},
           {"m.rdf", "<?xml version=\"1.0\"?><prov:document xmlns:prov=\"http://www.w3.org/ns/prov#\"/>", "PROV-XML"},
           {"n.rdf", "<TriX xmlns=\"http://www.w3.org/2004/03/trix/trix-1/\"/>", "TriX"},
           {"o.jsonld", R"({"prefix": {"e": "http://e/"}, "entity": {"e:a": {}}})", "PROV-JSON"},
           {"p.ttl", "@prefix e: <http://e/>. { ?x e:p e:q } => { ?x e:q e:p } .", "Notation3"},
           {"q.ttl", "@prefix e: <http://e/>. e:a = e:b .", "Notation3"},
           {"r.ttl", "VERSION \"1.2\"\n<a:a> <a:b> 1 .", "RDF 1.2 (VERSION)"},
           {"s.nt", "VERSION \"1.2\"\n", "RDF 1.2 (VERSION)"},
           {"l.jsonld", R"({"@context": "http://e/c", "p": 1})", "http://e/c"}}) {
    FakeWorld world;
    world.disk.put(name, text);
    const auto data = load_rdf(world.world.disk, {name});
    ASSERT_FALSE(data) << name;
    EXPECT_NE(data.error().why.find(why), std::string::npos) << name << ": " << data.error().why;
  }
}

TEST(Terms, AnIriIsAsItIsWrittenInEverySyntax) {
  const std::string iri = "https://lamp.example/a/../b/./c/.", rest = "</e:p></rdf:Description></rdf:RDF>";
  const std::string open = "<rdf:RDF " + k_rdf + " xml:base=\"http://b/x/y\"><rdf:Description rdf:about=\"";
  for (const auto& [syntax, text] : std::vector<std::pair<std::string, std::string>>{
           {"turtle", "<" + iri + "> <http://e/p> \"a/../b\" ."},
           {"rdfxml", open + iri + "\"><e:p>a/../b" + rest},
           {"jsonld", R"({"@id": ")" + iri + R"(", "http://e/p": "a/../b"})"},
           {"jsonld", R"({"@id": "https:\/\/lamp.example\/a\/..\/b\/.\/c\/.", "http://e/p": "a\/..\/b"})"}}) {
    const auto graph = parse_rdf("d", text, syntax, "http://b/x/y");
    ASSERT_TRUE(graph) << syntax << ": " << graph.error().why;
    EXPECT_EQ(graph->terms().text(graph->quads()[0].s), "<" + iri + ">") << syntax;
    EXPECT_EQ(graph->terms().text(graph->quads()[0].o), "\"a/../b\"") << syntax;
  }
  // References are resolved, dots and all.
  for (const auto& [syntax, text] :
       std::vector<std::pair<std::string, std::string>>{{"turtle", "<../z> <http://e/p> 1 ."},
                                                        {"rdfxml", open + "../z\"><e:p>1" + rest},
                                                        {"jsonld", R"({"@id": "../z", "http://e/p": 1})"}}) {
    const auto graph = parse_rdf("d", text, syntax, "http://b/x/y");
    ASSERT_TRUE(graph) << syntax << ": " << graph.error().why;
    EXPECT_EQ(graph->terms().text(graph->quads()[0].s), "<http://b/z>") << syntax;
  }
}

TEST(Terms, HostileDocumentsAreRefusedInTime) {
  const std::string open = "<rdf:RDF " + k_rdf + ">";
  std::string deep = open,
              bomb =
                  "<!DOCTYPE rdf:RDF [<!ENTITY a \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\">",
              json;
  for (int i = 0; i < 200'000; ++i) deep += "<e:p rdf:parseType=\"Resource\">";
  for (char c = 'b'; c < 'z'; ++c)
    bomb += std::string("<!ENTITY ") + c + " \"&" + static_cast<char>(c - 1) + ";&" + static_cast<char>(c - 1) + ";\">";
  for (int i = 0; i < 200'000; ++i) json += "{\"http://e/p\":[";
  std::string many =
      "<!DOCTYPE rdf:RDF [<!ENTITY a \"" + std::string(16'000, 'a') + "\">]>" + open + "<rdf:Description><e:p>";
  for (int i = 0; i < 100'000; ++i) many += "&a;";
  for (const auto& [syntax, text, why] : std::vector<std::tuple<std::string, std::string, std::string>>{
           {"rdfxml", deep, "nested deeper"},
           {"rdfxml", bomb + "]>" + open + "<rdf:Description><e:p>&y;</e:p></rdf:Description></rdf:RDF>", "grows"},
           {"rdfxml", many, "times as large"},
           {"rdfxml", "<!DOCTYPE rdf:RDF [<!ENTITY % p SYSTEM \"http://e/x.dtd\"> %p;]>" + open + "</rdf:RDF>",
            "parameter entities"},
           {"rdfxml",
            "<!DOCTYPE rdf:RDF [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>" + open +
                "<rdf:Description rdf:about=\"http://e/a\"><e:p>&x;</e:p></rdf:Description></rdf:RDF>",
            "not declared"},
           {"jsonld", json, "nested deeper"},
           {"jsonld", "{\"@id\": \"x", ""},
           {"rdfxml", "<rdf:RDF", ""},
           {"rdfxml", "", "no element"},
           {"rdfxml", "<!-- -->\n", "no element"},
           {"jsonld", "", ""},
           {"rdfxml", open + "<rdf:Description rdf:about=\"http://e/a\"><e:p>x</e:p>", ""},
           {"rdfxml", open + "<rdf:Description rdf:about=\"http://e/a\"><e:p>x</e:p></rdf:Description></rdf:RDF><x/>",
            ""},
           {"jsonld", "{\"@id\": \"http://e/a\", \"http://e/p\": 1", ""},
           {"jsonld", "{\"@id\": \"http://e/a\", \"http://e/p\": 1} {", ""}}) {
    const auto graph = parse_rdf("d", text, syntax, "http://b/");
    ASSERT_FALSE(graph) << syntax << " " << text.substr(0, 80);
    EXPECT_NE(graph.error().why.find(why), std::string::npos) << graph.error().why;
  }
  // Entities for namespaces are what ontologies are made of.
  const auto good =
      parse_rdf("d",
                "<!DOCTYPE rdf:RDF [ <!ENTITY e 'http://e/'> <!ENTITY unused SYSTEM \"x\"> ]>" + open +
                    "<rdf:Description rdf:about=\"&e;a\"><e:p rdf:resource=\"&e;b\"/></rdf:Description></rdf:RDF>",
                "rdfxml", "http://b/");
  ASSERT_TRUE(good) << good.error().why;
  EXPECT_EQ(good->terms().text(good->quads()[0].o), "<http://e/b>");
}

TEST(Terms, WhatStandsInTextIsNotTouched) {
  // Only the declaration before the first element is looked at.
  for (const std::string text :
       {"<!DOCTYPE x [<!ENTITY y SYSTEM \"z\">]>", "<!ENTITY y 'z'>", "a/../b https://e/./x"}) {
    const auto graph = parse_rdf("d",
                                 "<?xml version=\"1.0\"?><!-- <!DOCTYPE --><rdf:RDF " + k_rdf +
                                     "><rdf:Description rdf:about=\"http://e/a\"><e:p><![CDATA[" + text +
                                     "]]></e:p></rdf:Description></rdf:RDF>",
                                 "rdfxml", "http://b/");
    ASSERT_TRUE(graph) << text << ": " << graph.error().why;
    EXPECT_EQ(view_literal(graph->terms().text(graph->quads()[0].o)).value(), text);
  }
}

TEST(Terms, KeysThatSayNothingAreTold) {
  for (const auto& [text, statements, dropped] : std::vector<std::tuple<std::string, std::size_t, std::size_t>>{
           {R"({"@id": "http://e/a", "http://e/p": 1, "lost": 2, "gone": 3})", 1, 2},
           {R"({"@context": {"p": "http://e/p"}, "@id": "http://e/a", "p": 1, "lost": {"p": 2}})", 1, 1},
           {R"({"@context": {"@vocab": "http://e/"}, "@id": "http://e/a", "p": 1})", 1, 0},
           {R"({"@context": ["https://c/x", {"p": "http://e/p"}], "@id": "http://e/a", "p": 1, "q": 2})", 2, 0},
           {R"({"@context": {"p": {"@id": "http://e/p", "@context": {"q": "http://e/q"}}}, "@id": "http://e/a", )"
            R"("p": {"q": 1}})",
            2, 0},
           {"[]", 0, 0}}) {
    FakeWorld world;
    world.disk.put("d.jsonld", text);
    LoadOptions options;
    options.contexts = {{"https://c/x", R"({"@context": {"q": "http://e/q"}})"}};
    const auto data = load_rdf(world.world.disk, {"d.jsonld"}, options);
    ASSERT_TRUE(data) << text << ": " << data.error().why;
    EXPECT_EQ(data->graph.size(), statements) << text;
    EXPECT_EQ(data->files[0].dropped.size(), dropped) << text;
  }
  FakeWorld world;
  world.disk.put("d.jsonld", R"({"@id": "http://e/a", "lost": 2})");
  const auto data = load_rdf(world.world.disk, {"d.jsonld"});
  ASSERT_FALSE(data);
  EXPECT_NE(data.error().why.find("lost"), std::string::npos);
}

TEST(Terms, StatementsOfXmlAndJsonHaveTheirPlace) {
  FakeWorld world;
  world.disk.put("a.rdf", "<rdf:RDF " + k_rdf +
                              ">\n  <e:Lamp rdf:about=\"http://e/a\">\n    <e:p>one\n      two</e:p>\n    <e:q "
                              "rdf:resource=\"http://e/b\"/>\n  </e:Lamp>\n</rdf:RDF>\n");
  world.disk.put("a.jsonld",
                 "[\n  {\n    \"@id\": \"http://e/a\",\n    \"http://e/p\": 1\n  },\n  {\n    \"@id\": "
                 "\"http://e/b\",\n    \"http://e/p\": 2\n  }\n]\n");
  const auto xml = load_rdf(world.world.disk, {"a.rdf"}), json = load_rdf(world.world.disk, {"a.jsonld"});
  ASSERT_TRUE(xml && json);
  ASSERT_EQ(xml->graph.size(), 3U);
  EXPECT_EQ(xml->span(0).at.line, 2U);
  EXPECT_EQ(xml->span(1).at.line, 3U);
  EXPECT_EQ(xml->span(1).at.column, 5U);
  EXPECT_EQ(xml->span(2).at.line, 5U);
  ASSERT_EQ(json->graph.size(), 2U);
  EXPECT_EQ(json->span(0).at.line, 2U);
  EXPECT_EQ(json->span(1).at.line, 6U);
}

TEST(Terms, LanguageTagsAreShownAsWrittenInEverySyntax) {
  for (const auto& [syntax, text] : std::vector<std::pair<const char*, std::string>>{
           {"ntriples", "<u:a> <u:p> \"é\"@en-GB .\n"},
           {"turtle", "<u:a> <u:p> \"é\"@en-GB ."},
           {"jsonld", R"({"@id": "u:a", "u:p": {"@value": "é", "@language": "en-GB"}})"},
           {"rdfxml",
            "<rdf:RDF " + k_rdf +
                "><rdf:Description rdf:about=\"u:a\"><e:p xml:lang = 'en-GB'>é</e:p></rdf:Description></rdf:RDF>"},
           {"rdfxml",
            "<rdf:RDF xml:lang=\"en-GB\" " + k_rdf + "><rdf:Description rdf:about=\"u:a\" e:p=\"é\"/></rdf:RDF>"}}) {
    const auto graph = parse_rdf("d", text, syntax, "http://b/");
    ASSERT_TRUE(graph) << text << ": " << graph.error().why;
    EXPECT_EQ(graph->terms().text(graph->quads()[0].o), "\"é\"@en-GB") << text;
  }
}

TEST(Terms, NamelessNodesAreNamedByTheirPlace) {
  const std::string text =
      "<rdf:RDF " + k_rdf +
      ">\n<rdf:Description rdf:about=\"http://e/a\"><e:p><rdf:Description><e:q>1</e:q></rdf:Description></e:p><e:r "
      "rdf:nodeID=\"n\"/></rdf:Description></rdf:RDF>";
  const auto one = parse_rdf("d", text, "rdfxml", "http://b/"), two = parse_rdf("d", text, "rdfxml", "http://b/");
  ASSERT_TRUE(one && two);
  EXPECT_EQ(one->canonical_lines(), two->canonical_lines());
  EXPECT_NE(one->terms().find("_:n"), 0U);
}

}  // namespace
}  // namespace provgate
