#include <algorithm>

#include "provgate/base.hpp"

namespace provgate {

namespace {
constexpr std::size_t k_padding = 64;  // simdjson reads up to this far past the end
}

SourceText::SourceText(std::string path, std::string text, std::uint32_t first_line)
    : path_(std::move(path)), text_(std::move(text)), first_line_(first_line) {
  text_.reserve(text_.size() + k_padding);
}

Place SourceText::place(std::size_t begin, std::size_t end) const {
  Place at;
  std::uint32_t line = first_line_;
  std::size_t line_start = 0, pos = 0;
  auto advance = [&](std::size_t target) {
    target = std::min(target, text_.size());
    while (pos < target) {
      const auto* hit = static_cast<const char*>(std::char_traits<char>::find(text_.data() + pos, target - pos, '\n'));
      if (!hit) break;
      pos = static_cast<std::size_t>(hit - text_.data()) + 1;
      line_start = pos;
      ++line;
    }
    pos = std::max(pos, target);
    const auto column = count_code_points(std::string_view(text_).substr(line_start, target - line_start)) + 1;
    return static_cast<std::uint32_t>(column);
  };
  at.column = advance(begin);
  at.line = line;
  at.end_column = advance(std::max(begin, end));
  at.end_line = line;
  return at;
}

std::string_view SourceText::line(std::uint32_t number) const {
  std::string_view rest = text_;
  if (number < first_line_) return {};
  for (std::uint32_t n = first_line_; n < number; ++n) {
    const auto end = rest.find('\n');
    if (end == std::string_view::npos) return {};
    rest.remove_prefix(end + 1);
  }
  auto found = rest.substr(0, rest.find('\n'));
  if (!found.empty() && found.back() == '\r') found.remove_suffix(1);
  return found;
}

}  // namespace provgate
