// SPDX-License-Identifier: Apache-2.0
#include "systems/ckp/reached.hpp"

namespace provgate::ckp {

void convert_reached(Converter& converter, FileCache& cache, const InstanceRecord& instance, const Join::Found& found,
                     Conditional conditional) {
  const SourceFile none;
  // What files say of the same action stands first.
  for (const bool of_logs : {false, true}) {
    for (const auto* list : {&found.by_urn, &found.by_instance}) {
      for (const auto* action : *list) {
        if ((action->source == ActionSource::ledger) != of_logs) continue;
        conditional.say(action->file, of_logs, [&] {
          converter.action(action->source == ActionSource::proof ? cache.get(action->file) : none, *action);
        });
      }
    }
  }
  for (const auto* action : found.by_instance)
    conditional.say(action->file, false, [&] { converter.joined(instance, *action); });
  for (const auto* task : found.tasks)
    conditional.say(task->file, false, [&] { converter.task(cache.get(task->file), *task); });
  for (const auto* decision : found.decisions) {
    if (const auto& file = cache.get(decision->file); file.doc)
      conditional.say(decision->file, false, [&] { converter.decision(file, *decision); });
  }
  for (const auto* proposal : found.proposals) {
    if (const auto& file = cache.get(proposal->file); file.doc)
      conditional.say(proposal->file, false, [&] { converter.proposal(file); });
  }
  for (const auto* goal : found.goals)
    conditional.say(goal->file, false, [&] { converter.goal(cache.get(goal->file), *goal); });
}

}  // namespace provgate::ckp
