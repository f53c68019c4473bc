// SPDX-License-Identifier: Apache-2.0
// Telling records apart and reading their fields in every documented spelling.
#include <algorithm>
#include <unordered_set>

#include "systems/ckp/sources/sources.hpp"

namespace provgate::ckp {
namespace {

constexpr std::string_view k_prov = "http://www.w3.org/ns/prov#";

void collect(Value value, ProvField& out) {
  switch (value.kind()) {
    case Kind::string:
      if (!trim(value.text()).empty()) out.values.push_back({std::string(value.text()), value.place()});
      break;
    case Kind::null: break;
    case Kind::array:
      for (const auto item : value.children()) {
        collect(item, out);
        // A blank among values is a fault of its own; a list of blanks is simply empty.
        out.blank_item = out.blank_item || item.is(Kind::null) ||
                         (item.is(Kind::string) && trim(item.text()).empty()) ||
                         (item.is(Kind::object) && item.size() == 0);
      }
      break;
    case Kind::object:
      if (const auto id = value.find("@id")) {
        out.broken = out.broken || value.find("@value");  // it cannot be both
        collect(id, out);
      } else if (const auto literal = value.find("@value")) {
        collect(literal, out);
      } else if (value.size() > 0) {
        out.broken = true;
      }
      break;
    case Kind::number:
    case Kind::boolean: out.broken = true; break;
  }
}

bool looks_like_urn_kernel(std::string_view text, KernelInfo& info) {
  const auto urn = parse_urn(text);
  if (!urn || urn->kind != UrnKind::kernel) return false;
  info.names.push_back(urn->kernel);
  info.version = urn->version;
  return true;
}

std::string version_of(std::string_view text) {
  std::string v = text.starts_with('v') ? std::string(text) : "v" + std::string(text);
  return kernel_urn("X", v).empty() ? std::string{} : v;
}

// .ckproject may be a link to the project's file; it is the one link that is followed.
SourceFile read_project(Disk& disk, const std::string& path, const ReadOptions& options) {
  SourceFile file;
  file.path = path;
  auto bytes = disk.read(path, options.max_file_size, true);
  if (!bytes) {
    file.error = bytes.error();
    return file;
  }
  auto doc = read_yaml(path, std::move(*bytes));
  if (doc) {
    file.doc = std::make_unique<Document>(std::move(*doc));
  } else {
    file.error = doc.error();
  }
  return file;
}

bool is_guid(std::string_view name) {
  return name.size() >= 32 && std::all_of(name.begin(), name.end(), [](char c) {
           return c == '-' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
         });
}

bool is_hostname(std::string_view name) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.'; };
  return name.find('.') != std::string_view::npos && std::all_of(name.begin(), name.end(), letter) &&
         !fleet_urn(name).empty();
}

bool is_commit(std::string_view name) {
  const auto hex = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
  return name.size() >= 7 && name.size() <= 40 && std::all_of(name.begin(), name.end(), hex);
}

void add_name(KernelInfo& info, std::string name) {
  if (is_kernel_name(name) && !info.is(name)) info.names.push_back(std::move(name));
}

void read_yaml_names(Value root, KernelInfo& info) {
  const auto metadata = root.find("metadata"), spec = root.find("spec");
  // Each source of the name counts only where the one before says nothing.
  if (!looks_like_urn_kernel(metadata.find("urn").text(), info)) looks_like_urn_kernel(spec.find("urn").text(), info);
  if (info.names.empty()) add_name(info, std::string(metadata.find("name").text()));
  const bool by_class = info.names.empty();
  for (const auto holder : {root, spec}) {
    if (!by_class) break;
    for (const std::string_view key : {"kernel_class", "kernelClass"}) {
      const std::string kernel_class(holder.find(key).text());
      const std::string prefix(root.find("namespace_prefix").text());
      if (!prefix.empty() && !kernel_class.empty()) add_name(info, prefix + "." + kernel_class);
      add_name(info, kernel_class);
    }
  }
  if (info.version.empty()) info.version = version_of(metadata.find("version").text());
  const auto first_of = [](std::initializer_list<Value> values) {
    for (const auto v : values) {
      if (!v.text().empty()) return std::string(v.text());
    }
    return std::string{};
  };
  const auto qualities = root.find("qualities"), inner = spec.find("qualities");
  info.type = first_of({qualities.find("type"), inner.find("type"), metadata.find("type"), spec.find("type")});
  info.governance = first_of({qualities.find("governance_mode"), spec.find("governance_mode"),
                              metadata.find("governance"), spec.find("governance")});
  info.project = std::string(root.find("project").text());
  info.hostname = std::string(root.find("domain").text());
  if (info.hostname.empty() && is_hostname(info.project)) info.hostname = info.project;
}

// The name, version and project that the directories say where conceptkernel.yaml does not: {Kernel}, {Kernel}/{guid},
// and the v3.7 volume layout {project}/{Kernel}/{version}, where a commit or a branch may stand for the version.
void name_from_path(Disk& disk, const KernelPlace& kernel, KernelInfo& info) {
  const auto real = disk.real_path(kernel.root);
  const auto path = real ? *real : kernel.root;
  const auto last = base_name(path), above = base_name(parent_path(path)),
             top = base_name(parent_path(parent_path(path)));
  const auto version = last.starts_with('v') ? version_of(last) : std::string{};
  const bool state = !version.empty() || is_commit(last) || last == "master" || last == "main";
  const bool below = (state || is_guid(last)) && is_kernel_name(above) && (info.names.empty() || info.is(above));
  if (below) info.state = last;
  if (info.names.empty()) add_name(info, below ? above : last);
  if (!below || is_guid(last)) return;
  if (info.version.empty()) info.version = version;
  if (info.project.empty() && is_hostname(top)) info.project = top;
  if (info.hostname.empty() && is_hostname(top)) info.hostname = top;
}

void read_yaml_lists(Value root, KernelInfo& info) {
  const auto spec = root.find("spec");
  for (const auto holder : {root.find("edges"), spec.find("edges")}) {
    const auto outbound = holder.is(Kind::array) ? holder : holder.find("outbound");
    for (const auto edge : outbound.children()) {
      const auto target = edge.find("target_kernel") ? edge.find("target_kernel") : edge.find("target");
      info.edges.push_back({field_of(target), field_of(edge.find("predicate"))});
      if (!target) info.edges.back().target.at = edge.place();
    }
  }
  for (const auto holder : {spec.find("actions"), root.find("actions")}) {
    std::vector<Value> lists = {holder, holder.find("common"), holder.find("unique")};
    for (const auto list : lists) {
      if (!list.is(Kind::array)) continue;
      for (const auto action : list.children()) info.actions.emplace_back(action.find("name").text());
    }
  }
}

}  // namespace

