// SPDX-License-Identifier: Apache-2.0
// What the files of the real disk share: a descriptor that closes itself, and what the system's error numbers mean.
#pragma once

#include <unistd.h>

#include "provgate/io/io.hpp"

namespace provgate {

/// Closed with the object. Threads: one at a time.
class Fd {
 public:
  explicit Fd(int fd = -1) : fd_(fd) {}
  Fd(Fd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Fd& operator=(Fd&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~Fd() {
    if (fd_ >= 0) ::close(fd_);
  }
  Fd(const Fd&) = delete;
  Fd& operator=(const Fd&) = delete;
  int get() const { return fd_; }
  explicit operator bool() const { return fd_ >= 0; }

 private:
  int fd_;
};

/// The error for an errno. A full disk and what may pass (EIO, no memory, too many files) have codes of their own,
/// whatever `code` says.
tl::unexpected<Error> disk_error(Code code, std::string what, const std::string& path, int number);
/// Everything that is in a regular file of that size, from its start. Errors: as disk_error.
Result<std::string> read_whole(const Fd& fd, std::uint64_t size, const std::string& path);
/// Errors: as disk_error. On error some of it may be written.
Result<void> write_whole(const Fd& fd, std::string_view bytes, const std::string& path);

}  // namespace provgate
