// SPDX-License-Identifier: Apache-2.0
#include "systems/experience/store/keeping.hpp"

#include <algorithm>
#include <numeric>

#include "base/parallel.hpp"
#include "systems/experience/convert/convert.hpp"
#include "systems/experience/rules/links.hpp"
#include "systems/experience/store/holding.hpp"

namespace provgate::experience {
namespace {

// Records of a batch, on one thread.
struct Said {
  Graph graph;
  NameIds names;
  std::optional<Error> failed;
};

void say_one(std::string_view bytes, Said& out) {
  if (out.failed) return;
  auto kept = read_kept(bytes);
  if (!kept) {
    out.failed = kept.error();
    return;
  }
  Writer writer(out.graph, 0, {}, &out.names);
  convert_record(kept->value, kept->told, writer);
}

class ExperienceKeeping final : public Keeping {
 public:
  Result<IndexRows> found_by(std::string_view bytes, std::string_view) const override {
    TRY(const auto row, read_kept(bytes));
    return rows_of(row);
  }

  Result<std::string> iri(std::string_view bytes, std::string_view) const override {
    TRY(const auto row, read_kept(bytes));
    return record_iri(*row.told.table, row.told.id);
  }

  bool same(std::string_view kept, std::string_view now) const override {
    if (kept == now) return true;
    const auto before = read_kept(kept), after = read_kept(now);
    return before && after && before->told.link.record == after->told.link.record &&
           !against_change(before->told.state, after->told.state);
  }

  Result<std::vector<KeptPlace>> named(const KeptRecords& kept, std::string_view name) const override {
    std::vector<KeptPlace> out;
    for (const auto& table : tables()) {
      const auto prefix = name_of(table.kind, "");
      const auto id = name.starts_with(prefix) ? name.substr(prefix.size()) : name;
      if (!parse_uuid(id)) continue;
      TRY(const auto found, kept.last(by_id(table, id)));
      if (found) out.push_back(found->place);
    }
    return out;
  }

  Result<std::vector<Held>> hold(const KeptRecords& kept, const std::vector<Offered>& offered,
                                 const std::string&) const override {
    std::vector<KeptRow> rows;
    for (const auto& one : offered) {
      TRY(auto row, read_kept(one.bytes));
      rows.push_back(std::move(row));
    }
    // What others follow comes first, wherever it stands.
    std::vector<std::size_t> order(rows.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, {},
                             [&](std::size_t i) { return std::pair(rows[i].told.link.depth, rows[i].told.sequence); });
    Holding holding(kept);
    std::vector<Held> out(rows.size());
    for (const auto i : order) {
      TRY(out[i], holding.hold(offered[i], std::move(rows[i])));
    }
    return out;
  }

  Result<Graph> say(const KeptRecords& kept, const LedgerEntry& batch, unsigned threads) const override {
    std::vector<std::string_view> records;
    CHECKED(kept.each({batch.seq, 0}, [&](KeptPlace place, std::string_view bytes) {
      if (place.entry == batch.seq) records.push_back(bytes);
      return place.entry == batch.seq;
    }));
    constexpr std::size_t k_at_once = 512;
    std::vector<Said> said((records.size() + k_at_once - 1) / k_at_once);
    parallel_for(said.size(), threads, [&](std::size_t i) {
      const auto end = std::min(records.size(), (i + 1) * k_at_once);
      for (auto at = i * k_at_once; at < end; ++at) say_one(records[at], said[i]);
    });
    Graph out;
    const auto name = out.terms().intern(iri_text(std::string(k_graph)));
    for (auto& part : said) {
      if (part.failed) return tl::unexpected<Error>(*part.failed);
      const auto map = out.terms().merge(std::move(part.graph.terms()));
      for (const auto& quad : part.graph.quads()) out.add({map[quad.s], map[quad.p], map[quad.o], name});
    }
    return out;
  }
};

}  // namespace

const Keeping& keeping() {
  static const ExperienceKeeping k_keeping;
  return k_keeping;
}

}  // namespace provgate::experience
