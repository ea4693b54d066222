//! `cargo xtask lint`: format, clippy, docs, and a proof that clippy guards the clock.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result, ensure};

use crate::process::{cargo, run as must, shown, target_dir};
use crate::toolchains;

/// The workspaces that the root one excludes; some may not be there.
const OTHER_WORKSPACES: &[&str] = &["tests/device", "tests/wasm", "fuzz"];

/// Runs all lints; the first that complains is an error.
pub(crate) fn run() -> Result<()> {
    toolchains::component("rustfmt", "fmt")?;
    toolchains::component("clippy", "clippy")?;

    must(cargo().args(["fmt", "--all", "--check"]))?;
    for workspace in OTHER_WORKSPACES {
        let manifest = Path::new(workspace).join("Cargo.toml");
        if manifest.exists() {
            must(
                cargo()
                    .args(["fmt", "--check", "--manifest-path"])
                    .arg(manifest),
            )?;
        }
    }
    must(
        cargo()
            .args(["clippy", "--workspace", "--all-targets", "--all-features"])
            .args(DENY),
    )?;
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

const DENY: [&str; 3] = ["--", "-D", "warnings"];

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
    copy_sources(Path::new("."), &copy)?;
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

/// Copies a directory, but nothing that was built or found, and nothing hidden.
fn copy_sources(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    // What cargo builds stands beside a manifest; elsewhere the same name is a module's.
    let is_package = from.join("Cargo.toml").exists();
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let name = entry.file_name();
        let left_out = name.to_string_lossy().starts_with('.')
            || is_package
                && ["target", "corpus", "artifacts"]
                    .iter()
                    .any(|other| name == *other);
        if left_out {
            continue;
        }
        let kind = entry.file_type()?;
        if kind.is_dir() {
            copy_sources(&entry.path(), &to.join(name))?;
        } else if kind.is_file() {
            fs::copy(entry.path(), to.join(name))?;
        }
    }
    Ok(())
}
