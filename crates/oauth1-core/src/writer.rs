//! Writes small pieces through a window, so that the sink behind it sees few large ones and nothing is
//! put together on a heap.

use crate::{
    percent::{HEX, class, unescape, unreserved_prefix},
    sink::Sink,
    value::{Encoding, Value},
};

/// How many bytes are collected before the sink sees them: a power of two and a multiple of every
/// hash's block, and smaller where the stack is.
const WINDOW: usize = if cfg!(target_pointer_width = "64") {
    256
} else {
    64
};

/// The longest piece that is written without a look at how much room is left.
const SPILL: usize = 8;

/// Between two calls, less than a window is filled.
#[derive(Debug)]
pub(crate) struct Writer<'s, S: Sink + ?Sized> {
    sink: &'s mut S,
    window: [u8; WINDOW + SPILL],
    filled: usize,
    flushed: usize,
}

impl<'s, S: Sink + ?Sized> Writer<'s, S> {
    #[inline]
    pub(crate) fn new(sink: &'s mut S) -> Self {
        Self {
            sink,
            window: [0; WINDOW + SPILL],
            filled: 0,
            flushed: 0,
        }
    }

    /// How many bytes were written.
    pub(crate) fn written(&self) -> usize {
        self.flushed + self.filled
    }

    /// Hands on what the window holds.
    #[inline]
    pub(crate) fn flush(&mut self) {
        if let Some(rest) = self.window.get(..self.filled) {
            self.sink.put(rest);
        }
        self.flushed += self.filled;
        self.filled = 0;
    }

    /// Bytes whose number is known to the compiler, as they are.
    #[inline]
    pub(crate) fn literal<const N: usize>(&mut self, bytes: &[u8; N]) {
        let room = self
            .window
            .get_mut(self.filled..)
            .and_then(<[u8]>::first_chunk_mut::<N>);
        match room {
            Some(room) if self.filled + N < WINDOW => {
                *room = *bytes;
                self.filled += N;
            }
            _ => self.raw_across(bytes),
        }
    }

    /// Bytes as they are.
    #[inline]
    pub(crate) fn raw(&mut self, bytes: &[u8]) {
        let end = self.filled + bytes.len();
        match self.window.get_mut(self.filled..end) {
            Some(room) if end < WINDOW => {
                copy(bytes, room);
                self.filled = end;
            }
            _ => self.raw_across(bytes),
        }
    }

    /// A value, encoded once (RFC 5849 section 3.6), as it is sent.
    #[inline]
    pub(crate) fn encoded(&mut self, value: Value<'_>) {
        if value.is_clean() {
            self.raw(value.raw());
        } else {
            self.dirty(value, Self::byte_once);
        }
    }

    /// A value, encoded twice, as it stands in a base string.
    #[inline]
    pub(crate) fn encoded_twice(&mut self, value: Value<'_>) {
        if value.is_clean() {
            self.raw(value.raw());
        } else {
            self.dirty(value, Self::byte_twice);
        }
    }

    /// Text that stands for itself, encoded once, where runs without a byte to encode are long.
    #[inline]
    pub(crate) fn encoded_runs(&mut self, bytes: &[u8]) {
        let mut rest = bytes;
        while let Some((&byte, after)) = rest.split_first() {
            let clean = unreserved_prefix(rest);
            if clean > 0 {
                self.raw(&rest[..clean]);
                rest = &rest[clean..];
            } else {
                self.byte_once(byte);
                rest = after;
            }
        }
    }