std::string_view name_of(RecordKind kind) {
  switch (kind) {
    case RecordKind::instance: return "instance";
    case RecordKind::action_proof: return "action proof";
    case RecordKind::action_record: return "action record";
    case RecordKind::task: return "task";
    case RecordKind::goal: return "goal";
    case RecordKind::proposal: return "proposal";
    case RecordKind::decision: return "decision";
    case RecordKind::session: return "session";
    case RecordKind::instance_proof: return "instance proof";
    case RecordKind::none: break;
  }
  return "none";
}

namespace {

bool is_own_task_urn(Value value) {
  if (!value.text().starts_with("ckp://Task#")) return false;  // asked of every record; parsing what is none is dear
  const auto urn = parse_urn(value.text(), UrnProfile::lenient);
  return urn && urn->kind == UrnKind::task;
}

// Messages of a queue and lines of a ledger name a task; they are none.
bool refers_only(Value root) {
  for (const std::string_view key : {"instance_id", "action_urn", "trace_id", "subject", "headers", "payload"}) {
    if (root.find(key)) return true;
  }
  return false;
}

bool lies_in(const std::string& path, std::string_view directory) {
  return path.find("/" + std::string(directory) + "/") != std::string::npos;
}

bool is_task(Value root, const std::string& path) {
  if (lies_in(path, "queue")) return false;
  // In tasks/ only what says that it is something else is not a task.
  if (lies_in(path, "tasks")) return !root.find("instance_id") && !root.find("action_urn");
  for (const std::string_view key : {"id", "@id", "urn", "task_urn", "task_id"}) {
    if (is_own_task_urn(root.find(key))) return !refers_only(root);
  }
  if (refers_only(root)) return false;
  const auto has = [&](std::string_view key) { return static_cast<bool>(root.find(key)); };
  return has("task_id") && (has("decision_id") || has("target_file") || has("executor") || has("version_pin"));
}

}  // namespace

Value activity_or(Value root) {
  const auto activity = root.find("prov:Activity");
  return activity.is(Kind::object) ? activity : root;
}

bool speaks_of_records(std::string_view text) {
  for (const std::string_view key : {"prov:", "instance_id", "wasGeneratedBy", "wasAttributedTo", "generatedAtTime",
                                     "action_urn", "task_id", "goal_id", "decision_id", "proposal_id", "session_id"}) {
    if (text.find(key) != std::string_view::npos) return true;
  }
  return false;
}

