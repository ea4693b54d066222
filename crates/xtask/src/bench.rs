//! `cargo xtask bench`: the benchmarks, which are programs of their own.

use std::process::Command;

use anyhow::{Result, bail};

use crate::process::{cargo, run as must, target_dir};
use crate::tools;

mod lines;

type Run = fn(&[String]) -> Result<()>;

/// What is measured in place of the instructions and times of the core.
const KINDS: &[(&str, Run)] = &[
    ("--peers", |rest| elsewhere("peers", rest)),
    ("--rsa", |rest| elsewhere("backends", rest)),
    ("--foreign", foreign),
    ("--server", server),
    ("--cli", cli),
];

/// The goals that `--quick` does not measure: what they hold for, how far they go, and what measures
/// them.
const ELSEWHERE: &[[&str; 3]] = &[
    [
        "RSA with aws-lc-rs, beside aws-lc-rs alone",
        "<= 1.2 times",
        "bench --rsa",
    ],
    ["W1, times as fast as oauthlib", ">= 200", "bench --foreign"],
    [
        "W1, times as fast as python-oauth2",
        ">= 100",
        "bench --foreign",
    ],
    [
        "10 million nonces: bytes for each",
        "<= 48",
        "bench --server --nonces",
    ],
    [
        "10 million nonces: the longest call",
        "<= 1 ms",
        "bench --server --nonces",
    ],
    ["device, signing alone: flash", "<= 16 KiB", "device"],
    ["device, signing alone: stack", "<= 2 KiB", "device"],
];

/// Runs what the first argument names, or the program that counts instructions, with valgrind at hand;
/// with `--quick`, what else has a goal and takes a short time after that.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let kind = |argument: &String| KINDS.iter().find(|(name, _)| name == argument);
    if let Some((at, (_, run))) = arguments
        .iter()
        .enumerate()
        .find_map(|(at, argument)| Some((at, kind(argument)?)))
    {
        let mut rest = arguments.to_vec();
        rest.remove(at);
        return run(&rest);
    }
    tools::program(tools::VALGRIND)?;
    program("oauth1-bench", &[], arguments)?;
    // Whoever wants JSON or one case wants nothing else.
    if arguments.iter().all(|argument| argument == "--quick") && !arguments.is_empty() {
        println!();
        server(&["--quick".to_owned()])?;
        lines::run()?;
        print!("\n{}", elsewhere_table());
        if let Ok(seconds) = lines::processor_seconds() {
            println!("\nAll of it took {seconds:.0} s of the processors.");
        }
    }
    Ok(())
}

/// What answers lines of JSON.
fn cli(arguments: &[String]) -> Result<()> {
    if !arguments.is_empty() {
        bail!("`cargo xtask bench --cli` takes no other argument");
    }
    build_servers()?;
    lines::run()
}

/// The goals that others measure, as a table.
fn elsewhere_table() -> String {
    let titles = ["goals that another command measures", "goal", "cargo xtask"];
    let rows = || core::iter::once(&titles).chain(ELSEWHERE);
    let width = |column: usize| rows().map(|row| row[column].len()).max().unwrap_or(0);
    let (what, goal) = (width(0), width(1));
    let row = |row: &[&str; 3]| format!("{:what$}  {:>goal$}  {}\n", row[0], row[1], row[2]);
    rows().map(row).collect()
}

/// A server that verifies, and the nonce stores.
fn server(arguments: &[String]) -> Result<()> {
    for needed in [tools::REDIS, tools::REDIS_BENCHMARK] {
        tools::program(needed)?;
    }
    // It only tells that the load is heavy enough.
    if let Err(error) = tools::program(tools::WRK) {
        eprintln!("{error:#}");
    }
    build_servers()?;
    must(Command::new(target_dir().join("release/oauth1-server-bench")).args(arguments))
}

/// The server and the command line together, which have much in common that would be built for each anew.
fn build_servers() -> Result<()> {
    must(cargo().args([
        "build",
        "--release",
        "-p",
        "oauth1-server-bench",
        "-p",
        "oauth1-cli",
    ]))
}

/// The libraries of other languages.
fn foreign(arguments: &[String]) -> Result<()> {
    if !arguments.is_empty() {
        bail!("`cargo xtask bench --foreign` takes no other argument");
    }
    // One library that cannot be had is no reason not to measure the others.
    if let Err(error) = tools::liboauth() {
        eprintln!("{error:#}");
    }
    program(
        "oauth1-bench",
        &["--features", "foreign"],
        &["foreign".into()],
    )
}

/// A program in a workspace of its own, whose dependencies are none of ours.
fn elsewhere(name: &str, arguments: &[String]) -> Result<()> {
    let manifest = format!("crates/oauth1-bench/{name}/Cargo.toml");
    must(
        cargo()
            .args(["run", "--release", "--manifest-path", &manifest])
            .arg("--target-dir")
            .arg(target_dir().join(name))
            .arg("--")
            .args(arguments),
    )
}

fn program(package: &str, features: &[&str], arguments: &[String]) -> Result<()> {
    must(
        cargo()
            .args(["run", "--release", "-p", package])
            .args(features)
            .arg("--")
            .args(arguments),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn goals_that_others_measure_name_commands_that_there_are() {
        for [what, _, command] in ELSEWHERE {
            let known = match command.split_once(' ') {
                None => crate::TASKS.iter().any(|task| task.name == *command),
                Some((_, kind)) => {
                    let first = kind.split(' ').next();
                    KINDS.iter().any(|(name, _)| Some(*name) == first)
                }
            };
            assert!(known, "{what}: {command}");
        }
        assert_eq!(elsewhere_table().lines().count(), ELSEWHERE.len() + 1);
    }
}
