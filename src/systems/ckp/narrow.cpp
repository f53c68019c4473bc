// SPDX-License-Identifier: Apache-2.0
// Findings about what was read as context only are nobody's question.
#include <unordered_map>
#include <unordered_set>

#include "systems/ckp/assemble.hpp"
#include "systems/ckp/reading.hpp"

namespace provgate::ckp {
namespace {

// Which kernel a file lies in, and what was named as what it is.
class Kernels {
 public:
  explicit Kernels(const Fleet& fleet) {
    for (const auto& kernel : fleet.kernels) {
      if (kernel.place.loose) {
        loose_.insert(kernel.place.files.begin(), kernel.place.files.end());
        loose_.insert(kernel.place.tops.begin(), kernel.place.tops.end());
      } else {
        roots_.emplace(kernel.place.root, &kernel);
        if (!kernel.place.scope.empty()) scoped_.emplace(kernel.place.root, &kernel);
      }
    }
  }
  const std::unordered_map<std::string, const CheckedKernel*>& scoped() const { return scoped_; }
  bool is_root(const std::string& path) const { return roots_.contains(path); }
  // A finding is of the nearest kernel above it; one that lies in another kernel's directory keeps its own.
  const CheckedKernel* of(const std::string& file) const {
    if (loose_.contains(file)) return nullptr;
    for (auto at = file.rfind('/'); at != std::string::npos && at != 0; at = file.rfind('/', at - 1)) {
      if (loose_.contains(file.substr(0, at))) return nullptr;
      if (const auto hit = roots_.find(file.substr(0, at)); hit != roots_.end()) return hit->second;
    }
    return nullptr;
  }

 private:
  std::unordered_map<std::string, const CheckedKernel*> roots_, scoped_;
  std::unordered_set<std::string> loose_;  ///< named as what they are, wherever they lie
};

}  // namespace

void CkpReading::narrow(std::vector<Finding>& findings) const {
  const Kernels kernels(fleet_);
  if (kernels.scoped().empty()) return;
  // What an instance in scope reaches belongs to it: a broken proof is its fault, too.
  std::unordered_set<std::string> reached;
  for (const auto& [root, kernel] : kernels.scoped()) {
    for (const auto& instance : kernel->instances) {
      if (!instance.judged) continue;
      for (const auto* action : join_->generators(instance)) reached.insert(action->file);
      for (const auto* action : join_->by_instance(*kernel, instance)) reached.insert(action->file);
      reached.insert(own_proof_path(kernel->place, instance));
    }
  }
  std::erase_if(findings, [&](const Finding& f) {
    const auto* kernel = kernels.is_root(f.file) ? nullptr : kernels.of(f.file);
    return kernel && !kernel->place.scope.empty() && !in_scope(kernel->place, f.file) &&
           !in_scope(kernel->place, f.owner) && !reached.contains(f.file);
  });
}

}  // namespace provgate::ckp
