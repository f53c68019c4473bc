// The query library (fuseki/queries, built into the program).
#include "base/embedded.hpp"
#include "provgate/audit.hpp"

namespace provgate {
namespace {

std::string header(std::string_view text, std::string_view name) {
  const auto mark = "# " + std::string(name) + ":";
  const auto at = text.find(mark);
  if (at == std::string_view::npos) return {};
  const auto rest = text.substr(at + mark.size());
  return std::string(trim(rest.substr(0, rest.find('\n'))));
}

}  // namespace

const std::vector<NamedQuery>& query_library() {
  static const std::vector<NamedQuery> library = [] {
    std::vector<NamedQuery> out;
    for (const auto& file : embedded_files()) {
      if (!file.path.starts_with("fuseki/queries/")) continue;
      auto name = base_name(std::string(file.path));
      name.resize(name.size() - 3);
      out.push_back({name, header(file.text, "title"), header(file.text, "question"), header(file.text, "needs"), std::string(file.text)});
    }
    return out;
  }();
  return library;
}

}  // namespace provgate
