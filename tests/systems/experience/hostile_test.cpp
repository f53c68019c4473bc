// SPDX-License-Identifier: Apache-2.0
// Input that wants to be slow, large, deep, or something else than it is. Each ends with a verdict that is not a pass.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>

#include "support/records.hpp"

namespace provgate::test {
namespace {

std::string good() { return find_rule("XPR-029")->good.at("experience.ndjson") + "\n"; }

struct Given {
  const char* name;
  std::string file, bytes;
  Code verdict;  // Code::input: unreadable; Code::nothing: findings alone
};

CheckReport checked(const std::string& file, const std::string& bytes) {
  FakeWorld world;
  world.disk.put("tables/" + file, bytes);
  return check(world, "tables");
}

bool unread(const CheckReport& report) {
  return std::ranges::any_of(report.findings, [](const auto& f) { return f.unreadable; });
}

std::string deep(int levels) {
  return std::string(static_cast<std::size_t>(levels), '[') + std::string(static_cast<std::size_t>(levels), ']');
}

std::string with_metadata(const std::string& value) {
  const auto line = std::string(split(good(), '\n')[0]);
  const auto begin = line.find("\"experience_metadata\":") + 22;
  return line.substr(0, begin) + value + line.substr(line.find('}', begin) + 1) + "\n";
}

std::vector<Given> hostile() {
  const auto line = std::string(split(good(), '\n')[0]);
  const auto cut = line.substr(0, line.size() / 2);
  const std::string header =
      "id,chitty_id,experience_type,source_platform,experience_summary,content_hash,experienced_at\n";
  std::string many = "{";
  for (int i = 0; i < 20'000; ++i) many += (i ? ",\"k" : "\"k") + std::to_string(i) + "\":1";
  std::string twice = "{";
  for (int i = 0; i < 20'000; ++i) twice += std::string(i ? "," : "") + "\"k\":1";
  return {
      {"a line that was cut", "x.ndjson", good() + cut, Code::input},
      {"a thousand levels", "x.ndjson", with_metadata("{\"a\":" + deep(2000) + "}"), Code::input},
      {"twenty thousand names", "x.ndjson", with_metadata(many + "}"), Code::nothing},
      {"one name twenty thousand times", "x.ndjson", with_metadata(twice + "}"), Code::nothing},
      {"a number past all", "x.ndjson", with_metadata("{\"a\":1e999}"), Code::nothing},
      {"bytes that are no UTF-8", "x.ndjson", with_metadata("{\"a\":\"\xC3\x28\"}"), Code::input},
      {"half a surrogate", "x.ndjson", with_metadata("{\"a\":\"\\ud800\"}"), Code::input},
      {"zero bytes", "x.ndjson", good() + std::string(3, '\0') + "\n", Code::input},
      {"a key that is an escape of another", "x.ndjson",
       "{\"table\":\"experience_provenance\",\"\\u0069d\":1,\"id\":2}\n", Code::nothing},
      {"no object", "x.ndjson", good() + "[1]\n", Code::nothing},
      {"a table of another name", "x.ndjson", good() + "{\"table\":\"ships\"}\n", Code::nothing},
      {"a list of no rows", "x.json", "{\"experience_provenance\":[1,null,\"x\",[]]}", Code::nothing},
      {"a table that is none", "x.json", "{\"experience_provenance\":[],\"ships\":{}}", Code::nothing},
      {"a document that was cut", "experience_provenance.json", "{\"experience_provenance\":[{\"id\":1}", Code::input},
      {"a document of one name twice", "x.json", "{\"experience_provenance\":[{}],\"experience_provenance\":[{}]}",
       Code::nothing},
      {"a quote that is never closed", "experience_provenance.csv", header + "a,\"b\n", Code::input},
      {"a row too short", "experience_provenance.csv", header + "a,b\n", Code::input},
      {"a row too long", "experience_provenance.csv", header + "1,2,3,4,5,6,7,8\n", Code::input},
      {"a column twice", "experience_provenance.csv", "id,id,experience_type\n1,2,3\n", Code::input},
      {"cells that are no UTF-8", "experience_provenance.csv", header + "1,2,3,4,\xFF,6,7\n", Code::input},
      {"a carriage return in a cell", "experience_provenance.csv", header + "1,2,3,4,a\rb,6,7\n", Code::input},
      {"a quote in a cell", "experience_provenance.csv", header + "1,2,3,4,a\"b,6,7\n", Code::input},
      {"empty cells", "experience_provenance.csv", header + ",,,,,,\n", Code::nothing},
      {"empty texts", "experience_provenance.csv", header + "\"\",\"\",\"\",\"\",\"\",\"\",\"\"\n", Code::nothing},
      {"times that are none", "experience_provenance.csv", header + "1,2,3,4,5,6,99999999999999999999\n",
       Code::nothing}};
}

TEST(HostileExperience, NeverPasses) {
  for (const auto& one : hostile()) {
    const auto report = checked(one.file, one.bytes);
    EXPECT_GT(report.count(Severity::error), 0U) << one.name;
    EXPECT_EQ(unread(report), one.verdict == Code::input) << one.name;
  }
}

// Ten times as much takes at most so many times as long: nothing is square.
TEST(HostileExperience, TimeGrowsWithTheSize) {
  const auto seconds = [](const auto& make, std::size_t n) {
    const auto bytes = make(n);
    double best = 1e9;
    for (int i = 0; i < 3; ++i) {
      const auto begin = std::chrono::steady_clock::now();
      (void)checked(bytes.first, bytes.second);
      best = std::min(best, std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
    }
    return best;
  };
  const auto wide = [](std::size_t n) {
    std::string header = "id,experience_type", row = "1,2";
    for (std::size_t i = 0; i < n; ++i) header += ",c" + std::to_string(i), row += ",x";
    return std::pair(std::string("experience_provenance.csv"), header + "\n" + row + "\n");
  };
  const auto names = [](std::size_t n) {
    std::string many = "{";
    for (std::size_t i = 0; i < n; ++i) many += (i ? ",\"k" : "\"k") + std::to_string(i) + "\":1";
    return std::pair(std::string("x.ndjson"), with_metadata(many + "}"));
  };
  const auto rows = [](std::size_t n) {
    std::string text = "{\"experience_provenance\":[";
    for (std::size_t i = 0; i < n; ++i) text += std::string(i ? "," : "") + "{\"id\":1,\"id\":2}";
    return std::pair(std::string("x.json"), text + "]}");
  };
  constexpr std::size_t k_few = 1000;
  constexpr double k_most = 40;
  EXPECT_LT(seconds(wide, 10 * k_few), k_most * seconds(wide, k_few)) << "columns";
  EXPECT_LT(seconds(names, 10 * k_few), k_most * seconds(names, k_few)) << "names";
  EXPECT_LT(seconds(rows, 10 * k_few), k_most * seconds(rows, k_few)) << "rows";
}

}  // namespace
}  // namespace provgate::test
