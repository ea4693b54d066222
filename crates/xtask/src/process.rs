//! Child processes: each is shown before it runs, and must succeed.

use core::fmt::Write as _;
use std::env;
use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Command, ExitStatus, Stdio};

use anyhow::{Context as _, Result, ensure};

/// The cargo that runs this program.
pub(crate) fn cargo() -> Command {
    Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// Where cargo builds this workspace.
pub(crate) fn target_dir() -> PathBuf {
    env::var_os("CARGO_TARGET_DIR")
        .unwrap_or_else(|| "target".into())
        .into()
}

/// The command as one would type it.
pub(crate) fn shown(command: &Command) -> String {
    let mut line = String::new();
    if let Some(directory) = command.get_current_dir() {
        let _ = write!(line, "cd {} && ", directory.display());
    }
    for (name, value) in command.get_envs() {
        if let Some(value) = value {
            let _ = write!(line, "{}='{}' ", name.display(), value.display());
        }
    }
    let program = PathBuf::from(command.get_program());
    // Cargo gives its own path in full.
    let name = program.file_name().unwrap_or(command.get_program());
    let _ = write!(line, "{}", name.display());
    for argument in command.get_args() {
        let argument = argument.to_string_lossy();
        let plain = !argument.is_empty() && !argument.contains([' ', '\'', '*', '$', '"']);
        let _ = if plain {
            write!(line, " {argument}")
        } else {
            write!(line, " '{argument}'")
        };
    }
    line
}

/// Shows and runs a command; an error unless it succeeds.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    eprintln!("$ {}", shown(command));
    let status = command
        .status()
        .with_context(|| format!("cannot start `{}`", shown(command)))?;
    ensure!(status.success(), "`{}` failed ({status})", shown(command));
    Ok(())
}

/// Runs a command without a word and returns what it wrote to standard output; an error, with what
/// it wrote to standard error, unless it succeeds.
pub(crate) fn output(command: &mut Command) -> Result<String> {
    let output = command
        .output()
        .with_context(|| format!("cannot start `{}`", shown(command)))?;
    let complaint = String::from_utf8_lossy(&output.stderr);
    ensure!(
        output.status.success(),
        "`{}` failed: {}",
        shown(command),
        complaint.trim()
    );
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Shows and runs a command, passing its standard output through and giving each line of it to
/// `see`.
pub(crate) fn stream(command: &mut Command, mut see: impl FnMut(&str)) -> Result<ExitStatus> {
    eprintln!("$ {}", shown(command));
    let mut child = command
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot start `{}`", shown(command)))?;
    if let Some(stdout) = child.stdout.take() {
        for line in BufReader::new(stdout).split(b'\n') {
            let line = line?;
            let line = String::from_utf8_lossy(&line);
            println!("{line}");
            see(&line);
        }
    }
    Ok(child.wait()?)
}

/// Whether `CI=true` is set: then nothing may be skipped.
pub(crate) fn in_ci() -> bool {
    env::var("CI").is_ok_and(|value| value == "true")
}
