//! `cargo xtask wasm`: the core as a WebAssembly module, which signs in Node and imports nothing.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context as _, Result};

use crate::process::{run as must, stream, target_dir};
use crate::report::{Outcome, Report, Stage, Tally};
use crate::{toolchains, tools};

const TARGET: &str = "wasm32-unknown-unknown";

/// The workspace of the module.
const DIRECTORY: &str = "tests/wasm";

/// Bytes of the module: it has the signer, its parser of URLs, and an allocator.
const LARGEST: u64 = 128 * 1024;

/// Builds and runs the module.
pub(crate) fn run() -> ExitCode {
    let report = Report(vec![Stage::run("webassembly", module)]);
    println!("\n{report}");
    if report.tally().failed == 0 && report.skipped() == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// Builds the module, has Node sign the vectors with it, and measures it.
pub(crate) fn module() -> Outcome {
    let needed = toolchains::that_builds_for(TARGET)
        .and_then(|toolchain| tools::program(tools::NODE).map(|()| toolchain));
    let toolchain = match needed {
        Ok(toolchain) => toolchain,
        Err(error) => return Outcome::CouldNotRun(format!("{error:#}")),
    };
    let mut tally = Tally::default();
    let mut notes = Vec::new();
    match build(&toolchain).and_then(|module| sign(&module, &mut tally)) {
        Ok(size) => {
            println!("module: {size} bytes of {LARGEST}");
            tally.check("size of the module", size <= LARGEST);
        }
        Err(error) => {
            notes.push(format!("{error:#}"));
            tally.failed += 1;
        }
    }
    Outcome::Ran(tally, notes)
}

fn build(toolchain: &toolchains::Toolchain) -> Result<PathBuf> {
    // Apart from the rest, because another compiler may be at work here.
    let target_dir = std::path::absolute(target_dir().join("wasm"))?;
    let mut build = toolchain.cargo();
    build
        .args(["build", "--release", "--locked", "--target", TARGET])
        .arg("--manifest-path")
        .arg(Path::new(DIRECTORY).join("Cargo.toml"))
        .arg("--target-dir")
        .arg(&target_dir);
    must(&mut build)?;
    Ok(target_dir.join(TARGET).join("release/oauth1-wasm.wasm"))
}

/// The size of the module, in bytes. What Node checks goes into the tally.
fn sign(module: &Path, tally: &mut Tally) -> Result<u64> {
    let mut node = Command::new("node");
    node.arg(Path::new(DIRECTORY).join("sign.mjs"))
        .arg(module)
        .arg("tests/vectors/requests");
    let mut counted = None;
    let status = stream(&mut node, |line| counted = Tally::parse(line).or(counted))?;
    *tally += counted.with_context(|| format!("sign.mjs ended without its counts ({status})"))?;
    let size = module.metadata().map(|metadata| metadata.len());
    size.with_context(|| module.display().to_string())
}
