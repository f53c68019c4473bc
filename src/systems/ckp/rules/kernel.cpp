// SPDX-License-Identifier: Apache-2.0
// KERNEL: conceptkernel.yaml and what lies beside it (CKP CK-loop page, validation rules and awakening list).
#include <algorithm>
#include <set>

#include "systems/ckp/rules/rules.hpp"

namespace provgate::ckp {
namespace {

bool is_uuid(std::string_view text) {
  if (text.size() != 36) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    const bool hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    if (dash ? c != '-' : !hex) return false;
  }
  return true;
}

class KernelRules {
 public:
  KernelRules(const KernelContext& context, Sink& sink)
      : context_(context), file_(context.info.yaml), root_(context.info.yaml.doc->root()), sink_(sink) {}

  void run() {
    identity();
    actions();
    awakening();
    edges();
    grants();
    git_ref();
  }

 private:
  Finding& add(std::string_view rule, Value at, std::string message) {
    auto& f = sink_.add(rule, file_, at ? at.place() : root_.place(), std::move(message));
    f.focus = context_.info.urn, f.path = std::string(at.key()), f.found = std::string(at.text());
    return f;
  }
  Value either(std::string_view key, std::string_view holder) const {
    return root_.find(key) ? root_.find(key) : root_.find(holder).find(key);
  }

  void identity() {
    const auto version = root_.find("apiVersion");
    if (version.text() != "conceptkernel/v3") {
      add("KERNEL-001", version, version ? "apiVersion is " + quote(version.text()) : "apiVersion is missing")
          .expected = "conceptkernel/v3";
    }
    const auto id = either("kernel_id", "spec");
    if (!is_uuid(id.text()))
      add("KERNEL-002", id, id ? "kernel_id " + quote(id.text()) + " is not a UUID" : "kernel_id is missing").expected =
          "a UUID";
    const auto bfo = root_.find("bfo_type");
    if (bfo.text() != "BFO:0000040")
      add("KERNEL-003", bfo, bfo ? "bfo_type is " + quote(bfo.text()) : "bfo_type is missing").expected = "BFO:0000040";
    if (root_.find("namespace_prefix").text().empty())
      add("KERNEL-004", root_.find("namespace_prefix"), "namespace_prefix is missing");
  }

  void actions() {
    std::set<std::string_view> common;
    const auto list = root_.find("spec").find("actions").find("common");
    for (const auto action : list.children()) common.insert(action.find("name").text());
    for (const std::string_view name : {"status", "check.identity"}) {
      if (!common.contains(name))
        add("KERNEL-005", list, "spec.actions.common has no " + std::string(name)).expected = std::string(name);
    }
  }

  void awakening() {
    static const std::vector<std::string_view> k_v36 = {"README.md",   "CLAUDE.md",    "SKILL.md",    "ontology.yaml",
                                                        "rules.shacl", "CHANGELOG.md", "serving.json"};
    static const std::vector<std::string_view> k_v37 = {"ontology.yaml", "cktype/models.py", "cktype/rdf.ttl",
                                                        "rules.shacl"};
    std::string missing;
    for (const auto name : context_.version == CkpVersion::v37 ? k_v37 : k_v36) {
      if (context_.disk.info(join_path(context_.place.home, name)).type == FileType::missing)
        missing += (missing.empty() ? "" : ", ") + std::string(name);
    }
    if (!missing.empty()) add("KERNEL-006", {}, "files of the awakening list are missing: " + missing).found = missing;
    if (context_.disk.info(join_path(context_.place.home, "rules.shacl")).type == FileType::missing) {
      add("KERNEL-011", {}, "the kernel has no shapes (rules.shacl)");
    }
  }

  void edges() {
    static constexpr std::string_view k_predicates[] = {"COMPOSES", "TRIGGERS", "PRODUCES", "EXTENDS", "LOOPS_WITH"};
    std::set<std::pair<std::string, std::string>> seen;
    for (const auto& edge : context_.info.edges) {
      const auto note = [&](Place at, std::string message, std::string found) {
        auto& f = sink_.add("KERNEL-007", file_, at, std::move(message));
        f.focus = context_.info.urn, f.path = "edges.outbound", f.found = std::move(found);
      };
      std::string upper = edge.predicate.text;
      std::transform(upper.begin(), upper.end(), upper.begin(),
                     [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
      if (std::find(std::begin(k_predicates), std::end(k_predicates), upper) == std::end(k_predicates)) {
        note(edge.predicate.at.line ? edge.predicate.at : edge.target.at,
             "an edge with an unknown predicate " + quote(edge.predicate.text), edge.predicate.text);
      }
      if (!is_kernel_name(edge.target.text))
        note(edge.target.at, "an edge to no kernel name: " + quote(edge.target.text), edge.target.text);
      if (!seen.insert({upper, edge.target.text}).second) note(edge.target.at, "the same edge twice", edge.target.text);
    }
  }

  void grants() {
    for (const auto grant : root_.find("grants").children()) {
      if (grant.find("identity").text().empty() || grant.find("actions").size() == 0) {
        add("KERNEL-008", grant, "a grant needs an identity and a list of actions");
      }
    }
  }

  void git_ref() {
    const auto& project = context_.info.project_file;
    const auto path = join_path(context_.place.home, ".git-ref");
    if (!project.doc || context_.disk.info(path).type != FileType::file) return;
    const auto ref = context_.disk.read(path, 4096);
    if (!ref) {
      SourceFile broken;
      broken.path = path, broken.error = ref.error();
      check_readable(broken, sink_);
      return;
    }
    for (const auto& name : context_.info.names) {
      const auto pin = project.doc->root().find("versions").find(name).find("pins").find("ck");
      if (pin.text().empty() || trim(*ref) == pin.text()) continue;
      auto& f = sink_.add("KERNEL-009", project, pin.place(),
                          ".git-ref is " + quote(trim(*ref)) + ", the pin says " + quote(pin.text()));
      f.focus = context_.info.urn, f.path = "pins.ck", f.found = std::string(trim(*ref)),
      f.expected = std::string(pin.text());
    }
  }

  const KernelContext& context_;
  const SourceFile& file_;
  Value root_;
  Sink& sink_;
};

}  // namespace

void check_kernel(const KernelContext& context, Sink& sink) {
  const auto& info = context.info;
  const bool yaml = check_readable(info.yaml, sink);
  check_readable(info.project_file, sink);
  if (check_readable(info.ontology, sink)) {
    const auto policy = info.ontology.doc->root().find("instance_mutability");
    if (policy && policy.text() != "sealed" && policy.text() != "amendments_allowed" &&
        policy.text() != "full_versioning") {
      auto& f = sink.add("KERNEL-012", info.ontology, policy.place(), "instance_mutability is " + quote(policy.text()));
      f.found = std::string(policy.text()), f.expected = "sealed, amendments_allowed or full_versioning";
    }
  }
  if (context.place.both_areas) {
    sink.add("KERNEL-010", context.place.root, {},
             "storage/ and data/ stand side by side; read as " + std::string(name_of(context.version)));
  }
  if (yaml && info.yaml.doc->root().is(Kind::object)) KernelRules(context, sink).run();
}

}  // namespace provgate::ckp
