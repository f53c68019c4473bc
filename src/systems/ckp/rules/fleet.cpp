// SPDX-License-Identifier: Apache-2.0
// Rules about a fleet as a whole: where its records are published, and which kernel stands where.
#include <algorithm>
#include <map>
#include <tuple>
#include <unordered_map>

#include "systems/ckp/rules/rules.hpp"

namespace provgate::ckp {

void not_alone(InstanceRecord& instance, const std::string& other, Sink& sink) {
  instance.conforming = false, instance.ambiguous = true;
  sink.set_owner(instance.directory);
  auto& f = sink.add("PROV-016", instance.file, {}, "instance_id " + quote(instance.id) + " is also that of " + other);
  f.focus = instance.urn, f.path = "instance_id", f.found = instance.id;
}

namespace {
const std::string k_local_graph = "urn:ckp:fleet:local";
}

void name_graph(CheckedKernel& kernel, const Options& options) {
  kernel.host = options.fleet_host.empty() ? kernel.info.hostname : options.fleet_host;
  kernel.graph = fleet_urn(kernel.host);
  if (!kernel.graph.empty()) return;
  kernel.host.clear();
  kernel.graph = k_local_graph;
}

// GRAPH: where the records are published, and whether two projects would share one graph.
void check_graphs(const Fleet& fleet, Sink& sink) {
  std::map<std::string, std::string> hosts;
  for (const auto& kernel : fleet.kernels) {
    const auto& host = kernel.host;
    sink.set_owner(kernel.place.root);
    const auto& where = kernel.place.yaml.empty() ? kernel.place.root : kernel.place.yaml;
    if (host.empty()) {
      if (kernel.instances.empty() && kernel.actions.empty()) continue;
      auto& f = sink.add("GRAPH-001", where, {}, "no project hostname; the records go to the graph " + k_local_graph);
      f.focus = kernel.info.urn;
      continue;
    }
    const auto [known, fresh] = hosts.emplace(kernel.graph, host);
    if (!fresh && known->second != host) {
      auto& f = sink.add("GRAPH-002", where, {},
                         "the hosts " + known->second + " and " + host + " share one graph, " + kernel.graph);
      f.focus = kernel.graph, f.found = host, f.expected = "a hostname with a slug of its own";
    }
  }
}

// One kernel of one project stands in one place: its ledger entries are found by its name, so two directories with
// records would be one kernel's records twice. The states of a kernel in the volume layout (versions, commits, master)
// are one kernel in several directories; there, too, an id may stand only once.
namespace {

std::map<std::string, std::string> record_files(const CheckedKernel& kernel) {
  std::map<std::string, std::string> out;
  const auto add = [&](const auto& list) {
    for (const auto& one : list) out.emplace(path_below(one.file, kernel.place.root), one.file);
  };
  add(kernel.actions), add(kernel.tasks), add(kernel.goals), add(kernel.decisions), add(kernel.proposals);
  return out;
}

// A copy of a place without instances, byte for byte: its records are the same ones.
bool is_copy(Disk& disk, const CheckedKernel& a, const CheckedKernel& b) {
  if (!a.instances.empty() || !b.instances.empty()) return false;
  const auto ones = record_files(a), others = record_files(b);
  return std::ranges::equal(ones, others, [&](const auto& one, const auto& other) {
    if (one.first != other.first) return false;
    const auto text = disk.read(one.second, UINT64_MAX), same = disk.read(other.second, UINT64_MAX);
    return text && same && *text == *same;
  });
}

}  // namespace

void one_place(Disk& disk, Fleet& fleet, Sink& sink) {
  std::map<std::tuple<std::string, std::string, std::string>, const CheckedKernel*> first;
  std::map<std::pair<std::string, std::string>, std::unordered_map<std::string_view, InstanceRecord*>> known_ids;
  for (auto& kernel : fleet.kernels) {
    if (kernel.place.loose || kernel.info.names.empty() || kernel.only_others()) continue;
    const auto& name = kernel.info.names.front();
    const auto [known, fresh] = first.emplace(
        std::tuple{kernel.graph, name, kernel.info.state.empty() ? kernel.info.version : "/" + kernel.info.state},
        &kernel);
    if (!fresh && is_copy(disk, kernel, *known->second)) continue;
    if (!fresh) {
      for (const auto& [here, there] :
           {std::pair{kernel.place.root, known->second->place.root}, {known->second->place.root, kernel.place.root}}) {
        sink.set_owner(here);
        auto& f = sink.add("KERNEL-013", here, {}, "the kernel " + name + " has records here and in " + there);
        f.focus = kernel.info.urn, f.found = name, f.expected = "one directory";
      }
      continue;
    }
    auto& ids = known_ids[{kernel.graph, name}];
    for (auto& instance : kernel.instances) {
      const auto [twin, alone] = ids.emplace(instance.id, &instance);
      if (alone || twin->second->directory.starts_with(kernel.place.root + "/")) continue;
      if (instance.judged) not_alone(instance, twin->second->directory, sink);
      if (twin->second->judged) not_alone(*twin->second, instance.directory, sink);
    }
  }
}

}  // namespace provgate::ckp
