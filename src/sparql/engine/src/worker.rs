//! Threads with a stack deep enough for any admitted query, kept for the next one. A job's panic ends the job only.

use crate::budget::Stop;
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::sync::mpsc::{channel, Sender};
use std::sync::{Mutex, PoisonError};

const STACK_BYTES: usize = 256 << 20;

type Job = Box<dyn FnOnce() + Send>;

static IDLE: Mutex<Vec<Sender<Job>>> = Mutex::new(Vec::new());

/// How a job ended that did not return.
pub enum Ended {
    NoThread,
    Stopped(Stop),
    Panicked(String),
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
    let result = answer.recv();
    IDLE.lock().unwrap_or_else(PoisonError::into_inner).push(worker);
    match result {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(payload)) => Err(match payload.downcast::<Stop>() {
            Ok(stop) => Ended::Stopped(*stop),
            Err(payload) => Ended::Panicked(
                payload.downcast_ref::<&str>().map(|s| (*s).to_owned()).or_else(|| payload.downcast_ref::<String>().cloned()).unwrap_or_default(),
            ),
        }),
        Err(_) => Err(Ended::NoThread),
    }
}

fn spawn() -> Option<Sender<Job>> {
    let (jobs, queue) = channel::<Job>();
    std::thread::Builder::new()
        .name("sparql".into())
        .stack_size(STACK_BYTES)
        .spawn(move || {
            for job in queue {
                job();
            }
        })
        .ok()?;
    Some(jobs)
}