RecordKind classify(Value root, const std::string& path) {
  const auto has = [&](std::string_view key) { return static_cast<bool>(root.find(key)); };
  if (!root.is(Kind::object)) {
    // Where records of one kind lie, what is not a mapping is a faulty one of that kind.
    if (lies_in(path, "tasks")) return RecordKind::task;
    if (lies_in(path, "decisions")) return RecordKind::decision;
    if (lies_in(path, "proof")) return RecordKind::action_proof;
  }
  if (!root.is(Kind::object) || is_prov_json(root)) return RecordKind::none;
  if (has("prov:Activity")) {
    // The execution of a task is written as prov:Activity, too; its id is an action.
    const auto urn = parse_urn(root.find("prov:Activity").find("id").text(), UrnProfile::legacy);
    return urn && urn->kind == UrnKind::action && !(has("decision_id") && has("verdict")) ? RecordKind::action_record
                                                                                          : RecordKind::decision;
  }
  if (has("decision_id") && has("verdict")) return RecordKind::decision;
  if (has("proposal_id") && has("change_type")) return RecordKind::proposal;
  if (is_task(root, path)) return RecordKind::task;
  if (has("goal_id") && !has("instance_id") && !has("task_id") && !has("action_urn")) return RecordKind::goal;
  if (has("action_urn") || root.find("proof").find("action_urn")) return RecordKind::action_proof;
  if (has("session_id") && has("actions")) return RecordKind::session;
  if (!has("instance_id") && (has("decision_id") || lies_in(path, "decisions")))
    return RecordKind::decision;  // a part of one
  if (has("instance_id") && has("proof_id")) return RecordKind::instance_proof;
  if (has("instance_id")) return RecordKind::instance;
  for (const std::string_view name : {"wasGeneratedBy", "wasAttributedTo", "generatedAtTime"}) {
    if (prov_field(root, name).present) return RecordKind::instance;
  }
  return RecordKind::none;
}

Field field_of(Value value) {
  if (!value) return {};
  return {std::string(value.text()), value.place()};
}

ProvField prov_field(Value root, std::string_view name) {
  ProvField out;
  int spellings = 0;
  std::unordered_set<std::string> seen;
  const auto take = [&](Value value) {
    if (!out.present) out.at = value.key_place();
    out.present = true;
    ProvField one;
    collect(value, one);
    out.broken = out.broken || one.broken;
    out.blank_item = out.blank_item || one.blank_item;
    // The same value in two spellings is one; two different ones both count.
    for (auto& found : one.values) {
      if (spellings > 0 && seen.empty()) {
        for (const auto& known : out.values) seen.insert(known.text);
      }
      if (spellings > 0 && !seen.insert(found.text).second) continue;
      out.values.push_back(std::move(found));
    }
    ++spellings;
  };
  const auto named = [&](std::string_view key) {
    if (!key.ends_with(name)) return false;
    const auto before = key.substr(0, key.size() - name.size());
    return before.empty() || before == "prov:" || before == k_prov;
  };
  root.each([&](Value member) {
    if (named(member.key())) take(member);
    if (member.key() == "prov" && member.is(Kind::object)) {
      member.each([&](Value inner) {
        if (named(inner.key())) take(inner);
      });
    }
  });
  return out;
}

bool KernelInfo::is(std::string_view name) const { return std::find(names.begin(), names.end(), name) != names.end(); }

KernelInfo read_kernel(Disk& disk, const KernelPlace& kernel, const ReadOptions& options) {
  KernelInfo info;
  if (!kernel.yaml.empty()) info.yaml = read_source(disk, kernel.yaml, kernel.root, options);
  if (!kernel.project_file.empty()) info.project_file = read_project(disk, kernel.project_file, options);
  if (const auto path = join_path(kernel.home, "ontology.yaml");
      !kernel.loose && disk.info(path).type != FileType::missing) {
    info.ontology = read_source(disk, path, kernel.root, options);
    if (info.ontology.doc) info.mutability = std::string(info.ontology.doc->root().find("instance_mutability").text());
  }
  if (info.yaml.doc) {
    read_yaml_names(info.yaml.doc->root(), info);
    read_yaml_lists(info.yaml.doc->root(), info);
  }
  if (!kernel.loose) name_from_path(disk, kernel, info);
  if (info.project_file.doc) {
    const auto root = info.project_file.doc->root();
    const auto host = root.find("serving").find("hostname").text();
    const auto domain = root.find("domain").text();
    if (!host.empty() || !domain.empty()) info.hostname = std::string(host.empty() ? domain : host);
    for (const auto& name : info.names) {
      if (info.version.empty()) info.version = version_of(root.find("versions").find(name).find("version").text());
    }
  }
  if (!info.names.empty() && !info.version.empty()) info.urn = kernel_urn(info.names.front(), info.version);
  return info;
}

}  // namespace provgate::ckp
