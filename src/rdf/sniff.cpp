// SPDX-License-Identifier: Apache-2.0
// What a text is, told by how it begins or where a grammar gave up: for messages, and for data without a name.
#include "rdf/read.hpp"

namespace provgate {
namespace {

bool begins(std::string_view text, std::string_view with) { return lower_ascii(text.substr(0, with.size())) == with; }

std::string_view start_of(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  return trim(text.substr(0, 1 << 16));
}

std::string_view line_at(std::string_view text, std::size_t offset) {
  offset = std::min(offset, text.size());
  const auto before = offset ? text.rfind('\n', offset - 1) : std::string_view::npos;
  const auto begin = before == std::string_view::npos ? 0 : before + 1;
  return text.substr(begin, text.find('\n', begin) - begin);
}

bool conflict_mark(std::string_view line) {
  return line.starts_with("<<<<<<<") || line.starts_with("=======") || line.starts_with(">>>>>>>") ||
         line.starts_with("|||||||");
}

// The first line that is neither empty nor a comment.
std::string_view first_line(std::string_view text) {
  while (!text.empty()) {
    const auto end = text.find('\n');
    const auto line = trim(text.substr(0, end));
    if (!line.empty() && !line.starts_with('#')) return line;
    text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
  }
  return {};
}

// The members of a PROV-JSON document, and no context.
bool prov_json(std::string_view start) {
  if (!start.starts_with('{') || start.find("\"@context\"") != std::string_view::npos) return false;
  for (const std::string_view member :
       {"\"entity\"", "\"activity\"", "\"agent\"", "\"wasGeneratedBy\"", "\"wasDerivedFrom\"", "\"bundle\""}) {
    const auto at = start.find(member);
    if (at != std::string_view::npos && trim(start.substr(at + member.size(), 8)).starts_with(':')) return true;
  }
  return false;
}

// <rdf:RDF …>, with any prefix or none, or an element of that prefix.
bool root_is_rdf(std::string_view start) {
  if (!start.starts_with('<')) return false;
  const auto name = start.substr(1, start.find_first_of(" \t\r\n/>") - 1);
  return name == "RDF" || name.ends_with(":RDF") || name.starts_with("rdf:");
}

}  // namespace

std::string named_content(std::string_view text, std::uint64_t offset) {
  const auto start = start_of(text);
  if (start.starts_with("\x1F\x8B")) return "compressed (gzip)";
  if (begins(start, "<!doctype html") || begins(start, "<html")) return "HTML";
  if (start.find("<TriX") != std::string_view::npos || start.find("<trix") != std::string_view::npos) return "TriX";
  if (start.find("<prov:document") != std::string_view::npos ||
      (start.find("<document") != std::string_view::npos &&
       start.find("\"http://www.w3.org/ns/prov#\"") != std::string_view::npos))
    return "PROV-XML";
  if (prov_json(start)) return "PROV-JSON";
  if (start.starts_with("<?xml") || start.starts_with("<rdf:"))
    return start.find("rdf:RDF") != std::string_view::npos ? "RDF/XML" : "XML";
  if (start.starts_with("$HDT")) return "HDT";
  if (start.starts_with('{') && start.find("\"@") != std::string_view::npos) return "JSON-LD";
  if (start.starts_with("document") &&
      (start.find("entity(") != std::string_view::npos || start.find("activity(") != std::string_view::npos ||
       start.find("prefix ") != std::string_view::npos))
    return "PROV-N";
  if (conflict_mark(line_at(text, offset)) || start.starts_with("<<<<<<< ") ||
      start.find("\n<<<<<<< ") != std::string_view::npos)
    return "a file with the marks of a merge conflict (<<<<<<<)";
  const auto around = text.substr(std::min<std::size_t>(offset ? offset - 1 : 0, text.size()), 4);
  if (around.find("<<") != std::string_view::npos || around.find("{|") != std::string_view::npos ||
      around.find("~") != std::string_view::npos)
    return "RDF 1.2 (RDF-star)";
  if (around.find("--") != std::string_view::npos && line_at(text, offset).find('@') != std::string_view::npos)
    return "RDF 1.2 (a base direction)";
  if (lower_ascii(line_at(text, offset)).starts_with("version ")) return "RDF 1.2 (VERSION)";
  const auto here = text.substr(std::min<std::size_t>(offset, text.size()), 3);
  const bool variable = here.starts_with('?') || (here.starts_with('{') && text.find("=>") != std::string_view::npos);
  if (variable || here.starts_with("= ") || here == "is " || around.find("=>") != std::string_view::npos ||
      around.find("<=") != std::string_view::npos || begins(start, "@forall") || begins(start, "@forsome"))
    return "Notation3";
  if (begins(start, "@prefix ") || begins(start, "prefix ")) return "Turtle";
  return {};
}

std::optional<RdfSyntax> content_syntax(std::string_view bytes) {
  bytes = bytes.substr(0, 1 << 16);
  const auto recoded = to_utf8(bytes.substr(0, bytes.size() / 2 * 2), true);
  return recoded && *recoded ? guessed_syntax(**recoded) : guessed_syntax(bytes);
}

std::optional<RdfSyntax> guessed_syntax(std::string_view text) {
  const auto start = start_of(text);
  if (start.starts_with("<?xml") || start.starts_with("<!--") || root_is_rdf(start)) {
    return start.find("http://www.w3.org/1999/02/22-rdf-syntax-ns#") != std::string_view::npos
               ? std::optional(RdfSyntax::rdfxml)
               : std::nullopt;
  }
  const auto line = first_line(start);
  if (line.empty()) return {};
  if (line[0] == '{' || line[0] == '[') {
    const auto inside = trim(start.substr(start.find(line[0]) + 1));
    const bool json =
        inside.starts_with('"') || inside.starts_with('{') || inside.starts_with('}') || inside.starts_with(']');
    if (json) return start.find("\"@") != std::string_view::npos ? std::optional(RdfSyntax::jsonld) : std::nullopt;
    return RdfSyntax::trig;
  }
  // Four terms on a line are not Turtle.
  const std::string one(line);
  auto quads = read_ntriples(one, 0, one.size(), true, 0);
  if (!quads.fault && !quads.graph.empty() && quads.graph.quads().front().g) return RdfSyntax::nquads;
  const bool directive = begins(line, "@prefix") || begins(line, "@base") || begins(line, "prefix ") ||
                         begins(line, "base ") || begins(line, "graph ");
  const bool term = line[0] == '<' || line.starts_with("_:") || line[0] == '(';
  const auto word = line.substr(0, line.find_first_of(" \t"));
  const bool name = word.find(':') != std::string_view::npos && !word.ends_with(':') &&
                    word.find_first_of("\"'{}[]=,;") == std::string_view::npos;
  return directive || term || name ? std::optional(RdfSyntax::trig) : std::nullopt;
}

}  // namespace provgate
