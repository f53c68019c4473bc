// SPDX-License-Identifier: Apache-2.0
// Hashes of experience records; the expected ones were taken with Python's hashlib and json.
#include "systems/experience/hash.hpp"

#include <gtest/gtest.h>

#include "base/digest.hpp"

namespace provgate::test {
namespace {

using namespace experience;

Document parsed(const std::string& text) { return *read_json("test", text); }
std::string hash_of(const std::string& text, std::string_view table = "experience_provenance") {
  const auto document = parsed(text);
  const auto out = record_hash(*find_table(table), document.root());
  return out ? *out : "refused: " + out.error().why;
}

TEST(RecordHash, CoversAllThatDoesNotChange) {
  const std::string record =
      R"({"id":"a","chitty_id":"b","experience_summary":"did it","extra":{"n":1e2},"complexity_score":7})";
  const auto same = sha256_hex(
      "provgate-record-1:experience_provenance\n"
      R"({"chitty_id":"b","complexity_score":7,"experience_summary":"did it","extra":{"n":100},"id":"a"})");
  EXPECT_EQ(hash_of(record), same.text);
  // What may change, what is null, the hash itself and the table's name.
  const auto more = [&](const std::string& with) { return record.substr(0, record.size() - 1) + "," + with + "}"; };
  for (const auto* with :
       {R"("verification_status":"verified")", R"("verified_by":"x","verified_at":"y")", R"("dispute_details":{})",
        R"("created_at":"z")", R"("domain":null)", R"("record_hash":"h")", R"("table":"experience_provenance")"}) {
    EXPECT_EQ(hash_of(more(with)), same.text) << with;
  }
  for (const auto* with : {R"("domain":"x")", R"("unknown":1)", R"("hash_alg":"provgate-record-1")",
                           R"("revoked_at":"z")", R"("drand_round":5)"}) {
    EXPECT_NE(hash_of(more(with)), same.text) << with;
  }
  EXPECT_NE(hash_of(record, "accountability_records"), same.text) << "the table's name is in it";
  EXPECT_NE(hash_of(more(R"("extra":{"n":null})")).find("stands twice"), std::string::npos);
}

TEST(RecordHash, EveryTableHasWhatChanges) {
  const std::pair<const char*, std::size_t> rows[] = {{"experience_provenance", 5},
                                                      {"expertise_attestations", 4},
                                                      {"accountability_records", 14},
                                                      {"profile_syncs", 1}};
  for (const auto& [name, count] : rows) {
    const auto* table = find_table(name);
    ASSERT_NE(table, nullptr) << name;
    EXPECT_EQ(std::ranges::count_if(table->columns, [](const auto& one) { return one.changes; }), count) << name;
  }
  EXPECT_EQ(find_table("sessions"), nullptr);
}

TEST(SeedHash, IsThatOfTwoTexts) {
  // Numbers and names as ECMAScript writes them: names that are indexes first, the last of two of a name.
  const std::pair<const char*, const char*> rows[] = {
      {R"({"b":1.0,"a":"x"})", R"({"b":1,"a":"x"})"},
      {R"({"b":1,"10":2,"9":3,"01":4})", R"({"9":3,"10":2,"b":1,"01":4})"},
      {R"({"a":1,"b":2,"a":3})", R"({"a":3,"b":2})"},
      {R"([1e21, 1e-7, -0, 123456789012345680000, 1e400, {}])", R"([1e+21,1e-7,0,123456789012345680000,null,{}])"},
      {R"("\u0007\/é")", "\"\\u0007/é\""}};
  for (const auto& [from, to] : rows) {
    const auto document = parsed(std::string("{\"v\":") + from + "}");
    EXPECT_EQ(stringified(document.root().find("v")), to);
    EXPECT_EQ(*seed_hash("did ", document.root().find("v")), sha256_hex("did " + std::string(to)).text);
  }
  // One hash of two records: what the recipe is not.
  const auto two = parsed(R"({"a":23,"b":3})");
  EXPECT_EQ(seed_hash("1", two.root().find("a")), seed_hash("12", two.root().find("b")));
}

TEST(SeedHash, OrdersThatADatabaseLost) {
  const auto lost = parsed(R"({"tools":["a"],"files":3,"tokens":2500})");
  const auto hash = sha256_hex(R"(did{"tokens":2500,"tools":["a"],"files":3})").text;
  EXPECT_EQ(compare_seed_hash("did", lost.root(), hash), SeedHash::in_another_order);
  EXPECT_EQ(compare_seed_hash("did", lost.root(), *seed_hash("did", lost.root())), SeedHash::holds);
  EXPECT_EQ(compare_seed_hash("did", lost.root(), std::string(64, '0')), SeedHash::differs);
  const auto many = parsed(R"({"a":1,"b":1,"c":1,"d":1,"e":1,"f":1,"g":1})");
  EXPECT_EQ(compare_seed_hash("did", many.root(), std::string(64, '0')), std::nullopt) << "too many to try";
  EXPECT_EQ(compare_seed_hash("did", many.root(), *seed_hash("did", many.root())), SeedHash::holds);
  EXPECT_EQ(compare_seed_hash("did", Value{}, hash), std::nullopt);
}

}  // namespace
}  // namespace provgate::test
