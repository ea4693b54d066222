//! How many lines a second `oauth1 sign --json` answers.

use core::fmt::Write as _;
use std::fs::{self, File};
use std::io::{BufRead as _, BufReader};
use std::process::Command;

use anyhow::{Context as _, Result, bail, ensure};

use crate::process::{run as must, target_dir};

/// Lines in one run, and runs, of which the fastest counts: what disturbs makes it slower.
const LINES: usize = 300_000;
const RUNS: usize = 3;

/// Lines a second of one processor.
const GOAL: f64 = 100_000.0;

/// Has the command, which is built, sign W1 a few hundred thousand times, and holds the rate against the
/// goal.
pub(crate) fn run() -> Result<()> {
    let target = target_dir();
    let (asked, answered) = (target.join("sign.jsonl"), target.join("signed.jsonl"));
    fs::write(&asked, questions())?;
    let mut best = 0.0_f64;
    for _ in 0..RUNS {
        best = best.max(rate(
            Command::new(target.join("release/oauth1"))
                .args(["sign", "--json"])
                .stdin(File::open(&asked)?)
                .stdout(File::create(&answered)?),
        )?);
        check(&answered)?;
    }
    fs::remove_file(&asked)?;
    fs::remove_file(&answered)?;
    let word = if best >= GOAL { "met" } else { "missed" };
    println!(
        "oauth1 sign --json, W1: {best:.0} lines a second of one processor, goal >= {GOAL:.0}: {word}"
    );
    Ok(())
}

/// W1, each with a nonce of its own.
fn questions() -> String {
    let mut lines = String::new();
    for number in 0..LINES {
        let _ = writeln!(
            lines,
            r#"{{"id":{number},"method":"GET","url":"https://api.example.com/1.1/statuses/home_timeline.json?count=20&include_entities=true","client_key":"bWVhc3VyZWQtY2xpZW50MQ","client_secret":"c2VjcmV0LW9mLXRoZS1jbGllbnQwMDE","token":"370773112-bWVhc3VyZWQtdG9rZW4tb2Ytc29tZS1vd25lcjAx","token_secret":"c2VjcmV0LW9mLXRoZS10b2tlbi0wMDE","timestamp":1700000000,"nonce":"{number:032x}"}}"#
        );
    }
    lines
}

/// Every line is an answer, and none is an error.
fn check(answered: &std::path::Path) -> Result<()> {
    let mut count = 0;
    for line in BufReader::new(File::open(answered)?).lines() {
        let line = line?;
        ensure!(line.contains(r#""signature":""#), "answered with {line}");
        count += 1;
    }
    ensure!(count == LINES, "{count} answers to {LINES} lines");
    Ok(())
}

/// Lines a second of the processor's time that a command takes.
fn rate(command: &mut Command) -> Result<f64> {
    let before = ticks_of_children()?;
    must(command)?;
    let ticks = ticks_of_children()? - before;
    ensure!(ticks > 0, "it took no time that can be measured");
    #[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
    let (lines, seconds) = (LINES as f64, ticks as f64 / TICKS_A_SECOND);
    Ok(lines / seconds)
}

/// The unit of Linux's figures, whatever its own clock does (`USER_HZ`).
const TICKS_A_SECOND: f64 = 100.0;

/// What all processes that this one started, and that have ended, used of the processors, in their own
/// code and in the kernel: `cutime` and `cstime`.
fn ticks_of_children() -> Result<u64> {
    let Ok(stat) = fs::read_to_string("/proc/self/stat") else {
        bail!("processor time is read from /proc, which only Linux has");
    };
    parse(&stat).context("/proc/self/stat cannot be understood")
}

/// The same in seconds.
pub(crate) fn processor_seconds() -> Result<f64> {
    #[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
    ticks_of_children().map(|ticks| ticks as f64 / TICKS_A_SECOND)
}

/// The 16th and the 17th field. The second one, the name, may have anything in it but ends with the last
/// parenthesis.
fn parse(stat: &str) -> Option<u64> {
    let (_, behind) = stat.rsplit_once(')')?;
    let mut fields = behind.split_ascii_whitespace().skip(13);
    let mut next = || fields.next()?.parse::<u64>().ok();
    Some(next()? + next()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_of_children_is_the_16th_and_17th_field() {
        let stat = "7 (a) b) R 1 2 3 4 5 6 7 8 9 10 11 12 300 4 20 0 1";
        assert_eq!(parse(stat), Some(304));
        assert_eq!(parse("7 (a) R 1"), None);
        assert_eq!(parse(""), None);
    }

    #[test]
    fn each_question_is_a_line_with_a_nonce_of_its_own() {
        let questions = questions();
        assert_eq!(questions.lines().count(), LINES);
        let last = questions.lines().last().unwrap_or_default();
        assert!(last.starts_with(r#"{"id":299999,"#), "{last}");
        assert!(
            last.contains(r#""nonce":"000000000000000000000000000493df"}"#),
            "{last}"
        );
    }
}
