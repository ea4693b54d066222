//! `cargo xtask bench`: the benchmarks, which are a program of their own.

use anyhow::Result;

use crate::process::{cargo, run as must, target_dir};
use crate::tools;

/// The other Rust libraries, in a workspace of their own.
const PEERS: &str = "crates/oauth1-bench/peers/Cargo.toml";

/// Runs the benchmark program, with valgrind at hand for its instruction counts; with `--peers`, the one
/// that times the other libraries.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    if arguments.iter().any(|argument| argument == "--peers") {
        let target = target_dir().join("peers");
        return must(
            cargo()
                .args(["run", "--release", "--manifest-path", PEERS, "--target-dir"])
                .arg(target),
        );
    }
    tools::program(tools::VALGRIND)?;
    must(
        cargo()
            .args(["run", "--release", "-p", "oauth1-bench", "--"])
            .args(arguments),
    )
}
