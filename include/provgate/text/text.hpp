// SPDX-License-Identifier: Apache-2.0
// JSON and YAML as one tree of values that know where they stand in the source.
// Source: RFC 8259; YAML 1.2; RFC 8785 for canonical JSON. Threads: any.
#pragma once

#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "provgate/base/base.hpp"

namespace provgate {

/// Of UTF-8; may stand at the begin of any text, and says nothing.
inline constexpr std::string_view k_byte_order_mark = "\xEF\xBB\xBF";

enum class Kind : std::uint8_t { null, boolean, number, string, array, object };

class Document;

/// One value of a document; cheap to copy. An absent value (operator bool is false) answers every question with
/// "null", "empty" or "absent". Lifetime: that of the Document's shared text and nodes.
class Value {
 public:
  Value() = default;
  explicit operator bool() const { return doc_ != nullptr; }
  Kind kind() const;
  bool is(Kind k) const { return doc_ && kind() == k; }
  /// String: its decoded content. Number, boolean: the lexeme as written. Else empty.
  std::string_view text() const;
  std::string_view raw() const;  ///< the bytes as they stand in the source, quotes included
  std::string_view key() const;  ///< decoded member name when the parent is an object
  /// The last member of that name, as RFC 8259 readers do; duplicates are listed by Document::duplicates().
  Value find(std::string_view name) const;
  std::vector<Value> children() const;  ///< members or items in source order
  /// Calls `visit(Value)` for each of them, without a list in between.
  template <class F>
  void each(F&& visit) const;
  std::size_t size() const;
  Place place() const;
  Place key_place() const;
  std::size_t offset() const;
  /// YAML plain scalars count as booleans and integers where they read as such.
  std::optional<bool> as_bool() const;
  std::optional<std::int64_t> as_int() const;

 private:
  friend class Document;
  friend class DocumentBuilder;
  Value(const Document* doc, std::uint32_t index) : doc_(doc), index_(index) {}
  const Document* doc_ = nullptr;
  std::uint32_t index_ = 0;
};

/// A parsed file: immutable, owns its text, nodes in source order. Movable; Values stay valid only while it stays put.
class Document {
 public:
  Value root() const { return nodes_.empty() ? Value{} : Value(this, 0); }
  const SourceText& source() const { return *source_; }
  std::vector<Value> duplicates() const;  ///< second and later members of one name in one object
  std::vector<Value> non_finite() const;  ///< NaN, Infinity, -Infinity (not JSON; kept as raw numbers)

 private:
  friend class Value;
  friend class DocumentBuilder;
  struct Node {
    std::string_view text, key;
    std::uint32_t begin = 0, end = 0, key_begin = 0, key_end = 0, next = 0;
    Kind kind = Kind::null;
    bool plain = false;  ///< an unquoted YAML scalar
  };
  std::shared_ptr<SourceText> source_;
  std::shared_ptr<std::deque<std::string>> decoded_;  // none: no string has an escape
  std::vector<Node> nodes_;
  std::vector<std::uint32_t> duplicates_, non_finite_;
};

template <class F>
void Value::each(F&& visit) const {
  if (!is(Kind::object) && !is(Kind::array)) return;
  const auto& nodes = doc_->nodes_;
  for (std::uint32_t i = index_ + 1; i < nodes[index_].next; i = nodes[i].next) visit(Value(doc_, i));
}

constexpr int k_max_depth = 1000;  ///< nesting beyond this is refused

/// RFC 8259, with NaN, Infinity and -Infinity let through (see Document::non_finite).
/// Requires nothing of `text`. Errors: Code::input with file and place of the first fault. No byte order mark.
/// `first_line` is the number of the text's first line in its file (for JSON lines). `unread` gets the text where it
/// cannot be parsed; may be null.
Result<Document> read_json(std::string path, std::string text, std::uint32_t first_line = 1,
                           std::string* unread = nullptr);

/// YAML 1.2 failsafe schema: one document, no aliases, no tags beyond the core ones; scalars stay text.
/// Errors: as read_json.
Result<Document> read_yaml(std::string path, std::string text, std::string* unread = nullptr);

}  // namespace provgate
