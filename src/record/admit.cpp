// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/digest.hpp"
#include "base/json_write.hpp"
#include "provgate/record/entry.hpp"

namespace provgate {
namespace {

// The verdict in one digest: every finding that concerns the draft, in canonical form.
Digest digest_of(const std::vector<const Finding*>& findings) {
  Json list = Json::array();
  for (const auto* f : findings) {
    list.push(Json::object()
                  .set("rule", f->rule)
                  .set("severity", name_of(f->severity))
                  .set("focus", f->focus)
                  .set("path", f->path)
                  .set("line", std::uint64_t{f->at.line})
                  .set("column", std::uint64_t{f->at.column})
                  .set("message", f->message));
  }
  return sha256_hex(list.canonical());
}

}  // namespace

std::optional<Seq> parse_seq(std::string_view text) {
  if (text.starts_with('#')) text.remove_prefix(1);
  Seq out;
  for (const char c : text) {
    constexpr std::uint64_t k_most = 1'000'000'000'000'000'000;
    if (c < '0' || c > '9' || out.number >= k_most) return {};
    out.number = out.number * 10 + static_cast<std::uint64_t>(c - '0');
  }
  return out ? std::optional(out) : std::nullopt;
}

RecordId signing_key_record() {
  return {RecordId::System("provgate"), RecordId::Scope(), RecordId::Iri("urn:provgate:signing-key")};
}

std::string_view name_of(CoveredFile::Role role) {
  return role == CoveredFile::Role::covered ? "covered" : "witnessed";
}

std::variant<Checked, Rejected> admit(Draft draft, const std::vector<const Finding*>& findings) {
  std::vector<std::string> broken;
  for (const auto* f : findings) {
    if (f->severity == Severity::error) broken.push_back(f->rule);
  }
  std::sort(broken.begin(), broken.end());
  broken.erase(std::unique(broken.begin(), broken.end()), broken.end());
  auto digest = digest_of(findings);
  if (broken.empty()) return Checked(std::move(draft), std::move(digest));
  return Rejected(std::move(draft), std::move(broken), std::move(digest));
}

}  // namespace provgate
