// SPDX-License-Identifier: Apache-2.0
// Query results as a table for people.
#include <algorithm>

#include "provgate/audit/audit.hpp"
#include "provgate/systems/system.hpp"

namespace provgate {
namespace {

std::string shown(const sparql::Cell& cell) {
  if (!cell) return {};
  const auto term = from_ntriples(*cell);
  if (const auto* iri = std::get_if<Iri>(&term)) return printable(compact_iri(iri->text()));
  return printable(std::holds_alternative<BlankNode>(term) ? std::string(*cell) : value_of(term));
}

// The first `width` code points, the last of them "…" when something was cut.
std::string cut(const std::string& text, std::size_t width) {
  if (count_code_points(text) <= width) return text;
  std::size_t at = 0;
  for (std::size_t i = 0; i + 1 < width; ++i) next_code_point(text, at);
  return text.substr(0, at) + "…";
}

}  // namespace

ResultTable::ResultTable(std::vector<std::string> variables) : rows_{std::move(variables)} {
  for (auto& name : rows_[0]) name = printable(name);
}

void ResultTable::add(std::span<const sparql::Cell> cells) {
  auto& row = rows_.emplace_back();
  for (const auto& cell : cells) row.push_back(shown(cell));
}

std::string ResultTable::answer() const { return (rows_.size() > 1 && !rows_[1].empty() ? rows_[1][0] : "") + "\n"; }

std::string ResultTable::text(std::size_t width) const {
  std::vector<std::size_t> widths(rows_[0].size());
  for (const auto& row : rows_) {
    for (std::size_t i = 0; i < widths.size(); ++i) widths[i] = std::max(widths[i], count_code_points(row[i]));
  }
  constexpr std::size_t k_least = 8;
  const auto total = [&] {
    std::size_t sum = widths.empty() ? 0 : 2 * (widths.size() - 1);
    for (const auto w : widths) sum += w;
    return sum;
  };
  while (width && total() > width) {
    const auto widest = std::max_element(widths.begin(), widths.end());
    if (*widest <= k_least) break;
    // The widest column gives way as far as it must, but not below the next one or the least width.
    std::size_t next = k_least;
    for (const auto w : widths) {
      if (w < *widest) next = std::max(next, w);
    }
    const auto excess = total() - width;
    *widest = std::max({*widest > excess ? *widest - excess : k_least, std::min(next, *widest - 1), k_least});
  }
  std::string out;
  for (std::size_t r = 0; r < rows_.size(); ++r) {
    for (std::size_t i = 0; i < widths.size(); ++i) {
      const auto cell = cut(rows_[r][i], widths[i]);
      out += (i ? "  " : "") + cell;
      if (i + 1 < widths.size()) out += std::string(widths[i] - count_code_points(cell), ' ');
    }
    out += "\n";
    if (r > 0) continue;
    for (std::size_t i = 0; i < widths.size(); ++i) out += (i ? "  " : "") + std::string(widths[i], '-');
    out += "\n";
  }
  return out + plural(rows_.size() - 1, "row") + "\n";
}

Result<std::string> results_table(const std::string& json, std::size_t width) {
  const auto doc = read_json("results", json);
  if (!doc) return fail(Code::input, "the answer is not a SPARQL JSON result: " + doc.error().why);
  const auto root = doc->root();
  if (const auto boolean = root.find("boolean")) return printable(boolean.text()) + "\n";
  if (!root.find("head").find("vars") || !root.find("results").find("bindings"))
    return fail(Code::input, "the answer is not a SPARQL JSON result");
  std::vector<std::string> names;
  for (const auto name : root.find("head").find("vars").children()) names.emplace_back(name.text());
  ResultTable table(names);
  for (const auto binding : root.find("results").find("bindings").children()) {
    std::vector<std::string> texts;
    for (const auto& name : names) {
      const auto value = binding.find(name);
      const std::string text(value.find("value").text());
      const auto type = value.find("type").text();
      texts.push_back(!value            ? ""
                      : type == "uri"   ? iri_text(text)
                      : type == "bnode" ? "_:" + text
                                        : literal_text(text));
    }
    std::vector<sparql::Cell> cells;
    for (const auto& text : texts) cells.push_back(text.empty() ? sparql::Cell{} : sparql::Cell{text});
    table.add(cells);
  }
  return table.text(width);
}

}  // namespace provgate
