// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <random>

#include "systems/ckp/urn/urn.hpp"

namespace provgate::ckp {
namespace {

TEST(Urn, PartsOfEachKind) {
  const auto action = parse_urn("ckp://Action#Delvinator.Core/exchange.parse-1712345678");
  ASSERT_TRUE(action);
  EXPECT_EQ(action->kernel, "Delvinator.Core");
  EXPECT_EQ(action->action, "exchange.parse");
  EXPECT_EQ(action->timestamp, "1712345678");
  EXPECT_EQ(action->separator, '/');
  const auto dotted = parse_urn("ckp://Action#CK.Task.task.create-1773518402000");
  ASSERT_TRUE(dotted);
  EXPECT_EQ(dotted->kernel, "CK.Task");
  EXPECT_EQ(dotted->action, "task.create");
  EXPECT_EQ(dotted->canonical(), "ckp://Action#CK.Task/task.create-1773518402000");
  const auto hyphen = parse_urn("ckp://Action#CK.Task/read-storage-1712345678");
  ASSERT_TRUE(hyphen);
  EXPECT_EQ(hyphen->action, "read-storage");
  const auto execution = parse_urn("ckp://Action#CK.Task/execute-T-a1b2c3d4");
  ASSERT_TRUE(execution);
  EXPECT_EQ(execution->action, "execute");
  EXPECT_EQ(execution->id, "T-a1b2c3d4");
  const auto kernel = parse_urn("ckp://Kernel#CK.Task:v1.0/tasks?status=pending");
  ASSERT_TRUE(kernel);
  EXPECT_EQ(kernel->version, "v1.0");
  EXPECT_EQ(kernel->navigation, "/tasks?status=pending");
  EXPECT_EQ(kernel->base(), "ckp://Kernel#CK.Task:v1.0");
  const auto pinned = parse_urn("ckp://Instance#i-task-8a1f@b2c1f4");
  ASSERT_TRUE(pinned);
  EXPECT_EQ(pinned->pin, "b2c1f4");
  const auto decision = parse_urn("ckp://Instance#CK.Consensus/decision-2026-04-06T20:00:00Z");
  ASSERT_TRUE(decision);
  EXPECT_EQ(decision->kernel, "CK.Consensus");
  const auto edge = parse_urn("ckp://Edge#Connection-CK.Task-to-Delvinator.Core-COMPOSES");
  ASSERT_TRUE(edge);
  EXPECT_EQ(edge->id, "Delvinator.Core");
  const auto step = parse_urn("ckp://Occurrent#CK.Operator/project.deploy/deploy.ready-1773518402000");
  ASSERT_TRUE(step);
  EXPECT_EQ(step->step, "deploy.ready");
}

TEST(Urn, AllDocumentedTypes) {
  for (const char* text : {"ckp://Kernel#CK.Task:v1.0",
                           "ckp://Kernel#CK.Task:v1.0.2",
                           "ckp://Actor#operator",
                           "ckp://Role#ck-owner",
                           "ckp://Edge#COMPOSES",
                           "ckp://Goal#G001:v1.0",
                           "ckp://Goal#G-e5f6",
                           "ckp://Domain#example.org",
                           "ckp://Project#ExampleProject",
                           "ckp://Project#a.example.org",
                           "ckp://Grant#CK.Task-anon",
                           "ckp://Process#deploy-1773518402000-3fff0e38",
                           "ckp://Task#i-task-1773518402",
                           "ckp://Task#T001",
                           "ckp://Task#T-9",
                           "ckp://Instance#i-tx-3f-1773518402",
                           "ckp://Event#CK.Task-status-1773518402000",
                           "ckp://Transaction#1773518402000-abc123",
                           "ckp://Message#status-1773518402000-CK.Task",
                           "ckp://Check#identity-CK.Task-1773518402000",
                           "ckp://Action#CK.Consensus/evaluate",
                           "ckp://Deployment#apply-1773518402000-abc123",
                           "ckp://Transfer#regenerate-1773518402000-abc123",
                           "ckp://Mutation#task.update-T002-1773518402000",
                           "ckp://Phase#Analysis",
                           "ckp://Capability#WebUI:v1.3.20",
                           "ckp://Process#SelfImprovementCycle:v1.3.18",
                           "urn:ckp:fleet:delvinator-tech-games"}) {
    const auto urn = parse_urn(text);
    EXPECT_TRUE(urn) << text << ": " << (urn ? "" : urn.error().expected);
    if (urn) {
      EXPECT_EQ(urn->profile, UrnProfile::strict) << text;
    }
  }
}

struct BadUrn {
  const char* text;
  std::size_t position;
  const char* suggestion;
};

TEST(Urn, RefusesWithPositionAndNearestForm) {
  const BadUrn cases[] = {
      {"", 0, ""},
      {"Kernel#CK.Task:v1.0", 0, "ckp://Kernel#CK.Task:v1.0"},
      {"CKP://Kernel#CK.Task:v1.0", 0, "ckp://Kernel#CK.Task:v1.0"},
      {"ckp://kernel#CK.Task:v1.0", 6, "ckp://Kernel#CK.Task:v1.0"},
      {"ckp://Kernel#CK.Task", 20, "ckp://Kernel#CK.Task:v1.0"},
      {"ckp://Kernel#CK.Task:1.0", 21, "ckp://Kernel#CK.Task:v1.0"},
      {"ckp://Kernel#CK.Task:v1", 23, "ckp://Kernel#CK.Task:v1.0"},
      {"ckp://Kernel#CK..Task:v1.0", 16, "ckp://Kernel#CK.Task:v1.0"},
      {"ckp://Kernel#CK Task:v1.0", 15, "ckp://Kernel#CKTask:v1.0"},
      {"ckp://Kernel#CK.Task:v1.0\n", 25, "ckp://Kernel#CK.Task:v1.0"},
      {"ckp://Kernel#\xD0\xA1K.Task:v1.0", 13, "ckp://Kernel#CK.Task:v1.0"},       // Cyrillic Es
      {"ckp://Kernel#CK.\xE2\x80\x8BTask:v1.0", 16, "ckp://Kernel#CK.Task:v1.0"},  // zero width space
      {"ckp://Instance#a%zz", 17, ""},
      {"ckp://Kernel#CK.Task:v1.0/../../etc/passwd", 26, ""},
      {"ckp://Action#CK.Operator/deploy-{ts}", 32, ""},
      {"user:peter@conceptkernel.org", 0, "ckp://Actor#peter"},
      {"ckp://System.Consensus:v1.3.16", 6, "ckp://Kernel#System.Consensus:v1.3.16"},
      {"x> . <urn:evil> a <urn:y", 0, ""},
  };
  for (const auto& bad : cases) {
    const auto urn = parse_urn(bad.text);
    ASSERT_FALSE(urn) << bad.text;
    EXPECT_EQ(urn.error().offset, bad.position) << bad.text;
    EXPECT_EQ(urn.error().nearest, bad.suggestion) << bad.text;
    EXPECT_FALSE(urn.error().why.empty());
    EXPECT_FALSE(urn.error().expected.empty());
  }
}

TEST(Urn, NamesHiddenAndLookAlikeCharacters) {
  EXPECT_NE(parse_urn("ckp://Kernel#\xD0\xA1K.Task:v1.0").error().why.find("looks like 'C'"), std::string::npos);
  EXPECT_NE(parse_urn("ckp://Kernel#CK.\xE2\x80\x8BTask:v1.0").error().why.find("ZERO WIDTH SPACE"), std::string::npos);
}

TEST(Urn, ProfilesWiden) {
  EXPECT_FALSE(parse_urn("ckp://Kernel#demo-app", UrnProfile::strict));
  const auto lenient = parse_urn("ckp://Kernel#demo-app", UrnProfile::lenient);
  ASSERT_TRUE(lenient);
  EXPECT_EQ(lenient->profile, UrnProfile::lenient);
  EXPECT_FALSE(parse_urn("ckp://Agent/user:maria", UrnProfile::lenient));
  EXPECT_TRUE(parse_urn("ckp://Agent/user:maria", UrnProfile::legacy));
  EXPECT_TRUE(parse_urn("ckp://Edge.PRODUCES.A-to-B:v1.0", UrnProfile::legacy));
}

// A random URN of the grammar; parse, print, parse is the identity, and no mutation crashes or is taken silently.
std::string random_urn(std::mt19937& rng) {
  const auto pick = [&](std::initializer_list<const char*> list) {
    return std::string(*(list.begin() + static_cast<long>(rng() % list.size())));
  };
  const auto word = [&](const char* first, const char* rest, std::size_t most) {
    std::string out(1, first[rng() % std::string_view(first).size()]);
    for (std::size_t n = rng() % most; n-- > 0;) out += rest[rng() % std::string_view(rest).size()];
    return out;
  };
  const auto upper = [&] { return word("ABCKZ", "abcXYZ019_", 8); };
  const auto lower = [&] { return word("abckz", "abcXYZ019_", 8); };
  const auto kernel = [&] { return upper() + (rng() % 2 ? "." + upper() : ""); };
  const auto version = [&] { return "v" + std::to_string(rng() % 20) + "." + std::to_string(rng() % 20); };
  const std::string ts = std::to_string(1'000'000'000'000 + rng());
  switch (rng() % 8) {
    case 0: return "ckp://Kernel#" + kernel() + ":" + version() + pick({"", "/actions", "/a/b.c", "@abcd12"});
    case 1:
      return "ckp://Action#" + kernel() + pick({"/", "."}) + lower() + "." + lower() +
             pick({"", "-1712345678", "-T-a1", "-x:y+z%20"});
    case 2: return "ckp://Occurrent#" + kernel() + "/" + lower() + "/" + lower() + "-" + ts;
    case 3: return "ckp://Instance#" + (rng() % 2 ? kernel() + "/" : std::string{}) + word("aZ0", "aZ09._~-:+", 20);
    case 4: return "ckp://Task#" + pick({"T-", "T", "i-"}) + word("aZ0", "aZ09.-", 12);
    case 5: return "ckp://Goal#G" + word("-0a", "aZ09-", 6) + (rng() % 2 ? ":" + version() : "");
    case 6: return "ckp://Check#" + lower() + "-" + kernel() + "-" + ts;
    default: return "ckp://Process#" + lower() + "-" + ts + "-" + word("af0", "af09", 12) + "abc";
  }
}

TEST(Urn, ParsePrintParseIsTheIdentity) {
  std::mt19937 rng(20260101);
  for (int i = 0; i < 20'000; ++i) {
    const auto text = random_urn(rng);
    const auto urn = parse_urn(text);
    ASSERT_TRUE(urn) << text << " expected " << urn.error().expected << " at " << urn.error().offset;
    EXPECT_EQ(urn->text, text);
    const auto again = parse_urn(urn->canonical());
    ASSERT_TRUE(again) << urn->canonical();
    EXPECT_EQ(again->canonical(), urn->canonical());
    auto mutated = text;
    mutated[rng() % mutated.size()] = static_cast<char>(rng() % 256);
    if (const auto other = parse_urn(mutated)) {
      EXPECT_EQ(other->text, mutated);
    }
  }
}

// ---- the published literals, where they are at hand ----------------------------------------------

std::vector<std::vector<std::string>> read_table(const std::string& name) {
  std::vector<std::vector<std::string>> rows;
  std::ifstream in(std::string(PROVGATE_SOURCE_DIR) + "/../shared/samples/ckp/" + name, std::ios::binary);
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with('#')) continue;
    rows.emplace_back();
    for (const auto cell : split(line, '\t')) rows.back().emplace_back(cell);
  }
  return rows;
}
bool have_samples() { return std::filesystem::exists(std::string(PROVGATE_SOURCE_DIR) + "/../shared/samples/ckp"); }

