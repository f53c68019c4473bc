// SPDX-License-Identifier: Apache-2.0
// Ways to tamper with a sealed fleet, and who has to see them (see Fleet::seen).
#pragma once

#include <gtest/gtest.h>

#include "base/digest.hpp"
#include "support/sealed_fleet.hpp"
#include "support/store_rows.hpp"

namespace provgate::test {

inline std::string number(std::uint64_t seq) {
  std::string out(8, '\0');
  for (int i = 7; i >= 0; --i, seq >>= 8) out[static_cast<std::size_t>(i)] = static_cast<char>(seq & 255);
  return out;
}

inline std::string with(std::string text, std::string_view from, std::string_view to) {
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

// The chain behind an entry, and what is noted of its end, made to fit again.
inline void mend_chain(const std::string& store) {
  std::string head;
  edit_table(store, "ledger", [&](TableRows& rows) {
    std::string before(64, '0');
    for (auto& [seq, text] : rows) {
      text.replace(text.rfind("\"prev\":\"") + 8, 64, before);
      before = sha256_hex(text).text;
    }
    head = "1 " + std::to_string(rows.size()) + " " + before;
  });
  edit_table(store, "meta", [&](TableRows& rows) { rows["head"] = head; });
}

struct Attack {
  const char* what;
  const char* seen;
  std::function<void(Fleet&)> edit;
};

inline void holds(const std::vector<Attack>& attacks) {
  for (const auto& [what, seen, edit] : attacks) {
    Fleet fleet;
    edit(fleet);
    EXPECT_EQ(fleet.seen(), seen) << what;
  }
}

inline auto edit_entry(std::uint64_t seq, const char* from, const char* to, bool mended = false) {
  return [=](Fleet& fleet) {
    edit_table(fleet.store(), "ledger", [&](TableRows& rows) {
      auto& text = rows[number(seq)];
      text = with(text, from, to);
    });
    if (mended) mend_chain(fleet.store());
  };
}

inline auto edit_file(const std::string& path, const char* from, const char* to) {
  return [=](Fleet& fleet) {
    auto& node = fleet.fake.disk.nodes()[path];
    node.text = with(node.text, from, to);
  };
}

inline void move_tree(Fleet& fleet, const std::string& from, const std::string& to) {
  auto& nodes = fleet.fake.disk.nodes();
  const auto all = nodes;
  for (const auto& [path, node] : all) {
    if (path != from && !path.starts_with(from + "/")) continue;
    auto moved = nodes.extract(path);
    moved.key() = to + path.substr(from.size());
    nodes.insert(std::move(moved));
  }
}

inline void put_notes(Fleet& fleet, const std::string& note) {
  edit_table(fleet.store(), "unfinished", [&](TableRows& rows) {
    for (std::uint64_t seq = 1; seq < 9; ++seq) rows[number(seq)] = note;
  });
}

inline void publish_all(Fleet& fleet) {
  auto store = Store::open(fleet.store(), true);
  std::vector<Seq> all;
  (void)store->each_pending([&](const OutboxRow& row) { return all.push_back(row.seq), true; });
  ASSERT_TRUE(store->begin_batch(all));
  ASSERT_TRUE(store->finish_batch(all, BatchId("urn:provgate:batch:" + std::string(64, 'a'))));
}

inline auto empty(const char* table) {
  return [=](Fleet& fleet) { edit_table(fleet.store(), table, [](TableRows& rows) { rows.clear(); }); };
}

}  // namespace provgate::test
