// SPDX-License-Identifier: Apache-2.0
#include "cli/environment.hpp"

#include "cli/keys.hpp"

#include <charconv>

namespace provgate::cli {

std::string default_store_path(const std::string& flag) {
  if (!flag.empty()) return flag;
  if (const auto set = environment("PROVGATE_STORE"); !set.empty()) return set;
  if (const auto data = environment("XDG_DATA_HOME"); !data.empty()) return join_path(data, "provgate");
  const auto home = environment("HOME");
  return join_path(home.empty() ? "." : home, ".local/share/provgate");
}

Result<std::optional<std::int64_t>> source_date() {
  const auto text = environment("SOURCE_DATE_EPOCH");
  if (text.empty()) return std::optional<std::int64_t>{};
  std::int64_t seconds = 0;
  const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  constexpr std::int64_t k_most = 253'402'300'799;  // 9999-12-31T23:59:59Z
  if (status != std::errc{} || end != text.data() + text.size() || seconds < 0 || seconds > k_most) {
    return fail(Code::usage, "SOURCE_DATE_EPOCH is not a number of seconds: " + quote(text));
  }
  return std::optional(seconds * 1'000'000);
}

Result<Endpoint> endpoint_from(Disk& disk, const std::string& flag, bool needs_password) {
  Endpoint out;
  out.url = flag.empty() ? environment("PROVGATE_ENDPOINT") : flag;
  while (!out.url.empty() && out.url.back() == '/') out.url.pop_back();
  if (out.url.empty())
    return fail(Code::usage, "no endpoint",
                std::string("give its URL with ") + (needs_password ? "--to" : "--on") + ", or set PROVGATE_ENDPOINT");
  if (!out.url.starts_with("http://") && !out.url.starts_with("https://"))
    return fail(Code::usage, "not an endpoint URL: " + quote(out.url), "http://HOST:PORT/DATASET");
  if (out.url.find('@') != std::string::npos)
    return fail(Code::usage, "a user name or password in the URL", "use PROVGATE_USER and PROVGATE_PASSWORD_FILE");
  const auto file = environment("PROVGATE_PASSWORD_FILE");
  if (!needs_password || file.empty()) return out;
  out.user = environment("PROVGATE_USER");
  if (out.user.empty()) return fail(Code::usage, "PROVGATE_PASSWORD_FILE is set, PROVGATE_USER is not");
  TRY(out.password, secret_in(disk, file, "the password file"));
  return out;
}

}  // namespace provgate::cli
