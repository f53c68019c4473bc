// SPDX-License-Identifier: Apache-2.0
#include "systems/experience/store/members.hpp"

#include <algorithm>

#include "base/json_write.hpp"

namespace provgate::experience {

Members::Members(Value object) {
  object.each([this](Value member) {
    std::string json(member.raw());
    std::ranges::replace(json, '\n', ' ');
    std::ranges::replace(json, '\r', ' ');
    set(member.key(), std::move(json));
  });
}

bool Members::has(std::string_view name) const {
  const auto found = places_.find(std::string(name));
  return found != places_.end() && all_[found->second].second != "null";
}

void Members::set(std::string_view name, std::string json) {
  const auto [at, fresh] = places_.try_emplace(std::string(name), all_.size());
  if (fresh) {
    all_.emplace_back(name, std::move(json));
  } else {
    all_[at->second].second = std::move(json);
  }
}

void Members::set_text(std::string_view name, std::string_view text) { set(name, "\"" + json_escaped(text) + "\""); }

namespace {

std::string joined(const std::vector<std::pair<std::string, std::string>>& all) {
  std::string out = "{";
  for (const auto& [name, json] : all)
    out.append(out.size() > 1 ? ",\"" : "\"").append(json_escaped(name)).append("\":").append(json);
  return out + "}";
}

}  // namespace

std::string Members::text() const { return joined(all_); }

std::string Members::ordered_text() const {
  auto all = all_;
  std::ranges::sort(all, [](const auto& a, const auto& b) { return canonical_before(a.first, b.first); });
  return joined(all);
}

}  // namespace provgate::experience
