// SPDX-License-Identifier: Apache-2.0
// What is scanned as canonical is what canonical() gives; nothing else is.
#include "text/canonical_scan.hpp"

#include <gtest/gtest.h>

#include <random>

#include "text/canonical.hpp"

namespace provgate::test {
namespace {

bool is_scanned(std::string_view text) {
  std::vector<ScannedMember> out;
  return scan_canonical(text, out);
}

TEST(CanonicalScan, MembersAreThoseOfTheText) {
  std::vector<ScannedMember> out;
  ASSERT_TRUE(scan_canonical(R"({"a":1,"b":"x","c":{"d":[1,2.5,null,true,{}]},"é":""})", out));
  ASSERT_EQ(out.size(), 4U);
  EXPECT_EQ(out[0].name, "a");
  EXPECT_EQ(out[1].text(), "x");
  EXPECT_EQ(out[2].value, R"({"d":[1,2.5,null,true,{}]})");
  EXPECT_EQ(out[2].text(), "");
  EXPECT_EQ(out[3].name, "é");
  EXPECT_TRUE(scan_canonical("{}", out));
  EXPECT_TRUE(out.empty());
}

TEST(CanonicalScan, NothingElseIsTaken) {
  for (const auto* text : {"",
                           "{",
                           "}",
                           "[]",
                           "1",
                           "{} ",
                           " {}",
                           R"({"a":1 })",
                           R"({ "a":1})",
                           R"({"a": 1})",
                           R"({"b":1,"a":2})",
                           R"({"a":1,"a":2})",
                           R"({"a":01})",
                           R"({"a":1.0})",
                           R"({"a":1e3})",
                           R"({"a":-0})",
                           R"({"a":+1})",
                           R"({"a":.5})",
                           R"({"a":12345678901234567890})",
                           R"({"a":"\u0061"})",
                           R"({"a":"\n"})",
                           "{\"a\":\"\n\"}",
                           R"({"a":"x)",
                           R"({"a":tru})",
                           R"({"a":nul})",
                           R"({"a":[1,]})",
                           R"({"a":[,1]})",
                           R"({"a":1,})",
                           R"({"a"})",
                           R"({a:1})",
                           R"({"a":{"c":1,"b":2}})",
                           R"({"a":1}{)",
                           R"({"a":})",
                           R"({"a":--1})",
                           R"({"a":NaN})",
                           R"({"a":1e999})"})
    EXPECT_FALSE(is_scanned(text)) << text;
  EXPECT_FALSE(is_scanned("{\"a\":" + std::string(100, '[') + std::string(100, ']') + "}"));
}

// Random documents: what canonical() gives is taken; what is taken is what canonical() gives.
TEST(CanonicalScan, AgreesWithTheOtherReader) {
  std::mt19937 random(5);
  const auto pick = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
  const std::function<std::string(int)> make = [&](int depth) -> std::string {
    switch (pick(depth > 3 ? 5 : 7)) {
      case 0: return std::to_string(pick(2000) - 1000);
      case 1: return std::to_string(pick(1000)) + "." + std::to_string(pick(1000));
      case 2: return pick(2) ? "true" : "null";
      case 3: return "\"" + std::string(static_cast<std::size_t>(pick(5)), static_cast<char>('a' + pick(26))) + "é\"";
      case 4: return std::to_string(pick(9)) + "e" + std::to_string(pick(40) - 20);
      case 5: {
        std::string out = "[";
        for (int i = pick(4); i > 0; --i) out += make(depth + 1) + (i > 1 ? "," : "");
        return out + "]";
      }
      default: {
        std::string out = "{";
        for (int i = pick(5); i > 0; --i)
          out += "\"" + std::string(1, static_cast<char>('a' + pick(26))) + std::to_string(i) +
                 "\":" + make(depth + 1) + (i > 1 ? "," : "");
        return out + "}";
      }
    }
  };
  int taken = 0, texts = 0;
  for (int i = 0; i < 20'000; ++i) {
    auto text = "{\"m\":" + make(0) + ",\"n\":" + make(0) + "}";
    // Now and then a byte is another one.
    if (pick(4) == 0)
      text[static_cast<std::size_t>(pick(static_cast<int>(text.size())))] = static_cast<char>(0x20 + pick(95));
    if (first_bad_utf8(text) != std::string_view::npos) continue;
    const auto document = read_json("x", text);
    const auto same =
        document && document->root().is(Kind::object) ? canonical(document->root()) : Result<std::string>("");
    if (is_scanned(text)) {
      ++taken;
      ASSERT_TRUE(document) << text;
      ASSERT_TRUE(same) << text;
      EXPECT_EQ(*same, text);
    }
    if (!same || same->empty() || same->find('\\') != std::string::npos) continue;
    ++texts;
    EXPECT_TRUE(is_scanned(*same)) << *same;
  }
  EXPECT_GT(taken, 1000);
  EXPECT_GT(texts, 10'000);
}

}  // namespace
}  // namespace provgate::test
