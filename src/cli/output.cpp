#include "cli/output.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "cli/cli.hpp"

namespace provgate::cli {

void hold_standard_descriptors() {
  int fd = 0;
  do fd = ::open("/dev/null", O_RDWR);
  while (fd >= 0 && fd <= STDERR_FILENO);
  if (fd < 0) ::_exit(k_world);
  ::close(fd);
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
