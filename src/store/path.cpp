// Where the store lies when nobody says.
#include <cstdlib>

#include "provgate/io.hpp"
#include "provgate/store.hpp"

namespace provgate {

std::string default_store_path(const std::string& flag) {
  const auto env = [](const char* name) {
    const char* value = std::getenv(name);
    return value ? std::string(value) : std::string{};
  };
  if (!flag.empty()) return flag;
  if (const auto set = env("PROVGATE_STORE"); !set.empty()) return set;
  if (const auto data = env("XDG_DATA_HOME"); !data.empty()) return join_path(data, "provgate");
  return join_path(env("HOME").empty() ? "." : env("HOME"), ".local/share/provgate");
}

}  // namespace provgate
