// SPDX-License-Identifier: Apache-2.0
#include "record/csv.hpp"

#include <algorithm>

namespace provgate {

std::uint32_t CsvReader::column(std::size_t at) {
  counted_column_ += static_cast<std::uint32_t>(count_code_points(text_.substr(counted_at_, at - counted_at_)));
  counted_at_ = at;
  return counted_column_;
}

Place CsvReader::place(std::size_t from, std::size_t to) {
  Place out;
  out.line = out.end_line = line_;
  out.column = column(from), out.end_column = column(to);
  return out;
}

// Requires a place in the line, and none before what was counted.
tl::unexpected<Error> CsvReader::wrong(std::size_t at, std::string why) {
  Error out{Code::input, std::move(why), {}, {}, place(at, std::min(at + 1, text_.size()))};
  skip_line();
  return tl::unexpected<Error>(std::move(out));
}

bool CsvReader::at_end_of_line() const {
  return at_ == text_.size() || text_[at_] == '\n' || text_.substr(at_, 2) == "\r\n";
}

void CsvReader::end_line() {
  if (at_ < text_.size()) at_ += text_[at_] == '\r' ? 2U : 1U;
  counted_at_ = at_, counted_column_ = 1, ++line_;
}

void CsvReader::skip_line() {
  const auto end = text_.find('\n', at_);
  at_ = end == std::string_view::npos ? text_.size() : end + 1;
  counted_at_ = at_, counted_column_ = 1, ++line_;
}

Result<void> CsvReader::quoted(CsvCell& out) {
  out.quoted = true;
  out.at = place(at_, at_ + 1);
  for (++at_;; ++at_) {
    if (at_ == text_.size()) {
      Error error{Code::input, "a quoted cell is never closed", {}, {}, out.at};
      return tl::unexpected<Error>(std::move(error));
    }
    if (text_[at_] == '"' && text_.substr(at_, 2) != "\"\"") break;
    if (text_[at_] == '"') ++at_;
    out.text += text_[at_];
    if (text_[at_] == '\n') counted_at_ = at_ + 1, counted_column_ = 1, ++line_;
  }
  ++at_;
  out.at.end_line = line_, out.at.end_column = column(at_);
  if (!at_end_of_line() && text_[at_] != ',') return wrong(at_, "text behind the closing quote of a cell");
  return {};
}

Result<void> CsvReader::cell(CsvCell& out) {
  if (at_ < text_.size() && text_[at_] == '"') return quoted(out);
  const auto begin = at_;
  while (!at_end_of_line() && text_[at_] != ',') {
    if (text_[at_] == '"') return wrong(at_, "a quote within a cell that has none around it");
    if (text_[at_] == '\r') return wrong(at_, "a carriage return within a cell that has no quotes around it");
    ++at_;
  }
  out.text = text_.substr(begin, at_ - begin);
  out.at = place(begin, at_);
  return {};
}

Result<bool> CsvReader::next(std::vector<CsvCell>& row) {
  row.clear();
  while (at_ < text_.size() && at_end_of_line()) end_line();
  if (at_ == text_.size()) return false;
  while (true) {
    CHECKED(cell(row.emplace_back()));
    if (at_end_of_line()) break;
    ++at_;  // the comma
  }
  if (cells_ == 0) cells_ = row.size();
  end_line();
  if (row.size() == cells_) return true;
  Error out{Code::input,
            "a row of " + plural(row.size(), "cell") + ", and the first one has " + std::to_string(cells_),
            {},
            {},
            row.front().at};
  return tl::unexpected<Error>(std::move(out));
}

}  // namespace provgate
