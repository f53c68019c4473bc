// SPDX-License-Identifier: Apache-2.0
// The store as a quad source: one read transaction, from its making to its end.
#pragma once

#include "provgate/sparql/sparql.hpp"
#include "store/impl.hpp"

namespace provgate {

/// `quads`: the tables in the order of k_orders. Ends on the thread that began the transaction; throws SourceDamaged.
std::unique_ptr<QuadSource> make_snapshot(ReadTransaction begun, const MDB_dbi (&quads)[4], MDB_dbi terms,
                                          MDB_dbi texts);

}  // namespace provgate
