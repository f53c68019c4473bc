// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "provgate/base/base.hpp"

namespace provgate {
namespace {

constexpr std::size_t k_small = 4096;        // below this a text is walked, not indexed
constexpr std::size_t k_count_block = 1024;  // code points are counted up to each of these

bool continues(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

}  // namespace

SourceText::SourceText(std::string path, std::string text, std::uint32_t first_line)
    : path_(std::move(path)), text_(std::move(text)), first_line_(first_line) {
  text_.reserve(text_.size() + k_padding);
  if (text_.size() < k_small) return;
  lines_.push_back(0);
  for (auto at = text_.find('\n'); at != std::string::npos; at = text_.find('\n', at + 1)) lines_.push_back(at + 1);
  std::size_t total = 0;
  for (std::size_t at = 0; at < text_.size(); at += k_count_block) {
    code_points_.push_back(static_cast<std::uint32_t>(total));
    total += count_code_points(std::string_view(text_).substr(at, k_count_block));
  }
}

// Code points up to an offset: those before its block, and those of the block's part.
std::size_t SourceText::up_to(std::size_t at) const {
  const auto block = std::min(at / k_count_block, code_points_.size() - 1);
  return code_points_[block] +
         count_code_points(std::string_view(text_).substr(block * k_count_block, at - block * k_count_block));
}

SourceText::Position SourceText::position(std::size_t offset) const {
  offset = std::min(offset, text_.size());
  const std::string_view text = text_;
  if (lines_.empty()) {
    std::uint32_t line = first_line_;
    std::size_t start = 0;
    for (auto at = text.find('\n'); at < offset; at = text.find('\n', start)) start = at + 1, ++line;
    return {line, static_cast<std::uint32_t>(count_code_points(text.substr(start, offset - start))) + 1};
  }
  const auto line = std::upper_bound(lines_.begin(), lines_.end(), offset) - 1;
  return {first_line_ + static_cast<std::uint32_t>(line - lines_.begin()),
          static_cast<std::uint32_t>(up_to(offset) - up_to(*line)) + 1};
}

Place SourceText::place(std::size_t begin, std::size_t end) const {
  begin = std::min(begin, text_.size()), end = std::clamp(end, begin, text_.size());
  const auto from = position(begin);
  // Most values lie on one line: what is left is to count them.
  const auto value = std::string_view(text_).substr(begin, end - begin);
  if (value.find('\n') == std::string_view::npos)
    return {from.line, from.column, from.line, from.column + static_cast<std::uint32_t>(count_code_points(value))};
  const auto to = position(end);
  return {from.line, from.column, to.line, to.column};
}

LineWindow SourceText::window(std::uint32_t line, std::uint32_t column) const {
  const std::string_view text = text_;
  if (line < first_line_) return {};
  std::size_t at = 0, before = column - 1;  // code points between `at` and the column
  if (lines_.empty()) {
    for (std::uint32_t n = first_line_; n < line; ++n) {
      const auto end = text.find('\n', at);
      if (end == std::string_view::npos) return {};
      at = end + 1;
    }
  } else {
    if (line - first_line_ >= lines_.size()) return {};
    at = lines_[line - first_line_];
    // From the last block that begins before the column.
    const auto wanted = before + up_to(at);
    const auto block = static_cast<std::size_t>(std::upper_bound(code_points_.begin(), code_points_.end(), wanted) -
                                                code_points_.begin()) -
                       1;
    if (block * k_count_block > at) at = block * k_count_block, before = wanted - code_points_[block];
  }
  return window_at(text, skip_code_points(text, at, before), column);
}

std::size_t skip_code_points(std::string_view text, std::size_t at, std::size_t count) {
  const auto rest = [&] {
    while (at < text.size() && continues(text[at])) ++at;
  };
  rest();
  for (; count > 0 && at < text.size(); --count) ++at, rest();
  return at;
}

LineWindow window_at(std::string_view text, std::size_t offset, std::uint32_t column) {
  constexpr std::size_t k_widest = 480,
                        k_before = k_widest / 4;  // bytes and code points; what is shown is narrower still
  offset = std::min(offset, text.size());
  // No further back or on than may be shown.
  const auto far = offset > k_widest ? offset - k_widest : 0;
  const auto line_end = text.substr(far, offset - far).rfind('\n');
  const auto first = line_end != std::string_view::npos ? far + line_end + 1 : far;
  const auto last =
      std::min(text.substr(offset, k_widest).find('\n'), std::min(k_widest, text.size() - offset)) + offset;
  const bool whole =
      (first != far || far == 0) && last - first <= k_widest && (last == text.size() || text[last] == '\n');
  auto begin = whole ? first : offset;
  auto end = last;
  std::uint32_t here = whole ? 1 : column;
  if (!whole) {
    for (std::size_t n = 0; n < k_before && begin > first && here > 1; ++n, --here) {
      --begin;
      while (begin > first && continues(text[begin])) --begin;
    }
    end = std::min(last, begin + k_widest);
    while (end > begin && end < text.size() && continues(text[end])) --end;
  }
  auto shown = text.substr(begin, end - begin);
  if (shown.ends_with('\r')) shown.remove_suffix(1);
  return {std::string(shown), here};
}

}  // namespace provgate
