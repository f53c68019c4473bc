// SPDX-License-Identifier: Apache-2.0
#include "systems/experience/domains.hpp"

#include <algorithm>

#include "base/embedded.hpp"
#include "provgate/base/base.hpp"

namespace provgate::experience {
namespace {

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> out;
  for (const auto word : split(text, ' ')) {
    if (!word.empty()) out.push_back(word);
  }
  return out;
}

std::map<std::string_view, Domain> read_domains() {
  std::map<std::string_view, Domain> out;
  const auto& files = embedded_files();
  const auto file = std::ranges::find(files, "ontology/chitty-domains.txt", &EmbeddedFile::path);
  Domain* last = nullptr;
  for (const auto line : split(file->text, '\n')) {
    const auto colon = line.find(':');
    if (line.starts_with('#') || colon == std::string_view::npos) continue;
    const auto name = trim(line.substr(0, colon));
    if (name == "criteria" && last) {
      last->criteria = words_of(line.substr(colon + 1));
    } else {
      last = &out[name];
      last->subdomains = words_of(line.substr(colon + 1));
    }
  }
  return out;
}

}  // namespace

const std::map<std::string_view, Domain>& domains() {
  static const auto k_domains = read_domains();
  return k_domains;
}

}  // namespace provgate::experience
