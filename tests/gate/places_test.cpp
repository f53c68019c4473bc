// SPDX-License-Identifier: Apache-2.0
// Each file of a sealed record, and each thing that may stand in its place: sealing, verifying and publishing agree on
// it, and none of them takes it for what was sealed.
#include <gtest/gtest.h>

#include "provgate/gate/gate.hpp"
#include "support/records.hpp"

namespace provgate::test {
namespace {

enum class Thing {
  nothing,
  other_bytes,
  too_many_bytes,
  link_to_the_same,
  link_to_nothing,
  pipe,
  directory,
  shut,
  failing
};
constexpr Thing k_things[] = {
    Thing::nothing, Thing::other_bytes, Thing::too_many_bytes, Thing::link_to_the_same, Thing::link_to_nothing,
    Thing::pipe,    Thing::directory,   Thing::shut,           Thing::failing};
constexpr const char* k_names[] = {"nothing",
                                   "other bytes",
                                   "too many bytes",
                                   "a link to the same bytes",
                                   "a link to nothing",
                                   "a pipe",
                                   "a directory",
                                   "a file that may not be read",
                                   "a file that the system fails to read"};
constexpr std::uint64_t k_limit = 64 << 10;

void put(MemoryDisk& disk, const std::string& path, Thing thing) {
  auto& node = disk.nodes()[path];
  const auto before = node;
  switch (thing) {
    case Thing::nothing: disk.erase(path); break;
    case Thing::other_bytes: node.text += "\n"; break;
    case Thing::too_many_bytes: node.text += std::string(k_limit, ' '); break;
    case Thing::link_to_the_same:
      disk.nodes()["elsewhere"] = before;
      disk.link(path, "/elsewhere");
      break;
    case Thing::link_to_nothing: disk.link(path, "/nowhere"); break;
    case Thing::pipe: node = {FileType::other, {}, 0644}; break;
    case Thing::directory: node = {FileType::directory, {}, 0755}; break;
    case Thing::shut: disk.unreadable.insert(path); break;
    case Thing::failing:
      disk.before_read = [path](const std::string&, const std::string& read) -> std::optional<Error> {
        if (read != path) return {};
        return Error{Code::world, "the device fails", {}, path, {}};
      };
      break;
  }
}

enum class Word { as_sealed, differs, unread, silent };
std::string name_of(Word word) {
  return word == Word::as_sealed ? "as sealed"
         : word == Word::differs ? "differs"
         : word == Word::unread  ? "unread"
                                 : "silent";
}

struct PlacesBench {
  PlacesBench() {
    fake.disk.put_tree("Acme.Notes", good_tree("PROOF-001"));
    auto opened = Store::open(join_path(home.path, "store"), true);
    store.emplace(std::move(*opened));
  }
  CheckOptions options() const {
    CheckOptions out;
    out.read.digests = true, out.read.max_file_size = k_limit;
    return out;
  }
  // What the seal says of the one record; silent: it does not see it.
  Word seal() {
    const auto report = check_paths(fake.world, {"Acme.Notes"}, {}, options());
    if (!report) return report.error().code == Code::world ? Word::unread : Word::silent;
    Word out = report->unreadable() || report->world_failed() ? Word::unread : Word::silent;
    for (const auto& outcome : seal_records(fake.world, &*store, *report, {})) {
      EXPECT_NE(outcome.result, SealResult::sealed) << "sealed twice";
      if (outcome.result == SealResult::already) out = Word::as_sealed;
      if (outcome.result == SealResult::changed) out = Word::differs;
      if (outcome.result == SealResult::unread || outcome.result == SealResult::failed) out = Word::unread;
    }
    return out;
  }
  Word verify() {
    const auto report = verify_records(fake.world, *store, {"Acme.Notes"}, options());
    if (!report) return report.error().code == Code::world ? Word::unread : Word::silent;
    if (!report->faults.empty()) return Word::differs;
    return report->unread.empty() ? report->records ? Word::as_sealed : Word::silent : Word::unread;
  }
  std::size_t published() {
    const auto here = sealed_here(fake.world, *store, {"Acme.Notes"}, options());
    return here ? here->seqs.size() : 0;
  }
  TemporaryDirectory home;
  FakeWorld fake;
  std::optional<Store> store;
};

std::vector<std::string> sealed_files() {
  PlacesBench bench;
  const auto report = check_paths(bench.fake.world, {"Acme.Notes"}, {}, bench.options());
  EXPECT_EQ(seal_records(bench.fake.world, &*bench.store, *report, {}).size(), 2U);
  std::vector<std::string> out;
  (void)bench.store->each_entry([&](const LedgerEntry& entry) {
    for (const auto& [path, file] : entry.files) {
      if (file.role == CoveredFile::Role::covered) out.push_back(join_path("Acme.Notes", path));
    }
    return true;
  });
  return out;
}

TEST(Places, WhateverStandsThereIsNotWhatWasSealed) {
  const auto files = sealed_files();
  ASSERT_GE(files.size(), 4U) << "manifest, data, proof, and what sealing wrote";
  for (const auto& file : files) {
    for (const auto thing : k_things) {
      PlacesBench bench;
      const auto first = check_paths(bench.fake.world, {"Acme.Notes"}, {}, bench.options());
      ASSERT_EQ(seal_records(bench.fake.world, &*bench.store, *first, {}).front().result, SealResult::sealed);
      ASSERT_EQ(bench.verify(), Word::as_sealed);
      ASSERT_EQ(bench.seal(), Word::as_sealed);
      put(bench.fake.disk, file, thing);
      const auto what = std::string(k_names[static_cast<int>(thing)]) + " at " + file;
      const bool cannot_look = thing == Thing::shut || thing == Thing::failing;
      const auto verified = bench.verify();
      EXPECT_EQ(name_of(verified), name_of(cannot_look ? Word::unread : Word::differs)) << what;
      // What sealing cannot read it does not judge; it calls nothing changed that it did not look at.
      const auto sealed = bench.seal();
      EXPECT_NE(sealed, Word::as_sealed) << what;
      EXPECT_FALSE(sealed == Word::differs && cannot_look) << what;
      EXPECT_FALSE(sealed == Word::unread && (thing == Thing::other_bytes || thing == Thing::nothing)) << what;
      EXPECT_EQ(bench.published(), 2U) << what << ": what was sealed is published, whatever lies there now";
    }
  }
}

// Before the seal: what a record leads to and cannot be looked at may be what speaks against it.
TEST(Places, NothingIsSealedOnTheStrengthOfWhatWasNotLookedAt) {
  PlacesBench before;
  std::size_t seen = 0;  // outcomes: a record that cannot be read itself has none
  for (const auto& file : sealed_files()) {
    if (!before.fake.disk.has(file)) continue;  // sealing wrote it
    for (const auto thing : k_things) {
      // What is not a file is not there, and other bytes are looked at and judged.
      if (thing == Thing::nothing || thing == Thing::other_bytes || thing == Thing::directory) continue;
      PlacesBench bench;
      put(bench.fake.disk, file, thing);
      const auto report = check_paths(bench.fake.world, {"Acme.Notes"}, {}, bench.options());
      if (!report) continue;
      for (const auto& outcome : seal_records(bench.fake.world, &*bench.store, *report, {})) {
        // The proof of the action leads to nothing.
        const bool action = outcome.id.iri.text.starts_with("ckp://Action#");
        if (action && file.find("/storage/proof/proof-") == std::string::npos) continue;
        EXPECT_NE(outcome.result, SealResult::sealed) << k_names[static_cast<int>(thing)] << " at " << file;
        ++seen;
      }
    }
  }
  EXPECT_GE(seen, 12U);
}

// Past a thousand faults of one file the rest are counted, and may be what could not be read.
TEST(Places, ManyFaultsHideNothingThatWasNotLookedAt) {
  PlacesBench bench;
  std::string lines;
  for (int i = 0; i < 1'500; ++i) lines += "{\"action_urn\": \"no URN " + std::to_string(i) + "\"}\n";
  bench.fake.disk.put("Acme.Notes/storage/ledger/actions.jsonl", lines + "{broken\n");
  const auto report = check_paths(bench.fake.world, {"Acme.Notes"}, {}, bench.options());
  ASSERT_TRUE(report);
  const auto outcomes = seal_records(bench.fake.world, &*bench.store, *report, {});
  ASSERT_EQ(outcomes.size(), 2U);
  for (const auto& outcome : outcomes) EXPECT_EQ(outcome.result, SealResult::unread);
}

}  // namespace
}  // namespace provgate::test
