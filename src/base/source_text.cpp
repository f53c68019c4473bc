#include <algorithm>

#include "provgate/base.hpp"

namespace provgate {
namespace {

constexpr std::size_t k_padding = 64;  // simdjson reads up to this far past the end
constexpr std::size_t k_small = 4096;  // below this a text is walked, not indexed
constexpr std::size_t k_block = 1024;  // code points are counted up to each of these

}  // namespace

SourceText::SourceText(std::string path, std::string text, std::uint32_t first_line)
    : path_(std::move(path)), text_(std::move(text)), first_line_(first_line) {
  text_.reserve(text_.size() + k_padding);
  if (text_.size() < k_small) return;
  lines_.push_back(0);
  for (auto at = text_.find('\n'); at != std::string::npos; at = text_.find('\n', at + 1)) lines_.push_back(at + 1);
  std::size_t total = 0;
  for (std::size_t at = 0; at < text_.size(); at += k_block) {
    code_points_.push_back(static_cast<std::uint32_t>(total));
    total += count_code_points(std::string_view(text_).substr(at, k_block));
  }
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
  // Code points up to an offset: those before its block, and those of the block's part.
  const auto up_to = [&](std::size_t at) {
    const auto block = std::min(at / k_block, code_points_.size() - 1);
    return code_points_[block] + count_code_points(text.substr(block * k_block, at - block * k_block));
  };
  return {first_line_ + static_cast<std::uint32_t>(line - lines_.begin()), static_cast<std::uint32_t>(up_to(offset) - up_to(*line)) + 1};
}

Place SourceText::place(std::size_t begin, std::size_t end) const {
  begin = std::min(begin, text_.size()), end = std::clamp(end, begin, text_.size());
  const auto from = position(begin);
  // Most values lie on one line: what is left is to count them.
  const auto value = std::string_view(text_).substr(begin, end - begin);
  if (value.find('\n') == std::string_view::npos) return {from.line, from.column, from.line, from.column + static_cast<std::uint32_t>(count_code_points(value))};
  const auto to = position(end);
  return {from.line, from.column, to.line, to.column};
}

std::string_view SourceText::line(std::uint32_t number) const {
  std::string_view rest = text_;
  if (number < first_line_) return {};
  if (!lines_.empty()) {
    if (number - first_line_ >= lines_.size()) return {};
    rest.remove_prefix(lines_[number - first_line_]);
  } else {
    for (std::uint32_t n = first_line_; n < number; ++n) {
      const auto end = rest.find('\n');
      if (end == std::string_view::npos) return {};
      rest.remove_prefix(end + 1);
    }
  }
  auto found = rest.substr(0, rest.find('\n'));
  if (!found.empty() && found.back() == '\r') found.remove_suffix(1);
  return found;
}

LineWindow window_of_line(std::string_view line, std::uint32_t column) {
  constexpr std::size_t k_widest = 480;  // bytes; what is shown is narrower still
  if (line.size() <= k_widest) return {std::string(line), 1};
  // A column is a count of code points; bytes that continue one are not counted.
  std::size_t at = 0;
  std::uint32_t here = 1;
  const std::uint32_t wanted = column > k_widest / 4 ? column - static_cast<std::uint32_t>(k_widest / 4) : 1;
  const auto continues = [&](std::size_t i) { return i < line.size() && (static_cast<unsigned char>(line[i]) & 0xC0) == 0x80; };
  while (here < wanted && at < line.size()) {
    ++at;
    while (continues(at)) ++at;
    ++here;
  }
  auto end = std::min(line.size(), at + k_widest);
  while (end > at && continues(end)) --end;
  return {std::string(line.substr(at, end - at)), here};
}

}  // namespace provgate
