// SPDX-License-Identifier: Apache-2.0
// Finding kernels: downwards from a path, and upwards when the path lies inside one.
#include <algorithm>
#include <unordered_set>

#include "systems/ckp/sources/names.hpp"

namespace provgate::ckp {
namespace {

bool is_area(std::string_view name) { return name == "storage" || name == "data"; }

const DirEntry* entry(const std::vector<DirEntry>& entries, std::string_view name) {
  const auto found = std::find_if(entries.begin(), entries.end(), [&](const auto& e) { return e.name == name; });
  return found == entries.end() ? nullptr : &*found;
}

std::string find_project_file(Disk& disk, const std::string& root) {
  std::string at = root;
  for (int level = 0; level < 4; ++level) {
    const auto candidate = join_path(at, ".ckproject");
    if (disk.info(candidate).type != FileType::missing) return candidate;
    at = at == "." ? ".." : at.ends_with("..") ? at + "/.." : parent_path(at);
  }
  return {};
}

// The kernel rooted at `directory`, when there is one.
std::optional<KernelPlace> kernel_at(Disk& disk, const std::string& directory, const std::vector<DirEntry>& entries) {
  KernelPlace place;
  place.root = place.home = directory;
  for (const char* name : {"conceptkernel.yaml", "conceptkernel.yml"}) {
    if (place.yaml.empty() && entry(entries, name)) place.yaml = join_path(directory, name);
  }
  if (const auto* ck = entry(entries, "ck"); place.yaml.empty() && ck && ck->type == FileType::directory) {
    const auto inner = join_path(directory, "ck");
    for (const char* name : {"conceptkernel.yaml", "conceptkernel.yml"}) {
      if (!place.yaml.empty() || disk.info(join_path(inner, name)).type != FileType::file) continue;
      place.home = inner;
      place.yaml = join_path(inner, name);
    }
  }
  bool storage = false, data = false, consensus = false;
  for (const std::string_view name : {"storage", "data", "consensus"}) {
    const auto* e = entry(entries, name);
    if (!e || (e->type != FileType::directory && e->type != FileType::link)) continue;
    (e->type == FileType::link ? place.links : place.areas).push_back(join_path(directory, name));
    storage = storage || name == "storage";
    data = data || name == "data";
    consensus = consensus || name == "consensus";
  }
  if (place.yaml.empty() && !storage && !data && !consensus) return {};
  for (const auto& area : place.areas) {
    if (disk.info(join_path(area, "proof")).type == FileType::directory) place.proof_areas.push_back(area);
  }
  place.version = data ? CkpVersion::v37 : CkpVersion::v36;
  place.both_areas = storage && data;
  place.project_file = find_project_file(disk, directory);
  return place;
}

bool has_known_areas(Disk& disk, const KernelPlace& kernel) {
  for (const auto& area : kernel.areas) {
    for (const char* name : {"instances", "proof", "ledger", "tasks", "decisions"}) {
      if (disk.info(join_path(area, name)).type == FileType::directory) return true;
    }
  }
  return false;
}

// Whether the directory `area`, called storage, data or consensus, is really a kernel's: the kernel says so itself, or
// what lies below has a name that only such areas have. A plain directory called data above a fleet is none.
bool is_real_area(Disk& disk, const KernelPlace& kernel, const std::string& area, const std::string& below) {
  if (!kernel.yaml.empty()) return true;
  const auto first = below.substr(0, below.find('/'));
  if (one_of(first, {"instances", "proof", "ledger", "sessions", "tasks", "goals", "decisions", "proposals",
                     "executions", "index"}))
    return true;
  if (has_known_areas(disk, kernel)) return true;
  if (first.empty()) return is_kernel_name(base_name(kernel.root));
  for (const char* name : {"manifest.json", "data.json", "message.json", "instance.json"}) {
    if (disk.info(join_path(join_path(area, first), name)).type != FileType::missing) return true;
  }
  return false;
}

// What of a directory makes it a kernel's, without listing it.
std::optional<KernelPlace> kernel_by_names(Disk& disk, const std::string& directory) {
  if (disk.info(directory).type != FileType::directory) return {};
  std::vector<DirEntry> entries;
  for (const char* name : {"conceptkernel.yaml", "conceptkernel.yml", "ck", "storage", "data", "consensus"}) {
    if (const auto type = disk.info(join_path(directory, name)).type; type != FileType::missing)
      entries.push_back({name, type});
  }
  return entries.empty() ? std::nullopt : kernel_at(disk, directory, entries);
}

class Finder {
 public:
  Finder(Disk& disk, const ReadOptions& options, const Taken& taken) : disk_(disk), options_(options), taken_(taken) {}

