// SPDX-License-Identifier: Apache-2.0
// Entries that are read straight from their text are those that the long way reads.
#include "seal/entry_text.hpp"

#include <gtest/gtest.h>

#include <random>

#include "provgate/seal/ledger.hpp"

namespace provgate::test {
namespace {

LedgerEntry entry_of(std::mt19937& random) {
  static const std::vector<std::string> k_paths = {
      "a/manifest.json", "a/data.json", "b", "\xEF\xBF\xBD", "\xF0\x9F\x99\x82", "\xC3\xA9t\xC3\xA9", "z z", "a", "a/"};
  const auto one = [&](std::size_t n) { return std::uniform_int_distribution<std::size_t>(0, n - 1)(random); };
  LedgerEntry out;
  out.seq = Seq(one(1000)), out.prev = k_no_digest, out.kind = one(2) ? "sealed" : "rejected";
  out.id = {RecordId::System("ckp"), RecordId::Scope("local/" + k_paths[one(k_paths.size())]), RecordId::Iri("urn:x")};
  out.record_kind = "instance";
  for (std::size_t n = one(5); n > 0; --n) {
    out.files[k_paths[one(k_paths.size())]] = {Digest(std::string(64, 'a')),
                                               one(2) ? CoveredFile::Role::covered : CoveredFile::Role::witnessed};
  }
  for (std::size_t n = one(3); n > 0; --n) out.rules.push_back("PROV-00" + std::to_string(n));
  out.time = "2026-11-18T12:00:00Z", out.time_source = "clock";
  return out;
}

TEST(EntryText, IsReadAsTheEntryThatWroteIt) {
  std::mt19937 random(7);
  for (int i = 0; i < 2000; ++i) {
    const auto entry = entry_of(random);
    const auto read = read_entry_text(entry.canonical());
    ASSERT_TRUE(read) << entry.canonical();
    EXPECT_EQ(*read, entry);
  }
}

// Whatever is read has that canonical form, byte for byte.
TEST(EntryText, NothingElseIsRead) {
  std::mt19937 random(11);
  int read_anyway = 0;
  for (int i = 0; i < 40'000; ++i) {
    auto text = entry_of(random).canonical();
    const auto at = std::uniform_int_distribution<std::size_t>(0, text.size() - 1)(random);
    switch (i % 5) {
      case 0: text[at] = static_cast<char>(random() & 0xFF); break;
      case 1: text.erase(at, 1 + random() % 40); break;
      case 2: text.insert(at, 1, "\",:{}[]0 \\\n"[random() % 11]); break;
      case 3: text.insert(at, text.substr(at, 1 + random() % 80)); break;
      default: text.resize(at);
    }
    const auto read = read_entry_text(text);
    if (!read) continue;
    ++read_anyway;
    ASSERT_EQ(read->canonical(), text);
  }
  EXPECT_GT(read_anyway, 1000) << "another letter in a path is another entry, and as good";
}

// Escapes and older versions go the long way.
TEST(EntryText, WhatIsNotSoSimpleIsLeftToTheParser) {
  std::mt19937 random(3);
  auto entry = entry_of(random);
  entry.files["a\"b\nc"] = {Digest(std::string(64, 'b')), CoveredFile::Role::covered};
  EXPECT_FALSE(read_entry_text(entry.canonical()));
  const auto parsed = parse_ledger_entry(entry.canonical());
  ASSERT_TRUE(parsed);
  EXPECT_EQ(*parsed, entry);
  entry = entry_of(random), entry.version = 1;
  EXPECT_FALSE(read_entry_text(entry.canonical()));
}

}  // namespace
}  // namespace provgate::test
