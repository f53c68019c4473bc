// SPDX-License-Identifier: Apache-2.0
#include "base/json_write.hpp"
#include "cli/cli.hpp"
#include "provgate/requests/requests.hpp"

namespace provgate::cli {
namespace {

void say_line(Context& context, const LedgerEntry& entry) {
  context.out << "#" << entry.seq.number << "  " << printable(entry.time) << "  " << printable(entry.kind) << "  "
              << printable(entry.id.scope.text) << "  " << printable(entry.id.iri.text);
  for (std::size_t i = 0; i < entry.rules.size(); ++i)
    context.out << (i ? ", " : "  breaks ") << printable(entry.rules[i]);
  context.out << "\n";
}

void say_whole(Context& context, const LedgerEntry& entry) {
  const auto row = [&](std::string_view name, const std::string& value) {
    if (!value.empty()) context.out << name << std::string(15 - name.size(), ' ') << printable(value) << "\n";
  };
  row("entry", "#" + std::to_string(entry.seq.number));
  row("digest", entry.digest().text);
  row("prev", entry.prev.text);
  row("kind", entry.kind);
  row("record", entry.id.system.text + " " + entry.record_kind);
  row("scope", entry.id.scope.text);
  row("iri", entry.id.iri.text);
  row("time", entry.time + (entry.time_source.empty() ? "" : " (" + entry.time_source + ")"));
  row("record digest", entry.record_digest.text);
  row("report digest", entry.report_digest.text);
  for (const auto& rule : entry.rules) row("breaks", rule);
  for (const auto& [path, file] : entry.files)
    context.out << name_of(file.role) << "  " << file.digest.text << "  " << printable(path) << "\n";
}

// What the words behind the verb ask for.
Result<void> take_words(const std::vector<std::string>& words, LogRequest& request, bool& whole, bool& json) {
  if (words.empty()) return {};
  if (words[0] == "show") {
    whole = true;
    if (words.size() == 2) request.entry = parse_seq(words[1]);
    return request.entry ? Result<void>() : fail(Code::usage, "log show takes the number of an entry");
  }
  if (words.size() > 1) return fail(Code::usage, "one record at a time", "log IRI, log show N or log export");
  if (words[0] == "export") {
    json = true;
  } else {
    request.iri = words[0];
  }
  return {};
}

}  // namespace

int run_log(Context& context) {
  const auto& flags = context.flags;
  if (!flags.format.empty() && flags.format != "json" && flags.format != "text")
    return report_error(context, {Code::usage, "unknown format " + quote(flags.format), "text or json", {}, {}});
  LogRequest request;
  bool whole = false, json = flags.format == "json";
  if (const auto taken = take_words(flags.paths, request, whole, json); !taken)
    return report_error(context, taken.error());
  request.store = default_store_path(flags.store), request.kind = flags.name;
  request.on_entry = [&](const LedgerEntry& entry) {
    if (json) {
      emit(context, entry.canonical() + "\n");
    } else if (whole) {
      say_whole(context, entry);
    } else {
      say_line(context, entry);
    }
    return static_cast<bool>(context.out);
  };
  const auto shown = answer(context.world, request);
  return shown ? static_cast<int>(k_ok) : report_error(context, shown.error());
}

}  // namespace provgate::cli
