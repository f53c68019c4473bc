// SPDX-License-Identifier: Apache-2.0
// JSON in the form that is hashed: numbers by the table of RFC 8785, appendix B, members by UTF-16.
#include "text/canonical.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <charconv>
#include <cmath>
#include <random>

namespace provgate::test {
namespace {

Document json_value(const std::string& text) { return *read_json("test", text); }
std::string canonical_of(const std::string& text) {
  const auto document = json_value(text);
  const auto out = canonical(document.root());
  return out ? *out : "refused: " + out.error().why;
}

TEST(Canonical, NumbersAreThoseOfTheStandard) {
  const std::pair<std::uint64_t, const char*> rows[] = {{0x0000000000000000, "0"},
                                                        {0x8000000000000000, "0"},
                                                        {0x0000000000000001, "5e-324"},
                                                        {0x8000000000000001, "-5e-324"},
                                                        {0x7fefffffffffffff, "1.7976931348623157e+308"},
                                                        {0xffefffffffffffff, "-1.7976931348623157e+308"},
                                                        {0x4340000000000000, "9007199254740992"},
                                                        {0xc340000000000000, "-9007199254740992"},
                                                        {0x4430000000000000, "295147905179352830000"},
                                                        {0x44b52d02c7e14af5, "9.999999999999997e+22"},
                                                        {0x44b52d02c7e14af6, "1e+23"},
                                                        {0x44b52d02c7e14af7, "1.0000000000000001e+23"},
                                                        {0x444b1ae4d6e2ef4e, "999999999999999700000"},
                                                        {0x444b1ae4d6e2ef4f, "999999999999999900000"},
                                                        {0x444b1ae4d6e2ef50, "1e+21"},
                                                        {0x3eb0c6f7a0b5ed8c, "9.999999999999997e-7"},
                                                        {0x3eb0c6f7a0b5ed8d, "0.000001"},
                                                        {0x41b3de4355555553, "333333333.3333332"},
                                                        {0x41b3de4355555554, "333333333.33333325"},
                                                        {0x41b3de4355555555, "333333333.3333333"},
                                                        {0x41b3de4355555556, "333333333.3333334"},
                                                        {0x41b3de4355555557, "333333333.33333343"},
                                                        {0xbecbf647612f3696, "-0.0000033333333333333333"},
                                                        {0x43143ff3c1cb0959, "1424953923781206.2"}};
  for (const auto& [bits, text] : rows) EXPECT_EQ(ecmascript_number(std::bit_cast<double>(bits)), text);
}

TEST(Canonical, EveryNumberIsReadBackAsItWas) {
  std::mt19937_64 random(15);  // NOLINT(bugprone-random-generator-seed): the same numbers every time
  for (int i = 0; i < 100'000; ++i) {
    const auto number = std::bit_cast<double>(random());
    if (!std::isfinite(number)) continue;
    const auto text = ecmascript_number(number);
    double back = 0;
    std::from_chars(text.data(), text.data() + text.size(), back);
    ASSERT_EQ(back, number) << text;
  }
}

TEST(Canonical, NumbersPastAllDoubles) {
  const std::pair<const char*, double> rows[] = {{"1e400", HUGE_VAL}, {"-1e400", -HUGE_VAL}, {"1E-400", 0}, {"1", 1},
                                                 {"0.1e-330", 0},     {"12e+9999", HUGE_VAL}};
  for (const auto& [text, number] : rows) EXPECT_EQ(nearest_double(text), number) << text;
  EXPECT_EQ(nearest_double(std::string(400, '9')), HUGE_VAL);
  EXPECT_EQ(nearest_double("0." + std::string(400, '0') + "9"), 0);
  EXPECT_EQ(nearest_double(std::string(400, '9') + "e-5"), HUGE_VAL);
  EXPECT_EQ(nearest_double("0." + std::string(400, '0') + "9e+20"), 0);
  EXPECT_EQ(nearest_double("1e99999999999999999999"), HUGE_VAL);
  EXPECT_EQ(nearest_double("1e-99999999999999999999"), 0);
}

TEST(Canonical, FormsAreOne) {
  const std::pair<const char*, const char*> rows[] = {
      {R"({"b":1,"a":2})", R"({"a":2,"b":1})"},
      {R"( { } )", "{}"},
      {R"([ ])", "[]"},
      {R"({"x":[3, {"z":null,"y":true}]})", R"({"x":[3,{"y":true,"z":null}]})"},
      {R"({"n":1.0,"e":1e3,"m":-0,"f":0.10})", R"({"e":1000,"f":0.1,"m":0,"n":1})"},
      // A character beyond the first plane stands before one at its end: by its first half.
      {"{\"\xEF\xAC\xB3\":1,\"\xF0\x9F\x98\x80\":2}", "{\"\xF0\x9F\x98\x80\":2,\"\xEF\xAC\xB3\":1}"},
      {R"({"s":"\u0041\/\u000a\u001f\"\\"})", "{\"s\":\"A/\\n\\u001f\\\"\\\\\"}"},
      {R"({"":1,"a":2})", R"({"":1,"a":2})"},
      {R"({"tiny":1e-400,"big":9007199254740992})", R"({"big":9007199254740992,"tiny":0})"}};
  for (const auto& [from, to] : rows) EXPECT_EQ(canonical_of(from), to);
}

TEST(Canonical, WhatHasNoFormIsRefused) {
  for (const auto* text : {R"({"a":1,"b":2,"a":1})", R"({"x":{"a":1,"a":2}})", R"([9007199254740993])", R"([1e400])",
                           R"([NaN])", R"([-Infinity])"}) {
    const auto document = json_value(text);
    const auto out = canonical(document.root());
    ASSERT_FALSE(out) << text;
    EXPECT_EQ(out.error().code, Code::input);
    EXPECT_FALSE(out.error().why.empty());
  }
}

TEST(Canonical, MembersAreLeftOutAtTheTopOnly) {
  const auto document = json_value(R"({"b":{"no":1},"no":2,"a":null})");
  const auto out = canonical(document.root(), [](Value member) { return member.key() != "no"; });
  EXPECT_EQ(*out, R"({"a":null,"b":{"no":1}})");
}

}  // namespace
}  // namespace provgate::test
