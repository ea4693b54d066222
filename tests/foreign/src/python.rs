//! Python, with packages at pinned versions.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::Context as _;

use crate::environment::{folder, run};

const MISSING: &str =
    "the tests need Python 3.11 or later: install it (Debian: python3, python3-venv)";

/// A Python interpreter with the packages of a requirements file, in a virtual environment of its own.
#[derive(Clone, Debug)]
pub struct Python {
    interpreter: PathBuf,
}

/// With the packages of `python/requirements.txt`, which is every package that the tests need.
///
/// # Errors
/// When Python, its module `venv` or a package cannot be had: what to install.
pub fn python() -> anyhow::Result<Python> {
    python_of(&Path::new(env!("CARGO_MANIFEST_DIR")).join("python/requirements.txt"))
}

/// With the packages of another requirements file. It lists all of them, those that others need too:
/// pip is told to install nothing else.
///
/// # Errors
/// As [`python`], and when the file leaves out a package that another needs.
pub fn python_of(requirements: &Path) -> anyhow::Result<Python> {
    let content = fs::read(requirements).with_context(|| requirements.display().to_string())?;
    let mut version = Command::new("python3");
    version.args(["-c", "import sys; print(sys.version, sys.base_prefix)"]);
    let version = run(version, MISSING)?;
    let folder = folder("python", &[&content, version.as_bytes()], |folder| {
        let mut create = Command::new("python3");
        create.args(["-m", "venv"]).arg(folder);
        run(create, MISSING)
            .context("the module venv does not work: install it with pip (Debian: python3-venv)")?;
        let interpreter = interpreter(folder);
        let mut install = Command::new(&interpreter);
        install
            .args(["-m", "pip", "install", "--quiet", "--no-deps", "-r"])
            .arg(requirements);
        run(install, MISSING)?;
        let mut check = Command::new(&interpreter);
        check.args(["-m", "pip", "check"]);
        run(check, MISSING)
            .context("the requirements file leaves out a package, or has a wrong one")?;
        Ok(())
    })?;
    Ok(Python {
        interpreter: interpreter(&folder),
    })
}

impl Python {
    /// The interpreter's path.
    #[must_use]
    pub fn interpreter(&self) -> &Path {
        &self.interpreter
    }

    /// Starts the interpreter, with nothing of this user's Python settings and its output unbuffered, and no
    /// bytecode written beside the script; add the script and its arguments.
    #[must_use]
    pub fn command(&self) -> Command {
        let mut command = Command::new(&self.interpreter);
        command.arg("-IBu");
        command
    }
}

fn interpreter(folder: &Path) -> PathBuf {
    folder.join(if cfg!(windows) {
        "Scripts/python.exe"
    } else {
        "bin/python"
    })
}
