//! Building the targets: instrumented by the compiler that is there, with libFuzzer linked in.

use std::path::PathBuf;

use anyhow::{Context as _, Result};

use super::DIRECTORY;
use crate::process::{output, run as must, target_dir};
use crate::toolchains::Toolchain;
use crate::tools;

/// What tells libFuzzer where a program went and what it compared. These are passes of LLVM, which any
/// release of the compiler has; `cargo fuzz` passes the same, and `AddressSanitizer`, which wants a nightly
/// one.
const COVERAGE: &str = "--cfg fuzzing \
    -Cpasses=sancov-module \
    -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters \
    -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares \
    -Cllvm-args=-simplifycfg-branch-fold-threshold=0 \
    -Ccodegen-units=1 \
    -Cdebug-assertions";

/// How the targets are built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Soon.
    Short,
    /// To run for long.
    Fast,
}

/// Targets that are built.
#[derive(Debug)]
pub(super) struct Build {
    /// Where the programs lie.
    folder: PathBuf,
}

impl Build {
    /// Builds all targets.
    pub(super) fn new(kind: Kind) -> Result<Self> {
        tools::program(tools::CXX)?;
        let profile = match kind {
            Kind::Short => "short",
            Kind::Fast => "release",
        };
        let toolchain = Toolchain::Active;
        let host = toolchain.host()?;
        let built = std::path::absolute(target_dir().join("fuzz"))?;
        must(
            toolchain
                .cargo()
                .current_dir(DIRECTORY)
                // With a target, the flags do not concern build scripts and macros.
                .args(["build", "--profile", profile, "--locked", "--target", &host])
                .env("CARGO_TARGET_DIR", &built)
                .env("RUSTFLAGS", COVERAGE)
                .env_remove("CARGO_ENCODED_RUSTFLAGS"),
        )?;
        Ok(Self {
            folder: built.join(host).join(profile),
        })
    }

    /// The program of a target.
    pub(super) fn program(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }
}

impl Toolchain {
    /// The triple of the machine that it runs on.
    fn host(&self) -> Result<String> {
        let about = output(self.program("rustc").arg("-vV"))?;
        let mut lines = about.lines();
        let host = lines.find_map(|line| line.strip_prefix("host: "));
        host.map(str::to_owned).context("rustc tells no host")
    }
}
