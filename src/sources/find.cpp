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
    if (disk.info(candidate).type == FileType::file) return candidate;
    at = at == "." ? ".." : at.ends_with("..") ? at + "/.." : parent_path(at);
  }
  return {};
}

// The kernel rooted at `directory`, when there is one.
std::optional<KernelPlace> kernel_at(Disk& disk, const std::string& directory, const std::vector<DirEntry>& entries) {
  KernelPlace place;
  place.root = place.home = directory;
  const auto* yaml = entry(entries, "conceptkernel.yaml");
  if (yaml && yaml->type != FileType::directory) {
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
    if (!e || e->type != FileType::directory) continue;
    place.areas.push_back(join_path(directory, name));
    storage = storage || name == "storage";
    data = data || name == "data";
  }
  if (place.yaml.empty() && !storage && !data) return {};
  place.version = data ? CkpVersion::v37 : CkpVersion::v36;
  place.both_areas = storage && data;
  place.project_file = find_project_file(disk, directory);
  return place;
}

Result<void> search(Disk& disk, const std::string& directory, std::vector<KernelPlace>& out, int depth) {
  TRY(const auto entries, disk.list(directory));
  const auto here = kernel_at(disk, directory, entries);
  if (here) out.push_back(*here);
  if (depth == 0) return {};
  for (const auto& e : entries) {
    if (e.type != FileType::directory || e.name.starts_with('.') || e.name == "node_modules") continue;
    if (here && (is_area(e.name) || e.name == "consensus" || e.name == "ck" || e.name == "tool" || e.name == "web")) continue;
    // A directory that cannot be listed holds no kernel we could judge; it is named when it is one itself.
    if (auto found = search(disk, join_path(directory, e.name), out, depth - 1); !found && found.error().code != Code::input) {
      return found;
    }
  }
  return {};
}

// The kernel that `path` lies in: some ancestor named storage, data or consensus whose parent is a kernel.
std::optional<KernelPlace> kernel_above(Disk& disk, const std::string& path) {
  const auto real = disk.real_path(path);
  if (!real) return {};
  std::string relative;
  for (std::string at = *real; at != "/" && at != "."; at = parent_path(at)) {
    const auto name = base_name(at);
    const auto up = parent_path(at);
    if (is_area(name) || name == "consensus") {
      const auto entries = disk.list(up);
      if (!entries) return {};
      if (auto found = kernel_at(disk, up, *entries)) return found;
    }
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
    CHECKED(search(disk, path, out, k_depth));
    if (!out.empty()) return out;
  }
  KernelPlace loose;
  loose.loose = true;
  loose.root = type == FileType::file ? parent_path(path) : path;
  loose.home = loose.root;
  loose.scope = path;
  loose.areas.push_back(path);
  return std::vector<KernelPlace>{loose};
}

}  // namespace provgate