  Result<void> add(const std::string& given) {
    std::string path = given;
    while (path.size() > 1 && path.back() == '/') path.pop_back();
    if (first_bad_utf8(path) != std::string_view::npos) {
      return tl::unexpected<Error>(
          Error{Code::input,
                "the path's name is not UTF-8, so nothing can be said of it that others could read",
                "rename it",
                path,
                {}});
    }
    TRY(const auto real, disk_.real_path(path));
    const auto type = disk_.info(real).type;
    if (type != FileType::file && type != FileType::directory) {
      return tl::unexpected<Error>(Error{Code::input, "neither a file nor a directory", {}, path, {}});
    }
    if (auto above = kernel_above(real)) {
      // A kernel may hold others, in directories that are none of its areas.
      if (type == FileType::directory && std::none_of(above->areas.begin(), above->areas.end(), [&](const auto& area) {
            return real == area || real.starts_with(area + "/");
          })) {
        std::vector<KernelPlace> found;
        KernelPlace unused;
        search(path, found, unused, 0, nullptr);
        for (auto& place : found) kernel(std::move(place), {});
      }
      inside_kernel(std::move(*above), path, real);
    } else if (type == FileType::directory) {
      std::vector<KernelPlace> found;
      KernelPlace loose = loose_at(path);
      search(path, found, loose, 0, nullptr);
      for (auto& place : found) kernel(std::move(place), {});
      loose_.emplace_back(real, std::move(loose));
    } else {
      KernelPlace loose = loose_at(parent_path(path));
      loose.files.push_back(path);
      loose_.emplace_back(real, std::move(loose));
    }
    return {};
  }

  std::vector<KernelPlace> finish() {
    // Where only a part of a kernel was named, the files beside its areas are context, too.
    for (std::size_t i = 0; i < kernels_.size(); ++i) {
      if (kernels_[i].scope.empty()) continue;
      std::vector<KernelPlace> found;
      KernelPlace none;
      search(kernels_[i].root, found, none, 0, nullptr);
      if (found.empty() || found.front().root != kernels_[i].root) continue;
      kernels_[i].files = std::move(found.front().files);
      kernels_[i].tops = std::move(found.front().tops);
    }
    std::unordered_set<std::string> seen;
    const auto absolute = [&](const std::string& root, const std::string& real_root, const std::string& path) {
      return real_root + path.substr(std::min(root.size(), path.size()));
    };
    for (std::size_t i = 0; i < kernels_.size(); ++i) {
      for (const auto* list : {&kernels_[i].files, &kernels_[i].tops}) {
        for (const auto& path : *list) {
          if (in_scope(kernels_[i], path)) seen.insert(absolute(kernels_[i].root, roots_[i], path));
        }
      }
    }
    // Of loose trees that lie in each other each record counts once; the widest comes first.
    std::stable_sort(loose_.begin(), loose_.end(),
                     [](const auto& a, const auto& b) { return a.first.size() < b.first.size(); });
    std::set<std::string> named;
    auto out = std::move(kernels_);
    for (auto& [real, place] : loose_) {
      const bool same = !named.insert(real).second;
      const bool nested = same || std::any_of(named.begin(), named.end(), [&, &path = real](const auto& other) {
                            return path.starts_with(other + "/");
                          });
      for (auto* list : {&place.files, &place.tops}) {
        std::erase_if(*list, [&](const std::string& path) {
          const auto at = disk_.real_path(path);
          return !seen.insert(at ? *at : path).second;
        });
      }
      if (nested) place.problems.clear(), place.links.clear(), place.skipped = {};
      const bool empty = place.files.empty() && place.tops.empty() && place.problems.empty() && place.links.empty() &&
                         !place.skipped.total();
      if (!empty) out.push_back(std::move(place));
    }
    return out;
  }

 private:
  static KernelPlace loose_at(const std::string& directory) {
    KernelPlace place;
    place.loose = true;
    place.root = place.home = directory;
    return place;
  }

