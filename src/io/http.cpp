// SPDX-License-Identifier: Apache-2.0
#include <curl/curl.h>

#include <mutex>

#include "io/real.hpp"

namespace provgate {
namespace {

constexpr std::size_t k_max_answer_bytes = 1U << 30;

std::size_t collect(char* data, std::size_t size, std::size_t count, void* target) {
  auto& out = *static_cast<std::string*>(target);
  if (out.size() + size * count > k_max_answer_bytes) return 0;
  out.append(data, size * count);
  return size * count;
}

class CurlHttp final : public Http {
 public:
  CurlHttp() {
    static std::once_flag once;
    std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
  }
  ~CurlHttp() override {
    if (handle_) curl_easy_cleanup(handle_);
  }
  CurlHttp(const CurlHttp&) = delete;
  CurlHttp& operator=(const CurlHttp&) = delete;

  Result<HttpAnswer> send(const HttpRequest& request) override {
    if (!handle_) handle_ = curl_easy_init();
    if (!handle_) return fail(Code::world, "no HTTP client could be made");
    curl_easy_reset(handle_);  // keeps the connection open
    HttpAnswer answer;
    curl_slist* headers = curl_slist_append(nullptr, "Expect:");
    for (const auto& header : request.headers) headers = curl_slist_append(headers, header.c_str());
    set(CURLOPT_URL, request.url.c_str());
    set(CURLOPT_CUSTOMREQUEST, request.method.c_str());
    set(CURLOPT_HTTPHEADER, headers);
    set(CURLOPT_TIMEOUT_MS, request.timeout_ms);
    set(CURLOPT_CONNECTTIMEOUT_MS, 5'000L);
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_PROTOCOLS_STR, "http,https");
    set(CURLOPT_ACCEPT_ENCODING, "");
    set(CURLOPT_WRITEFUNCTION, &collect);
    set(CURLOPT_WRITEDATA, &answer.body);
    if (!request.body.empty()) {
      set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
      set(CURLOPT_POSTFIELDS, request.body.data());
    }
    if (!request.user.empty()) {
      set(CURLOPT_HTTPAUTH, CURLAUTH_BASIC);
      set(CURLOPT_USERNAME, request.user.c_str());
      set(CURLOPT_PASSWORD, request.password.c_str());
    }
    const CURLcode status = curl_easy_perform(handle_);
    curl_easy_getinfo(handle_, CURLINFO_RESPONSE_CODE, &answer.status);
    curl_slist_free_all(headers);
    if (status == CURLE_URL_MALFORMAT || status == CURLE_UNSUPPORTED_PROTOCOL) {
      return fail(Code::usage, "not a URL that can be fetched: " + quote(request.url), "give http://HOST:PORT/DATASET");
    }
    if (status != CURLE_OK) {
      return fail(Code::world, request.url + ": " + curl_easy_strerror(status), "is the server running and reachable?");
    }
    return answer;
  }

 private:
  template <class T>
  void set(CURLoption option, T value) {
    curl_easy_setopt(handle_, option, value);
  }
  CURL* handle_ = nullptr;
};

}  // namespace

std::unique_ptr<Http> make_curl_http() { return std::make_unique<CurlHttp>(); }

}  // namespace provgate
