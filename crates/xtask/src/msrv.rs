//! `cargo xtask msrv`: the workspace builds with the oldest Rust that it promises.

use anyhow::{Result, ensure};

use crate::process::{in_ci, run as must, target_dir};
use crate::toolchains::{self, OLDEST};

/// Checks the workspace with the oldest Rust, which is installed if need be.
pub(crate) fn run() -> Result<()> {
    let toolchain = match toolchains::oldest() {
        Ok(toolchain) => toolchain,
        Err(error) => {
            println!("msrv: COULD NOT RUN: no Rust {OLDEST} here: {error:#}");
            println!("msrv: NOTHING WAS CHECKED");
            ensure!(!in_ci(), "CI=true: what could not run is a failure");
            return Ok(());
        }
    };
    must(
        toolchain
            .cargo()
            .args([
                "check",
                "--workspace",
                "--all-features",
                "--locked",
                "--target-dir",
            ])
            .arg(target_dir().join("msrv")),
    )?;
    println!("msrv: ok, Rust {OLDEST}");
    Ok(())
}
