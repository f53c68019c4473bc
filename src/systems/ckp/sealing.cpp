// SPDX-License-Identifier: Apache-2.0
// Sealing and verifying instances: the proof record beside them, the audit line, and which ledger entries are theirs.
#include <algorithm>
#include <set>

#include "base/digest.hpp"
#include "base/json_write.hpp"
#include "systems/ckp/assemble.hpp"
#include "systems/ckp/proof_record.hpp"
#include "systems/ckp/reading.hpp"

namespace provgate::ckp {
namespace {

constexpr std::string_view k_audit_log = "ledger/audit.jsonl";
constexpr const char* k_not_in_an_area = "an instance outside a kernel's storage/ or data/ cannot be sealed";

bool any_in(Disk& disk, const std::string& root, const CoveredFiles& files) {
  return std::any_of(files.begin(), files.end(), [&](const auto& file) {
    return disk.info(join_path(root, file.first)).type != FileType::missing;
  });
}

// In the volume layout the states of a kernel lie side by side, and an entry of the first version does not say of which
// it is: the one whose files are there. What is nowhere is missing everywhere.
bool lies_in_another_state(Disk& disk, const KernelPlace& kernel, const CoveredFiles& files) {
  if (any_in(disk, kernel.root, files)) return false;
  const auto real = disk.real_path(kernel.root);
  const auto above = real ? parent_path(*real) : parent_path(kernel.root);
  const auto beside = disk.list(above);
  return beside && std::any_of(beside->begin(), beside->end(), [&](const auto& e) {
           return e.type == FileType::directory && any_in(disk, join_path(above, e.name), files);
         });
}

std::string audit_line(Value proof, const InstanceRecord& instance, const std::string& iri) {
  Json line = Json::object();
  line.set("timestamp", proof.find("checked_at").text()).set("event", "sealed");
  line.set("before", instance.status ? Json(instance.status.text) : Json()).set("after", "sealed");
  line.set("actor", proof.find("checked_by_identity").text())
      .set("instance", iri)
      .set("proof_id", std::string(proof.find("proof_id").text()));
  return line.compact() + "\n";
}

// Where the proof goes there is nothing else: of what an unfinished run left there the ledger knows.
Result<void> nothing_beside(Disk& disk, const std::string& directory) {
  if (disk.info(directory).type != FileType::directory) return {};
  TRY(const auto entries, disk.list(directory));
  for (const auto& e : entries) {
    if (e.name == "proof.json") continue;
    return tl::unexpected<Error>(
        Error{Code::input, "only the proof may lie where it goes", "move it away", join_path(directory, e.name), {}});
  }
  return {};
}

}  // namespace

Readiness CkpReading::readiness(std::size_t c, std::size_t i) const {
  using enum Readiness::State;
  if (const auto* one = companion(c, i)) {
    if (one->iri.empty()) return {unplaced, "its id makes no URN"};
    return {};
  }
  const auto& place = fleet_.kernels[c].place;
  const auto& one = instance(c, i);
  if (place.loose) return {never, k_not_in_an_area};
  if (one.alone) {
    return {never,
            "only a directory of instances/ with manifest.json, data.json, message.json or instance.json is sealed"};
  }
  if (one.odd_status) return {unfinished, "its status says nothing"};
  const auto& status = one.status.text;
  if (!status.empty() && (is_open_status(status) || !is_known_status(status))) {
    return {unfinished, "its status is " + status};
  }
  if (own_proof_path(place, one).empty()) return {unplaced, k_not_in_an_area};
  return {};
}

std::vector<std::string> CkpReading::names(std::size_t c, std::size_t i) const {
  if (const auto* one = companion(c, i))
    return one->iri.empty() ? std::vector<std::string>{} : std::vector<std::string>{one->iri};
  const auto& kernel = fleet_.kernels[c];
  const auto& one = instance(c, i);
  std::vector<std::string> out = {join_->urn_of(kernel, one)};
  if (out.front().empty()) return {};
  auto qualified = kernel.name().empty() ? std::string{} : instance_urn(one.id, kernel.name());
  if (!qualified.empty() && qualified != out.front()) out.push_back(std::move(qualified));
  return out;
}

Result<CoveredFiles> CkpReading::files(Disk& disk, std::size_t c, std::size_t i) const {
  const auto& kernel = fleet_.kernels[c];
  if (const auto* one = companion(c, i)) return covered_files(kernel, *one, *join_);
  return covered_files(disk, kernel, instance(c, i), *join_);
}

// What is told of an action or a decision may come when what they led to was sealed; more of it may not.
bool CkpReading::comes_later(std::size_t c, const std::string& path, const CoveredFiles& sealed) const {
  const auto& root = fleet_.kernels[c].place.root;
  const auto full = join_path(root, path);
  for (const auto& one : companions_[c]) {
    if (!one.final() || !std::ranges::binary_search(one.files, full)) continue;
    return std::ranges::none_of(one.files, [&](const auto& file) { return sealed.contains(path_below(file, root)); });
  }
  return false;
}

Result<Draft> CkpReading::draft(Disk& disk, std::size_t c, std::size_t i, const std::string& iri) const {
  if (const auto* one = companion(c, i)) {
    std::vector<const InstanceRecord*> made;
    for (const auto row : one->kind == RecordKind::action_proof ? one->rows : std::vector<std::size_t>{}) {
      const auto& id = fleet_.kernels[c].actions[row].instance_id.text;
      const auto at = id.empty() ? std::nullopt : find(c, instance_urn(id), name_of(RecordKind::instance));
      if (at) made.push_back(&instance(c, *at));
    }
    return assemble(disk, fleet_.kernels[c], *one, *join_, made, options_);
  }
  return assemble(disk, fleet_.kernels[c], instance(c, i), *join_, iri, options_);
}

std::vector<FormerId> CkpReading::former_ids(std::size_t c, std::size_t i, const std::string& iri) const {
  if (companion(c, i)) return {};
  return {{RecordId::Scope(fleet_.kernels[c].name()), RecordId::Iri(iri)}};
}

Result<CoveredFiles> CkpReading::marks(Disk& disk, std::size_t c, std::size_t i) {
  const auto& place = fleet_.kernels[c].place;
  CoveredFiles out;
  if (companion(c, i)) return out;
  const auto path = own_proof_path(place, instance(c, i));
  if (path.empty()) return out;
  const auto bytes = disk.read(path, options_.read.max_file_size);
  if (!bytes) {
    if (bytes.error().code == Code::world) return tl::unexpected<Error>(bytes.error());
    return out;  // gone, or no file
  }
  out.emplace(path_below(path, place.root), CoveredFile{sha256_hex(*bytes), CoveredFile::Role::covered});
  return out;
}

Result<Trail> CkpReading::mark(Disk& disk, std::size_t c, std::size_t i, Draft& draft, std::int64_t now_micros) {
  if (companion(c, i)) return Trail{};
  const auto& kernel = fleet_.kernels[c];
  const auto& one = instance(c, i);
  const auto path = own_proof_path(kernel.place, one), area = area_of(kernel.place, one.directory);
  Trail out;
  SourceFile file;
  file.path = path, file.relative = path_below(path, kernel.place.root);
  std::string text;
  const bool fresh = disk.info(path).type == FileType::missing;
  CHECKED(nothing_beside(disk, parent_path(path)));
  if (fresh) {
    text = make_proof(kernel, one, draft, now_micros);
    out.files.push_back({file.relative, text});
  } else {
    // Left by sealing into another store, or by a run of 0.1.0 that was cut short.
    TRY(auto held, disk.read_below(kernel.place.root, file.relative, options_.read.max_file_size));
    text = std::move(held.bytes);
  }
  const auto digest = sha256_hex(text);
  TRY(auto doc, read_json(path, std::move(text)));
  file.doc = std::make_unique<Document>(std::move(doc));
  const auto root = file.doc->root();
  if (!fresh && !proof_matches(root, one, kernel, draft)) {
    return fail(Code::integrity, path + " speaks of other bytes: the instance was changed after it was sealed");
  }
  draft.files[file.relative] = {digest, CoveredFile::Role::covered};
  auto line = audit_line(root, one, draft.id.iri.text);
  TRY(const bool noted, fresh ? Result<bool>(false) : audit_.holds(disk, area, line));
  if (!noted) out.lines.push_back({path_below(join_path(area, k_audit_log), kernel.place.root), std::move(line)});
  Converter(draft.graph, convert_options(kernel, options_)).own_proof(file, draft.id.iri.text);
  return out;
}

namespace {
// Of the ledger's first version, which knew the kernel's name only.
bool is_former(const RecordId& id) { return id.scope.text.find('/') == std::string::npos; }
}  // namespace

bool CkpReading::knows_scope(std::size_t c, const RecordId& id) const {
  const auto& kernel = fleet_.kernels[c];
  if (id.system.text != "ckp") return false;
  return is_former(id) ? id.scope.text == kernel.name() : id.scope == record_id(kernel, {}).scope;
}

bool CkpReading::owns(Disk& disk, std::size_t c, const RecordId& id, const CoveredFiles& files) const {
  const auto& kernel = fleet_.kernels[c];
  if (kernel.place.loose || !knows_scope(c, id)) return false;
  const auto& place = kernel.place;
  const bool held = std::any_of(files.begin(), files.end(),
                                [&](const auto& file) { return place.scope.hold(join_path(place.root, file.first)); });
  return held && !(is_former(id) && !kernel.info.state.empty() && lies_in_another_state(disk, place, files));
}

std::optional<std::size_t> CkpReading::find(std::size_t c, const std::string& iri, std::string_view kind) const {
  if (by_name_.size() <= c) by_name_.resize(places_.size());
  auto& known = by_name_[c];
  const auto& kernel = fleet_.kernels[c];
  const auto key = [](std::string_view of_kind, const std::string& name) { return std::string(of_kind) + "\n" + name; };
  if (known.empty()) {
    for (std::size_t i = 0; i < kernel.instances.size(); ++i) {
      known.try_emplace(key(name_of(RecordKind::instance), kernel.instances[i].urn), i);
      known.try_emplace(key(name_of(RecordKind::instance), instance_urn(kernel.instances[i].id, kernel.name())), i);
    }
    for (auto i = records(c); i < sealable(c); ++i)
      known.try_emplace(key(name_of(companion(c, i)->kind), companion(c, i)->iri), i);
  }
  const auto found = known.find(key(kind, iri));
  return found == known.end() ? std::nullopt : std::optional(found->second);
}

namespace {

bool by_gate(Value said) {
  const auto gate = "ckp://Kernel#" + std::string(k_gate_kernel);
  return said.text() == gate || said.text().starts_with(gate + ":");
}

bool says_it_is_the_gates(Value proof) {
  return by_gate(proof.find("checked_by_identity")) || proof.find("checked_by_kernel").text() == k_gate_kernel;
}

// Proofs that the gate says it wrote and nobody knows, one in each directory of proof/; and directories there of
// nothing that is here.
Result<void> proofs_left(Disk& disk, const CheckedKernel& kernel, const std::string& area, std::uint64_t most,
                         const Reading::KnownFile& known, std::vector<LeftBehind>& out) {
  const auto& place = kernel.place;
  std::set<std::string_view> ids;  // of instances, made where one is asked for
  const auto is_here = [&](const std::string& id) {
    if (!place.scope.empty()) return true;
    if (ids.empty()) {
      for (const auto& one : kernel.instances) ids.insert(one.id);
    }
    return ids.contains(id);
  };
  const auto proofs = join_path(area, "proof");
  if (disk.info(proofs).type != FileType::directory) return {};
  TRY(const auto entries, disk.list(proofs));
  for (const auto& e : entries) {
    const auto path = join_path(proofs, e.name + "/proof.json");
    if (known(path_below(path, place.root))) continue;
    if (e.type != FileType::directory && e.type != FileType::link) continue;
    if (disk.info(path).type != FileType::file) {
      if (!is_here(e.name))
        out.push_back({path_below(join_path(proofs, e.name), place.root), "of no instance that is here", {}, false});
      continue;
    }
    TRY(auto text, disk.read(path, most));
    const auto doc = read_json(path, std::move(text));
    if (!doc || !says_it_is_the_gates(doc->root())) continue;
    out.push_back({path_below(path, place.root), {}, {instance_urn(doc->root().find("instance_id").text())}, false});
  }
  return {};
}

Result<void> lines_left(Disk& disk, const KernelPlace& place, const std::string& kernel, const std::string& area,
                        std::vector<LeftBehind>& out) {
  const auto path = join_path(area, k_audit_log);
  if (disk.info(path).type != FileType::file) return {};
  TRY(const auto text, disk.read(path, 1ULL << 40));
  each_line(path, text, [&](const SourceFile& line, bool no_end) {
    // Others read such a line all the same, in part or in another way.
    if (!line.doc) {
      if (line.unread.find(k_gate_kernel) != std::string::npos)
        out.push_back({path_below(path, place.root), line.unread + (no_end ? "" : "\n"), {}, true, true});
      return;
    }
    const auto root = line.doc->root();
    if (!by_gate(root.find("actor"))) return;
    const std::string iri(root.find("instance").text());
    const auto id = local_id(iri, UrnProfile::strict);
    out.push_back({path_below(path, place.root),
                   std::string(line.doc->source().text()) + "\n",
                   {iri, instance_urn(id), instance_urn(id, kernel)},
                   true});
  });
  return {};
}

}  // namespace

Result<std::vector<LeftBehind>> CkpReading::left_behind(Disk& disk, std::size_t c, const KnownFile& known) const {
  std::vector<LeftBehind> out;
  const auto& place = fleet_.kernels[c].place;
  for (const auto& area : place.areas) {
    CHECKED(proofs_left(disk, fleet_.kernels[c], area, options_.read.max_file_size, known, out));
    CHECKED(lines_left(disk, place, fleet_.kernels[c].name(), area, out));
  }
  return out;
}

Result<Reading::LinesByIri> CkpReading::lines(Disk& disk, std::size_t c, std::size_t i,
                                              const std::set<std::string>& iris) const {
  LinesByIri out;
  if (companion(c, i)) return out;
  const auto& place = fleet_.kernels[c].place;
  const auto& one = instance(c, i);
  const auto path = own_proof_path(place, one);
  if (path.empty() || disk.info(path).type != FileType::file) return out;
  TRY(auto text, disk.read(path, options_.read.max_file_size));
  const auto doc = read_json(path, std::move(text));
  if (!doc) return out;
  const auto log = path_below(join_path(area_of(place, one.directory), k_audit_log), place.root);
  for (const auto& iri : iris) out[iri].push_back({log, audit_line(doc->root(), one, iri)});
  return out;
}

std::vector<std::string> CkpReading::strangers(Disk& disk, std::size_t c, const LedgerEntry& entry) const {
  const auto& files = entry.files;
  const auto& root = fleet_.kernels[c].place.root;
  std::vector<std::string> out;
  if (files.size() == 1) return out;  // not an instance with its proof
  for (const auto& [path, file] : files) {
    // Anything beside the proof record in its own directory.
    const auto directory = parent_path(path);
    if (base_name(path) != "proof.json" || base_name(parent_path(directory)) != "proof") continue;
    if (places_[c].lone_proofs.contains(join_path(root, directory))) continue;
    const auto entries = disk.list(join_path(root, directory));
    if (!entries) continue;
    for (const auto& e : *entries) {
      auto beside = join_path(directory, e.name);
      // 0.1.0 wrote its proofs under that name first.
      const bool left = e.name == "proof.json.tmp" && entry.version != k_ledger_version;
      if (!files.contains(beside) && !left) out.push_back(std::move(beside));
    }
  }
  return out;
}

}  // namespace provgate::ckp
