// SPDX-License-Identifier: Apache-2.0
// What is kept of an event after it was read, and of what it says that others are held against.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "provgate/record/sink.hpp"
#include "systems/events/wire/hold.hpp"

namespace provgate::events {

/// How events are read.
struct Rulebook {
  Wire wire;
  bool any_ids = false;              ///< ids of stores that take any text
  bool judge = true, digest = true;  ///< digest: of each event
};

struct Event {
  std::uint32_t file = 0;    ///< of its log
  std::uint64_t offset = 0;  ///< of its own text there
  std::uint32_t length = 0;
  Place at;  ///< where it begins
  std::optional<std::string> tenant;
  std::string id;  ///< empty: it has none
  std::uint8_t kind = k_no_kind;
  bool conforming = true, refused = false;  ///< refused: the original reader does not take it
  std::array<char, 32> digest{};            ///< SHA-256 of its own text

  static constexpr std::uint8_t k_no_kind = 255;
};

/// Something that an event says and that other events have to agree with.
struct Mention {
  enum class What : std::uint8_t {
    proposes,  ///< a proposal
    passes,    ///< the validation of a proposal
    fails,
    promotes,   ///< a proposal; detail: the fact
    fact,       ///< a fact that there is from now on
    of_fact,    ///< speaks of a fact
    trace,      ///< a trace; detail: its replayability, and what it is
    downgrade,  ///< of a trace; detail: FROM TO
    of_trace,
    policy,  ///< the hash of a policy
    of_policy,
    gate,  ///< a decision about a gate
    of_gate,
    transition,  ///< of an artifact; detail: FROM TO
    of_proposal
  };
  What what;
  std::uint32_t event = 0;  ///< of those of its part, then of its log
  Place at;
  std::string id, detail;
  std::string time = {};  ///< of a transition: when
};

/// What a mention is about; empty: it defines nothing that others refer to.
std::string_view thing_of(Mention::What what);

/// What a document says, with what the rules about single events find.
struct Judged {
  Event event;
  std::vector<Mention> mentions;
  std::unique_ptr<Document> normal;  ///< its canonical text, where it is written in another way than plainly
  Value envelope;                    ///< of the document or of `normal`; absent where it was refused
};
/// Judges one document. Findings go into the sink.
Judged judge(const SourceFile& file, const Rulebook& rules, Sink& sink);

/// Whether a document is an event: an envelope, or a record with one inside.
bool is_event(Value root);

/// Of an envelope that was taken.
inline Value data_of(Value envelope) { return envelope.find("event").find("data"); }
inline std::string_view kind_of(Value envelope) { return envelope.find("event").find("type").text(); }
/// Whether a time is an instant, and which: not a logical clock, and not the stand-in 1970-01-01T00:00:00Z.
std::optional<Timestamp> instant_of(std::string_view time);
bool is_logical_time(std::string_view time);

}  // namespace provgate::events
