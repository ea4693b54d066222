//! `cargo xtask coverage`: which lines the tests go through.

use anyhow::Result;

use crate::process::{cargo, run as must};
use crate::toolchains::Toolchain;
use crate::tools;

/// Runs the tests of the core, or of the packages that are named, and prints a table of the lines that
/// each file has and that they go through.
pub(crate) fn run(packages: &[String]) -> Result<()> {
    Toolchain::Active.component_files("llvm-tools")?;
    tools::cargo_command(&Toolchain::Active, tools::CARGO_LLVM_COV)?;
    let mut command = cargo();
    command.args(["llvm-cov", "--summary-only", "--all-features"]);
    if packages.is_empty() {
        // The vectors and properties are tests of the core as much as its own.
        command.args(["-p", "oauth1-core", "--lib", "--tests"]);
    }
    for package in packages {
        command.args(["-p", package]);
    }
    must(&mut command)
}
