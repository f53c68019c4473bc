// SPDX-License-Identifier: Apache-2.0
// How a value of the wire format has to look, as data: one description serves reading, the canonical text and what
// messages say. The original reader is a Rust program with serde: what it takes and what it writes is what counts.
// Source: converge-core 3.9.3 (experience store), serde 1.0 and serde_json 1.0. Threads: any.
#pragma once

#include <span>
#include <string_view>

namespace provgate::events {

struct Form;

/// A member of a record.
struct Member {
  enum class When {
    always,
    optional,  ///< may be absent or null
    fallback   ///< may be absent, and is not null then: `absent` stands for it
  };
  std::string_view name;
  const Form* form = nullptr;
  When when = When::always;
  std::string_view absent = {};  ///< canonical text of what an absent one means
  bool left_out = false;         ///< the canonical text has none where it is null or empty
  bool since_39 = false;         ///< earlier profiles do not know it; those stand last
};

/// One of several. Without a form it is its name alone.
struct Variant {
  std::string_view name;
  const Form* form = nullptr;
};

struct Form {
  enum class Type {
    text,
    boolean,
    u32,
    u64,
    f32,     ///< single precision, any sign
    unit,    ///< 0..1 in double precision; a number of any size in profiles before 3.9
    hash,    ///< 64 hexadecimal digits
    any,     ///< any JSON value
    list,    ///< of `inner`
    map,     ///< from texts, or from the names of `variants`, to `inner`
    record,  ///< of `members`
    choice,  ///< a name, or an object of one name and its value
    inside,  ///< an object whose member `tag` says which of `variants` the rest is
    beside   ///< an object of `tag` and `content`
  };
  Type type = Type::text;
  std::string_view called;  ///< "a step"
  const Form* inner = nullptr;
  std::span<const Member> members = {};
  std::span<const Variant> variants = {};
  std::string_view tag = {}, content = {};
  bool as_list = true;  ///< a record may be written as the list of its members
};

inline constexpr std::size_t k_most_members = 16;

/// Envelopes of the 14 kinds that an engine writes, of the five of users, and both with the word in front which it is.
extern const Form k_engine_envelope, k_user_envelope, k_record;
/// What is asked for: EventQuery and ArtifactQuery.
extern const Form k_event_query, k_artifact_query;
/// The kinds, in the order of the original.
extern const std::span<const Variant> k_engine_kinds, k_user_kinds;

}  // namespace provgate::events
