// SPDX-License-Identifier: Apache-2.0
#include "requests/endpoint_answers.hpp"

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

#include "provgate/audit/audit.hpp"
#include "provgate/rdf/load.hpp"
#include "provgate/record/source.hpp"
#include "provgate/text/text.hpp"

namespace provgate {
namespace {

// Records and their fields (RFC 4180; TSV has no quotes), and whether the last quoted one is closed.
std::pair<std::vector<std::vector<std::string>>, bool> fields_of(std::string_view body, bool tsv) {
  std::vector<std::vector<std::string>> rows;
  bool quoted = false, begun = false;
  const auto row = [&]() -> std::vector<std::string>& {
    if (!begun) rows.emplace_back(1);
    begun = true;
    return rows.back();
  };
  for (const char c : body) {
    if (c == '"' && !tsv) {
      quoted = !quoted, row();
    } else if (!quoted && (c == '\n' || c == '\r')) {
      if (c == '\n') row(), begun = false;
    } else if (!quoted && c == (tsv ? '\t' : ',')) {
      row().emplace_back();
    } else {
      row().back() += c;
    }
  }
  return {std::move(rows), !quoted};
}

bool is_name(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(),
                                      [](unsigned char c) { return std::isalnum(c) || c == '_' || c >= 0x80; });
}

// The columns are the variables of the query; of one that cannot be read here, names. Every row has as many fields.
std::optional<std::string> columns_fault(std::string_view body, bool tsv, const std::optional<sparql::Query>& query) {
  if (query && query->kind() == sparql::Kind::ask) {  // no standard says what it looks like; all servers write the word
    const auto text = lower_ascii(body);
    return text.find("true") != std::string::npos || text.find("false") != std::string::npos
               ? std::nullopt
               : std::optional<std::string>("it is neither true nor false");
  }
  const auto [rows, whole] = fields_of(body, tsv);
  if (!whole) return "it ends within a quoted field";
  if (rows.empty())
    return query && query->variables().empty() ? std::nullopt : std::optional<std::string>("it is empty");
  auto fields = rows.front();
  bool names = true;
  for (auto& field : fields) {
    const bool mark = field.starts_with('?');
    names = names && mark == tsv;
    if (mark) field.erase(0, 1);
    names = names && is_name(field);
  }
  if (query && fields != query->variables()) return "its columns are not the query's variables";
  if (!names) return "its first line does not name variables";
  for (std::size_t row = 1; row < rows.size(); ++row) {
    if (rows[row].size() != fields.size())
      return "row " + std::to_string(row) + " has " + plural(rows[row].size(), "field") + ", not " +
             std::to_string(fields.size());
  }
  return {};
}

// SPARQL 1.1 Query Results JSON Format, 3.
std::optional<std::string> bindings_fault(const std::string& body, const std::optional<sparql::Query>& query) {
  const auto doc = read_json("answer", body);
  if (!doc) return doc.error().why;
  const auto root = doc->root();
  const auto results = root.find("results"), boolean = root.find("boolean"), head = root.find("head");
  if (bool(results) == bool(boolean)) return "it has neither or both of results and boolean";
  if (query && bool(boolean) != (query->kind() == sparql::Kind::ask))
    return boolean ? "it answers yes or no, and rows were asked for" : "it has rows, and yes or no was asked for";
  if (boolean) return boolean.is(Kind::boolean) ? std::nullopt : std::optional<std::string>("its boolean is not one");
  const auto list = head.find("vars"), bindings = results.find("bindings");
  if (!list.is(Kind::array) || !bindings.is(Kind::array)) return "head.vars and results.bindings are not both arrays";
  std::set<std::string, std::less<>> names;
  for (const auto name : list.children()) names.emplace(name.text());
  if (query && names != std::set<std::string, std::less<>>(query->variables().begin(), query->variables().end()))
    return "its columns are not the query's variables";
  for (const auto row : bindings.children()) {
    if (!row.is(Kind::object)) return "a row is not an object";
    for (const auto cell : row.children()) {
      const auto type = cell.find("type").text();
      const bool known = type == "uri" || type == "literal" || type == "bnode" || type == "typed-literal";
      if (!names.contains(cell.key()) || !known || !cell.find("value").is(Kind::string))
        return "a row has a value that is not a term, or of no column: " + std::string(cell.key());
    }
  }
  return {};
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

}  // namespace

std::optional<std::string> no_answer(const std::string& body, const std::string& format,
                                     const std::optional<sparql::Query>& query) {
  if (const auto what = foreign_format(body); what == "HTML") return "it is HTML";
  if (format == "table" || format == "json") {
    return bindings_fault(body, query);
  }
  if (format == "xml") {
    const auto root = root_of(body);
    if (!(root == "sparql" || root.ends_with(":sparql")) ||
        body.find("http://www.w3.org/2005/sparql-results#") == std::string::npos)
      return "its root is not a sparql element";
    if (query && (query->kind() == sparql::Kind::ask) != (body.find("boolean>") != std::string::npos))
      return "it is of another kind than the query";
    for (std::size_t i = 0; query && i < query->variables().size(); ++i) {
      const auto& name = query->variables()[i];
      if (body.find("\"" + name + "\"") == std::string::npos && body.find("'" + name + "'") == std::string::npos)
        return "it has no variable " + name;
    }
    return trim(body).ends_with("</" + root + ">") ? std::nullopt
                                                   : std::optional<std::string>("it ends before its root is closed");
  }
  if (format == "csv" || format == "tsv") return columns_fault(body, format == "tsv", query);
  const auto graph = parse_rdf("answer", body, format, "");
  return graph ? std::nullopt : std::optional<std::string>(graph.error().why);
}

}  // namespace provgate
