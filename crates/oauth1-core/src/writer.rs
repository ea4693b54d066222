//! Writes small pieces through a window, so that the sink behind it sees few large ones and nothing is
//! put together on a heap.

use core::ops::Range;

use crate::{
    percent::{HEX, class, unescape_digits},
    sink::Sink,
    value::{Encoding, Value},
};

/// How many bytes are collected before the sink sees them: a power of two and a multiple of every
/// hash's block; less where the stack is small.
const WINDOW: usize = if cfg!(target_pointer_width = "64") {
    512
} else {
    64
};

/// The longest piece that is written without a look at how much room is left.
const SPILL: usize = if cfg!(target_pointer_width = "64") {
    32
} else {
    8
};

/// Between two calls, less than a window is filled.
#[derive(Debug)]
pub(crate) struct Writer<'s, S: Sink + ?Sized> {
    sink: &'s mut S,
    window: [u8; WINDOW + SPILL],
    filled: usize,
    flushed: usize,
}

impl<'s, S: Sink + ?Sized> Writer<'s, S> {
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "a call would copy the window")]
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

    /// Bytes of a longer text, as they are: of a short piece, what stands behind it is copied too, and
    /// written over by what comes next: a copy of fixed length takes few instructions.
    #[inline]
    pub(crate) fn raw_of(&mut self, text: &[u8], range: Range<usize>) {
        let (start, len) = (range.start, range.end - range.start);
        match text.get(start..).and_then(<[u8]>::first_chunk::<SPILL>) {
            Some(piece) if len <= SPILL => self.short(*piece, len),
            _ => self.raw(&text[range]),
        }
    }

    /// A value, encoded twice, as it stands in a base string.
    #[inline]
    pub(crate) fn encoded_twice(&mut self, value: Value<'_>) {
        if value.is_clean() {
            self.raw(value.raw());
        } else {
            encode(value, |piece| match piece {
                Piece::Clean4(bytes) => self.short(*bytes, 4),
                Piece::Clean(byte) => self.short([byte], 1),
                // An escape is a "%", which is encoded, and two digits, which are not.
                Piece::Reserved([high, low]) => {
                    self.short([b'%', b'2', b'5', high, low, 0, 0, 0], 5);
                }
            });
        }
    }

    /// A path, encoded once: most hold nothing to encode but slashes.
    pub(crate) fn encoded_path(&mut self, path: &[u8]) {
        let mut rest = path;
        if !class::any(path, |byte| !class::in_clean_path(byte)) {
            while let Some((eight, after)) = rest.split_first_chunk::<8>() {
                let before = class::find(eight, 0, b'/', b'/');
                self.short(*eight, before);
                rest = after;
                if before < eight.len() {
                    self.short(*b"%2F\0", 3);
                    rest = &path[path.len() - rest.len() - 7 + before..];
                }
            }
        }
        self.encoded_plain(rest);
    }

    /// Bytes that stand for themselves, encoded once.
    pub(crate) fn encoded_plain(&mut self, bytes: &[u8]) {
        let mut rest = bytes;
        loop {
            let (clean, _) = class::scan(rest, class::RESERVED);
            let (run, after) = rest.split_at(clean);
            self.raw(run);
            let [reserved, after @ ..] = after else {
                return;
            };
            let [high, low] = digits(*reserved);
            self.short([b'%', high, low, 0], 3);
            rest = after;
        }
    }

    /// The first `len` of a few bytes.
    #[inline]
    fn short<const N: usize>(&mut self, bytes: [u8; N], len: usize) {
        const {
            assert!(
                N <= SPILL,
                "more than the window has room for behind its end"
            );
        };
        // Less than a window is filled: the mask changes nothing, and spares the check of a bound.
        let at = self.filled & (WINDOW - 1);
        self.window[at..at + N].copy_from_slice(&bytes);
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

/// Encodes what is put into it once, and hands it on.
#[derive(Debug)]
pub(crate) struct Encoder<'s, S: Sink + ?Sized>(pub(crate) &'s mut S);

impl<S: Sink + ?Sized> Sink for Encoder<'_, S> {
    #[inline]
    fn put(&mut self, bytes: &[u8]) {
        put_encoded(Value::scanned(bytes, Encoding::Plain, false), self.0);
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

fn put_dirty<S: Sink + ?Sized>(value: Value<'_>, sink: &mut S) {
    // Twice what is collected, so that no piece has to be split.
    let mut room = [0; 64];
    let mut filled = 0;
    encode(value, |piece| {
        let at = filled & 31;
        match piece {
            Piece::Clean4(bytes) => {
                room[at..at + 4].copy_from_slice(bytes);
                filled = at + 4;
            }
            Piece::Clean(byte) => {
                room[at] = byte;
                filled = at + 1;
            }
            Piece::Reserved([high, low]) => {
                room[at..at + 4].copy_from_slice(&[b'%', high, low, 0]);
                filled = at + 3;
            }
        }
        if filled >= 32 {
            sink.put(&room[..filled & 63]);
            filled = 0;
        }
    });
    sink.put(&room[..filled & 63]);
}

/// What encoding makes of a value, piece by piece.
enum Piece<'a> {
    /// Four bytes that stay as they are.
    Clean4(&'a [u8; 4]),
    /// One that does.
    Clean(u8),
    /// One that is encoded: the digits of its escape.
    Reserved([u8; 2]),
}

#[inline]
fn encode<'a>(value: Value<'a>, mut write: impl FnMut(Piece<'a>)) {
    let (plain, form) = (
        value.encoding() == Encoding::Plain,
        value.encoding() == Encoding::Form,
    );
    let mut rest = value.raw();
    loop {
        let [byte, after @ ..] = rest else { return };
        let byte = *byte;
        if class::of(byte) & class::RESERVED == 0 {
            if let Some((four @ &[_, b, c, d], after)) = rest.split_first_chunk::<4>()
                && (class::of(b) | class::of(c) | class::of(d)) & class::RESERVED == 0
            {
                write(Piece::Clean4(four));
                rest = after;
                continue;
            }
            write(Piece::Clean(byte));
            rest = after;
            continue;
        }
        rest = after;
        let decoded = match byte {
            _ if plain => byte,
            b'%' => match unescape_digits(after) {
                Some(decoded) => {
                    rest = &after[2..];
                    decoded
                }
                None => byte,
            },
            b'+' if form => b' ',
            _ => byte,
        };
        if class::of(decoded) & class::RESERVED == 0 {
            write(Piece::Clean(decoded));
        } else {
            write(Piece::Reserved(digits(decoded)));
        }
    }
}

#[inline]
pub(crate) const fn digits(byte: u8) -> [u8; 2] {
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
