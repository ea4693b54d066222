//! Writes the pieces of a base string through a small window, so that the sink sees few large
//! pieces and nothing is put together on a heap.

use crate::{
    percent::{HEX, escape, is_unreserved, unreserved_prefix},
    sink::Sink,
    target::Target,
    value::{Encoding, Value},
};

/// How many bytes are collected before the sink sees them: a multiple of every hash's block, and
/// small enough for the stack of a microcontroller.
const WINDOW: usize = 256;

pub(super) struct Writer<'s, S: Sink + ?Sized> {
    sink: &'s mut S,
    window: [u8; WINDOW],
    filled: usize,
    flushed: usize,
}

impl<'s, S: Sink + ?Sized> Writer<'s, S> {
    #[inline]
    pub(super) fn new(sink: &'s mut S) -> Self {
        Self {
            sink,
            window: [0; WINDOW],
            filled: 0,
            flushed: 0,
        }
    }

    /// How many bytes were written.
    pub(super) fn written(&self) -> usize {
        self.flushed + self.filled
    }

    #[inline]
    pub(super) fn finish(self) {
        self.sink.put(&self.window[..self.filled]);
    }

    /// Bytes as they are.
    #[inline]
    pub(super) fn raw(&mut self, bytes: &[u8]) {
        let end = self.filled + bytes.len();
        if let Some(room) = self.window.get_mut(self.filled..end) {
            room.copy_from_slice(bytes);
            self.filled = end;
        } else {
            self.raw_across(bytes);
        }
    }

    /// A value of a parameter: decoded, encoded, and encoded again.
    #[inline]
    pub(super) fn encoded_value(&mut self, value: Value<'_>) {
        if value.is_clean() {
            self.raw(value.raw());
        } else {
            self.encoded_twice(value);
        }
    }

    /// A method in upper case (section 3.4.1.1), encoded for the sake of those that are no token.
    #[inline]
    pub(super) fn upper_case_encoded(&mut self, method: &str) {
        for byte in method.bytes() {
            self.encoded_byte(byte.to_ascii_uppercase());
        }
    }

    /// The base string URI, encoded once.
    #[inline]
    pub(super) fn encoded_uri(&mut self, target: &Target<'_>) {
        target.write_base_string_uri(&mut EncodedOnce { writer: self });
    }

    #[cold]
    fn raw_across(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            let room = &mut self.window[self.filled..];
            let taken = room.len().min(bytes.len());
            room[..taken].copy_from_slice(&bytes[..taken]);
            self.filled += taken;
            bytes = &bytes[taken..];
            self.flush_full();
        }
    }

    #[inline]
    fn encoded_byte(&mut self, byte: u8) {
        if is_unreserved(byte) {
            self.byte(byte);
        } else {
            self.raw(&escape(byte));
        }
    }

    fn encoded_twice(&mut self, value: Value<'_>) {
        if value.encoding() == Encoding::Plain {
            for &byte in value.raw() {
                self.encoded_twice_byte(byte);
            }
        } else {
            for byte in value.bytes() {
                self.encoded_twice_byte(byte);
            }
        }
    }

    #[inline]
    fn encoded_twice_byte(&mut self, byte: u8) {
        if is_unreserved(byte) {
            self.byte(byte);
        } else {
            // An escape is a "%", which is encoded, and two digits, which are not.
            let digits = [HEX[usize::from(byte >> 4)], HEX[usize::from(byte & 15)]];
            self.raw(&[b'%', b'2', b'5', digits[0], digits[1]]);
        }
    }

    #[inline]
    fn byte(&mut self, byte: u8) {
        if let Some(free) = self.window.get_mut(self.filled) {
            *free = byte;
            self.filled += 1;
        } else {
            self.raw_across(&[byte]);
        }
    }

    fn flush_full(&mut self) {
        if self.filled == WINDOW {
            self.sink.put(&self.window);
            self.flushed += WINDOW;
            self.filled = 0;
        }
    }
}

/// Encodes what is put into it once.
struct EncodedOnce<'w, 's, S: Sink + ?Sized> {
    writer: &'w mut Writer<'s, S>,
}

impl<S: Sink + ?Sized> Sink for EncodedOnce<'_, '_, S> {
    #[inline]
    fn put(&mut self, bytes: &[u8]) {
        let mut rest = bytes;
        while let Some((&byte, after)) = rest.split_first() {
            let clean = unreserved_prefix(rest);
            if clean > 0 {
                self.writer.raw(&rest[..clean]);
                rest = &rest[clean..];
            } else {
                self.writer.raw(&escape(byte));
                rest = after;
            }
        }
    }
}
