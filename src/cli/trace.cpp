// SPDX-License-Identifier: Apache-2.0
#include "cli/cli.hpp"
#include "provgate/audit/audit.hpp"

namespace provgate::cli {

namespace {

Result<Trace> traced(Context& context) {
  const auto& flags = context.flags;
  if (!flags.on.empty()) {
    TRY(const auto iri, traced_iri(nullptr, flags.urn));
    TRY(auto endpoint, endpoint_from(context.world.disk, flags.on, false));
    return trace(*endpoint_source(context.world.http, endpoint), iri);
  }
  // What is no IRI and no id is said before the store is asked for.
  if (const auto plain = traced_iri(nullptr, flags.urn); !plain && flags.urn.find_first_of(": ") != std::string::npos) {
    return tl::unexpected<Error>(plain.error());
  }
  TRY(const auto store, Store::open(default_store_path(flags.store), false));
  TRY(const auto iri, traced_iri(&store, flags.urn));
  auto found = trace(*store_source(store), iri);
  if (found || found.error().code != Code::nothing) return found;
  TRY(const auto rejection, rejection_of(store, iri));
  if (rejection.empty()) return found;
  return fail(Code::nothing, "nothing is known of " + iri + ": " + rejection,
              "provgate explain RULE says what a rule asks for");
}

}  // namespace

int run_trace(Context& context) {
  const auto format = context.flags.format.empty() ? std::string("text") : context.flags.format;
  if (format != "text" && format != "json" && format != "turtle") {
    return report_error(context, {Code::usage, "unknown format " + quote(format), "text, json or turtle", {}, {}});
  }
  const auto found = traced(context);
  if (!found) return report_error(context, found.error());
  emit(context, format == "json" ? trace_json(*found) : format == "turtle" ? trace_turtle(*found) : trace_text(*found));
  return k_ok;
}

}  // namespace provgate::cli
