//! The program itself, with one case: not how fast that is, which a debug build cannot tell, but that it is
//! counted, timed and held against its goals and against what was kept.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on is to stop")]

use std::process::{Command, Output};

fn run(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_oauth1-bench"))
        .args(arguments)
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> &str {
    str::from_utf8(bytes).unwrap()
}

#[test]
fn a_case_is_counted_timed_and_held_against_its_goals() {
    let output = run(&["--quick", "--only", "w1-url", "--strict"]);
    let table = text(&output.stdout);
    assert!(table.contains("W1 sign, from the URL"), "{table}");
    assert!(table.contains("times the bare HMAC, goal"), "{table}");
    // In a debug build they are all missed, and the status says so.
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
}

#[test]
fn counts_are_compared_with_those_that_were_kept() {
    let kept = concat!(env!("CARGO_MANIFEST_DIR"), "/baseline.json");
    let output = run(&["--counts", "--only", "w1-url", "--against", kept, "--json"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let worse = json["changes"]["worse"].as_array().unwrap();
    assert!(!worse.is_empty(), "{json:#}");
}

#[test]
fn cases_are_listed_and_run_by_their_names() {
    let list = run(&["list"]);
    let names: Vec<_> = text(&list.stdout)
        .lines()
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    assert!(names.contains(&"w1-url"), "{names:?}");
    assert!(run(&["run", "w1-url", "3"]).status.success());
    let unknown = run(&["run", "w0", "3"]);
    assert_eq!(
        text(&unknown.stderr),
        "error: there is no case w0\n",
        "a mistyped name is an error"
    );
}
