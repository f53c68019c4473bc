// SPDX-License-Identifier: Apache-2.0
/* The C interface of the engine (src/sparql/engine/src/ffi.rs). Callbacks return 0, or anything else when they failed;
   they must not throw. A number of 0 is no term, and any term in a pattern. */
#pragma once

#include <stddef.h>
#include <stdint.h>

extern "C" {

struct provgate_quad {
  uint64_t s, p, o, g;
};

struct provgate_text {
  const uint8_t* data; /* null: no text */
  size_t size;
};

struct provgate_source {
  void* self;
  int32_t (*open)(void* self, const provgate_quad* pattern, void** scan);
  int32_t (*next)(void* self, void* scan, provgate_quad* out, uint32_t capacity, uint32_t* count);
  void (*close)(void* self, void* scan);
  int32_t (*find)(void* self, const uint8_t* text, size_t size, uint64_t* id);
  int32_t (*text)(void* self, uint64_t id, const uint8_t** text, size_t* size);
  int32_t (*next_graph)(void* self, uint64_t after, uint64_t* graph);
};

struct provgate_sink {
  void* self;
  int32_t (*write)(void* self, const uint8_t* bytes, size_t size);
  int32_t (*row)(void* self, uint32_t set, const provgate_text* cells, size_t count);
};

struct provgate_run_options {
  uint32_t format; /* 0 rows, 1 JSON, 2 CSV, 3 TSV, 4 XML, 5 N-Triples */
  uint64_t deadline_ms, max_rows, max_memory;
  const uint32_t* cancel; /* may be null; read atomically */
  const provgate_text* bindings;
  size_t sets;
};

struct provgate_info {
  uint32_t status; /* 0 ok, 1 refused, 2 syntax, 3 limit, 4 source, 5 sink, 6 cancelled, 7 no thread, 70 panic */
  uint32_t line, column;
  uint32_t kind; /* 0 SELECT, 1 ASK, 2 CONSTRUCT, 3 DESCRIBE */
  uint64_t rows;
  void* self;
  void (*say)(void* self, const uint8_t* text, size_t size);
  void (*name)(void* self, const uint8_t* text, size_t size);
};

struct provgate_query;
provgate_query* provgate_sparql_prepare(provgate_text text, provgate_text slots, provgate_text path,
                                        provgate_info* info);
void provgate_sparql_run(const provgate_query* query, const provgate_source* source,
                         const provgate_run_options* options, const provgate_sink* sink, provgate_info* info);
void provgate_sparql_free(provgate_query* query);

/* For a test: of each structure here and in src/rdf/engine.h its size, its alignment and the offset of each field, as
   the engine has them. */
const size_t* provgate_engine_layouts(size_t* count);
}
