// SPDX-License-Identifier: Apache-2.0
// Verbs that a system brings, with the store that they may work on.
#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <iostream>

#include "cli/cli.hpp"
#include "cli/keys.hpp"
#include "cli/output.hpp"
#include "cli/progress.hpp"
#include "provgate/requests/requests.hpp"

namespace provgate::cli {
namespace {

constexpr std::size_t k_piece_bytes = 1 << 20;

// What comes within the time; more than a piece comes in the next call. A program's own stream ends, and is read whole.
Result<bool> next_input(std::istream& in, std::string& out, std::uint64_t wait_ms) {
  if (&in != &std::cin) {
    out += read_all(in);
    return false;
  }
  if (standard_input_closed()) return fail(Code::world, "standard input is closed");
  pollfd ready{STDIN_FILENO, POLLIN, 0};
  const int found = ::poll(&ready, 1, static_cast<int>(wait_ms));
  if (found == 0 || (found < 0 && errno == EINTR)) return true;
  const auto before = out.size();
  out.resize(before + k_piece_bytes);
  const auto got = found < 0 ? -1 : ::read(STDIN_FILENO, out.data() + before, k_piece_bytes);
  const int why = errno;
  out.resize(before + static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
  if (got < 0 && (why == EAGAIN || why == EINTR)) return true;
  if (got < 0) return fail(Code::world, "standard input cannot be read: " + std::string(std::strerror(why)));
  return got > 0;
}

class SystemRun {
 public:
  SystemRun(Context& context, const SystemVerb& verb) : context_(context), verb_(verb) {}

  int run() {
    const auto& flags = context_.flags;
    Progress progress(context_.err, "read", !flags.quiet && ::isatty(STDOUT_FILENO) != 1, "records", k_soon_ms);
    progress.begin(0);
    std::optional<Interrupt> interrupt;
    if (verb_.writes) interrupt.emplace();
    VerbRequest request;
    request.arguments = flags.paths, request.settings = flags.settings;
    request.standard_input = [this] { return read_all(context_.in); };
    request.next_input = [this](std::string& out, std::uint64_t wait_ms) {
      return next_input(context_.in, out, wait_ms);
    };
    request.keeper = [this](bool create) { return keeper(create); };
    request.write = [this](std::string_view text) {
      context_.out << text;
      // What was written to the store is told at once: whoever listens may act on it.
      if (verb_.writes) context_.out.flush();
      return static_cast<bool>(context_.out);
    };
    request.note = [&](std::string_view text) {
      progress.end();
      if (!flags.quiet) context_.err << printable(text) << "\n";
    };
    request.finding = [&](const Finding& finding) {
      progress.end();
      if (!flags.quiet || finding.severity == Severity::error) say_finding(context_, finding);
    };
    request.progress = [&](std::uint64_t done) { progress.show(done); };
    request.stop = &Interrupt::asked;
    request.terminal = &context_.out == &std::cout && ::isatty(STDOUT_FILENO) == 1;
    const auto answer = verb_.run(context_.world, request);
    progress.end();
    if (!answer) return report_error(context_, answer.error());
    context_.out << answer->text;
    return interrupt && Interrupt::asked() ? k_interrupted : exit_of(*answer);
  }

 private:
  Result<Keeper*> keeper(bool create) {
    if (open_) return open_->keeper.get();
    KeepOptions options;
    if (create) {
      TRY(key_, signing_key(context_));
      options.key = key_ ? &*key_ : nullptr;
    }
    if (context_.flags.wait_seconds) options.wait.limit_ms = *context_.flags.wait_seconds * 1000;
    options.wait.stop = &Interrupt::asked;
    options.wait.on_wait = [this] {
      if (!context_.flags.quiet) context_.err << "waiting: another process seals into this store\n";
    };
    TRY(open_, open_keeper(context_.world, default_store_path(context_.flags.store), create, options));
    return open_->keeper.get();
  }

  Context& context_;
  const SystemVerb& verb_;
  std::optional<SigningKey> key_;
  std::unique_ptr<OpenKeeper> open_;
};

}  // namespace

int run_of_system(Context& context, const SystemVerb& verb) { return SystemRun(context, verb).run(); }

}  // namespace provgate::cli
