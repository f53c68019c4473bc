// SPDX-License-Identifier: Apache-2.0
// Builds a Document node by node, in source order; shared by the JSON and the YAML reader.
#pragma once

#include "provgate/text/text.hpp"

namespace provgate {

class DocumentBuilder {
 public:
  /// `unread`: takes a copy of the text where fault() is called; may be null.
  DocumentBuilder(std::string path, std::string text, std::uint32_t first_line, std::string* unread);
  SourceText& source() { return *doc_.source_; }
  std::string_view keep(std::string text);  ///< stores decoded text for the life of the document
  std::uint32_t open(Kind kind, std::size_t begin);
  void close(std::uint32_t node, std::size_t end);
  std::uint32_t leaf(Kind kind, std::size_t begin, std::size_t end, std::string_view text, bool plain = false);
  void name(std::uint32_t node, std::string_view key, std::size_t begin, std::size_t end);
  void mark_non_finite(std::uint32_t node) { doc_.non_finite_.push_back(node); }
  std::size_t end_of(std::uint32_t node) const { return doc_.nodes_[node].end; }
  Document finish();  ///< also finds duplicate member names
  tl::unexpected<Error> fault(std::size_t begin, std::size_t end, std::string why, std::string help = {}) const;

 private:
  Document doc_;
  std::string* unread_;
};

/// The checks both readers make first: size below 4 GiB, no byte order mark, no NUL, well-formed UTF-8.
Result<void> check_text(const DocumentBuilder& builder, std::string_view text);

}  // namespace provgate
