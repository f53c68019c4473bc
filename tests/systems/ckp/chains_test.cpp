// SPDX-License-Identifier: Apache-2.0
// Step chains: each form that the documents allow is tried, and the one that fits is named.
#include <gtest/gtest.h>

#include <algorithm>

#include "base/digest.hpp"
#include "systems/ckp/rules/chains.hpp"

namespace provgate::ckp {
namespace {

const std::string k_urn = "ckp://Action#Acme.Notes/note.index-1760000100";

// A proof of two steps whose hashes are over `written`, in the documented order; `seed` comes before the first.
std::string proof_of(const std::string& written, const std::string& seed, const std::string& detail) {
  const auto first = sha256_hex("note.read" + written + seed).text;
  const auto second = sha256_hex("note.write" + written + first).text;
  const auto step = [&](const std::string& type, const std::string& hash) {
    return R"({"step_type": ")" + type + R"(", "detail": )" + detail + R"(, "hash": ")" + hash + R"("})";
  };
  return R"({"action_urn": ")" + k_urn + R"(", "chain_valid": true, "final_hash": ")" + second +
         R"(", "occurrents": [)" + step("note.read", first) + ", " + step("note.write", second) + "]}";
}

std::vector<Finding> findings_of(const std::string& text) {
  SourceFile file;
  file.path = "proof.json";
  file.doc = std::make_unique<Document>(std::move(*read_json("proof.json", text)));
  Sink sink("proof.json");
  const auto root = file.doc->root();
  check_step_chain(file, root, root, k_urn, sink);
  return sink.findings();
}

TEST(StepChains, EveryDocumentedFormIsTriedAndNamed) {
  const std::string detail = R"({"b": "é", "a": [1, 2]})";
  const std::pair<const char*, const char*> forms[] = {{"keys as written", R"({"b": "\u00e9", "a": [1, 2]})"},
                                                       {"keys sorted", R"({"a": [1, 2], "b": "\u00e9"})"},
                                                       {"keys as written, compact", R"({"b":"\u00e9","a":[1,2]})"},
                                                       {"keys sorted, compact", R"({"a":[1,2],"b":"\u00e9"})"},
                                                       {"keys sorted, UTF-8", R"({"a": [1, 2], "b": "é"})"},
                                                       {"keys sorted, compact, UTF-8", R"({"a":[1,2],"b":"é"})"}};
  for (const auto& [name, written] : forms) {
    for (const bool raw : {false, true}) {
      const auto seed = raw ? k_urn : sha256_hex(k_urn).text;
      const auto found = findings_of(proof_of(written, seed, detail));
      ASSERT_EQ(found.size(), 1U) << name << ": " << found.front().message;
      EXPECT_EQ(found[0].rule, "PROOF-018") << name;
      EXPECT_NE(found[0].message.find("JSON (" + std::string(name) + ")"), std::string::npos) << found[0].message;
      EXPECT_EQ(found[0].message.find("the URN itself") != std::string::npos, raw) << found[0].message;
      // What is changed afterwards fits no form.
      const auto changed = findings_of(proof_of(written, seed, R"({"b": "é", "a": [1, 3]})"));
      EXPECT_TRUE(std::ranges::any_of(changed, [](const auto& f) { return f.rule == "PROOF-007"; })) << name;
      EXPECT_TRUE(std::ranges::any_of(changed, [](const auto& f) { return f.rule == "PROOF-009"; })) << name;
      EXPECT_TRUE(std::ranges::none_of(changed, [](const auto& f) { return f.rule == "PROOF-018"; })) << name;
    }
  }
}

}  // namespace
}  // namespace provgate::ckp
