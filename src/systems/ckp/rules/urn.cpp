// SPDX-License-Identifier: Apache-2.0
// URN: every URN in a PROV field follows the CKP scheme.
#include <algorithm>

#include "systems/ckp/rules/rules.hpp"

namespace provgate::ckp {

std::optional<Urn> check_urn(const Field& field, std::string_view path, const SourceFile& file,
                             const KernelContext& context, Sink& sink, std::string_view focus, bool decision) {
  auto urn = parse_urn(field.text, context.options.urns);
  if (!urn) {
    const auto& fault = urn.error();
    Place at = field.at;
    // The fault's own column, where the text stands in the source as it is.
    if (file.doc && at.line && at.line == at.end_line &&
        at.end_column - at.column == count_code_points(field.text) + 2) {
      const auto before =
          static_cast<std::uint32_t>(count_code_points(std::string_view(field.text).substr(0, fault.offset)));
      at.column += 1 + before;
      at.end_column = std::max(at.column + 1, at.end_column - 1);
    }
    auto& f = sink.add("URN-001", file, at,
                       "not a CKP URN: " + quote(field.text) + " has " + fault.why + " at character " +
                           std::to_string(count_code_points(std::string_view(field.text).substr(0, fault.offset)) + 1));
    f.focus = std::string(focus), f.path = std::string(path), f.found = field.text, f.expected = fault.expected;
    if (!fault.nearest.empty()) f.fix = "write " + fault.nearest;
    return {};
  }
  if (urn->kind == UrnKind::action && urn->separator == '.') {
    auto& f = sink.add("URN-002", file, field.at, "the dot form of an action; the documented form has a slash");
    f.focus = std::string(focus), f.path = std::string(path), f.found = field.text, f.expected = urn->canonical();
    f.fix = "write " + urn->canonical();
  }
  if (urn->profile != UrnProfile::strict) {
    const bool user = urn->text.starts_with("user:");
    auto& f = sink.add(user && decision ? "URN-003" : "URN-004", file, field.at,
                       user ? "an actor written as user:NAME"
                            : "a form that only the " + std::string(name_of(urn->profile)) + " grammar takes");
    f.focus = std::string(focus), f.path = std::string(path), f.found = field.text;
  }
  return *urn;
}

void check_urns(const ProvField& field, std::string_view path, const SourceFile& file, const KernelContext& context,
                Sink& sink, std::string_view focus, bool decision) {
  for (const auto& value : field.values) check_urn(value, path, file, context, sink, focus, decision);
}

namespace {

enum class Fit { right, odd, impossible };

// Tasks and decisions may be kept as instances; their ids say so.
bool task_or_decision(const Urn& urn) {
  return urn.id.starts_with("i-task-") || urn.id.starts_with("decision") || urn.id.starts_with("D-") ||
         urn.id.starts_with("P-");
}

// What a link may name (CKP provenance page, fields of actions and tasks). Impossible is what PROV-O rules out: an
// agent is not made or done, a starter is not an agent's name.
Fit fit_of(std::string_view link, const Urn& urn) {
  using enum UrnKind;
  const auto among = [&](std::initializer_list<UrnKind> kinds) {
    return std::find(kinds.begin(), kinds.end(), urn.kind) != kinds.end();
  };
  if (link == "wasAssociatedWith" || link == "wasAttributedTo") {
    if (among({kernel, actor, role})) return Fit::right;
    return among({goal, task, instance, action, occurrent, edge}) ? Fit::impossible : Fit::odd;
  }
  if (link == "wasStartedBy") {
    if (among({task, action}) || (urn.kind == instance && task_or_decision(urn))) return Fit::right;
    return among({kernel, role, edge}) ? Fit::impossible : Fit::odd;
  }
  if (urn.kind == goal || (urn.kind == instance && task_or_decision(urn))) return Fit::right;
  return urn.kind == edge ? Fit::impossible : Fit::odd;
}

}  // namespace

void check_link_kinds(const ProvField& field, std::string_view link, const SourceFile& file,
                      const KernelContext& context, Sink& sink, std::string_view focus) {
  for (const auto& value : field.values) {
    const auto urn = parse_urn(value.text, context.options.urns);
    if (!urn) continue;
    const auto fit = fit_of(link, *urn);
    if (fit == Fit::right) continue;
    const std::string kind(name_of(urn->kind));
    auto& f =
        sink.add(fit == Fit::impossible ? "PROV-018" : "PROV-019", file, value.at,
                 "prov:" + std::string(link) + " names " + (kind.find_first_of("AEIO") == 0 ? "an " : "a ") + kind);
    f.focus = std::string(focus), f.path = "prov:" + std::string(link), f.found = value.text;
    f.expected = link == "wasAssociatedWith" || link == "wasAttributedTo" ? "a Kernel, Actor or Role"
                 : link == "wasStartedBy"                                 ? "a Task, a decision or an Action"
                                                                          : "a Goal or a decision";
  }
}

void check_prov_fields(const SourceFile& file, Value root, std::string_view focus, const KernelContext& context,
                       Sink& sink, bool decision) {
  for (const std::string_view name : k_prov_links) {
    check_urns(prov_field(root, name), "prov:" + std::string(name), file, context, sink, focus, decision);
  }
  for (const std::string_view name : k_kind_links)
    check_link_kinds(prov_field(root, name), name, file, context, sink, focus);
  check_link_kinds(prov_field(root, "wasAttributedTo"), "wasAttributedTo", file, context, sink, focus);
  const auto field = prov_field(root, "generatedAtTime");
  const auto bad_time = [&](Place at, const std::string& found) {
    auto& f = sink.add("PROV-006", file, at, quote(found) + " is not an xsd:dateTime");
    f.focus = std::string(focus), f.path = "prov:generatedAtTime", f.found = found, f.expected = "YYYY-MM-DDThh:mm:ssZ";
  };
  if (field.broken) bad_time(field.at, "a value that is not text");
  for (const auto& value : field.values) {
    if (!parse_datetime(value.text)) bad_time(value.at, value.text);
  }
  // Only decision records may name an actor.
  if (decision) return;
  for (const auto& value : prov_field(root, "wasAttributedTo").values) {
    const auto urn = parse_urn(value.text, context.options.urns);
    if (!urn || urn->kind != UrnKind::actor) continue;
    auto& f = sink.add("PROV-005", file, value.at, "attributed to an Actor; only decision records may be");
    f.focus = std::string(focus), f.path = "prov:wasAttributedTo", f.found = value.text, f.expected = "a kernel";
  }
}

}  // namespace provgate::ckp
