//! Writes small pieces through a window, so that the sink behind it sees few large ones and nothing is
//! put together on a heap.

use core::ops::Range;

use crate::{base64_text, sink::Sink, value::Value};

mod encoded;

/// How many bytes are collected before the sink sees them: a power of two and a multiple of every
/// hash's block; less where the stack is small.
const WINDOW: usize = if cfg!(target_pointer_width = "64") {
    512
} else {
    64
};

/// The longest piece that is written without a look at how much room is left.
const SPILL: usize = if cfg!(target_pointer_width = "64") {
    64 + 8
} else {
    8
};

/// How many forms are written without a look at how much room is left: of five bytes at most, with
/// the unused end of the last.
const BATCH: usize = if SPILL < 64 { 1 } else { 8 };

/// The longest piece that is copied with some of what stands behind it.
const SHORT: usize = if SPILL < 32 { SPILL } else { 32 };

/// The memory of a window: several writers can use it, one after the other.
#[derive(Debug)]
pub(crate) struct Window([u8; WINDOW + SPILL]);

impl Window {
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "a call would copy it")]
    pub(crate) const fn new() -> Self {
        Self([0; WINDOW + SPILL])
    }
}

/// Between two calls, less than a window is filled.
#[derive(Debug)]
pub(crate) struct Writer<'s, S: Sink + ?Sized> {
    sink: &'s mut S,
    window: &'s mut [u8; WINDOW + SPILL],
    filled: usize,
    flushed: usize,
}

impl<'s, S: Sink + ?Sized> Writer<'s, S> {
    #[inline]
    pub(crate) fn new(sink: &'s mut S, window: &'s mut Window) -> Self {
        Self {
            sink,
            window: &mut window.0,
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

    /// Bytes as they are. Most pieces are short, and then two copies of fixed length that overlap take a
    /// fraction of what a call takes.
    #[cfg_attr(target_pointer_width = "64", inline(always))]
    #[cfg_attr(
        target_pointer_width = "64",
        expect(
            clippy::inline_always,
            reason = "of constants, one case alone is left of it, and a call takes as much as the rest"
        )
    )]
    pub(crate) fn raw(&mut self, bytes: &[u8]) {
        let len = bytes.len();
        if len >= 16 {
            match len {
                ..=32 if SPILL >= 32 => self.ends::<16>(bytes),
                ..=64 if SPILL >= 64 => self.ends::<32>(bytes),
                _ => self.raw_across(bytes),
            }
        } else if len >= 8 {
            if SPILL >= 16 {
                self.ends::<8>(bytes);
            } else {
                self.raw_across(bytes);
            }
        } else if len >= 4 {
            self.ends::<4>(bytes);
        } else if len > 0 {
            self.few(bytes);
        }
    }

    /// Bytes of which there are `N` to `2 * N`, and no more than [`SPILL`].
    #[inline]
    fn ends<const N: usize>(&mut self, bytes: &[u8]) {
        if let (Some(first), Some(last)) = (bytes.first_chunk::<N>(), bytes.last_chunk::<N>()) {
            // Less than a window is filled: the mask changes nothing, and spares the check of a bound.
            let at = self.filled & (WINDOW - 1);
            let end = at + bytes.len();
            self.window[at..at + N].copy_from_slice(first);
            self.window[end - N..end].copy_from_slice(last);
            self.advance(end);
        }
    }

    /// One byte to three: the first, the one in the middle, and the last.
    #[inline]
    fn few(&mut self, bytes: &[u8]) {
        if let (Some(first), Some(middle), Some(last)) =
            (bytes.first(), bytes.get(bytes.len() / 2), bytes.last())
        {
            let at = self.filled & (WINDOW - 1);
            let end = at + bytes.len();
            self.window[at] = *first;
            self.window[at + bytes.len() / 2] = *middle;
            self.window[end - 1] = *last;
            self.advance(end);
        }
    }

    /// Less than four bytes whose number is known to the compiler.
    #[inline]
    pub(crate) fn literal<const N: usize>(&mut self, bytes: &[u8; N]) {
        self.short(bytes, N);
    }

    /// Bytes of a longer text, as they are: of a short piece, what stands behind it is copied too, and
    /// written over by what comes next: a copy of fixed length takes few instructions.
    #[inline]
    pub(crate) fn raw_of(&mut self, text: &[u8], range: Range<usize>) {
        let len = range.end - range.start;
        match text.get(range.start..).and_then(<[u8]>::first_chunk) {
            Some(piece) if len <= SHORT => self.short::<SHORT>(piece, len),
            _ => self.raw_called(&text[range]),
        }
    }

