// SPDX-License-Identifier: Apache-2.0
// What the original's algorithms let through, one by one, and what comes of it here. Source: seeds C3, M7, M8.
#include <gtest/gtest.h>

#include <algorithm>

#include "base/digest.hpp"
#include "provgate/report/report.hpp"
#include "support/records.hpp"

namespace provgate::test {
namespace {

// The records of an example that conforms: "sound" hashes all of each, "plain" as the original does.
std::string records_of(const char* rule) { return find_rule(rule)->good.at("experience.ndjson") + "\n"; }
std::string sound() { return records_of("XPR-029"); }
std::string plain() { return records_of("XPR-001"); }

std::string line_of(const std::string& text, std::size_t number) { return std::string(split(text, '\n')[number - 1]); }
std::string member(const std::string& line, const std::string& name) {
  const auto at = line.find("\"" + name + "\":\"") + name.size() + 4;
  return line.substr(at, line.find('"', at) - at);
}
std::string with(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

std::set<std::string> found(const std::string& text, Severity least = Severity::error) {
  FakeWorld world;
  world.disk.put("tables/x.ndjson", text);
  std::set<std::string> out;
  for (const auto& f : check(world, "tables").findings) {
    if (f.severity >= least) out.insert(f.rule);
  }
  return out;
}

// A summary of the first experience is rewritten, with its content hash and the one link that names it.
std::string forged(const std::string& text) {
  const auto first = line_of(text, 1);
  const auto was = member(first, "content_hash");
  const std::string words = "Asked which winter ferries run early";
  const auto begin = first.find("\"experience_metadata\":") + 22;
  const auto metadata = first.substr(begin, first.find('}', begin) + 1 - begin);
  const auto now = sha256_hex(words + metadata).text;
  auto out = with(text, "Asked which winter ferries run late", words);
  for (auto at = out.find(was); at != std::string::npos; at = out.find(was)) out.replace(at, was.size(), now);
  return out;
}

TEST(Mended, AForgedAncestorIsFound) {
  // The original's hashes hold again, which is said of all that have no other.
  EXPECT_EQ(found(forged(plain())), std::set<std::string>{});
  EXPECT_TRUE(found(forged(plain()), Severity::info).contains("XPR-031"));
  EXPECT_EQ(found(forged(sound())), (std::set<std::string>{"XPR-027", "XPR-029"}))
      << "its own hash, and the link to it";
}

TEST(Mended, WhatTheContentHashLeavesOutCannotBeEdited) {
  for (const auto& [from, to] : {std::pair("\"success_indicator\":true", "\"success_indicator\":false"),
                                 {"\"complexity_score\":6", "\"complexity_score\":9"},
                                 {"\"experience_type\":\"interaction\"", "\"experience_type\":\"decision\""},
                                 {"\"source_session_id\":\"s-0412\"", "\"source_session_id\":\"s-0413\""},
                                 {"\"skill_level\":\"advanced\",\"proficiency_score\":72.5",
                                  "\"skill_level\":\"expert\",\"proficiency_score\":92.5"},
                                 {"\"evidence_count\":10", "\"evidence_count\":100"},
                                 {"\"expires_at\":\"2027", "\"expires_at\":\"2037"},
                                 {"\"action_type\":\"timetable_edit\"", "\"action_type\":\"timetable_read\""}}) {
    EXPECT_TRUE(found(with(sound(), from, to)).contains("XPR-029")) << from;
    EXPECT_FALSE(found(with(plain(), from, to)).contains("XPR-029")) << from;
  }
  // An attestation is not another one's.
  const auto text = sound();
  const auto line = line_of(text, 4);
  const auto other = with(with(line, member(line, "chitty_id"), "03-1-NOR-0999-P-2602-0-41"), member(line, "id"),
                          "00000099-0000-4000-8000-000000000099");
  EXPECT_TRUE(found(text + other + "\n").contains("XPR-029"));
}

TEST(Mended, ChainsEndWhateverTheyLeadTo) {
  EXPECT_TRUE(found(with(plain(), "\"parent_provenance_id\":null",
                         "\"parent_provenance_id\":\"" + member(line_of(plain(), 1), "id") + "\""))
                  .contains("XPR-026"));
  const auto text = plain();
  const auto without_first = text.substr(text.find('\n') + 1);
  EXPECT_TRUE(found(without_first).contains("XPR-021"));
}

TEST(Mended, ARecordNeedsNoBeaconAndGetsNone) {
  auto text = plain();
  const auto begin = text.find("\"drand_chain\""), end = text.find("\"experienced_at\"");
  text.replace(begin, end - begin, "\"beacon\":\"none\",");
  EXPECT_EQ(found(text), std::set<std::string>{});
}

TEST(Mended, TheHashOfAnActionIsKeptAndNotJudged) {
  const auto text = plain();
  const auto was = member(line_of(text, 7), "content_hash");
  EXPECT_EQ(found(with(text, was, sha256_hex("whatever it was made over").text)), std::set<std::string>{});
}

// The order of names that a database gave back is found, of up to six; of more it is said that it cannot be told.
TEST(Mended, MetadataThatADatabaseReorderedIsNotCalledForged) {
  const auto reordered = with(plain(), R"({"tokens_processed":2500,"tools_used":["Bash","Read"],"files_touched":3})",
                              R"({"tools_used": ["Bash", "Read"], "files_touched": 3, "tokens_processed": 2500})");
  EXPECT_EQ(found(reordered), std::set<std::string>{});
  EXPECT_TRUE(found(reordered, Severity::info).contains("XPR-032"));
  EXPECT_TRUE(found(with(reordered, "2500", "2501")).contains("XPR-028"));
}

TEST(Mended, OrderOfRowsMeansNothing) {
  const auto text = sound();
  auto lines = split(trim(text), '\n');
  std::ranges::reverse(lines);
  std::string reversed;
  for (const auto line : lines) reversed.append(line).append(1, '\n');
  EXPECT_EQ(found(reversed), std::set<std::string>{});
}

}  // namespace
}  // namespace provgate::test
