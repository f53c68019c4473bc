// SPDX-License-Identifier: Apache-2.0
//! What one query may use. The evaluator cannot be asked to stop, so a limit unwinds it: `raise` panics with a `Stop`
//! (no panic hook runs), and `worker.rs` catches it. Copying a term counts too, so loops that never touch the source
//! end.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Instant;

/// Why a query ended before its end.
#[derive(Clone, Debug, PartialEq)]
pub enum Stop {
    Deadline,
    Rows,
    Memory,
    LongText(&'static str),
    /// Not a limit that can be raised.
    Refused(&'static str),
    Cancelled,
    Source,
    Sink,
}

thread_local! {
    static ALLOCATED: Cell<isize> = const { Cell::new(0) };
    static TICKS: Cell<u32> = const { Cell::new(0) };
    static LIMITS: Cell<Option<Limits>> = const { Cell::new(None) };
}

#[derive(Clone, Copy)]
struct Limits {
    end: Option<Instant>,
    memory: isize,
    cancel: *const AtomicU32,
}

/// Counts what each thread allocates and frees; everything else is the system's.
pub struct CountingAllocator;

unsafe impl GlobalAlloc for CountingAllocator {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size() as isize);
        System.alloc(layout)
    }
    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        count(-(layout.size() as isize));
        System.dealloc(pointer, layout)
    }
    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count(size as isize - layout.size() as isize);
        System.realloc(pointer, layout, size)
    }
}

fn count(bytes: isize) {
    let _ = ALLOCATED.try_with(|a| a.set(a.get() + bytes));
}

/// The limits of the query this thread runs, until dropped.
pub struct Budget;

impl Budget {
    /// `cancel` must outlive the budget; it may be null.
    pub fn start(end: Option<Instant>, memory_bytes: u64, cancel: *const AtomicU32) -> Self {
        let used = ALLOCATED.with(Cell::get);
        let memory = used.saturating_add(isize::try_from(memory_bytes).unwrap_or(isize::MAX));
        LIMITS.with(|l| l.set(Some(Limits { end, memory, cancel })));
        TICKS.with(|t| t.set(0));
        Self
    }
}

impl Drop for Budget {
    fn drop(&mut self) {
        LIMITS.with(|l| l.set(None));
    }
}

pub fn raise(stop: Stop) -> ! {
    resume_unwind(Box::new(stop))
}

const TICKS_PER_CHECK: u32 = 1024;

/// Counts a step that costs about `weight` copies of a term; every 1024 of them the limits are looked at.
#[inline]
pub fn tick(weight: u32) {
    let due = TICKS
        .try_with(|t| {
            let now = t.get() + weight;
            let due = now >= TICKS_PER_CHECK;
            t.set(if due { 0 } else { now });
            due
        })
        .unwrap_or(false);
    if due {
        check();
    }
}

/// Raises when a limit is passed. Does nothing while a thread already unwinds.
#[cold]
pub fn check() {
    let Some(limits) = LIMITS.with(Cell::get) else { return };
    if std::thread::panicking() {
        return;
    }
    if ALLOCATED.with(Cell::get) > limits.memory {
        raise(Stop::Memory);
    }
    if limits.end.is_some_and(|end| Instant::now() >= end) {
        raise(Stop::Deadline);
    }
    // Safety: start() requires the flag to outlive the budget.
    if !limits.cancel.is_null() && unsafe { (*limits.cancel).load(Ordering::Relaxed) } != 0 {
        raise(Stop::Cancelled);
    }
}

/// Counts reading or copying a text of that many bytes, before it is done.
pub fn weigh(bytes: usize) {
    if bytes > 4096 {
        reserve(bytes);
    }
    tick(16_u32.saturating_add(u32::try_from(bytes / 64).unwrap_or(TICKS_PER_CHECK)).min(TICKS_PER_CHECK));
}

/// Raises when `bytes` more would pass the memory limit.
pub fn reserve(bytes: usize) {
    if let Some(limits) = LIMITS.with(Cell::get) {
        let bytes = isize::try_from(bytes).unwrap_or(isize::MAX);
        if ALLOCATED.with(Cell::get).saturating_add(bytes) > limits.memory {
            raise(Stop::Memory);
        }
    }
}
