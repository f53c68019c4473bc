// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <random>

#include "base/json_write.hpp"
#include "provgate/text/text.hpp"
#include "text/json_fault.hpp"

namespace provgate {
namespace {

TEST(Json, SpansOfEveryValue) {
  const auto doc = read_json("f.json", "{\n  \"a\": [1, \"zw\\u00f6lf\", true],\n  \"b\": {\"c\": null}\n}");
  ASSERT_TRUE(doc);
  const auto root = doc->root();
  const auto items = root.find("a").children();
  EXPECT_EQ(items[0].raw(), "1");
  EXPECT_EQ(items[1].text(), "zw\xC3\xB6lf");
  EXPECT_EQ(items[1].raw(), "\"zw\\u00f6lf\"");
  EXPECT_EQ(items[1].place(), (Place{2, 12, 2, 24}));
  EXPECT_EQ(items[2].as_bool(), true);
  EXPECT_EQ(root.find("b").find("c").place().line, 3U);
  EXPECT_EQ(root.find("b").key_place(), (Place{3, 3, 3, 6}));
  EXPECT_FALSE(root.find("missing"));
}

TEST(Json, ColumnsCountCodePoints) {
  const auto doc = read_json("f.json", "{\"\xC3\xA9\xE2\x82\xAC\": 7}");
  ASSERT_TRUE(doc);
  EXPECT_EQ(doc->root().children()[0].place().column, 8U);
}

TEST(Json, DuplicatesAndNonFinite) {
  const auto doc = read_json("f.json", "{\"a\": 1, \"b\": {\"x\": 1, \"x\": 2}, \"a\": NaN, \"c\": -Infinity}");
  ASSERT_TRUE(doc);
  EXPECT_EQ(doc->duplicates().size(), 2U);
  EXPECT_EQ(doc->non_finite().size(), 2U);
  EXPECT_EQ(doc->root().find("a").text(), "NaN");
}

struct BadJson {
  const char* text;
  std::uint32_t line, column;
  const char* why;
};

TEST(Json, FaultsAreLocated) {
  const BadJson cases[] = {
      {"{\"a\": 1,}", 1, 9, "comma before '}'"},
      {"{\"a\": 1\n \"b\": 2}", 2, 2, "expected ','"},
      {"{\"a\": 01}", 1, 7, "must not begin with 0"},
      {"{\"a\": 1.}", 1, 9, "digit after '.'"},
      {"{\"a\": tru}", 1, 7, "expected a value"},
      {"{'a': 1}", 1, 2, "member name"},
      {"{\"a\": 1} x", 1, 10, "more text"},
      {"{\"a\": \"x\ny\"}", 1, 7, "without its closing quote"},
      {"{\"a\": \"\\ud800\"}", 1, 8, "surrogate"},
      {"{\"a\": \"\\x\"}", 1, 8, "escape"},
      {"{\"a\": 1 // no\n}", 1, 9, "expected ',' or '}'"},
      {"# c\n{}", 1, 1, "comment"},
      {"", 1, 1, "expected a value"},
      {"{\"a\": [1, 2}", 1, 12, "expected ',' or ']'"},
      {"{\"a\": \"\x01\"}", 1, 8, "control character"},
      {"[1, 2", 1, 6, "end of the file"},
      {"42", 1, 1, "not a bare value"},
  };
  for (const auto& bad : cases) {
    const auto doc = read_json("f.json", bad.text);
    ASSERT_FALSE(doc) << bad.text;
    EXPECT_EQ(doc.error().at.line, bad.line) << bad.text;
    EXPECT_EQ(doc.error().at.column, bad.column) << bad.text << " " << doc.error().why;
    EXPECT_NE(doc.error().why.find(bad.why), std::string::npos) << doc.error().why;
  }
}

TEST(Json, HostileBytes) {
  EXPECT_NE(read_json("f", "\xEF\xBB\xBF{}").error().why.find("byte order mark"), std::string::npos);
  EXPECT_NE(read_json("f", std::string("{\"a\": \"\0\"}", 10)).error().why.find("NUL"), std::string::npos);
  const auto bad = read_json("f", "{\n\"a\": \"\xFF\"}");
  EXPECT_NE(bad.error().why.find("not UTF-8"), std::string::npos);
  EXPECT_EQ(bad.error().at.line, 2U);
  EXPECT_TRUE(read_json("f", "{\r\n \"a\": 1\r\n}\r\n"));
  const auto deep = read_json("f", std::string(200'000, '[') + std::string(200'000, ']'));
  ASSERT_FALSE(deep);
  EXPECT_NE(deep.error().why.find("deep"), std::string::npos);
  EXPECT_EQ(deep.error().at.column, static_cast<std::uint32_t>(k_max_depth) + 1);
}

// The fast reader and the recogniser that explains its refusals are two implementations of one grammar.
TEST(Json, ReaderAndRecogniserAgree) {
  std::mt19937 rng(7);
  const std::string seed = R"({"a": [1, -2.5e+3, true, null, "x\u00e9\n"], "b": {"c": "d", "e": []}, "f": {}})";
  const std::string alphabet = "{}[]\",:0123456789-+.eE tfnN\\u\n/#";
  std::size_t accepted = 0;
  for (int i = 0; i < 20'000; ++i) {
    std::string text = seed;
    for (std::size_t n = rng() % 4; n-- > 0;) {
      const auto at = rng() % text.size();
      switch (rng() % 3) {
        case 0: text[at] = alphabet[rng() % alphabet.size()]; break;
        case 1: text.erase(at, 1); break;
        default: text.insert(at, 1, alphabet[rng() % alphabet.size()]);
      }
    }
    const auto doc = read_json("f", text);
    const bool container = !trim(text).empty() && (trim(text)[0] == '{' || trim(text)[0] == '[');
    EXPECT_EQ(doc.has_value(), container && !find_json_fault(text, k_max_depth).has_value())
        << text << (doc ? "" : doc.error().why);
    accepted += doc.has_value();
  }
  EXPECT_GT(accepted, 2'000U);
}

TEST(Yaml, ScalarsStayText) {
  const auto doc = read_yaml(
      "f.yaml",
      "created_at: 2026-03-14T00:00:00Z\nversion: 1.0\nempty:\nyes_no: no\nlist: [a, \"b c\", 'd''e']\nn: 12\n");
  ASSERT_TRUE(doc) << doc.error().why;
  const auto root = doc->root();
  EXPECT_EQ(root.find("created_at").text(), "2026-03-14T00:00:00Z");
  EXPECT_EQ(root.find("version").text(), "1.0");
  EXPECT_TRUE(root.find("empty").is(Kind::null));
  EXPECT_EQ(root.find("yes_no").text(), "no");
  EXPECT_EQ(root.find("list").children()[2].text(), "d'e");
  EXPECT_EQ(root.find("n").as_int(), 12);
  EXPECT_EQ(root.find("version").place(), (Place{2, 10, 2, 13}));
  EXPECT_EQ(root.find("list").children()[1].place(), (Place{5, 11, 5, 16}));
}

TEST(Yaml, RefusesWhatHidesMeaning) {
  EXPECT_NE(read_yaml("f", "a: &x [1]\nb: *x\n").error().why.find("alias"), std::string::npos);
  EXPECT_NE(read_yaml("f", "a: 1\n---\nb: 2\n").error().why.find("more than one"), std::string::npos);
  EXPECT_FALSE(read_yaml("f", "a: [1, 2\n"));
  EXPECT_EQ(read_yaml("f", "a: 1\nb: : :\n  - x\n c\n").error().at.line > 0, true);
  EXPECT_NE(read_yaml("f", "").error().why.find("empty"), std::string::npos);
  EXPECT_FALSE(read_yaml("f", std::string(5000, '[')));
  const auto twice = read_yaml("f", "a: 1\na: 2\n");
  ASSERT_TRUE(twice);
  EXPECT_EQ(twice->duplicates().size(), 1U);
}

TEST(Time, XsdDateTime) {
  EXPECT_EQ(parse_datetime("1970-01-01T00:00:01Z")->micros, 1'000'000);
  EXPECT_EQ(parse_datetime("2026-04-05T16:37:25+02:00")->micros, parse_datetime("2026-04-05T14:37:25Z")->micros);
  EXPECT_EQ(parse_datetime("2026-04-05T16:37:25.123456Z")->micros % 1'000'000, 123'456);
  EXPECT_FALSE(parse_datetime("2026-04-05T16:37:25")->has_zone);
  EXPECT_TRUE(parse_datetime("2024-02-29T24:00:00Z"));
  for (const char* bad :
       {"2026-02-29T00:00:00Z", "2026-13-01T00:00:00Z", "2026-01-01", "2026-01-01T25:00:00Z",
        "2026-01-01T00:00:00+15:00", "2026-01-01t00:00:00Z", "26-01-01T00:00:00Z", "2026-01-01T00:00:00.Z",
        "2026-01-01T00:00:60Z", " 2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z\n", ""}) {
    EXPECT_FALSE(parse_datetime(bad)) << bad;
  }
  EXPECT_EQ(format_utc(parse_datetime("2026-04-05T16:37:25.5Z")->micros), "2026-04-05T16:37:25.5Z");
  EXPECT_EQ(canonical_datetime("2026-04-05T16:37:25.120Z"), "2026-04-05T16:37:25.12Z");
  EXPECT_EQ(canonical_datetime("2026-04-05T16:37:25.000+02:00"), "2026-04-05T16:37:25+02:00");
}

// RFC 8785 section 3.2.3: members sort by UTF-16 code units; the example of that section.
TEST(CanonicalJson, SortsByUtf16) {
  Json object = Json::object();
  for (const char* key : {"\xE2\x82\xAC", "\r", "\xEF\xAC\xB3", "1", "\xF0\x9F\x98\x80", "\xC2\x80", "\xC3\xB6"})
    object.set(key, 1);
  EXPECT_EQ(
      object.canonical(),
      "{\"\\r\":1,\"1\":1,\"\xC2\x80\":1,\"\xC3\xB6\":1,\"\xE2\x82\xAC\":1,\"\xF0\x9F\x98\x80\":1,\"\xEF\xAC\xB3\":1}");
}

TEST(Text, QuotingHidesNothing) {
  EXPECT_EQ(quote("a\nb\x1B[31m\xE2\x80\x8B\xFF\""), "\"a\\nb\\u001B[31m\\u200B\\xFF\\\"\"");
  EXPECT_EQ(closest("chekc", {"check", "seal"}), "check");
  EXPECT_FALSE(closest("xyzzy", {"check", "seal"}));
}

// Against the definition, written out.
TEST(Texts, EditDistanceWithinABound) {
  const auto whole = [](std::string_view a, std::string_view b) {
    std::vector<std::vector<std::size_t>> d(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
    for (std::size_t i = 0; i <= a.size(); ++i) {
      for (std::size_t j = 0; j <= b.size(); ++j) {
        if (i == 0 || j == 0) {
          d[i][j] = i + j;
          continue;
        }
        d[i][j] = std::min({d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + (a[i - 1] != b[j - 1])});
        if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
          d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + 1);
      }
    }
    return d[a.size()][b.size()];
  };
  std::mt19937 random(7);
  for (int round = 0; round < 20'000; ++round) {
    std::string a, b;
    for (auto n = random() % 12; n-- > 0;) a += static_cast<char>('a' + random() % 3);
    if (round % 2) {
      for (auto n = random() % 12; n-- > 0;) b += static_cast<char>('a' + random() % 3);
    } else {
      b = a;
      for (auto n = random() % 4; n-- > 0 && b.size() > 1;) std::swap(b[random() % (b.size() - 1)], b[b.size() - 1]);
    }
    const auto wanted = whole(a, b), most = random() % 14;
    ASSERT_EQ(edit_distance(a, b), wanted) << a << " " << b;
    ASSERT_EQ(edit_distance(a, b, most) > most, wanted > most) << a << " " << b << " " << most;
    if (wanted <= most) ASSERT_EQ(edit_distance(a, b, most), wanted) << a << " " << b << " " << most;
  }
}

// What is shown of a line is found without walking it: it is a part of the line, at the column it says.
TEST(Texts, WhatIsShownOfALineIsAPartOfIt) {
  std::mt19937 random(29);
  for (int round = 0; round < 60; ++round) {
    std::string text;
    for (auto n = 1 + random() % 12; n-- > 0;) {
      for (auto length = random() % 5 == 0 ? random() % 9000 : random() % 700; length-- > 0;)
        text += std::array{"a", "b", "é", "\xE2\x82\xAC", "\xF0\x9D\x84\x9E"}[random() % 5];
      text += random() % 4 ? "\n" : "\r\n";
    }
    const SourceText source("t", text);
    for (int i = 0; i < 40; ++i) {
      const auto offset = skip_code_points(text, 0, random() % count_code_points(text));
      const auto begin = offset ? text.rfind('\n', offset - 1) + 1 : 0, end = text.find('\n', offset);
      auto line = text.substr(begin, end - begin);
      if (line.ends_with('\r')) line.pop_back();
      const auto column =
          static_cast<std::uint32_t>(count_code_points(std::string_view(text).substr(begin, offset - begin)) + 1);
      const auto place = source.place(offset, offset);
      ASSERT_EQ(place.column, column);
      const auto shown = source.window(place.line, column);
      ASSERT_LE(shown.text.size(), 480U);
      ASSERT_EQ(line.compare(skip_code_points(line, 0, shown.column - 1), shown.text.size(), shown.text), 0)
          << line.size() << " " << column;
      if (line.size() <= 480) ASSERT_EQ(shown.text, line);
      // The character itself is there, unless it is the line's end.
      if (offset < begin + line.size()) ASSERT_LT(column - shown.column, count_code_points(shown.text));
    }
  }
}

}  // namespace
}  // namespace provgate
