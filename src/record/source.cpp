// SPDX-License-Identifier: Apache-2.0
// Reading files and streams of records.
#include "provgate/record/source.hpp"

#include <algorithm>

#include "base/digest.hpp"

namespace provgate {

std::string path_below(const std::string& path, const std::string& root) {
  if (path.starts_with(root) && path.size() > root.size())
    return path.substr(root.size() + (path[root.size()] == '/' ? 1 : 0));
  return root == "." ? path : base_name(path);
}

std::string inside_target(Disk& disk, const std::string& path, const ReadOptions& options) {
  if (!options.follow_links_inside) return {};
  const auto target = disk.real_path(path), home = disk.real_path(parent_path(path));
  const bool inside = target && home && target->starts_with(*home + "/");
  return inside && disk.info(*target).type == FileType::file ? *target : std::string{};
}

SourceFile read_source(Disk& disk, const std::string& path, const std::string& root, const ReadOptions& options) {
  SourceFile file;
  file.path = path;
  file.relative = path_below(path, root);
  const auto target = options.follow_links_inside && disk.info(path).type == FileType::link
                          ? inside_target(disk, path, options)
                          : std::string{};
  auto bytes = disk.read(target.empty() ? path : target, options.max_file_size);
  if (!bytes) {
    file.error = bytes.error();
    return file;
  }
  if (options.digests) file.sha256 = sha256_hex(*bytes);
  if (bytes->starts_with(k_byte_order_mark)) bytes->erase(0, k_byte_order_mark.size());
  auto doc = path.ends_with(".json") ? read_json(path, std::move(*bytes), 1, &file.unread)
                                     : read_yaml(path, std::move(*bytes), &file.unread);
  if (doc) {
    file.doc = std::make_unique<Document>(std::move(*doc));
  } else {
    file.error = doc.error();
  }
  return file;
}

namespace {

SourceFile parsed(const std::string& path, std::string_view text, std::uint32_t first_line) {
  SourceFile file;
  file.path = path;
  std::string own;
  own.reserve(text.size() + SourceText::k_padding);
  own = text;
  auto doc = read_json(path, std::move(own), first_line, &file.unread);
  if (doc) {
    file.doc = std::make_unique<Document>(std::move(*doc));
  } else {
    file.error = doc.error();
  }
  return file;
}

// The end of the JSON value that begins at `at`: past its last bracket, or of the line; the end of all where a bracket
// stays open.
std::size_t end_of_value(std::string_view text, std::size_t at) {
  std::size_t depth = 0;
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '"') {
      for (++at; at < text.size() && text[at] != '"'; ++at) at += text[at] == '\\';
    } else if (c == '{' || c == '[') {
      ++depth;
    } else if ((c == '}' || c == ']') && depth && --depth == 0) {
      return at + 1;
    } else if (c == '\n' && depth == 0) {
      return at;
    }
  }
  return text.size();
}

}  // namespace

bool each_laid_out(const std::string& path, std::string_view text, const std::function<void(SourceFile)>& visit) {
  const auto first = trim(text.substr(0, std::min(text.find('\n'), text.size())));
  if (first.empty() || trim(text).find('\n') == std::string_view::npos || read_json(path, std::string(first)))
    return false;
  std::vector<SourceFile> records;
  std::uint32_t line = 1;
  for (std::size_t at = 0, last = 0; at < text.size();) {
    at = text.find_first_not_of(" \t\r\n", at);
    if (at == std::string_view::npos) break;
    line += static_cast<std::uint32_t>(std::count(text.begin() + static_cast<std::ptrdiff_t>(last),
                                                  text.begin() + static_cast<std::ptrdiff_t>(at), '\n'));
    last = at;
    const auto end = end_of_value(text, at);
    auto& file = records.emplace_back(parsed(path, text.substr(at, end - at), line));
    // A bracket alone on the first line is not a line of records; one message says so, not one for each line.
    if (file.error && first.size() > 1) return false;
    if (file.error && file.error->help.empty())
      file.error->help = "standard input takes one record a line, or JSON records laid out over lines";
    at = end;
  }
  for (auto& file : records) visit(std::move(file));
  return true;
}

void each_line(const std::string& path, std::string_view text, const std::function<void(SourceFile, bool)>& visit,
               std::uint32_t first_line) {
  for (std::uint32_t number = first_line; !text.empty(); ++number) {
    const auto end = text.find('\n');
    const auto line = text.substr(0, end);
    text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
    if (trim(line).empty()) continue;
    visit(parsed(path, line, number), end == std::string_view::npos);
  }
}

}  // namespace provgate
