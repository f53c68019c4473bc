// SPDX-License-Identifier: Apache-2.0
// Must not compile: a Result that nobody looks at.
#include "provgate/base/base.hpp"

provgate::Result<void> write_it();
provgate::Result<int> count_it();

void drop() {
#ifdef DROP_VOID
  write_it();
#elif defined(DROP_VALUE)
  count_it();
#else
  if (const auto done = write_it(); !done) return;
  if (const auto n = count_it(); !n) return;
#endif
}
