// SPDX-License-Identifier: Apache-2.0
// Finding event logs: files of one event a line, told from what stands in them.
#include <algorithm>

#include "systems/events/reading.hpp"

namespace provgate::events {
namespace {

// Directories below a named one.
constexpr int k_deepest = 256;
// How much of a file is looked at for a first event, and how much one thread reads of it at a time.
constexpr std::size_t k_sniffed_bytes = 64 << 10, k_chunk_bytes = 256 << 10;

bool is_log_name(std::string_view name) {
  return !name.starts_with('.') && (name.ends_with(".ndjson") || name.ends_with(".jsonl"));
}

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
  const auto real = disk_.real_path(path);
  if (!real || !known_.insert(*real).second) return;
  log.path = path, log.name = base_name(path);
  log.about.name = log.name, log.about.root = parent_path(path), log.about.beside = true;
  log.bytes = std::move(*bytes);
  add(std::move(log));
}

Result<void> EventReading::search(const std::string& given) {
  std::string path = given;
  while (path.size() > 1 && path.back() == '/') path.pop_back();
  // The last system refuses such a name.
  if (first_bad_utf8(path) != std::string_view::npos) return {};
  const auto type = disk_.info(path).type;
  if (type == FileType::file) return add_file(path), Result<void>{};
  // A link that was named leads somewhere.
  const auto real = disk_.real_path(path);
  if (!real || disk_.info(*real).type != FileType::directory) return {};
  if (foreign_) {
    for (std::string at = *real; at != "/" && at != "."; at = parent_path(at)) {
      const auto [known, fresh] = foreign_roots_.try_emplace(at, false);
      if (fresh) known->second = foreign_(at);
      if (known->second) return {};
    }
  }
  walk(path, 0);
  return {};
}

// What cannot be looked into is said by the last system, which looks everywhere.
void EventReading::walk(const std::string& directory, int depth) {
  if (depth > k_deepest) return;
  const auto entries = disk_.list(directory);
  if (!entries) return;
  for (const auto& e : *entries) {
    const auto path = join_path(directory, e.name);
    if (first_bad_utf8(e.name) != std::string_view::npos || e.name.starts_with('.') || e.name == "node_modules")
      continue;
    if (e.type == FileType::file && is_log_name(e.name)) add_file(path);
    if (e.type == FileType::directory && !(foreign_ && foreign_(path))) walk(path, depth + 1);
  }
}

}  // namespace provgate::events
