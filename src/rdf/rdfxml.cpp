// SPDX-License-Identifier: Apache-2.0
// What the reader lets pass in RDF/XML: text where only elements may stand, and references to entities that are not
// read; and what no reader should be given: elements nested without end, entities that grow.
#include <algorithm>
#include <map>
#include <vector>

#include "rdf/read.hpp"
#include "rdf/scan.hpp"
#include "rdf/xml_literal.hpp"

namespace provgate {
namespace {

// Of a document that is known to be well-formed: tags, text and references, one after the other.
class RdfXmlScan {
 public:
  /// `dangers`: looks for what must not be read only.
  RdfXmlScan(std::string_view text, bool dangers) : text_(text), dangers_(dangers) {}

  std::optional<Fault> run() {
    bool any = false;
    while (at_ < text_.size() && !fault_) {
      if (text_[at_] != '<') {
        characters();
      } else if (skip("<!--", "-->") || skip("<?", "?>")) {
      } else if (rest().starts_with("<![CDATA[")) {
        const auto begin = at_;
        skip("<![CDATA[", "]]>");
        text(begin);
      } else if (rest().starts_with("<!DOCTYPE")) {
        doctype();
      } else if (rest().starts_with("</")) {
        skip("</", ">");
        if (!open_.empty()) open_.pop_back();
      } else {
        element();
        any = true;
      }
    }
    if (!any) stop(0, "there is no element in the document");
    if (!open_.empty()) stop(text_.size(), "the document ends inside an element");
    return fault_;
  }

 private:
  // What may stand in an element: elements only, elements or text but not both, anything.
  enum class Holds { nodes, properties, either, anything };
  struct Open {
    Holds holds;
    bool has_text = false, has_element = false;
  };

  std::string_view rest() const { return text_.substr(at_); }
  void stop(std::size_t at, std::string why) {
    if (!fault_ && !dangers_) fault_ = Fault{at, std::move(why), {}};
  }
  void danger(std::size_t at, std::string why) {
    if (!fault_ && dangers_) fault_ = Fault{at, std::move(why), {}};
  }
  bool skip(std::string_view from, std::string_view to) {
    if (!rest().starts_with(from)) return false;
    const auto end = text_.find(to, at_ + from.size());
    at_ = end == std::string_view::npos ? text_.size() : end + to.size();
    return true;
  }

  void text(std::size_t at) {
    if (open_.empty()) return;
    auto& here = open_.back();
    if (here.holds == Holds::anything) return;
    if (here.holds != Holds::either) return stop(at, "text where RDF/XML has elements only");
    if (here.has_element) return stop(at, "text beside an element: a property holds one or the other");
    here.has_text = true;
  }

  void characters() {
    while (at_ < text_.size() && text_[at_] != '<') {
      const char c = text_[at_];
      if (c == '&') reference(at_);
      if (c != ' ' && c != '\t' && c != '\n' && c != '\r') text(at_);
      ++at_;
    }
  }

  void reference(std::size_t at) {
    const auto end = text_.find_first_of(";<>&\"' \t\r\n", at + 1);
    if (end == std::string_view::npos || text_[end] != ';' || text_[at + 1] == '#') return;
    const auto name = text_.substr(at + 1, end - at - 1);
    for (const char* known : {"amp", "lt", "gt", "quot", "apos"}) {
      if (name == known) return;
    }
    const auto known = entities_.find(name);
    if (known == entities_.end())
      return stop(at, "the entity " + quote(name) + " is not declared here, and external ones are not read");
    expanded_ += known->second;
    if (expanded_ > k_most_growth * text_.size() + k_most_entity)
      danger(at, "entities make the document more than " + std::to_string(k_most_growth) + " times as large");
  }

  // How long the value of an entity is with the entities in it.
  std::size_t length_of(std::string_view value) const {
    std::size_t out = value.size();
    for (auto at = value.find('&'); at != std::string_view::npos; at = value.find('&', at + 1)) {
      const auto known = entities_.find(value.substr(at + 1, value.find(';', at) - at - 1));
      if (known != entities_.end()) out += known->second;
    }
    return out;
  }

  // <!ENTITY name "value"> declares; SYSTEM and PUBLIC point elsewhere, which is never followed.
  void doctype() {
    int depth = 0;
    for (; at_ < text_.size(); ++at_) {
      if (skip("<!--", "-->")) --at_;
      const char c = text_[at_];
      if (c == '"' || c == '\'') {
        at_ = std::min(text_.find(c, at_ + 1), text_.size());
      } else if (rest().starts_with("<!ENTITY")) {
        entity();
      } else if (c == '[') {
        ++depth;
      } else if (c == ']') {
        --depth;
      } else if (c == '>' && depth == 0) {
        ++at_;
        return;
      }
    }
  }

  void entity() {
    auto at = at_ + std::string_view("<!ENTITY").size();
    const auto word = [&] {
      while (at < text_.size() && xml_space(text_[at])) ++at;
      const auto begin = at;
      while (at < text_.size() && !xml_space(text_[at]) && text_[at] != '"' && text_[at] != '\'') ++at;
      return text_.substr(begin, at - begin);
    };
    auto name = word();
    if (name == "%") return danger(at_, "parameter entities are not read"), void(at_ = at - 1);
    while (at < text_.size() && xml_space(text_[at])) ++at;
    if (at < text_.size() && (text_[at] == '"' || text_[at] == '\'')) {
      const auto length = length_of(text_.substr(at + 1, text_.find(text_[at], at + 1) - at - 1));
      if (length > k_most_entity)
        danger(at, "the entity " + quote(name) + " grows to more than " + with_commas(k_most_entity) + " bytes");
      entities_.emplace(name, length);
    }
    at_ = at - 1;
  }

