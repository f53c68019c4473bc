#include "cli/output.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "cli/cli.hpp"

namespace provgate::cli {

void hold_standard_descriptors() {
  int fd = 0;
  // For writing only in the place of standard input: who wants to read it is told so.
  do fd = ::open("/dev/null", ::fcntl(STDIN_FILENO, F_GETFD) < 0 ? O_WRONLY : O_RDWR);
  while (fd >= 0 && fd <= STDERR_FILENO);
  if (fd < 0) ::_exit(k_world);
  ::close(fd);
}

bool standard_input_closed() {
  const int flags = ::fcntl(STDIN_FILENO, F_GETFL);
  return flags >= 0 && (flags & O_ACCMODE) == O_WRONLY;
}

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
