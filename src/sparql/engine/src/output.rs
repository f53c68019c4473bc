// SPDX-License-Identifier: Apache-2.0
//! Results on their way out: bytes for the formats, cells for rows.

use crate::budget::{raise, Stop};
use crate::ffi::{Sink, Text};
use crate::term;
use oxrdf::{Term, Triple, Variable};
use sparesults::{QueryResultsFormat, QueryResultsSerializer, WriterSolutionsSerializer};
use std::io::{self, Write};

pub const ROWS: u32 = 0;
pub const NTRIPLES: u32 = 5;

fn results_format(format: u32) -> Option<QueryResultsFormat> {
    [QueryResultsFormat::Json, QueryResultsFormat::Csv, QueryResultsFormat::Tsv, QueryResultsFormat::Xml]
        .get((format as usize).checked_sub(1)?)
        .copied()
}

/// Collects bytes and hands them over in blocks.
pub struct Bytes<'a> {
    sink: &'a Sink,
    held: Vec<u8>,
}

impl Bytes<'_> {
    fn hand_over(&mut self) {
        // Safety: the bytes live through the call.
        if !self.held.is_empty()
            && unsafe { (self.sink.write)(self.sink.this, self.held.as_ptr(), self.held.len()) } != 0
        {
            raise(Stop::Sink);
        }
        self.held.clear();
    }
}

impl Write for Bytes<'_> {
    fn write(&mut self, data: &[u8]) -> io::Result<usize> {
        self.held.extend_from_slice(data);
        if self.held.len() >= 64 << 10 {
            self.hand_over();
        }
        Ok(data.len())
    }
    fn flush(&mut self) -> io::Result<()> {
        self.hand_over();
        Ok(())
    }
}

pub enum Output<'a> {
    Rows(&'a Sink, u32),
    Solutions(Box<WriterSolutionsSerializer<Bytes<'a>>>, Vec<Variable>, QueryResultsFormat),
    Triples(Bytes<'a>, String),
}

/// XML 1.0, 2.2: Char.
fn fits_xml(term: &Term) -> bool {
    let fits = |text: &str| text.chars().all(|c| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{FFFD}' | '\u{10000}'..));
    match term {
        Term::Literal(l) => fits(l.value()),
        _ => true,
    }
}

fn failed(_: io::Error) -> ! {
    raise(Stop::Sink)
}

impl<'a> Output<'a> {
    pub fn solutions(sink: &'a Sink, format: u32, binding: u32, variables: &[Variable]) -> Result<Self, String> {
        if format == ROWS {
            return Ok(Self::Rows(sink, binding));
        }
        let format = results_format(format)
            .ok_or("a SELECT or ASK query has no RDF result; use table, json, csv, tsv or xml")?;
        let bytes = Bytes { sink, held: Vec::new() };
        let writer = QueryResultsSerializer::from_format(format)
            .serialize_solutions_to_writer(bytes, variables.to_vec())
            .unwrap_or_else(|e| failed(e));
        Ok(Self::Solutions(Box::new(writer), variables.to_vec(), format))
    }

    pub fn triples(sink: &'a Sink, format: u32) -> Result<Self, String> {
        match format {
            ROWS | NTRIPLES => Ok(Self::Triples(Bytes { sink, held: Vec::new() }, String::new())),
            _ => Err("a CONSTRUCT or DESCRIBE query makes a graph; use turtle or ntriples".into()),
        }
    }

    pub fn row(&mut self, cells: &[Option<Term>]) {
        match self {
            Self::Rows(sink, binding) => {
                let texts: Vec<Option<String>> = cells.iter().map(|c| c.as_ref().map(term::text)).collect();
                let views: Vec<Text> = texts.iter().map(|t| t.as_ref().map_or(Text::NONE, |t| Text::of(t))).collect();
                // Safety: the texts live through the call.
                if unsafe { (sink.row)(sink.this, *binding, views.as_ptr(), views.len()) } != 0 {
                    raise(Stop::Sink);
                }
            }
            Self::Solutions(writer, variables, format) => {
                if *format == QueryResultsFormat::Xml && !cells.iter().flatten().all(fits_xml) {
                    raise(Stop::Refused(
                        "a value has a control character, which no XML document can hold; use json, csv or tsv",
                    ));
                }
                let bound = variables.iter().zip(cells).filter_map(|(v, c)| Some((v.as_ref(), c.as_ref()?.as_ref())));
                writer.serialize(bound).unwrap_or_else(|e| failed(e));
            }
            Self::Triples(..) => (),
        }
    }

    pub fn triple(&mut self, triple: Triple) {
        if let Self::Triples(bytes, line) = self {
            line.clear();
            for part in [triple.subject.into(), triple.predicate.into(), triple.object] {
                term::write(line, &part);
                line.push(' ');
            }
            line.push_str(".\n");
            bytes.write_all(line.as_bytes()).unwrap_or_else(|e| failed(e));
        }
    }

    pub fn finish(self) {
        match self {
            Self::Rows(..) => (),
            Self::Solutions(writer, ..) => {
                let mut bytes = writer.finish().unwrap_or_else(|e| failed(e));
                bytes.flush().unwrap_or_else(|e| failed(e));
            }
            Self::Triples(mut bytes, _) => bytes.flush().unwrap_or_else(|e| failed(e)),
        }
    }
}

/// The answer of ASK: a row of one cell, or a document.
pub fn boolean(sink: &Sink, format: u32, binding: u32, value: bool) -> Result<(), String> {
    if format == ROWS {
        Output::Rows(sink, binding).row(&[Some(oxrdf::Literal::from(value).into())]);
        return Ok(());
    }
    let format =
        results_format(format).ok_or("a SELECT or ASK query has no RDF result; use table, json, csv, tsv or xml")?;
    let bytes = Bytes { sink, held: Vec::new() };
    let mut bytes = QueryResultsSerializer::from_format(format)
        .serialize_boolean_to_writer(bytes, value)
        .unwrap_or_else(|e| failed(e));
    bytes.flush().unwrap_or_else(|e| failed(e));
    Ok(())
}
