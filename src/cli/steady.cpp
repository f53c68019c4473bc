// SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <sstream>
#include <thread>

#include "cli/cli.hpp"
#include "provgate/store/store.hpp"
#include "store/pages.hpp"

namespace provgate::cli {

int steady(Context& context, const std::function<int(Context&)>& verb) {
  const auto path = default_store_path(context.flags.store);
  if (!context.flags.on.empty() || !store_is_unlocked(path)) return verb(context);
  constexpr int k_tries = 6;
  for (int i = 0; i < k_tries; ++i) {
    std::ostringstream out, err;
    Context buffered{context.world, context.flags, out, err, context.in};
    const auto before = newest_transaction(path);
    const int code = verb(buffered);
    if (newest_transaction(path) == before) {
      context.out << out.str();
      context.err << err.str();
      return code;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(10 << i));
  }
  return report_error(context, {Code::world,
                                "the store is busy: it is being written, and this user may not lock it",
                                "try again later",
                                {},
                                {}});
}

}  // namespace provgate::cli
