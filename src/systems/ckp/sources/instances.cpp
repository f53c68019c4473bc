// SPDX-License-Identifier: Apache-2.0
// Reading instance directories and single files.
#include <algorithm>

#include "systems/ckp/sources/listing.hpp"

namespace provgate::ckp {
namespace {

std::string instance_name(const std::string& path, const KernelPlace& kernel) {
  for (const auto& area : kernel.areas) {
    const auto prefix = join_path(area, "instances");
    if (path.starts_with(prefix + "/")) return path.substr(prefix.size() + 1);
    if (path.starts_with(area + "/")) return path.substr(area.size() + 1);
  }
  return base_name(path);
}

/// Reads instance directories and what lies in and below them.
class InstanceReader {
 public:
  InstanceReader(Disk& disk, const KernelPlace& kernel, const ReadOptions& options)
      : disk_(disk), kernel_(kernel), options_(options) {}

  InstanceFiles directory(const std::string& path) {
    InstanceFiles out = named(path);
    Listing listing(disk_, kernel_, options_, out.problems, out.skipped);
    out.whole = members(listing.entries(path), out) && listing.whole();
    return out;
  }

  /// Everything at or below `path`; a directory without a record in or below it is a finding.
  std::vector<InstanceFiles> below_top(const std::string& path) {
    if (!walk(path, 1, false)) barren(path);
    return std::move(out_);
  }

 private:
  InstanceFiles named(const std::string& path) const {
    InstanceFiles out;
    out.directory = path;
    out.name = instance_name(path, kernel_);
    return out;
  }

  void barren(const std::string& path) {
    out_.push_back(named(path));
    out_.back().problems.push_back(
        problem("INPUT-010", Severity::error, path, "a directory under instances/ with no record in or below it",
                "an instance is a directory with manifest.json, data.json, message.json or instance.json"));
  }

  // True when a record, or something that could not be read, lies in the directory or below it.
  bool walk(const std::string& path, int depth, bool inside) {
    const bool judged = in_scope(kernel_, path);
    InstanceFiles files = named(path);
    Listing listing(disk_, kernel_, options_, files.problems, files.skipped);
    const auto entries = listing.entries(path);
    if (depth > k_deepest) files.problems.push_back(too_deep(path));
    if (std::any_of(entries.begin(), entries.end(), [](const auto& e) { return e.name == "conceptkernel.yaml"; })) {
      files.problems.push_back(inner_kernel(path));
      out_.push_back(std::move(files));
      return true;
    }
    const bool instance =
        std::any_of(entries.begin(), entries.end(), [](const auto& e) { return is_instance_member(e.name); });
    bool found = instance || std::any_of(files.problems.begin(), files.problems.end(),
                                         [](const auto& f) { return f.severity == Severity::error; });
    if (instance && judged) {
      files.whole = members(entries, files) && listing.whole();
    } else if (instance) {
      context(entries, files);
    } else {
      for (const auto& e : entries) {
        const auto inner = join_path(path, e.name);
        if (e.type == FileType::file && is_record_name(e.name) && !e.name.starts_with('.')) {
          files.others.push_back(source(inner));
          const auto& doc = files.others.back().doc;
          found = found || !doc || classify(doc->root(), inner) != RecordKind::none;
        } else if (e.type != FileType::directory) {
          files.skipped.add(reason_of(e.name), inner, options_.list_skipped);
        }
      }
    }
    if (instance || !files.others.empty() || !files.problems.empty() || files.skipped.total())
      out_.push_back(std::move(files));
    std::vector<std::string> empty;
    if (instance && depth <= k_deepest) {
      // Client proofs lie flat in proof/; a directory in it may hold anything, and is looked into like any other.
      Skipped counted;
      std::vector<Finding> said;
      const auto proofs = join_path(path, "proof");
      const bool any = std::ranges::any_of(
          entries, [](const auto& e) { return e.name == "proof" && e.type == FileType::directory; });
      for (const auto& e :
           any ? Listing(disk_, kernel_, options_, said, counted).entries(proofs) : std::vector<DirEntry>{}) {
        if (e.type == FileType::directory && !walk(join_path(proofs, e.name), depth + 2, true))
          empty.push_back(join_path(proofs, e.name));
      }
    }
    for (const auto& e : entries) {
      const bool member = instance && (e.name == "proof" || is_record_name(e.name));
      if (e.type != FileType::directory || member || depth > k_deepest) continue;
      const auto inner = join_path(path, e.name);
      if (walk(inner, depth + 1, inside || instance)) {
        found = true;
      } else {
        empty.push_back(inner);
      }
    }
    // The topmost directory without a record is named. What lies inside an instance may be anything.
    for (const auto& inner : empty) {
      if (inside || instance) {
        Skipped one;
        one.add(SkipReason::directory_of_no_records, inner, options_.list_skipped);
        out_.push_back(named(path)), out_.back().skipped = std::move(one);
      } else if (found) {
        barren(inner);
      }
    }
    return found;
  }

  SourceFile source(const std::string& path) const { return read_source(disk_, path, kernel_.root, options_); }

