// SPDX-License-Identifier: Apache-2.0
// Text as the reader of RDF/XML takes it: comments and processing instructions within it are not there (XML 1.0, 2.5
// and 2.6), sections of CDATA are text like any other (2.7), and xml:lang="" says that there is no language (2.12). XML
// literals become text in canonical form, and attributes of RDF that may stand without a namespace get one.
#include <algorithm>
#include <memory>

#include "rdf/read.hpp"
#include "rdf/xml_literal.hpp"

namespace provgate {
namespace {

constexpr std::string_view k_open_cdata = "<![CDATA[", k_close_cdata = "]]>";

class PlainText {
 public:
  PlainText(std::string_view text, XmlText& out) : text_(text), out_(out) { out_.text.reserve(text.size()); }

  void run() {
    if (text_.starts_with("<?xml")) at_ = std::min(text_.find("?>"), text_.size());
    while (at_ < text_.size() && !out_.fault) {
      at_ = std::min(text_.find('<', at_), text_.size());
      const auto rest = text_.substr(at_);
      if (rest.starts_with("<!--")) {
        leave_out("-->");
      } else if (rest.starts_with("<?")) {
        leave_out("?>");
      } else if (rest.starts_with(k_open_cdata)) {
        cdata();
      } else if (rest.starts_with("<!")) {
        at_ = end_of_doctype();
      } else if (!rest.empty()) {
        tag();
      }
    }
    copy(text_.size());
  }

 private:
  // Hands out all up to `end` that was not yet.
  void copy(std::size_t end) {
    out_.text += text_.substr(done_, end - done_);
    done_ = end;
  }
  // The next that is handed out stands at `at` in the text.
  void go_on(std::size_t at) {
    done_ = at_ = at;
    out_.steps.emplace_back(out_.text.size(),
                            static_cast<std::int64_t>(at) - static_cast<std::int64_t>(out_.text.size()));
  }
  void stop(std::size_t at, std::string why) {
    if (!out_.fault) out_.fault = Fault{at, std::move(why), {}};
  }
  std::size_t past(std::string_view end) const {
    const auto found = text_.find(end, at_);
    return found == std::string_view::npos ? text_.size() : found + end.size();
  }

  void leave_out(std::string_view end) {
    copy(at_);
    go_on(past(end));
  }

  void as_text(std::string_view text) {
    for (const char c : text) {
      if (c == '<') {
        out_.text += "&lt;";
      } else if (c == '&') {
        out_.text += "&amp;";
      } else if (c == '>') {
        out_.text += "&gt;";
      } else {
        out_.text += c;
      }
    }
  }

  void cdata() {
    const auto end = past(k_close_cdata);
    copy(at_);
    const auto begin = at_ + k_open_cdata.size();
    as_text(text_.substr(begin, std::max(begin + k_close_cdata.size(), end) - k_close_cdata.size() - begin));
    go_on(end);
  }

  std::size_t end_of_doctype() const {
    int depth = 0;
    for (auto at = at_; at < text_.size(); ++at) {
      const char c = text_[at];
      if (text_.substr(at).starts_with("<!--")) {
        at = std::min(text_.find("-->", at), text_.size());
      } else if (c == '"' || c == '\'') {
        at = std::min(text_.find(c, at + 1), text_.size());
      } else if (c == '[' || c == ']') {
        depth += c == '[' ? 1 : -1;
      } else if (c == '>' && depth == 0) {
        return at + 1;
      }
    }
    return text_.size();
  }

  struct Attribute {
    std::string_view name, value;
    std::size_t begin, end;  ///< of all of it, with the quotes
  };

  // The attributes of the tag that begins at `at_`, which then is at its ">", or at the end.
  std::vector<Attribute> attributes() {
    std::vector<Attribute> out;
    ++at_;
    bool first = true;
    while (at_ < text_.size() && text_[at_] != '>') {
      while (at_ < text_.size() && (xml_space(text_[at_]) || text_[at_] == '/')) ++at_;
      const auto begin = at_;
      while (at_ < text_.size() && !xml_space(text_[at_]) && text_[at_] != '=' && text_[at_] != '>' &&
             text_[at_] != '/')
        ++at_;
      const auto name = text_.substr(begin, at_ - begin);
      auto value = at_;
      while (value < text_.size() && (xml_space(text_[value]) || text_[value] == '=')) ++value;
      if (!first && value > at_ && value < text_.size() && (text_[value] == '"' || text_[value] == '\'')) {
        const auto end = std::min(text_.find(text_[value], value + 1), text_.size());
        at_ = std::min(end + 1, text_.size());
        out.push_back({name, text_.substr(value + 1, end - value - 1), begin, at_});
      }
      if (begin == at_ && at_ < text_.size() && text_[at_] != '>')
        ++at_;  // nothing that a tag can hold: the reader says so
      first = false;
    }
    return out;
  }

