#include "base/digest.hpp"
#include "base/json_write.hpp"
#include "provgate/seal.hpp"

namespace provgate {

std::string LedgerEntry::canonical() const {
  Json paths = Json::object();
  for (const auto& [path, digest] : files) paths.set(path, digest);
  Json out = Json::object();
  out.set("version", version).set("seq", seq).set("prev", prev).set("kind", kind).set("kernel", kernel).set("urn", urn);
  out.set("files", std::move(paths)).set("report_digest", report_digest).set("time", time);
  if (kind == "rejected") {
    Json list = Json::array();
    for (const auto& rule : rules) list.push(rule);
    out.set("rules", std::move(list));
  }
  return out.canonical();
}

std::string LedgerEntry::digest() const { return sha256_hex(canonical()); }

Result<LedgerEntry> parse_ledger_entry(std::string_view json) {
  const auto broken = [](std::string why) {
    return fail(Code::integrity, "a ledger entry is damaged: " + std::move(why));
  };
  const auto doc = read_json("ledger", std::string(json));
  if (!doc) return broken(doc.error().why);
  const auto root = doc->root();
  LedgerEntry entry;
  if (root.find("version").as_int() != k_ledger_version)
    return broken("unknown version " + std::string(root.find("version").text()));
  entry.seq = static_cast<std::uint64_t>(root.find("seq").as_int().value_or(0));
  const auto text = [&](std::string_view key) { return std::string(root.find(key).text()); };
  entry.prev = text("prev"), entry.kind = text("kind"), entry.kernel = text("kernel"), entry.urn = text("urn");
  entry.report_digest = text("report_digest"), entry.time = text("time");
  for (const auto file : root.find("files").children()) entry.files.emplace(file.key(), file.text());
  for (const auto rule : root.find("rules").children()) entry.rules.emplace_back(rule.text());
  if (entry.canonical() != json) return broken("entry " + std::to_string(entry.seq) + " is not in canonical form");
  return entry;
}

namespace {
LedgerEntry entry_of(const Draft& draft, const Head& head, std::int64_t now_micros) {
  LedgerEntry entry;
  entry.seq = head.seq + 1, entry.prev = head.digest;
  entry.kernel = draft.kernel, entry.urn = draft.urn, entry.files = draft.files;
  entry.time = format_utc(now_micros);
  return entry;
}
}  // namespace

Sealed seal(const Checked& checked, const Head& head, std::int64_t now_micros) {
  Sealed out;
  out.entry_ = entry_of(checked.draft(), head, now_micros);
  out.entry_.kind = "sealed";
  out.entry_.report_digest = checked.report_digest();
  const auto& theirs = checked.draft().graph;
  for (std::size_t i = 0; i < theirs.size(); ++i) {
    const auto& quad = theirs.quads()[i];
    const auto& terms = theirs.terms();
    auto& mine = out.graph_.terms();
    out.graph_.add({mine.intern(terms.text(quad.s)), mine.intern(terms.text(quad.p)), mine.intern(terms.text(quad.o)),
                    quad.g ? mine.intern(terms.text(quad.g)) : 0},
                   theirs.span(i));
  }
  return out;
}

Sealed reject(const Rejected& rejected, const Head& head, std::int64_t now_micros) {
  Sealed out;
  out.entry_ = entry_of(rejected.draft(), head, now_micros);
  out.entry_.kind = "rejected";
  out.entry_.rules = rejected.rules();
  out.entry_.report_digest = rejected.report_digest();
  return out;
}

}  // namespace provgate
