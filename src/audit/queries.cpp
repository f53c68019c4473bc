// SPDX-License-Identifier: Apache-2.0
// The query library (fuseki/queries, built into the program), its parameters, and the prefixes a query may leave out.
#include <algorithm>
#include <cassert>

#include "base/embedded.hpp"
#include "provgate/audit/audit.hpp"
#include "provgate/systems/system.hpp"
#include "rdf/literal.hpp"

namespace provgate {
namespace {

std::string header(std::string_view text, std::string_view name) {
  const auto mark = "# " + std::string(name) + ":";
  const auto at = text.find(mark);
  if (at == std::string_view::npos) return {};
  const auto rest = text.substr(at + mark.size());
  return std::string(trim(rest.substr(0, rest.find('\n'))));
}

// "# parameter: NAME TYPE what it does", any number of them.
std::vector<QueryParameter> parameters(std::string_view text) {
  constexpr std::string_view k_mark = "# parameter: ";
  std::vector<QueryParameter> out;
  for (auto at = text.find(k_mark); at != std::string_view::npos; at = text.find(k_mark, at + 1)) {
    auto line = text.substr(at + k_mark.size());
    line = line.substr(0, line.find('\n'));
    const auto name = line.substr(0, line.find(' '));
    line.remove_prefix(name.size() + 1);
    const auto type = line.substr(0, line.find(' '));
    out.push_back({std::string(name), std::string(type), std::string(line.substr(type.size() + 1))});
  }
  return out;
}

// A value as SPARQL text; nothing when it is not of that type.
std::optional<std::string> term_of(const std::string& type, const std::string& value) {
  if (type == "IRI") return is_iri(value) ? std::optional(iri_text(value)) : std::nullopt;
  const auto datatype = std::string(vocab::xsd) + type.substr(type.find(':') + 1);
  auto literal = literal_text(value, datatype);
  return well_formed(view_literal(literal)) ? std::optional(std::move(literal)) : std::nullopt;
}

bool name_character(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '-' || (c & 0x80);
}

// Whether `prefix:` stands in the text, and not as the end of a longer name.
bool uses(std::string_view query, std::string_view prefix) {
  const auto wanted = std::string(prefix) + ":";
  for (auto at = query.find(wanted); at != std::string_view::npos; at = query.find(wanted, at + 1)) {
    if (at == 0 || !(name_character(query[at - 1]) || query[at - 1] == ':' || query[at - 1] == '.')) return true;
  }
  return false;
}

// The query in lower case, its comments and strings made blank.
std::string without_comments(std::string_view query) {
  auto out = lower_ascii(query);
  const auto blank = [&](std::size_t from, std::size_t to) {
    std::fill(out.begin() + static_cast<std::ptrdiff_t>(from),
              out.begin() + static_cast<std::ptrdiff_t>(std::min(to, out.size())), ' ');
  };
  for (std::size_t at = 0; at < query.size();) {
    const char c = query[at];
    auto end = at + 1;
    if (c == '#') {
      end = std::min(query.find_first_of("\r\n", at), query.size());
      blank(at, end);
    } else if (c == '"' || c == '\'') {
      const std::string mark(query.substr(at, 3) == std::string(3, c) ? 3 : 1, c);
      for (end = at + mark.size(); end < query.size() && query.substr(end, mark.size()) != mark;)
        end += query[end] == '\\' ? 2U : 1U;
      end = std::min(end + mark.size(), query.size());
      blank(at, end);
    } else if (c == '<') {
      const auto close = query.find_first_of("<>\"{}|^`\\ \t\r\n", at + 1);
      if (close != std::string_view::npos && query[close] == '>') end = close + 1;
    }
    at = end;
  }
  return out;
}

// Whether "PREFIX prefix:" stands there, in any case, with any space between.
bool declares(const std::string& lower, std::string_view prefix) {
  for (auto at = lower.find("prefix"); at != std::string::npos; at = lower.find("prefix", at + 1)) {
    const auto name = lower.find_first_not_of(" \t\r\n", at + 6);
    if (name != std::string::npos && name > at + 6 &&
        lower.compare(name, prefix.size() + 1, std::string(prefix) + ":") == 0)
      return true;
  }
  return false;
}

}  // namespace

std::string missing_prefixes(std::string_view query) {
  auto known = all_prefixes();
  known.push_back({"rdf", std::string(vocab::rdf)});
  known.push_back({"owl", "http://www.w3.org/2002/07/owl#"});
  known.push_back({"sh", "http://www.w3.org/ns/shacl#"});
  const auto lower = without_comments(query);
  std::string out;
  for (const auto& [name, iri] : known) {
    if (uses(query, name) && !declares(lower, name)) out += "PREFIX " + name + ": <" + iri + "> ";
  }
  return out.empty() ? out : out + "\n";
}

Result<std::string> with_parameters(const NamedQuery& query, const std::vector<std::string>& values) {
  std::string binds, known;
  for (const auto& parameter : query.parameters)
    known += (known.empty() ? "" : ", ") + parameter.name + " (" + parameter.type + ")";
  std::vector<std::string> seen;
  for (const auto& value : values) {
    const auto equals = value.find('=');
    const auto name = value.substr(0, equals);
    if (equals == std::string::npos) return fail(Code::usage, "no value after " + quote(value), "--set name=value");
    const auto found =
        std::find_if(query.parameters.begin(), query.parameters.end(), [&](const auto& p) { return p.name == name; });
    if (found == query.parameters.end()) {
      return fail(Code::usage, query.name + " has no parameter " + quote(name),
                  known.empty() ? "it has none" : "it has " + known);
    }
    if (std::find(seen.begin(), seen.end(), name) != seen.end())
      return fail(Code::usage, "two values for the parameter " + quote(name));
    seen.push_back(name);
    const auto term = term_of(found->type, value.substr(equals + 1));
    if (!term)
      return fail(Code::usage, quote(value.substr(equals + 1)) + " is not an " + found->type,
                  name + ": " + found->about);
    binds += "BIND (" + *term + " AS $" + name + ") ";
  }
  auto text = query.text;
  constexpr std::string_view k_mark = "# bound:";
  if (const auto at = text.find(k_mark); !binds.empty() && at != std::string::npos) text.insert(at, binds);
  return text;
}

Result<std::string> of_graph(std::string_view query, const GraphName& graph) {
  if (graph.empty())
    return fail(Code::usage, "a query cannot be asked of the default graph alone",
                "name a graph, or leave --graph out");
  if (!is_iri(graph.text)) return fail(Code::usage, quote(graph.text) + " is not an IRI");
  const auto at = without_comments(query).find("where {");
  assert(at != std::string::npos);
  const auto iri = iri_text(graph.text);
  return std::string(query.substr(0, at)) + "FROM " + iri + " FROM NAMED " + iri + " " + std::string(query.substr(at));
}

const std::vector<NamedQuery>& query_library() {
  static const std::vector<NamedQuery> library = [] {
    std::vector<NamedQuery> out;
    for (const auto& file : embedded_files()) {
      if (!file.path.starts_with("fuseki/queries/")) continue;
      auto name = base_name(std::string(file.path));
      name.resize(name.size() - 3);
      out.push_back({name, header(file.text, "title"), header(file.text, "question"), header(file.text, "needs"),
                     std::string(file.text), parameters(file.text)});
    }
    return out;
  }();
  return library;
}

}  // namespace provgate
