// SPDX-License-Identifier: Apache-2.0
#include "gate/owners.hpp"

#include <set>

namespace provgate {
namespace {

// Whether the path is one of these, or lies below one.
bool lies_in(const std::set<std::string_view>& places, std::string_view path) {
  for (; !path.empty(); path = path.substr(0, path.rfind('/'))) {
    if (places.contains(path)) return true;
    if (path.find('/') == std::string_view::npos) return false;
  }
  return false;
}

}  // namespace

bool could_not_be_read(const Finding& f) { return f.unreadable && (f.world || f.rule == "INPUT-003"); }

Owners::Owners(const CheckReport& report) {
  for (const auto& f : report.findings) by_owner_[f.owner].push_back(&f);
  // What was not looked at in a record's own directory is of that record; any other may be of all.
  std::set<std::string_view> records;
  std::set<std::string_view> roots;
  each_collection(report, [&](const SystemReport& one, std::size_t c) {
    if (!one.reading->collection(c).loose) roots.insert(one.reading->collection(c).root);
    for (std::size_t i = 0; i < one.reading->records(c); ++i) records.insert(one.reading->record(c, i).owner);
  });
  for (const auto& f : report.not_looked_at) {
    if (records.contains(f.owner)) continue;
    bool own = false;
    each_collection(report, [&](const SystemReport& one, std::size_t c) {
      own = own || (!f.world && one.reading->own_place(c, f.file));
    });
    if (!own) {
      unsure_ = &f;
      break;
    }
  }
  // Shapes that a collection brings and that cannot be read.
  for (const auto& f : report.findings) {
    const bool error = f.severity == Severity::error && (f.unreadable || f.world);
    // Past a thousand faults of a file they are only counted, whatever they were.
    if (f.stands_for && f.severity == Severity::error && !lies_in(records, f.file)) unsure_ = &f;
    if (error && (f.world ? !records.contains(f.owner) : roots.contains(f.owner))) unsure_ = &f;
  }
}

Findings Owners::concerning(const Collection& collection, std::string_view owner_of, const CoveredFiles& files) const {
  Findings out;
  std::set<std::string> owners = {std::string(owner_of), collection.root};
  for (const auto& [path, file] : files) {
    if (file.role == CoveredFile::Role::covered) owners.insert(join_path(collection.root, path));
  }
  for (const auto& owner : owners) {
    const auto found = by_owner_.find(owner);
    if (found == by_owner_.end()) continue;
    // Warnings and infos that are counted once for the whole collection say nothing about this record.
    for (const auto* f : found->second) {
      if (owner != collection.root || f->severity == Severity::error) out.push_back(f);
    }
  }
  return out;
}

}  // namespace provgate
