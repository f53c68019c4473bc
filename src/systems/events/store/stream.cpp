// SPDX-License-Identifier: Apache-2.0
#include "systems/events/store/stream.hpp"

#include <algorithm>

#include "io/stopwatch.hpp"

namespace provgate::events {
namespace {

// A stream gives one batch a second, however few events came.
constexpr std::uint64_t k_gather_ms = 1000;
constexpr std::size_t k_longest_line = 64 << 20;

// The end of so many lines from `at`; nothing where there are fewer.
std::optional<std::size_t> end_of_lines(std::string_view text, std::size_t at, std::size_t lines) {
  for (std::size_t i = 0; i < lines; ++i) {
    const auto end = text.find('\n', at);
    if (end == std::string_view::npos) return {};
    at = end + 1;
  }
  return at;
}

}  // namespace

// What came of a batch.
void AppendRun::note(const Appended& one) {
  all_.read += one.read, all_.appended += one.appended, all_.known += one.known, all_.refused += one.refused;
  all_.unreadable += one.unreadable;
  for (const auto& f : one.findings) {
    if (request_.finding) request_.finding(f);
  }
  if (one.entry) {
    ++batches_;
    request_.write("appended  #" + std::to_string(one.entry.number) + "  " + plural(one.appended, "event") + "\n");
  }
  if (request_.progress) request_.progress(all_.read);
  // Of a batch with an error nothing was appended: what follows may rest on it.
  const bool refused = one.refused + one.unreadable > 0 && !each_;
  stopped_ = refused || (request_.stop && request_.stop());
}

Result<bool> AppendRun::whole(const FileBytes& given, const std::string& path) {
  const auto text = given.text;
  // A document over several lines is one text.
  const bool one = !read_json(path, std::string(trim(text.substr(0, text.find('\n')))));
  std::uint32_t line = 1;
  std::size_t taken = 0, before = 0, done = 0;
  const auto next = [&]() -> std::optional<EventText> {
    if (taken == text.size()) return {};
    const auto end = one ? text.size() : end_of_lines(text, taken, batch_events_).value_or(text.size());
    EventText out{text.substr(taken, end - taken), path, line};
    before = taken;
    taken = end, line += static_cast<std::uint32_t>(batch_events_);
    return out;
  };
  CHECKED(store_.append_each(next, each_, [&](const Appended& appended) {
    note(appended);
    given.rest(done, before);  // what is read just now stays
    done = before;
    return !stopped_;
  }));
  return !stopped_;
}

Result<bool> AppendRun::file(const std::string& path) {
  if (world_.disk.is_stream(path)) {
    TRY(const auto text, world_.disk.read_stream(path, std::size_t{2} << 30));
    FileBytes bytes;
    bytes.text = text;
    return whole(bytes, path);
  }
  TRY(const auto bytes, world_.disk.map(path));
  return whole(bytes, path);
}

Result<bool> AppendRun::stream() {
  std::string text;
  std::uint32_t line = 1;
  // Each byte is looked at once: up to `looked` so many lines have ended, the last of them at `ended`.
  std::size_t looked = 0, ended = 0, lines = 0;
  Stopwatch since;
  for (bool open = true; open && !stopped_;) {
    const auto waited = static_cast<std::uint64_t>(since.milliseconds());
    TRY(open, request_.next_input(text, text.empty() ? k_gather_ms : k_gather_ms - std::min(waited, k_gather_ms)));
    const bool late = since.milliseconds() >= static_cast<double>(k_gather_ms);
    std::size_t taken = 0;
    const auto take = [&](std::size_t end) -> Result<void> {
      CHECKED(batch(std::string_view(text).substr(taken, end - taken), line));
      taken = end, line += static_cast<std::uint32_t>(std::exchange(lines, 0));
      return {};
    };
    while (!stopped_) {
      const auto end = text.find('\n', looked);
      looked = end == std::string::npos ? text.size() : end + 1;
      if (end == std::string::npos) break;
      ended = looked;
      if (++lines == batch_events_) CHECKED(take(ended));
    }
    // What has no line end yet is no event yet, unless nothing follows.
    const auto whole = open ? ended : text.size();
    if (!stopped_ && (late || !open) && whole > taken) CHECKED(take(whole));
    text.erase(0, taken);
    looked -= std::min(looked, taken), ended -= std::min(ended, taken);
    if (ended == 0 && text.size() > k_longest_line)
      return fail(Code::input, "a line of standard input has more than " + std::to_string(k_longest_line) + " bytes");
    if (late || taken) since = Stopwatch();
    stopped_ = stopped_ || (request_.stop && request_.stop());
  }
  return !stopped_;
}

Result<void> AppendRun::batch(std::string_view text, std::uint32_t first_line) {
  TRY(const auto one, store_.append({text, "-", first_line}, each_));
  note(one);
  return {};
}

VerbAnswer AppendRun::answer() const {
  VerbAnswer out;
  std::string said = plural(all_.appended, "event") + " appended in " + plural(batches_, "batch", "batches");
  if (all_.known) said += ", " + with_commas(all_.known) + " already there";
  if (all_.refused) said += ", " + with_commas(all_.refused) + " refused";
  if (all_.unreadable) said += ", " + with_commas(all_.unreadable) + " not readable";
  if (all_.refused + all_.unreadable && !each_) said += "; nothing of their batch was appended, nor what follows";
  if (request_.note) request_.note(said);
  out.findings = all_.refused > 0;
  if (all_.unreadable) out.code = Code::input;
  if (all_.read == 0) out.code = Code::nothing;
  return out;
}

}  // namespace provgate::events
