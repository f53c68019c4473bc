// Finding kernels: downwards from a path, and upwards when the path lies inside one.
#include <algorithm>
#include <set>

#include "provgate/sources.hpp"

namespace provgate {
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
    if (const auto type = disk.info(candidate).type; type == FileType::file || type == FileType::link) return candidate;
    at = at == "." ? ".." : at.ends_with("..") ? at + "/.." : parent_path(at);
  }
  return {};
}

// The kernel rooted at `directory`, when there is one.
std::optional<KernelPlace> kernel_at(Disk& disk, const std::string& directory, const std::vector<DirEntry>& entries) {
  KernelPlace place;
  place.root = place.home = directory;
  const auto* yaml = entry(entries, "conceptkernel.yaml");
  if (yaml) {
    place.yaml = join_path(directory, "conceptkernel.yaml");
  } else if (const auto* ck = entry(entries, "ck"); ck && ck->type == FileType::directory) {
    const auto inner = join_path(directory, "ck");
    if (disk.info(join_path(inner, "conceptkernel.yaml")).type == FileType::file) {
      place.home = inner;
      place.yaml = join_path(inner, "conceptkernel.yaml");
    }
  }
  bool storage = false, data = false;
  for (const std::string_view name : {"storage", "data", "consensus"}) {
    const auto* e = entry(entries, name);
    if (!e || (e->type != FileType::directory && e->type != FileType::link)) continue;
    (e->type == FileType::link ? place.links : place.areas).push_back(join_path(directory, name));
    storage = storage || name == "storage";
    data = data || name == "data";
  }
  if (place.yaml.empty() && !storage && !data) return {};
  for (const auto& area : place.areas) {
    if (disk.info(join_path(area, "proof")).type == FileType::directory) place.proof_areas.push_back(area);
  }
  place.version = data ? CkpVersion::v37 : CkpVersion::v36;
  place.both_areas = storage && data;
  place.project_file = find_project_file(disk, directory);
  return place;
}

// A place that holds no kernel but something to report: a directory that cannot be read, links that are not followed.
KernelPlace reported(const std::string& directory) {
  KernelPlace place;
  place.loose = true;
  place.root = place.home = directory;
  return place;
}

void search(Disk& disk, const std::string& directory, std::vector<KernelPlace>& out, int depth) {
  const auto entries = disk.list(directory);
  if (!entries) {
    out.push_back(reported(directory));
    out.back().areas.push_back(directory);  // listing it again says why
    return;
  }
  const auto here = kernel_at(disk, directory, *entries);
  if (here) out.push_back(*here);
  if (depth == 0) return;
  auto links = reported(directory);
  for (const auto& e : *entries) {
    const auto path = join_path(directory, e.name);
    if (e.name.starts_with('.') || e.name == "node_modules") continue;
    if (here && (is_area(e.name) || e.name == "consensus" || e.name == "ck" || e.name == "tool" || e.name == "web")) continue;
    if (e.type == FileType::link && !here) {
      const auto target = disk.real_path(path);
      if (!target || disk.info(*target).type == FileType::directory) links.links.push_back(path);
    }
    if (e.type == FileType::directory) search(disk, path, out, depth - 1);
  }
  if (!links.links.empty()) out.push_back(std::move(links));
}

bool one_of(std::string_view name, std::initializer_list<std::string_view> names) { return std::find(names.begin(), names.end(), name) != names.end(); }

// Whether the directory `area`, called storage or data, is really a kernel's: the kernel says so itself, or what lies
// below has a name that only such areas have. A plain directory called data above a fleet is none.
bool is_real_area(Disk& disk, const KernelPlace& kernel, const std::string& area, const std::string& below) {
  if (!kernel.yaml.empty()) return true;
  const auto first = below.substr(0, below.find('/'));
  if (one_of(first, {"instances", "proof", "ledger", "sessions", "tasks", "goals", "decisions", "proposals", "index"})) return true;
  if (first.empty()) return disk.info(join_path(area, "instances")).type != FileType::missing || is_kernel_name(base_name(kernel.root));
  for (const char* name : {"manifest.json", "data.json", "message.json", "instance.json"}) {
    if (disk.info(join_path(join_path(area, first), name)).type != FileType::missing) return true;
  }
  return false;
}

