// SPDX-License-Identifier: Apache-2.0
// What most systems want of a Reading.
#include <algorithm>

#include "provgate/systems/system.hpp"

namespace provgate {
namespace {

bool below(const std::string& path, const std::string& top) { return path == top || path.starts_with(top + "/"); }

}  // namespace

std::unique_ptr<Part> Reading::whole(std::size_t) { return std::make_unique<Part>(); }

bool Reading::claims(const std::string& path) const {
  for (std::size_t c = 0; c < size(); ++c) {
    if (below(path, collection(c).root)) return true;
  }
  return false;
}

std::vector<std::string> Reading::judged_paths(std::size_t c) const {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < records(c); ++i) {
    const auto one = record(c, i);
    if (one.judged) out.emplace_back(one.owner);
  }
  return out;
}

Result<CoveredFiles> Reading::files(Disk& disk, std::size_t c, std::size_t i) const {
  TRY(auto drawn, draft(disk, c, i, id(c, i).iri.text));
  return std::move(drawn.files);
}

Result<Graph> Reading::convert(Disk& disk) {
  TRY(const auto parts, statements(disk));
  Graph out;
  for (const auto& part : parts) {
    const auto& theirs = part.graph.terms();
    auto& terms = out.terms();
    const auto name = terms.intern(iri_text(collection(part.collection).graph.text));
    const auto mine = [&](TermId id) { return terms.intern(theirs.text(id)); };
    for (const auto& quad : part.graph.quads()) out.add({mine(quad.s), mine(quad.p), mine(quad.o), name});
  }
  return out;
}

bool Reading::owns(Disk&, std::size_t c, const RecordId& id, const CoveredFiles& files) const {
  if (!knows_scope(c, id)) return false;
  const auto& at = collection(c);
  return std::any_of(files.begin(), files.end(),
                     [&](const auto& file) { return at.scope.hold(join_path(at.root, file.first)); });
}

std::optional<std::size_t> Reading::find(std::size_t c, const std::string& iri, std::string_view kind) const {
  for (std::size_t i = 0; i < sealable(c); ++i) {
    const auto is = record(c, i).kind;
    if (!is.empty() && is != kind) continue;
    const auto known = names(c, i);
    if (std::find(known.begin(), known.end(), iri) != known.end()) return i;
  }
  return {};
}

const TraceTerms& System::trace_terms() const {
  static const TraceTerms k_none;
  return k_none;
}

}  // namespace provgate
