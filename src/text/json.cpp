// SPDX-License-Identifier: Apache-2.0
#include <simdjson.h>

#include "text/builder.hpp"
#include "text/json_fault.hpp"

namespace provgate {
namespace {

namespace od = simdjson::ondemand;

// RFC 8259 section 6; simdjson hands out number tokens unchecked.
bool is_number(std::string_view t) {
  std::size_t i = t.starts_with('-') ? 1 : 0;
  const auto run = [&] {
    const auto from = i;
    while (i < t.size() && t[i] >= '0' && t[i] <= '9') ++i;
    return i - from;
  };
  const std::size_t whole = i;
  if (const auto n = run(); n == 0 || (n > 1 && t[whole] == '0')) return false;
  if (i < t.size() && t[i] == '.') {
    ++i;
    if (!run()) return false;
  }
  if (i < t.size() && (t[i] == 'e' || t[i] == 'E')) {
    ++i;
    if (i < t.size() && (t[i] == '+' || t[i] == '-')) ++i;
    if (!run()) return false;
  }
  return i == t.size();
}

class JsonReader {
 public:
  explicit JsonReader(DocumentBuilder& builder) : builder_(builder), text_(builder.source().text()) {}

  // False when the text is not JSON; the caller then looks for the fault.
  bool run(od::parser& parser) {
    od::document doc;
    auto& bytes = builder_.source().padded();
    if (parser.iterate(bytes.data(), bytes.size(), bytes.capacity()).get(doc)) return false;
    od::value root;
    if (doc.get_value().get(root)) return false;
    std::uint32_t node = 0;
    if (!value(root, 0, node)) return false;
    return skip_blank(builder_.end_of(node)) == text_.size();
  }

 private:
  std::size_t skip_blank(std::size_t at) const {
    while (at < text_.size() && (text_[at] == ' ' || text_[at] == '\n' || text_[at] == '\r' || text_[at] == '\t')) ++at;
    return at;
  }
  std::size_t offset(const char* p) const { return static_cast<std::size_t>(p - text_.data()); }

  // The string token that begins at `begin` (a quote): the offset after its closing quote.
  std::size_t string_end(std::size_t begin, bool& escaped) const {
    std::size_t at = begin + 1;
    while (at < text_.size() && text_[at] != '"') {
      escaped = escaped || text_[at] == '\\';
      at += text_[at] == '\\' ? 2U : 1U;
    }
    return at + 1;
  }

  bool value(od::value& v, int depth, std::uint32_t& node) {
    if (depth > k_max_depth) return false;
    const std::string_view token = v.raw_json_token();
    const std::size_t begin = offset(token.data());
    if (begin >= text_.size()) return false;
    switch (text_[begin]) {
      case '{': return object(v, begin, depth, node);
      case '[': return array(v, begin, depth, node);
      case '"': return string(v, begin, node);
      default: return scalar(trim(token), begin, node);
    }
  }

  bool scalar(std::string_view token, std::size_t begin, std::uint32_t& node) {
    Kind kind = Kind::number;
    bool non_finite = false;
    if (token == "true" || token == "false") {
      kind = Kind::boolean;
    } else if (token == "null") {
      kind = Kind::null;
    } else if (token == "NaN" || token == "Infinity" || token == "-Infinity") {
      non_finite = true;
    } else if (!is_number(token)) {
      return false;
    }
    node = builder_.leaf(kind, begin, begin + token.size(), kind == Kind::null ? std::string_view{} : token);
    if (non_finite) builder_.mark_non_finite(node);
    return true;
  }

  bool string(od::value& v, std::size_t begin, std::uint32_t& node) {
    bool escaped = false;
    const std::size_t end = string_end(begin, escaped);
    if (end > text_.size()) return false;
    std::string_view decoded = text_.substr(begin + 1, end - begin - 2);
    if (escaped) {
      std::string_view unescaped;
      if (v.get_string().get(unescaped)) return false;
      decoded = builder_.keep(std::string(unescaped));
    }
    node = builder_.leaf(Kind::string, begin, end, decoded);
    return true;
  }

  // simdjson passes over a scalar that nobody takes without a look at what follows: "a": "b": "c" would slip through.
  bool ends_here(std::size_t last, char bracket) const {
    const std::size_t at = skip_blank(last);
    return at < text_.size() && (text_[at] == ',' || text_[at] == bracket);
  }

  bool close(std::uint32_t node, std::size_t last, char bracket) {
    const std::size_t at = skip_blank(last);
    if (at >= text_.size() || text_[at] != bracket) return false;
    builder_.close(node, at + 1);
    return true;
  }

  bool array(od::value& v, std::size_t begin, int depth, std::uint32_t& node) {
    od::array items;
    if (v.get_array().get(items)) return false;
    node = builder_.open(Kind::array, begin);
    std::size_t last = begin + 1;
    for (auto item : items) {
      od::value child;
      std::uint32_t index = 0;
      if (item.get(child) || !value(child, depth + 1, index)) return false;
      last = builder_.end_of(index);
      if (!ends_here(last, ']')) return false;
    }
    return close(node, last, ']');
  }

  bool object(od::value& v, std::size_t begin, int depth, std::uint32_t& node) {
    od::object members;
    if (v.get_object().get(members)) return false;
    node = builder_.open(Kind::object, begin);
    std::size_t last = begin + 1;
    for (auto member : members) {
      od::field field;
      if (std::move(member).get(field)) return false;
      const std::size_t key_begin = offset(field.key().raw()) - 1;
      bool escaped = false;
      const std::size_t key_end = string_end(key_begin, escaped);
      std::string_view key = text_.substr(key_begin + 1, key_end - key_begin - 2);
      if (escaped) {
        std::string_view unescaped;
        if (field.unescaped_key().get(unescaped)) return false;
        key = builder_.keep(std::string(unescaped));
      }
      std::uint32_t index = 0;
      if (!value(field.value(), depth + 1, index)) return false;
      builder_.name(index, key, key_begin, key_end);
      last = builder_.end_of(index);
      if (!ends_here(last, '}')) return false;
    }
    return close(node, last, '}');
  }

  DocumentBuilder& builder_;
  std::string_view text_;
};

}  // namespace

Result<Document> read_json(std::string path, std::string text, std::uint32_t first_line, std::string* unread) {
  DocumentBuilder builder(std::move(path), std::move(text), first_line, unread);
  CHECKED(check_text(builder, builder.source().text()));
  thread_local od::parser parser;
  if (JsonReader(builder).run(parser)) return builder.finish();
  const auto source = builder.source().text();
  if (const auto fault = find_json_fault(source, k_max_depth)) {
    return builder.fault(fault->offset, fault->end, fault->why, fault->help);
  }
  return builder.fault(0, 0, "a record is a JSON object, not a bare value");
}

}  // namespace provgate
