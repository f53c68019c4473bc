// The store as a quad source: one read transaction, from its making to its end.
#pragma once

#include <lmdb.h>

#include "provgate/sparql.hpp"

namespace provgate {

/// Takes over `txn`. `quads`: the tables in the order of k_orders.
std::unique_ptr<QuadSource> make_snapshot(MDB_txn* txn, const MDB_dbi (&quads)[4], MDB_dbi terms, MDB_dbi texts);

}  // namespace provgate
