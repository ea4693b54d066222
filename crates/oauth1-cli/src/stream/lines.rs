//! Lines of standard input, cut out of one buffer that is kept.

use std::io::{self, Read};

use zeroize::Zeroizing;

/// How much is read at once: many lines, and more than a pipe holds.
const CHUNK: usize = 256 * 1024;

/// Cuts an input into lines without copying them. Lines hold secrets: the buffer is wiped when it is
/// dropped or replaced.
pub(crate) struct Lines<R> {
    input: R,
    buffer: Zeroizing<Vec<u8>>,
    /// What was read and not yet handed out stands at `start..end`.
    start: usize,
    end: usize,
    /// No line ends before this.
    scanned: usize,
    longest: usize,
    /// The rest of a line that was too long is being passed over.
    skipping: bool,
    at_end: bool,
}

/// What comes next.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Step<'b> {
    /// A line, without its end.
    Line(&'b [u8]),
    /// The start of a line that is too long. The rest of it is never seen.
    TooLong(&'b [u8]),
    /// Nothing is left of what was read: to go on is to [`Lines::read`], which may take its time.
    Drained,
    /// There are no more lines.
    End,
}

impl<R: Read> Lines<R> {
    /// Lines of up to `longest` bytes.
    pub(crate) fn new(input: R, longest: usize) -> Self {
        Self {
            input,
            buffer: Zeroizing::new(vec![0; CHUNK.min(longest + 1)]),
            start: 0,
            end: 0,
            scanned: 0,
            longest,
            skipping: false,
            at_end: false,
        }
    }

    /// The next line of what was read.
    pub(crate) fn next(&mut self) -> Step<'_> {
        if self.skipping {
            let unread = &self.buffer[self.start..self.end];
            let Some(at) = find_line_end(unread) else {
                self.start = self.end;
                return if self.at_end {
                    Step::End
                } else {
                    Step::Drained
                };
            };
            self.start += at + 1;
            self.scanned = self.start;
            self.skipping = false;
        }
        let start = self.start;
        let unscanned = &self.buffer[self.scanned..self.end];
        if let Some(at) = find_line_end(unscanned) {
            let end = self.scanned + at;
            self.start = end + 1;
            self.scanned = self.start;
            return Step::Line(&self.buffer[start..end]);
        }
        self.scanned = self.end;
        if self.end - start > self.longest {
            self.start = self.end;
            self.skipping = true;
            return Step::TooLong(&self.buffer[start..self.end]);
        }
        if !self.at_end {
            return Step::Drained;
        }
        if start == self.end {
            return Step::End;
        }
        // The last line need not end.
        self.start = self.end;
        Step::Line(&self.buffer[start..self.end])
    }

    /// Reads once, after [`Step::Drained`].
    pub(crate) fn read(&mut self) -> io::Result<()> {
        self.make_room();
        let count = loop {
            match self.input.read(&mut self.buffer[self.end..]) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                other => break other?,
            }
        };
        self.end += count;
        self.at_end = count == 0;
        Ok(())
    }

    fn make_room(&mut self) {
        self.buffer.copy_within(self.start..self.end, 0);
        self.end -= self.start;
        self.scanned = self.scanned.saturating_sub(self.start).min(self.end);
        self.start = 0;
        if self.end == self.buffer.len() {
            // With a byte more than the longest line, one that is too long shows.
            let room = (2 * self.end).min(self.longest + 1);
            let mut larger = Zeroizing::new(vec![0; room]);
            larger[..self.end].copy_from_slice(&self.buffer);
            self.buffer = larger;
        }
    }
}

/// Looks at many bytes at once: the compiler makes vector instructions of the inner loop, as it does
/// not where each byte can end it.
fn find_line_end(bytes: &[u8]) -> Option<usize> {
    const MANY: usize = 64;
    let mut start = 0;
    for many in bytes.chunks_exact(MANY) {
        if many
            .iter()
            .fold(0, |found, &byte| found | u8::from(byte == b'\n'))
            > 0
        {
            break;
        }
        start += MANY;
    }
    let mut rest = bytes[start..].iter();
    rest.position(|&byte| byte == b'\n').map(|at| start + at)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives out no more than so many bytes at once.
    struct Trickle<'t>(&'t [u8], usize);

    impl Read for Trickle<'_> {
        fn read(&mut self, memory: &mut [u8]) -> io::Result<usize> {
            let room = memory.len().min(self.1);
            self.0.read(&mut memory[..room])
        }
    }

    fn all(text: &str, at_once: usize, longest: usize) -> Vec<String> {
        let mut lines = Lines::new(Trickle(text.as_bytes(), at_once), longest);
        let mut found = Vec::new();
        loop {
            let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
            match lines.next() {
                Step::Line(line) => found.push(text(line)),
                Step::TooLong(start) => found.push(text(start) + "..."),
                Step::Drained => lines.read().unwrap(),
                Step::End => return found,
            }
        }
    }

    #[test]
    fn lines_are_the_same_however_they_arrive() {
        let text = "first\n\nthird line\r\nlast";
        for at_once in 1..=text.len() {
            assert_eq!(
                all(text, at_once, 11),
                ["first", "", "third line\r", "last"]
            );
        }
        assert_eq!(all("", 1, 11), [""; 0]);
        assert_eq!(all("a\n", 1, 11), ["a"]);
    }

    #[test]
    fn a_line_that_is_too_long_is_passed_over_and_the_next_is_not() {
        for at_once in 1..40 {
            let found = all(
                "12345\n123456\n123456789012345678901234567890\nab\n123456",
                at_once,
                5,
            );
            let shown: Vec<_> = found.iter().map(String::as_str).collect();
            assert_eq!(
                shown,
                ["12345", "123456...", "123456...", "ab", "123456..."]
            );
        }
    }

    #[test]
    fn no_more_is_held_than_the_longest_line_and_one_byte() {
        let text = vec![b'x'; 1 << 20];
        let mut lines = Lines::new(Trickle(&text, usize::MAX), 1000);
        loop {
            match lines.next() {
                Step::Drained => lines.read().unwrap(),
                Step::End => break,
                Step::TooLong(start) => assert_eq!(start.len(), 1001),
                Step::Line(_) => panic!("a line"),
            }
            assert!(lines.buffer.len() <= 1001);
        }
    }
}
