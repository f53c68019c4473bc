// SPDX-License-Identifier: Apache-2.0
//! The C interface. Names and layouts are those of `src/sparql/engine.h`. No panic leaves these functions.

use crate::budget::Stop;
use crate::query::{Prepared, Refusal};
use crate::worker::{self, Ended};
use std::cell::Cell;
use std::ffi::c_void;
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::sync::atomic::AtomicU32;
use std::sync::Once;

#[repr(C)]
#[derive(Clone, Copy, Default, Debug)]
pub struct Quad {
    pub s: u64,
    pub p: u64,
    pub o: u64,
    pub g: u64,
}

/// A borrowed text; a null pointer is not text.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct Text {
    pub data: *const u8,
    pub size: usize,
}

impl Text {
    pub const NONE: Self = Self { data: std::ptr::null(), size: 0 };
    pub fn of(text: &str) -> Self {
        Self { data: text.as_ptr(), size: text.len() }
    }
    /// Safety: the bytes must live as long as the answer is used.
    pub unsafe fn get<'a>(&self) -> Option<&'a str> {
        if self.data.is_null() {
            return None;
        }
        std::str::from_utf8(std::slice::from_raw_parts(self.data, self.size)).ok()
    }
}

/// A quad source. Every function returns 0, or anything else when the source failed. 0 is not a term, and any in a
/// pattern.
#[repr(C)]
pub struct Source {
    pub this: *mut c_void,
    pub open: unsafe extern "C" fn(*mut c_void, *const Quad, *mut *mut c_void) -> i32,
    pub next: unsafe extern "C" fn(*mut c_void, *mut c_void, *mut Quad, u32, *mut u32) -> i32,
    pub close: unsafe extern "C" fn(*mut c_void, *mut c_void),
    pub find: unsafe extern "C" fn(*mut c_void, *const u8, usize, *mut u64) -> i32,
    pub text: unsafe extern "C" fn(*mut c_void, u64, *mut *const u8, *mut usize) -> i32,
    pub next_graph: unsafe extern "C" fn(*mut c_void, u64, *mut u64) -> i32,
}

#[repr(C)]
pub struct Sink {
    pub this: *mut c_void,
    pub write: unsafe extern "C" fn(*mut c_void, *const u8, usize) -> i32,
    pub row: unsafe extern "C" fn(*mut c_void, u32, *const Text, usize) -> i32,
}

#[repr(C)]
pub struct RunOptions {
    pub format: u32,
    pub deadline_ms: u64,
    pub max_rows: u64,
    pub max_memory: u64,
    pub cancel: *const AtomicU32,
    pub bindings: *const Text,
    pub sets: usize,
}

#[repr(C)]
pub struct Info {
    pub status: u32,
    pub line: u32,
    pub column: u32,
    pub kind: u32,
    pub rows: u64,
    /// Called with the message and, from prepare, the variables (one a line).
    pub this: *mut c_void,
    pub say: unsafe extern "C" fn(*mut c_void, *const u8, usize),
    pub name: unsafe extern "C" fn(*mut c_void, *const u8, usize),
}

/// A text this short cannot make the parser recurse further than any thread's stack allows.
const SHALLOW_BYTES: usize = 1024;

const OK: u32 = 0;
const REFUSED: u32 = 1;
const SYNTAX: u32 = 2;
const LIMIT: u32 = 3;
const SOURCE: u32 = 4;
const SINK: u32 = 5;
const CANCELLED: u32 = 6;
const NO_THREAD: u32 = 7;
const PANIC: u32 = 70;

/// A pointer that may go to the worker: the caller waits for it.
struct Lent<T>(*const T);
unsafe impl<T> Send for Lent<T> {}
impl<T> Lent<T> {
    fn get(&self) -> *const T {
        self.0
    }
}

pub fn silence_panics() {
    static ONCE: Once = Once::new();
    // A test that fails says why.
    #[cfg(not(test))]
    ONCE.call_once(|| std::panic::set_hook(Box::new(|_| ())));
    #[cfg(test)]
    ONCE.call_once(|| ());
}

unsafe fn end(info: *mut Info, status: u32, message: &str) {
    (*info).status = status;
    ((*info).say)((*info).this, message.as_ptr(), message.len());
}

