// SPDX-License-Identifier: Apache-2.0
// CKP URNs: parse, validate, explain, print. Grammar: FORMAT.md, "CKP URNs"; after the CKP URN page (v3.2 table, 19
// types) with the types that later pages use.
#pragma once

#include <string>
#include <string_view>

#include "base/fault.hpp"
#include "provgate/base/base.hpp"

namespace provgate::ckp {

enum class UrnProfile {
  strict,   ///< the documented v3 forms
  lenient,  ///< strict, and: kernels without a version or with free names, opaque types, user:NAME
  legacy    ///< lenient, and: the v1.x and v3.4 forms (ckp://System.Consensus:v1.0, ckp://Agent/user:x, …)
};
std::optional<UrnProfile> parse_urn_profile(std::string_view name);
std::string_view name_of(UrnProfile profile);

enum class UrnKind {
  kernel,
  action,
  occurrent,
  instance,
  task,
  goal,
  actor,
  role,
  edge,
  domain,
  project,
  grant,
  process,
  event,
  transaction,
  message,
  check,
  deployment,
  transfer,
  mutation,
  phase,
  capability,
  fleet,
  opaque,
  legacy
};
std::string_view name_of(UrnKind kind);

/// One URN in its parts. Parts that a kind does not have, or that were not written, are empty.
struct Urn {
  UrnKind kind = UrnKind::opaque;
  std::string text;       ///< as read; printing never changes a part
  std::string kernel;     ///< "Delvinator.Core"
  std::string action;     ///< "exchange.parse"; for Check and Mutation its name
  std::string step;       ///< Occurrent: the step type
  std::string id;         ///< local id; for an action what follows the action's name
  std::string version;    ///< "v1.0"
  std::string timestamp;  ///< digits, as written
  std::string hash;
  std::string pin;                          ///< without "@"
  std::string navigation;                   ///< "/actions?x=y" as written, with its slash
  char separator = 0;                       ///< Action: '/' or '.'
  UrnProfile profile = UrnProfile::strict;  ///< the narrowest profile that takes it

  /// The documented spelling: slash form for actions; every other character as written.
  std::string canonical() const;
  /// A kernel's URN without pin and navigation.
  std::string base() const;
};

/// Requires nothing. Pure. A fault stands at the first character that does not fit, and says what was found there.
/// Nothing is normalised: a URN that differs in case or escapes is another URN.
tl::expected<Urn, Fault> parse_urn(std::string_view text, UrnProfile profile = UrnProfile::strict);

bool is_kernel_name(std::string_view name);  ///< strict: "Delvinator.Core"
bool is_instance_id(std::string_view id);
/// Builders check their parts; empty where a part does not fit the strict grammar.
std::string kernel_urn(std::string_view name, std::string_view version);
std::string instance_urn(std::string_view id, std::string_view kernel = {});
std::string task_urn(std::string_view id);
std::string goal_urn(std::string_view id);
/// urn:ckp:fleet:{hostname-slug}; empty when the hostname has no slug.
std::string fleet_urn(std::string_view hostname);

}  // namespace provgate::ckp
