//! The program as its users run it.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::process::{Command, Output, Stdio};

#[path = "../src/credentials.rs"]
mod credentials;

use oauth1_core::percent;

fn demo(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_oauth1-demo"))
        .args(arguments)
        .output()
        .unwrap()
}

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap()
}

const COUNTS: &str = "9 of 9 answers as expected: 4 accepted, 5 refused.";

/// What is printed, step by step.
fn steps() -> Vec<String> {
    let output = demo(&[]);
    assert!(output.status.success(), "{output:?}");
    assert_eq!(text(output.stderr), "");
    let printed = text(output.stdout);
    assert_eq!(printed.lines().last(), Some(COUNTS));
    let mut steps: Vec<String> = vec![String::new()];
    for line in printed.lines() {
        if line.ends_with("----") {
            steps.push(String::new());
        }
        let step = steps.last_mut().unwrap();
        step.push_str(line);
        step.push('\n');
    }
    steps.split_off(1)
}

/// The text of one of a step's blocks, its folds taken out.
fn block(step: &str, label: &str) -> String {
    let label = format!("   {label}  ");
    let mut lines = step.lines().skip_while(|line| !line.starts_with(&label));
    let first = lines
        .next()
        .unwrap_or_else(|| panic!("no {label:?} in {step}"));
    let mut text = first[17..].to_owned();
    for line in lines.take_while(|line| line.is_empty() || line.starts_with("     ")) {
        let line = line.get(17..).unwrap_or_default();
        text.push_str(line.strip_prefix("    ").unwrap_or(line));
    }
    text
}

#[test]
fn the_story_goes_as_expected() {
    let steps = steps();
    assert_eq!(steps.len(), 9);
    for step in &steps[..4] {
        assert!(
            block(step, "answer").starts_with("HTTP/1.1 200 OK"),
            "{step}"
        );
        assert!(step.contains("   Accepted, as expected.\n"), "{step}");
        assert!(!step.contains("server's log"), "{step}");
    }
    let problems = [
        "signature_invalid",
        "parameter_rejected",
        "nonce_used",
        "timestamp_refused",
        "signature_invalid",
    ];
    for (step, problem) in steps[4..].iter().zip(problems) {
        let answer = block(step, "answer");
        assert!(answer.starts_with("HTTP/1.1 401 Unauthorized"), "{step}");
        let challenge =
            format!("www-authenticate: OAuth realm=\"demo\",oauth_problem=\"{problem}\"");
        assert!(answer.replace(", ", ",").contains(&challenge), "{step}");
        assert!(
            step.contains(&format!("   Refused with 401 {problem}, ")),
            "{step}"
        );
        assert!(!block(step, "server's log").is_empty(), "{step}");
    }
}

#[test]
fn requests_are_shown_as_they_are_sent() {
    let steps = steps();
    let request = block(&steps[0], "request");
    assert!(
        request.starts_with("GET /posts?tag=sea%20side&tag=caf%C3%A9&count=2 HTTP/1.1"),
        "{request}",
    );
    assert!(request.contains("oauth_signature=\""), "{request}");
    let base_string = block(&steps[0], "base string");
    assert!(
        base_string.starts_with("GET&http%3A%2F%2F127.0.0.1%3A"),
        "{base_string}"
    );
    assert!(
        base_string.ends_with("%26tag%3Dcaf%25C3%25A9%26tag%3Dsea%2520side"),
        "{base_string}"
    );

    let form = block(&steps[1], "base string");
    assert!(form.contains("mood%3D%26oauth_"), "{form}");
    assert!(
        form.ends_with("status%3D1%2520%252B%25201%2520~%2520caf%25C3%25A9%26tag%3Da%26tag%3Db")
    );
    assert!(block(&steps[2], "base string").contains("oauth_body_hash%3D"));
    assert!(block(&steps[3], "request").contains("realm=\"Ana's drafts\""));
    assert!(!block(&steps[3], "base string").contains("realm"));
    let difference = block(&steps[4], "difference");
    assert!(
        difference.ends_with("count%3D2the server computed  count%3D500"),
        "{difference}"
    );
}

#[test]
fn secrets_are_never_printed() {
    let printed = text(demo(&[]).stdout).replace(['\n', ' '], "");
    assert!(printed.contains(credentials::CLIENT) && printed.contains(credentials::TOKEN));
    for secret in [credentials::CLIENT_SECRET, credentials::TOKEN_SECRET] {
        let once = percent::encode(secret).to_string();
        let twice = percent::encode(&once).to_string();
        for form in [secret, &once, &twice] {
            assert!(!printed.contains(form), "{form}");
        }
    }
}

#[test]
fn the_text_fits_and_is_plain() {
    let printed = text(demo(&[]).stdout);
    assert!(
        printed.lines().all(|line| line.chars().count() <= 100),
        "{printed}"
    );
    assert!(
        printed.lines().all(|line| line == line.trim_end()),
        "{printed}"
    );
    assert!(!printed.contains('\u{1b}'), "no colour without a terminal");
}

#[test]
fn quiet_prints_the_counts_alone() {
    let output = demo(&["--quiet"]);
    assert!(output.status.success());
    assert_eq!(text(output.stdout), format!("{COUNTS}\n"));
}

#[test]
fn options_are_explained() {
    let output = demo(&["--help"]);
    assert!(output.status.success());
    assert!(text(output.stdout).contains("--quiet"));

    let output = demo(&["--loud"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(output.stderr).contains("--loud"));
}

#[test]
fn a_closed_pipe_is_no_failure() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_oauth1-demo"))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    assert_eq!(text(output.stderr), "");
}
