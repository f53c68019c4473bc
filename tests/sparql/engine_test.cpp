// SPDX-License-Identifier: Apache-2.0
// The C interfaces of the engine: both sides lay out each structure alike.
#include "sparql/engine.h"

#include <gtest/gtest.h>

#include <span>
#include <vector>

#include "rdf/engine.h"

namespace {

#define PROVGATE_SHAPE(type) sizeof(type), alignof(type)
#define PROVGATE_AT(type, field) offsetof(type, field)

std::vector<std::size_t> of_headers() {
  using Quad = provgate_quad;
  using Text = provgate_text;
  using Source = provgate_source;
  using Sink = provgate_sink;
  using Options = provgate_run_options;
  using Info = provgate_info;
  using Reader = provgate_rdf_reader;
  using Context = provgate_rdf_context;
  static_assert(sizeof(provgate_rdf_text) == sizeof(Text) && alignof(provgate_rdf_text) == alignof(Text));
  static_assert(offsetof(provgate_rdf_text, data) == offsetof(Text, data));
  static_assert(offsetof(provgate_rdf_text, size) == offsetof(Text, size));
  return {
      PROVGATE_SHAPE(Quad),
      PROVGATE_AT(Quad, s),
      PROVGATE_AT(Quad, p),
      PROVGATE_AT(Quad, o),
      PROVGATE_AT(Quad, g),
      PROVGATE_SHAPE(Text),
      PROVGATE_AT(Text, data),
      PROVGATE_AT(Text, size),
      PROVGATE_SHAPE(Source),
      PROVGATE_AT(Source, self),
      PROVGATE_AT(Source, open),
      PROVGATE_AT(Source, next),
      PROVGATE_AT(Source, close),
      PROVGATE_AT(Source, find),
      PROVGATE_AT(Source, text),
      PROVGATE_AT(Source, next_graph),
      PROVGATE_SHAPE(Sink),
      PROVGATE_AT(Sink, self),
      PROVGATE_AT(Sink, write),
      PROVGATE_AT(Sink, row),
      PROVGATE_SHAPE(Options),
      PROVGATE_AT(Options, format),
      PROVGATE_AT(Options, deadline_ms),
      PROVGATE_AT(Options, max_rows),
      PROVGATE_AT(Options, max_memory),
      PROVGATE_AT(Options, cancel),
      PROVGATE_AT(Options, bindings),
      PROVGATE_AT(Options, sets),
      PROVGATE_SHAPE(Info),
      PROVGATE_AT(Info, status),
      PROVGATE_AT(Info, line),
      PROVGATE_AT(Info, column),
      PROVGATE_AT(Info, kind),
      PROVGATE_AT(Info, rows),
      PROVGATE_AT(Info, self),
      PROVGATE_AT(Info, say),
      PROVGATE_AT(Info, name),
      PROVGATE_SHAPE(Reader),
      PROVGATE_AT(Reader, self),
      PROVGATE_AT(Reader, add),
      PROVGATE_AT(Reader, fail),
      PROVGATE_SHAPE(Context),
      PROVGATE_AT(Context, url),
      PROVGATE_AT(Context, document),
  };
}

}  // namespace

TEST(Engine, BothSidesLayOutTheirStructuresAlike) {
  std::size_t count = 0;
  const auto* first = provgate_engine_layouts(&count);
  const std::span<const std::size_t> engine(first, count);
  EXPECT_EQ(of_headers(), std::vector<std::size_t>(engine.begin(), engine.end()));
}
