//! `cargo xtask bench`: the benchmarks, which are a program of their own.

use anyhow::Result;

use crate::process::{cargo, run as must};
use crate::tools;

/// Runs the benchmark program, with valgrind at hand for its instruction counts.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    tools::program(tools::VALGRIND)?;
    must(
        cargo()
            .args(["run", "--release", "-p", "oauth1-bench", "--"])
            .args(arguments),
    )
}
