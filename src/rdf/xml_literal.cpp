// SPDX-License-Identifier: Apache-2.0
// XML literals (RDF 1.1 XML Syntax, 7.2.17): what stands in an element with rdf:parseType="Literal", as Exclusive XML
// Canonicalization 1.0 with comments and without a list of inclusive namespaces has it.
#include <algorithm>
#include <map>
#include <vector>

#include "rdf/xml_literal.hpp"

namespace provgate {
namespace {

std::string_view prefix_of(std::string_view name) {
  const auto colon = name.find(':');
  return colon == std::string_view::npos ? std::string_view{} : name.substr(0, colon);
}

class Canonical {
 public:
  Canonical(std::string_view text, const XmlNamespaces& outer) : text_(text) { open_.push_back({{}, outer, {}}); }

  Result<std::string> run() {
    while (at_ < text_.size()) {
      const auto rest = text_.substr(at_);
      if (rest.starts_with("<!--") || rest.starts_with("<?")) {
        const auto end = past(rest.starts_with("<?") ? "?>" : "-->");
        out_ += text_.substr(at_, end - at_);
        at_ = end;
      } else if (rest.starts_with("<![CDATA[")) {
        const auto end = past("]]>");
        for (const char c : text_.substr(at_ + 9, end - at_ - 12)) character(c, false);
        at_ = end;
      } else if (rest.starts_with("</")) {
        if (open_.size() < 2) return fail(Code::input, "an end tag without its start tag");
        out_ += "</" + open_.back().name + ">";
        open_.pop_back();
        at_ = past(">");
      } else if (rest.front() == '<') {
        CHECKED(element());
      } else {
        CHECKED(characters(std::min(text_.find('<', at_), text_.size()), false));
      }
    }
    return std::move(out_);
  }

 private:
  struct Open {
    std::string name;
    XmlNamespaces declared;  ///< all in scope
    XmlNamespaces shown;     ///< what the output has declared so far
  };

  std::size_t past(std::string_view end) const {
    const auto found = text_.find(end, at_);
    return found == std::string_view::npos ? text_.size() : found + end.size();
  }

  void character(char c, bool attribute) {
    if (c == '&') {
      out_ += "&amp;";
    } else if (c == '<') {
      out_ += "&lt;";
    } else if (c == '>' && !attribute) {
      out_ += "&gt;";
    } else if (c == '"' && attribute) {
      out_ += "&quot;";
    } else if (c == '\r') {
      out_ += "&#xD;";
    } else if (attribute && (c == '\t' || c == '\n')) {
      out_ += c == '\t' ? "&#x9;" : "&#xA;";
    } else {
      out_ += c;
    }
  }

  // Text or the value of an attribute, with its references, up to `end`.
  Result<void> characters(std::size_t end, bool attribute) {
    for (; at_ < end; ++at_) {
      if (text_[at_] != '&') {
        character(text_[at_], attribute);
        continue;
      }
      const auto semicolon = std::min(text_.find(';', at_), end);
      TRY(const auto known, xml_reference(text_.substr(at_ + 1, semicolon - at_ - 1)));
      for (const char c : known) character(c, attribute);
      at_ = semicolon;
    }
    return {};
  }

  struct Attribute {
    std::string space, name;
    std::size_t begin, end;  ///< of its value
  };

  Result<void> element() {
    ++at_;
    const auto word = [&] {
      const auto begin = at_;
      while (at_ < text_.size() && !xml_space(text_[at_]) && text_[at_] != '=' && text_[at_] != '>' &&
             text_[at_] != '/')
        ++at_;
      return text_.substr(begin, at_ - begin);
    };
    Open here{std::string(word()), open_.back().declared, open_.back().shown};
    std::vector<Attribute> attributes;
    while (at_ < text_.size() && text_[at_] != '>') {
      if (xml_space(text_[at_]) || text_[at_] == '/') {
        ++at_;
        continue;
      }
      const std::string name(word());
      at_ = std::min(text_.find_first_of("\"'", at_), text_.size());
      const auto begin = at_ + 1, end = at_ < text_.size() ? text_.find(text_[at_], begin) : std::string_view::npos;
      if (name.empty() || end == std::string_view::npos) return fail(Code::input, "a tag that is not well-formed");
      at_ = end + 1;
      if (name == "xmlns" || name.starts_with("xmlns:")) {
        TRY(here.declared[name == "xmlns" ? "" : name.substr(6)], value(begin, end));
      } else {
        attributes.push_back({{}, name, begin, end});
      }
    }
    const bool empty = at_ > 0 && text_[at_ - 1] == '/';
    const auto after = std::min(at_ + 1, text_.size());
    CHECKED(show(here, attributes));
    at_ = after;
    if (empty) {
      out_ += "</" + here.name + ">";
    } else {
      open_.push_back(std::move(here));
    }
    return {};
  }