  void inside_kernel(KernelPlace above, const std::string& path, const std::string& real) {
    // Messages keep to what the user wrote: the part of the real path below the kernel is also the end of `path`.
    const auto real_root = above.root;
    if (const auto outer = kernel_above(real_root)) {
      const bool within = std::any_of(outer->areas.begin(), outer->areas.end(),
                                      [&](const auto& area) { return real_root.starts_with(area + "/"); });
      if (within) above.problems.push_back(inner_kernel(real_root));
    }
    const auto below = real.substr(real_root.size());
    std::string shown = path;
    if (path.size() > below.size() && path.ends_with(below)) {
      const auto prefix = path.substr(0, path.size() - below.size());
      const auto swap = [&](std::string& p) {
        if (!p.empty() && p.starts_with(real_root)) p = prefix + p.substr(real_root.size());
      };
      for (auto* p : {&above.home, &above.yaml, &above.project_file}) swap(*p);
      for (auto* list : {&above.areas, &above.proof_areas, &above.links}) {
        for (auto& p : *list) swap(p);
      }
      for (auto& f : above.problems) swap(f.file), swap(f.owner);
      above.root = prefix;
    } else {
      shown = real;
    }
    // The proof that sealing wrote is read with the instance it is of.
    std::vector<std::string> scopes = {shown};
    for (const auto& area : above.areas) {
      if (base_name(shown) != "proof.json" || parent_path(parent_path(shown)) != join_path(area, "proof")) continue;
      if (const auto instance = join_path(area, "instances/" + base_name(parent_path(shown)));
          disk_.info(instance).type == FileType::directory)
        scopes = {instance};
    }
    for (const auto& scope : scopes) kernel(above, scope);
  }

  // One place a kernel: a second path to it widens what is judged. `scope` empty: all of it.
  void kernel(KernelPlace place, const std::string& scope) {
    const auto real = disk_.real_path(place.root);
    const auto key = real ? *real : place.root;
    const auto [slot, fresh] = by_root_.emplace(key, kernels_.size());
    if (fresh) {
      if (!scope.empty()) place.scope.add(scope);
      kernels_.push_back(std::move(place));
      roots_.push_back(key);
      return;
    }
    auto& known = kernels_[slot->second];
    if (known.scope.empty()) return;
    if (!scope.empty()) {
      known.scope.add(known.root + scope.substr(place.root.size()));
      return;
    }
    // Found whole this time: with all that was seen on the way, under the name that was given first.
    const auto swap = [&](std::string& p) {
      if (p.starts_with(place.root)) p = known.root + p.substr(place.root.size());
    };
    for (auto* list : {&place.files, &place.tops}) {
      for (auto& p : *list) swap(p);
    }
    known.scope.clear();
    known.files = std::move(place.files), known.tops = std::move(place.tops);
    known.problems = std::move(place.problems), known.skipped = std::move(place.skipped);
  }

  // The kernel that the real path lies in: an ancestor that is one, by way of storage, data or consensus or of its own
  // directory.
  std::optional<KernelPlace> kernel_above(const std::string& real) {
    for (std::string at = real; at != "/" && at != "."; at = parent_path(at)) {
      const auto name = base_name(at);
      const auto& found = kernel_in(parent_path(at));
      if (!found) continue;
      const auto below = at.size() < real.size() ? real.substr(at.size() + 1) : std::string{};
      const bool area = is_area(name) || name == "consensus";
      if (area ? is_real_area(disk_, *found, at, below)
               : (!found->yaml.empty() || has_known_areas(disk_, *found)) && !kernel_in(real))
        return found;
    }
    return {};
  }

  // Many paths share their ancestors: each directory is looked into once.
  const std::optional<KernelPlace>& kernel_in(const std::string& directory) {
    const auto [slot, fresh] = looked_.try_emplace(directory);
    if (fresh) slot->second = kernel_by_names(disk_, directory);
    return slot->second;
  }

