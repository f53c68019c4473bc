// SPDX-License-Identifier: Apache-2.0
// Numbers and texts as the original reads and writes them. The generated events of tests/differential/converge.py say
// the same at large; these say what is what.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "systems/events/wire/hold.hpp"
#include "systems/events/wire/number.hpp"

namespace provgate::test {
namespace {

using namespace events;

template <class Float>
std::string written(Float value) {
  std::string out;
  append_number(out, value);
  return out;
}

TEST(EventNumbers, AreWrittenInTheFewestDigits) {
  const std::pair<double, const char*> k_doubles[] = {
      {0.0, "0.0"},       {-0.0, "-0.0"},    {1, "1.0"},     {0.5, "0.5"},       {1e15, "1000000000000000.0"},
      {1e16, "1e+16"},    {1e-5, "0.00001"}, {1e-6, "1e-6"}, {0.0001, "0.0001"}, {1.5e300, "1.5e+300"},
      {5e-324, "5e-324"}, {123.25, "123.25"}};
  for (const auto& [value, text] : k_doubles) EXPECT_EQ(written(value), text);
  EXPECT_EQ(written(0.7F), "0.7");
  EXPECT_EQ(written(1e13F), "1e+13");
  EXPECT_EQ(written(std::numeric_limits<float>::infinity()), "null");
}

TEST(EventNumbers, AreReadAsTheOriginalReadsThem) {
  const auto whole = [](const char* text) {
    const auto number = parse_number(text);
    return number && std::holds_alternative<std::uint64_t>(*number) ? std::optional(std::get<std::uint64_t>(*number))
                                                                    : std::nullopt;
  };
  EXPECT_EQ(whole("18446744073709551615"), 18446744073709551615ULL);
  for (const char* text : {"18446744073709551616", "-0", "-1", "1.0", "1e0", "231e1"})
    EXPECT_FALSE(whole(text)) << text;
  EXPECT_FALSE(parse_number("1e400"));
  EXPECT_FALSE(parse_number("1e99999999999"));
  EXPECT_EQ(as_double(*parse_number("1e-400")), 0.0);
  EXPECT_EQ(as_double(*parse_number("0e99999999999")), 0.0);
  EXPECT_TRUE(std::signbit(as_double(*parse_number("-0"))));
}

// What is taken, and what is written of it.
struct Vector {
  const char *text, *canonical;  // null: refused
};

constexpr const char* k_budget = R"({"event_id":"e","occurred_at":"t","event":{"type":"BudgetExceeded","data":%}})";

std::string in_budget(std::string_view data) {
  std::string out(k_budget);
  return out.replace(out.find('%'), 1, data);
}

TEST(EventForms, AreTakenAndRefusedAsByTheOriginal) {
  const Vector k_vectors[] = {{R"({"chain_id":"c","resource":"Tokens","limit":"1"})",
                               R"({"chain_id":"c","resource":"Tokens","limit":"1","observed":null})"},
                              {R"({"limit":"1","resource":{"Tokens":null},"chain_id":"c","more":1,"more":2})",
                               R"({"chain_id":"c","resource":"Tokens","limit":"1","observed":null})"},
                              {R"({"chain_id":"c","resource":{"Other":"x"},"limit":"1","observed":"2"})",
                               R"({"chain_id":"c","resource":{"Other":"x"},"limit":"1","observed":"2"})"},
                              {R"({"chain_id":"c","chain_id":"d","resource":"Tokens","limit":"1"})", nullptr},
                              {R"({"chain_id":"c","resource":"Other","limit":"1"})", nullptr},
                              {R"({"chain_id":"c","resource":{"Other":null},"limit":"1"})", nullptr},
                              {R"({"chain_id":"c","resource":"Tokens","limit":null})", nullptr},
                              {R"(["c","Tokens","1",null])", nullptr}};
  const Wire wire;
  for (const auto& [text, canonical] : k_vectors) {
    const auto doc = read_json("-", in_budget(text));
    ASSERT_TRUE(doc) << text;
    const auto held = hold(doc->root(), k_engine_envelope, wire);
    const bool taken =
        std::ranges::none_of(held.problems, [&](const auto& problem) { return refuses(problem.kind, wire); });
    EXPECT_EQ(taken, canonical != nullptr) << text;
    if (!taken || !canonical) continue;
    std::string out;
    append_canonical(out, doc->root(), k_engine_envelope, wire);
    EXPECT_NE(out.find(std::string("\"data\":") + canonical + "}"), std::string::npos) << out;
  }
}

// Each problem is named with the way to it, and stands at the value.
TEST(EventForms, ProblemsHaveAPathAndAPlace) {
  const auto doc = read_json("-", in_budget(R"({"chain_id":7,"resource":"Gold","limit":"1"})"));
  ASSERT_TRUE(doc);
  const auto held = hold(doc->root(), k_engine_envelope, {});
  ASSERT_EQ(held.problems.size(), 2U);
  EXPECT_EQ(held.problems[0].path, "event.data.chain_id");
  EXPECT_EQ(held.problems[0].at.raw(), "7");
  EXPECT_EQ(held.problems[1].path, "event.data.resource");
  EXPECT_NE(held.problems[1].expected.find("EngineBudget"), std::string::npos);
}

}  // namespace
}  // namespace provgate::test
