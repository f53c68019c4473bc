// SPDX-License-Identifier: Apache-2.0
#include "seal/entry_text.hpp"

#include <charconv>

#include "base/json_write.hpp"

namespace provgate {
namespace {

// One way to write each thing, so that what is read is in canonical form.
class EntryText {
 public:
  explicit EntryText(std::string_view text) : rest_(text) {}

  std::optional<LedgerEntry> read() {
    LedgerEntry out;
    std::uint64_t version = 0;
    const bool whole =
        files(out.files) && text(",\"iri\":", out.id.iri.text) && text(",\"kind\":", out.kind) &&
        text(",\"prev\":", out.prev.text) && text(",\"record_digest\":", out.record_digest.text) &&
        text(",\"record_kind\":", out.record_kind) && text(",\"report_digest\":", out.report_digest.text) &&
        rules(out.rules) && text(",\"scope\":", out.id.scope.text) && number(",\"seq\":", out.seq.number) &&
        text(",\"system\":", out.id.system.text) && text(",\"time\":", out.time) &&
        text(",\"time_source\":", out.time_source) && number(",\"version\":", version) && take("}") && rest_.empty();
    if (!whole || version != k_ledger_version) return {};
    return out;
  }

 private:
  bool take(std::string_view what) {
    if (!rest_.starts_with(what)) return false;
    rest_.remove_prefix(what.size());
    return true;
  }

  bool string(std::string_view& out) {
    if (!take("\"")) return false;
    for (std::size_t at = 0; at < rest_.size(); ++at) {
      const auto c = static_cast<unsigned char>(rest_[at]);
      if (c < 0x20 || c == '\\') return false;
      if (c != '"') continue;
      out = rest_.substr(0, at);
      rest_.remove_prefix(at + 1);
      return true;
    }
    return false;
  }

  bool text(std::string_view name, std::string& out) {
    std::string_view found;
    if (!take(name) || !string(found)) return false;
    out = found;
    return true;
  }

  bool number(std::string_view name, std::uint64_t& out) {
    constexpr std::uint64_t k_most = 1ULL << 53;
    if (!take(name)) return false;
    const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), out);
    const auto digits = static_cast<std::size_t>(end - rest_.data());
    if (error != std::errc{} || out > k_most || (digits > 1 && rest_.front() == '0')) return false;
    rest_.remove_prefix(digits);
    return true;
  }

  bool files(CoveredFiles& out) {
    if (!take("{\"files\":{")) return false;
    std::string_view path, before, digest, role;
    while (!take("}")) {
      if (!out.empty() && !take(",")) return false;
      if (!string(path) || !take(":{\"digest\":") || !string(digest) || !take(",\"role\":") || !string(role) ||
          !take("}"))
        return false;
      if (!out.empty() && !canonical_before(before, path)) return false;
      CoveredFile file{Digest(std::string(digest))};
      if (role == name_of(CoveredFile::Role::witnessed)) {
        file.role = CoveredFile::Role::witnessed;
      } else if (role != name_of(CoveredFile::Role::covered)) {
        return false;
      }
      out.emplace_hint(out.end(), path, std::move(file));
      before = path;
    }
    return true;
  }

  bool rules(std::vector<std::string>& out) {
    if (!take(",\"rules\":[")) return false;
    std::string_view rule;
    while (!take("]")) {
      if (!out.empty() && !take(",")) return false;
      if (!string(rule)) return false;
      out.emplace_back(rule);
    }
    return true;
  }

  std::string_view rest_;
};

}  // namespace

std::optional<LedgerEntry> read_entry_text(std::string_view text) {
  if (first_bad_utf8(text) != std::string_view::npos) return {};
  return EntryText(text).read();
}

}  // namespace provgate
