//! Two base strings side by side.

use oauth1_core::Value;
use similar::{Algorithm, DiffOp, capture_diff_slices};

/// A line of the comparison.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Line<'t> {
    pub(super) side: Side,
    /// As it stands in the base string.
    pub(super) piece: &'t str,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    Both,
    Ours,
    Theirs,
}

/// The pieces of both: method, URI, and the parameters.
pub(super) fn compare<'t>(ours: &'t str, theirs: &'t str) -> Vec<Line<'t>> {
    let (ours, theirs) = (split(ours), split(theirs));
    let mut lines = Vec::new();
    for operation in capture_diff_slices(Algorithm::Myers, &ours, &theirs) {
        let mut put = |side, pieces: &[&'t str]| {
            let pieces = pieces.iter();
            lines.extend(pieces.map(|piece| Line { side, piece }));
        };
        match operation {
            DiffOp::Equal { old_index, len, .. } => {
                put(Side::Both, &ours[old_index..old_index + len]);
            }
            other => {
                put(Side::Ours, &ours[other.old_range()]);
                put(Side::Theirs, &theirs[other.new_range()]);
            }
        }
    }
    lines
}

fn split(text: &str) -> Vec<&str> {
    let mut parts = text.splitn(3, '&');
    let mut pieces: Vec<_> = parts.by_ref().take(2).collect();
    let parameters = parts.next().unwrap_or_default();
    let pairs = parameters.split("%26").flat_map(|piece| piece.split('&'));
    pieces.extend(pairs.filter(|pair| !pair.is_empty()));
    pieces
}

/// A piece for people: what it stands for.
pub(super) fn decoded(piece: &str) -> String {
    let decode = |text: &str| Value::percent(text.as_bytes()).to_string_lossy();
    let once = decode(piece);
    match once.split_once('=') {
        Some((name, value)) if piece.contains("%3D") || piece.contains('=') => {
            format!("{} = {}", decode(name), decode(value))
        }
        _ => once,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_the_same_stands_once() {
        let lines = compare("GET&u&a%3D1%26b%3D2", "GET&v&b%3D2%26c%3D");
        let shown: Vec<_> = lines.iter().map(|line| (line.side, line.piece)).collect();
        assert_eq!(
            shown,
            [
                (Side::Both, "GET"),
                (Side::Ours, "u"),
                (Side::Ours, "a%3D1"),
                (Side::Theirs, "v"),
                (Side::Both, "b%3D2"),
                (Side::Theirs, "c%3D"),
            ]
        );
        assert_eq!(
            compare("", ""),
            [Line {
                side: Side::Both,
                piece: ""
            }]
        );
    }

    #[test]
    fn pieces_are_decoded_once_or_twice() {
        assert_eq!(decoded("https%3A%2F%2Fa%2Fb%2520c"), "https://a/b%20c");
        assert_eq!(decoded("q%3Da%252Cb%2520c"), "q = a,b c");
    }
}