  void tag() {
    if (text_.substr(at_).starts_with("</")) {
      if (open_.size() > 1) open_.pop_back();
      at_ = past(">");
      return;
    }
    const auto list = attributes();
    const bool empty = at_ > 0 && at_ < text_.size() && text_[at_ - 1] == '/';
    auto here = open_.back();
    for (const auto& one : list) {
      if (one.name != "xmlns" && !one.name.starts_with("xmlns:")) continue;
      auto more = std::make_shared<XmlNamespaces>(*here);
      // An entity, as &rdf; often is: what it stands for matters for the RDF namespace only.
      (*more)[one.name == "xmlns" ? "" : std::string(one.name.substr(6))] = entity(one.value);
      here = std::move(more);
    }
    const auto end = std::min(at_ + 1, text_.size());
    bool literal = false;
    for (const auto& one : list) literal = attribute(one, *here) || literal;
    at_ = end;
    if (literal && !out_.fault) return content(*here, empty);
    if (!empty) open_.push_back(std::move(here));
  }

  std::string entity(std::string_view value) const {
    if (!value.starts_with('&') || !value.ends_with(';')) return std::string(value);
    const auto declared = text_.find("<!ENTITY " + std::string(value.substr(1, value.size() - 2)) + " ");
    const auto open = declared == std::string_view::npos ? declared : text_.find_first_of("\"'", declared);
    const auto close = open == std::string_view::npos ? open : text_.find(text_[open], open + 1);
    return std::string(close == std::string_view::npos ? value : text_.substr(open + 1, close - open - 1));
  }

  // Whether it makes the content of its element a literal.
  bool attribute(const Attribute& one, const XmlNamespaces& here) {
    if (one.name == "xml:lang" && lower_ascii(one.value) == k_no_language)
      stop(one.begin, "the language " + std::string(k_no_language) + " is not read");
    if (one.name == "xml:lang" && one.value.empty()) {
      copy(one.end - 1);
      out_.text += k_no_language;
      go_on(one.end - 1);
      return false;
    }
    const auto colon = one.name.find(':');
    const auto local = one.name.substr(colon == std::string_view::npos ? 0 : colon + 1);
    if (colon == std::string_view::npos) {
      // 6.1.4: these may stand without a namespace.
      static constexpr std::string_view k_plain[] = {"about", "ID", "resource", "parseType", "type"};
      const auto rdf = std::find_if(here.begin(), here.end(), [](const auto& known) {
        return known.second == vocab::rdf && !known.first.empty();
      });
      if (std::find(std::begin(k_plain), std::end(k_plain), one.name) == std::end(k_plain) || rdf == here.end())
        return false;
      copy(one.begin);
      out_.text += rdf->first + ":";
      go_on(one.begin);
    } else {
      const auto known = here.find(std::string(one.name.substr(0, colon)));
      if (known == here.end() || known->second != vocab::rdf) return false;
    }
    if (local == "bagID") stop(one.begin, "rdf:bagID is not part of RDF/XML any more");
    if (local != "parseType" || one.value != "Literal") return false;
    copy(one.begin + (colon == std::string_view::npos ? 0 : colon + 1));
    out_.text += "datatype=\"" + std::string(vocab::rdf) + "XMLLiteral\"";
    go_on(one.end);
    return true;
  }

  // The content of an XML literal, as text.
  void content(const XmlNamespaces& here, bool empty) {
    if (empty) return;
    const auto begin = at_;
    const auto end = end_of_content();
    const auto text = canonical_xml(text_.substr(begin, end - begin), here);
    if (!text) return stop(begin, text.error().why);
    copy(begin);
    as_text(*text);
    go_on(end);
    at_ = past(">");
  }

  // Where the end tag stands of the element whose content begins at `at_`.
  std::size_t end_of_content() {
    std::size_t depth = 0;
    while (at_ < text_.size()) {
      at_ = std::min(text_.find('<', at_), text_.size());
      const auto rest = text_.substr(at_);
      if (rest.starts_with("<!--")) {
        at_ = past("-->");
      } else if (rest.starts_with("<?")) {
        at_ = past("?>");
      } else if (rest.starts_with(k_open_cdata)) {
        at_ = past(k_close_cdata);
      } else if (rest.starts_with("</")) {
        if (depth-- == 0) break;
        at_ = past(">");
      } else if (!rest.empty()) {
        attributes();
        if (at_ < text_.size() && text_[at_ - 1] != '/') ++depth;
        at_ = std::min(at_ + 1, text_.size());
      }
    }
    return at_;
  }

  std::string_view text_;
  XmlText& out_;
  std::size_t at_ = 0, done_ = 0;
  std::vector<std::shared_ptr<const XmlNamespaces>> open_{std::make_shared<XmlNamespaces>()};  ///< of each open element
};

}  // namespace

std::uint64_t XmlText::original(std::uint64_t offset) const {
  const auto after = std::upper_bound(steps.begin(), steps.end(), offset,
                                      [](std::uint64_t at, const auto& step) { return at < step.first; });
  return after == steps.begin()
             ? offset
             : static_cast<std::uint64_t>(static_cast<std::int64_t>(offset) + std::prev(after)->second);
}

XmlText plain_xml_text(std::string_view text) {
  XmlText out;
  PlainText(text, out).run();
  return out;
}

}  // namespace provgate
