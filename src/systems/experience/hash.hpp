// SPDX-License-Identifier: Apache-2.0
// The hashes of experience records, by both recipes. Source: G6 (RFC 8785), G7 (ECMA-262, JSON.stringify). Pure.
// Threads: any.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "provgate/text/text.hpp"
#include "systems/experience/table.hpp"
#include "text/canonical_scan.hpp"

namespace provgate::experience {

/// `provgate-record-1`: over all fields but those that change, the hash itself and the table's name; what is null is
/// as if it were not there. 64 hexadecimal digits. Errors: as canonical().
Result<std::string> record_hash(const Table& table, Value record);

/// The same of a record whose text is its own canonical form, in its 32 bytes.
std::string record_digest(const Table& table, std::span<const ScannedMember> members);

/// `seed`: over two texts, one behind the other: what the record says in words, and its metadata as ECMAScript writes
/// them. Nothing where the record has no such texts.
std::optional<std::string> seed_hash(std::string_view words, Value metadata);
/// Whether the metadata give that hash in their own order, or, where a database lost it, in another one of their names:
/// all are tried of up to six. Nothing: it cannot be told.
enum class SeedHash { holds, in_another_order, differs };
std::optional<SeedHash> compare_seed_hash(std::string_view words, Value metadata, std::string_view hash);

/// JSON.stringify of what JSON.parse read.
std::string stringified(Value value);

}  // namespace provgate::experience
