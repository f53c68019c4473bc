// SPDX-License-Identifier: Apache-2.0
//! SPARQL 1.1 Query over any quad source, behind a C interface (`ffi.rs`; its C++ face is `provgate/sparql.hpp`).
//!
//! The evaluator is the crate `spareval`. Around it stand the guards: text is scanned before it is parsed (`scan.rs`),
//! the algebra is judged and rewritten before it is planned (`guard.rs`, `rewrite.rs`, `paths.rs`), and while a query
//! runs every term that is copied or read counts against its budget (`budget.rs`).

mod algebra;
mod beacon;
mod budget;
mod dataset;
mod exact;
mod ffi;
mod forms;
mod functions;
mod graphs;
mod guard;
mod interface;
mod numbers;
mod order;
mod output;
mod paths;
mod prebind;
mod query;
mod rdf;
mod rewrite;
mod scan;
mod sums;
mod syntax;
mod term;
mod worker;

#[cfg(test)]
mod tests;

#[global_allocator]
static ALLOCATOR: budget::CountingAllocator = budget::CountingAllocator;