  // `owner`: the kernel whose directory this lies in, by its place in `out`; else what is found is the loose place's.
  void search(const std::string& directory, std::vector<KernelPlace>& out, KernelPlace& loose, int depth,
              const std::size_t* owner) {
    const auto holder = [&]() -> KernelPlace& { return owner ? out[*owner] : loose; };
    if (depth > k_deepest) return holder().problems.push_back(too_deep(directory));
    const auto entries = disk_.list(directory);
    if (!entries) return holder().problems.push_back(unreadable(entries.error(), directory));
    const auto here = kernel_at(disk_, directory, *entries);
    const std::size_t mine = out.size();
    if (here) {
      out.push_back(*here);
      owner = &mine;
    }
    if (!here && is_instance_top(directory, *entries)) return holder().tops.push_back(directory);
    for (const auto& e : *entries) {
      const auto path = join_path(directory, e.name);
      if (taken_ && taken_(path)) continue;
      const auto skip = [&](SkipReason reason) { holder().skipped.add(reason, path, options_.list_skipped); };
      if (first_bad_utf8(e.name) != std::string_view::npos) {
        holder().problems.push_back(bad_name(directory, e.name));
      } else if (e.type == FileType::link) {
        link(path, here.has_value(), holder());
      } else if (e.type == FileType::directory) {
        if (here && (is_area(e.name) || e.name == "consensus")) continue;
        if (e.name.starts_with("..")) {
          skip(SkipReason::dot_entry);  // what the links of a ConfigMap mount lead to
        } else if (here && one_of(e.name, {"ck", "tool", "web"})) {
          skip(SkipReason::code_directory);
        } else if (e.name == "node_modules" || (e.name.starts_with('.') && !leads_to_kernel(path))) {
          skip(e.name == "node_modules" ? SkipReason::code_directory : SkipReason::dot_entry);
        } else {
          search(path, out, loose, depth + 1, owner);
        }
      } else if (here && one_of(e.name, {"conceptkernel.yaml", "conceptkernel.yml", "ontology.yaml", ".ckproject"})) {
        continue;  // read as what they are
      } else if (e.type == FileType::file && !e.name.starts_with('.') &&
                 (is_record_name(e.name) || (!owner && is_lines_name(e.name)))) {
        holder().files.push_back(path);
      } else if (e.type == FileType::other && is_record_name(e.name)) {
        holder().problems.push_back(unreadable({Code::input, "not a regular file", {}, path, {}}, path));
      } else if (e.type == FileType::file && looks_like_record(e.name)) {
        holder().problems.push_back(odd_name(path));
      } else {
        skip(reason_of(e.name));
      }
    }
  }

  // A dot directory is entered when it is a kernel or a kernel lies directly inside.
  bool leads_to_kernel(const std::string& directory) {
    const auto entries = disk_.list(directory);
    if (!entries) return entries.error().code == Code::world;  // entered, which says why it cannot be read
    if (kernel_at(disk_, directory, *entries)) return true;
    return std::any_of(entries->begin(), entries->end(), [&](const auto& e) {
      return e.type == FileType::directory && kernel_in(join_path(directory, e.name));
    });
  }

  // Many tools call a file manifest.json or data.json: a directory outside every kernel is an instance when one of them
  // speaks of records.
  bool is_instance_top(const std::string& directory, const std::vector<DirEntry>& entries) {
    return std::any_of(entries.begin(), entries.end(), [&](const auto& e) {
      if (e.type != FileType::file || !is_instance_member(e.name)) return false;
      const auto text = disk_.read(join_path(directory, e.name), options_.max_file_size);
      return text && speaks_of_records(*text);
    });
  }

  // A link is reported where a record or a kernel could stand behind it.
  void link(const std::string& path, bool in_kernel, KernelPlace& holder) {
    const auto target = disk_.real_path(path);
    const bool directory = target && disk_.info(*target).type == FileType::directory;
    const auto name = base_name(path);
    if (in_kernel && (is_area(name) || name == "consensus")) return;  // kernel_at has it
    if ((!in_kernel && (!target || directory)) || (is_record_name(name) && !in_kernel)) {
      holder.links.push_back(path);
    } else {
      holder.skipped.add(directory ? SkipReason::directory_of_no_records : reason_of(name), path,
                         options_.list_skipped);
    }
  }

  Disk& disk_;
  const ReadOptions& options_;
  const Taken& taken_;
  std::vector<KernelPlace> kernels_;
  std::vector<std::string> roots_;  ///< real path of each kernel's root
  std::map<std::string, std::size_t> by_root_;
  std::map<std::string, std::optional<KernelPlace>> looked_;
  std::vector<std::pair<std::string, KernelPlace>> loose_;
};

}  // namespace

bool is_kernel_root(Disk& disk, const std::string& directory) {
  const auto found = kernel_by_names(disk, directory);
  return found && (!found->yaml.empty() || has_known_areas(disk, *found));
}

bool in_scope(const KernelPlace& kernel, const std::string& path) { return kernel.loose || kernel.scope.hold(path); }

Result<std::vector<KernelPlace>> find_kernels(Disk& disk, const std::vector<std::string>& paths,
                                              const ReadOptions& options, const Taken& taken) {
  Finder finder(disk, options, taken);
  for (const auto& path : paths) {
    if (!taken || !taken(path)) CHECKED(finder.add(path));
  }
  return finder.finish();
}

}  // namespace provgate::ckp
