//! The base64 (RFC 4648 section 4) of digests, whose length the compiler knows: every signature has one,
//! and a library for texts of any length takes three times the instructions.

use crate::sink::Sink;

/// The base64 of `bytes`, with its padding, at the start of `text`; its length. `text` has room for it.
#[inline]
pub(crate) fn encode(bytes: &[u8], text: &mut [u8]) -> usize {
    let (groups, rest) = bytes.as_chunks::<3>();
    let (quads, _) = text.as_chunks_mut::<4>();
    for (group, quad) in groups.iter().zip(quads.iter_mut()) {
        *quad = letters(*group);
    }
    let [first, second @ ..] = rest else {
        return 4 * groups.len();
    };
    let [a, b, c, _] = letters([*first, second.first().copied().unwrap_or(0), 0]);
    if let Some(quad) = quads.get_mut(groups.len()) {
        *quad = [a, b, if second.is_empty() { b'=' } else { c }, b'='];
    }
    4 * groups.len() + 4
}

/// The base64 of `bytes` into a sink.
pub(crate) fn put<S: Sink + ?Sized>(bytes: &[u8], sink: &mut S) {
    // Most digests are one piece, and stacks may be small.
    for piece in bytes.chunks(24) {
        let mut text = [0; 32];
        let length = encode(piece, &mut text);
        sink.put(&text[..length]);
    }
}

pub(crate) const ALPHABET: &[u8; 64] =
    b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

#[inline]
fn letters(group: [u8; 3]) -> [u8; 4] {
    sixes(group).map(|six| ALPHABET[usize::from(six)])
}

/// The bits of three bytes, six in each of four.
#[inline]
pub(crate) fn sixes([a, b, c]: [u8; 3]) -> [u8; 4] {
    let bits = u32::from_be_bytes([0, a, b, c]);
    [18, 12, 6, 0].map(|shift| (bits >> shift & 63) as u8)
}

#[cfg(test)]
mod tests;
