//! Long lines, folded where a reader would.

/// What stands between the pieces of a base string.
const SEPARATORS: [&str; 2] = ["&", "%26"];

/// Packs pieces into lines of at most `width` characters; every line but the first is indented. A
/// piece that is longer than a line is cut.
pub(super) fn fold<'a>(
    pieces: impl IntoIterator<Item = &'a str>,
    width: usize,
    indent: usize,
) -> Vec<String> {
    let margin = " ".repeat(indent);
    let mut lines = vec![String::new()];
    // How many characters the last line has, and how many of them are its margin.
    let (mut used, mut empty) = (0, 0);
    for piece in pieces {
        let length = piece.trim_end().chars().count();
        let mut must_break = used > empty && used + length > width;
        for character in piece.chars() {
            if must_break || used >= width && character != ' ' {
                lines.push(margin.clone());
                (used, empty) = (indent, indent);
                must_break = false;
            }
            if let Some(line) = lines.last_mut() {
                line.push(character);
                used += 1;
            }
        }
    }
    for line in &mut lines {
        line.truncate(line.trim_end().len());
    }
    lines
}

/// The words of a text.
pub(super) fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split_inclusive(' ')
}

/// A line of an HTTP message: the parameters of a header are its pieces.
pub(super) fn header_pieces(line: &str) -> impl Iterator<Item = &str> {
    line.split_inclusive(", ")
}

/// A base string: its three parts, and within the third each parameter.
///
/// A `%26` separates parameters, and nothing else: one in a name or a value is encoded twice and
/// reads `%2526`.
pub(super) fn base_string_pieces(base_string: &str) -> impl Iterator<Item = &str> {
    let mut rest = base_string;
    core::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let skip = rest.len() - unseparated(rest).len();
        let ends = SEPARATORS.iter().filter_map(|one| rest[skip..].find(one));
        let end = ends.min().map_or(rest.len(), |at| skip + at);
        let (piece, after) = rest.split_at(end);
        rest = after;
        Some(piece)
    })
}

/// A piece without the separator that it begins with.
fn unseparated(piece: &str) -> &str {
    SEPARATORS
        .iter()
        .find_map(|one| piece.strip_prefix(one))
        .unwrap_or(piece)
}

/// A text without control characters, which a terminal might obey.
pub(super) fn printable(text: &str) -> String {
    text.chars()
        .map(|character| {
            if character.is_control() {
                '\u{fffd}'
            } else {
                character
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_between_pieces() {
        assert_eq!(
            fold(words("one two three four"), 9, 2),
            ["one two", "  three", "  four"]
        );
        assert_eq!(fold(words("exactly nine"), 12, 2), ["exactly nine"]);
    }

    #[test]
    fn a_piece_longer_than_a_line_is_cut() {
        assert_eq!(fold(["abcdefgh", "i"], 4, 1), ["abcd", " efg", " hi"]);
    }

    #[test]
    fn nothing_is_lost_by_folding() {
        let text = "GET&http%3A%2F%2Fa%2F&a%3Db%2526c%26d%3D";
        let pieces: Vec<&str> = base_string_pieces(text).collect();
        assert_eq!(
            pieces,
            ["GET", "&http%3A%2F%2Fa%2F", "&a%3Db%2526c", "%26d%3D"]
        );
        assert_eq!(fold(base_string_pieces(text), 10, 0).concat(), text);
    }

    #[test]
    fn a_terminal_is_given_no_commands() {
        assert_eq!(printable("a\u{1b}[2J\u{9b}b"), "a\u{fffd}[2J\u{fffd}b");
    }
}