unsafe fn ended(info: *mut Info, how: Ended, options: Option<&RunOptions>) {
    let limit = |f: fn(&RunOptions) -> u64| options.map_or(0, f);
    match how {
        Ended::NoThread => end(info, NO_THREAD, "a thread for the query cannot be made"),
        Ended::Panicked(why) => end(info, PANIC, &format!("the query engine failed: {why}")),
        Ended::Stopped(stop) => match stop {
            Stop::Deadline => {
                end(info, LIMIT, &format!("the query did not end within {} ms", limit(|o| o.deadline_ms)))
            }
            Stop::Rows => end(info, LIMIT, &format!("the query gives more than {} rows", limit(|o| o.max_rows))),
            Stop::Memory => {
                end(info, LIMIT, &format!("the query needs more than {} MiB of memory", limit(|o| o.max_memory) >> 20))
            }
            Stop::LongText(what) => end(info, LIMIT, what),
            Stop::Refused(what) => end(info, REFUSED, what),
            Stop::Cancelled => end(info, CANCELLED, "the query was cancelled"),
            Stop::Source => end(info, SOURCE, "the quad source cannot be read"),
            Stop::Sink => end(info, SINK, "the result cannot be written"),
        },
    }
}

/// Safety: `text`, `slots` (one name a line) and `path` are valid texts; `info` points to an Info.
#[no_mangle]
pub unsafe extern "C" fn provgate_sparql_prepare(
    text: Text,
    slots: Text,
    path: Text,
    info: *mut Info,
) -> *mut Prepared {
    silence_panics();
    let made = catch_unwind(AssertUnwindSafe(|| {
        let Some(text) = text.get() else {
            end(info, SYNTAX, "the query is not UTF-8");
            return std::ptr::null_mut();
        };
        let slots: Vec<&str> = slots.get().unwrap_or("").lines().collect();
        let path = path.get();
        // What is made on the worker goes back as a number: the query is not Send, but nobody else holds it.
        let prepare = move || Prepared::new(text, &slots, path).map(|p| Box::into_raw(Box::new(p)) as usize);
        let made = if text.len() <= SHALLOW_BYTES { worker::here(prepare) } else { worker::run(prepare) };
        match made {
            Ok(Ok(address)) => {
                let prepared = address as *mut Prepared;
                for variable in (*prepared).variables() {
                    ((*info).name)((*info).this, variable.as_str().as_ptr(), variable.as_str().len());
                }
                (*info).kind = (*prepared).kind();
                (*info).status = OK;
                prepared
            }
            Ok(Err(Refusal::Refused(why))) => {
                end(info, REFUSED, &why);
                std::ptr::null_mut()
            }
            Ok(Err(Refusal::Syntax { line, column, message })) => {
                ((*info).line, (*info).column) = (line, column);
                end(info, SYNTAX, &message);
                std::ptr::null_mut()
            }
            Err(how) => {
                ended(info, how, None);
                std::ptr::null_mut()
            }
        }
    }));
    made.unwrap_or_else(|_| {
        (*info).status = PANIC;
        std::ptr::null_mut()
    })
}

/// Safety: `prepared` came from prepare; `source`, `options` and `sink` hold until this returns.
#[no_mangle]
pub unsafe extern "C" fn provgate_sparql_run(
    prepared: *const Prepared,
    source: *const Source,
    options: *const RunOptions,
    sink: *const Sink,
    info: *mut Info,
) {
    silence_panics();
    let run = catch_unwind(AssertUnwindSafe(|| {
        let (lent, from, with, to) = (Lent(prepared), Lent(source), Lent(options), Lent(sink));
        let rows = Cell::new(0_u64);
        let counted = Lent(&raw const rows);
        let result = worker::run(move || {
            let rows = &*counted.get();
            (*lent.get()).run(&*from.get(), &*with.get(), &*to.get(), rows)
        });
        (*info).rows = rows.get();
        match result {
            Ok(Ok(())) => (*info).status = OK,
            Ok(Err(why)) => end(info, REFUSED, &why),
            Err(how) => ended(info, how, Some(&*options)),
        }
    }));
    if run.is_err() {
        (*info).status = PANIC;
    }
}

/// Safety: `prepared` came from prepare and is not used again.
#[no_mangle]
pub unsafe extern "C" fn provgate_sparql_free(prepared: *mut Prepared) {
    if !prepared.is_null() {
        let _ = catch_unwind(AssertUnwindSafe(|| drop(Box::from_raw(prepared))));
    }
}