bool holds_kernel(Disk& disk, const std::string& path) {
  const auto entries = disk.list(path);
  return entries && kernel_at(disk, path, *entries).has_value();
}

// The kernel that `path` lies in: an ancestor that is one, by way of storage, data or consensus or of its own directory.
std::optional<KernelPlace> kernel_above(Disk& disk, const std::string& path) {
  const auto real = disk.real_path(path);
  if (!real) return {};
  std::string relative;
  for (std::string at = *real; at != "/" && at != "."; at = parent_path(at)) {
    const auto name = base_name(at);
    const auto up = parent_path(at);
    const auto below = at.size() < real->size() ? real->substr(at.size() + 1) : std::string{};
    const auto entries = disk.list(up);
    if (!entries) continue;
    auto found = kernel_at(disk, up, *entries);
    if (!found) continue;
    const bool area = is_area(name) || name == "consensus";
    if (area ? is_real_area(disk, *found, at, below) : !found->yaml.empty() && !holds_kernel(disk, *real)) return found;
  }
  return {};
}

}  // namespace

std::string_view name_of(CkpVersion version) {
  return version == CkpVersion::v35 ? "ckp-v3.5" : version == CkpVersion::v36 ? "ckp-v3.6" : "ckp-v3.7";
}

std::optional<CkpVersion> parse_profile(std::string_view name) {
  for (const auto v : {CkpVersion::v35, CkpVersion::v36, CkpVersion::v37}) {
    if (name_of(v) == name) return v;
  }
  return {};
}

std::string ckp_namespace(CkpVersion version) {
  return "https://conceptkernel.org/ontology/" + std::string(name_of(version).substr(4)) + "/";
}

bool in_scope(const KernelPlace& kernel, const std::string& path) {
  const auto& scope = kernel.scope;
  return scope.empty() || kernel.loose || path == scope || path.starts_with(scope + "/") || scope.starts_with(path + "/");
}

Result<std::vector<KernelPlace>> find_kernels(Disk& disk, const std::string& given) {
  std::string path = given;
  while (path.size() > 1 && path.back() == '/') path.pop_back();
  TRY(const auto real, disk.real_path(path));
  const auto type = disk.info(real).type;
  if (type != FileType::file && type != FileType::directory) {
    return tl::unexpected<Error>(Error{Code::input, "neither a file nor a directory", {}, path, {}});
  }
  if (auto above = kernel_above(disk, path)) {
    // Messages keep to what the user wrote: the part of the real path below the kernel is also the end of `path`.
    const auto below = real.substr(above->root.size());
    std::string shown = path;
    if (path.size() > below.size() && path.ends_with(below)) {
      const auto prefix = path.substr(0, path.size() - below.size());
      const auto swap = [&](std::string& p) {
        if (!p.empty() && p.starts_with(above->root)) p = prefix + p.substr(above->root.size());
      };
      const auto real_root = above->root;
      for (auto* p : {&above->home, &above->yaml, &above->project_file}) swap(*p);
      for (auto& area : above->areas) swap(area);
      above->root = prefix;
    } else {
      shown = real;
    }
    const bool whole_area = is_area(base_name(real)) && parent_path(shown) == above->root;
    if (!whole_area) above->scope = shown;
    return std::vector<KernelPlace>{*above};
  }
  std::vector<KernelPlace> out;
  if (type == FileType::directory) {
    constexpr int k_depth = 12;
    search(disk, path, out, k_depth);
    // Only something to report, no kernel: the path itself is judged as a loose place as well.
    const bool kernels = std::any_of(out.begin(), out.end(), [](const auto& p) { return !p.loose; });
    if (kernels || (out.size() == 1 && out[0].root == path && !out[0].areas.empty())) return out;
  }
  KernelPlace loose;
  loose.loose = true;
  loose.root = type == FileType::file ? parent_path(path) : path;
  loose.home = loose.root;
  loose.scope = path;
  loose.areas.push_back(path);
  out.push_back(std::move(loose));
  return out;
}

}  // namespace provgate
