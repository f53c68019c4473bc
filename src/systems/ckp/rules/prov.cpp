// SPDX-License-Identifier: Apache-2.0
// PROV: the five conditions of check.provenance on instance records (CKP provenance page), and the fields around them.
#include "systems/ckp/rules/rules.hpp"

namespace provgate::ckp {
namespace {

class Conditions {
 public:
  Conditions(const SourceFile& file, InstanceRecord& record, const KernelContext& context, Sink& sink)
      : file_(file), root_(activity_or(file.doc->root())), record_(record), context_(context), sink_(sink) {}

  void run() {
    if (!record_.generated_by.present && !record_.attributed_to.present && !record_.generated_at.present &&
        base_name(file_.path) != "manifest.json") {
      record_.conforming = false;
      auto& f = add("PROV-015", root_.place(),
                    "no provenance: none of the three mandatory fields is here, and there is no manifest.json");
      f.found = "nothing", f.expected = "prov:wasGeneratedBy, prov:wasAttributedTo, prov:generatedAtTime";
      return;
    }
    generated_by();
    attributed_to();
    generated_at();
    functional(record_.generated_by, "prov:wasGeneratedBy");
    functional(record_.attributed_to, "prov:wasAttributedTo");
    functional(record_.generated_at, "prov:generatedAtTime");
    for (const std::string_view name :
         {"wasAssociatedWith", "used", "wasStartedBy", "wasInfluencedBy", "wasDerivedFrom", "wasInformedBy"}) {
      check_urns(prov_field(root_, name), "prov:" + std::string(name), file_, context_, sink_, record_.urn);
    }
    for (const std::string_view name : k_kind_links)
      check_link_kinds(prov_field(root_, name), name, file_, context_, sink_, record_.urn);
  }

 private:
  Finding& add(std::string_view rule, Place at, std::string message) {
    auto& f = sink_.add(rule, file_, at, std::move(message));
    f.focus = record_.urn;
    return f;
  }

  // Conditions 1 to 3: the field stands there and says something.
  bool present(const ProvField& field, std::string_view rule, const std::string& path) {
    if (!field.values.empty()) {
      if (field.broken || field.blank_item) {
        auto& f = add(rule, field.at, path + " holds a value that is " + (field.broken ? "no text" : "blank"));
        f.path = path, f.found = "a list with a value that says nothing";
      }
      return true;
    }
    record_.conforming = false;
    const char* what = !field.present ? "is missing" : field.broken ? "is not text" : "is empty";
    auto& f = add(rule, field.present ? field.at : root_.place(), path + " " + what);
    f.path = path;
    f.found = !field.present ? "missing" : field.broken ? "a value that is not text" : "empty or null";
    f.expected = rule == "PROV-003"   ? "an xsd:dateTime"
                 : rule == "PROV-002" ? "the URN of the storing kernel"
                                      : "the URN of an action";
    return false;
  }

  // Condition 4: the generator is an action (or a task) of the CKP scheme.
  void generated_by() {
    const std::string path = "prov:wasGeneratedBy";
    if (!present(record_.generated_by, "PROV-001", path)) return;
    for (const auto& value : record_.generated_by.values) {
      const auto urn = check_urn(value, path, file_, context_, sink_, record_.urn);
      if (!urn) {
        record_.conforming = false;
      } else if (urn->kind != UrnKind::action && urn->kind != UrnKind::task) {
        record_.conforming = false;
        auto& f = add("PROV-004", value.at,
                      "prov:wasGeneratedBy names a " + std::string(name_of(urn->kind)) + ", not an Action");
        f.path = path, f.found = value.text, f.expected = "ckp://Action#{Kernel}/{action}-{time} or ckp://Task#{id}";
      }
    }
  }

  // Condition 5: the record is attributed to the kernel it is stored under.
  void attributed_to() {
    const std::string path = "prov:wasAttributedTo";
    if (!present(record_.attributed_to, "PROV-002", path)) return;
    for (const auto& value : record_.attributed_to.values) {
      const auto urn = check_urn(value, path, file_, context_, sink_, record_.urn, record_.decision);
      if (!urn) {
        record_.conforming = false;
      } else if (record_.decision && urn->kind == UrnKind::actor) {
        continue;  // decisions are attributed to who decided
      } else if (context_.info.names.empty()) {
        record_.decidable = false;
        if (urn->kind != UrnKind::kernel) not_the_kernel(value, *urn);
        // One warning for the whole kernel; see check_links.
      } else if (urn->kind != UrnKind::kernel || !context_.info.is(urn->kernel) || !urn->navigation.empty() ||
                 !urn->pin.empty()) {
        not_the_kernel(value, *urn);
      } else if (!context_.info.version.empty() && !urn->version.empty() && urn->version != context_.info.version) {
        auto& f = add("PROV-010", value.at,
                      "attributed to " + urn->version + " of this kernel, which says it is " + context_.info.version);
        f.path = path, f.found = value.text, f.expected = context_.info.urn;
      }
    }
  }

  void not_the_kernel(const Field& value, const Urn& urn) {
    record_.conforming = false;
    const auto& names = context_.info.names;
    const std::string kernel = names.empty() ? "a kernel" : names.front();
    auto& f = add("PROV-005", value.at,
                  !urn.navigation.empty() || !urn.pin.empty()
                      ? "attributed to a part or a state of a kernel, not to the kernel"
                  : urn.kind == UrnKind::kernel
                      ? "attributed to " + urn.kernel + ", but stored under " + kernel
                      : "attributed to a " + std::string(name_of(urn.kind)) + ", but stored under " + kernel);
    f.path = "prov:wasAttributedTo", f.found = value.text;
    f.expected = !context_.info.urn.empty() ? context_.info.urn : "ckp://Kernel#" + kernel + ":v…";
  }

