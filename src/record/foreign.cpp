// SPDX-License-Identifier: Apache-2.0
// Formats that are read by nobody here, told by how they begin, so that a message can name them.
#include "provgate/record/source.hpp"

namespace provgate {
namespace {

bool begins(std::string_view text, std::string_view with) { return lower_ascii(text.substr(0, with.size())) == with; }

}  // namespace

bool is_prov_json(Value root) {
  // Its relations are maps of maps: "wasGeneratedBy": {"_:g1": {"prov:entity": …, "prov:activity": …}}.
  for (const std::string_view key :
       {"entity", "activity", "agent", "wasGeneratedBy", "wasAttributedTo", "used", "wasDerivedFrom", "bundle"}) {
    const auto member = root.find(key);
    if (!member.is(Kind::object) || member.size() == 0) continue;
    bool maps = true;
    member.each([&](Value one) {
      maps = maps && (one.is(Kind::object) || one.is(Kind::array)) && !one.key().starts_with('@');
    });
    if (maps && (root.find("prefix") || key == "entity" || key == "activity" || key == "bundle")) return true;
  }
  return false;
}

std::string foreign_format(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  text = trim(text.substr(0, 1 << 16));
  if (begins(text, "<!doctype html") || begins(text, "<html")) return "HTML";
  if (text.starts_with("<?xml") || text.starts_with("<rdf:"))
    return text.find("rdf:RDF") != std::string_view::npos ? "RDF/XML" : "XML";
  if (text.starts_with("document") &&
      (text.find("entity(") != std::string_view::npos || text.find("activity(") != std::string_view::npos ||
       text.find("prefix ") != std::string_view::npos))
    return "PROV-N";
  if (begins(text, "@prefix") || begins(text, "@base") || begins(text, "prefix ")) return "Turtle";
  if (text.find("\n<<<<<<< ") != std::string_view::npos || text.starts_with("<<<<<<< "))
    return "a file with the marks of a merge conflict";
  if (text.starts_with('{') || text.starts_with('[')) {
    if (const auto doc = read_json("-", std::string(text)); doc && is_prov_json(doc->root())) return "PROV-JSON";
    for (const auto key : {"\"@context\"", "\"@graph\"", "\"@id\"", "\"@type\""}) {
      if (text.find(key) != std::string_view::npos) return "JSON-LD";
    }
  }
  return {};
}

}  // namespace provgate
