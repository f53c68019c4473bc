// SPDX-License-Identifier: Apache-2.0
// All links of all chains that are kept, each held against its own bytes and the one before it.
#include <algorithm>
#include <charconv>
#include <thread>
#include <unordered_map>

#include "base/digest.hpp"
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

bool beacon_holds(const Beacon& beacon, std::int64_t micros, BeaconChecks& checks) {
  if (beacon.round == 0) return true;
  bool known = true;
  for (const auto fault : faults_of(beacon, micros)) {
    if (fault != BeaconFault::unknown_chain && fault != BeaconFault::no_signature) return false;
    known = false;
  }
  return !known || checks.verdict(beacon) != CurveVerdict::fails;
}

Beacon beacon_of(const KeptRow& row) {
  Beacon out;
  out.chain = text_of(row.value, "drand_chain"), out.randomness = text_of(row.value, "drand_randomness");
  out.signature = text_of(row.value, "drand_signature"), out.previous = text_of(row.value, "drand_previous_signature");
  out.round = static_cast<std::uint64_t>(told(row.value, "drand_round").as_int().value_or(0));
  return out;
}

// Members of a record whose text is its canonical form, in order.
class Scanned {
 public:
  explicit Scanned(const std::vector<ScannedMember>& members) : members_(members) {}
  // Those asked for come in their order, too.
  const ScannedMember* find(std::string_view name) {
    while (at_ < members_.size() && members_[at_].name < name) ++at_;
    return at_ < members_.size() && members_[at_].name == name ? &members_[at_] : nullptr;
  }
  std::string_view text(std::string_view name) {
    const auto* member = find(name);
    return member ? member->text() : std::string_view{};
  }
  std::int64_t number(std::string_view name) {
    const auto* member = find(name);
    std::int64_t out = 0;
    if (member) std::from_chars(member->value.data(), member->value.data() + member->value.size(), out);
    return out;
  }

 private:
  const std::vector<ScannedMember>& members_;
  std::size_t at_ = 0;
};

// The round that the record before had, and when that was.
struct LastRound {
  std::string chain, randomness, signature, previous;
  std::uint64_t round = 0;
  std::int64_t micros = 0;
  bool holds = false;
};

// Records that were written together mostly have one.
bool round_holds(const Beacon& beacon, std::int64_t micros, BeaconChecks& checks, LastRound& last) {
  const bool same = last.holds && beacon.round == last.round && beacon.signature == last.signature &&
                    beacon.randomness == last.randomness && beacon.chain == last.chain &&
                    beacon.previous == last.previous && micros >= last.micros;
  if (same) return true;
  const bool holds = beacon_holds(beacon, micros, checks);
  last = {beacon.chain, beacon.randomness, beacon.signature, beacon.previous, beacon.round, micros, holds};
  return holds;
}

enum class Scan { read, other, unknown };

// The same as from a document, without one. `other`: it is of another table; `unknown`: the text is another one.
Scan read_scanned(std::string_view bytes, BeaconChecks& checks, std::vector<ScannedMember>& members, LastRound& last,
                  Piece& out) {
  if (!scan_canonical(bytes, members)) return Scan::unknown;
  Scanned row(members);
  Link link;
  Beacon beacon;
  const auto depth = row.number("chain_depth");
  const auto root = parse_uuid(row.text("chain_root_id"));
  const auto who = row.text("chitty_id");
  const auto content = hash_in(row.text("content_hash"));
  beacon.chain = row.text("drand_chain"), beacon.previous = row.text("drand_previous_signature");
  beacon.randomness = row.text("drand_randomness"),
  beacon.round = static_cast<std::uint64_t>(row.number("drand_round"));
  beacon.signature = row.text("drand_signature");
  const auto* metadata = row.find("experience_metadata");
  const auto words = row.text("experience_summary");
  const auto at = parse_datetime(row.text("experienced_at"));
  const auto recipe = row.text("hash_alg");
  const auto id = parse_uuid(row.text("id"));
  const auto parent = parse_uuid(row.text("parent_provenance_id"));
  const auto previous = hash_in(row.text("previous_hash"));
  const auto own = hash_in(row.text("record_hash"));
  if (row.text("table") != experiences().name) return Scan::other;
  if (!id || !content || !at || !at->has_zone || !metadata || !own) return Scan::unknown;
  link.id = *id, link.own = *content, link.depth = depth, link.micros = at->micros, link.has_time = true;
  if (root) link.has_root = true, link.root = *root;
  if (parent) link.has_parent = true, link.parent = *parent;
  if (previous) link.has_previous = true, link.previous = *previous;
  link.names_record = recipe == "provgate-record-1";
  std::ranges::transform(record_digest(experiences(), members), link.record.begin(),
                         [](char c) { return static_cast<std::uint8_t>(c); });
  // An object that is canonical is what JSON.stringify gives, unless a name of it is a number.
  const auto hashed = sha256(std::string(words).append(metadata->value));
  const bool holds = std::ranges::equal(hashed, link.own, {}, [](char c) { return static_cast<std::uint8_t>(c); });
  if (!holds) return Scan::unknown;
  out.links.push_back(link);
  out.subjects.emplace_back(who);
  out.own.push_back({false, *own != link.record, !round_holds(beacon, link.micros, checks, last)});
  return Scan::read;
}

void read_one(std::string_view bytes, BeaconChecks& checks, std::vector<ScannedMember>& members, LastRound& last,
              Piece& out) {
  if (out.failed || read_scanned(bytes, checks, members, last, out) != Scan::unknown) return;
  auto row = read_kept(bytes);
  if (!row) {
    out.failed = row.error();
    return;
  }
  if (!row->told.is("experience_provenance")) return;
  out.links.push_back(row->told.link);
  out.subjects.push_back(std::move(row->told.chitty_id));
  const auto own = hash_in(text_of(row->value, "record_hash"));
  out.own.push_back({!content_holds(*row), own && *own != row->told.link.record,
                     !beacon_holds(beacon_of(*row), row->told.link.micros, checks)});
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
  parallel_for(pieces.size(), threads ? threads : std::thread::hardware_concurrency(), [&](std::size_t i) {
    const auto end = std::min(records.size(), (i + 1) * k_at_once);
    std::vector<ScannedMember> members;
    LastRound last;
    for (auto at = i * k_at_once; at < end; ++at) read_one(records[at], checks, members, last, pieces[i]);
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
  auto checked = check_links(all.links);
  // A later state is no other experience.
  for (const auto& one : checked) {
    if (one.has(LinkFault::duplicate) && one.parent != CheckedLink::k_none) --checked[one.parent].children;
  }
  std::vector<std::uint32_t> which;
  ChainReport out;
  if (asked) {
    const auto at = std::ranges::find(all.links, *asked, &Link::id) - all.links.begin();
    if (at == std::ssize(all.links)) return fail(Code::integrity, "the record is not among those that are kept");
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
