// SPDX-License-Identifier: Apache-2.0
#include "systems/experience/store/filling.hpp"

#include <algorithm>
#include <map>

#include "base/digest.hpp"
#include "systems/experience/hash.hpp"
#include "systems/experience/names.hpp"
#include "systems/experience/reading.hpp"
#include "text/canonical.hpp"

namespace provgate::experience {
namespace {

// The hash of what a record says: of experiences and attestations as the original has it, which names no form for
// actions: the canonical JSON of what was done and what came of it.
Result<std::string> content_hash(const Table& table, Value row) {
  const auto nothing = read_json("", "{}");
  const auto data = [&](std::string_view column) {
    const auto value = told(row, column);
    return value ? value : nothing->root();
  };
  if (&table == &experiences()) return *seed_hash(text_of(row, "experience_summary"), data("experience_metadata"));
  if (&table == &attestations()) return *seed_hash({}, data("evidence_summary"));
  if (&table == &syncs()) return std::string(text_of(row, "profile_hash"));
  TRY(const auto text, canonical(row, [](Value member) {
        return member.key().starts_with("action_") && member.key() != "action_at" && !member.is(Kind::null);
      }));
  return sha256_hex(text).text;
}

}  // namespace

void set_beacon(Members& row, std::string_view prefix, const Occasion& on) {
  const auto name = [&](std::string_view part) { return std::string(prefix).append(part); };
  row.set_text(name("chain"), on.beacon->chain);
  row.set(name("round"), std::to_string(on.beacon->round));
  row.set_text(name("randomness"), on.beacon->randomness);
  row.set_text(name("signature"), on.beacon->signature);
  if (!on.beacon->previous.empty()) row.set_text(name("previous_signature"), on.beacon->previous);
}

const Table& experiences() { return tables()[0]; }
const Table& attestations() { return tables()[1]; }
const Table& actions() { return tables()[2]; }
const Table& syncs() { return tables()[3]; }

// What comes before it, and where it stands.
Result<void> Filling::link(const Table& table, Members& row, const Occasion& on) const {
  TRY(const auto document, read_json("row", row.text()));
  const auto given = document.root();
  if (&table == &experiences()) {
    const auto parent_id = parse_uuid(text_of(given, "parent_provenance_id"));
    std::optional<Told> parent;
    if (parent_id) {
      TRY(parent, holding_.find(table, uuid_text(*parent_id)));
    }
    if (!row.has("chain_depth")) row.set("chain_depth", std::to_string(parent ? parent->link.depth + 1 : 0));
    if (parent && !row.has("chain_root_id"))
      row.set_text("chain_root_id", uuid_text(parent->link.has_parent ? parent->link.root : parent->link.id));
    if (parent && !row.has("previous_hash")) row.set_text("previous_hash", hash_text(parent->link.record));
    if (!row.has("verification_status")) row.set_text("verification_status", "pending");
  }
  if (&table == &actions()) {
    TRY(const auto last, holding_.last_number(std::string(text_of(given, "chitty_id"))));
    if (!row.has("subject_seq")) row.set("subject_seq", std::to_string(last ? last->sequence + 1 : 1));
    if (last && !row.has("chain_previous_hash")) row.set_text("chain_previous_hash", hash_text(last->link.record));
  }
  if (on.beacon && !row.has("drand_round") && !row.has("beacon")) {
    set_beacon(row, "drand_", on);
  } else if (!row.has("drand_round")) {
    row.set_text("beacon", "none");
  }
  return {};
}

// Whether a kept record of its id says all that it says; what was filled in then is not filled in again.
Result<bool> Filling::is_kept(const Table& table, const Members& row) const {
  TRY(const auto document, read_json("row", row.text()));
  TRY(const auto there, kept_.last(by_id(table, text_of(document.root(), "id"))));
  if (!there) return false;
  TRY(const auto bytes, kept_.bytes(there->place));
  TRY(const auto kept, read_kept(bytes));
  bool same = true;
  document.root().each([&](Value member) {
    const auto value = kept.value.find(member.key());
    same = same && value && stringified(value) == stringified(member);
  });
  return same;
}

Result<void> Filling::row(const Table& table, Members row, const Occasion& on, const std::string& name, Place at) {
  row.set_text("table", table.name);
  // What brings its own hash was made elsewhere.
  if (row.has("content_hash")) return offer(row.text(), name, at);
  if (row.has("id")) {
    TRY(const bool there, is_kept(table, row));
    if (there) return ++out_.known, Result<void>{};
  }
  if (!row.has("id")) row.set_text("id", on.new_id());
  row.set_text("hash_alg", "provgate-record-1");
  CHECKED(link(table, row, on));
  const auto now = format_utc(on.now_micros);
  if (!row.has(table.when)) row.set_text(table.when, now);
  if (!row.has("created_at")) row.set_text("created_at", now);
  const auto hashes = [&]() -> Result<void> {
    TRY(const auto document, read_json("row", row.text()));
    TRY(const auto content, content_hash(table, document.root()));
    row.set_text("content_hash", content);
    TRY(const auto whole, read_json("row", row.text()));
    TRY(const auto record, record_hash(table, whole.root()));
    row.set_text("record_hash", record);
    return {};
  };
  // What has no canonical form is refused with the rest that is wrong with it.
  if (const auto done = hashes(); !done) row.set_text("content_hash", std::string(64, '0'));
  return offer(row.ordered_text(), name, at);
}

Result<void> Filling::rows(const RowLines& given, const Occasion& on) {
  Result<void> failed;
  each_line(
      given.name, given.text,
      [&](const SourceFile& file, bool) {
        if (!failed) {
          return;
        }
        ++out_.read;
        Sink sink(given.name);
        if (!check_readable(file, sink)) ++out_.unreadable;
        const auto refused =
            std::ranges::any_of(sink.findings(), [](const auto& f) { return f.severity == Severity::error; });
        std::ranges::move(sink.findings(), std::back_inserter(out_.findings));
        if (!file.doc) return;
        const auto root = file.doc->root();
        const auto* table = root.is(Kind::object) && root.find("table") ? find_table(text_of(root, "table"))
                            : root.is(Kind::object)                     ? &experiences()
                                                                        : nullptr;
        if (!table && !refused) {
          Sink said(given.name + ":" + std::to_string(root.place().line));
          said.add("XPR-009", file, root.place(), "a row of no table that is known");
          std::ranges::move(said.findings(), std::back_inserter(out_.findings));
        }
        if (!table || refused) {
          ++out_.refused;
          return;
        }
        failed = row(*table, Members(root), on, given.name, root.place());
      },
      given.first_line);
  return failed;
}

Result<void> Filling::offer(std::string text, const std::string& name, Place at) {
  Keeping::Offered offered{std::move(text), name + (at.line ? ":" + std::to_string(at.line) : ""), name, at};
  SourceFile file;
  file.path = name;
  auto document = read_json(name, offered.bytes);
  if (!document) return tl::unexpected<Error>(document.error());
  file.doc = std::make_unique<Document>(std::move(*document));
  Row row;
  row.file = &file, row.value = file.doc->root(), row.table = text_of(row.value, "table");
  row.non_finite = file.doc->non_finite(), row.duplicates = file.doc->duplicates();
  Sink sink(offered.owner);
  const auto told = judge(row, sink, {true, &beacons_});
  bool refused = told.refused;
  for (auto& f : sink.findings()) {
    // Where it stands in what was given, not in what was made of it.
    f.at = at, f.snippet.clear();
    refused = refused || f.severity == Severity::error;
    if (told.table && !told.id.empty()) f.focus = record_iri(*told.table, told.id);
    out_.findings.push_back(std::move(f));
  }
  if (refused) return ++out_.refused, Result<void>{};
  TRY(auto kept, read_kept(offered.bytes));
  const auto iri = record_iri(*kept.told.table, kept.told.id);
  TRY(auto held, holding_.hold(offered, std::move(kept)));
  std::ranges::move(held.findings, std::back_inserter(out_.findings));
  switch (held.state) {
    case Keeping::Held::State::fresh:
      out_.iris.push_back(iri);
      records_.push_back(std::move(held.record));
      break;
    case Keeping::Held::State::known: ++out_.known; break;
    default: ++out_.refused; break;
  }
  return {};
}

Result<void> Filling::state(const KeptRow& of, const Members& row) {
  ++out_.read;
  return offer(row.text(), record_iri(*of.told.table, of.told.id), {});
}

void Filling::refuse(std::string_view rule, const KeptRow& of, std::string message, std::string_view column) {
  const auto iri = record_iri(*of.told.table, of.told.id);
  Sink sink(iri);
  auto& f = sink.add(rule, iri, {}, std::move(message));
  f.path = column, f.focus = iri;
  out_.findings.push_back(std::move(sink.findings().front()));
  ++out_.read, ++out_.refused;
}

Result<KeptRow> Filling::newest(const Table& table, const std::string& id) const {
  const auto prefix = name_of(table.kind, "");
  const auto plain = id.starts_with(prefix) ? id.substr(prefix.size()) : id;
  TRY(const auto there, kept_.last(by_id(table, plain)));
  if (!there)
    return fail(Code::nothing, "no " + std::string(table.called) + " has the id " + quote(plain),
                "provgate experience add");
  TRY(const auto bytes, kept_.bytes(there->place));
  return read_kept(bytes);
}

Result<std::vector<KeptRow>> newest_of(const KeptRecords& kept, const Table& table, const std::string& chitty_id) {
  TRY(auto rows, kept.rows(by_subject(table, chitty_id), {}));
  std::vector<KeptRow> out;
  std::map<std::string, std::size_t> known;
  while (true) {
    TRY(const auto* row, rows->next());
    if (!row) return out;
    TRY(const auto bytes, kept.bytes(row->place));
    TRY(auto one, read_kept(bytes));
    const auto [at, fresh] = known.try_emplace(one.told.id, out.size());
    if (fresh) {
      out.push_back(std::move(one));
    } else {
      out[at->second] = std::move(one);
    }
  }
}

Result<std::vector<KeptRow>> Filling::all_of(const Table& table, const std::string& chitty_id) const {
  return newest_of(kept_, table, chitty_id);
}

Keeper::Batch Filling::batch() {
  Keeper::Batch out;
  out.system = RecordId::System("experience"), out.kind = k_profile;
  if (out_.refused + out_.unreadable > 0) return out_.iris.clear(), out;
  out_.added = records_.size();
  out.records = std::move(records_);
  for (const auto& f : out_.findings) out.about.push_back(&f);
  return out;
}

Added Filling::outcome(Seq entry) && {
  out_.entry = entry;
  return std::move(out_);
}

}  // namespace provgate::experience
