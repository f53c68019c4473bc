// SPDX-License-Identifier: Apache-2.0
//! The sizes and offsets of everything that crosses the C interfaces: a test compares them with what the headers
//! (`src/sparql/engine.h`, `src/rdf/engine.h`) say.

use crate::ffi::{Info, Quad, RunOptions, Sink, Source, Text};
use crate::rdf::{Context, Reader};
use std::mem::{align_of, offset_of, size_of};

macro_rules! layouts {
    ($($name:ty { $($field:ident),* })*) => {
        &[$(size_of::<$name>(), align_of::<$name>(), $(offset_of!($name, $field)),*),*]
    };
}

static LAYOUTS: &[usize] = layouts! {
    Quad { s, p, o, g }
    Text { data, size }
    Source { this, open, next, close, find, text, next_graph }
    Sink { this, write, row }
    RunOptions { format, deadline_ms, max_rows, max_memory, cancel, bindings, sets }
    Info { status, line, column, kind, rows, this, say, name }
    Reader { this, add, fail }
    Context { url, document }
};

/// For each structure its size, its alignment, and the offset of each field, in the order of the headers.
///
/// # Safety
/// `count` must be valid for a write.
#[no_mangle]
pub unsafe extern "C" fn provgate_engine_layouts(count: *mut usize) -> *const usize {
    *count = LAYOUTS.len();
    LAYOUTS.as_ptr()
}
