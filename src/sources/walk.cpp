// Listing one kernel's areas and reading its instance directories.
#include <algorithm>

#include "provgate/sources.hpp"
#include "base/digest.hpp"

namespace provgate {
namespace {

bool one_of(std::string_view name, std::initializer_list<std::string_view> names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}
// Directories whose content is no record, wherever they stand.
bool not_records(std::string_view name) {
  return name.starts_with('.') || one_of(name, {"queue", "conversation", "web", "llm", "index", "logs", "checks", "manifests"});
}
bool is_record_name(std::string_view name) {
  return name.ends_with(".json") || name.ends_with(".yaml") || name.ends_with(".yml");
}
bool is_instance_member(std::string_view name) { return one_of(name, {"manifest.json", "data.json", "message.json", "instance.json"}); }

std::string below(const std::string& path, const std::string& root) {
  if (path.starts_with(root) && path.size() > root.size()) return path.substr(root.size() + (path[root.size()] == '/' ? 1 : 0));
  return root == "." ? path : base_name(path);
}

Finding problem(std::string rule, Severity severity, const std::string& path, std::string message, std::string fix = {}) {
  Finding f;
  f.rule = std::move(rule), f.severity = severity, f.file = path, f.owner = path;
  f.message = std::move(message), f.fix = std::move(fix);
  f.unreadable = severity == Severity::error;
  return f;
}

Finding unreadable(const Error& error, const std::string& path) {
  return problem("INPUT-003", Severity::error, error.file.empty() ? path : error.file, error.why, error.help);
}

// A link is never followed: its target is read in its own place when it lies in the tree, and is no record of this
// kernel when it does not.
Finding link_problem(Disk& disk, const KernelPlace& kernel, const std::string& path) {
  const auto target = disk.real_path(path), root = disk.real_path(kernel.root);
  const bool inside = target && root && (*target == *root || target->starts_with(*root + "/"));
  if (inside && disk.info(*target).type == FileType::directory) {
    return problem("INPUT-004", Severity::warning, path, "a link inside the tree is not followed", "its target is read in its own place");
  }
  return problem("INPUT-003", Severity::error, path,
                 !target ? "a link that leads nowhere" : inside ? "a record must be a file of its own, not a link" : "a link that leads out of the tree",
                 "put the file itself here");
}

void walk_records(Disk& disk, const KernelPlace& kernel, const std::string& directory, int depth, KernelWalk& out) {
  const auto entries = disk.list(directory);
  if (!entries) {
    out.problems.push_back(unreadable(entries.error(), directory));
    return;
  }
  for (const auto& e : *entries) {
    const auto path = join_path(directory, e.name);
    if (e.type == FileType::link) {
      if (is_record_name(e.name) || !not_records(e.name)) out.problems.push_back(link_problem(disk, kernel, path));
    } else if (e.type == FileType::directory) {
      if (not_records(e.name)) {
        ++out.skipped;
      } else if (depth > 0) {
        walk_records(disk, kernel, path, depth - 1, out);
      }
    } else if (e.type == FileType::file && base_name(directory) == "ledger" && e.name.ends_with(".jsonl")) {
      if (e.name.starts_with("actions")) {
        out.action_ledgers.push_back(path);
      } else {
        ++out.skipped;
      }
    } else if (e.type == FileType::file && is_record_name(e.name) && !e.name.starts_with('.')) {
      out.record_files.push_back(path);
    } else {
      ++out.skipped;
    }
  }
}

bool holds_instance(Disk& disk, const std::string& directory) {
  for (const char* name : {"manifest.json", "data.json", "message.json", "instance.json"}) {
    if (disk.info(join_path(directory, name)).type != FileType::missing) return true;
  }
  return false;
}

void list_instances(Disk& disk, const KernelPlace& kernel, const std::string& directory, KernelWalk& out) {
  const auto entries = disk.list(directory);
  if (!entries) {
    out.problems.push_back(unreadable(entries.error(), directory));
    return;
  }
  for (const auto& e : *entries) {
    const auto path = join_path(directory, e.name);
    if (e.type == FileType::link) {
      out.problems.push_back(link_problem(disk, kernel, path));
    } else if (e.name.starts_with('.')) {
      ++out.skipped;
    } else if (e.type == FileType::directory || (e.type == FileType::file && is_record_name(e.name))) {
      out.instance_tops.push_back(path);
    } else {
      ++out.skipped;
    }
  }
}

void list_area(Disk& disk, const KernelPlace& kernel, const std::string& area, KernelWalk& out) {
  const auto entries = disk.list(area);
  if (!entries) {
    out.problems.push_back(unreadable(entries.error(), area));
    return;
  }
  for (const auto& e : *entries) {
    const auto path = join_path(area, e.name);
    if (e.type == FileType::link) {
      out.problems.push_back(link_problem(disk, kernel, path));
    } else if (e.type == FileType::directory && e.name == "instances") {
      list_instances(disk, kernel, path, out);
    } else if (e.type == FileType::directory && not_records(e.name)) {
      ++out.skipped;
    } else if (e.type == FileType::directory && !one_of(e.name, {"proof", "ledger", "sessions"}) && holds_instance(disk, path)) {
      out.instance_tops.push_back(path);
    } else if (e.type == FileType::directory) {
      walk_records(disk, kernel, path, 20, out);
    } else if (e.type == FileType::file && is_record_name(e.name) && !e.name.starts_with('.')) {
      out.record_files.push_back(path);
    } else {
      ++out.skipped;
    }
  }
}

// proof.json that provgate wrote, in proof/{instance_id}/, is read with its instance, not as a record of its own.
bool own_proof(const std::string& path) {
  return base_name(path) == "proof.json" && base_name(parent_path(parent_path(path))) == "proof";
}

std::string instance_name(const std::string& path, const KernelPlace& kernel) {
  for (const auto& area : kernel.areas) {
    const auto prefix = join_path(area, "instances");
    if (path.starts_with(prefix + "/")) return path.substr(prefix.size() + 1);
    if (path.starts_with(area + "/")) return path.substr(area.size() + 1);
  }
  return base_name(path);
}

void take(SourceFile& slot, SourceFile&& file) { slot = std::move(file); }

void read_directory_proofs(Disk& disk, const KernelPlace& kernel, const std::string& directory, const ReadOptions& options, InstanceFiles& out) {
  const auto entries = disk.list(directory);
  if (!entries) return out.problems.push_back(unreadable(entries.error(), directory));
  for (const auto& e : *entries) {
    const auto path = join_path(directory, e.name);
    if (e.type == FileType::link) {
      out.problems.push_back(link_problem(disk, kernel, path));
    } else if (e.type == FileType::file && is_record_name(e.name)) {
      out.client_proofs.push_back(read_source(disk, path, kernel, options));
    } else {
      ++out.skipped;
    }
  }
}

void walk_instances(Disk& disk, const KernelPlace& kernel, const std::string& path, const ReadOptions& options, int depth,
                    std::vector<InstanceFiles>& out);

// An instance ledger may be an object, a list, or one entry a line; the last is read as the list it means.
void as_lines(Disk& disk, const ReadOptions& options, SourceFile& file) {
  const auto text = disk.read(file.path, options.max_file_size);
  if (!text) return;
  std::string list = "[";
  for (const auto& line : split(trim(*text), '\n')) list += (list.size() > 1 ? ",\n" : "") + std::string(line);
  auto doc = read_json(file.path, list + "]");
  if (!doc) return;
  file.doc = std::make_unique<Document>(std::move(*doc));
  file.error.reset();
}

InstanceFiles read_entries(Disk& disk, const KernelPlace& kernel, const std::string& directory, const std::vector<DirEntry>& entries,
                           const ReadOptions& options) {
  InstanceFiles out;
  out.directory = directory;
  out.name = instance_name(directory, kernel);
  for (const auto& e : entries) {
    const auto path = join_path(directory, e.name);
    if (e.type == FileType::link) {
      out.problems.push_back(link_problem(disk, kernel, path));
      continue;
    }
    if (e.type == FileType::directory && !is_record_name(e.name)) {
      if (e.name == "proof") {
        read_directory_proofs(disk, kernel, path, options, out);
      } else {
        ++out.skipped;
      }
      continue;
    }
    if (!is_record_name(e.name) || e.name.starts_with('.')) {
      ++out.skipped;
      continue;
    }
    ReadOptions with = options;
    // The proof compares the digests of these two.
    with.digests = options.digests || ((e.name == "data.json" || e.name == "manifest.json") &&
                                       std::any_of(entries.begin(), entries.end(), [](const auto& x) { return x.name == "proof.json"; }));
    auto file = read_source(disk, path, kernel, with);
    if (e.name == "manifest.json") {
      take(out.manifest, std::move(file));
    } else if (e.name == "data.json") {
      take(out.data, std::move(file));
    } else if (e.name == "message.json") {
      take(out.message, std::move(file));
    } else if (e.name == "instance.json") {
      take(out.instance, std::move(file));
    } else if (e.name == "proof.json") {
      take(out.proof, std::move(file));
    } else if (e.name == "ledger.json") {
      take(out.ledger, std::move(file));
      if (out.ledger.error) as_lines(disk, options, out.ledger);
    } else if (e.name.starts_with("data_amendment_")) {
      out.amendments.push_back(std::move(file));
    } else {
      out.others.push_back(std::move(file));
    }
  }
  return out;
}

void walk_instances(Disk& disk, const KernelPlace& kernel, const std::string& path, const ReadOptions& options, int depth,
                    std::vector<InstanceFiles>& out) {
  if (!in_scope(kernel, path)) return;
  const auto entries = disk.list(path);
  if (!entries) {
    InstanceFiles broken;
    broken.directory = path;
    broken.name = instance_name(path, kernel);
    broken.problems.push_back(unreadable(entries.error(), path));
    out.push_back(std::move(broken));
    return;
  }
  const bool instance = std::any_of(entries->begin(), entries->end(), [](const auto& e) { return is_instance_member(e.name); });
  if (instance) {
    out.push_back(read_entries(disk, kernel, path, *entries, options));
  } else {
    InstanceFiles stray;  // records of other kinds, such as a task.yaml in a directory of its own
    stray.directory = path;
    for (const auto& e : *entries) {
      const auto inner = join_path(path, e.name);
      if (e.type == FileType::link) stray.problems.push_back(link_problem(disk, kernel, inner));
      if (e.type == FileType::file && is_record_name(e.name) && !e.name.starts_with('.')) {
        stray.others.push_back(read_source(disk, inner, kernel, options));
      }
    }
    if (!stray.others.empty() || !stray.problems.empty()) out.push_back(std::move(stray));
  }
  for (const auto& e : *entries) {
    const bool member = instance && (e.name == "proof" || is_record_name(e.name));
    if (e.type == FileType::directory && !member && !not_records(e.name) && depth > 0) {
      walk_instances(disk, kernel, join_path(path, e.name), options, depth - 1, out);
    }
  }
}

}  // namespace

const SourceFile* InstanceFiles::record() const {
  for (const auto* file : {&manifest, &data, &message, &instance}) {
    if (file->doc || file->error) return file;
  }
  return nullptr;
}

KernelWalk list_kernel(Disk& disk, const KernelPlace& kernel) {
  KernelWalk out;
  for (const auto& link : kernel.links) out.problems.push_back(link_problem(disk, kernel, link));
  if (kernel.loose && kernel.areas.empty()) return out;
  if (kernel.loose) {
    const auto& path = kernel.areas.front();
    if (disk.info(path).type != FileType::directory) {
      out.record_files.push_back(path);
    } else if (holds_instance(disk, path)) {
      out.instance_tops.push_back(path);
    } else {
      walk_records(disk, kernel, path, 20, out);
      // A loose tree is searched for records, not believed to hold nothing else.
      std::sort(out.record_files.begin(), out.record_files.end());
    }
    return out;
  }
  for (const auto& area : kernel.areas) list_area(disk, kernel, area, out);
  std::erase_if(out.record_files, own_proof);
  std::sort(out.instance_tops.begin(), out.instance_tops.end());
  std::sort(out.record_files.begin(), out.record_files.end());
  std::erase_if(out.instance_tops, [&](const auto& top) { return !in_scope(kernel, top); });
  return out;
}

std::vector<InstanceFiles> read_instances(Disk& disk, const KernelPlace& kernel, const std::string& top, const ReadOptions& options) {
  std::vector<InstanceFiles> out;
  if (is_record_name(top) && disk.info(top).type == FileType::file) {
    InstanceFiles flat;
    flat.directory = top;
    flat.name = base_name(top);
    flat.name.resize(flat.name.rfind('.'));
    flat.instance = read_source(disk, top, kernel, options);
    // Other kinds of record may lie flat beside the instances.
    if (flat.instance.doc) {
      const auto kind = classify(flat.instance.doc->root());
      if (kind != RecordKind::instance && kind != RecordKind::none) {
        flat.others.push_back(std::move(flat.instance));
        flat.instance = {};
        flat.name.clear();
      }
    }
    out.push_back(std::move(flat));
    return out;
  }
  constexpr int k_depth = 20;
  walk_instances(disk, kernel, top, options, k_depth, out);
  return out;
}

InstanceFiles read_instance(Disk& disk, const KernelPlace& kernel, const std::string& directory, const ReadOptions& options) {
  if (disk.info(directory).type == FileType::file) return std::move(read_instances(disk, kernel, directory, options).front());
  const auto entries = disk.list(directory);
  if (entries) return read_entries(disk, kernel, directory, *entries, options);
  InstanceFiles broken;
  broken.directory = directory;
  broken.problems.push_back(unreadable(entries.error(), directory));
  return broken;
}

SourceFile read_source(Disk& disk, const std::string& path, const KernelPlace& kernel, const ReadOptions& options) {
  SourceFile file;
  file.path = path;
  file.relative = below(path, kernel.root);
  auto bytes = disk.read(path, options.max_file_size);
  if (!bytes) {
    file.error = bytes.error();
    return file;
  }
  if (options.digests) file.sha256 = sha256_hex(*bytes);
  auto doc = path.ends_with(".json") ? read_json(path, std::move(*bytes)) : read_yaml(path, std::move(*bytes));
  if (doc) {
    file.doc = std::make_unique<Document>(std::move(*doc));
  } else {
    file.error = doc.error();
  }
  return file;
}

std::vector<SourceFile> split_lines(const std::string& path, const std::string& text) {
  std::vector<SourceFile> out;
  std::uint32_t number = 0;
  for (auto line : split(text, '\n')) {
    ++number;
    if (trim(line).empty()) continue;
    SourceFile file;
    file.path = path;
    auto doc = read_json(path, std::string(line), number);
    if (doc) {
      file.doc = std::make_unique<Document>(std::move(*doc));
    } else {
      file.error = doc.error();
    }
    out.push_back(std::move(file));
  }
  return out;
}

}  // namespace provgate
