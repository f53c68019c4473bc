// SPDX-License-Identifier: Apache-2.0
// Listing what a kernel's areas hold.
#include <algorithm>

#include "systems/ckp/sources/listing.hpp"

namespace provgate::ckp {
namespace {

constexpr std::string_view k_kernel_file = "conceptkernel.yaml";

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
      } else if (directory && !e.name.starts_with('.') && !holds_no_records(e.name) &&
                 !one_of(e.name, {"proof", "ledger", "sessions"}) && holds_instance(disk_, path)) {
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
      if (e.type == FileType::directory ||
          (e.type == FileType::file && is_record_name(e.name) && !e.name.starts_with('.'))) {
        out_.instance_tops.push_back(path);
      } else {
        listing_.skip(reason_of(e.name), path);
      }
    }
  }

  void records(const std::string& directory, int depth) {
    if (depth > k_deepest) return out_.problems.push_back(too_deep(directory));
    const auto entries = listing_.entries(directory);
    if (std::ranges::any_of(entries, [](const auto& e) { return e.name == k_kernel_file; }))
      return out_.problems.push_back(inner_kernel(directory));
    if (listing_.whole() && entries.size() == 1 && entries[0].name == "proof.json")
      out_.lone_proofs.push_back(directory);
    for (const auto& e : entries) entry(directory, e, depth);
  }

  void entry(const std::string& directory, const DirEntry& e, int depth) {
    const auto path = join_path(directory, e.name);
    if (e.type == FileType::directory) {
      if (!holds_no_records(e.name) && !e.name.starts_with('.')) {
        records(path, depth + 1);
      } else if (disk_.info(join_path(path, k_kernel_file)).type != FileType::missing) {
        out_.problems.push_back(inner_kernel(path));
      } else {
        listing_.skip(e.name.starts_with('.') ? SkipReason::dot_entry : SkipReason::directory_of_no_records, path);
      }
    } else if (e.type == FileType::file && base_name(directory) == "ledger" && e.name.starts_with("actions") &&
               e.name.ends_with(".jsonl")) {
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

// proof/{instance_id}/proof.json, as sealing writes it.
bool looks_sealed(const std::string& path) {
  return base_name(path) == "proof.json" && base_name(parent_path(parent_path(path))) == "proof";
}

}  // namespace

KernelWalk list_kernel(Disk& disk, const KernelPlace& kernel, const ReadOptions& options) {
  KernelWalk out;
  out.problems = kernel.problems, out.skipped = kernel.skipped;
  for (const auto& link : kernel.links) out.problems.push_back(link_problem(disk, kernel, link));
  AreaWalk walk(disk, kernel, options, out);
  for (const auto& area : kernel.areas) walk.area(area);
  const auto own = std::stable_partition(out.record_files.begin(), out.record_files.end(),
                                         [](const auto& path) { return !looks_sealed(path); });
  out.own_proofs.assign(std::make_move_iterator(own), std::make_move_iterator(out.record_files.end()));
  out.record_files.erase(own, out.record_files.end());
  out.record_files.insert(out.record_files.end(), kernel.files.begin(), kernel.files.end());
  out.instance_tops.insert(out.instance_tops.end(), kernel.tops.begin(), kernel.tops.end());
  std::sort(out.instance_tops.begin(), out.instance_tops.end());
  std::sort(out.record_files.begin(), out.record_files.end());
  return out;
}

}  // namespace provgate::ckp
