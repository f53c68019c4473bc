#include "cli/cli.hpp"
#include "provgate/audit.hpp"

namespace provgate::cli {

void flags_trace(CLI::App& app, Flags& flags) {
  app.add_option("URN", flags.urn, "Instance, action, task or decision")->required();
  app.add_option("--on", flags.on, "Ask the dataset at this URL instead of the store");
  app.add_option("--format", flags.format, "text, json or turtle");
  add_store(app, flags);
}

int run_trace(Context& context) {
  const auto& flags = context.flags;
  const auto format = flags.format.empty() ? std::string("text") : flags.format;
  if (format != "text" && format != "json" && format != "turtle")
    return report_error(context, {Code::usage, "unknown format " + quote(format), "text, json or turtle", {}, {}});
  const auto urn = parse_urn(flags.urn, UrnProfile::legacy);
  if (!urn) {
    return report_error(context, {Code::usage,
                                  "not a CKP URN: " + quote(flags.urn),
                                  urn.error().suggestion.empty() ? "" : "did you mean " + urn.error().suggestion + "?",
                                  {},
                                  {}});
  }
  std::optional<Store> store;
  std::unique_ptr<TripleSource> source;
  if (!flags.on.empty()) {
    const auto endpoint = endpoint_from(context.world.disk, flags.on, false);
    if (!endpoint) return report_error(context, endpoint.error());
    source = endpoint_source(context.world.http, *endpoint);
  } else {
    auto opened = Store::open(default_store_path(flags.store), false);
    if (!opened) return report_error(context, opened.error());
    store.emplace(std::move(*opened));
    source = store_source(*store);
  }
  const auto found = trace(*source, urn->canonical());
  if (!found) return report_error(context, found.error());
  emit(context, format == "json" ? trace_json(*found) : format == "turtle" ? trace_turtle(*found) : trace_text(*found));
  return k_ok;
}

}  // namespace provgate::cli
