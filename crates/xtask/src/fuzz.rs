//! `cargo xtask fuzz`: builds all fuzz targets and runs each for a while.

use core::fmt;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use anyhow::{Context as _, Result, bail, ensure};

use crate::process::{cargo, output, run as must, shown, target_dir};
use crate::toolchains::{self, Toolchain};
use crate::tools;

/// The workspace of the targets.
const DIRECTORY: &str = "fuzz";

/// Seconds for each target where nothing is said: enough to see that none is broken.
const SECONDS: u32 = 5;

/// Bytes of the longest input; a login, a header or a callback is shorter, a form mostly.
const LONGEST: u32 = 4096;

/// Seconds after which one input counts as a hang.
const HANG: u32 = 20;

/// Megabytes of the largest single allocation, and of all memory. A fuzzer itself takes some hundred.
const MEMORY: (u32, u32) = (16, 1024);

/// What the command line says.
#[derive(Debug, PartialEq, Eq)]
struct Arguments {
    seconds: u32,
    /// All, where there are none.
    targets: Vec<String>,
}

/// Builds all targets; runs those that are named, or all.
pub(crate) fn run(arguments: &[String]) -> Result<ExitCode> {
    let Arguments { seconds, targets } = parse(arguments)?;
    let nightly = toolchains::nightly()?;
    tools::program(tools::CXX)?;
    tools::cargo_command(&nightly, tools::CARGO_FUZZ)?;

    let known = output(
        nightly
            .cargo()
            .args(["fuzz", "list", "--fuzz-dir", DIRECTORY]),
    )?;
    let known: Vec<&str> = known.lines().collect();
    for target in &targets {
        ensure!(
            known.contains(&target.as_str()),
            "there is no fuzz target `{target}`; there are {}",
            known.join(", ")
        );
    }
    must(
        nightly
            .cargo()
            .args(["fuzz", "build", "--fuzz-dir", DIRECTORY]),
    )?;
    let seeds = target_dir().join("seeds");
    must(
        cargo()
            .args(["run", "--quiet", "-p", "oauth1-tests", "--bin", "seeds"])
            .arg(&seeds),
    )?;

    let chosen = known
        .iter()
        .filter(|name| targets.is_empty() || targets.iter().any(|target| target == *name));
    let mut table = Table(Vec::new());
    for name in chosen {
        println!("\n== {name}, {seconds} s");
        table.0.push(fuzz(&nightly, name, seconds, &seeds)?);
    }
    println!("\n{table}");
    Ok(if table.0.iter().all(|target| target.found.is_none()) {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn parse(arguments: &[String]) -> Result<Arguments> {
    let mut parsed = Arguments {
        seconds: SECONDS,
        targets: Vec::new(),
    };
    let mut arguments = arguments.iter();
    while let Some(argument) = arguments.next() {
        match argument.strip_prefix("--") {
            Some("seconds") => {
                let number = arguments.next().context("--seconds wants a number")?;
                parsed.seconds = number
                    .parse()
                    .ok()
                    // For a fuzzer, 0 is without an end.
                    .filter(|&seconds| seconds > 0)
                    .with_context(|| format!("`{number}` is no number of seconds"))?;
            }
            Some(_) => bail!("`cargo xtask fuzz` takes no argument `{argument}`"),
            None => parsed.targets.push(argument.clone()),
        }
    }
    Ok(parsed)
}

fn fuzz(nightly: &Toolchain, name: &str, seconds: u32, seeds: &Path) -> Result<Target> {
    let corpus = Path::new(DIRECTORY).join("corpus").join(name);
    // What was found before is no find of this run.
    let artifacts = Path::new(DIRECTORY).join("artifacts").join(name);
    fs::create_dir_all(&corpus)?;
    let mut command = nightly.cargo();
    command
        .args(["fuzz", "run", "--fuzz-dir", DIRECTORY, name])
        .args([corpus, seeds.join(name)])
        .arg("--")
        .args([
            format!("-max_total_time={seconds}"),
            format!("-max_len={LONGEST}"),
            format!("-timeout={HANG}"),
            format!("-malloc_limit_mb={}", MEMORY.0),
            format!("-rss_limit_mb={}", MEMORY.1),
            "-print_final_stats=1".to_owned(),
        ]);
    eprintln!("$ {}", shown(&command));
    let before = files(&artifacts);
    let mut target = Target::new(name);
    let ended = stream_errors(&mut command, |line| target.see(line))?;
    if !ended {
        let found = files(&artifacts)
            .into_iter()
            .find(|path| !before.contains(path));
        target.found = Some(found.unwrap_or_default());
    }
    Ok(target)
}

/// Runs a command and gives each line of its standard error to `see`, which says whether it is shown;
/// whether the command succeeded.
fn stream_errors(command: &mut Command, mut see: impl FnMut(&str) -> bool) -> Result<bool> {
    let mut child = command
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot start `{}`", shown(command)))?;
    if let Some(stderr) = child.stderr.take() {
        for line in BufReader::new(stderr).split(b'\n') {
            let line = line?;
            let line = String::from_utf8_lossy(&line);
            if see(&line) {
                eprintln!("{line}");
            }
        }
    }
    Ok(child.wait()?.success())
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.map(|entry| entry.path()).collect()
}

/// How a target fared.
#[derive(Debug, Default)]
struct Target {
    name: String,
    executions: u64,
    per_second: u64,
    /// Edges of the program that were gone through.
    coverage: u64,
    /// Inputs that each go some way of their own.
    corpus: u64,
    megabytes: u64,
    /// The input that broke it; an empty path where none was written.
    found: Option<PathBuf>,
}

impl Target {
    fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            ..Self::default()
        }
    }

    /// Reads a line of libFuzzer's, and says whether it is to be shown.
    fn see(&mut self, line: &str) -> bool {
        if let Some((name, value)) = line
            .strip_prefix("stat::")
            .and_then(|rest| rest.split_once(':'))
        {
            let value = value.trim().parse().unwrap_or_default();
            match name {
                "number_of_executed_units" => self.executions = value,
                "average_exec_per_sec" => self.per_second = value,
                "peak_rss_mb" => self.megabytes = value,
                _ => {}
            }
            return false;
        }
        // #16384 pulse  cov: 912 ft: 2513 corp: 301/21Kb lim: 4096 exec/s: 8192 rss: 105Mb
        let mut words = line.split_whitespace();
        let number = words.next().is_some_and(|word| word.starts_with('#'));
        let Some(event) = words.next().filter(|event| {
            number && (*event == "pulse" || event.chars().all(|char| char.is_ascii_uppercase()))
        }) else {
            let is_chatter =
                line.starts_with("INFO: ") || line.trim_start().starts_with("NEW_FUNC[");
            return !is_chatter && !line.trim().is_empty();
        };
        while let Some(word) = words.next() {
            let number = |text: Option<&str>| {
                let digits = text.unwrap_or_default().split('/').next();
                digits.and_then(|digits| digits.parse().ok())
            };
            match word {
                "cov:" => self.coverage = number(words.next()).unwrap_or(self.coverage),
                "corp:" => self.corpus = number(words.next()).unwrap_or(self.corpus),
                _ => {}
            }
        }
        matches!(event, "pulse" | "INITED" | "DONE")
    }
}

/// All targets; displays as the table, and how to see again what was found.
struct Table(Vec<Target>);

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.0.iter().map(|target| target.name.len());
        let width = names.max().unwrap_or_default().max("target".len());
        writeln!(
            f,
            "{:width$}  executions  a second  coverage  corpus  memory  result",
            "target"
        )?;
        for target in &self.0 {
            let Target {
                name,
                executions,
                per_second,
                coverage,
                corpus,
                megabytes,
                found,
            } = target;
            let result = if found.is_some() { "BROKEN" } else { "ok" };
            writeln!(
                f,
                "{name:width$}  {executions:10}  {per_second:8}  {coverage:8}  {corpus:6}  \
                 {megabytes:3} MB  {result}"
            )?;
        }
        for Target { name, found, .. } in &self.0 {
            let Some(found) = found else { continue };
            if found.as_os_str().is_empty() {
                writeln!(
                    f,
                    "\n{name} failed without an input: see its messages above"
                )?;
                continue;
            }
            let found = found.display();
            writeln!(
                f,
                "\n{name} is broken by {found}. To see it again:\n  \
                 cargo +nightly fuzz run {name} {found}\n\
                 To make it a test: copy it into tests/invariants/broken/{name}/, then\n  \
                 cargo test -p oauth1-tests --test fuzzed every_seed"
            )?;
        }
        let broken = self
            .0
            .iter()
            .filter(|target| target.found.is_some())
            .count();
        let executions: u64 = self.0.iter().map(|target| target.executions).sum();
        let targets = self.0.len();
        write!(
            f,
            "\n{targets} targets, {executions} executions, {broken} broken"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arguments(line: &str) -> Result<Arguments> {
        let words: Vec<_> = line.split_whitespace().map(str::to_owned).collect();
        parse(&words)
    }

    #[test]
    fn the_command_line_is_read() {
        let parsed = arguments("header --seconds 60 pairs").expect("valid");
        assert_eq!(parsed.seconds, 60);
        assert_eq!(parsed.targets, ["header", "pairs"]);
        let parsed = arguments("").expect("valid");
        assert_eq!((parsed.seconds, parsed.targets.len()), (SECONDS, 0));
        for line in ["--seconds", "--seconds 0", "--seconds many", "--minutes 1"] {
            assert!(arguments(line).is_err(), "{line}");
        }
    }

    #[test]
    fn what_the_fuzzer_says_is_counted() {
        let mut target = Target::new("header");
        for (line, is_shown) in [
            ("INFO: Seed: 1", false),
            ("\tNEW_FUNC[1/2]: 0x1 in main", false),
            (
                "#2\tINITED cov: 10 ft: 11 corp: 1/1b exec/s: 0 rss: 40Mb",
                true,
            ),
            (
                "#9\tNEW    cov: 12 ft: 13 corp: 2/3b lim: 4 exec/s: 0 rss: 40Mb L: 2/2 MS: 1 A-",
                false,
            ),
            (
                "#16\tpulse  cov: 12 ft: 13 corp: 3/3b lim: 4 exec/s: 8 rss: 40Mb",
                true,
            ),
            ("thread '<unnamed>' panicked at src/lib.rs:1:1:", true),
            ("stat::number_of_executed_units: 1234", false),
            ("stat::average_exec_per_sec:     56", false),
            ("stat::peak_rss_mb:              78", false),
        ] {
            assert_eq!(target.see(line), is_shown, "{line}");
        }
        assert_eq!((target.coverage, target.corpus), (12, 3));
        assert_eq!((target.executions, target.per_second), (1234, 56));
        assert_eq!(target.megabytes, 78);
    }

    #[test]
    fn the_table_says_how_to_see_a_find_again() {
        let mut table = Table(vec![Target::new("header"), Target::new("pairs")]);
        assert!(
            table
                .to_string()
                .ends_with("2 targets, 0 executions, 0 broken")
        );
        table.0[1].found = Some("fuzz/artifacts/pairs/crash-1".into());
        let text = table.to_string();
        assert!(text.contains("cargo +nightly fuzz run pairs fuzz/artifacts/pairs/crash-1"));
        assert!(text.ends_with("2 targets, 0 executions, 1 broken"));
    }
}
