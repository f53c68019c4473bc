// SPDX-License-Identifier: Apache-2.0
#include "systems/ckp/sources/listing.hpp"

namespace provgate::ckp {

// A link is not followed: its target is read in its own place when it lies in the tree, and is not a record of this
// kernel when it does not.
Finding link_problem(Disk& disk, const KernelPlace& kernel, const std::string& path) {
  const auto target = disk.real_path(path), root = disk.real_path(kernel.root);
  const bool inside = target && root && (*target == *root || target->starts_with(*root + "/"));
  if (inside && disk.info(*target).type == FileType::directory) {
    return problem("INPUT-004", Severity::warning, path, "a link inside the tree is not followed",
                   "its target is read in its own place");
  }
  auto f = problem("INPUT-003", Severity::error, path,
                   !target  ? "a link that leads nowhere"
                   : inside ? "a record must be a file of its own, not a link"
                            : "a link that leads out of the tree",
                   inside ? "put the file itself here, or read links inside one directory with --follow-links-inside"
                          : "put the file itself here");
  f.unreadable = true;
  return f;
}

std::vector<DirEntry> Listing::entries(const std::string& directory) {
  auto found = disk_.list(directory);
  if (!found) {
    problems_.push_back(unreadable(found.error(), directory));
    whole_ = false;
    return {};
  }
  whole_ = std::erase_if(*found, [&](DirEntry& e) { return taken_out(directory, e); }) == 0;
  return std::move(*found);
}

bool Listing::taken_out(const std::string& directory, DirEntry& e) {
  const auto path = join_path(directory, e.name);
  if (first_bad_utf8(e.name) != std::string_view::npos) return problems_.push_back(bad_name(directory, e.name)), true;
  if (options_.follow_links_inside && e.name.starts_with(".."))
    return skip(SkipReason::dot_entry, path), true;  // what the links lead to
  if (e.type == FileType::link && !inside_target(disk_, path, options_).empty()) e.type = FileType::file;
  if (e.type == FileType::link) {
    if (is_record_name(e.name) || !holds_no_records(e.name)) {
      problems_.push_back(link_problem(disk_, kernel_, path));
    } else {
      skip(SkipReason::directory_of_no_records, path);
    }
    return true;
  }
  if (e.type == FileType::other && is_record_name(e.name) && !is_instance_member(e.name)) {
    problems_.push_back(unreadable({Code::input, "not a regular file", {}, path, {}}, path));
    return true;
  }
  if (e.type != FileType::file || !looks_like_record(e.name)) return false;
  return problems_.push_back(odd_name(path)), true;
}

}  // namespace provgate::ckp