TEST(UrnSamples, EveryPublishedLiteralParses) {
  if (!have_samples()) GTEST_SKIP() << "no ../shared/samples beside this checkout";
  std::size_t count = 0;
  for (const auto& row : read_table("urns.txt")) {
    if (row[0].empty()) continue;
    const auto urn = parse_urn(row[0], UrnProfile::legacy);
    EXPECT_TRUE(urn) << row[0] << ": " << (urn ? "" : urn.error().expected);
    ++count;
  }
  EXPECT_GT(count, 90U);
}

TEST(UrnSamples, AnnotationsAgree) {
  if (!have_samples()) GTEST_SKIP() << "no ../shared/samples beside this checkout";
  for (const auto& row : read_table("urns-annotated.tsv")) {
    const auto& kind = row[1];
    const auto urn = parse_urn(row[0], UrnProfile::legacy);
    if (kind == "template") {
      EXPECT_FALSE(parse_urn(row[0])) << row[0];
    } else if (kind.starts_with("v3:")) {
      ASSERT_TRUE(urn) << row[0];
      EXPECT_EQ(urn->profile, UrnProfile::strict) << row[0];
      EXPECT_EQ(name_of(urn->kind), kind.substr(3)) << row[0];
      const std::string parts = row.size() > 5 ? row[5] : std::string{};
      for (const auto part : split(parts, ';')) {
        if (part.starts_with("kernel=")) EXPECT_EQ(urn->kernel, part.substr(7)) << row[0];
        if (part.starts_with("action=")) EXPECT_EQ(urn->action, part.substr(7)) << row[0];
        if (part.starts_with("ver=")) EXPECT_EQ(urn->version, part.substr(4)) << row[0];
        if (part.starts_with("id=")) EXPECT_EQ(urn->id, part.substr(3)) << row[0];
        if (part.starts_with("disc=")) EXPECT_EQ(urn->id, part.substr(5)) << row[0];
      }
    } else if (kind.starts_with("legacy")) {
      ASSERT_TRUE(urn) << row[0];
      EXPECT_NE(urn->profile, UrnProfile::strict) << row[0];
    }
  }
}

TEST(UrnSamples, EveryInvalidLineIsRefusedByStrict) {
  if (!have_samples()) GTEST_SKIP() << "no ../shared/samples beside this checkout";
  std::size_t count = 0;
  for (const auto& row : read_table("urns-invalid.txt")) {
    const auto urn = parse_urn(row[0]);
    EXPECT_FALSE(urn) << row[0];
    if (!urn) {
      EXPECT_FALSE(urn.error().why.empty());
    }
    ++count;
  }
  EXPECT_GE(count, 30U);
}

}  // namespace
}  // namespace provgate::ckp
