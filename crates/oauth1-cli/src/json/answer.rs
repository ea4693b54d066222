//! Writes an answer, field by field, into the output.

use core::ops::Range;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::value::RawValue;

/// Where a value stands that was written, to be written again without looking at it again.
pub(crate) struct Written(Range<usize>);

/// An answer in the making.
pub(crate) struct Answer<'o> {
    out: &'o mut Vec<u8>,
    separator: u8,
}

impl<'o> Answer<'o> {
    /// Starts with the `id` of the line, if it has one.
    pub(crate) fn new(out: &'o mut Vec<u8>, id: Option<&RawValue>) -> Self {
        let mut answer = Self {
            out,
            separator: b'{',
        };
        if let Some(id) = id {
            answer.name("id");
            answer.out.extend_from_slice(id.get().as_bytes());
        }
        answer
    }

    pub(crate) fn text(&mut self, name: &str, value: &str) {
        self.name(name);
        put_text(value, self.out);
    }

    /// A text in which nothing needs an escape, such as base64 or a base string: letters, digits,
    /// `%`, `&` and the like.
    pub(crate) fn plain(&mut self, name: &str, value: &[u8]) {
        debug_assert!(
            value
                .iter()
                .all(|byte| matches!(byte, b' '..=b'~') && !b"\"\\".contains(byte))
        );
        self.name(name);
        self.out.push(b'"');
        self.out.extend_from_slice(value);
        self.out.push(b'"');
    }

    /// A text, or `{"base64": ...}` for what is none.
    pub(crate) fn octets(&mut self, name: &str, value: &[u8]) -> Written {
        self.name(name);
        let start = self.out.len();
        put_octets(value, self.out);
        Written(start..self.out.len())
    }

    pub(crate) fn octets_or_null(&mut self, name: &str, value: Option<&[u8]>) -> Option<Written> {
        if value.is_none() {
            self.null(name);
        }
        value.map(|value| self.octets(name, value))
    }

    pub(crate) fn boolean(&mut self, name: &str, value: bool) {
        self.name(name);
        self.out
            .extend_from_slice(if value { b"true" } else { b"false" });
    }

    pub(crate) fn number_or_null(&mut self, name: &str, value: Option<u64>) {
        match value {
            Some(value) => {
                self.name(name);
                self.out.extend_from_slice(value.to_string().as_bytes());
            }
            None => self.null(name),
        }
    }

    /// Any other value.
    pub(crate) fn value(&mut self, name: &str, value: &impl serde::Serialize) {
        self.name(name);
        let written = serde_json::to_writer(&mut *self.out, value);
        debug_assert!(written.is_ok(), "what is given here always has a JSON form");
    }

    pub(crate) fn null(&mut self, name: &str) {
        self.name(name);
        self.out.extend_from_slice(b"null");
    }

    /// A list of pairs.
    pub(crate) fn pairs<N: AsRef<[u8]>, V: AsRef<[u8]>>(
        &mut self,
        name: &str,
        pairs: impl IntoIterator<Item = (N, V)>,
    ) {
        self.name(name);
        self.out.push(b'[');
        let mut separator: &[u8] = b"[";
        for (name, value) in pairs {
            self.out.extend_from_slice(separator);
            separator = b",[";
            put_octets(name.as_ref(), self.out);
            self.out.push(b',');
            put_octets(value.as_ref(), self.out);
            self.out.push(b']');
        }
        self.out.push(b']');
    }

    /// The list of headers to be set.
    pub(crate) fn headers(&mut self, authorization: Option<&Written>, content_type: Option<&[u8]>) {
        self.name("headers");
        self.out.push(b'[');
        if let Some(Written(place)) = authorization {
            self.out.extend_from_slice(b"[\"Authorization\",");
            self.out.extend_from_within(place.clone());
            self.out.push(b']');
        }
        if let Some(content_type) = content_type {
            let separator = if authorization.is_some() { "," } else { "" };
            self.out.extend_from_slice(separator.as_bytes());
            self.out.extend_from_slice(b"[\"Content-Type\",");
            put_octets(content_type, self.out);
            self.out.push(b']');
        }
        self.out.push(b']');
    }

    /// Ends the answer and its line.
    pub(crate) fn finish(self) {
        if self.separator == b'{' {
            self.out.push(b'{');
        }
        self.out.extend_from_slice(b"}\n");
    }

    /// `name` is one of ours and holds nothing that JSON would escape.
    fn name(&mut self, name: &str) {
        self.out.push(self.separator);
        self.separator = b',';
        self.out.push(b'"');
        self.out.extend_from_slice(name.as_bytes());
        self.out.extend_from_slice(b"\":");
    }
}

fn put_octets(value: &[u8], out: &mut Vec<u8>) {
    if let Ok(text) = core::str::from_utf8(value) {
        return put_text(text, out);
    }
    out.extend_from_slice(b"{\"base64\":\"");
    out.extend_from_slice(STANDARD.encode(value).as_bytes());
    out.extend_from_slice(b"\"}");
}

fn put_text(text: &str, out: &mut Vec<u8>) {
    let written = serde_json::to_writer(out, text);
    debug_assert!(
        written.is_ok(),
        "a string always has a JSON form, and a Vec always has room"
    );
}
