// The query library (fuseki/queries, built into the program) and query results as a table.
#include <algorithm>

#include "base/embedded.hpp"
#include "provgate/audit.hpp"

namespace provgate {
namespace {

std::string header(std::string_view text, std::string_view name) {
  const auto mark = "# " + std::string(name) + ":";
  const auto at = text.find(mark);
  if (at == std::string_view::npos) return {};
  const auto rest = text.substr(at + mark.size());
  return std::string(trim(rest.substr(0, rest.find('\n'))));
}

std::string shown(Value binding) {
  const auto type = binding.find("type").text();
  const std::string value(binding.find("value").text());
  if (type != "uri") return value;
  for (const auto version : {CkpVersion::v37, CkpVersion::v36, CkpVersion::v35}) {
    for (const auto& prefix : standard_prefixes(version)) {
      if (value.starts_with(prefix.iri) && value.find_first_of("#/", prefix.iri.size()) == std::string::npos) return prefix.name + ":" + value.substr(prefix.iri.size());
    }
  }
  return value;
}

}  // namespace

const std::vector<NamedQuery>& query_library() {
  static const std::vector<NamedQuery> library = [] {
    std::vector<NamedQuery> out;
    for (const auto& file : embedded_files()) {
      if (!file.path.starts_with("fuseki/queries/")) continue;
      auto name = base_name(std::string(file.path));
      name.resize(name.size() - 3);
      out.push_back({name, header(file.text, "title"), header(file.text, "question"), header(file.text, "needs"), std::string(file.text)});
    }
    return out;
  }();
  return library;
}

Result<std::string> results_table(const std::string& json) {
  const auto doc = read_json("results", json);
  if (!doc) return fail(Code::input, "the answer is no SPARQL JSON result: " + doc.error().why);
  const auto root = doc->root();
  if (const auto boolean = root.find("boolean")) return std::string(boolean.text()) + "\n";
  if (!root.find("head").find("vars") || !root.find("results").find("bindings")) return fail(Code::input, "the answer is no SPARQL JSON result");
  std::vector<std::vector<std::string>> rows(1);
  for (const auto name : root.find("head").find("vars").children()) rows[0].emplace_back(name.text());
  for (const auto binding : root.find("results").find("bindings").children()) {
    rows.emplace_back();
    for (const auto& name : rows[0]) rows.back().push_back(shown(binding.find(name)));
  }
  std::vector<std::size_t> widths(rows[0].size());
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], count_code_points(row[i]));
  }
  std::string out;
  for (std::size_t r = 0; r < rows.size(); ++r) {
    std::string line;
    for (std::size_t i = 0; i < rows[r].size(); ++i) {
      line += (i ? "  " : "") + rows[r][i];
      if (i + 1 < rows[r].size()) line += std::string(widths[i] - count_code_points(rows[r][i]), ' ');
    }
    out += line + "\n";
    if (r == 0) {
      for (std::size_t i = 0; i < widths.size(); ++i) out += (i ? "  " : "") + std::string(widths[i], '-');
      out += "\n";
    }
  }
  return out + plural(rows.size() - 1, "row") + "\n";
}

}  // namespace provgate
