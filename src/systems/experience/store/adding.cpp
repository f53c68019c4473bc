// SPDX-License-Identifier: Apache-2.0
#include "systems/experience/store/adding.hpp"

#include <algorithm>

namespace provgate::experience {
namespace {

constexpr std::size_t k_batch_rows = 10'000, k_most_stream_bytes = std::size_t{2} << 30;

// The end of so many lines.
std::size_t end_of_lines(std::string_view text, std::size_t at, std::size_t lines) {
  for (std::size_t i = 0; i < lines; ++i) {
    const auto end = text.find('\n', at);
    if (end == std::string_view::npos) return text.size();
    at = end + 1;
  }
  return at;
}

}  // namespace

Result<bool> AddRun::text(std::string_view text, const std::string& name) {
  std::uint32_t line = 1;
  for (std::size_t at = 0; at < text.size() && !stopped_;) {
    const auto end = end_of_lines(text, at, k_batch_rows);
    const auto piece = text.substr(at, end - at);
    TRY(const auto one, store_.add({piece, name, line}, on_));
    line += static_cast<std::uint32_t>(std::ranges::count(piece, '\n'));
    at = end;
    all_.read += one.read, all_.added += one.entry ? one.added : 0, all_.known += one.known;
    all_.refused += one.refused, all_.unreadable += one.unreadable;
    for (const auto& f : one.findings) request_.finding(f);
    if (one.entry) {
      ++batches_;
      request_.write("added  #" + std::to_string(one.entry.number) + "  " + plural(one.added, "record") + "\n");
    }
    if (request_.progress) request_.progress(all_.read);
    // Of a batch with an error nothing was added: what follows may rest on it.
    stopped_ = one.refused + one.unreadable > 0 || (request_.stop && request_.stop());
  }
  return !stopped_;
}

Result<bool> AddRun::file(const std::string& path) {
  if (world_.disk.is_stream(path)) {
    TRY(const auto bytes, world_.disk.read_stream(path, k_most_stream_bytes));
    return text(bytes, path);
  }
  TRY(const auto bytes, world_.disk.map(path));
  auto all = bytes.text;
  if (all.starts_with(k_byte_order_mark)) all.remove_prefix(k_byte_order_mark.size());
  return text(all, path);
}

Result<bool> AddRun::stream() {
  std::string all;
  constexpr std::uint64_t k_wait_ms = 1000;
  for (bool open = true; open;) {
    TRY(open, request_.next_input(all, k_wait_ms));
    if (all.size() > k_most_stream_bytes) return fail(Code::input, "standard input has more than 2 GiB");
    if (request_.stop && request_.stop()) return false;
  }
  return text(all, "-");
}

VerbAnswer AddRun::answer() const {
  VerbAnswer out;
  std::string said = plural(all_.added, "record") + " added in " + plural(batches_, "batch", "batches");
  if (all_.known) said += ", " + with_commas(all_.known) + " already there";
  if (all_.refused) said += ", " + with_commas(all_.refused) + " refused";
  if (all_.unreadable) said += ", " + with_commas(all_.unreadable) + " unreadable";
  request_.note(said);
  out.findings = all_.refused > 0;
  if (all_.read == 0) out.code = Code::nothing;
  if (all_.unreadable) out.code = Code::input;
  return out;
}

}  // namespace provgate::experience
