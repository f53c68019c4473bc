// SPDX-License-Identifier: Apache-2.0
//! Asks the original store in memory: the events of the file that is named, an event a line, and a query a line of
//! standard input. Answers a line each: how many events there are, and the best of three times in milliseconds.
use std::error::Error;
use std::io::BufRead;
use std::time::Instant;

use converge_core::{EventQuery, ExperienceStore};
use converge_experience::InMemoryExperienceStore;

fn main() -> Result<(), Box<dyn Error>> {
    let name = std::env::args().nth(1).ok_or("which file?")?;
    let store = InMemoryExperienceStore::new();
    for line in std::io::BufReader::new(std::fs::File::open(name)?).lines() {
        store.append_event(serde_json::from_str(&line?)?)?;
    }
    for line in std::io::stdin().lock().lines() {
        let query: EventQuery = serde_json::from_str(&line?)?;
        let (mut found, mut best) = (0, f64::MAX);
        for _ in 0..3 {
            let begin = Instant::now();
            found = store.query_events(&query)?.len();
            best = best.min(begin.elapsed().as_secs_f64() * 1e3);
        }
        println!("{found} {best}");
    }
    Ok(())
}
