// SPDX-License-Identifier: Apache-2.0
// A directory that one process works in at a time. Source: flock(2): a lock of the open directory, which goes with it.
#include <fcntl.h>
#include <sys/file.h>

#include <cerrno>

#include "io/below.hpp"
#include "io/descriptor.hpp"

namespace provgate::below {

std::shared_ptr<const void> claim(const std::string& root) {
  auto fd = std::make_shared<Fd>(::open(root.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  // What cannot be opened says so where it is used; and not every file system has such locks.
  if (*fd && ::flock(fd->get(), LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) return nullptr;
  return fd;
}

}  // namespace provgate::below
