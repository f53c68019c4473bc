// SPDX-License-Identifier: Apache-2.0
#include <sys/random.h>
#include <zlib.h>

#include <chrono>
#include <cstdlib>

#include "io/real.hpp"

namespace provgate {
namespace {

class RealClock final : public Clock {
 public:
  std::int64_t now_micros() override {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::microseconds>(now).count();
  }
};

class RealRandom final : public Random {
 public:
  std::uint64_t next() override {
    std::uint64_t value = 0;
    while (::getrandom(&value, sizeof value, 0) != sizeof value) {
    }
    return value;
  }
};

}  // namespace

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value ? std::string(value) : std::string{};
}

World real_world() {
  static RealClock clock;
  static RealRandom random;
  static const std::unique_ptr<Http> http = make_curl_http();
  return {real_disk(), clock, *http, random};
}

Result<std::string> gunzip(std::string_view bytes, std::uint64_t most) {
  z_stream stream{};
  constexpr int k_gzip_window = 15 + 16;
  constexpr std::size_t k_step = 1 << 20;
  if (inflateInit2(&stream, k_gzip_window) != Z_OK)
    return fail(Code::world, "the compressed file cannot be unpacked: no memory");
  std::string out, room(k_step, '\0');
  std::size_t given = 0;
  int status = Z_OK;
  std::optional<std::string> why;
  while (!why) {
    if (stream.avail_in == 0) {
      const auto piece = bytes.substr(given, k_step);
      stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(piece.data()));
      stream.avail_in = static_cast<uInt>(piece.size());
      given += piece.size();
    }
    // One member may follow another.
    if (status == Z_STREAM_END) {
      if (stream.avail_in == 0) break;
      inflateReset(&stream);
    }
    stream.next_out = reinterpret_cast<Bytef*>(room.data());
    stream.avail_out = static_cast<uInt>(room.size());
    status = inflate(&stream, Z_NO_FLUSH);
    if (status != Z_OK && status != Z_STREAM_END)
      why = status == Z_BUF_ERROR ? "the compressed file ends too early" : "the compressed file is damaged";
    out.append(room.data(), room.size() - stream.avail_out);
    if (out.size() > most) why = "the compressed file unpacks to more than " + with_commas(most) + " bytes";
  }
  inflateEnd(&stream);
  if (why) return fail(Code::input, *why);
  return out;
}

std::string gzip(std::string_view bytes) {
  z_stream stream{};
  constexpr int k_gzip_window = 15 + 16;  // zlib: add 16 for a gzip header, whose time field stays zero
  if (deflateInit2(&stream, 6, Z_DEFLATED, k_gzip_window, 8, Z_DEFAULT_STRATEGY) != Z_OK) return {};
  std::string out(deflateBound(&stream, bytes.size()) + 32, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const int status = deflate(&stream, Z_FINISH);
  out.resize(status == Z_STREAM_END ? stream.total_out : 0);
  deflateEnd(&stream);
  return out;
}

}  // namespace provgate