  void element() {
    const auto begin = at_++;
    const auto name = word_of_name();
    std::string_view parse_type;
    bool closed = false;
    while (at_ < text_.size() && text_[at_] != '>') {
      if (text_[at_] == '/') closed = true;
      if (xml_space(text_[at_]) || text_[at_] == '/' || text_[at_] == '=') {
        ++at_;
        continue;
      }
      const auto attribute = word_of_name();
      while (at_ < text_.size() && (xml_space(text_[at_]) || text_[at_] == '=')) ++at_;
      if (at_ == text_.size() || (text_[at_] != '"' && text_[at_] != '\'')) return;  // not well-formed
      const auto end = std::min(text_.find(text_[at_], at_ + 1), text_.size());
      const auto value = text_.substr(at_ + 1, end - at_ - 1);
      for (auto i = value.find('&'); i != std::string_view::npos; i = value.find('&', i + 1)) reference(at_ + 1 + i);
      const char* const last = value.data() + value.size();
      // NOLINTNEXTLINE(bugprone-suspicious-stringview-data-usage): the end is given beside it
      if (attribute == "xml:lang" && !value.empty() && scan::language(value.data(), last) != last)
        return stop(at_ + 1, "not a language tag: " + quote(value));
      if (attribute.ends_with(":parseType")) {
        parse_type = value;
        if (value != "Literal" && value != "Resource" && value != "Collection")
          return stop(at_ + 1,
                      "rdf:parseType " + quote(value) +
                          (value == "Triple" ? " belongs to RDF 1.2, which is not read"
                                             : " is not one of RDF/XML: it is Literal, Resource or Collection"));
      }
      at_ = std::min(end + 1, text_.size());
    }
    if (at_ < text_.size()) ++at_;
    Holds holds = Holds::properties;  // a node element
    if (open_.empty()) {
      holds = name.ends_with(":RDF") || name == "RDF" ? Holds::nodes : Holds::properties;
    } else {
      auto& above = open_.back();
      if (above.has_text && above.holds == Holds::either)
        return stop(begin, "an element beside text: a property holds one or the other");
      above.has_element = true;
      if (above.holds == Holds::anything) holds = Holds::anything;
      if (above.holds == Holds::properties) {
        holds = parse_type.empty()           ? Holds::either
                : parse_type == "Resource"   ? Holds::properties
                : parse_type == "Collection" ? Holds::nodes
                                             : Holds::anything;
      }
    }
    if (!closed) open_.push_back({holds});
    if (open_.size() > k_deepest_document)
      danger(begin, "nested deeper than " + with_commas(k_deepest_document) + " elements");
  }

  std::string_view word_of_name() {
    const auto begin = at_;
    while (at_ < text_.size() && !xml_space(text_[at_]) && text_[at_] != '=' && text_[at_] != '>' && text_[at_] != '/')
      ++at_;
    return text_.substr(begin, at_ - begin);
  }
  std::string_view text_;
  std::size_t at_ = 0;
  std::vector<Open> open_;
  static constexpr std::size_t k_most_entity = 1 << 14, k_most_growth = 10;
  std::map<std::string_view, std::size_t> entities_;  ///< and the length of their values
  std::size_t expanded_ = 0;
  bool dangers_;
  std::optional<Fault> fault_;
};

}  // namespace

std::vector<std::uint64_t> normal_line_ends(std::string& text) {
  std::vector<std::uint64_t> out;
  auto to = text.find('\r');
  for (auto from = to; from < text.size(); ++from) {
    if (text[from] == '\r' && from + 1 < text.size() && text[from + 1] == '\n') {
      out.push_back(to);
    } else {
      text[to++] = text[from] == '\r' ? '\n' : text[from];
    }
  }
  if (to != std::string::npos) text.resize(to);
  return out;
}

void normal_attributes(std::string& text) {
  const auto skip = [&](std::size_t at, std::string_view end) {
    const auto found = text.find(end, at);
    return found == std::string::npos ? text.size() : found + end.size();
  };
  for (auto at = text.find('<'); at < text.size(); at = text.find('<', at)) {
    const auto rest = std::string_view(text).substr(at, 9);
    if (rest.starts_with("<!--")) {
      at = skip(at, "-->");
    } else if (rest.starts_with("<?")) {
      at = skip(at, "?>");
    } else if (rest.starts_with("<![CDATA[")) {
      at = skip(at, "]]>");
    } else if (rest.starts_with("<!")) {
      ++at;
    } else {
      for (++at; at < text.size() && text[at] != '>' && text[at] != '<'; ++at) {
        if (text[at] != '"' && text[at] != '\'') continue;
        const auto close = std::min(text.find(text[at], at + 1), text.size());
        std::replace_if(
            text.begin() + static_cast<std::ptrdiff_t>(at), text.begin() + static_cast<std::ptrdiff_t>(close),
            [](char c) { return c == '\n' || c == '\t'; }, ' ');
        at = close;
      }
    }
  }
}

std::optional<Fault> rdfxml_fault(std::string_view text) { return RdfXmlScan(text, false).run(); }
std::optional<Fault> rdfxml_danger(std::string_view text) { return RdfXmlScan(text, true).run(); }

}  // namespace provgate
