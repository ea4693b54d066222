//! Rust itself, from rustup: components, targets, and the oldest release that is promised to work.

use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result};

use crate::process::{cargo, output, run};

/// `rust-version` of the workspace, which this package inherits.
pub(crate) const OLDEST: &str = env!("CARGO_PKG_RUST_VERSION");

/// One of the toolchains of this machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Toolchain {
    /// The one that runs this program.
    Active,
    /// Another, by the name that rustup gives it.
    Named(String),
}

impl Toolchain {
    /// The cargo of this toolchain.
    pub(crate) fn cargo(&self) -> Command {
        match self {
            Self::Active => cargo(),
            Self::Named(_) => self.program("cargo"),
        }
    }

    /// One of its programs.
    pub(crate) fn program(&self, program: &str) -> Command {
        match self {
            Self::Active => Command::new(program),
            Self::Named(name) => {
                let mut command = Command::new("rustup");
                command.args(["run", name, program]);
                // Both name the toolchain that runs this program.
                command.env_remove("CARGO").env_remove("RUSTUP_TOOLCHAIN");
                command
            }
        }
    }

    fn builds_for(&self, triple: &str) -> bool {
        let mut rustc = self.program("rustc");
        rustc.args(["--print", "target-libdir", "--target", triple]);
        output(&mut rustc).is_ok_and(|path| Path::new(path.trim()).is_dir())
    }

    fn add(&self, kind: &str, name: &str) -> Result<()> {
        let mut rustup = Command::new("rustup");
        rustup.args([kind, "add", name]);
        if let Self::Named(toolchain) = self {
            rustup.args(["--toolchain", toolchain]);
        }
        run(&mut rustup)
    }

    /// Makes sure that it has a component that is no cargo command. rustup does nothing where it is
    /// there.
    pub(crate) fn component_files(&self, name: &str) -> Result<()> {
        self.add("component", name)
    }

    /// Makes sure that it has a component whose cargo command is `cargo {command}`.
    pub(crate) fn component(&self, name: &str, command: &str) -> Result<()> {
        let found = self
            .cargo()
            .args([command, "--version"])
            .stderr(Stdio::null())
            .output();
        if found.is_ok_and(|found| found.status.success()) {
            return Ok(());
        }
        self.add("component", name)
            .with_context(|| format!("the toolchain has no {name}"))
    }
}

/// Makes sure that the active toolchain has a component whose cargo command is `cargo {command}`.
pub(crate) fn component(name: &str, command: &str) -> Result<()> {
    Toolchain::Active.component(name, command)
}

/// Makes sure that a nightly Rust is installed, for what needs the compiler's unstable options.
pub(crate) fn nightly() -> Result<Toolchain> {
    const NIGHTLY: &str = "nightly";
    if let Some(toolchain) = find(NIGHTLY)? {
        return Ok(toolchain);
    }
    run(Command::new("rustup").args(["toolchain", "install", NIGHTLY, "--profile", "minimal"]))?;
    find(NIGHTLY)?.context("rustup does not list the nightly Rust")
}

/// Finds or makes a toolchain that can build for a target: the active one if that is possible.
/// rustup does not have every release for every target, so the oldest is the second choice.
pub(crate) fn that_builds_for(triple: &str) -> Result<Toolchain> {
    if Toolchain::Active.builds_for(triple) {
        return Ok(Toolchain::Active);
    }
    if let Ok(Some(oldest)) = find(OLDEST)
        && oldest.builds_for(triple)
    {
        return Ok(oldest);
    }
    let why_not = match Toolchain::Active.add("target", triple) {
        Ok(()) => return Ok(Toolchain::Active),
        Err(error) => error,
    };
    eprintln!("{why_not:#}; next, Rust {OLDEST}");
    let toolchain = oldest()?;
    toolchain
        .add("target", triple)
        .with_context(|| format!("no toolchain can build for {triple}"))?;
    Ok(toolchain)
}

/// Makes sure that the oldest Rust is installed.
pub(crate) fn oldest() -> Result<Toolchain> {
    if let Some(toolchain) = find(OLDEST)? {
        return Ok(toolchain);
    }
    run(Command::new("rustup").args(["toolchain", "install", OLDEST, "--profile", "minimal"]))?;
    find(OLDEST)?.with_context(|| format!("rustup does not list Rust {OLDEST}"))
}

fn find(version: &str) -> Result<Option<Toolchain>> {
    let list = output(Command::new("rustup").args(["toolchain", "list"]))?;
    Ok(named(&list, version).map(Toolchain::Named))
}

/// Finds `1.88`, `1.88.0` or either with a host behind it in what `rustup toolchain list` prints.
fn named(list: &str, version: &str) -> Option<String> {
    let names = list
        .lines()
        .filter_map(|line| line.split_whitespace().next());
    let mut matching = names.filter(|name| {
        name.strip_prefix(version)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '-']))
    });
    matching.next().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::named;

    #[test]
    fn a_toolchain_is_found_under_each_of_its_names() {
        let list = "stable-x86_64-unknown-linux-gnu (active, default)\n1.85.0-aarch64-x\n1.88-x\n";
        assert_eq!(named(list, "1.88").as_deref(), Some("1.88-x"));
        assert_eq!(named(list, "1.85").as_deref(), Some("1.85.0-aarch64-x"));
        assert_eq!(named(list, "1.8"), None);
        assert_eq!(
            named("nightly-x\n", "nightly").as_deref(),
            Some("nightly-x")
        );
        assert_eq!(named("no installed toolchains\n", "1.88"), None);
    }
}
