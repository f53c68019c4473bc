// SPDX-License-Identifier: Apache-2.0
#include "cli/cli.hpp"
#include "cli/progress.hpp"
#include "provgate/requests/requests.hpp"

namespace provgate::cli {

namespace {

Result<std::string> traced(Context& context) {
  const auto& flags = context.flags;
  std::string (*write)(const Trace&) = flags.format.empty() || flags.format == "text" ? trace_text
                                       : flags.format == "json"                       ? trace_json
                                       : flags.format == "turtle"                     ? trace_turtle
                                                                                      : nullptr;
  if (!write) return fail(Code::usage, "unknown format " + quote(flags.format), "text, json or turtle");
  TraceRequest request;
  request.thing = flags.urn, request.store = default_store_path(flags.store);
  request.graph = named_graph(flags);
  if (!flags.on.empty() && !flags.store.empty())
    return fail(Code::usage, "--store and --on name two places", "give one of them");
  if (!flags.on.empty()) {
    TRY(request.endpoint, endpoint_from(context.world.disk, flags.on, false));
  }
  Progress progress(context.err, k_catching_up, !flags.quiet, "records", k_soon_ms);
  request.catching_up = progress.pace();
  auto found = answer(context.world, request);
  progress.end();
  if (!found) return tl::unexpected<Error>(found.error());
  return write(*found);
}

}  // namespace

int run_trace(Context& context) {
  const auto text = traced(context);
  if (!text) return report_error(context, text.error());
  emit(context, *text);
  return k_ok;
}

}  // namespace provgate::cli
