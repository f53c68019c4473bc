// SPDX-License-Identifier: Apache-2.0
//! What the original types say of each line of standard input: `TYPE<tab>JSON`, where TYPE is engine, query or
//! artifact_query, and with the feature `user` also user or record. Answers a line each: `accept<tab>CANONICAL` or
//! `refuse<tab>REASON`.
use std::io::{BufRead, BufWriter, Write};

use converge_core::{ArtifactQuery, EventQuery, ExperienceEventEnvelope};
#[cfg(feature = "user")]
use converge_core::{ExperienceRecord, UserExperienceEventEnvelope};
use serde_json::Error;

fn again<T>(text: &str) -> Result<String, Error>
where
    T: serde::Serialize + serde::de::DeserializeOwned,
{
    serde_json::to_string(&serde_json::from_str::<T>(text)?)
}

fn verdict(of: &str, text: &str) -> Result<String, String> {
    match of {
        "engine" => again::<ExperienceEventEnvelope>(text),
        #[cfg(feature = "user")]
        "user" => again::<UserExperienceEventEnvelope>(text),
        #[cfg(feature = "user")]
        "record" => again::<ExperienceRecord>(text),
        "query" => again::<EventQuery>(text),
        "artifact_query" => again::<ArtifactQuery>(text),
        _ => return Err(format!("no type is called {of}")),
    }
    .map_err(|e| e.to_string())
}

fn main() -> std::io::Result<()> {
    let mut out = BufWriter::new(std::io::stdout().lock());
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        let (of, text) = line.split_once('\t').unwrap_or((&line, ""));
        match verdict(of, text) {
            Ok(canonical) => writeln!(out, "accept\t{canonical}")?,
            Err(why) => writeln!(out, "refuse\t{}", why.replace(char::is_control, " "))?,
        }
    }
    out.flush()
}
