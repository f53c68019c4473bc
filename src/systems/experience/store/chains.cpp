// SPDX-License-Identifier: Apache-2.0
// All links of all chains that are kept, each held against its own bytes and the one before it.
#include <algorithm>
#include <unordered_map>

#include "base/parallel.hpp"
#include "provgate/systems/experience/experience_store.hpp"
#include "systems/experience/hash.hpp"
#include "systems/experience/names.hpp"
#include "systems/experience/reading.hpp"
#include "systems/experience/store/filling.hpp"

namespace provgate::experience {
namespace {

constexpr std::size_t k_at_once = 2048;

// What a record's own bytes tell of it.
struct OwnFaults {
  bool content = false, record = false, beacon = false;
};

struct Piece {
  std::vector<Link> links;
  std::vector<std::string> subjects;
  std::vector<OwnFaults> own;
  std::optional<Error> failed;
};

bool content_holds(const KeptRow& row) {
  const auto hash = text_of(row.value, "content_hash");
  const auto data = told(row.value, "experience_metadata");
  const auto words = text_of(row.value, "experience_summary");
  if (!data) {
    const auto none = read_json("", "{}");
    return seed_hash(words, none->root()) == lower_ascii(hash);
  }
  // What can be in any order of many names is not said to be wrong.
  return compare_seed_hash(words, data, hash) != SeedHash::differs;
}

bool beacon_holds(const KeptRow& row, BeaconChecks& checks) {
  Beacon beacon;
  beacon.chain = text_of(row.value, "drand_chain"), beacon.randomness = text_of(row.value, "drand_randomness");
  beacon.signature = text_of(row.value, "drand_signature");
  const auto round = told(row.value, "drand_round");
  if (!round) return true;
  beacon.round = static_cast<std::uint64_t>(round.as_int().value_or(0));
  beacon.previous = text_of(row.value, "drand_previous_signature");
  bool known = true;
  for (const auto fault : faults_of(beacon, row.told.link.micros)) {
    if (fault != BeaconFault::unknown_chain && fault != BeaconFault::no_signature) return false;
    known = false;
  }
  return !known || checks.verdict(beacon) != CurveVerdict::fails;
}

void read_one(std::string_view bytes, BeaconChecks& checks, Piece& out) {
  if (out.failed || bytes.find("\"experience_provenance\"") == std::string_view::npos) return;
  auto row = read_kept(bytes);
  if (!row) {
    out.failed = row.error();
    return;
  }
  if (!row->told.is("experience_provenance")) return;
  out.links.push_back(row->told.link);
  out.subjects.push_back(std::move(row->told.chitty_id));
  const auto own = hash_in(text_of(row->value, "record_hash"));
  out.own.push_back({!content_holds(*row), own && *own != row->told.link.record, !beacon_holds(*row, checks)});
}

struct Links {
  std::vector<Link> links;
  std::vector<OwnFaults> own;
};

// The first state of each record: later ones have the same links.
Result<Links> read_links(const KeptRecords& kept, unsigned threads) {
  std::vector<std::string_view> records;
  bool ours = false;
  Seq of;
  std::optional<Error> failed;
  CHECKED(kept.each({}, [&](KeptPlace place, std::string_view bytes) {
    if (place.entry != of) {
      of = place.entry;
      const auto kind = kept.kind(of);
      if (!kind) failed = kind.error();
      ours = kind && *kind == k_profile;
    }
    if (ours) records.push_back(bytes);
    return !failed;
  }));
  if (failed) return tl::unexpected<Error>(*failed);
  BeaconChecks checks;
  std::vector<Piece> pieces((records.size() + k_at_once - 1) / k_at_once);
  parallel_for(pieces.size(), threads, [&](std::size_t i) {
    const auto end = std::min(records.size(), (i + 1) * k_at_once);
    for (auto at = i * k_at_once; at < end; ++at) read_one(records[at], checks, pieces[i]);
  });
  Links out;
  std::unordered_map<std::string, std::uint32_t> subjects;
  for (auto& piece : pieces) {
    if (piece.failed) return tl::unexpected<Error>(*piece.failed);
    for (std::size_t i = 0; i < piece.links.size(); ++i) {
      piece.links[i].subject =
          subjects.try_emplace(piece.subjects[i], static_cast<std::uint32_t>(subjects.size())).first->second;
    }
    std::ranges::move(piece.links, std::back_inserter(out.links));
    std::ranges::move(piece.own, std::back_inserter(out.own));
    piece = {};
  }
  return out;
}

constexpr std::pair<LinkFault, std::string_view> k_errors[] = {
    {LinkFault::dangling, "dangling_parent"},    {LinkFault::cycle, "cycle"},
    {LinkFault::wrong_depth, "wrong_depth"},     {LinkFault::wrong_root, "wrong_root"},
    {LinkFault::wrong_subject, "wrong_subject"}, {LinkFault::time_order, "time_order"},
    {LinkFault::broken, "chain_link_broken"}};

}  // namespace

Result<ChainReport> ExperienceStore::verify(const std::string& id, unsigned threads) {
  TRY(const auto kept, keeper_->look());
  std::optional<Uuid> asked;
  if (!id.empty()) {
    TRY(const auto row, Filling(*kept).newest(experiences(), id));
    asked = row.told.link.id;
  }
  TRY(const auto all, read_links(*kept, threads));
  const auto checked = check_links(all.links);
  std::vector<std::uint32_t> which;
  ChainReport out;
  if (asked) {
    const auto at = std::ranges::find(all.links, *asked, &Link::id) - all.links.begin();
    which = path_to(checked, static_cast<std::uint32_t>(at));
    for (const auto one : which) out.chain.push_back(uuid_text(all.links[one].id));
    // What comes before itself has no path; it is told of all the same.
    if (which.empty()) which.push_back(static_cast<std::uint32_t>(at));
  }
  const auto judge_one = [&](std::uint32_t i) {
    // A later state of a record that is there.
    if (checked[i].has(LinkFault::duplicate)) return;
    ++out.links, out.roots += !all.links[i].has_parent, out.branches += checked[i].children > 1;
    const auto say = [&](std::string_view error) {
      out.failures.push_back({uuid_text(all.links[i].id), std::string(error)});
    };
    if (all.own[i].content) say("content_hash_mismatch");
    if (all.own[i].record) say("record_hash_mismatch");
    for (const auto& [fault, error] : k_errors) {
      if (checked[i].has(fault)) say(error);
    }
    if (all.own[i].beacon) say("beacon");
  };
  if (asked) {
    for (const auto one : which) judge_one(one);
  } else {
    for (std::uint32_t i = 0; i < all.links.size(); ++i) judge_one(i);
  }
  return out;
}

}  // namespace provgate::experience
