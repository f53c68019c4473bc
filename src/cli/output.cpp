// SPDX-License-Identifier: Apache-2.0
#include "cli/output.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "cli/cli.hpp"

namespace provgate::cli {

void hold_standard_descriptors() {
  // Standard input is opened for writing only, standard output for reading only: who wants to use them is told so.
  constexpr int k_modes[] = {O_WRONLY, O_RDONLY, O_RDWR};
  for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; ++fd) {
    if (::fcntl(fd, F_GETFD) >= 0) continue;
    if (::open("/dev/null", k_modes[fd]) != fd) ::_exit(k_world);  // the lowest free number, which is this one
  }
}

bool standard_input_closed() {
  const int flags = ::fcntl(STDIN_FILENO, F_GETFL);
  return flags >= 0 && (flags & O_ACCMODE) == O_WRONLY;
}

bool Output::closed() const { return failed_ == EBADF; }

bool Output::reader_gone() const { return failed_ == EPIPE; }

int Output::overflow(int c) {
  if (sync() != 0) return traits_type::eof();
  if (c != traits_type::eof()) sputc(static_cast<char>(c));
  return traits_type::not_eof(c);
}

int Output::sync() {
  const char* at = pbase();
  while (!failed_ && at < pptr()) {
    const auto done = ::write(descriptor_, at, static_cast<std::size_t>(pptr() - at));
    if (done < 0 && errno == EINTR) continue;
    if (done < 0) {
      failed_ = errno;
    } else {
      at += done;
    }
  }
  setp(buffer_.data(), buffer_.data() + buffer_.size());
  return failed_ ? -1 : 0;
}

}  // namespace provgate::cli
