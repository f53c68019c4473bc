// SPDX-License-Identifier: Apache-2.0
// A JSON object that is completed or changed: its members in order, each as it was written. Threads: any.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "provgate/text/text.hpp"

namespace provgate::experience {

class Members {
 public:
  Members() = default;
  /// Those of an object; of a name that stands twice the last one.
  explicit Members(Value object);
  /// Whether it is there, and not null.
  bool has(std::string_view name) const;
  /// `json`: on one line. In its place, where it is there already.
  void set(std::string_view name, std::string json);
  void set_text(std::string_view name, std::string_view text);
  std::string text() const;
  /// With its members in the order of the canonical form, so that they are hashed as they stand.
  std::string ordered_text() const;

 private:
  std::vector<std::pair<std::string, std::string>> all_;
  std::unordered_map<std::string, std::size_t> places_;  // by name
};

}  // namespace provgate::experience
