//! `cargo xtask interop`: each client with each server, ours and those that others wrote.

use anyhow::{Result, bail};

use crate::process::{cargo, run as must};
use crate::tools;

/// Runs the program that prints the matrix, with what it needs at hand; it writes the page too with
/// `--write`.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    if arguments.iter().any(|argument| argument != "--write") {
        bail!("`cargo xtask interop` takes no argument but --write");
    }
    for needed in [tools::PYTHON, tools::NODE, tools::NPM, tools::CURL] {
        tools::program(needed)?;
    }
    must(
        cargo()
            .args(["run", "--package", "oauth1-interop", "--"])
            .args(arguments),
    )
}