  void generated_at() {
    const std::string path = "prov:generatedAtTime";
    const auto& field = record_.generated_at;
    if (field.values.empty() && field.broken) {
      record_.conforming = false;
      auto& f = add("PROV-006", field.at, "prov:generatedAtTime is not an xsd:dateTime");
      f.path = path, f.found = std::string(root_.find(path).text()), f.expected = "YYYY-MM-DDThh:mm:ssZ";
      return;
    }
    if (!present(field, "PROV-003", path)) return;
    for (const auto& value : field.values) {
      const auto time = parse_datetime(value.text);
      if (!time) {
        record_.conforming = false;
        auto& f = add("PROV-006", value.at, quote(value.text) + " is not an xsd:dateTime");
        f.path = path, f.found = value.text, f.expected = "YYYY-MM-DDThh:mm:ssZ";
        continue;
      }
      if (!time->has_zone) {
        auto& f = add("PROV-007", value.at, "the time has no zone");
        f.path = path, f.found = value.text, f.expected = value.text + "Z";
      }
      constexpr std::int64_t k_skew_micros = 60'000'000;  // clocks of two machines
      if (time->micros > context_.now_micros + k_skew_micros) {
        auto& f = add("PROV-008", value.at, "the time lies in the future");
        f.path = path, f.found = value.text, f.expected = "not after " + format_utc(context_.now_micros);
      }
    }
  }

  void functional(const ProvField& field, const std::string& path) {
    if (field.values.size() < 2) return;
    auto& f = add("PROV-014", field.values[1].at,
                  path + " has " + std::to_string(field.values.size()) + " values; it takes one");
    f.path = path, f.found = field.values[1].text;
  }

  const SourceFile& file_;
  Value root_;
  InstanceRecord& record_;
  const KernelContext& context_;
  Sink& sink_;
};

// PROV fields that stand beside those the record is judged by.
void speaks_for_itself(const SourceFile& file, Value root, const InstanceRecord& record, const KernelContext& context,
                       Sink& sink) {
  check_prov_fields(file, root, record.urn, context, sink);
  for (const auto& value : prov_field(root, "wasAttributedTo").values) {
    const auto urn = parse_urn(value.text, context.options.urns);
    if (!urn || urn->kind != UrnKind::kernel || context.info.names.empty() || context.info.is(urn->kernel)) continue;
    auto& f = sink.add("PROV-005", file, value.at,
                       "attributed to " + urn->kernel + ", but stored under " + context.info.names.front());
    f.focus = record.urn, f.path = "prov:wasAttributedTo", f.found = value.text,
    f.expected = "ckp://Kernel#" + context.info.names.front() + ":v…";
  }
}

}  // namespace

void check_instance_provenance(const InstanceFiles& files, InstanceRecord& record, const KernelContext& context,
                               Sink& sink) {
  const auto* file = files.record();
  if (!file || !file->doc) {
    record.conforming = false;
    return;
  }
  const auto root = file->doc->root();
  if (!root.is(Kind::object)) {
    record.conforming = false;
    auto& f = sink.add("PROV-015", *file, root.place(), "an instance record is a JSON object, not a list");
    f.focus = record.urn;
    return;
  }
  Conditions(*file, record, context, sink).run();
  // A prov:Activity block excuses nothing that stands beside it; and every other file of the instance is of this
  // instance.
  if (activity_or(root).offset() != root.offset()) speaks_for_itself(*file, root, record, context, sink);
  for (const auto* other : {&files.data, &files.message, &files.instance}) {
    if (other == file || !other->doc) continue;
    speaks_for_itself(*other, other->doc->root(), record, context, sink);
    const auto named = other->doc->root().find("instance_id");
    if (!named || (named.text() == record.id && named.is(Kind::string)) || named.text() == files.name) continue;
    auto& f = sink.add("PROV-020", *other, named.place(), base_name(other->path) + " is of another instance");
    f.focus = record.urn, f.path = "instance_id", f.found = std::string(named.text()), f.expected = record.id;
  }
  for (const auto& f : sink.so_far()) {
    const bool provenance = f.rule.starts_with("PROV-") || f.rule.starts_with("URN-");
    if (provenance && f.severity == Severity::error) record.conforming = false;
  }
  const auto id = root.find("instance_id");
  if (id && !id.is(Kind::string)) {
    record.conforming = false;
    auto& f = sink.add("URN-001", *file, id.place(), "instance_id is not text");
    f.focus = record.urn, f.path = "instance_id", f.expected = "one text";
  }
  if (!id.text().empty() && !files.name.empty() && !context.place.loose && id.text() != files.name) {
    auto& f = sink.add("PROV-017", *file, id.place(),
                       "instance_id is " + quote(id.text()) + ", the directory is " + quote(files.name));
    f.focus = record.urn, f.path = "instance_id", f.found = std::string(id.text()), f.expected = files.name;
  }
  if (record.urn.empty()) {
    record.conforming = false;
    check_instance_name(*file, record, sink);
  }
}

}  // namespace provgate::ckp
