// SPDX-License-Identifier: Apache-2.0
#include "gate/known.hpp"

#include <algorithm>
#include <set>

#include "provgate/gate/gate.hpp"

namespace provgate {
namespace {

// The entry that sealed the record under that IRI: of this version, or of an earlier one, which did not say of which
// project a record was; that its statements are in this collection's graph tells it.
Result<std::optional<LedgerEntry>> entry_of(const Store& store, const Reading& reading, std::size_t c, std::size_t i,
                                            const RecordId& id) {
  TRY(auto entry, store.find_sealed(id));
  if (entry) return entry;
  for (const auto& former : reading.former_ids(c, i, id.iri.text)) {
    TRY(auto earlier, store.find_sealed(former));
    if (!earlier) continue;
    TRY(const auto ours, store.has_generation(id.iri, reading.collection(c).graph));
    if (ours) return earlier;
  }
  return std::optional<LedgerEntry>{};
}

}  // namespace

Result<bool> of_collection(const Store& store, const Reading& reading, std::size_t c, const LedgerEntry& entry) {
  if (!reading.knows_scope(c, entry.id)) return false;
  if (entry.version == k_ledger_version) return true;
  return store.has_generation(entry.id.iri, reading.collection(c).graph);
}

Result<KnownRecord> known_record(const Store* store, const Reading& reading, std::size_t c, std::size_t i) {
  KnownRecord out;
  out.id = reading.id(c, i);
  const auto names = reading.names(c, i);
  if (!store || names.empty()) return out;
  auto asked = names;
  // Sealed before another record of the graph got the same id, it keeps its plain name.
  if (const std::string plain(reading.record(c, i).iri); std::ranges::find(asked, plain) == asked.end()) {
    asked.insert(asked.begin(), plain);
  }
  // A name that it has only because another record had its own stays its name.
  for (auto name = asked.rbegin(); name != asked.rend(); ++name) {
    out.id.iri = RecordId::Iri(*name);
    TRY(out.entry, entry_of(*store, reading, c, i, out.id));
    if (out.entry) return out;
  }
  out.id.iri = RecordId::Iri(names.front());
  TRY(const auto taken, store->has_generation(out.id.iri));
  if (taken && names.size() > 1) out.id.iri = RecordId::Iri(names.back());
  return out;
}

namespace {

tl::unexpected<Error> nothing_at(const std::string& path) {
  return tl::unexpected<Error>(Error{Code::nothing, "no record that may be sealed was found there", {}, path, {}});
}

// Whether one of the paths is `place`, or lies below it.
bool any_below(const std::set<std::string>& paths, const std::string& place) {
  if (paths.contains(place)) return true;
  const auto directory = place.ends_with('/') ? place : place + "/";
  const auto below = paths.lower_bound(directory);
  return below != paths.end() && below->starts_with(directory);
}

// Whether one of the paths is `place`, or lies below or above it.
bool any_at(const std::set<std::string>& paths, const std::string& place) {
  if (any_below(paths, place)) return true;
  for (auto end = place.rfind('/'); end != std::string::npos && end > 0; end = place.rfind('/', end - 1)) {
    if (paths.contains(place.substr(0, end))) return true;
  }
  return false;
}

}  // namespace

Result<SealedHere> sealed_here(const World& world, const Store& store, const std::vector<std::string>& paths,
                               const CheckOptions& options) {
  TRY(auto named, named_paths(world.disk, paths, options));
  if (named.stream) return nothing_at("-");
  Asking asking;
  asking.paths = std::move(named.records), asking.read = options.read, asking.profile = options.profile;
  asking.settings = options.settings;
  TRY(const auto systems, open_systems(world, asking));
  std::vector<LedgerEntry> entries;
  CHECKED(store.each_entry([&](const LedgerEntry& entry) {
    if (entry.kind == "sealed") entries.push_back(entry);
    return true;
  }));
  SealedHere out;
  std::set<Seq> seqs;
  std::set<std::string> known;
  for (const auto& one : systems) {
    for (std::size_t c = 0; c < one.reading->size(); ++c) {
      const auto& root = one.reading->collection(c).root;
      std::set<std::string> covered;
      for (const auto& entry : entries) {
        TRY(const auto ours, of_collection(store, *one.reading, c, entry));
        if (!ours || !one.reading->owns(world.disk, c, entry.id, entry.files)) continue;
        seqs.insert(entry.seq);
        for (const auto& [path, file] : entry.files) covered.insert(join_path(root, path));
      }
      auto more = one.reading->places(c, out.unread);
      std::erase_if(more, [&](const auto& place) { return any_below(covered, place); });
      const auto real = world.disk.real_path(root);
      for (const auto& paths_of : {std::vector<std::string>(covered.begin(), covered.end()), more}) {
        for (const auto& path : paths_of)
          known.insert(real && path.starts_with(root) ? *real + path.substr(root.size()) : path);
      }
      out.unsealed.insert(out.unsealed.end(), more.begin(), more.end());
    }
  }
  out.seqs.assign(seqs.begin(), seqs.end());
  for (const auto& path : asking.paths) {
    if (out.unread.empty() && !any_at(known, world.disk.real_path(path).value_or(path))) return nothing_at(path);
  }
  return out;
}

Result<void> same_bytes(const Reading& reading, std::size_t c, const LedgerEntry& entry, const CoveredFiles& now) {
  std::string what;
  for (const auto& [path, file] : entry.files) {
    if (file.role != CoveredFile::Role::covered) continue;
    const auto found = now.find(path);
    if (found == now.end()) what = path + " is missing";
    if (found != now.end() && found->second.digest != file.digest) what = path + " has changed";
    if (!what.empty()) break;
  }
  for (const auto& [path, file] : now) {
    if (!what.empty() || file.role != CoveredFile::Role::covered || entry.files.contains(path)) continue;
    if (!reading.comes_later(c, path, entry.files)) what = path + " is new";
  }
  if (what.empty()) return {};
  return fail(Code::integrity,
              "it was sealed as entry " + std::to_string(entry.seq.number) + ", and since then " + what);
}

}  // namespace provgate