  // Enough of an instance that nobody asked about to know its id and what it names.
  void context(const std::vector<DirEntry>& entries, InstanceFiles& out) const {
    out.context = true;
    const std::pair<std::string_view, SourceFile*> slots[] = {{"manifest.json", &out.manifest},
                                                              {"data.json", &out.data},
                                                              {"message.json", &out.message},
                                                              {"instance.json", &out.instance}};
    for (const auto& [name, slot] : slots) {
      if (out.record() ||
          std::none_of(entries.begin(), entries.end(), [&, wanted = name](const auto& e) { return e.name == wanted; }))
        continue;
      *slot = read_source(disk_, join_path(out.directory, name), kernel_.root, {options_.max_file_size});
    }
    for (const auto& e : entries) {
      const bool known = is_instance_member(e.name) || e.name == "proof.json" || e.name == "ledger.json" ||
                         e.name.starts_with("data_amendment_");
      if (e.type == FileType::file && is_record_name(e.name) && !known && !e.name.starts_with('.'))
        out.others.push_back(source(join_path(out.directory, e.name)));
    }
  }

  // Whether each entry is a file that was read.
  bool members(const std::vector<DirEntry>& entries, InstanceFiles& out) const {
    const bool proven =
        std::any_of(entries.begin(), entries.end(), [](const auto& x) { return x.name == "proof.json"; });
    bool all = true;
    for (const auto& e : entries) {
      const auto path = join_path(out.directory, e.name);
      if (e.type == FileType::directory && !is_record_name(e.name)) {
        if (e.name == "proof") proofs(path, out);
        all = false;
        continue;
      }
      if (!is_record_name(e.name) || e.name.starts_with('.')) {
        out.skipped.add(reason_of(e.name), path, options_.list_skipped);
        all = false;
        continue;
      }
      ReadOptions with = options_;
      // The proof compares the digests of these two.
      with.digests = options_.digests || (proven && (e.name == "data.json" || e.name == "manifest.json"));
      auto file = read_source(disk_, path, kernel_.root, with);
      all = all && !file.sha256.empty();
      if (auto* slot = slot_of(out, e.name)) {
        *slot = std::move(file);
        if (e.name == "ledger.json" && slot->error) as_lines(*slot);
      } else if (e.name.starts_with("data_amendment_")) {
        out.amendments.push_back(std::move(file));
      } else {
        out.others.push_back(std::move(file));
      }
    }
    return all;
  }

  static SourceFile* slot_of(InstanceFiles& out, std::string_view name) {
    return name == "manifest.json"   ? &out.manifest
           : name == "data.json"     ? &out.data
           : name == "message.json"  ? &out.message
           : name == "instance.json" ? &out.instance
           : name == "proof.json"    ? &out.proof
           : name == "ledger.json"   ? &out.ledger
                                     : nullptr;
  }

  void proofs(const std::string& directory, InstanceFiles& out) const {
    for (const auto& e : Listing(disk_, kernel_, options_, out.problems, out.skipped).entries(directory)) {
      const auto path = join_path(directory, e.name);
      if (e.type == FileType::file && is_record_name(e.name)) {
        out.client_proofs.push_back(source(path));
      } else if (e.type != FileType::directory) {
        out.skipped.add(reason_of(e.name), path, options_.list_skipped);
      }
    }
  }

  // An instance ledger may be an object, a list, or one entry a line; the last is read as the list it means.
  void as_lines(SourceFile& file) const {
    if (file.unread.empty()) return;
    std::string list = "[";
    for (const auto& line : split(trim(file.unread), '\n')) list += (list.size() > 1 ? ",\n" : "") + std::string(line);
    auto doc = read_json(file.path, list + "]");
    if (!doc) return;
    file.doc = std::make_unique<Document>(std::move(*doc));
    file.error.reset();
  }

  Disk& disk_;
  const KernelPlace& kernel_;
  const ReadOptions& options_;
  std::vector<InstanceFiles> out_;
};

}  // namespace

const SourceFile* InstanceFiles::record() const {
  for (const auto* file : {&manifest, &data, &message, &instance}) {
    if (file->doc || file->error) return file;
  }
  return nullptr;
}

std::vector<InstanceFiles> read_instances(Disk& disk, const KernelPlace& kernel, const std::string& top,
                                          const ReadOptions& options) {
  if (!is_record_name(top) || disk.info(top).type == FileType::directory)
    return InstanceReader(disk, kernel, options).below_top(top);
  std::vector<InstanceFiles> out;
  InstanceFiles flat;
  flat.directory = top;
  flat.name = base_name(top);
  flat.name.resize(flat.name.rfind('.'));
  flat.context = !in_scope(kernel, top);
  flat.instance = read_source(disk, top, kernel.root, options);
  // Other kinds of record may lie flat beside the instances.
  if (flat.instance.doc) {
    const auto kind = classify(flat.instance.doc->root(), top);
    if (kind != RecordKind::instance && kind != RecordKind::none) {
      flat.others.push_back(std::move(flat.instance));
      flat.instance = {};
      flat.name.clear();
    }
  }
  out.push_back(std::move(flat));
  return out;
}

InstanceFiles read_instance(Disk& disk, const KernelPlace& kernel, const std::string& directory,
                            const ReadOptions& options) {
  if (disk.info(directory).type == FileType::directory)
    return InstanceReader(disk, kernel, options).directory(directory);
  return std::move(read_instances(disk, kernel, directory, options).front());
}

}  // namespace provgate::ckp
