//! `cargo xtask bench`: the benchmarks, which are programs of their own.

use anyhow::{Result, bail};

use crate::process::{cargo, run as must, target_dir};
use crate::tools;

type Run = fn(&[String]) -> Result<()>;

/// What is measured in place of the instructions and times of the core.
const KINDS: &[(&str, Run)] = &[
    ("--peers", |rest| elsewhere("peers", rest)),
    ("--rsa", |rest| elsewhere("backends", rest)),
    ("--foreign", foreign),
    ("--server", server),
];

/// Runs what the first argument names, or the program that counts instructions, with valgrind at hand;
/// with `--quick`, the servers for a short time after that.
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
        let servers = ["--quick", "--servers"].map(str::to_owned);
        server(&servers)?;
    }
    Ok(())
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
    program("oauth1-server-bench", &[], arguments)
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
