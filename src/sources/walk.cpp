// Listing what a kernel's areas hold.
#include <algorithm>

#include "sources/listing.hpp"

namespace provgate {
namespace {

bool one_of(std::string_view name, std::initializer_list<std::string_view> names) { return std::find(names.begin(), names.end(), name) != names.end(); }

bool holds_instance(Disk& disk, const std::string& directory) {
  for (const char* name : {"manifest.json", "data.json", "message.json", "instance.json"}) {
    if (disk.info(join_path(directory, name)).type != FileType::missing) return true;
  }
  return false;
}

/// Lists what the areas of one kernel hold.
class AreaWalk {
 public:
  AreaWalk(Disk& disk, const KernelPlace& kernel, const ReadOptions& options, KernelWalk& out)
      : disk_(disk), out_(out), listing_(disk, kernel, options, out.problems, out.skipped) {}

  void area(const std::string& area) {
    for (const auto& e : listing_.entries(area)) {
      const auto path = join_path(area, e.name);
      const bool directory = e.type == FileType::directory;
      if (directory && e.name == "instances") {
        instances(path);
      } else if (directory && !e.name.starts_with('.') && !holds_no_records(e.name) && !one_of(e.name, {"proof", "ledger", "sessions"}) && holds_instance(disk_, path)) {
        out_.instance_tops.push_back(path);
      } else {
        entry(area, e, 1);
      }
    }
  }

 private:
  void instances(const std::string& directory) {
    for (const auto& e : listing_.entries(directory)) {
      const auto path = join_path(directory, e.name);
      if (e.type == FileType::directory || (e.type == FileType::file && is_record_name(e.name) && !e.name.starts_with('.'))) {
        out_.instance_tops.push_back(path);
      } else {
        listing_.skip(reason_of(e.name), path);
      }
    }
  }

  void records(const std::string& directory, int depth) {
    if (depth > k_deepest) return out_.problems.push_back(too_deep(directory));
    for (const auto& e : listing_.entries(directory)) entry(directory, e, depth);
  }

  void entry(const std::string& directory, const DirEntry& e, int depth) {
    const auto path = join_path(directory, e.name);
    if (e.type == FileType::directory) {
      if (disk_.info(join_path(path, "conceptkernel.yaml")).type != FileType::missing) {
        out_.problems.push_back(problem("KERNEL-014", Severity::error, path, "a kernel of its own inside another kernel's area", "put it beside the kernel, not into its records"));
      } else if (holds_no_records(e.name) || e.name.starts_with('.')) {
        listing_.skip(e.name.starts_with('.') ? SkipReason::dot_entry : SkipReason::directory_of_no_records, path);
      } else {
        records(path, depth + 1);
      }
    } else if (e.type == FileType::file && base_name(directory) == "ledger" && e.name.starts_with("actions") && e.name.ends_with(".jsonl")) {
      out_.action_ledgers.push_back(path);
    } else if (e.type == FileType::file && is_record_name(e.name) && !e.name.starts_with('.')) {
      out_.record_files.push_back(path);
    } else {
      listing_.skip(reason_of(e.name), path);
    }
  }

  Disk& disk_;
  KernelWalk& out_;
  Listing listing_;
};

// proof.json that provgate wrote, in proof/{instance_id}/ of an instance that is there, is read with it, not as a record of its own.
bool own_proof(Disk& disk, const std::string& path) {
  const auto directory = parent_path(path), proofs = parent_path(directory);
  if (base_name(path) != "proof.json" || base_name(proofs) != "proof") return false;
  const auto area = parent_path(proofs);
  return disk.info(join_path(join_path(area, "instances"), base_name(directory))).type == FileType::directory || disk.info(join_path(area, base_name(directory))).type == FileType::directory;
}

}  // namespace

KernelWalk list_kernel(Disk& disk, const KernelPlace& kernel, const ReadOptions& options) {
  KernelWalk out;
  out.problems = kernel.problems, out.skipped = kernel.skipped;
  for (const auto& link : kernel.links) out.problems.push_back(link_problem(disk, kernel, link));
  AreaWalk walk(disk, kernel, options, out);
  for (const auto& area : kernel.areas) walk.area(area);
  std::erase_if(out.record_files, [&](const auto& path) { return own_proof(disk, path); });
  out.record_files.insert(out.record_files.end(), kernel.files.begin(), kernel.files.end());
  out.instance_tops.insert(out.instance_tops.end(), kernel.tops.begin(), kernel.tops.end());
  std::sort(out.instance_tops.begin(), out.instance_tops.end());
  std::sort(out.record_files.begin(), out.record_files.end());
  return out;
}

}  // namespace provgate
