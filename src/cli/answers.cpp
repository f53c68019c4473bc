#include "cli/answers.hpp"

#include <algorithm>
#include <vector>

#include "provgate/audit.hpp"
#include "provgate/load.hpp"

namespace provgate::cli {
namespace {

// The fields of the first record (RFC 4180; TSV has no quotes).
std::vector<std::string> header_of(std::string_view body, bool tsv) {
  std::vector<std::string> fields(1);
  bool quoted = false;
  for (const char c : body) {
    if (c == '"' && !tsv) {
      quoted = !quoted;
    } else if (!quoted && (c == '\n' || c == '\r')) {
      break;
    } else if (!quoted && c == (tsv ? '\t' : ',')) {
      fields.emplace_back();
    } else {
      fields.back() += c;
    }
  }
  return fields;
}

bool is_name(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](unsigned char c) { return std::isalnum(c) || c == '_' || c >= 0x80; });
}

// The columns are the variables of the query; of one that cannot be read here, names.
std::optional<std::string> columns_fault(std::string_view body, bool tsv, const std::optional<sparql::Query>& query) {
  auto fields = header_of(body, tsv);
  if (query && query->kind() == sparql::Kind::ask) return {};  // no standard says what it looks like
  bool names = true;
  for (auto& field : fields) {
    const bool mark = field.starts_with('?');
    names = names && mark == tsv;
    if (mark) field.erase(0, 1);
    names = names && is_name(field);
  }
  if (query && query->variables().empty() && trim(body).empty()) return {};
  if (query && fields != query->variables()) return "its columns are not the query's variables";
  return names ? std::nullopt : std::optional<std::string>("its first line does not name variables");
}

// The name of an XML document's root; empty where there is none.
std::string root_of(std::string_view body) {
  while (true) {
    const auto open = body.find('<');
    if (open == std::string_view::npos) return {};
    body.remove_prefix(open + 1);
    const bool comment = body.starts_with("!--");
    if (!comment && !body.starts_with('?') && !body.starts_with('!')) break;
    const std::string_view end = comment ? "-->" : ">";
    const auto close = body.find(end);
    if (close == std::string_view::npos) return {};
    body.remove_prefix(close + end.size());
  }
  return std::string(body.substr(0, body.find_first_of(" \t\r\n/>")));
}

std::optional<std::string> why_of(const Error& error) { return error.why; }

}  // namespace

std::optional<std::string> no_answer(const std::string& body, const std::string& format, const std::optional<sparql::Query>& query) {
  if (const auto what = foreign_format(body); what == "HTML") return "it is HTML";
  if (format == "table" || format == "json") {
    const auto table = results_table(body, 0);
    return table ? std::nullopt : why_of(table.error());
  }
  if (format == "xml") {
    const auto root = root_of(body);
    if (!(root == "sparql" || root.ends_with(":sparql")) || body.find("http://www.w3.org/2005/sparql-results#") == std::string::npos) return "its root is not a sparql element";
    return trim(body).ends_with("</" + root + ">") ? std::nullopt : std::optional<std::string>("it ends before its root is closed");
  }
  if (format == "csv" || format == "tsv") return columns_fault(body, format == "tsv", query);
  const auto graph = parse_rdf("answer", body, format, "");
  return graph ? std::nullopt : why_of(graph.error());
}

}  // namespace provgate::cli
