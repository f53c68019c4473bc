// SPDX-License-Identifier: Apache-2.0
// What an instance leads to, said with it.
#pragma once

#include "systems/ckp/file_cache.hpp"
#include "systems/ckp/join.hpp"

namespace provgate::ckp {

/// Statements of which it may change whether they are said: lines of logs are sealed with nothing, and what lies in
/// another kernel is sealed there.
class Conditional {
 public:
  Conditional() = default;
  Conditional(const Graph& graph, const std::string& root, std::vector<std::size_t>& out)
      : graph_(&graph), root_(root + "/"), out_(&out) {}
  template <class Convert>
  void say(const std::string& file, bool of_log, Convert&& convert) {
    const auto before = graph_ ? graph_->size() : 0;
    convert();
    if (!graph_ || (!of_log && file.starts_with(root_))) return;
    for (auto i = before; i < graph_->size(); ++i) out_->push_back(i);
  }

 private:
  const Graph* graph_ = nullptr;
  std::string root_;
  std::vector<std::size_t>* out_ = nullptr;
};

/// Says what was found of the instance.
void convert_reached(Converter& converter, FileCache& cache, const InstanceRecord& instance, const Join::Found& found,
                     Conditional conditional = {});

}  // namespace provgate::ckp
