// SPDX-License-Identifier: Apache-2.0
/* The C interface of the readers of RDF/XML and JSON-LD (src/sparql/engine/src/rdf.rs). Callbacks must not throw. */
#pragma once

#include <stddef.h>
#include <stdint.h>

extern "C" {

struct provgate_rdf_text {
  const uint8_t* data; /* null: no text */
  size_t size;
};

struct provgate_rdf_context {
  provgate_rdf_text url, document;
};

struct provgate_rdf_reader {
  void* self;
  /* Subject, predicate, object and graph in canonical N-Triples text, and where the statement is made: the element that
     makes it, or the object that names its subject. Returns 0 to go on.
     A predicate alone is a name of JSON-LD that no context defines: what stood at it was left out. */
  int32_t (*add)(void* self, const provgate_rdf_text* terms, uint64_t begin, uint64_t end);
  void (*fail)(void* self, uint64_t offset, const uint8_t* why, size_t size);
};

/* syntax: 0 RDF/XML; 8 the same, with x-provgate-none for no language; 1 JSON-LD with its members put in order (a fault
   then may be one of this alone); 2 more: as it stands; 4 more: without the statements whose predicate is no IRI and
   what stands in them, which JSON-LD drops. Terms may be no IRIs but for 4: they are to be looked at.
   Returns 0; 1 after a fault, which was said; 2 when add ended it; 7 without a thread; 70 for a bug. */
uint32_t provgate_rdf_read(uint32_t syntax, provgate_rdf_text text, provgate_rdf_text base,
                           const provgate_rdf_context* contexts, size_t count, const provgate_rdf_reader* reader);
}
