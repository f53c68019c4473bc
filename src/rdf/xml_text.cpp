// Text as the reader of RDF/XML takes it: comments and processing instructions within it are not there (XML 1.0, 2.5 and 2.6), sections
// of CDATA are text like any other (2.7), and xml:lang="" says that there is no language (2.12).
#include <algorithm>

#include "rdf/read.hpp"

namespace provgate {
namespace {

constexpr std::string_view k_open_cdata = "<![CDATA[", k_close_cdata = "]]>";

bool space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

class PlainText {
 public:
  PlainText(std::string_view text, XmlText& out) : text_(text), out_(out) { out_.text.reserve(text.size()); }

  void run() {
    if (text_.starts_with("<?xml")) at_ = std::min(text_.find("?>"), text_.size());
    while (at_ < text_.size() && !out_.fault) {
      at_ = std::min(text_.find('<', at_), text_.size());
      const auto rest = text_.substr(at_);
      if (rest.starts_with("<!--")) {
        leave_out("-->", "a comment");
      } else if (rest.starts_with("<?")) {
        leave_out("?>", "a processing instruction");
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
    out_.steps.emplace_back(out_.text.size(), static_cast<std::int64_t>(at) - static_cast<std::int64_t>(out_.text.size()));
  }
  void stop(std::size_t at, std::string why, std::string help = {}) {
    if (!out_.fault) out_.fault = Fault{at, std::move(why), std::move(help)};
  }
  std::size_t past(std::string_view end) const {
    const auto found = text_.find(end, at_);
    return found == std::string_view::npos ? text_.size() : found + end.size();
  }

  void leave_out(std::string_view end, const std::string& what) {
    if (literal_) return stop(at_, what + " in an XML literal (rdf:parseType=\"Literal\") is not read", "take it out, or write the literal as text with rdf:datatype");
    copy(at_);
    go_on(past(end));
  }

  void cdata() {
    const auto end = past(k_close_cdata);
    if (literal_) return void(at_ = end);
    copy(at_);
    const auto begin = at_ + k_open_cdata.size();
    for (const char c : text_.substr(begin, std::max(begin + k_close_cdata.size(), end) - k_close_cdata.size() - begin)) {
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

  void tag() {
    if (text_.substr(at_).starts_with("</")) {
      if (literal_) --literal_;
      at_ = past(">");
      return;
    }
    bool literal = false;
    ++at_;
    while (at_ < text_.size() && text_[at_] != '>' && !out_.fault) {
      while (at_ < text_.size() && (space(text_[at_]) || text_[at_] == '/')) ++at_;
      const auto begin = at_;
      while (at_ < text_.size() && !space(text_[at_]) && text_[at_] != '=' && text_[at_] != '>' && text_[at_] != '/') ++at_;
      const auto name = text_.substr(begin, at_ - begin);
      auto next = at_;
      while (next < text_.size() && space(text_[next])) ++next;
      if (next < text_.size() && text_[next] == '=') {
        at_ = next + 1;
        attribute(name, begin, literal);
      }
      if (begin == at_ && at_ < text_.size() && text_[at_] != '>') ++at_;  // nothing that a tag can hold: the reader says so
    }
    const bool empty = at_ > 0 && at_ < text_.size() && text_[at_ - 1] == '/';
    if ((literal || literal_) && !empty) ++literal_;
    at_ = std::min(at_ + 1, text_.size());
  }

  void attribute(std::string_view name, std::size_t begin, bool& literal) {
    while (at_ < text_.size() && space(text_[at_])) ++at_;
    if (at_ >= text_.size() || (text_[at_] != '"' && text_[at_] != '\'')) return;
    const auto end = std::min(text_.find(text_[at_], at_ + 1), text_.size());
    const auto value = text_.substr(at_ + 1, end - at_ - 1);
    if (name.ends_with(":parseType") && value == "Literal") literal = true;
    if (name == "rdf:bagID" && !literal_) stop(begin, "rdf:bagID is not part of RDF/XML any more");
    if (name == "xml:lang" && value.empty() && !literal_) {
      copy(at_ + 1);
      out_.text += k_no_language;
      go_on(end);
    }
    at_ = std::min(end + 1, text_.size());
  }

  std::string_view text_;
  XmlText& out_;
  std::size_t at_ = 0, done_ = 0, literal_ = 0;  ///< `literal_`: elements open within an XML literal, with its own
};

}  // namespace

std::uint64_t XmlText::original(std::uint64_t offset) const {
  const auto after = std::upper_bound(steps.begin(), steps.end(), offset, [](std::uint64_t at, const auto& step) { return at < step.first; });
  return after == steps.begin() ? offset : static_cast<std::uint64_t>(static_cast<std::int64_t>(offset) + std::prev(after)->second);
}

XmlText plain_xml_text(std::string_view text) {
  XmlText out;
  PlainText(text, out).run();
  return out;
}

}  // namespace provgate
