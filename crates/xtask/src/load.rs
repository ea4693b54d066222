//! `cargo xtask load`: a verifying server under load, in programs of their own.

use anyhow::Result;

use crate::process::{cargo, run as must};
use crate::tools;

/// Builds the program and runs it; an error where its books differ or the server's memory grows.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    if arguments.iter().any(|argument| argument.ends_with("redis")) {
        tools::program(tools::REDIS)?;
    }
    // It only adds to what is sent.
    if let Err(error) = tools::program(tools::WRK) {
        eprintln!("{error:#}");
    }
    must(
        cargo()
            .args(["run", "--release", "-p", "oauth1-faults", "--", "load"])
            .args(arguments),
    )
}
