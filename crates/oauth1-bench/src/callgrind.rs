//! Counts instructions: this program runs itself under callgrind, with two numbers of operations.
//!
//! The difference of the two totals, divided by the difference of the numbers, is what one operation
//! costs once its buffers are filled: start-up and set-up cancel out, and no symbol is needed for it.
//! Only the cost of the SHA-1 compression function is found by its name: see [`crate::compression`].

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{self, Command, Stdio},
};

use anyhow::{Context as _, Result, bail, ensure};

/// How to come by valgrind.
pub(crate) const INSTALL: &str = "valgrind is missing, so that no instructions are counted. \
    Debian, Ubuntu: apt-get install valgrind; Fedora: dnf install valgrind; \
    Arch: pacman -S valgrind";

/// Valgrind, and a directory for what it writes, which goes when this goes.
#[derive(Debug)]
pub(crate) struct Callgrind {
    program: PathBuf,
    directory: PathBuf,
    version: String,
}

/// What was counted, of one operation or of a whole run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    /// All instructions.
    pub(crate) total: u64,
    /// Those of the SHA-1 compression function in its portable form.
    pub(crate) compression: u64,
    /// How often that was called.
    pub(crate) calls: u64,
}

impl Callgrind {
    /// `None` where there is no valgrind.
    pub(crate) fn find() -> Result<Option<Self>> {
        let output = Command::new("valgrind")
            .arg("--version")
            .stderr(Stdio::null())
            .output();
        let Ok(output) = output else { return Ok(None) };
        if !output.status.success() {
            return Ok(None);
        }
        let directory = env::temp_dir().join(format!("oauth1-bench-{}", process::id()));
        fs::create_dir_all(&directory)
            .with_context(|| format!("cannot make {}", directory.display()))?;
        Ok(Some(Self {
            program: env::current_exe().context("cannot find this program")?,
            directory,
            version: String::from_utf8_lossy(&output.stdout).trim().to_owned(),
        }))
    }

    /// What valgrind says that it is.
    pub(crate) fn version(&self) -> &str {
        &self.version
    }

    /// What one operation of a case costs.
    pub(crate) fn operation(&self, case: &str, (few, many): (u64, u64)) -> Result<Counts> {
        let (before, after) = (self.run(case, few)?, self.run(case, many)?);
        let of_one = |few_cost: u64, many_cost: u64| {
            let difference = many_cost
                .checked_sub(few_cost)
                .context("more operations cost less")?;
            // What differs in the start, by the length of an argument and the like, is rounded away.
            let count = many - few;
            Ok::<_, anyhow::Error>((difference + count / 2) / count)
        };
        Ok(Counts {
            total: of_one(before.total, after.total)?,
            compression: of_one(before.compression, after.compression)?,
            calls: of_one(before.calls, after.calls)?,
        })
    }

    /// Runs a case so many times.
    fn run(&self, case: &str, count: u64) -> Result<Counts> {
        let file = self.directory.join(format!("{case}-{count}"));
        let mut option = std::ffi::OsString::from("--callgrind-out-file=");
        // In a file's name, callgrind takes a "%" for its own.
        option.push(&file);
        let output = Command::new("valgrind")
            .args([
                "-q",
                "--tool=callgrind",
                "--dump-line=no",
                "--compress-strings=no",
            ])
            .arg(option)
            .arg(&self.program)
            // As many digits for every count.
            .args(["run", case, &format!("{count:06}")])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .output()
            .context("cannot run valgrind")?;
        if !output.status.success() {
            bail!(
                "{case} under valgrind: {}",
                String::from_utf8_lossy(&output.stderr).trim()
            );
        }
        let counts = read(&file)?;
        fs::remove_file(&file)?;
        Ok(counts)
    }
}

impl Drop for Callgrind {
    fn drop(&mut self) {
        // What is left over in a directory for temporary files harms nobody.
        let _ = fs::remove_dir_all(&self.directory);
    }
}

fn read(file: &Path) -> Result<Counts> {
    let bytes = fs::read(file).with_context(|| format!("valgrind wrote no {}", file.display()))?;
    parse(&String::from_utf8_lossy(&bytes))
}

/// Reads callgrind's format, version 1, with its strings not compressed.
///
/// `fn=` says whose lines follow: position and cost. A `calls=` line gives the number of the calls to
/// the `cfn=` before it; the line after it has the cost of those calls, which is not the caller's own.
fn parse(text: &str) -> Result<Counts> {
    let mut counts = Counts::default();
    let (mut summary, mut totals) = (None, None);
    let (mut inside, mut calls_it, mut skip) = (false, false, false);
    for line in text.lines() {
        if let Some(name) = line.strip_prefix("fn=") {
            inside = is_compression(name);
        } else if let Some(name) = line.strip_prefix("cfn=") {
            calls_it = is_compression(name);
        } else if let Some(calls) = line.strip_prefix("calls=") {
            if calls_it && !inside {
                counts.calls += number(calls.split(' ').next())?;
            }
            skip = true;
        } else if let Some(total) = line.strip_prefix("summary:") {
            summary = Some(number(total.split_whitespace().next())?);
        } else if let Some(total) = line.strip_prefix("totals:") {
            totals = Some(number(total.split_whitespace().next())?);
        } else if line.starts_with(|first: char| first.is_ascii_digit() || "+-*".contains(first)) {
            if inside && !skip {
                counts.compression += number(line.split(' ').nth(1))?;
            }
            skip = false;
        }
    }
    counts.total = summary
        .or(totals)
        .context("callgrind's file has no total")?;
    ensure!(
        counts.compression <= counts.total,
        "callgrind's file adds up to more than its total"
    );
    Ok(counts)
}

fn number(text: Option<&str>) -> Result<u64> {
    text.and_then(|text| text.parse().ok())
        .context("callgrind's file has no number where it should")
}

/// `sha1::block_api::compress` of sha1 0.11 and `sha1::compress::..` of 0.10, in whatever way the name
/// is written, but not the form that is made of SHA instructions.
fn is_compression(name: &str) -> bool {
    name.contains("sha1")
        && name.contains("compress")
        && !name.contains("x86")
        && !name.contains("cpuid")
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "\
# callgrind format
version: 1
positions: line
events: Ir
summary: 1000

fl=???
fn=oauth1_bench::main
0 10
cfn=sha1::block_api::compress
calls=3 0
0 900
0 50

fn=sha1::block_api::compress
0 700
+3 100
cfn=memcpy
calls=3 0
0 100

fn=sha1::compress::x86_sha::compress
0 7

totals: 1000
";

    #[test]
    fn the_cost_of_calls_is_not_the_callers_own() {
        let counts = parse(FILE).expect("readable");
        assert_eq!(
            counts,
            Counts {
                total: 1_000,
                compression: 800,
                calls: 3
            }
        );
    }

    #[test]
    fn a_file_without_a_total_is_an_error() {
        assert!(parse("fn=main\n0 10\n").is_err());
        assert!(parse("fn=sha1::compress\n0 x\nsummary: 3\n").is_err());
    }
}
