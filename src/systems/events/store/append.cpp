// SPDX-License-Identifier: Apache-2.0
#include "systems/events/store/append.hpp"

#include <algorithm>

#include "base/parallel.hpp"
#include "record/chunks.hpp"
#include "systems/events/convert/convert.hpp"
#include "systems/events/reading.hpp"

namespace provgate::events {
namespace {

constexpr std::size_t k_read_at_once_bytes = 64 << 10;

}  // namespace

Appending::One Appending::one(const SourceFile& file, const std::string& name) const {
  One out;
  out.place = name;
  if (!file.doc) {
    Sink sink(name);
    check_readable(file, sink);
    out.findings = std::move(sink.findings()), out.readable = false;
    return out;
  }
  out.owner = name + ":" + std::to_string(file.doc->root().place().line);
  Sink sink(out.owner);
  auto judged = judge(file, book_, sink);
  out.findings = std::move(sink.findings());
  for (auto& f : out.findings) f.focus = judged.event.id.empty() ? std::string{} : iri_of(judged.event);
  if (!judged.event.refused && !judged.event.id.empty()) {
    out.record = KeptRecord(std::string(file.doc->root().raw()), rows_of(judged));
    out.named = true;
  }
  out.event = std::move(judged.event), out.mentions = std::move(judged.mentions);
  return out;
}

void Appending::read(std::string_view text, const std::string& name, std::uint32_t first_line) {
  if (text.starts_with(k_byte_order_mark)) text.remove_prefix(k_byte_order_mark.size());
  if (each_laid_out(name, text, [&](const SourceFile& file) { all_.push_back(one(file, name)); })) return;
  const auto chunks = chunks_of(text, k_read_at_once_bytes);
  std::vector<Part> parts(chunks.size());
  parallel_for(chunks.size(), rules_.threads, [&](std::size_t i) {
    const auto line = first_line + chunks[i].first_line - 1;
    each_line(
        name, chunks[i].text, [&](const SourceFile& file, bool) { parts[i].all.push_back(one(file, name)); }, line);
  });
  for (auto& part : parts) std::ranges::move(part.all, std::back_inserter(all_));
}

bool Appending::fails(const One& one) {
  return !one.named || std::ranges::any_of(one.findings, [](const auto& f) { return f.severity == Severity::error; });
}

Finding& Appending::say(std::string_view rule, One& one, Place at, std::string message) const {
  Sink sink(one.owner);
  auto& f = sink.add(rule, one.place, at, std::move(message));
  f.focus = one.event.id.empty() ? std::string{} : iri_of(one.event);
  return one.findings.emplace_back(std::move(f));
}

Result<void> Appending::look_for(const KeptRecords& kept, One& one) const {
  TRY(const auto there, kept.last(one.record.rows().first_key()));
  if (!there) return {};
  TRY(const auto bytes, kept.bytes(there->place));
  one.where = there->place;
  if (bytes == one.record.bytes()) return one.known = true, Result<void>{};
  one.other = true;
  auto& f = say("EVT-027", one, one.event.at,
                "another event has this id: record " + std::to_string(there->place.number) + " of entry " +
                    std::to_string(there->place.entry.number));
  f.path = "event_id", f.found = one.event.id;
  return {};
}

// Events that stand there twice.
void Appending::within_batch() {
  std::unordered_map<std::string_view, const One*> seen;
  seen.reserve(all_.size());
  for (auto& one : all_) {
    if (!one.named) continue;
    const auto [first, fresh] = seen.try_emplace(one.record.rows().first_key(), &one);
    if (fresh) continue;
    if (first->second->record.leaf() == one.record.leaf()) {
      one.known = true;
      continue;
    }
    one.other = true;
    auto& f = say("EVT-027", one, one.event.at, "another event has this id, at " + first->second->owner);
    f.path = "event_id", f.found = one.event.id;
  }
}

Result<void> Appending::across(const KeptRecords& kept) {
  std::optional<Error> failed;
  // They stand one behind the other.
  const auto owner_of = [&](const Event& event) -> One& {
    return *std::ranges::lower_bound(all_, &event, std::less<>(), [](const One& one) { return &one.event; });
  };
  const auto before = [&](std::string_view thing, const Event& event, std::string_view id) {
    std::vector<Mention> out;
    const auto name = by_thing(thing, event.tenant, id);
    const auto found = [&]() -> Result<void> {
      if (thing == "artifact") {
        TRY(const auto last, kept.last(name));
        if (last) out.push_back(mention_said(last->says, id));
        return {};
      }
      TRY(const auto rows, kept.rows(name, {}));
      while (true) {
        TRY(const auto* row, rows->next());
        if (!row) return {};
        out.push_back(mention_said(row->says, id));
      }
    }();
    if (!found && !failed) failed = found.error();
    return out;
  };
  LogRules rules([&](std::string_view rule, const Event& event, Place at,
                     std::string message) -> Finding& { return say(rule, owner_of(event), at, std::move(message)); },
                 before);
  for (auto& one : all_) {
    if (one.known || fails(one)) continue;
    rules.add(one.event, one.mentions, one.place);
    if (failed) return tl::unexpected<Error>(*failed);
  }
  rules.finish();
  return failed ? tl::unexpected<Error>(*failed) : Result<void>{};
}

Result<void> Appending::compare(const KeptRecords& kept) {
  within_batch();
  for (auto& one : all_) {
    if (!one.known && one.named) CHECKED(look_for(kept, one));
  }
  return across(kept);
}

void Appending::offer(const Keeping::Offered& offered) {
  each_line(
      offered.file, offered.bytes, [&](const SourceFile& file, bool) { all_.push_back(one(file, offered.file)); },
      offered.at.line);
}

Result<std::vector<Keeping::Held>> Appending::hold(const KeptRecords& kept) {
  using State = Keeping::Held::State;
  CHECKED(compare(kept));
  std::vector<Keeping::Held> out;
  for (auto& one : all_) {
    auto& held = out.emplace_back();
    held.state = one.known ? State::known : one.other ? State::other : fails(one) ? State::refused : State::fresh;
    held.place = one.where, held.findings = std::move(one.findings), held.record = std::move(one.record);
  }
  return out;
}

Result<Keeper::Batch> Appending::batch(const KeptRecords& kept) {
  CHECKED(compare(kept));
  Keeper::Batch out;
  out.system = RecordId::System("events");
  out.kind = rules_.profile.empty() ? std::string(k_newest) : rules_.profile;
  if (!each_ && std::ranges::any_of(all_, [](const auto& one) { return !one.known && fails(one); })) return out;
  for (auto& one : all_) {
    if (one.known || fails(one)) continue;
    for (const auto& f : one.findings) out.about.push_back(&f);
    out.records.push_back(std::move(one.record));
    one.kept = true;
  }
  return out;
}

Appended Appending::outcome(Seq entry) && {
  out_.entry = entry, out_.read = all_.size();
  for (auto& one : all_) {
    out_.unreadable += !one.readable;
    out_.known += one.known;
    out_.refused += one.readable && !one.known && fails(one);
    out_.appended += entry && one.kept;
    // Of what stands there already nothing new is said.
    if (!one.known) std::ranges::move(one.findings, std::back_inserter(out_.findings));
  }
  return std::move(out_);
}

}  // namespace provgate::events
