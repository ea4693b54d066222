//! What people read: on standard output, in colour where that is a terminal.

use core::fmt;
use std::io::{self, Write as _};

use anstream::AutoStream;
use anstyle::{AnsiColor, Style};

/// A heading.
const HEADING: Style = Style::new().bold();
/// What is said beside the matter.
pub(crate) const NOTE: Style = Style::new().dimmed();
/// Good and bad news.
pub(crate) const GOOD: Style = AnsiColor::Green.on_default().bold();
pub(crate) const BAD: Style = AnsiColor::Red.on_default().bold();

/// Standard output. Colours are left out where it is no terminal, and where `NO_COLOR` is set.
pub(crate) struct Page {
    out: AutoStream<io::StdoutLock<'static>>,
    started: bool,
}

impl Page {
    pub(crate) fn new() -> Self {
        Self {
            out: AutoStream::auto(io::stdout().lock()),
            started: false,
        }
    }

    /// A line.
    pub(crate) fn line(&mut self, text: impl fmt::Display) -> io::Result<()> {
        self.started = true;
        writeln!(self.out, "{text}")
    }

    /// A line in a colour.
    pub(crate) fn coloured(&mut self, style: Style, text: impl fmt::Display) -> io::Result<()> {
        self.line(format_args!("{style}{text}{style:#}"))
    }

    /// An empty line, but at the start, and a heading.
    pub(crate) fn heading(&mut self, text: impl fmt::Display) -> io::Result<()> {
        if self.started {
            self.line("")?;
        }
        self.coloured(HEADING, text)
    }

    /// What stands below a heading.
    pub(crate) fn item(&mut self, text: impl fmt::Display) -> io::Result<()> {
        self.line(format_args!("  {text}"))
    }

    pub(crate) fn note(&mut self, text: impl fmt::Display) -> io::Result<()> {
        self.item(format_args!("{NOTE}{text}{NOTE:#}"))
    }

    /// Rows whose columns stand one below the other.
    pub(crate) fn table<const N: usize>(&mut self, rows: &[[String; N]]) -> io::Result<()> {
        let mut widths = [0; N];
        for row in rows {
            for (width, cell) in widths.iter_mut().zip(row) {
                *width = cell.chars().count().max(*width);
            }
        }
        for row in rows {
            let cells = row
                .iter()
                .zip(widths)
                .map(|(cell, width)| format!("{cell:width$}"));
            self.item(cells.collect::<Vec<_>>().join("  ").trim_end())?;
        }
        Ok(())
    }
}

/// Bytes of a stranger's as text that moves no cursor: control characters and what is no UTF-8 show
/// escaped.
pub(crate) fn printable(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        for character in chunk.valid().chars() {
            if character.is_control() {
                text.extend(character.escape_unicode());
            } else {
                text.push(character);
            }
        }
        text.push_str(&chunk.invalid().escape_ascii().to_string());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_stranger_sends_moves_no_cursor() {
        assert_eq!(
            printable("Zürich \u{1b}[2J\r".as_bytes()),
            "Zürich \\u{1b}[2J\\u{d}"
        );
        assert_eq!(printable(b"a\xFF\x80b"), "a\\xff\\x80b");
    }
}
