//! The machine interface: a JSON object a line in, one answer a line out, in the same order.

use std::io::{self, Write as _};

use crate::{
    json::{Answer, Outline},
    problem::{Code, Failure, Problem},
    stream::lines::{Lines, Step},
};

pub(crate) mod lines;

/// The longest line: room for a body of some megabytes, and an end to what one line can cost.
const LONGEST_LINE: usize = 16 * 1024 * 1024;

/// Answers are collected up to this, unless the input pauses before.
const OUTPUT: usize = 128 * 1024;

/// What answers lines.
pub(crate) trait Answerer {
    /// Whether answers say `ok`; one that is an error then says that it is not.
    const SAYS_OK: bool = false;

    /// Appends the answer to a line, its `\n` included.
    ///
    /// # Errors
    /// [`Problem`], which becomes the answer; what was appended by then is dropped.
    fn answer(&mut self, line: &[u8], out: &mut Vec<u8>) -> Result<(), Problem>;
}

/// Answers standard input on standard output, to its end.
pub(crate) fn run<A: Answerer>(mut answerer: A) -> Result<(), Failure> {
    let mut lines = Lines::new(io::stdin().lock(), LONGEST_LINE);
    let mut stdout = io::stdout().lock();
    let mut out = Vec::with_capacity(OUTPUT + OUTPUT / 2);
    loop {
        match lines.next() {
            Step::Line(line) => answer(&mut answerer, line, &mut out),
            Step::TooLong(start) => {
                let problem = Problem::new(
                    Code::LineTooLong,
                    format!(
                        "a line has at most {LONGEST_LINE} bytes: hash longer bodies elsewhere"
                    ),
                );
                write_error::<A>(start, &problem, &mut out);
            }
            Step::Drained => {
                // Whoever waits for an answer before the next question gets it.
                flush(&mut out, &mut stdout)?;
                lines.read()?;
            }
            Step::End => return Ok(flush(&mut out, &mut stdout)?),
        }
        if out.len() >= OUTPUT {
            flush(&mut out, &mut stdout)?;
        }
    }
}

/// Appends the answer to a line, which may be an error.
pub(crate) fn answer<A: Answerer>(answerer: &mut A, line: &[u8], out: &mut Vec<u8>) {
    let start = out.len();
    if let Err(problem) = answerer.answer(line, out) {
        out.truncate(start);
        write_error::<A>(line, &problem, out);
    }
}

fn flush(out: &mut Vec<u8>, stdout: &mut io::StdoutLock<'_>) -> io::Result<()> {
    if out.is_empty() {
        return Ok(());
    }
    stdout.write_all(out)?;
    stdout.flush()?;
    out.clear();
    // A single answer may be as long as many: it does not decide how much is kept.
    out.shrink_to(2 * OUTPUT);
    Ok(())
}

fn write_error<A: Answerer>(line: &[u8], problem: &Problem, out: &mut Vec<u8>) {
    let mut answer = Answer::new(out, Outline::of(line).id());
    if A::SAYS_OK {
        answer.boolean("ok", false);
    }
    answer.text("error", problem.code().as_str());
    answer.text("message", problem.message());
    answer.finish();
}
