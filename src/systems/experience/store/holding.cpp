// SPDX-License-Identifier: Apache-2.0
#include "systems/experience/store/holding.hpp"

#include "systems/experience/names.hpp"
#include "systems/experience/rules/links.hpp"

namespace provgate::experience {

void Holding::say(const Keeping::Offered& offered, const KeptRow& row, Held& out, std::string_view rule,
                  std::string message, std::string_view column) {
  Sink sink(offered.owner);
  auto& f = sink.add(rule, offered.file, offered.at, std::move(message));
  f.path = column, f.focus = record_iri(*row.told.table, row.told.id);
  out.findings.push_back(std::move(sink.findings().front()));
}

Result<std::optional<Told>> Holding::find(const Table& table, const std::string& id) const {
  const auto name = by_id(table, id);
  if (const auto found = newest_.find(name); found != newest_.end()) return std::optional(found->second);
  TRY(const auto there, kept_.last(name));
  if (!there) return std::optional<Told>{};
  TRY(const auto bytes, kept_.bytes(there->place));
  TRY(auto row, read_kept(bytes));
  return std::optional(std::move(row.told));
}

// Requires a record that has been there before.
Result<std::string> Holding::newest_state(const KeptRow& row) const {
  const auto name = by_id(*row.told.table, row.told.id);
  if (const auto found = states_.find(name); found != states_.end()) return found->second;
  TRY(const auto there, kept_.last(name));
  if (!there) return std::string{};
  TRY(const auto bytes, kept_.bytes(there->place));
  TRY(const auto kept, read_kept(bytes));
  return state_text(kept);
}

Result<void> Holding::change(const Keeping::Offered& offered, const KeptRow& row, const Told& before, Held& out) const {
  if (before.link.record != row.told.link.record) {
    out.state = Held::State::other;
    say(offered, row, out, "XPR-014", "another record of this table has its id", "id");
    return {};
  }
  // What differs in when it was written down alone is the same.
  TRY(const auto state, newest_state(row));
  if (state == state_text(row)) return out.state = Held::State::known, Result<void>{};
  const auto objection = against_change(before.state, row.told.state);
  if (objection) say(offered, row, out, objection->rule, std::string(objection->message), objection->column);
  out.state = objection ? Held::State::refused : Held::State::fresh;
  return {};
}

Result<void> Holding::follow_parent(const Keeping::Offered& offered, const KeptRow& row, Held& out) const {
  const auto& link = row.told.link;
  if (!row.told.is("experience_provenance") || !link.has_parent) return {};
  const auto wrong = [&](std::string_view rule, std::string message) {
    say(offered, row, out, rule, std::move(message), "parent_provenance_id");
  };
  TRY(const auto parent, find(*row.told.table, uuid_text(link.parent)));
  if (!parent) return wrong("XPR-021", "the experience before it is not there"), Result<void>{};
  const auto& before = parent->link;
  if (link.depth != before.depth + 1) wrong("XPR-022", "its depth is not one more than that of the one before");
  if (!link.has_root || link.root != (before.has_parent ? before.root : before.id))
    wrong("XPR-023", "its root is not the first one of its chain");
  if (row.told.chitty_id != parent->chitty_id) wrong("XPR-024", "the one before it is somebody else's");
  if (link.has_time && before.has_time && link.micros < before.micros)
    wrong("XPR-025", "it was experienced before the one before it");
  if (!link.has_previous || link.previous != (link.names_record ? before.record : before.own))
    wrong("XPR-027", "it does not name the hash of the one before");
  return {};
}

Result<std::optional<Told>> Holding::last_number(const std::string& chitty_id) const {
  if (const auto found = numbers_.find(chitty_id); found != numbers_.end()) return std::optional(found->second);
  TRY(const auto there, kept_.last(by_number(chitty_id)));
  if (!there) return std::optional<Told>{};
  TRY(const auto bytes, kept_.bytes(there->place));
  TRY(auto row, read_kept(bytes));
  return std::optional(std::move(row.told));
}

Result<void> Holding::follow_number(const Keeping::Offered& offered, const KeptRow& row, Held& out) const {
  const auto& told = row.told;
  if (!told.is("accountability_records") || told.sequence == 0) return {};
  TRY(const auto last, last_number(told.chitty_id));
  const auto wrong = [&](std::string_view rule, std::string message, std::string_view column) {
    say(offered, row, out, rule, std::move(message), column);
  };
  const auto before = last ? last->sequence : 0;
  if (told.sequence <= before)
    return wrong("XPR-056", "number " + std::to_string(told.sequence) + " of " + told.chitty_id + " is another record",
                 "subject_seq"),
           Result<void>{};
  if (told.sequence != before + 1)
    return wrong("XPR-055", "number " + std::to_string(before + 1) + " of " + told.chitty_id + " is not there",
                 "subject_seq"),
           Result<void>{};
  if (!last) {
    if (told.link.has_previous)
      wrong("XPR-057", "it is the first of " + told.chitty_id + ", and names the hash of one before",
            "chain_previous_hash");
    return {};
  }
  if (!told.link.has_previous || told.link.previous != (told.by_record ? last->link.record : last->link.own))
    wrong("XPR-057", "it does not name the hash of number " + std::to_string(before), "chain_previous_hash");
  return {};
}

Result<Keeping::Held> Holding::hold(const Keeping::Offered& offered, KeptRow row) {
  Held out;
  out.record = KeptRecord(offered.bytes, rows_of(row));
  const auto name = std::string(out.record.rows().first_key());
  // Its newest state alone counts: one that it had before would take a later one back.
  TRY(const auto there, kept_.last(name));
  if (there) {
    out.place = there->place;
    TRY(const auto bytes, kept_.bytes(there->place));
    if (bytes == offered.bytes && !states_.contains(name)) return out.state = Held::State::known, out;
  }
  if (!bytes_.try_emplace(offered.bytes, true).second) return out.state = Held::State::known, out;
  TRY(const auto before, find(*row.told.table, row.told.id));
  if (before) {
    CHECKED(change(offered, row, *before, out));
  } else {
    CHECKED(follow_parent(offered, row, out));
    CHECKED(follow_number(offered, row, out));
    out.state = out.findings.empty() ? Held::State::fresh : Held::State::refused;
  }
  if (out.state != Held::State::fresh) return out;
  if (!before && row.told.sequence) numbers_[row.told.chitty_id] = row.told;
  states_[name] = state_text(row);
  newest_[name] = std::move(row.told);
  return out;
}

}  // namespace provgate::experience
