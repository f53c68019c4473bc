// SPDX-License-Identifier: Apache-2.0
#include "gate/places.hpp"

#include <algorithm>

namespace provgate {
namespace {

using Scope = std::pair<RecordId::System, RecordId::Scope>;

bool at_or_below(const std::string& path, const std::string& place) {
  return path == place || path.starts_with(place == "/" ? place : place + "/");
}

class Places {
 public:
  Places(Disk& disk, const Store& store, const std::vector<std::string>& paths, Faults& faults)
      : disk_(disk), store_(store), faults_(faults) {
    for (const auto& path : paths) {
      if (auto real = disk.real_path(path)) named_.push_back(std::move(*real));
    }
  }

  // The roots of the scope that lay at or below one of the paths.
  Result<std::vector<std::string>> roots_here(const Scope& scope) const {
    TRY(const auto roots, store_.roots_of(scope.first, scope.second));
    std::vector<std::string> out;
    for (const auto& root : roots) {
      const bool here = std::ranges::any_of(named_, [&](const auto& path) { return at_or_below(root, path); });
      if (here) out.push_back(root);
    }
    return out;
  }

  // A fault for each of its roots here where no directory is now.
  Result<void> gone(const Scope& scope, const std::string& found) {
    TRY(const auto roots, roots_here(scope));
    for (const auto& root : roots) {
      if (disk_.info(root).type != FileType::directory) fault(scope, root, found, scope.second.text + " there");
    }
    return {};
  }

  void fault(const Scope& scope, const std::string& root, const std::string& found, const std::string& expected) {
    say(Tampering::missing, scope, root, found, expected);
  }
  // It lies where it was sealed, and somewhere else, too: nobody tampered, but which of them is meant is not told.
  void second(const Scope& scope, const std::string& root, const std::string& sealed) {
    faults_.unread(root, scope.second.text + " lies here as well, and was sealed in " + sealed);
  }

 private:
  void say(Tampering kind, const Scope& scope, const std::string& root, const std::string& found,
           const std::string& expected) {
    LedgerEntry none;
    none.id = {scope.first, scope.second, {}};
    faults_.fault(kind, none, root, found, expected);
  }

  Disk& disk_;
  const Store& store_;
  Faults& faults_;
  std::vector<std::string> named_;
};

}  // namespace

Result<void> check_places(Disk& disk, const Store& store, const CheckReport& report,
                          const std::vector<std::string>& paths, Faults& faults, VerifyReport& out) {
  Places places(disk, store, paths, faults);
  for (auto one = out.elsewhere.begin(); one != out.elsewhere.end();) {
    TRY(const auto roots, places.roots_here(one->first));
    if (roots.empty()) {
      ++one;
      continue;
    }
    places.fault(one->first, roots.front(), "nothing of " + one->first.second.text,
                 std::to_string(one->second) + " sealed there");
    one = out.elsewhere.erase(one);
  }
  // Known scopes, in a place that is new.
  std::map<Scope, std::set<std::string>> now;
  each_collection(report, [&](const SystemReport& one, std::size_t c) {
    const auto& at = one.reading->collection(c);
    if (at.loose || at.stream || one.reading->sealable(c) == 0) return;
    const auto id = one.reading->id(c, 0);
    if (const auto real = disk.real_path(at.root)) now[{id.system, id.scope}].insert(*real);
  });
  for (const auto& [scope, where] : now) {
    TRY(const auto roots, store.roots_of(scope.first, scope.second));
    const auto known = std::ranges::find_if(where, [&](const auto& place) { return roots.contains(place); });
    if (known == where.end()) CHECKED(places.gone(scope, "it lies in " + *where.begin() + " now"));
    for (const auto& place : where) {
      if (known != where.end() && !roots.contains(place)) places.second(scope, place, *known);
    }
  }
  for (const auto& [scope, count] : out.moved)
    CHECKED(places.gone(scope, plural(count, "record") + " of it here, under another name"));
  return {};
}

namespace {

// Of what is not there: the real path of what is above it, and the rest.
std::string real_or_not(Disk& disk, const std::string& path) {
  if (auto real = disk.real_path(path)) return std::move(*real);
  auto up = parent_path(path);
  if (up == path || path.empty()) return path;
  return join_path(real_or_not(disk, up), base_name(path));
}

}  // namespace

Result<std::map<std::string, std::uint64_t>> sealed_there(Disk& disk, const Store& store,
                                                          const std::vector<std::string>& paths) {
  std::map<std::string, std::uint64_t> out;
  std::map<std::string, std::string> real;
  for (const auto& path : paths) {
    const auto plain = path.size() > 1 && path.ends_with('/') ? path.substr(0, path.size() - 1) : path;
    real.emplace(path, real_or_not(disk, plain));
  }
  std::map<Scope, std::set<std::string>> roots;
  std::optional<Error> failed;
  TRY(const auto noted, store.each_entry([&](const LedgerEntry& entry) {
    if (entry.kind != "sealed") return true;
    const Scope scope(entry.id.system, entry.id.scope);
    auto known = roots.find(scope);
    if (known == roots.end()) {
      auto of_scope = store.roots_of(scope.first, scope.second);
      if (!of_scope) return failed = of_scope.error(), false;
      known = roots.emplace(scope, std::move(*of_scope)).first;
    }
    for (const auto& [path, place] : real) {
      const auto& wanted = place;
      const bool there = std::ranges::any_of(known->second, [&](const auto& root) {
        return at_or_below(root, wanted) || std::ranges::any_of(entry.files, [&](const auto& file) {
                 return file.second.role == CoveredFile::Role::covered &&
                        at_or_below(join_path(root, file.first), wanted);
               });
      });
      if (there) ++out[path];
    }
    return true;
  }));
  (void)noted;
  if (failed) return tl::unexpected<Error>(*failed);
  return out;
}

Result<void> note_places(Disk& disk, Store& store, const CheckReport& report) {
  std::map<std::pair<RecordId::System, RecordId::Scope>, std::string> roots;
  each_collection(report, [&](const SystemReport& one, std::size_t c) {
    const auto& at = one.reading->collection(c);
    if (at.loose || at.stream || one.reading->sealable(c) == 0) return;
    const auto id = one.reading->id(c, 0);
    if (const auto real = disk.real_path(at.root)) roots.emplace(std::pair(id.system, id.scope), *real);
  });
  return store.note_roots(roots);
}

}  // namespace provgate
