// SPDX-License-Identifier: Apache-2.0
#include "systems/experience/reading.hpp"

#include <algorithm>

#include "base/digest.hpp"
#include "record/names.hpp"
#include "systems/experience/convert/convert.hpp"
#include "systems/experience/names.hpp"
#include "systems/experience/rules/links.hpp"
#include "systems/experience/store/index.hpp"

namespace provgate::experience {

ExperienceReading::ExperienceReading(const World& world, const Asking& asking)
    : disk_(world.disk),
      read_(asking.read),
      judge_(asking.judge),
      keep_statements_(asking.statements),
      taken_(asking.taken),
      search_(world.disk, asking.foreign),
      seed_(static_cast<std::uint64_t>(world.clock.now_micros())) {}

Finding ExperienceReading::fault_of(const RowFile& file) {
  const Error error{Code::input, file.fault, "checkpoint it, or read a copy that was backed up", file.path, {}};
  return unreadable(error, file.path);
}

std::vector<std::string> ExperienceReading::places(std::size_t c, std::vector<Finding>& unread) {
  const auto& file = files_[c];
  if (!file.fault.empty()) unread.push_back(fault_of(file));
  return {file.path};
}

bool ExperienceReading::claims(const std::string& path) const {
  return std::ranges::any_of(files_, [&](const auto& file) { return file.path == path; });
}

std::vector<std::string> ExperienceReading::judged_paths(std::size_t c) const { return {files_[c].path}; }

// ---- reading ----
std::unique_ptr<Part> ExperienceReading::read(std::size_t c, std::size_t first, std::size_t last) {
  auto part = std::make_unique<RowPart>();
  const auto& file = files_[c];
  if (!file.fault.empty()) return part->findings.push_back(fault_of(file)), std::move(part);
  const RowVisit visit = {[&](const Row& row) { one(file, row, *part); },
                          [&](const SourceFile& unread) {
                            Sink sink(file.path);
                            check_readable(unread, sink);
                            part->limit.move(sink.findings(), part->findings);
                          }};
  for (auto i = first; i < last; ++i) {
    const auto& chunk = file.chunks[i];
    each_row(file.rows, chunk, visit);
    const auto begin = static_cast<std::uint64_t>(chunk.text.data() - file.bytes.text.data());
    if (file.rows.form == RowForm::lines) file.bytes.rest(begin, begin + chunk.text.size());
  }
  return part;
}

void ExperienceReading::one(const RowFile& file, const Row& row, RowPart& part) const {
  const auto place = row.place(row.value);
  auto owner = file.path + ":" + (row.where.empty() ? std::to_string(place.line) : row.where);
  Sink sink(owner);
  auto record = judge(row, sink, {judge_, &beacons_});
  auto kept = row.kept_text();
  if (read_.digests) {
    const auto digest = sha256(kept);
    std::ranges::transform(digest, record.digest.begin(), [](char c) { return static_cast<std::uint8_t>(c); });
  }
  if (file.rows.form == RowForm::lines && row.text == kept) {
    record.offset = static_cast<std::uint64_t>(row.text.data() - file.bytes.text.data());
    record.length = static_cast<std::uint32_t>(row.text.size());
  } else {
    record.text = std::move(kept);
  }
  for (auto& f : sink.findings()) {
    if (f.severity == Severity::error) record.conforming = false;
    if (record.table && !record.id.empty()) f.focus = record_iri(*record.table, record.id);
  }
  if (keep_statements_ && !record.refused) {
    Writer writer(part.graph, 1, row.cells.empty() ? std::nullopt : std::optional(place), &part.names);
    convert_record(row.value, record, writer);
  }
  ++part.kinds[record.table ? record.table->called : "experience"];
  part.records.push_back(std::move(record));
  part.owners.push_back(std::move(owner));
  part.limit.move(sink.findings(), part.findings);
}

void ExperienceReading::take(std::size_t c, std::unique_ptr<Part> part) {
  auto* made = dynamic_cast<RowPart*>(part.get());
  if (!made) return;
  auto& file = files_[c];
  std::ranges::move(made->records, std::back_inserter(file.records));
  std::ranges::move(made->owners, std::back_inserter(file.owners));
  if (keep_statements_) graphs_[c].push_back(std::move(made->graph));
}

// ---- across what was read ----
std::vector<Finding> ExperienceReading::link() {
  if (!judge_) return {};
  struct Where {
    RowFile* file;
    std::size_t number;
  };
  std::vector<const Told*> all;
  std::vector<Where> where;
  for (auto& file : files_) {
    for (std::size_t i = 0; i < file.records.size(); ++i) {
      all.push_back(&file.records[i]);
      where.push_back({&file, i});
    }
  }
  Sink sink("");
  judge_links(all, seed_, [&](std::string_view rule, std::size_t record, std::string message) -> Finding& {
    auto& [file, number] = where[record];
    auto& told = file->records[number];
    // Past so many a finding is only counted, and says nothing of its severity.
    const auto* known = find_rule(rule);
    if (!known || known->severity == Severity::error) told.conforming = false;
    sink.set_owner(file->owners[number]);
    if (!told.where.empty()) message = told.where + ": " + message;
    auto& f = sink.add(rule, file->path, told.at, std::move(message));
    f.focus = record_iri(*told.table, told.id);
    return f;
  });
  return std::move(sink.findings());
}

// ---- what was read ----
Record ExperienceReading::record(std::size_t c, std::size_t i) const {
  Record out;
  out.owner = files_[c].owners[i], out.conforming = files_[c].records[i].conforming;
  return out;
}

RecordId ExperienceReading::id(std::size_t c, std::size_t i) const {
  const auto& record = files_[c].records[i];
  return {RecordId::System("experience"), RecordId::Scope(files_[c].name),
          RecordId::Iri(record.table && !record.id.empty() ? record_iri(*record.table, record.id) : std::string{})};
}

Result<std::vector<Statements>> ExperienceReading::statements(Disk&) {
  std::vector<Statements> out;
  for (std::size_t c = 0; c < graphs_.size(); ++c) {
    for (auto& graph : graphs_[c]) {
      auto& one = out.emplace_back();
      one.graph = std::move(graph), one.files = {files_[c].path}, one.collection = c;
    }
    graphs_[c].clear();
  }
  return out;
}

// ---- sealing ----
Readiness ExperienceReading::readiness(std::size_t c, std::size_t i) const {
  const auto& file = files_[c];
  if (file.about.stream)
    return {Readiness::State::unplaced, "records of a stream are added: provgate experience add -"};
  if (file.records[i].id.empty()) return {Readiness::State::never, "it has no id"};
  return {};
}

Result<Draft> ExperienceReading::draft(Disk&, std::size_t c, std::size_t i, const std::string&) const {
  const auto& file = files_[c];
  const auto& record = file.records[i];
  const auto bytes = record.text.empty() ? std::string_view(file.bytes.text).substr(record.offset, record.length)
                                         : std::string_view(record.text);
  const auto digest = sha256(bytes);
  if (read_.digests &&
      !std::ranges::equal(digest, record.digest, {}, [](char b) { return static_cast<std::uint8_t>(b); }))
    return fail(Code::world, file.path + " changed while it was read", "run it again");
  Draft out;
  out.id = id(c, i), out.kind = k_profile, out.owner = file.owners[i], out.root = file.about.root;
  out.record_digest = Digest(to_hex(digest));
  if (file.digest.empty()) file.digest = sha256_hex(file.bytes.text);
  out.files.emplace(file.name, CoveredFile{file.digest, CoveredFile::Role::witnessed});
  if (record.refused) return out.records.emplace_back(std::string(bytes), IndexRows()), out;
  const auto kept = read_kept(bytes);
  // What breaks a rule may be none that is ever kept.
  if (!kept && record.conforming) return tl::unexpected<Error>(kept.error());
  out.records.emplace_back(std::string(bytes), kept ? rows_of(*kept) : IndexRows());
  return out;
}

bool ExperienceReading::knows_scope(std::size_t c, const RecordId& id) const {
  return id.system.text == "experience" && id.scope.text == files_[c].name;
}

}  // namespace provgate::experience
