// SPDX-License-Identifier: Apache-2.0
// Queries in the original's JSON, and its labels.
#include "systems/events/store/query.hpp"
#include "systems/events/wire/forms.hpp"
#include "systems/events/wire/number.hpp"

namespace provgate::events {
namespace {

// A query that the form takes, as the original writes it.
Result<Document> taken(const std::string& json, const Form& form) {
  auto document = read_json("query", json);
  if (!document) return fail(Code::usage, "the query is not JSON: " + document.error().why);
  const auto held = hold(document->root(), form, {});
  for (const auto& problem : held.problems) {
    if (!refuses(problem.kind, {}) && problem.kind != Problem::Kind::stranger) continue;
    if (problem.kind == Problem::Kind::stranger)
      return fail(Code::usage, "the query has a field that would be passed over: " + quote(problem.at.key()));
    return fail(Code::usage,
                "the query is not one: " + (problem.path.empty() ? "" : problem.path + ": ") + problem.message,
                problem.expected.empty() ? "" : "expected: " + problem.expected);
  }
  std::string text;
  append_canonical(text, document->root(), form, {});
  auto normal = read_json("query", std::move(text));
  if (!normal) return fail(Code::bug, "a query could not be written again");
  return std::move(*normal);
}

std::optional<std::string> text_in(Value object, std::string_view name) {
  const auto value = object.find(name);
  return value.is(Kind::string) ? std::optional<std::string>(value.text()) : std::nullopt;
}

std::optional<std::uint64_t> limit_in(Value root) {
  const auto limit = root.find("limit");
  return limit.is(Kind::number) ? std::optional(std::get<std::uint64_t>(*parse_number(limit.text()))) : std::nullopt;
}

}  // namespace

Result<EventQuery> EventQuery::parse(const std::string& json) {
  TRY(const auto document, taken(json, k_event_query));
  const auto root = document.root();
  EventQuery out;
  out.tenant_id = text_in(root, "tenant_id"), out.correlation_id = text_in(root, "correlation_id");
  out.chain_id = text_in(root, "chain_id");
  out.from = text_in(root.find("time_range"), "start"), out.to = text_in(root.find("time_range"), "end");
  for (const auto kind : root.find("kinds").children()) out.kinds.emplace_back(kind.text());
  out.limit = limit_in(root);
  return out;
}

Result<ArtifactQuery> ArtifactQuery::parse(const std::string& json) {
  TRY(const auto document, taken(json, k_artifact_query));
  const auto root = document.root();
  ArtifactQuery out;
  out.tenant_id = text_in(root, "tenant_id"), out.artifact_id = text_in(root, "artifact_id");
  out.state = text_in(root, "state"), out.limit = limit_in(root);
  if (const auto kind = root.find("kind"); kind && !kind.is(Kind::null)) out.kind = kind.raw();
  return out;
}

std::string label_of(std::uint8_t kind) {
  const auto name = k_kind_names[kind].name;
  if (name == k_trace_recorded_name) return "trace_link_recorded";
  std::string out;
  for (const char c : name) {
    const bool capital = c >= 'A' && c <= 'Z';
    if (capital && !out.empty()) out += '_';
    out += capital ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return out;
}

}  // namespace provgate::events
