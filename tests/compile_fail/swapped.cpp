// SPDX-License-Identifier: Apache-2.0
// Must not compile: arguments that are swapped, terms that RDF does not have, stages that were not passed.
#include "provgate/seal/ledger.hpp"
#include "provgate/store/store.hpp"

using namespace provgate;

void swap(Store& store, const Draft& draft, const Rejected& rejected) {
  const RecordId::System system("gauge");
  const RecordId::Scope scope("north");
  const RecordId::Iri iri("urn:x:a");
  const GraphName graph("urn:x:g");
  const Iri type = Iri::trusted("urn:x:type");
  const LanguageTag tag("en");
  const Head head{Seq(1), Digest("d")};
#if defined(SCOPE_FOR_SYSTEM)
  const RecordId id{scope, system, iri};
#elif defined(IRI_FOR_GRAPH)
  const auto found = store.has_generation(iri, iri);
#elif defined(GRAPH_FOR_IRI)
  const auto found = store.has_generation(graph, graph);
#elif defined(TEXT_FOR_DIGEST)
  const Head other{Seq(1), std::string("d")};
#elif defined(DIGEST_FOR_SEQ)
  const Head other{Digest("d"), Seq(1)};
#elif defined(NUMBER_FOR_SEQ)
  const auto begun = store.begin_batch({1, 2});
#elif defined(TAG_AND_TYPE)
  const Literal literal("x", type, tag);
#elif defined(LITERAL_AS_SUBJECT)
  const auto added = store.add_quad(Literal("x"), type, type);
#elif defined(LITERAL_AS_PREDICATE)
  const auto added = store.add_quad(type, Literal("x"), type);
#elif defined(BLANK_PREDICATE)
  const auto added = store.add_quad(type, BlankNode("b"), type);
#elif defined(SEAL_A_DRAFT)
  const auto sealed = seal(draft, head, SealTime{});
#elif defined(SEAL_A_REJECTION)
  const auto sealed = seal(rejected, head, SealTime{});
#elif defined(STORE_AN_ENTRY)
  const auto stored = store.append(LedgerEntry{});
#else
  const RecordId id{system, scope, iri};
  const auto found = store.has_generation(id.iri, graph);
  const auto begun = store.begin_batch({Seq(1), Seq(2)});
  const auto added = store.add_quad(type, type, Literal("x", tag));
  const auto sealed = reject(rejected, head, SealTime{});
  const auto stored = store.append(sealed);
  (void)found, (void)begun, (void)added, (void)stored, (void)draft;
#endif
}
