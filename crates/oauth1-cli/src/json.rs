//! JSON as the machine interface has it: strictly read, and read where it stands.

use serde::Deserialize;

pub(crate) use self::{
    answer::Answer,
    outline::Outline,
    text::{Digits, Hidden, Octets, Pair, Text, Word, from_base64},
};
use crate::{
    page::printable,
    problem::{Code, Problem},
};

mod answer;
mod outline;
mod text;

/// Reads a line. Its strings are borrowed from it wherever they hold no escape.
pub(crate) fn read<'a, T: Deserialize<'a>>(line: &'a [u8]) -> Result<T, Problem> {
    let text = core::str::from_utf8(line).map_err(|error| {
        let at = error.valid_up_to() + 1;
        Problem::new(
            Code::InvalidJson,
            format!("the line is not UTF-8 at column {at}"),
        )
    })?;
    // The structs below would take an array of their fields as well.
    if !text.trim_ascii_start().starts_with('{') {
        return Err(Problem::new(
            Code::InvalidJson,
            "a line is one JSON object: {\"url\": ...}",
        ));
    }
    serde_json::from_str(text).map_err(|error| explain(line, &error))
}

fn explain(line: &[u8], error: &serde_json::Error) -> Problem {
    let column = error.column();
    let message = error.to_string();
    // A line has no other line.
    let message = message.split(" at line ").next().unwrap_or_default();
    if !error.is_data() {
        return Problem::new(Code::InvalidJson, format!("{message}, at column {column}"));
    }
    let names_a_field = ["unknown field", "missing field", "duplicate field"];
    if names_a_field.iter().any(|start| message.starts_with(start)) {
        return Problem::field(printable(message.as_bytes()));
    }
    // What is in the place of the right thing may be a secret in the wrong place.
    let expected = message
        .rsplit_once("expected ")
        .map_or(message, |(_, expected)| expected);
    match Outline::of(line).field_at(column) {
        Some(field) => Problem::field(format!("{field}: expected {expected}")),
        None => Problem::field(format!("expected {expected}, at column {column}")),
    }
}

/// Keeps a `null` apart from nothing: an `id` may be either.
pub(crate) fn present<'de, T, D>(deserializer: D) -> Result<Option<T>, D::Error>
where
    T: Deserialize<'de>,
    D: serde::Deserializer<'de>,
{
    T::deserialize(deserializer).map(Some)
}
