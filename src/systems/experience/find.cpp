// SPDX-License-Identifier: Apache-2.0
// Finding tables of experience, told from what stands in them.
#include <algorithm>

#include "record/cells.hpp"
#include "record/names.hpp"
#include "systems/experience/names.hpp"
#include "systems/experience/reading.hpp"

namespace provgate::experience {
namespace {

// Names of files that are looked into below a directory that was named. Records of other systems are JSON files, too:
// what belongs to them was taken before.
bool is_table_name(std::string_view name) {
  const auto ends = [&](std::string_view end) { return name.ends_with(end); };
  return is_lines_name(name) || ends(".csv") || ends(".db") || ends(".sqlite") || ends(".sqlite3") || ends(".json");
}

}  // namespace

void ExperienceReading::add(RowFile file) {
  file.about.profile = k_profile;
  file.about.graph = GraphName(std::string(k_graph));
  file.rows.path = file.path, file.rows.tables = row_tables();
  files_.push_back(std::move(file));
  auto& added = files_.back();
  added.rows.text = added.bytes.text;
  if (added.fault.empty()) added.chunks = row_chunks(added.rows);
}

void ExperienceReading::add_stream(const std::string& text) {
  const auto form = row_form("-", text, row_tables(), read_.max_file_size);
  if (!form) return;
  RowFile out;
  out.about.name = out.about.root = out.path = out.name = "-";
  out.about.stream = out.about.loose = true;
  out.bytes.text = text, out.rows.form = *form;
  add(std::move(out));
}

void ExperienceReading::add_file(const std::string& path) {
  if (disk_.info(path).type != FileType::file || (taken_ && taken_(path))) return;
  auto bytes = disk_.map(path);
  if (!bytes) return;  // the last system says why it cannot be read
  const auto form = row_form(path, bytes->text, row_tables(), read_.max_file_size);
  if (!form || !search_.first(path)) return;
  RowFile out;
  out.path = path, out.name = base_name(path);
  out.about.name = out.name, out.about.root = parent_path(path), out.about.beside = true;
  out.bytes = std::move(*bytes), out.rows.form = *form;
  // What is not in the file yet, or may have to be taken out of it, nobody would see.
  for (const auto* log : {"-wal", "-journal"}) {
    const auto info = disk_.info(path + log);
    if (*form == RowForm::database && info.type == FileType::file && info.size > 0)
      out.fault = "what belongs to the database lies beside it, in " + path + log;
  }
  add(std::move(out));
}

Result<std::unique_ptr<ExperienceReading>> ExperienceReading::open(const World& world, const Asking& asking) {
  std::unique_ptr<ExperienceReading> out(new ExperienceReading(world, asking));
  if (asking.stream) out->add_stream(*asking.stream);
  for (const auto& path : asking.paths)
    out->search_.each(path, is_table_name, [&](const std::string& file) { out->add_file(file); });
  out->graphs_.resize(out->files_.size());
  return out;
}

}  // namespace provgate::experience
