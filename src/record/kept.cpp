// SPDX-License-Identifier: Apache-2.0
#include "provgate/record/kept.hpp"

#include <charconv>

#include "base/digest.hpp"

namespace provgate {

namespace {

// Ends with a zero byte, and has none before: bytes 0 and 1 are written as two.
void append_part(std::string& out, std::string_view text) {
  for (const char c : text) {
    if (c == '\0' || c == '\1') {
      out.append(1, '\1').append(1, c == '\0' ? '\1' : '\2');
    } else {
      out += c;
    }
  }
  out += '\0';
}

}  // namespace

std::string index_name(std::string_view tag, std::initializer_list<std::string_view> texts) {
  constexpr std::size_t k_longest = 100, k_kept = 20;
  std::string out;
  append_part(out, tag);
  for (const auto text : texts) {
    const auto at = out.size();
    append_part(out, text);
    if (out.size() - at <= k_longest) continue;
    // A text that is not cut has no such byte there: it is not UTF-8.
    out.resize(at);
    append_part(out, std::string(text.substr(0, k_kept)) + "\xFE" + to_hex(sha256(text)));
  }
  return out;
}

KeptRecord::KeptRecord(std::string bytes, std::vector<IndexRow> rows)
    : bytes_(std::move(bytes)), rows_(std::move(rows)), leaf_(merkle_leaf(bytes_)) {}

std::string batch_iri(std::size_t records, std::string_view root) {
  return std::string(k_batch_prefix) + std::to_string(records) + ":" + to_hex(root);
}

std::optional<std::size_t> records_in_batch(std::string_view iri) {
  if (!iri.starts_with(k_batch_prefix)) return {};
  const auto rest = iri.substr(k_batch_prefix.size());
  std::size_t out = 0;
  const auto [end, failed] = std::from_chars(rest.data(), rest.data() + rest.size(), out);
  if (failed != std::errc() || end == rest.data() + rest.size() || *end != ':') return {};
  return out;
}

}  // namespace provgate
