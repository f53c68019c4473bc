// SPDX-License-Identifier: Apache-2.0
// Records of experience as PROV-O. Later states of a record add statements and take none away: what was verified,
// disputed, revoked or sealed is an activity of its own.
// Source: PROV-O (W3C, 2013). Roles stand on associations, never on attributions. Threads: any.
#pragma once

#include "systems/experience/convert/writer.hpp"
#include "systems/experience/record.hpp"

namespace provgate::experience {

/// What one record says. Requires one that was not refused.
void convert_record(Value row, const Told& record, Writer& out);

/// Parts of that.
void convert_attestation(Value row, const std::string& iri, Writer& out);
void convert_accountability(Value row, const std::string& iri, Writer& out);
/// Who it is, by what the id says. Gives its IRI; empty where there is no id.
std::string say_identity(Value id, Writer& out);
/// The round of a beacon that the columns with that prefix name, used by an activity.
void say_beacon(Value row, std::string_view prefix, const std::string& activity, Writer& out);

}  // namespace provgate::experience