    /// Text in which something is, or is to be, encoded: `write` writes what is to be.
    #[inline]
    fn dirty(&mut self, value: Value<'_>, write: impl Fn(&mut Self, u8)) {
        let (plain, form) = (
            value.encoding() == Encoding::Plain,
            value.encoding() == Encoding::Form,
        );
        let mut rest = value.raw();
        while let Some((&byte, after)) = rest.split_first() {
            if class::of(byte) & class::RESERVED == 0 {
                match rest.first_chunk::<4>() {
                    Some(&[a, b, c, d])
                        if (class::of(b) | class::of(c) | class::of(d)) & class::RESERVED == 0 =>
                    {
                        self.short([a, b, c, d, 0, 0, 0, 0], 4);
                        rest = &rest[4..];
                    }
                    _ => {
                        self.short([byte, 0, 0, 0, 0, 0, 0, 0], 1);
                        rest = after;
                    }
                }
                continue;
            }
            let (decoded, length) = match byte {
                _ if plain => (byte, 1),
                b'%' => unescape(rest).map_or((byte, 1), |decoded| (decoded, 3)),
                b'+' if form => (b' ', 1),
                _ => (byte, 1),
            };
            write(self, decoded);
            rest = &rest[length..];
        }
    }

    #[inline]
    pub(crate) fn byte_once(&mut self, byte: u8) {
        if class::of(byte) & class::RESERVED == 0 {
            self.short([byte, 0, 0, 0, 0, 0, 0, 0], 1);
        } else {
            let [high, low] = digits(byte);
            self.short([b'%', high, low, 0, 0, 0, 0, 0], 3);
        }
    }

    #[inline]
    fn byte_twice(&mut self, byte: u8) {
        if class::of(byte) & class::RESERVED == 0 {
            self.short([byte, 0, 0, 0, 0, 0, 0, 0], 1);
        } else {
            // An escape is a "%", which is encoded, and two digits, which are not.
            let [high, low] = digits(byte);
            self.short([b'%', b'2', b'5', high, low, 0, 0, 0], 5);
        }
    }

    /// The first `len` of eight bytes.
    #[inline]
    fn short(&mut self, bytes: [u8; SPILL], len: usize) {
        // Less than a window is filled: the mask changes nothing, and spares the check of a bound.
        let at = self.filled & (WINDOW - 1);
        self.window[at..at + SPILL].copy_from_slice(&bytes);
        self.filled = at + len;
        if self.filled >= WINDOW {
            self.flush_window();
        }
    }

    #[cold]
    #[inline(never)]
    fn raw_across(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            let room = &mut self.window[self.filled..WINDOW];
            let taken = room.len().min(bytes.len());
            room[..taken].copy_from_slice(&bytes[..taken]);
            self.filled += taken;
            bytes = &bytes[taken..];
            if self.filled >= WINDOW {
                self.flush_window();
            }
        }
    }

    #[cold]
    #[inline(never)]
    fn flush_window(&mut self) {
        self.sink.put(&self.window[..WINDOW]);
        self.flushed += WINDOW;
        self.window.copy_within(WINDOW..self.filled, 0);
        self.filled -= WINDOW;
    }
}

impl<S: Sink + ?Sized> Sink for Writer<'_, S> {
    #[inline]
    fn put(&mut self, bytes: &[u8]) {
        self.raw(bytes);
    }
}

#[inline]
const fn digits(byte: u8) -> [u8; 2] {
    [HEX[(byte >> 4) as usize], HEX[(byte & 15) as usize]]
}

/// Copies a slice into one of the same length. Most pieces are short, and then two copies of fixed
/// length that overlap take a fraction of what a call takes.
#[inline]
fn copy(from: &[u8], to: &mut [u8]) {
    fn ends<const N: usize>(from: &[u8], to: &mut [u8]) {
        if let (Some(first), Some(last)) = (from.first_chunk::<N>(), from.last_chunk::<N>()) {
            if let Some(room) = to.first_chunk_mut::<N>() {
                *room = *first;
            }
            if let Some(room) = to.last_chunk_mut::<N>() {
                *room = *last;
            }
        }
    }
    match from.len() {
        0 => {}
        1..=3 => {
            for (to, from) in to.iter_mut().zip(from) {
                *to = *from;
            }
        }
        4..=7 => ends::<4>(from, to),
        8..=15 => ends::<8>(from, to),
        16..=32 => ends::<16>(from, to),
        _ => to.copy_from_slice(from),
    }
}
