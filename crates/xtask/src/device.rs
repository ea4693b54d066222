//! `cargo xtask device`: the core on a Cortex-M4, without an operating system.

use core::time::Duration;
use std::fs;
use std::path::{self, PathBuf};
use std::process::{Command, ExitCode, ExitStatus, Stdio};
use std::thread;

use anyhow::{Context as _, Result, bail};

use crate::process::{run as must, shown, target_dir};
use crate::report::{Outcome, Report, Stage, Tally};
use crate::toolchains::{self, Toolchain};
use crate::{elf, tools};

/// A Cortex-M4 without the use of its floating point unit.
const TARGET: &str = "thumbv7em-none-eabi";

/// The workspace of the device program. Its configuration names the target, and the way to start
/// qemu.
const DIRECTORY: &str = "tests/device";

const PROGRAM: &str = "oauth1-device";

/// The feature levels of the core that must build without std.
const LEVELS: &[&str] = &[
    "",
    "hmac-sha1",
    "hmac-sha1,hmac-sha256,hmac-sha512,plaintext",
    "alloc,hmac-sha1",
    "alloc,rsa-sha1,rsa-sha256,rsa-sha512,rsa-pss",
];

/// The device program, with one half of the protocol and with both. The limits are for all of it: the
/// core, the harness, and a vector table of one kilobyte. They keep what there is from growing; the
/// goal for the signer alone is [`GOAL`].
const PROGRAMS: [Program; 2] = [
    Program {
        name: "sign",
        features: "",
        most_flash: 32 * 1024,
        most_stack: 2560,
    },
    Program {
        name: "sign and verify",
        features: "verify",
        most_flash: 40 * 1024,
        most_stack: 4096,
    },
];

/// What a signer should need of flash and stack.
const GOAL: (u32, u32) = (16 * 1024, 2 * 1024);

struct Program {
    name: &'static str,
    features: &'static str,
    most_flash: u32,
    /// From the reset to the end of what is measured.
    most_stack: u32,
}

/// Builds the core at each level, then runs the device program.
pub(crate) fn run() -> ExitCode {
    let stages = vec![
        Stage::run("device builds", builds),
        Stage::run("device program", program),
    ];
    let report = Report(stages);
    println!("\n{report}");
    if report.tally().failed == 0 && report.skipped() == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// Builds the core for the device at each of its feature levels.
pub(crate) fn builds() -> Outcome {
    let toolchain = match toolchains::that_builds_for(TARGET) {
        Ok(toolchain) => toolchain,
        Err(error) => return Outcome::CouldNotRun(format!("{error:#}")),
    };
    let mut tally = Tally::default();
    let mut notes = Vec::new();
    for level in LEVELS {
        let mut build = toolchain.cargo();
        build.args([
            "build",
            "-p",
            "oauth1-core",
            "--target",
            TARGET,
            "--no-default-features",
            "--target-dir",
        ]);
        build.arg(own_target_dir());
        if !level.is_empty() {
            build.args(["--features", level]);
        }
        let built = must(&mut build);
        let name = if level.is_empty() {
            "no feature"
        } else {
            level
        };
        tally.check(&format!("build for the device: {name}"), built.is_ok());
        notes.extend(built.err().map(|error| format!("{error:#}")));
    }
    Outcome::Ran(tally, notes)
}

/// Builds, runs and measures the device program.
pub(crate) fn program() -> Outcome {
    let needed = toolchains::that_builds_for(TARGET)
        .and_then(|toolchain| tools::program(tools::QEMU).map(|()| toolchain));
    let toolchain = match needed {
        Ok(toolchain) => toolchain,
        Err(error) => return Outcome::CouldNotRun(format!("{error:#}")),
    };
    let mut tally = Tally::default();
    let mut notes = Vec::new();
    println!(
        "goal for signing alone: {} bytes of flash, {} of stack",
        GOAL.0, GOAL.1
    );
    for program in &PROGRAMS {
        let name = program.name;
        match measure(&toolchain, program) {
            Ok(Measured { flash, stack }) => {
                tally.check(&format!("{name} on the device"), true);
                println!("flash: {flash} bytes of {}", program.most_flash);
                println!("stack: {stack} bytes of {}", program.most_stack);
                tally.check(&format!("flash to {name}"), flash <= program.most_flash);
                tally.check(&format!("stack to {name}"), stack <= program.most_stack);
            }
            Err(error) => {
                tally.check(&format!("{name} on the device"), false);
                notes.push(format!("{error:#}"));
            }
        }
    }
    Outcome::Ran(tally, notes)
}

/// Apart from the rest, because another compiler may be at work here.
fn own_target_dir() -> PathBuf {
    target_dir().join("device")
}

struct Measured {
    flash: u32,
    stack: u32,
}

fn measure(toolchain: &Toolchain, program: &Program) -> Result<Measured> {
    let target_dir = path::absolute(own_target_dir())?;
    let cargo = |command| {
        let mut cargo = toolchain.cargo();
        cargo
            .current_dir(DIRECTORY)
            .args([command, "--release", "--no-default-features"])
            .args(["--features", program.features, "--target-dir"])
            .arg(&target_dir);
        cargo
    };
    must(&mut cargo("build"))?;
    let path = target_dir.join(TARGET).join("release").join(PROGRAM);
    let file = fs::read(&path).with_context(|| path.display().to_string())?;
    let flash = elf::flash_bytes(&file)?;

    let (status, said) = run_with_limit(cargo("run").arg("--quiet"))?;
    print!("{said}");
    if !status.success() {
        bail!("the program ended with {status}; it said: {}", said.trim());
    }
    let stack = stack_bytes(&said).context("the program did not tell how much stack it used")?;
    Ok(Measured { flash, stack })
}

/// Reads `stack: 952 bytes`.
fn stack_bytes(said: &str) -> Option<u32> {
    said.lines()
        .find_map(|line| line.strip_prefix("stack: ")?.strip_suffix(" bytes"))
        .and_then(|number| number.parse().ok())
}

/// Runs a program that says little, and ends it after half a minute: after a fault of the
/// processor the device does nothing for ever.
fn run_with_limit(command: &mut Command) -> Result<(ExitStatus, String)> {
    const STEP: Duration = Duration::from_millis(50);
    const STEPS: u32 = 600;
    eprintln!("$ {}", shown(command));
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()?;
    for _ in 0..STEPS {
        if child.try_wait()?.is_some() {
            let output = child.wait_with_output()?;
            return Ok((
                output.status,
                String::from_utf8_lossy(&output.stdout).into_owned(),
            ));
        }
        thread::sleep(STEP);
    }
    child.kill()?;
    child.wait()?;
    bail!(
        "after half a minute the program still ran: a fault (an overflow of the stack?) or a loop"
    );
}

#[cfg(test)]
mod tests {
    use super::stack_bytes;

    #[test]
    fn the_used_stack_is_read() {
        assert_eq!(
            stack_bytes("sign and verify: ok\nstack: 952 bytes\n"),
            Some(952)
        );
        assert_eq!(stack_bytes("sign and verify: ok\n"), None);
        assert_eq!(stack_bytes("stack: many bytes\n"), None);
    }
}
