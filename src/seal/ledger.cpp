// SPDX-License-Identifier: Apache-2.0
#include "provgate/seal/ledger.hpp"

#include "base/digest.hpp"
#include "base/json_write.hpp"
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

Json files_json(const CoveredFiles& files) {
  Json out = Json::object();
  for (const auto& [path, file] : files) {
    out.set(path, Json::object().set("digest", file.digest.text).set("role", name_of(file.role)));
  }
  return out;
}

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
  entry.time = format_utc(time.micros), entry.time_source = time.source;
  return entry;
}

}  // namespace

std::string LedgerEntry::canonical() const {
  if (version != k_ledger_version) {
    const auto* former = former_ledger(version);
    return former ? former->canonical(*this) : std::string{};
  }
  Json list = Json::array();
  for (const auto& rule : rules) list.push(rule);
  Json out = Json::object();
  out.set("version", version).set("seq", seq.number).set("prev", prev.text).set("kind", kind);
  out.set("system", id.system.text).set("record_kind", record_kind);
  out.set("scope", id.scope.text).set("iri", id.iri.text);
  out.set("files", files_json(files)).set("record_digest", record_digest.text).set("report_digest", report_digest.text);
  out.set("rules", std::move(list)).set("time", time).set("time_source", time_source);
  return out.canonical();
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
  return out;
}

Sealed reject(const Rejected& rejected, const Head& head, SealTime time) {
  auto entry = entry_of(rejected.draft(), head, time, "rejected");
  entry.rules = rejected.rules();
  entry.report_digest = rejected.report_digest();
  return Sealed(std::move(entry));
}

}  // namespace provgate
