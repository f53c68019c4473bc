// SPDX-License-Identifier: Apache-2.0
// Sealing and verifying instances: the proof record beside them, the audit line, and which ledger entries are theirs.
#include <algorithm>

#include "base/digest.hpp"
#include "systems/ckp/assemble.hpp"
#include "systems/ckp/proof_record.hpp"
#include "systems/ckp/reading.hpp"

namespace provgate::ckp {
namespace {

constexpr const char* k_not_in_an_area = "an instance outside a kernel's storage/ or data/ cannot be sealed";

Result<void> write_proof(Disk& disk, const std::string& path, const std::string& text) {
  const auto directory = parent_path(path), temporary = path + ".tmp";
  CHECKED(disk.make_directories(directory));
  CHECKED(disk.write(temporary, text));
  CHECKED(disk.rename(temporary, path));
  CHECKED(disk.sync_directory(directory));
  return disk.sync_directory(parent_path(directory));
}

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

}  // namespace

Readiness CkpReading::readiness(std::size_t c, std::size_t i) const {
  using enum Readiness::State;
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
  const auto& kernel = fleet_.kernels[c];
  const auto& one = instance(c, i);
  std::vector<std::string> out = {join_->urn_of(kernel, one)};
  if (out.front().empty()) return {};
  auto qualified = kernel.name().empty() ? std::string{} : instance_urn(one.id, kernel.name());
  if (!qualified.empty() && qualified != out.front()) out.push_back(std::move(qualified));
  return out;
}

Result<Draft> CkpReading::draft(Disk& disk, std::size_t c, std::size_t i, const std::string& iri) const {
  return assemble(disk, fleet_.kernels[c], instance(c, i), *join_, iri, options_);
}

std::vector<FormerId> CkpReading::former_ids(std::size_t c, const std::string& iri) const {
  return {{RecordId::Scope(fleet_.kernels[c].name()), RecordId::Iri(iri)}};
}

Result<CoveredFiles> CkpReading::marks(Disk& disk, std::size_t c, std::size_t i) {
  const auto& place = fleet_.kernels[c].place;
  proof_.clear();
  CoveredFiles out;
  const auto path = own_proof_path(place, instance(c, i));
  if (path.empty()) return out;
  auto bytes = disk.read(path, options_.read.max_file_size);
  if (!bytes) {
    if (bytes.error().code == Code::world) return tl::unexpected<Error>(bytes.error());
    return out;  // gone, or no file
  }
  out.emplace(path_below(path, place.root), CoveredFile{sha256_hex(*bytes), CoveredFile::Role::covered});
  proof_ = std::move(*bytes);
  return out;
}

Result<void> CkpReading::mark(Disk& disk, std::size_t c, std::size_t i, Draft& draft, std::int64_t now_micros) {
  const auto& kernel = fleet_.kernels[c];
  const auto& one = instance(c, i);
  const auto path = own_proof_path(kernel.place, one);
  // Before the ledger takes the record: what is noted after it goes there, too.
  CHECKED(no_link_below(disk, kernel.place.root, join_path(area_of(kernel.place, one.directory), "ledger")));
  CHECKED(no_link_below(disk, kernel.place.root, parent_path(path)));
  if (disk.info(path).type == FileType::missing) {
    proof_ = make_proof(kernel, one, draft, now_micros);
    CHECKED(write_proof(disk, path, proof_));
  } else {
    // Left by a run that was cut short, or by sealing into another store.
    TRY(proof_, disk.read(path, options_.read.max_file_size));
    const auto doc = read_json(path, proof_);
    if (!doc || !proof_matches(doc->root(), one, kernel, draft)) {
      return fail(Code::integrity, path + " speaks of other bytes: the instance was changed after it was sealed");
    }
  }
  draft.files[path_below(path, kernel.place.root)] = {sha256_hex(proof_), CoveredFile::Role::covered};
  SourceFile file;
  file.path = path;
  auto doc = read_json(path, proof_);
  if (!doc) return {};
  file.doc = std::make_unique<Document>(std::move(*doc));
  auto options = convert_options(kernel, options_);
  Converter(draft.graph, std::move(options)).own_proof(file, draft.id.iri.text);
  return {};
}

Result<void> CkpReading::note_sealed(Disk& disk, std::size_t c, std::size_t i, const std::string& iri) {
  const auto& place = fleet_.kernels[c].place;
  const auto& one = instance(c, i);
  const auto path = own_proof_path(place, one), area = area_of(place, one.directory);
  CHECKED(no_link_below(disk, place.root, join_path(area, "ledger")));
  const auto doc = read_json(path, proof_);
  if (!doc) return fail(Code::integrity, path + " is not a proof record");
  const auto root = doc->root();
  const std::string proof_id(root.find("proof_id").text());
  Json line = Json::object();
  line.set("timestamp", root.find("checked_at").text()).set("event", "sealed");
  line.set("before", one.status ? Json(one.status.text) : Json()).set("after", "sealed");
  line.set("actor", gate_urn()).set("instance", iri).set("proof_id", proof_id);
  return audit_.note(disk, area, line, proof_id);
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

std::optional<std::size_t> CkpReading::find(std::size_t c, const std::string& iri) const {
  if (by_name_.size() <= c) by_name_.resize(places_.size());
  auto& known = by_name_[c];
  const auto& kernel = fleet_.kernels[c];
  if (known.empty()) {
    for (std::size_t i = 0; i < kernel.instances.size(); ++i) {
      known.try_emplace(kernel.instances[i].urn, i);
      known.try_emplace(instance_urn(kernel.instances[i].id, kernel.name()), i);
    }
  }
  const auto found = known.find(iri);
  return found == known.end() ? std::nullopt : std::optional(found->second);
}

std::vector<std::string> CkpReading::strangers(Disk& disk, std::size_t c, const CoveredFiles& files) const {
  const auto& root = fleet_.kernels[c].place.root;
  std::vector<std::string> out;
  for (const auto& [path, file] : files) {
    // Anything beside the proof record in its own directory.
    const auto directory = parent_path(path);
    if (base_name(path) != "proof.json" || base_name(parent_path(directory)) != "proof") continue;
    const auto entries = disk.list(join_path(root, directory));
    if (!entries) continue;
    for (const auto& e : *entries) {
      auto beside = join_path(directory, e.name);
      if (!files.contains(beside) && !e.name.ends_with(".tmp")) out.push_back(std::move(beside));
    }
  }
  return out;
}

}  // namespace provgate::ckp
