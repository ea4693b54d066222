//! `cargo xtask lint`: format, clippy, docs, and a proof that clippy guards the clock.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};

use crate::copy;
use crate::process::{cargo, run as must, shown, target_dir};
use crate::toolchains::{self, Toolchain};
use crate::tools;

/// A workspace that the root one excludes.
struct Other {
    directory: &'static str,
    /// What it is built for, where that is not this machine.
    target: Option<&'static str>,
    /// Whether clippy looks at it as well.
    clippy: bool,
}

const OTHERS: &[Other] = &[
    Other {
        directory: "tests/device",
        target: Some("thumbv7em-none-eabi"),
        clippy: true,
    },
    Other {
        directory: "tests/wasm",
        target: Some("wasm32-unknown-unknown"),
        clippy: true,
    },
    Other {
        directory: "fuzz",
        target: None,
        clippy: true,
    },
    Other {
        directory: "crates/oauth1-bench/peers",
        target: None,
        // Old libraries with all that they depend on.
        clippy: false,
    },
    Other {
        directory: "crates/oauth1-bench/backends",
        target: None,
        // It would build AWS-LC, which is minutes of C.
        clippy: false,
    },
];

impl Other {
    fn manifest(&self) -> PathBuf {
        Path::new(self.directory).join("Cargo.toml")
    }

    fn format(&self) -> Result<()> {
        must(
            cargo()
                .args(["fmt", "--check", "--manifest-path"])
                .arg(self.manifest()),
        )
    }

    fn lint(&self) -> Result<()> {
        let toolchain = match self.target {
            Some(target) => toolchains::that_builds_for(target)?,
            None => Toolchain::Active,
        };
        toolchain.component("clippy", "clippy")?;
        let mut clippy = toolchain.cargo();
        // Apart from the rest, because another compiler may be at work here.
        clippy
            .args(["clippy", "--locked", "--manifest-path"])
            .arg(self.manifest())
            .arg("--target-dir")
            .arg(target_dir().join("lint"));
        if let Some(target) = self.target {
            clippy.args(["--target", target]);
        }
        // Not the packages of the root workspace, which are linted there.
        must(clippy.args(["--no-deps", "--"]).args(DENY))
    }
}

/// Runs all lints; the first that complains is an error.
pub(crate) fn run() -> Result<()> {
    toolchains::component("rustfmt", "fmt")?;
    toolchains::component("clippy", "clippy")?;

    must(cargo().args(["fmt", "--all", "--check"]))?;
    for other in OTHERS {
        other.format()?;
    }
    must(
        cargo()
            .args(["clippy", "--workspace", "--all-targets", "--all-features"])
            .arg("--")
            .args(DENY),
    )?;
    // The runtime of the fuzz targets.
    tools::program(tools::CXX)?;
    for other in OTHERS.iter().filter(|other| other.clippy) {
        other.lint()?;
    }
    must(cargo().env("RUSTDOCFLAGS", "-D warnings").args([
        "doc",
        "--workspace",
        "--all-features",
        "--no-deps",
    ]))?;
    prove_the_clock_is_guarded()?;
    println!("lint: ok");
    Ok(())
}

const DENY: [&str; 2] = ["-D", "warnings"];

/// What gets planted in the core.
const PLANT: &str = "
#[cfg(feature = \"std\")]
#[doc(hidden)]
pub fn planted() -> std::time::SystemTime {
    std::time::SystemTime::now()
}
";

/// What clippy must then say.
const COMPLAINT: &str = "use of a disallowed method `std::time::SystemTime::now`";

/// Plants a look at the clock in a throw-away copy of the workspace, where clippy must find it.
///
/// Without this, a typing mistake in `clippy.toml` would leave the core unguarded in silence.
fn prove_the_clock_is_guarded() -> Result<()> {
    let copy = target_dir().join("planted");
    if copy.exists() {
        fs::remove_dir_all(&copy)?;
    }
    copy::sources(Path::new("."), &copy)?;
    let root = copy.join("crates/oauth1-core/src/lib.rs");
    let mut text = fs::read_to_string(&root).with_context(|| root.display().to_string())?;
    text += PLANT;
    fs::write(&root, text)?;

    let mut command = cargo();
    // The same target directory: the dependencies are there already.
    command
        .args([
            "clippy",
            "-p",
            "oauth1-core",
            "--all-features",
            "--target-dir",
        ])
        .arg(std::path::absolute(target_dir())?)
        .arg("--")
        .args(DENY)
        .current_dir(&copy);
    eprintln!("$ {}    (must fail)", shown(&command));
    let output = command.output()?;
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(
        !output.status.success() && said.contains(COMPLAINT),
        "clippy does not forbid `SystemTime::now` in oauth1-core. With a call of it in lib.rs, \
         clippy ended with {}:\n{said}",
        output.status,
    );
    fs::remove_dir_all(&copy)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::OTHERS;

    #[test]
    fn every_workspace_that_is_excluded_is_looked_at() {
        let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../Cargo.toml");
        let manifest = fs::read_to_string(manifest).expect("a manifest");
        let (_, excluded) = manifest.split_once("exclude = [").expect("a list");
        let (excluded, _) = excluded.split_once(']').expect("its end");
        let mut excluded: Vec<_> = excluded.split('"').skip(1).step_by(2).collect();
        let mut others: Vec<_> = OTHERS.iter().map(|other| other.directory).collect();
        excluded.sort_unstable();
        others.sort_unstable();
        assert_eq!(excluded, others);
    }
}
