// SPDX-License-Identifier: Apache-2.0
#include "provgate/seal/ledger.hpp"

#include <algorithm>

#include "base/digest.hpp"
#include "base/json_write.hpp"
#include "provgate/record/kept.hpp"
#include "provgate/seal/checkpoint.hpp"
#include "provgate/systems/system.hpp"
#include "seal/entry_text.hpp"

namespace provgate {
namespace {

const FormerLedger* former_ledger(int version) {
  for (const auto* system : systems()) {
    if (const auto* former = system->former_ledger(); former && former->version == version) return former;
  }
  return nullptr;
}

// Entries are written straight as their canonical text, whose members stand in this order.
class CanonicalEntry {
 public:
  std::string of(const LedgerEntry& entry) {
    out_.reserve(700 + 200 * entry.files.size());
    out_ += "{\"files\":{";
    std::vector<const CoveredFiles::value_type*> files;
    for (const auto& file : entry.files) files.push_back(&file);
    std::ranges::sort(files, [](const auto* a, const auto* b) { return canonical_before(a->first, b->first); });
    for (const auto* file : files) {
      text(file == files.front() ? "" : ",", file->first);
      text(":{\"digest\":", file->second.digest.text), text(",\"role\":", name_of(file->second.role));
      out_ += '}';
    }
    out_ += '}';
    text(",\"iri\":", entry.id.iri.text), text(",\"kind\":", entry.kind), text(",\"prev\":", entry.prev.text);
    text(",\"record_digest\":", entry.record_digest.text), text(",\"record_kind\":", entry.record_kind);
    text(",\"report_digest\":", entry.report_digest.text);
    out_ += ",\"rules\":[";
    for (std::size_t i = 0; i < entry.rules.size(); ++i) text(i ? "," : "", entry.rules[i]);
    out_ += ']';
    text(",\"scope\":", entry.id.scope.text);
    out_ += ",\"seq\":" + std::to_string(entry.seq.number);
    text(",\"system\":", entry.id.system.text), text(",\"time\":", entry.time);
    text(",\"time_source\":", entry.time_source);
    out_ += ",\"version\":" + std::to_string(entry.version) + "}";
    return std::move(out_);
  }

 private:
  void text(std::string_view before, std::string_view value) {
    out_ += before;
    out_ += '"';
    append_json_escaped(out_, value);
    out_ += '"';
  }

  std::string out_;
};

// SHA-256 of the canonical list of the record's own files: {"path": "digest", …}.
Digest digest_of_own(const CoveredFiles& files) {
  Json out = Json::object();
  for (const auto& [path, file] : files) {
    if (file.role == CoveredFile::Role::covered) out.set(path, file.digest.text);
  }
  return sha256_hex(out.canonical());
}

std::optional<CoveredFile::Role> role_of(std::string_view name) {
  for (const auto role : {CoveredFile::Role::covered, CoveredFile::Role::witnessed}) {
    if (name_of(role) == name) return role;
  }
  return {};
}

tl::unexpected<Error> broken(std::string why) {
  return fail(Code::integrity, "a ledger entry is damaged: " + std::move(why));
}

Result<LedgerEntry> parse_entry(Value root) {
  LedgerEntry entry;
  entry.seq = Seq(static_cast<std::uint64_t>(root.find("seq").as_int().value_or(0)));
  const auto text = [&](std::string_view key) { return std::string(root.find(key).text()); };
  entry.prev = Digest(text("prev")), entry.kind = text("kind"), entry.record_kind = text("record_kind");
  entry.id = {RecordId::System(text("system")), RecordId::Scope(text("scope")), RecordId::Iri(text("iri"))};
  entry.record_digest = Digest(text("record_digest")), entry.report_digest = Digest(text("report_digest"));
  entry.time = text("time"), entry.time_source = text("time_source");
  for (const auto file : root.find("files").children()) {
    const auto role = role_of(file.find("role").text());
    if (!role) return broken("a file has the unknown role " + quote(file.find("role").text()));
    entry.files.emplace(file.key(), CoveredFile{Digest(std::string(file.find("digest").text())), *role});
  }
  for (const auto rule : root.find("rules").children()) entry.rules.emplace_back(rule.text());
  return entry;
}

LedgerEntry entry_of(const Draft& draft, const Head& head, SealTime time, std::string kind) {
  LedgerEntry entry;
  entry.seq = head.seq.next(), entry.prev = head.digest, entry.kind = std::move(kind);
  entry.id = draft.id, entry.record_kind = draft.kind, entry.files = draft.files;
  entry.record_digest = draft.record_digest.empty() ? digest_of_own(draft.files) : draft.record_digest;
  if (!draft.records.empty()) {
    RootOfEntries tree;
    for (const auto& record : draft.records) tree.add_leaf(std::string(record.leaf()));
    const auto root = tree.root();
    entry.record_digest = Digest(to_hex(root)), entry.id.iri = RecordId::Iri(batch_iri(draft.records.size(), root));
  }
  entry.time = format_utc(time.micros), entry.time_source = time.source;
  return entry;
}

}  // namespace

std::string LedgerEntry::canonical() const {
  if (version != k_ledger_version) {
    const auto* former = former_ledger(version);
    return former ? former->canonical(*this) : std::string{};
  }
  return CanonicalEntry().of(*this);
}

Digest LedgerEntry::digest() const { return sha256_hex(canonical()); }

Result<LedgerEntry> parse_ledger_entry(std::string_view json) {
  if (auto entry = read_entry_text(json)) return std::move(*entry);
  const auto doc = read_json("ledger", std::string(json));
  if (!doc) return broken(doc.error().why);
  const auto root = doc->root();
  const auto version = root.find("version").as_int();
  const auto* former = version ? former_ledger(static_cast<int>(*version)) : nullptr;
  if (version != k_ledger_version && !former) {
    return broken("unknown version " + std::string(root.find("version").text()));
  }
  TRY(auto entry, former ? former->parse(root) : parse_entry(root));
  if (entry.canonical() != json)
    return broken("entry " + std::to_string(entry.seq.number) + " is not in canonical form");
  return entry;
}

Sealed::Sealed(LedgerEntry entry) : entry_(std::move(entry)), text_(entry_.canonical()), digest_(sha256_hex(text_)) {}

Sealed seal(Checked checked, const Head& head, SealTime time) {
  auto entry = entry_of(checked.draft(), head, time, "sealed");
  entry.report_digest = checked.report_digest();
  Sealed out(std::move(entry));
  auto draft = std::move(checked).take();
  out.replaces_ = draft.replaces;
  out.graph_ = std::move(draft.graph);
  out.records_ = std::move(draft.records);
  return out;
}

Sealed reject(const Rejected& rejected, const Head& head, SealTime time) {
  auto entry = entry_of(rejected.draft(), head, time, "rejected");
  entry.rules = rejected.rules();
  entry.report_digest = rejected.report_digest();
  return Sealed(std::move(entry));
}

}  // namespace provgate
