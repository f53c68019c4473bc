// SPDX-License-Identifier: Apache-2.0
#include "systems/ckp/former_ledger.hpp"

#include "base/json_write.hpp"

namespace provgate::ckp {
namespace {

Result<LedgerEntry> parse(Value root) {
  LedgerEntry entry;
  entry.version = 1;
  entry.seq = Seq(static_cast<std::uint64_t>(root.find("seq").as_int().value_or(0)));
  const auto text = [&](std::string_view key) { return std::string(root.find(key).text()); };
  entry.prev = Digest(text("prev")), entry.kind = text("kind"), entry.record_kind = "instance";
  entry.id = {RecordId::System("ckp"), RecordId::Scope(text("kernel")), RecordId::Iri(text("urn"))};
  entry.report_digest = Digest(text("report_digest")), entry.time = text("time"), entry.time_source = "clock";
  for (const auto file : root.find("files").children()) {
    entry.files.emplace(file.key(), CoveredFile{Digest(std::string(file.text())), CoveredFile::Role::covered});
  }
  for (const auto rule : root.find("rules").children()) entry.rules.emplace_back(rule.text());
  return entry;
}

std::string canonical(const LedgerEntry& entry) {
  Json paths = Json::object();
  for (const auto& [path, file] : entry.files) paths.set(path, file.digest.text);
  Json out = Json::object();
  out.set("version", 1).set("seq", entry.seq.number).set("prev", entry.prev.text).set("kind", entry.kind);
  out.set("kernel", entry.id.scope.text).set("urn", entry.id.iri.text);
  out.set("files", std::move(paths)).set("report_digest", entry.report_digest.text).set("time", entry.time);
  if (entry.kind == "rejected") {
    Json list = Json::array();
    for (const auto& rule : entry.rules) list.push(rule);
    out.set("rules", std::move(list));
  }
  return out.canonical();
}

constexpr FormerLedger k_former{1, &parse, &canonical};

}  // namespace

const FormerLedger& former_ledger() { return k_former; }

}  // namespace provgate::ckp
