// SPDX-License-Identifier: Apache-2.0
#include "systems/experience/rules/links.hpp"

#include <algorithm>
#include <map>
#include <numeric>
#include <set>
#include <tuple>
#include <unordered_map>

namespace provgate::experience {
namespace {

// Those of one table, in order, and where they stand among all.
struct Group {
  std::vector<std::size_t> at;
  std::vector<Link> links;
};

// Of records that were refused.
using Ids = std::set<Uuid>;

// Numbers for whom records are about.
class Subjects {
 public:
  std::uint32_t of(const std::string& id) {
    return numbers_.try_emplace(id, static_cast<std::uint32_t>(numbers_.size())).first->second;
  }

 private:
  std::unordered_map<std::string_view, std::uint32_t> numbers_;
};

Group group_of(const std::vector<const Told*>& all, std::string_view table) {
  Group out;
  Subjects subjects;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (!all[i]->is(table)) continue;
    out.at.push_back(i);
    out.links.push_back(all[i]->link);
    out.links.back().subject = subjects.of(all[i]->chitty_id);
  }
  return out;
}

struct Rule {
  LinkFault fault;
  std::string_view id, message;
};
constexpr Rule k_rules[] = {
    {LinkFault::dangling, "XPR-021", "the experience before it is not there"},
    {LinkFault::wrong_depth, "XPR-022", "its depth is not one more than that of the one before"},
    {LinkFault::wrong_root, "XPR-023", "its root is not the first one of its chain"},
    {LinkFault::wrong_subject, "XPR-024", "the one before it is somebody else's"},
    {LinkFault::time_order, "XPR-025", "it was experienced before the one before it"},
    {LinkFault::cycle, "XPR-026", "it comes before itself"},
    {LinkFault::broken, "XPR-027", "it does not name the hash of the one before"}};

void judge_chains(const std::vector<const Told*>& all, const Ids& refused, std::uint64_t seed, const Say& say) {
  const auto group = group_of(all, "experience_provenance");
  const auto checked = check_links(group.links, seed);
  std::unordered_map<std::string_view, bool> weak;
  for (std::size_t i = 0; i < checked.size(); ++i) {
    const auto& one = *all[group.at[i]];
    for (const auto& rule : k_rules) {
      // What a first one may not say is said of it by itself.
      if (!checked[i].has(rule.fault) || !one.link.has_parent) continue;
      if (rule.fault == LinkFault::dangling && refused.contains(one.link.parent)) continue;
      say(rule.id, group.at[i], std::string(rule.message)).path = "parent_provenance_id";
    }
    if (checked[i].children > 1)
      say("XPR-030", group.at[i], plural(checked[i].children, "experience") + " follow it: the chain branches here");
    // Once for each whose records they are.
    if (one.only_seed && weak.try_emplace(one.chitty_id, true).second)
      say("XPR-031", group.at[i],
          "its hash covers summary and metadata only; so do those of others of " + one.chitty_id);
  }
}

// Records of one table and id: the same record in a later state, or another one. Those that are left are each the
// first of its id.
std::vector<bool> judge_ids(const std::vector<const Told*>& all, const Say& say) {
  std::vector<std::size_t> order(all.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto key = [&](std::size_t i) { return std::tuple(all[i]->table, all[i]->link.id, i); };
  std::ranges::sort(order, [&](std::size_t a, std::size_t b) { return key(a) < key(b); });
  std::vector<bool> first(all.size(), true);
  std::size_t begin = 0, last = 0;
  for (std::size_t n = 1; n < order.size(); ++n) {
    const auto &top = *all[order[begin]], &one = *all[order[n]];
    if (top.table != one.table || top.link.id != one.link.id) {
      begin = last = n;
      continue;
    }
    first[order[n]] = false;
    if (top.link.record != one.link.record) {
      say("XPR-014", order[n], "another record of this table has its id").path = "id";
      continue;
    }
    if (const auto objection = against_change(all[order[last]]->state, one.state))
      say(objection->rule, order[n], std::string(objection->message)).path = objection->column;
    last = n;
  }
  return first;
}

// The records of one subject, by their number.
void judge_sequence(const std::vector<const Told*>& all, std::vector<std::size_t>& of, const Say& say) {
  std::ranges::stable_sort(of, {}, [&](std::size_t i) { return all[i]->sequence; });
  std::int64_t expected = 1;
  for (std::size_t n = 0; n < of.size(); ++n) {
    const auto& one = *all[of[n]];
    const auto* before = n > 0 ? all[of[n - 1]] : nullptr;
    if (before && before->sequence == one.sequence) {
      auto& f =
          say("XPR-056", of[n], "two records of " + one.chitty_id + " have the number " + std::to_string(one.sequence));
      f.path = "subject_seq";
      continue;
    }
    if (one.sequence != expected) {
      auto& f = say("XPR-055", of[n], "number " + std::to_string(expected) + " of " + one.chitty_id + " is not there");
      f.path = "subject_seq", f.found = std::to_string(one.sequence), f.expected = std::to_string(expected);
    }
    const bool follows = before && before->sequence + 1 == one.sequence;
    const auto& named = before ? (one.by_record ? before->link.record : before->link.own) : one.link.previous;
    if (one.sequence == 1 && one.link.has_previous)
      say("XPR-057", of[n], "it is the first of " + one.chitty_id + ", and names the hash of one before").path =
          "chain_previous_hash";
    if (follows && (!one.link.has_previous || one.link.previous != named))
      say("XPR-057", of[n], "it does not name the hash of number " + std::to_string(one.sequence - 1)).path =
          "chain_previous_hash";
    expected = one.sequence + 1;
  }
}

void judge_sequences(const std::vector<const Told*>& all, const Say& say) {
  std::map<std::string_view, std::vector<std::size_t>> subjects;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (all[i]->is("accountability_records") && all[i]->sequence > 0) subjects[all[i]->chitty_id].push_back(i);
  }
  for (auto& [id, of] : subjects) judge_sequence(all, of, say);
}

// What names records of another kind, or of its own.
void judge_references(const std::vector<const Told*>& all, const Ids& refused, const Say& say) {
  std::vector<Uuid> experiences, actions;
  for (const auto* one : all) {
    if (one->is("experience_provenance")) experiences.push_back(one->link.id);
    if (one->is("accountability_records")) actions.push_back(one->link.id);
  }
  std::ranges::sort(experiences), std::ranges::sort(actions);
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto& one = *all[i];
    const auto there = [&](const std::vector<Uuid>& ids, const Uuid& id) {
      return std::ranges::binary_search(ids, id) || refused.contains(id);
    };
    if (one.remediates && !there(actions, *one.remediates))
      say("XPR-062", i, "the record that it remediates is not there").path = "remediates";
    if (one.experience && !there(experiences, *one.experience))
      say("XPR-063", i, "the experience that it belongs to is not there").path = "provenance_id";
  }
}

}  // namespace

