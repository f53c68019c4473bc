// SPDX-License-Identifier: Apache-2.0
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <istream>
#include <streambuf>

#include "base/fault.hpp"
#include "text/builder.hpp"

namespace provgate {
namespace {

// Reads a string_view as a stream without copying it.
class ViewBuffer : public std::streambuf {
 public:
  explicit ViewBuffer(std::string_view text) {
    char* begin = const_cast<char*>(text.data());
    setg(begin, begin, begin + text.size());
  }
};

class YamlReader final : public YAML::EventHandler {
 public:
  explicit YamlReader(DocumentBuilder& builder) : builder_(builder), text_(builder.source().text()) {}

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t) override {
    const auto at = offset(mark);
    place(Kind::null, at, at, {}, true);
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    throw Fault{offset(mark), "a YAML alias; records write their values out", "replace the alias by its value"};
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t, const std::string& value) override {
    const std::size_t begin = offset(mark);
    const bool plain = tag == "?";
    const std::size_t end = scalar_end(begin, value, plain);
    const bool null = plain && (value.empty() || value == "~" || value == "null" || value == "Null" || value == "NULL");
    place(null ? Kind::null : Kind::string, begin, end, null ? std::string_view{} : builder_.keep(value), plain);
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t, YAML::EmitterStyle::value) override {
    push(Kind::array, offset(mark));
  }
  void OnSequenceEnd() override { pop(); }
  void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t, YAML::EmitterStyle::value) override {
    push(Kind::object, offset(mark));
  }
  void OnMapEnd() override { pop(); }

  bool empty() const { return !any_; }

 private:
  struct Level {
    std::uint32_t node;
    bool map, has_key = false;
    std::string_view key;
    std::size_t key_begin = 0, key_end = 0;
  };

  std::size_t offset(const YAML::Mark& mark) {
    const auto at = static_cast<std::size_t>(std::max(0, mark.pos));
    last_ = std::min(at, text_.size());
    return last_;
  }

  std::size_t scalar_end(std::size_t begin, const std::string& value, bool plain) const {
    if (begin >= text_.size()) return begin;
    if (!plain && (text_[begin] == '"' || text_[begin] == '\'')) {
      const char quote = text_[begin];
      std::size_t at = begin + 1;
      while (at < text_.size() && text_[at] != quote) at += quote == '"' && text_[at] == '\\' ? 2U : 1U;
      return std::min(at + 1, text_.size());
    }
    if (text_.substr(begin, value.size()) == value) return begin + value.size();
    return std::min(text_.find('\n', begin), text_.size());
  }

  // Puts a value under the open level: as a key when a map waits for one, else as its value or item.
  void place(Kind kind, std::size_t begin, std::size_t end, std::string_view text, bool plain) {
    any_ = true;
    if (!levels_.empty() && levels_.back().map && !levels_.back().has_key) {
      auto& level = levels_.back();
      level.has_key = true;
      level.key = text, level.key_begin = begin, level.key_end = end;
      last_ = end;
      return;
    }
    const auto node = builder_.leaf(kind, begin, end, text, plain);
    attach(node);
    last_ = end;
  }

  void attach(std::uint32_t node) {
    if (levels_.empty() || !levels_.back().map) return;
    auto& level = levels_.back();
    builder_.name(node, level.key, level.key_begin, level.key_end);
    level.has_key = false;
  }

  void push(Kind kind, std::size_t begin) {
    any_ = true;
    if (static_cast<int>(levels_.size()) >= k_max_depth) {
      throw Fault{begin, "nested more than " + std::to_string(k_max_depth) + " deep", ""};
    }
    if (!levels_.empty() && levels_.back().map && !levels_.back().has_key) {
      throw Fault{begin, "a map key must be a scalar", ""};
    }
    const auto node = builder_.open(kind, begin);
    attach(node);
    levels_.push_back({node, kind == Kind::object, false, {}, 0, 0});
  }

  void pop() {
    builder_.close(levels_.back().node, last_);
    levels_.pop_back();
  }

  DocumentBuilder& builder_;
  std::string_view text_;
  std::vector<Level> levels_;
  std::size_t last_ = 0;
  bool any_ = false;
};

}  // namespace

Result<Document> read_yaml(std::string path, std::string text, std::string* unread) {
  DocumentBuilder builder(std::move(path), std::move(text), 1, unread);
  const auto source = builder.source().text();
  CHECKED(check_text(builder, source));
  ViewBuffer buffer(source);
  std::istream stream(&buffer);
  try {
    YAML::Parser parser(stream);
    YamlReader reader(builder);
    if (!parser.HandleNextDocument(reader) || reader.empty()) return builder.fault(0, 0, "the file is empty");
    YamlReader second(builder);
    if (parser.HandleNextDocument(second))
      return builder.fault(0, 0, "more than one YAML document in one file", "one record, one file");
  } catch (const YAML::Exception& error) {
    const auto at = std::min(source.size(), static_cast<std::size_t>(std::max(0, error.mark.pos)));
    return builder.fault(at, at, "not YAML: " + error.msg);
  } catch (const Fault& fault) {
    return builder.fault(fault.offset, fault.offset, fault.why, fault.help);
  }
  return builder.finish();
}

}  // namespace provgate
