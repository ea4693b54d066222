//! `cargo xtask miri`: the core's tests under an interpreter that sees undefined behaviour.

use std::process::ExitCode;

use crate::process::{shown, stream};
use crate::report::{Outcome, Report, Stage, Tally};
use crate::toolchains;

/// The features under test: all that reads foreign bytes or holds secrets. Without those that stand on
/// large crates (RSA, serde), whose own tests are the place for it and which take hours here.
const FEATURES: &str = "alloc,hmac-sha1,plaintext";

/// Parts of the names of tests that take minutes each when they are interpreted: those that try every
/// length or every place, searches with thousands of candidates, and inputs of a megabyte.
const LEFT_OUT: &[&str] = &[
    "explain::",
    "wherever",
    "every",
    "long",
    "all",
    "each",
    "many",
    "order",
    "limits",
    "memory",
];

/// Runs the tests whose names contain one of the filters, or all but those that take too long.
pub(crate) fn run(filters: &[String]) -> ExitCode {
    let report = Report(vec![Stage::run("core under miri", || interpret(filters))]);
    println!("\n{report}");
    if report.tally().failed == 0 && report.tally().passed > 0 && report.skipped() == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

fn interpret(filters: &[String]) -> Outcome {
    let needed = toolchains::nightly().and_then(|nightly| {
        nightly.component("miri", "miri")?;
        // Miri interprets the standard library from its sources.
        nightly.component_files("rust-src")?;
        Ok(nightly)
    });
    let nightly = match needed {
        Ok(nightly) => nightly,
        Err(error) => return Outcome::CouldNotRun(format!("{error:#}")),
    };
    let mut command = nightly.cargo();
    command
        // The vectors are files.
        .env("MIRIFLAGS", "-Zmiri-disable-isolation")
        .args(["miri", "test", "-p", "oauth1-core", "--lib"])
        .args(["--no-default-features", "--features", FEATURES, "--"]);
    command.args(filters);
    if filters.is_empty() {
        command.args(LEFT_OUT.iter().flat_map(|name| ["--skip", name]));
    }
    let mut tally = Tally::default();
    let ended = stream(&mut command, |line| {
        if let Some(counts) = Tally::parse(line) {
            tally += counts;
        }
    });
    let mut notes = Vec::new();
    if !ended.is_ok_and(|status| status.success()) && tally.failed == 0 {
        notes.push(format!(
            "`{}` failed: see its messages above",
            shown(&command)
        ));
        tally.failed += 1;
    }
    Outcome::Ran(tally, notes)
}