std::optional<Objection> against_change(const State& before, const State& after) {
  enum : std::uint8_t { pending, verified, disputed, invalidated };
  const bool same = before.verification == after.verification;
  const bool allowed = before.verification == pending ||
                       (before.verification == verified && after.verification != pending) ||
                       (before.verification == disputed && after.verification != pending);
  if (!same && !allowed)
    return Objection{"XPR-039", "what was verified, disputed or invalidated is not that any more",
                     "verification_status"};
  const bool settled = before.verification == verified || before.verification == invalidated;
  if (same && settled && after.verified_by != before.verified_by)
    return Objection{"XPR-039", "it was verified or invalidated by somebody else, or at another time", "verified_by"};
  if (before.revoked && (after.revoked != before.revoked || after.reason != before.reason))
    return Objection{"XPR-018", "it was revoked, and that is final", "revoked_at"};
  if (before.sealed && (!after.sealed || after.seal != before.seal))
    return Objection{"XPR-019", "it was sealed, and has another seal or none", "seal_hash"};
  return {};
}

void judge_links(const std::vector<const Told*>& given, std::uint64_t seed, const Say& say) {
  Ids refused;
  std::vector<const Told*> taken, all;
  std::vector<std::size_t> taken_at, all_at;
  for (std::size_t i = 0; i < given.size(); ++i) {
    const auto id = given[i]->refused ? parse_uuid(given[i]->id) : std::nullopt;
    if (id) refused.insert(*id);
    if (!given[i]->refused) taken.push_back(given[i]), taken_at.push_back(i);
  }
  const auto about = [&say](const std::vector<std::size_t>& at) -> Say {
    return [&say, &at](std::string_view rule, std::size_t record, std::string message) -> Finding& {
      return say(rule, at[record], std::move(message));
    };
  };
  const auto first = judge_ids(taken, about(taken_at));
  for (std::size_t i = 0; i < taken.size(); ++i) {
    if (first[i]) all.push_back(taken[i]), all_at.push_back(taken_at[i]);
  }
  judge_chains(all, refused, seed, about(all_at));
  judge_sequences(all, about(all_at));
  judge_references(all, refused, about(all_at));
}

}  // namespace provgate::experience
