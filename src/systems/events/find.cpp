// SPDX-License-Identifier: Apache-2.0
// Finding event logs: files of one event a line, told from what stands in them.
#include "record/names.hpp"
#include "systems/events/reading.hpp"

namespace provgate::events {
namespace {

// How much of a file is looked at for a first event, and how much one thread reads of it at a time.
constexpr std::size_t k_sniffed_bytes = 64 << 10, k_chunk_bytes = 256 << 10;

// The first lines, each to its end.
bool has_event(std::string_view text) {
  if (text.starts_with(k_byte_order_mark)) text.remove_prefix(k_byte_order_mark.size());
  const auto end = text.size() > k_sniffed_bytes ? text.find('\n', k_sniffed_bytes) : std::string_view::npos;
  const auto head = text.substr(0, end);
  bool found = false;
  for (const auto line : split(head, '\n')) {
    const auto trimmed = trim(line);
    // What is no event by its words is not parsed.
    if (found || trimmed.find("\"event\"") == std::string_view::npos) continue;
    const auto doc = read_json("", std::string(trimmed));
    found = doc && is_event(doc->root());
  }
  return found;
}

// Events that are laid out over several lines.
bool is_laid_out(std::string_view text) {
  bool found = false;
  if (text.find("\"event\"") == std::string_view::npos) return false;
  each_laid_out("", text, [&](const SourceFile& file) { found = found || (file.doc && is_event(file.doc->root())); });
  return found;
}

}  // namespace

void EventReading::add(Log log) {
  log.about.profile = profile_;
  log.chunks = chunks_of(log.bytes.text, k_chunk_bytes);
  logs_.push_back(std::move(log));
}

void EventReading::add_stream(const std::string& text) {
  Log log;
  log.laid_out = !has_event(text) && is_laid_out(text);
  if (!log.laid_out && !has_event(text)) return;
  log.about.name = log.about.root = log.path = log.name = "-";
  log.about.stream = log.about.loose = true;
  log.bytes.text = text;
  add(std::move(log));
}

void EventReading::add_file(const std::string& path) {
  if (disk_.info(path).type != FileType::file) return;
  auto bytes = disk_.map(path);
  if (!bytes) return;  // the last system says why it cannot be read
  Log log;
  log.laid_out = !has_event(bytes->text) && bytes->text.size() <= read_.max_file_size && is_laid_out(bytes->text);
  if (!log.laid_out && !has_event(bytes->text)) return;
  if (!search_.first(path)) return;
  log.path = path, log.name = base_name(path);
  log.about.name = log.name, log.about.root = parent_path(path), log.about.beside = true;
  log.bytes = std::move(*bytes);
  add(std::move(log));
}

void EventReading::search(const std::string& path) {
  search_.each(path, is_lines_name, [this](const std::string& file) { add_file(file); });
}

}  // namespace provgate::events
