// SPDX-License-Identifier: Apache-2.0
#include "gate/unfinished.hpp"

#include <algorithm>

#include "base/digest.hpp"
#include "base/json_write.hpp"
#include "gate/noted_disk.hpp"
#include "provgate/text/text.hpp"

namespace provgate {
namespace {

Json texts_json(const std::vector<Trail::Text>& texts) {
  Json out = Json::array();
  for (const auto& one : texts) out.push(Json::object().set("path", one.path).set("text", one.bytes));
  return out;
}

std::vector<Trail::Text> texts_of(Value list) {
  std::vector<Trail::Text> out;
  for (const auto one : list.children())
    out.push_back({std::string(one.find("path").text()), std::string(one.find("text").text())});
  return out;
}

}  // namespace

std::string unfinished_row(const Trail& trail) {
  return Json::object().set("files", texts_json(trail.files)).set("lines", texts_json(trail.lines)).canonical();
}

Result<void> check_note(const Trail& trail, const LedgerEntry& entry) {
  for (const auto& file : trail.files) {
    const auto sealed = entry.files.find(file.path);
    if (sealed != entry.files.end() && sealed->second.digest == sha256_hex(file.bytes)) continue;
    return fail(
        Code::integrity,
        "a note of what sealing has still to do is not of entry " + std::to_string(entry.seq.number) + ": " + file.path,
        "restore the store from a copy");
  }
  return {};
}

Result<void> check_noted_lines(Disk& disk, const Reading& reading, std::size_t c, std::size_t i, const Trail& trail,
                               const LedgerEntry& entry) {
  if (trail.lines.empty()) return {};
  NotedDisk noted(disk, reading.collection(c).root, trail);
  TRY(const auto lines, reading.lines(noted, c, i, {entry.id.iri.text}));
  const auto left = lines.find(entry.id.iri.text);
  for (const auto& line : trail.lines) {
    if (left != lines.end() && std::ranges::find(left->second, line) != left->second.end()) continue;
    return fail(Code::integrity,
                "a note of what sealing has still to do is not of entry " + std::to_string(entry.seq.number) +
                    ": a line of " + line.path,
                "restore the store from a copy");
  }
  return {};
}

bool cut_short(std::string_view there, std::string_view wanted) {
  return there.size() < wanted.size() && wanted.starts_with(there);
}

Result<Trail> parse_unfinished(const std::string& row) {
  const auto doc = read_json("unfinished", row);
  Trail out;
  if (doc) out = {texts_of(doc->root().find("files")), texts_of(doc->root().find("lines"))};
  if (!doc || unfinished_row(out) != row)
    return fail(Code::integrity, "a note of what sealing has still to do is damaged", "restore the store from a copy");
  return out;
}

Result<std::map<Seq, Trail>> notes_of(const Store& store) {
  TRY(const auto rows, store.unfinished());
  std::map<Seq, Trail> out;
  for (const auto& [seq, row] : rows) {
    TRY(auto trail, parse_unfinished(row));
    out.emplace(seq, std::move(trail));
  }
  return out;
}

Result<std::vector<BadRow>> check_notes(const Store& store) {
  TRY(const auto rows, store.unfinished());
  std::vector<BadRow> out;
  std::map<std::pair<RecordId::System, RecordId::Scope>, Seq> scopes;  // that lie somewhere, each with an entry
  TRY(const auto noted, store.each_entry([&](const LedgerEntry& entry) {
    if (entry.kind == "sealed" && entry.version == k_ledger_version && !entry.files.empty())
      scopes.try_emplace({entry.id.system, entry.id.scope}, entry.seq);
    const auto row = rows.find(entry.seq);
    if (row == rows.end()) return true;
    const auto trail = parse_unfinished(row->second);
    const auto held = trail ? check_note(*trail, entry) : tl::unexpected<Error>(trail.error());
    if (!held) out.push_back({"unfinished", std::to_string(entry.seq.number), held.error().why});
    return true;
  }));
  (void)noted;
  for (const auto& [scope, seq] : scopes) {
    TRY(const auto roots, store.roots_of(scope.first, scope.second));
    if (roots.empty())
      out.push_back(
          {"roots", scope.second.text, "where entry " + std::to_string(seq.number) + " was sealed is not noted"});
  }
  return out;
}

}  // namespace provgate