  Result<std::string> value(std::size_t begin, std::size_t end) {
    std::string out;
    for (auto at = begin; at < end; ++at) {
      if (text_[at] != '&') {
        out += text_[at];
        continue;
      }
      const auto semicolon = std::min(text_.find(';', at), end);
      TRY(const auto known, xml_reference(text_.substr(at + 1, semicolon - at - 1)));
      out += known, at = semicolon;
    }
    return out;
  }

  Result<void> show(Open& here, std::vector<Attribute>& attributes) {
    out_ += "<" + here.name;
    std::map<std::string, std::string> wanted;  // by prefix: those that are used visibly
    const auto use = [&](std::string_view prefix) -> Result<void> {
      const auto known = here.declared.find(std::string(prefix));
      if (known == here.declared.end() && !prefix.empty() && prefix != "xml")
        return fail(Code::input, "the prefix " + std::string(prefix) + ": is not declared");
      if (prefix != "xml") wanted[std::string(prefix)] = known == here.declared.end() ? std::string{} : known->second;
      return {};
    };
    CHECKED(use(prefix_of(here.name)));
    for (auto& one : attributes) {
      const auto prefix = prefix_of(one.name);
      if (prefix.empty()) continue;
      CHECKED(use(prefix));
      one.space = prefix == "xml" ? "http://www.w3.org/XML/1998/namespace" : wanted[std::string(prefix)];
    }
    for (const auto& [prefix, iri] : wanted) {
      const auto shown = here.shown.find(prefix);
      if (shown == here.shown.end() ? iri.empty() : shown->second == iri) continue;
      here.shown[prefix] = iri;
      out_ += prefix.empty() ? " xmlns=\"" : " xmlns:" + prefix + "=\"";
      for (const char c : iri) character(c, true);
      out_ += '"';
    }
    const auto local = [](const Attribute& one) { return std::string_view(one.name).substr(one.name.find(':') + 1); };
    std::sort(attributes.begin(), attributes.end(), [&](const Attribute& a, const Attribute& b) {
      return a.space != b.space ? a.space < b.space : local(a) < local(b);
    });
    for (const auto& one : attributes) {
      out_ += " " + one.name + "=\"";
      at_ = one.begin;
      CHECKED(characters(one.end, true));
      out_ += '"';
    }
    out_ += '>';
    return {};
  }

  std::string_view text_;
  std::string out_;
  std::vector<Open> open_;
  std::size_t at_ = 0;
};

}  // namespace

Result<std::string> xml_reference(std::string_view name) {
  for (const auto& [known, text] : {std::pair<std::string_view, const char*>{"amp", "&"},
                                    {"lt", "<"},
                                    {"gt", ">"},
                                    {"quot", "\""},
                                    {"apos", "'"}}) {
    if (name == known) return std::string(text);
  }
  if (name.starts_with('#')) {
    const bool hex = name.starts_with("#x");
    std::uint32_t number = 0;
    for (const char c : name.substr(hex ? 2 : 1)) {
      const int digit = c >= '0' && c <= '9'          ? c - '0'
                        : hex && c >= 'a' && c <= 'f' ? c - 'a' + 10
                        : hex && c >= 'A' && c <= 'F' ? c - 'A' + 10
                                                      : -1;
      if (digit < 0 || number > 0x10FFFF) return fail(Code::input, "not a character: &" + std::string(name) + ";");
      number = number * (hex ? 16 : 10) + static_cast<std::uint32_t>(digit);
    }
    std::string out;
    if (number == 0 || number > 0x10FFFF || (number >= 0xD800 && number < 0xE000))
      return fail(Code::input, "not a character: &" + std::string(name) + ";");
    append_utf8(out, number);
    return out;
  }
  return fail(Code::input,
              "an entity of the document's own, &" + std::string(name) + ";, in an XML literal is not read");
}

Result<std::string> canonical_xml(std::string_view inner, const XmlNamespaces& in_scope) {
  return Canonical(inner, in_scope).run();
}

}  // namespace provgate
