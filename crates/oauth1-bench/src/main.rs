//! What oauth1-core costs: instructions, allocations, and times beside the bare HMAC and a peer.
//!
//! ```text
//! cargo run --release -p oauth1-bench -- --quick
//! ```
//!
//! Instructions are what counts: they repeat exactly (see [`callgrind`] and [`compression`]). Times are
//! measured in turn within one run, and only their ratios are of use (see [`timing`]).
//!
//! To see where the instructions of a case go, build with line tables and look at a profile:
//!
//! ```text
//! CARGO_PROFILE_RELEASE_DEBUG=line-tables-only cargo build --release -p oauth1-bench
//! valgrind --tool=callgrind --callgrind-out-file=profile target/release/oauth1-bench run w1-url 1000
//! callgrind_annotate profile
//! ```

#![forbid(unsafe_code)]

mod baseline;
mod callgrind;
mod cases;
mod compression;
#[cfg(feature = "foreign")]
mod foreign;
mod report;
mod results;
mod timing;
mod workloads;

use std::{path::PathBuf, process::ExitCode};

use anyhow::{Context as _, Result, bail};
use clap::{Parser, Subcommand};

use crate::{
    callgrind::{Callgrind, INSTALL},
    cases::Case,
    timing::Effort,
};

/// Measures oauth1-core: instructions, allocations, and times beside the bare HMAC-SHA1 of the same
/// base string and beside oauth1-request.
#[derive(Debug, Parser)]
#[command(name = "oauth1-bench")]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
struct Arguments {
    /// Measures times for less long, and of W3b and W3c what is ours alone
    #[arg(long, conflicts_with = "save")]
    quick: bool,
    /// Counts instructions and allocations, and measures no times
    #[arg(long)]
    counts: bool,
    /// Measures the cases alone whose names start with this, and the bare ones of their groups
    #[arg(long, value_name = "NAME")]
    only: Option<String>,
    /// Prints JSON in place of a table
    #[arg(long)]
    json: bool,
    /// Keeps the counts in a file
    #[arg(long, value_name = "FILE", conflicts_with = "only")]
    save: Option<PathBuf>,
    /// Says what got worse by more than 1 % since a file was kept
    #[arg(long, value_name = "FILE")]
    against: Option<PathBuf>,
    /// Exits with status 1 when a goal is missed, or when something got worse
    #[arg(long)]
    strict: bool,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Runs one case so many times and prints nothing: what is counted, and can be profiled
    Run {
        /// The name of the case
        case: String,
        /// How many times
        count: u64,
    },
    /// Lists the names of the cases
    List,
    /// Times the libraries of other languages
    #[cfg(feature = "foreign")]
    Foreign,
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(status) => status,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<ExitCode> {
    match &arguments.command {
        Some(Command::Run { case, count }) => {
            let operation = compression::calibration(case)
                .or_else(|| Case::find(case).map(|case| (case.start)()));
            operation.with_context(|| format!("there is no case {case}"))?(*count);
            Ok(ExitCode::SUCCESS)
        }
        Some(Command::List) => {
            for case in Case::all() {
                println!("{:18} {}", case.id, case.about);
            }
            Ok(ExitCode::SUCCESS)
        }
        #[cfg(feature = "foreign")]
        Some(Command::Foreign) => foreign::run().map(|()| ExitCode::SUCCESS),
        None => measure(arguments),
    }
}

fn measure(arguments: &Arguments) -> Result<ExitCode> {
    if cfg!(debug_assertions) {
        eprintln!("warning: not an optimized build: add --release");
    }
    let mut cases = chosen(arguments.only.as_deref())?;
    if arguments.quick {
        cases.retain(|case| !case.is_left_out_in_haste());
    }
    let callgrind = Callgrind::find()?;
    if callgrind.is_none() {
        if arguments.counts || arguments.save.is_some() || arguments.against.is_some() {
            bail!(INSTALL);
        }
        eprintln!("{INSTALL}");
    }
    let costs = match &callgrind {
        Some(callgrind) => Some(results::count(callgrind, &cases)?),
        None => None,
    };
    let mut rows = results::rows(&cases, costs.as_deref());
    if !arguments.counts {
        results::time(
            &mut rows,
            if arguments.quick {
                Effort::QUICK
            } else {
                Effort::FULL
            },
        );
    }
    let verdicts = results::verdicts(&rows);
    let changes = match &arguments.against {
        Some(path) => Some(baseline::compare(path, &rows)?),
        None => None,
    };
    if arguments.json {
        let mut json = report::json(&rows, &verdicts);
        if let Some(changes) = &changes {
            json["changes"] = changes.json();
        }
        println!("{json:#}");
    } else {
        print!("{}", report::text(&rows, &verdicts));
        if let Some(changes) = &changes {
            print!("\n{}", changes.text());
        }
    }
    if let (Some(path), Some(callgrind)) = (&arguments.save, &callgrind) {
        baseline::save(path, &rows, callgrind.version())?;
    }
    let missed = verdicts.iter().any(|verdict| !verdict.met);
    let worse = changes.is_some_and(|changes| !changes.worse.is_empty());
    if arguments.strict && (missed || worse) {
        return Ok(ExitCode::FAILURE);
    }
    Ok(ExitCode::SUCCESS)
}

/// The cases whose names start with `prefix`, and what they are compared with.
fn chosen(prefix: Option<&str>) -> Result<Vec<Case>> {
    let all = Case::all();
    let Some(prefix) = prefix else { return Ok(all) };
    let named = |case: &&Case| case.id.starts_with(prefix);
    let groups: Vec<_> = all.iter().filter(named).map(|case| case.group).collect();
    if groups.is_empty() {
        bail!("no case has a name that starts with {prefix}: see `oauth1-bench list`");
    }
    let compared = |case: &&Case| case.kind != cases::Kind::Ours && groups.contains(&case.group);
    let goal = |case: &&Case| {
        all.iter()
            .filter(named)
            .any(|of| of.goals.no_more_than == Some(case.id))
    };
    Ok(all
        .iter()
        .filter(|case| named(case) || compared(case) || goal(case))
        .copied()
        .collect())
}
