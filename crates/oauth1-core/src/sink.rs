//! Where text is written: a buffer of the caller's, a `Vec`, or the state of a hash.

#[cfg(feature = "alloc")]
use alloc::vec::Vec;
use core::fmt;

use crate::base64_text;

/// Takes bytes, one piece after the other.
///
/// A sink never fails while it is written to: one that can run out of room, such as
/// [`SliceSink`], counts on and says at the end how much it would have needed. That keeps the
/// writers of this crate free of a branch at every piece.
pub trait Sink {
    /// Appends `bytes`.
    fn put(&mut self, bytes: &[u8]);

    /// Appends the base64 of `bytes` (RFC 4648 section 4), with its padding: what signatures are made of.
    fn put_base64(&mut self, bytes: &[u8]) {
        base64_text::put(bytes, self);
    }
}

impl<S: Sink + ?Sized> Sink for &mut S {
    fn put(&mut self, bytes: &[u8]) {
        (**self).put(bytes);
    }

    fn put_base64(&mut self, bytes: &[u8]) {
        (**self).put_base64(bytes);
    }
}

#[cfg(feature = "alloc")]
impl Sink for Vec<u8> {
    fn put(&mut self, bytes: &[u8]) {
        self.extend_from_slice(bytes);
    }
}

/// A sink that can be read back and emptied: what [`crate::Signer::prepare`] keeps its text in.
pub trait Buffer: Sink {
    /// What was put, or `None` if it did not fit.
    fn contents(&self) -> Option<&[u8]>;
}

#[cfg(feature = "alloc")]
impl Buffer for Vec<u8> {
    fn contents(&self) -> Option<&[u8]> {
        Some(self)
    }
}

/// A sink over memory that the caller owns.
///
/// ```
/// use oauth1_core::sink::{Sink, SliceSink};
///
/// let mut memory = [0; 8];
/// let mut sink = SliceSink::new(&mut memory);
/// sink.put(b"OAuth ");
/// assert_eq!(sink.finish().unwrap(), b"OAuth ");
///
/// let mut sink = SliceSink::new(&mut memory);
/// sink.put(b"longer than eight");
/// assert_eq!(sink.finish().unwrap_err().needed, 17);
/// ```
#[derive(Debug)]
pub struct SliceSink<'b> {
    memory: &'b mut [u8],
    needed: usize,
}

impl<'b> SliceSink<'b> {
    /// An empty sink over `memory`, whose old contents are overwritten.
    pub fn new(memory: &'b mut [u8]) -> Self {
        Self { memory, needed: 0 }
    }

    /// What was written.
    ///
    /// # Errors
    /// [`Overflow`] if it did not fit; nothing of the memory is to be used then.
    pub fn finish(self) -> Result<&'b [u8], Overflow> {
        let Self { memory, needed } = self;
        memory.get(..needed).ok_or(Overflow { needed })
    }
}

impl Sink for SliceSink<'_> {
    fn put(&mut self, bytes: &[u8]) {
        let end = self.needed.saturating_add(bytes.len());
        if let Some(room) = self.memory.get_mut(self.needed..end) {
            room.copy_from_slice(bytes);
        }
        self.needed = end;
    }
}

impl Buffer for SliceSink<'_> {
    fn contents(&self) -> Option<&[u8]> {
        self.memory.get(..self.needed)
    }
}

/// The memory behind a [`SliceSink`] is too small.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Overflow {
    /// How many bytes the whole text has.
    pub needed: usize,
}

impl fmt::Display for Overflow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the buffer is too small: {} bytes are needed",
            self.needed
        )
    }
}

impl core::error::Error for Overflow {}

/// Shows what `write` writes, which is text.
pub(crate) fn display(
    write: impl FnOnce(&mut FormatterSink<'_, '_>),
    f: &mut fmt::Formatter<'_>,
) -> fmt::Result {
    let mut sink = FormatterSink {
        formatter: f,
        result: Ok(()),
    };
    write(&mut sink);
    sink.result
}

pub(crate) struct FormatterSink<'f, 'g> {
    formatter: &'f mut fmt::Formatter<'g>,
    result: fmt::Result,
}

impl Sink for FormatterSink<'_, '_> {
    fn put(&mut self, bytes: &[u8]) {
        for chunk in bytes.utf8_chunks() {
            let invalid = if chunk.invalid().is_empty() {
                ""
            } else {
                "\u{FFFD}"
            };
            for text in [chunk.valid(), invalid] {
                if self.result.is_ok() {
                    self.result = self.formatter.write_str(text);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;
