//! `cargo xtask test`: every test that there is, counted.

use std::process::{Command, ExitCode};

use crate::process::{cargo, in_ci, stream, target_dir};
use crate::report::{Outcome, Report, Stage, Tally};
use crate::{device, process, tools, wasm};

/// The stages that `cargo test` runs: what the table calls each, and its arguments.
///
/// The core is tested again at its lower levels, because there it has other code (no heap, no std).
const STAGES: &[(&str, &str)] = &[
    (
        "unit and integration tests",
        "--workspace --all-features --lib --bins --tests",
    ),
    ("doc tests", "--workspace --all-features --doc"),
    // Counted in what a compiler that optimizes makes of it, as well as in the debug build above.
    (
        "timing, optimized",
        "-p oauth1-timing --release --test timing",
    ),
    (
        "core without a heap",
        "-p oauth1-core --lib --tests --no-default-features --features hmac-sha1",
    ),
    (
        "core without std",
        "-p oauth1-core --lib --tests --no-default-features \
         --features alloc,hmac-sha1,hmac-sha256,hmac-sha512,plaintext",
    ),
];

/// Runs the tests whose names contain one of the filters, or all.
pub(crate) fn run(filters: &[String]) -> ExitCode {
    let mut report = Report::default();
    // Without them the tests that need them fail, and say so.
    for program in [
        tools::REDIS,
        tools::OPENSSL,
        tools::CHROMIUM,
        tools::CHROMEDRIVER,
        tools::PYTHON,
        tools::NODE,
        tools::NPM,
        tools::CURL,
        tools::VALGRIND,
    ] {
        if let Err(error) = tools::program(program) {
            println!("{error:#}");
        }
    }
    for (name, arguments) in STAGES {
        report
            .0
            .push(Stage::run(name, || cargo_test(arguments, filters)));
    }
    // All of these, or none.
    if filters.is_empty() || filters.iter().any(|filter| filter == "interleavings") {
        report.0.push(Stage::run("interleavings", interleavings));
    }
    // The device checks have no names; the word `device` stands for all.
    if filters.is_empty() || filters.iter().any(|filter| filter == "device") {
        report.0.push(Stage::run("device builds", device::builds));
        report.0.push(Stage::run("device program", device::program));
    }

    // Nor have those of the WebAssembly module.
    if filters.is_empty() || filters.iter().any(|filter| filter == "wasm") {
        report.0.push(Stage::run("webassembly", wasm::module));
    }

    let skipped_in_ci = in_ci() && report.skipped() > 0;
    println!();
    if skipped_in_ci {
        println!("CI=true: what was skipped or could not run is a failure\n");
    }
    let nothing_ran = report.tally().total() == 0;
    if nothing_ran {
        println!("no test has such a name: that is a failure\n");
    }
    println!("{report}");
    let failed = report.tally().failed > 0 || skipped_in_ci || nothing_ran;
    if failed {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    }
}

fn cargo_test(arguments: &str, filters: &[String]) -> Outcome {
    let mut command = cargo();
    command
        .arg("test")
        .args(arguments.split_whitespace())
        .arg("--no-fail-fast");
    if !filters.is_empty() {
        command.arg("--").args(filters);
    }
    counted(command, !filters.is_empty())
}

/// The memory stores with locks that let threads take turns in every order.
fn interleavings() -> Outcome {
    let mut command = cargo();
    command
        .args("test -p oauth1-store --no-default-features --features memory".split(' '))
        .args(["--test", "interleavings"])
        .env("RUSTFLAGS", "--cfg interleaved")
        .env_remove("CARGO_ENCODED_RUSTFLAGS")
        // Other flags would have all else built anew each time.
        .env("CARGO_TARGET_DIR", target_dir().join("interleavings"));
    counted(command, false)
}

/// Runs a command and counts its tests, of which there are some, unless there may be none.
fn counted(mut command: Command, may_be_none: bool) -> Outcome {
    let mut tally = Tally::default();
    let ended = stream(&mut command, |line| {
        if let Some(counts) = Tally::parse(line) {
            tally += counts;
        }
    });

    let shown = process::shown(&command);
    let mut notes = Vec::new();
    let succeeded = match ended {
        Ok(status) => status.success(),
        Err(error) => {
            notes.push(format!("{error:#}"));
            false
        }
    };
    if !succeeded && tally.failed == 0 {
        notes.push(format!(
            "`{shown}` failed, and no test did: see its messages above"
        ));
        tally.failed += 1;
    } else if tally.total() == 0 && !may_be_none {
        notes.push(format!("`{shown}` ran no test at all: that proves nothing"));
        tally.failed += 1;
    }
    Outcome::Ran(tally, notes)
}
