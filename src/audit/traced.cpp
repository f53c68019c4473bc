// SPDX-License-Identifier: Apache-2.0
// What a user means who asks where a thing comes from: an IRI, or the local id of a record.
#include <algorithm>
#include <map>
#include <set>

#include "provgate/audit/audit.hpp"
#include "provgate/systems/system.hpp"

namespace provgate {
namespace {

std::string_view local_part(std::string_view iri) { return iri.substr(iri.find_last_of("#/:") + 1); }

// A scheme and a colon (RFC 3986, 3.1).
bool has_scheme(std::string_view text) {
  const auto colon = text.find(':');
  if (colon == std::string_view::npos || colon == 0 || !std::isalpha(static_cast<unsigned char>(text[0]))) return false;
  return std::all_of(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(colon),
                     [](unsigned char c) { return std::isalnum(c) || c == '+' || c == '-' || c == '.'; });
}

Result<std::set<std::string>> ledger_iris(const Store& store) {
  std::set<std::string> out;
  CHECKED(store.each_entry([&](const LedgerEntry& entry) {
    out.insert(entry.id.iri.text);
    return true;
  }));
  return out;
}

std::string listed(const std::vector<std::string>& iris) {
  constexpr std::size_t k_most = 5;
  std::string out;
  for (std::size_t i = 0; i < iris.size() && i < k_most; ++i) out += (i ? ", " : "") + iris[i];
  return out + (iris.size() > k_most ? " and " + with_commas(iris.size() - k_most) + " more" : "");
}

}  // namespace

Result<std::string> traced_iri(const Store* store, const std::string& text, const std::optional<GraphName>& graph) {
  std::string near;
  for (const auto* system : systems()) {
    std::string nearest;
    if (auto canonical = system->canonical_iri(text, &nearest)) return std::move(*canonical);
    if (near.empty()) near = nearest;
  }
  if (has_scheme(text)) {
    // An identifier of a system with a slip in it is meant as one.
    if (near.empty() && is_iri(text)) return text;
    return fail(Code::usage, "not an IRI: " + quote(text), near.empty() ? "" : "did you mean " + near + "?");
  }
  const bool id = !text.empty() && text.find_first_of(" \t\r\n<>\"") == std::string::npos;
  if (!id || !store)
    return fail(Code::usage, "not an IRI: " + quote(text), near.empty() ? "" : "did you mean " + near + "?");
  TRY(const auto all, ledger_iris(*store));
  std::vector<std::string> same;
  std::vector<std::string_view> ids;
  for (const auto& iri : all) {
    ids.push_back(local_part(iri));
    if (ids.back() == text) same.push_back(iri);
  }
  for (auto iri = same.begin(); same.size() > 1 && graph && iri != same.end();) {
    TRY(const auto there, store->has_generation(RecordId::Iri(*iri), *graph));
    iri = there ? iri + 1 : same.erase(iri);
  }
  if (same.size() == 1) return same.front();
  if (!same.empty()) return fail(Code::usage, "several records have the id " + quote(text), listed(same));
  const auto closest_id = closest(text, ids);
  return fail(Code::nothing, "no record of this store has the id " + quote(text),
              closest_id ? "did you mean " + *closest_id + "?" : "give its IRI");
}

Result<std::string> near_iri(const Store& store, const std::string& iri) {
  constexpr std::uint64_t k_most_terms = 1'000'000;
  constexpr std::size_t k_far = 4;
  TRY(const auto status, store.status());
  std::string best;
  auto distance = k_far;
  for (std::uint64_t id = 1; id <= std::min(status.terms, k_most_terms) && distance > 1; ++id) {
    TRY(const auto text, store.term(static_cast<TermId>(id)));
    if (!text.starts_with('<')) continue;
    const auto known = bare_iri(text);
    if (known == iri) continue;
    const auto longer = std::max(known.size(), iri.size()), shorter = std::min(known.size(), iri.size());
    if (longer - shorter >= distance) continue;
    if (const auto d = edit_distance(known, iri, distance - 1); d < distance) best = known, distance = d;
  }
  return best;
}

Result<std::string> rejection_of(const Store& store, const RecordId::Iri& iri) {
  std::map<std::pair<RecordId::System, RecordId::Scope>, std::string> all;
  CHECKED(store.each_entry([&](const LedgerEntry& entry) {
    if (entry.id.iri != iri) return true;
    auto& said = all[{entry.id.system, entry.id.scope}];
    said.clear();
    if (entry.kind != "rejected") return true;
    said = "entry " + std::to_string(entry.seq.number) + " of the ledger: it breaks ";
    for (std::size_t i = 0; i < entry.rules.size(); ++i) said += (i ? ", " : "") + entry.rules[i];
    return true;
  }));
  std::erase_if(all, [](const auto& one) { return one.second.empty(); });
  std::string out;
  for (const auto& [where, said] : all) {
    out += (out.empty() ? "it was rejected" : "; and rejected") +
           (all.size() > 1 ? " as of " + where.second.text : std::string{}) + ", " + said;
  }
  return out;
}

}  // namespace provgate