    /// A pair of a text that needs no encoding, as in [`raw_of`](Self::raw_of) but at one go, between
    /// the encoded forms of `&`, where another stands before it, and `=`. Whether it was short enough.
    #[inline]
    pub(crate) fn pair_of(
        &mut self,
        text: &[u8],
        name: Range<usize>,
        value: Range<usize>,
        is_first: bool,
    ) -> bool {
        /// What there is room for twice, in what is written without a look at how much is left.
        const PART: usize = 16;
        if SPILL < 64 {
            return false;
        }
        let (name_len, value_len) = (name.end - name.start, value.end - value.start);
        let Some(pair) = text
            .get(name.start..)
            .and_then(<[u8]>::first_chunk::<{ PART + 1 + PART }>)
        else {
            return false;
        };
        let value_at = value.start.wrapping_sub(name.start);
        if value_at > PART + 1 || name_len > PART || value_len > PART {
            return false;
        }
        let mut at = self.filled & (WINDOW - 1);
        if !is_first {
            self.window[at..at + 3].copy_from_slice(b"%26");
            at += 3;
        }
        self.window[at..at + PART].copy_from_slice(&pair[..PART]);
        at += name_len;
        self.window[at..at + 3].copy_from_slice(b"%3D");
        at += 3;
        self.window[at..at + PART].copy_from_slice(&pair[value_at..value_at + PART]);
        self.advance(at + value_len);
        true
    }

    /// Bytes as they are, of a number that nobody knows before.
    #[inline(never)]
    pub(crate) fn raw_called(&mut self, bytes: &[u8]) {
        self.raw(bytes);
    }

    /// The first `len` of a few bytes.
    #[inline]
    fn short<const N: usize>(&mut self, bytes: &[u8; N], len: usize) {
        let at = self.filled & (WINDOW - 1);
        if N > SPILL {
            return self.raw_across(&bytes[..len]);
        }
        self.window[at..at + N].copy_from_slice(bytes);
        self.advance(at + len);
    }

    #[inline]
    fn advance(&mut self, end: usize) {
        self.filled = end;
        if end >= WINDOW {
            self.flush_window();
        }
    }

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
        self.filled = Self::spill(self.sink, self.window, self.filled);
        self.flushed += WINDOW;
    }

    /// Hands a full window on; how much of it is filled then.
    #[cold]
    #[inline(never)]
    fn spill(sink: &mut S, window: &mut [u8; WINDOW + SPILL], filled: usize) -> usize {
        sink.put(&window[..WINDOW]);
        window.copy_within(WINDOW..filled, 0);
        filled - WINDOW
    }
}

/// Puts are taken as they are, and seen by the sink behind it once the window is full or
/// [flushed](Writer::flush).
impl<S: Sink + ?Sized> Sink for Writer<'_, S> {
    #[cfg_attr(target_pointer_width = "64", inline(always))]
    #[cfg_attr(
        target_pointer_width = "64",
        expect(clippy::inline_always, reason = "as of `raw`, which it is")
    )]
    fn put(&mut self, bytes: &[u8]) {
        self.raw(bytes);
    }
}

/// Encodes what is put into it once, and hands it on.
#[derive(Debug)]
pub(crate) struct Encoder<'e, 's, S: Sink + ?Sized>(pub(crate) &'e mut Writer<'s, S>);

impl<S: Sink + ?Sized> Sink for Encoder<'_, '_, S> {
    #[inline]
    fn put(&mut self, bytes: &[u8]) {
        self.0.encoded_plain(bytes);
    }

    #[inline]
    fn put_base64(&mut self, bytes: &[u8]) {
        if SPILL < 64 {
            return base64_text::put(bytes, self);
        }
        self.0.encoded_base64(bytes);
    }
}

/// Writes a value, encoded once (RFC 5849 section 3.6), into a sink.
#[inline]
pub(crate) fn put_encoded<S: Sink + ?Sized>(value: Value<'_>, sink: &mut S) {
    if value.is_clean() {
        sink.put(value.raw());
    } else {
        put_dirty(value, sink);
    }
}

#[inline(never)]
fn put_dirty<S: Sink + ?Sized>(value: Value<'_>, sink: &mut S) {
    let mut window = Window::new();
    let mut writer = Writer::new(sink, &mut window);
    writer.encoded_once(&value);
    writer.flush();
}

#[cfg(test)]
mod tests;
