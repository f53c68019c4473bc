// SPDX-License-Identifier: Apache-2.0
// Logs of events: odd and hostile lines, what events of several logs say about each other, and the graph.
#include <gtest/gtest.h>

#include <algorithm>

#include "support/golden.hpp"
#include "support/records.hpp"

namespace provgate::test {
namespace {

const ExampleTree& run_tree() { return find_rule("EVT-001")->good; }
const std::string& run_log() { return run_tree().at("run.ndjson"); }

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> out;
  for (const auto line : split(text, '\n')) out.emplace_back(line);
  return out;
}

std::string joined(const std::vector<std::string>& lines) {
  std::string out;
  for (const auto& line : lines) out += line + "\n";
  return out;
}

std::size_t conforming(const CheckReport& report) { return static_cast<std::size_t>(report.score.conforming); }

struct Hostile {
  const char* what;
  std::string line;
  const char* rule;  // null: nothing is wrong
};

std::vector<Hostile> hostile_lines() {
  std::string good = lines_of(run_log())[11];  // a budget that was exceeded
  good.replace(good.find("e-12"), 4, "e-99");
  const auto with = [&](std::string_view from, std::string_view to) {
    auto out = good;
    return out.replace(out.find(from), from.size(), to);
  };
  auto other = with("e-99", "e-12");
  other.replace(other.find("plan-7"), 6, "plan-8");
  const auto deep = [](std::size_t n) { return std::string(n, '[') + std::string(n, ']'); };
  return {{"cut in the middle", good.substr(0, 60), "INPUT-001"},
          {"a byte that is not UTF-8", with("plan-7", "plan\xFF"), "INPUT-001"},
          {"a NUL", with("plan-7", std::string_view("plan\0", 5)), "INPUT-001"},
          {"half of a surrogate pair", with("plan-7", "\\ud800"), "INPUT-001"},
          {"two events", good + good, "INPUT-001"},
          {"a comma too many", with("}}}", "},}}"), "INPUT-001"},
          {"deeper than can be read", "{\"event\":" + deep(200'000) + "}", "INPUT-001"},
          {"a bare value", "42", "INPUT-001"},
          {"an object without anything", "{}", "EVT-001"},
          {"another record", R"({"instance_id":"i-1"})", "EVT-001"},
          {"an empty list", "[]", "EVT-001"},
          {"NaN", with("\"1000\"", "NaN"), "EVT-002"},
          {"a number for an id", with("\"e-99\"", "12"), "EVT-002"},
          {"a kind that there is not", with("BudgetExceeded", "BudgetMet"), "EVT-003"},
          {"a field twice", with("\"limit\":", "\"limit\":\"9\",\"limit\":"), "EVT-005"},
          {"a control character in an id", with("e-99", "e\\u0007"), "EVT-013"},
          {"an id of a megabyte", with("e-99", std::string(1 << 20, 'x')), "EVT-013"},
          {"a time of a megabyte", with("2026-03-02T08:00:12Z", std::string(1 << 20, '0')), "EVT-014"},
          {"another event of that id", other, "EVT-027"},
          {"deeper than the original reads", with("}}}", ",\"more\":" + deep(140) + "}}}"), "EVT-012"},
          {"blanks", "   \t  ", nullptr},
          {"a carriage return at its end", good + "\r", nullptr}};
}

TEST(EventLogs, AHostileLineIsOneFindingAndTheOthersAreJudged) {
  const auto all = lines_of(run_log());
  const auto lines = hostile_lines();
  EXPECT_GE(lines.size(), 12U);
  for (const auto& [what, line, rule] : lines) {
    // Before the last one: what comes after it is read, too.
    auto with = all;
    with.insert(with.end() - 1, line);
    FakeWorld world;
    world.disk.put("logs/run.ndjson", joined(with));
    const auto report = check(world, "logs");
    std::vector<const Finding*> errors;
    for (const auto& f : report.findings) {
      if (f.severity == Severity::error) errors.push_back(&f);
    }
    ASSERT_EQ(errors.size(), rule ? 1U : 0U) << what << (errors.empty() ? "" : ": " + errors.front()->message);
    if (rule) {
      EXPECT_EQ(errors[0]->rule, rule) << what;
      EXPECT_EQ(errors[0]->at.line, all.size()) << what;
      EXPECT_GT(errors[0]->at.column, 0U) << what;
    }
    EXPECT_GE(conforming(report), all.size()) << what;
  }
}

// However a log is cut into files, and in which order they are named, the events of a tenant are held against each
// other.
TEST(EventLogs, SeveralLogsAreOne) {
  const auto all = lines_of(run_log());
  for (std::size_t cut = 1; cut < all.size(); cut += 3) {
    FakeWorld world;
    world.disk.put("logs/a.ndjson", joined({all.begin(), all.begin() + static_cast<std::ptrdiff_t>(cut)}));
    world.disk.put("logs/b.jsonl", joined({all.begin() + static_cast<std::ptrdiff_t>(cut), all.end()}));
    const auto report = check(world, std::vector<std::string>{"logs/a.ndjson", "logs/b.jsonl"});
    EXPECT_EQ(report.findings.size(), 0U) << cut << report.findings.front().message;
    EXPECT_EQ(conforming(report), all.size());
  }
}

// What was cut into several logs says the same: also where a promotion and its validation lie in two.
TEST(EventLogs, TheGraphIsTheSameHoweverALogIsCut) {
  const auto all = lines_of(run_log());
  const auto statements = [](FakeWorld& world, const std::vector<std::string>& paths) {
    return converted(world, paths).canonical_lines();
  };
  FakeWorld one;
  one.disk.put("logs/run.ndjson", run_log());
  const auto whole = statements(one, {"logs"});
  for (std::size_t cut = 1; cut < all.size(); ++cut) {
    FakeWorld two;
    two.disk.put("logs/a.ndjson", joined({all.begin(), all.begin() + static_cast<std::ptrdiff_t>(cut)}));
    two.disk.put("logs/b.ndjson", joined({all.begin() + static_cast<std::ptrdiff_t>(cut), all.end()}));
    EXPECT_EQ(statements(two, {"logs"}), whole) << cut;
  }
}

// Findings that are only counted make no event conforming that is not, nor the other way round.
TEST(EventLogs, ManyFindingsOfOneKind) {
  const auto all = lines_of(run_log());
  const auto many = [&](std::size_t line, std::string_view from, std::string_view to) {
    std::string out;
    for (int i = 0; i < 2500; ++i) {
      auto one = all[line];
      one.replace(one.find("\"e-"), 5, "\"m-" + std::to_string(i));
      one.replace(one.find(from), from.size(), to);
      out += one + "\n";
    }
    return out;
  };
  FakeWorld world;
  // Each names a trace that nobody recorded: a warning.
  world.disk.put("logs/run.ndjson", many(7, "t-1", "t-9"));
  EXPECT_EQ(conforming(check(world, "logs")), 2500U);
  // Each is another event under one id.
  auto text = many(11, "plan-7", "plan-8");
  for (auto at = text.find("\"m-"); at != std::string::npos; at = text.find("\"m-", at + 1))
    text.replace(at, text.find('"', at + 1) - at, "\"m"), at += 2;
  std::string apart;
  int n = 0;
  for (const auto& line : lines_of(text)) {
    if (line.empty()) continue;
    auto one = line;
    apart += one.replace(one.find("plan-8"), 6, "plan-" + std::to_string(n++)) + "\n";
  }
  world.disk.put("logs/run.ndjson", apart);
  EXPECT_EQ(conforming(check(world, "logs")), 1U);
}

// Events laid out over several lines, and lines longer than what is looked at first.
TEST(EventLogs, AreKnownHoweverTheyAreWritten) {
  const auto all = lines_of(run_log());
  std::string laid_out, widest;
  for (std::size_t i = 0; i < 3; ++i) {
    auto line = all[i];
    laid_out += line.replace(1, 0, "\n  ") + "\n";
  }
  widest = all[11];
  widest.replace(widest.find("\"observed\":\""), 12, "\"observed\":\"" + std::string(200'000, 'x'));
  FakeWorld world;
  world.disk.put("logs/laid-out.json", laid_out);
  world.disk.put("logs/wide.ndjson", widest + "\n" + all[11] + "\n");
  EXPECT_EQ(check(world, "logs/laid-out.json").record_count, 3U);
  EXPECT_EQ(check(world, "logs/wide.ndjson").record_count, 2U);
}

// Without an id an event has no name, whatever the store.
TEST(EventLogs, AnEmptyIdIsNoId) {
  auto text = run_log();
  text.replace(text.find("e-12"), 4, "");
  FakeWorld world;
  world.disk.put("logs/run.ndjson", text);
  CheckOptions options;
  options.settings["ids"] = "any";
  EXPECT_EQ(check(world, "logs", options).count(Severity::error), 1U);
}

// Another tenant's events are no others'.
TEST(EventLogs, TenantsAreApart) {
  auto other = run_log();
  for (auto at = other.find("\"north\""); at != std::string::npos; at = other.find("\"north\"", at))
    other.replace(at, 7, "\"south\"");
  // Of a recall query the tenant is hashed, too.
  auto lines = lines_of(other);
  std::erase_if(lines, [](const auto& line) { return line.find("RecallExecuted") != std::string::npos; });
  FakeWorld world;
  world.disk.put("logs/run.ndjson", run_log() + "\n" + joined(lines));
  const auto report = check(world, "logs");
  EXPECT_EQ(report.count(Severity::error), 0U) << rules_of(report, Severity::error).front();
  const auto graph = converted(world, {"logs"});
  std::set<std::string> names;
  for (const auto& quad : graph.quads()) names.emplace(graph.terms().text(quad.g));
  EXPECT_EQ(names, (std::set<std::string>{"<urn:converge:tenant:north>", "<urn:converge:tenant:south>"}));
}

// Any text is an id where the store is another one, and no id becomes anything but a part of an IRI.
TEST(EventLogs, AnyIdIsEncoded) {
  auto text = run_log();
  text.replace(text.find("e-01"), 4, "e >\\n\\u00e9%-");
  FakeWorld world;
  world.disk.put("logs/run.ndjson", text);
  CheckOptions options;
  options.settings["ids"] = "any";
  const auto report = check(world, "logs/run.ndjson", options);
  for (const auto& f : report.findings) EXPECT_NE(f.severity, Severity::error) << f.message;
  const auto graph = converted(world, {"logs/run.ndjson"}, options);
  EXPECT_NE(graph.terms().find("<urn:converge:event:north:e%20%3E%0A%C3%A9%25->"), 0U);
}

// Profiles of earlier releases read what those wrote.
TEST(EventLogs, ProfilesDiffer) {
  auto text = run_log();
  const auto at = text.find("\"score\":0.75");
  text.replace(at, 12, "\"score\":7.5");
  FakeWorld world;
  world.disk.put("logs/run.ndjson", text);
  EXPECT_EQ(check(world, "logs/run.ndjson").count(Severity::error), 1U);
  CheckOptions options;
  options.profile = "converge-3.7";
  const auto report = check(world, "logs/run.ndjson", options);
  EXPECT_EQ(report.count(Severity::error), 0U);
  EXPECT_TRUE(std::ranges::any_of(report.findings, [](const auto& f) { return f.rule == "EVT-007"; }));
}

TEST(EventLogs, FormerNamesAreReadUnderTheirProfile) {
  auto text = run_log();
  const auto edit = [&](std::string_view from, std::string_view to) { text.replace(text.find(from), from.size(), to); };
  edit("\"type\":\"ReplayTraceRecorded\"", "\"type\":\"TraceLinkRecorded\"");
  edit("\"stop_reason\":\"Converged\"", "\"stop_reason\":\"all criteria met\"");
  edit("\"resource\":\"Tokens\"", "\"resource\":\"tokens\"");
  edit("\"outcome\":\"Falsified\"", "\"outcome\":\"falsified\"");
  FakeWorld world;
  world.disk.put("logs/run.ndjson", text);
  EXPECT_EQ(check(world, "logs/run.ndjson").count(Severity::error), 4U);
  CheckOptions options;
  options.profile = "converge-3.5";
  const auto report = check(world, "logs/run.ndjson", options);
  for (const auto& f : report.findings) EXPECT_NE(f.severity, Severity::error) << f.message;
  const auto graph = converted(world, {"logs/run.ndjson"}, options);
  EXPECT_NE(graph.terms().find("<https://w3id.org/provgate/converge#ReplayTraceRecorded>"), 0U);
}

TEST(EventLogs, TheGraphIsTheGoldenOne) {
  FakeWorld world;
  world.disk.put_tree("logs", run_tree());
  WriteOptions options;
  options.prefixes = find_profile("converge-3.9")->second->prefixes;
  compare_golden("events.trig", write_graph(converted(world, {"logs"}), Syntax::trig, options));
}

}  // namespace
}  // namespace provgate::test
