//! The attack list: what a verifying server must answer, asked over real sockets with raw bytes.
//!
//! `list.json` has every line of the list: what is right, and either what the layer answers or
//! where the line is tested. `cargo test -p oauth1-tests --test attacks -- --nocapture` prints the table.

// Clippy's setting for tests does not reach this module; a failed unwrap fails a test here too.
#![allow(
    clippy::unwrap_used,
    missing_docs,
    reason = "a failed unwrap fails the test; there is nobody to read the documentation"
)]

extern crate alloc;

use alloc::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

mod call;
mod cases;
mod server;

/// A line of the list.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    number: u8,
    case: String,
    /// What is right, in the words of the list.
    right: String,
    /// What the layer answers, by what is sent: one answer to all requests, or one to each.
    #[serde(default)]
    ours: BTreeMap<String, Vec<String>>,
    /// Where the line is tested, if it does not concern the layer.
    elsewhere: Option<String>,
}

const LINES: usize = 96;
/// Those that concern no server, or another part of one.
const ELSEWHERE: usize = 16;
const CASES: usize = 93;

fn list() -> Vec<Line> {
    serde_json::from_str(include_str!("list.json")).unwrap()
}

#[test]
fn every_line_is_tested_here_or_says_where() {
    let list = list();
    let numbers: Vec<usize> = list.iter().map(|line| line.number.into()).collect();
    assert_eq!(numbers, (1..=LINES).collect::<Vec<_>>());
    let elsewhere = list.iter().filter(|line| line.elsewhere.is_some());
    assert_eq!(elsewhere.count(), ELSEWHERE);

    let listed = list.iter().flat_map(|line| {
        let sent = line.ours.keys();
        sent.map(|what| (line.number, what.as_str()))
    });
    let here = cases::all().map(|(number, what, _)| (*number, *what));
    let (listed, here): (BTreeSet<_>, BTreeSet<_>) = (listed.collect(), here.collect());
    assert_eq!(listed, here);
    assert_eq!(here.len(), CASES);
    for line in &list {
        assert_eq!(
            line.ours.is_empty(),
            line.elsewhere.is_some(),
            "{}",
            line.number
        );
        assert!(!line.right.is_empty(), "{}", line.number);
    }
}

#[test]
fn every_attack_gets_its_answer() {
    let list = list();
    let mut table: BTreeMap<u8, BTreeSet<String>> = BTreeMap::new();
    let (mut wrong, mut requests) = (Vec::new(), 0);
    for (number, what, run) in cases::all() {
        let line = list.iter().find(|line| line.number == *number).unwrap();
        let answers: Vec<String> = run().iter().map(ToString::to_string).collect();
        assert!(!answers.is_empty(), "{number} {what}");
        requests += answers.len();
        let expected = match &line.ours[*what][..] {
            [one] => vec![one.clone(); answers.len()],
            each => each.to_vec(),
        };
        if answers != expected {
            wrong.push(format!("{number} {what}: {answers:?}, not {expected:?}"));
        }
        table.entry(*number).or_default().extend(answers);
    }
    for line in &list {
        let answer = match (&line.elsewhere, table.get(&line.number)) {
            (Some(place), _) => format!("(see {place})"),
            (None, Some(answers)) => answers.iter().cloned().collect::<Vec<_>>().join("; "),
            (None, None) => "not run".to_owned(),
        };
        println!("{:>3} | {} | {answer}", line.number, line.case);
    }
    let here = table.len();
    println!(
        "{here} of {LINES} lines in {CASES} cases, {requests} requests; {ELSEWHERE} elsewhere"
    );
    assert_eq!(here, LINES - ELSEWHERE);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
