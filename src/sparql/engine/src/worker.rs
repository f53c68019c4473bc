// SPDX-License-Identifier: Apache-2.0
//! Threads with a stack deep enough for any admitted query, kept for the next one. A job's panic ends the job only.

use crate::budget::Stop;
use std::any::Any;
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::sync::mpsc::{channel, Receiver, RecvError, Sender, TryRecvError};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

const STACK_BYTES: usize = 256 << 20;
const SPIN: Duration = Duration::from_micros(40);

type Job = Box<dyn FnOnce() + Send>;

static IDLE: Mutex<Vec<Sender<Job>>> = Mutex::new(Vec::new());

/// How a job ended that did not return.
pub enum Ended {
    NoThread,
    Stopped(Stop),
    Panicked(String),
}

/// Runs `work` on this thread: for what needs no deep stack.
pub fn here<T>(work: impl FnOnce() -> T) -> Result<T, Ended> {
    catch_unwind(AssertUnwindSafe(work)).map_err(ended)
}

fn ended(payload: Box<dyn Any + Send>) -> Ended {
    match payload.downcast::<Stop>() {
        Ok(stop) => Ended::Stopped(*stop),
        Err(payload) => Ended::Panicked(
            payload
                .downcast_ref::<&str>()
                .map(|s| (*s).to_owned())
                .or_else(|| payload.downcast_ref::<String>().cloned())
                .unwrap_or_default(),
        ),
    }
}

/// Runs `work` on a worker and waits for it.
pub fn run<T: Send>(work: impl FnOnce() -> T + Send) -> Result<T, Ended> {
    let worker = IDLE.lock().unwrap_or_else(PoisonError::into_inner).pop();
    let worker = match worker {
        Some(worker) => worker,
        None => spawn().ok_or(Ended::NoThread)?,
    };
    let (done, answer) = channel();
    let job: Box<dyn FnOnce() + Send + '_> = Box::new(move || {
        let result = catch_unwind(AssertUnwindSafe(work));
        let _ = done.send(result);
    });
    // Safety: the job is over when `answer` has something or its sender is gone, and this waits for that.
    let job: Job = unsafe { std::mem::transmute::<Box<dyn FnOnce() + Send + '_>, Job>(job) };
    if worker.send(job).is_err() {
        return Err(Ended::NoThread);
    }
    let result = patient(&answer);
    IDLE.lock().unwrap_or_else(PoisonError::into_inner).push(worker);
    match result {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(payload)) => Err(ended(payload)),
        Err(_) => Err(Ended::NoThread),
    }
}

/// Waits for the next message; at first without sleeping, since waking costs more than most queries.
fn patient<T>(queue: &Receiver<T>) -> Result<T, RecvError> {
    let start = Instant::now();
    loop {
        match queue.try_recv() {
            Ok(message) => return Ok(message),
            Err(TryRecvError::Disconnected) => return Err(RecvError),
            Err(TryRecvError::Empty) if start.elapsed() < SPIN => std::hint::spin_loop(),
            Err(TryRecvError::Empty) => return queue.recv(),
        }
    }
}

fn spawn() -> Option<Sender<Job>> {
    let (jobs, queue) = channel::<Job>();
    std::thread::Builder::new()
        .name("sparql".into())
        .stack_size(STACK_BYTES)
        .spawn(move || {
            while let Ok(job) = patient(&queue) {
                job();
            }
        })
        .ok()?;
    Some(jobs)
}
