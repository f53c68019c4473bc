// SPDX-License-Identifier: Apache-2.0
#include "systems/ckp/reading.hpp"

#include <algorithm>
#include <cassert>

#include "base/digest.hpp"
#include "systems/ckp/assemble.hpp"

namespace provgate::ckp {
namespace {

// The pieces of a stream that are read on one thread each: what is kept grows with what was found, not with what was
// read.
constexpr std::size_t k_chunk_bytes = 1 << 20;
// What is kept of a record is small, but not nothing: a stream without end must not take all memory.
constexpr std::size_t k_most_records = 2'000'000;

Collection about(const CheckedKernel& kernel, const Options& options) {
  Collection out;
  out.name = kernel.name(), out.root = kernel.place.root, out.graph = GraphName(kernel.graph);
  out.profile = name_of(kernel.version), out.scope = kernel.place.scope, out.loose = kernel.place.loose;
  out.stream = kernel.place.loose && kernel.place.root.empty();
  if (!kernel.place.loose && !kernel.place.home.empty()) out.own_shapes = join_path(kernel.place.home, "rules.shacl");
  out.own_shapes_name = "the kernel's shapes";
  out.own_shapes_ms = options.shapes_ms, out.own_shapes_bytes = options.shapes_mib << 20;
  out.own_shapes_help = "the kernel's shapes may take more with --kernel-shapes-timeout and --kernel-shapes-memory";
  return out;
}

}  // namespace

CkpReading::CkpReading(const World& world, const Asking& asking, Options options)
    : disk_(world.disk),
      options_(std::move(options)),
      now_(world.clock.now_micros()),
      named_(asking.paths.begin(), asking.paths.end()),
      stream_(asking.stream),
      judge_(asking.judge),
      keep_statements_(asking.statements),
      kept_(world.disk) {}

Result<std::unique_ptr<CkpReading>> CkpReading::open(const World& world, const Asking& asking) {
  TRY(auto options, options_of(asking.read, asking.profile, asking.settings));
  std::unique_ptr<CkpReading> out(new CkpReading(world, asking, std::move(options)));
  if (asking.stream) out->add_stream();
  TRY(auto kernels, find_kernels(world.disk, asking.paths, asking.read, asking.taken));
  for (auto& place : kernels) out->add(std::move(place));
  return out;
}

void CkpReading::add(KernelPlace place) {
  CheckedKernel kernel;
  kernel.place = std::move(place);
  kernel.version = options_.profile.value_or(kernel.place.version);
  kernel.info = read_kernel(disk_, kernel.place, options_.read);
  auto& info = kernel.info;
  if (!options_.kernel_name.empty() && info.names.empty()) {
    info.names.push_back(options_.kernel_name);
    if (!info.version.empty()) info.urn = kernel_urn(options_.kernel_name, info.version);
  }
  name_graph(kernel, options_);
  places_.emplace_back();
  places_.back().about = about(kernel, options_);
  fleet_.kernels.push_back(std::move(kernel));
}

void CkpReading::add_stream() {
  KernelPlace place;
  place.loose = true;
  add(std::move(place));
  places_.back().chunks = chunks_of(*stream_, k_chunk_bytes);
}

KernelContext CkpReading::context(std::size_t c) const {
  const auto& kernel = fleet_.kernels[c];
  return {kernel.place, kernel.info, options_, kernel.version, now_, disk_of(c), judge_};
}

// What is read as a part of its kernel, or stands alone, is converted when all is read.
bool CkpReading::kept_at_once(std::size_t c) const {
  const auto& place = fleet_.kernels[c].place;
  return keep_statements_ && place.scope.empty() && !place.loose;
}

Disk& CkpReading::disk_of(std::size_t c) const {
  if (keep_statements_ && !kept_at_once(c)) return kept_;
  return disk_;
}

std::size_t CkpReading::units(std::size_t c) {
  auto& at = places_[c];
  if (at.about.stream) {
    // One record a line; or records laid out over lines, where the first line is not a record of its own.
    const auto keep = [&](SourceFile record) { at.laid_out.push_back(std::move(record)); };
    return each_laid_out("-", *stream_, keep) ? 1 : at.chunks.size();
  }
  const auto& place = fleet_.kernels[c].place;
  at.walk = list_kernel(disk_, place, options_.read);
  at.outside = {place.files.begin(), place.files.end()};
  fleet_.kernels[c].instances.reserve(at.walk.instance_tops.size());
  return at.walk.instance_tops.size() + at.walk.record_files.size() + at.walk.action_ledgers.size();
}

std::unique_ptr<Part> CkpReading::read(std::size_t c, std::size_t first, std::size_t last) {
  auto part = std::make_unique<KernelPart>();
  const auto& kernel = fleet_.kernels[c];
  if (places_[c].unread_line) return part;
  std::optional<Converter> converter;
  if (kept_at_once(c)) {
    auto& made = part->statements.emplace();
    // The records' statements, made while their documents are there.
    ConvertOptions wanted{kernel.version, options_.modelling, options_.urns, {}};
    wanted.files = &made.files;
    converter.emplace(made.graph, std::move(wanted));
  }
  const auto known = context(c);
  Worker worker(known, *part, converter ? &*converter : nullptr);
  for (auto i = first; i < last; ++i) unit(worker, c, i);
  if (converter) part->statements->totals = converter->totals();
  return part;
}

void CkpReading::unit(Worker& worker, std::size_t c, std::size_t at) const {
  const auto& place = places_[c];
  if (place.about.stream) {
    for (const auto& record : place.laid_out) worker.record(record);
    if (!place.laid_out.empty()) return;
    const auto& chunk = place.chunks[at];
    return each_line("-", chunk.text, [&](SourceFile record, bool) { worker.record(record); }, chunk.first_line);
  }
  const auto& walk = place.walk;
  const auto tops = walk.instance_tops.size(), records = walk.record_files.size();
  if (at < tops) {
    for (auto& files : read_instances(disk_of(c), fleet_.kernels[c].place, walk.instance_tops[at], options_.read)) {
      worker.instance(std::move(files));
    }
  } else if (at < tops + records) {
    const auto& path = walk.record_files[at - tops];
    file(worker, c, path, place.outside.contains(path));
  } else {
    lines(worker, c, walk.action_ledgers[at - tops - records], true);
  }
}

void CkpReading::file(Worker& worker, std::size_t c, const std::string& path, bool outside) const {
  const auto& place = fleet_.kernels[c].place;
  if (place.loose && (path.ends_with(".jsonl") || path.ends_with(".ndjson"))) return lines(worker, c, path, false);
  using enum Worker::Standing;
  worker.record(read_source(disk_of(c), path, place.root, options_.read), named_.contains(path) ? named
                                                                          : outside             ? found
                                                                                                : listed);
}

// One record a line: of an action ledger, or of any kind.
void CkpReading::lines(Worker& worker, std::size_t c, const std::string& path, bool ledger) const {
  const auto text = disk_of(c).read(path, options_.read.max_file_size);
  if (!text) {
    SourceFile broken;
    broken.path = path;
    broken.error = text.error();
    worker.record(broken);
    return;
  }
  auto records = std::string_view(*text);
  if (records.starts_with(k_byte_order_mark)) records.remove_prefix(k_byte_order_mark.size());
  each_line(path, records,
            [&](const SourceFile& line, bool torn) { ledger ? worker.ledger_line(line, torn) : worker.record(line); });
}

void CkpReading::take(std::size_t c, std::unique_ptr<Part> part) {
  auto& kernel = fleet_.kernels[c];
  auto& made = static_cast<KernelPart&>(*part);
  kernel.take(std::move(made.records));
  if (made.statements) kernel.statements.push_back(std::move(*made.statements));
  auto& at = places_[c];
  if (!at.about.stream || at.unread_line) return;
  ++at.taken;
  const auto kept = kernel.instances.size() + kernel.actions.size() + kernel.tasks.size() + kernel.decisions.size();
  if (kept > k_most_records && at.taken < at.chunks.size()) at.unread_line = at.chunks[at.taken].first_line;
}

// As they were judged: what was read once is what is looked at here.
void CkpReading::note_own_files(CheckedKernel& kernel) const {
  if (!options_.read.digests || kernel.place.loose) return;
  const auto& root = kernel.place.root;
  for (const auto* file : {&kernel.info.yaml, &kernel.info.ontology}) {
    if (!file->sha256.empty() && file->path.starts_with(root + "/")) kernel.own_files[file->relative] = file->sha256;
  }
  const auto shapes = join_path(kernel.place.home, "rules.shacl");
  if (disk_.info(shapes).type != FileType::file) return;
  if (const auto bytes = disk_.read(shapes, options_.read.max_file_size))
    kernel.own_files[path_below(shapes, root)] = sha256_hex(*bytes);
}

std::unique_ptr<Part> CkpReading::whole(std::size_t c) {
  auto part = std::make_unique<KernelPart>();
  auto& at = places_[c];
  note_own_files(fleet_.kernels[c]);
  const auto& kernel = fleet_.kernels[c];
  if (at.about.stream) {
    if (!at.unread_line) return part;
    Finding f;
    f.rule = "INPUT-003", f.unreadable = true, f.file = "-", f.at = {at.unread_line, 1, at.unread_line, 2};
    f.message =
        "standard input holds more than " + with_commas(k_most_records) + " records; what follows here was not read";
    f.fix = "split it";
    part->findings.push_back(std::move(f));
    return part;
  }
  const auto known = context(c);
  Sink sink(kernel.place.root);
  if (judge_) check_kernel(known, sink);
  // A problem belongs to the entry it is about, not to the whole kernel.
  part->limit.move(at.walk.problems, part->findings);
  part->limit.move(sink.findings(), part->findings);
  const auto& scope = kernel.place.scope;
  if (kernel.info.yaml.doc && (scope.empty() || scope.paths().contains(kernel.place.yaml))) part->kinds["kernel"] = 1;
  part->skipped = std::move(at.walk.skipped);
  // A proof that lies where sealing writes them is read with its instance; without one it is a record like any other.
  if (!at.walk.own_proofs.empty()) {
    std::set<std::string_view> ids;
    for (const auto& instance : kernel.instances) ids.insert(instance.id);
    Worker worker(known, *part, nullptr);
    for (const auto& path : at.walk.own_proofs) {
      if (ids.contains(base_name(parent_path(path)))) continue;
      worker.record(read_source(disk_of(c), path, kernel.place.root, options_.read));
    }
  }
  if (options_.read.digests) {
    at.lone_proofs = {std::make_move_iterator(at.walk.lone_proofs.begin()),
                      std::make_move_iterator(at.walk.lone_proofs.end())};
  }
  at.walk = {};
  return part;
}

std::vector<Finding> CkpReading::link() {
  Sink sink("");
  check_graphs(fleet_, sink);
  join_ = std::make_unique<Join>(fleet_);
  companions_.clear();
  for (const auto& kernel : fleet_.kernels) companions_.push_back(companions(kernel, options_));
  if (judge_) {
    for (auto& kernel : fleet_.kernels) check_chains(kernel, *join_, options_, sink);
    one_place(disk_, fleet_, sink);
  }
  if (!judge_) return {};
  auto out = std::move(sink.findings());
  for (auto& f : out) f.undecided = f.rule == "PROV-009";
  return out;
}

std::vector<std::string> CkpReading::places(std::size_t c, std::vector<Finding>& unread) {
  const auto& place = fleet_.kernels[c].place;
  auto listed = list_kernel(disk_, place, options_.read);
  for (auto& f : listed.problems) {
    if ((f.unreadable || f.passed_over) && in_scope(place, f.file)) unread.push_back(std::move(f));
  }
  auto out = std::move(listed.instance_tops);
  std::erase_if(out, [&](const auto& top) { return !in_scope(place, top); });
  return out;
}

bool CkpReading::own_place(std::size_t c, const std::string& path) const {
  const auto above = parent_path(path);
  return base_name(above) == "instances" && above.starts_with(fleet_.kernels[c].place.root + "/");
}

bool CkpReading::claims(const std::string&) const { return false; }

Record CkpReading::record(std::size_t c, std::size_t i) const {
  if (const auto* one = companion(c, i))
    return {one->iri, one->files.front(), one->judged, true, true, false, name_of(one->kind)};
  const auto& one = instance(c, i);
  return {
      one.urn, one.directory, one.judged, one.conforming, one.decidable, one.ambiguous, name_of(RecordKind::instance)};
}

RecordId CkpReading::id(std::size_t c, std::size_t i) const {
  const auto& kernel = fleet_.kernels[c];
  if (const auto* one = companion(c, i)) return record_id(kernel, one->iri);
  return record_id(kernel, join_->urn_of(kernel, kernel.instances[i]));
}

std::vector<std::string> CkpReading::judged_paths(std::size_t c) const {
  std::vector<std::string> out;
  const auto& kernel = fleet_.kernels[c];
  for (const auto& one : kernel.instances) {
    if (!one.judged) continue;
    out.push_back(one.directory);
    if (auto proof = own_proof_path(kernel.place, one); !proof.empty()) out.push_back(std::move(proof));
  }
  for (const auto& one : kernel.actions) out.push_back(one.file);
  for (const auto& one : kernel.tasks) out.push_back(one.file);
  for (const auto& one : kernel.goals) out.push_back(one.file);
  for (const auto& one : kernel.decisions) out.push_back(one.file);
  for (const auto& one : kernel.proposals) out.push_back(one.file);
  out.insert(out.end(), kernel.others.begin(), kernel.others.end());
  // The kernel's own files are read as what they are.
  for (const auto* file : {&kernel.info.yaml, &kernel.info.ontology, &kernel.info.project_file}) {
    if (file->doc) out.push_back(file->path);
  }
  out.push_back(join_path(kernel.place.home, "rules.shacl"));
  return out;
}

bool CkpReading::holds_anything(std::size_t c) const {
  const auto& kernel = fleet_.kernels[c];
  return !kernel.only_others() || !kernel.others.empty() || kernel.info.yaml.doc;
}

Result<std::vector<Statements>> CkpReading::statements(Disk& disk) {
  assert(keep_statements_);
  kept_.over(disk);
  static const std::string k_none;
  std::vector<Statements> out;
  for (std::size_t c = 0; c < fleet_.kernels.size(); ++c) {
    auto& kernel = fleet_.kernels[c];
    Statements rest;
    if (kept_at_once(c)) {
      convert_links(kernel, *join_, options_, rest);
      for (auto& part : kernel.statements) {
        qualify(kernel, *join_, part.graph);
        out.push_back(std::move(part));
        out.back().collection = c;
      }
    } else {
      convert_kernel(kept_, kernel, *join_, stream_ ? *stream_ : k_none, options_, rest);
    }
    kernel.statements.clear();
    rest.collection = c;
    out.push_back(std::move(rest));
  }
  return out;
}

}  // namespace provgate::ckp
