// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <charconv>
#include <unordered_set>

#include "text/builder.hpp"

namespace provgate {

Kind Value::kind() const { return doc_ ? doc_->nodes_[index_].kind : Kind::null; }
std::string_view Value::text() const { return doc_ ? doc_->nodes_[index_].text : std::string_view{}; }
std::string_view Value::key() const { return doc_ ? doc_->nodes_[index_].key : std::string_view{}; }
std::size_t Value::offset() const { return doc_ ? doc_->nodes_[index_].begin : 0; }

std::string_view Value::raw() const {
  if (!doc_) return {};
  const auto& node = doc_->nodes_[index_];
  return doc_->source_->text().substr(node.begin, node.end - node.begin);
}

Value Value::find(std::string_view name) const {
  Value found;
  if (!is(Kind::object)) return found;
  const auto& nodes = doc_->nodes_;
  for (std::uint32_t i = index_ + 1; i < nodes[index_].next; i = nodes[i].next) {
    if (nodes[i].key == name) found = Value(doc_, i);
  }
  return found;
}

std::vector<Value> Value::children() const {
  std::vector<Value> out;
  if (!is(Kind::object) && !is(Kind::array)) return out;
  const auto& nodes = doc_->nodes_;
  for (std::uint32_t i = index_ + 1; i < nodes[index_].next; i = nodes[i].next) out.push_back(Value(doc_, i));
  return out;
}

std::size_t Value::size() const { return children().size(); }

Place Value::place() const {
  if (!doc_) return {};
  const auto& node = doc_->nodes_[index_];
  // A finding about a container points at its opening bracket, not at pages of content.
  const bool container = node.kind == Kind::array || node.kind == Kind::object;
  return doc_->source_->place(node.begin, container ? std::min(node.begin + 1, node.end) : node.end);
}

Place Value::key_place() const {
  if (!doc_) return {};
  const auto& node = doc_->nodes_[index_];
  return node.key_end ? doc_->source_->place(node.key_begin, node.key_end) : place();
}

std::optional<bool> Value::as_bool() const {
  if (!doc_) return {};
  const auto& node = doc_->nodes_[index_];
  if (node.kind != Kind::boolean && !node.plain) return {};
  if (node.text == "true") return true;
  if (node.text == "false") return false;
  return {};
}

std::optional<std::int64_t> Value::as_int() const {
  if (!doc_) return {};
  const auto& node = doc_->nodes_[index_];
  if (node.kind != Kind::number && !node.plain) return {};
  std::int64_t value = 0;
  const auto* const begin = node.text.data();
  const auto* const end = begin + node.text.size();
  const auto [stop, status] = std::from_chars(begin, end, value);
  if (status != std::errc() || stop != end) return {};
  return value;
}

std::vector<Value> Document::duplicates() const {
  std::vector<Value> out;
  for (const auto i : duplicates_) out.push_back(Value(this, i));
  return out;
}

std::vector<Value> Document::non_finite() const {
  std::vector<Value> out;
  for (const auto i : non_finite_) out.push_back(Value(this, i));
  return out;
}

DocumentBuilder::DocumentBuilder(std::string path, std::string text, std::uint32_t first_line, std::string* unread)
    : unread_(unread) {
  doc_.source_ = std::make_shared<SourceText>(std::move(path), std::move(text), first_line);
  // Few documents have more nodes than that: a member with a name and a value.
  constexpr std::size_t k_bytes_a_node = 16, k_most = 1 << 12;
  doc_.nodes_.reserve(std::min(doc_.source_->text().size() / k_bytes_a_node + 2, k_most));
}

std::string_view DocumentBuilder::keep(std::string text) {
  if (!doc_.decoded_) doc_.decoded_ = std::make_shared<std::deque<std::string>>();
  doc_.decoded_->push_back(std::move(text));
  return doc_.decoded_->back();
}

std::uint32_t DocumentBuilder::open(Kind kind, std::size_t begin) {
  Document::Node node;
  node.kind = kind;
  node.begin = static_cast<std::uint32_t>(begin);
  doc_.nodes_.push_back(node);
  return static_cast<std::uint32_t>(doc_.nodes_.size() - 1);
}

void DocumentBuilder::close(std::uint32_t node, std::size_t end) {
  doc_.nodes_[node].end = static_cast<std::uint32_t>(end);
  doc_.nodes_[node].next = static_cast<std::uint32_t>(doc_.nodes_.size());
}

std::uint32_t DocumentBuilder::leaf(Kind kind, std::size_t begin, std::size_t end, std::string_view text, bool plain) {
  const auto node = open(kind, begin);
  doc_.nodes_[node].text = text;
  doc_.nodes_[node].plain = plain;
  close(node, end);
  return node;
}

void DocumentBuilder::name(std::uint32_t node, std::string_view key, std::size_t begin, std::size_t end) {
  doc_.nodes_[node].key = key;
  doc_.nodes_[node].key_begin = static_cast<std::uint32_t>(begin);
  doc_.nodes_[node].key_end = static_cast<std::uint32_t>(end);
}

Document DocumentBuilder::finish() {
  auto& nodes = doc_.nodes_;
  for (std::uint32_t i = 0; i < nodes.size(); ++i) {
    if (nodes[i].kind != Kind::object) continue;
    std::size_t members = 0;
    for (auto c = i + 1; c < nodes[i].next; c = nodes[c].next) ++members;
    if (members <= 16) {
      for (auto c = i + 1; c < nodes[i].next; c = nodes[c].next) {
        for (auto before = i + 1; before < c; before = nodes[before].next) {
          if (nodes[before].key == nodes[c].key) {
            doc_.duplicates_.push_back(c);
            break;
          }
        }
      }
    } else {
      std::unordered_set<std::string_view> seen;
      for (auto c = i + 1; c < nodes[i].next; c = nodes[c].next) {
        if (!seen.insert(nodes[c].key).second) doc_.duplicates_.push_back(c);
      }
    }
  }
  return std::move(doc_);
}

tl::unexpected<Error> DocumentBuilder::fault(std::size_t begin, std::size_t end, std::string why,
                                             std::string help) const {
  const auto& source = *doc_.source_;
  if (unread_) *unread_ = source.text();
  return tl::unexpected<Error>(
      Error{Code::input, std::move(why), std::move(help), source.path(), source.place(begin, end)});
}

Result<void> check_text(const DocumentBuilder& builder, std::string_view text) {
  if (text.size() >= 0xFFFFFFFFU) return builder.fault(0, 0, "a record of 4 GiB or more cannot be read");
  if (text.starts_with("\xEF\xBB\xBF")) {
    return builder.fault(0, 3, "the file begins with a byte order mark (U+FEFF)",
                         "save it as UTF-8 without a byte order mark");
  }
  if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF")) {
    return builder.fault(0, 0, "the file is UTF-16, not UTF-8", "save it as UTF-8");
  }
  if (const auto nul = text.find('\0'); nul != std::string_view::npos) {
    return builder.fault(nul, nul, "a NUL byte");
  }
  if (const auto bad = first_bad_utf8(text); bad != std::string_view::npos) {
    return builder.fault(bad, bad, "not UTF-8: byte 0x" + to_hex(text.substr(bad, 1)), "save it as UTF-8");
  }
  return {};
}

}  // namespace provgate
