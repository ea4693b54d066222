//! One run of one target, and how it fared.

use alloc::collections::BTreeMap;
use core::fmt;
use core::time::Duration;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::Instant;

use anyhow::{Context as _, Result};

use super::build::Build;
use crate::process::shown;

/// Bytes of the longest input; a login, a header or a callback is shorter, a form mostly.
const LONGEST: u32 = 4096;

/// Seconds after which one input counts as a hang.
const HANG: u32 = 20;

/// Megabytes of all memory; a fuzzer itself takes some hundred. What one input takes, the targets measure.
const MEMORY: u32 = 1024;

/// How targets are run.
#[derive(Debug)]
pub(super) struct Run {
    pub(super) build: Build,
    /// With a folder for each target: what to begin with, what is collected, and what breaks one.
    pub(super) seeds: PathBuf,
    pub(super) corpus: PathBuf,
    pub(super) artifacts: PathBuf,
    /// Each run takes.
    pub(super) seconds: u32,
    /// Of the random changes; another one each time, where there is none.
    pub(super) seed: Option<u32>,
}

impl Run {
    /// Runs one target once.
    pub(super) fn target(&self, name: &str) -> Result<Target> {
        let corpus = self.corpus.join(name);
        let artifacts = self.artifacts.join(name);
        fs::create_dir_all(&corpus)?;
        fs::create_dir_all(&artifacts)?;
        let program = self.build.program(name);
        let mut command = Command::new(&program);
        command
            .args([&corpus, &self.seeds.join(name)])
            .arg(format!("-artifact_prefix={}/", artifacts.display()))
            .args([
                format!("-max_total_time={}", self.seconds),
                format!("-max_len={LONGEST}"),
                format!("-timeout={HANG}"),
                format!("-rss_limit_mb={MEMORY}"),
                "-print_final_stats=1".to_owned(),
            ])
            .args(self.seed.map(|seed| format!("-seed={seed}")));
        // What was found before is no find of this run.
        let before = files(&artifacts);
        let mut target = Target::new(name);
        let ended = target.watch(&mut command)?;
        if !ended {
            let mut found = files(&artifacts).into_iter();
            let input = found.find(|path| !before.contains(path));
            target.found = Some(Found { program, input });
        }
        Ok(target)
    }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.map(|entry| entry.path()).collect()
}

/// How a target fared. Displays as a line.
#[derive(Debug, Default)]
pub(super) struct Target {
    pub(super) name: String,
    pub(super) executions: u64,
    /// What it had of a processor, in milliseconds.
    pub(super) cpu_ms: u64,
    /// Edges of the program that were gone through.
    pub(super) coverage: u64,
    /// Inputs that each go some way of their own.
    pub(super) corpus: u64,
    megabytes: u64,
    found: Option<Found>,
}

/// What broke a target.
#[derive(Debug)]
struct Found {
    program: PathBuf,
    /// Where the input was written, if it was.
    input: Option<PathBuf>,
}

impl Target {
    pub(super) fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            ..Self::default()
        }
    }

    pub(super) fn is_broken(&self) -> bool {
        self.found.is_some()
    }

    /// Runs the program to its end and reads what it says; whether it succeeded.
    #[expect(
        clippy::disallowed_methods,
        reason = "where the system does not tell the time of a processor, that of the clock counts"
    )]
    fn watch(&mut self, command: &mut Command) -> Result<bool> {
        let start = Instant::now();
        let mut child = command
            .stderr(Stdio::piped())
            .spawn()
            .with_context(|| format!("cannot start `{}`", shown(command)))?;
        if let Some(stderr) = child.stderr.take() {
            for line in BufReader::new(stderr).split(b'\n') {
                let line = line?;
                let line = String::from_utf8_lossy(&line);
                if self.see(&line) {
                    eprintln!("{}: {line}", self.name);
                }
            }
        }
        let elapsed = u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.cpu_ms = cpu_ms(child.id()).unwrap_or(elapsed);
        Ok(child.wait()?.success())
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
                "peak_rss_mb" => self.megabytes = value,
                _ => {}
            }
            return false;
        }
        // #16384 pulse  cov: 912 ft: 2513 corp: 301/21Kb lim: 4096 exec/s: 8192 rss: 105Mb
        let mut words = line.split_whitespace();
        let number = words.next().is_some_and(|word| word.starts_with('#'));
        let is_event =
            |word: &str| word == "pulse" || word.chars().all(|char| char.is_ascii_uppercase());
        if !number || !words.next().is_some_and(is_event) {
            let is_chatter = line.starts_with("INFO: ")
                || line.starts_with("WARNING: Failed to find function")
                || line.starts_with("###### ")
                || line.contains("\" # Uses: ")
                || line.starts_with("Done ")
                || line.trim_start().starts_with("NEW_FUNC[");
            return !is_chatter && !line.trim().is_empty();
        }
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
        false
    }
}

impl fmt::Display for Target {
    #[expect(clippy::cast_precision_loss, reason = "it is shown with one decimal")]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            name,
            executions,
            cpu_ms,
            coverage,
            corpus,
            megabytes,
            found,
        } = self;
        let seconds = *cpu_ms as f64 / 1000.0;
        let result = if found.is_some() { "BROKEN" } else { "ok" };
        write!(
            f,
            "{name:15} {executions:9} executions in {seconds:4.1} CPU s, coverage {coverage}, \
             corpus {corpus}, {megabytes} MB: {result}"
        )
    }
}

/// What a process had of a processor, once it has ended and before it is waited for; `None` where the
/// system does not tell.
fn cpu_ms(id: u32) -> Option<u64> {
    let path = format!("/proc/{id}/stat");
    // It has closed its standard error, and ends now.
    for _ in 0..1000 {
        let stat = fs::read_to_string(&path).ok()?;
        if let Some(ms) = cpu_ms_of_ended(&stat) {
            return Some(ms);
        }
        thread::sleep(Duration::from_millis(10));
    }
    None
}

/// Out of `/proc/PID/stat`: `1234 (name) Z 1 ...`, of which the 14th and the 15th field are hundredths of
/// seconds.
fn cpu_ms_of_ended(stat: &str) -> Option<u64> {
    // A name may have parentheses and spaces.
    let (_, rest) = stat.rsplit_once(") ")?;
    let fields: Vec<_> = rest.split(' ').collect();
    let ticks = |at: usize| fields.get(at)?.parse::<u64>().ok();
    let has_ended = fields.first() == Some(&"Z");
    has_ended.then_some(10 * (ticks(11)? + ticks(12)?))
}

/// All targets that were run; displays as how many there are, and how to see again what was found.
#[derive(Debug, Default)]
pub(super) struct Table(BTreeMap<String, Target>);

impl Table {
    /// Adds a run.
    pub(super) fn add(&mut self, mut target: Target) {
        if let Some(before) = self.0.remove(&target.name) {
            target.executions += before.executions;
        }
        self.0.insert(target.name.clone(), target);
    }

    pub(super) fn is_broken(&self) -> bool {
        self.0.values().any(Target::is_broken)
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for Target { name, found, .. } in self.0.values() {
            let Some(Found { program, input }) = found else {
                continue;
            };
            let Some(input) = input else {
                writeln!(
                    f,
                    "{name} failed without an input: see its messages above\n"
                )?;
                continue;
            };
            let (program, input) = (program.display(), input.display());
            let (folder, test) = if name.starts_with("cli_") {
                (
                    "crates/oauth1-cli/seeds",
                    "-p oauth1-cli --bin oauth1 seeds",
                )
            } else {
                (
                    "tests/invariants/broken",
                    "-p oauth1-tests --test fuzzed every_seed",
                )
            };
            writeln!(
                f,
                "{name} is broken by {input}. To see it again:\n  {program} {input}\n\
                 To make it a test: copy it into {folder}/{name}/, then\n  cargo test {test}\n"
            )?;
        }
        let broken = self.0.values().filter(|target| target.is_broken()).count();
        let executions: u64 = self.0.values().map(|target| target.executions).sum();
        let targets = self.0.len();
        write!(
            f,
            "{targets} targets, {executions} executions, {broken} broken"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_fuzzer_says_is_counted() {
        let mut target = Target::new("header");
        for (line, is_shown) in [
            ("INFO: Seed: 1", false),
            (
                "WARNING: Failed to find function \"__sanitizer_print_stack_trace\".",
                false,
            ),
            ("\tNEW_FUNC[1/2]: 0x1 in main", false),
            (
                "#2\tINITED cov: 10 ft: 11 corp: 1/1b exec/s: 0 rss: 40Mb",
                false,
            ),
            (
                "#9\tNEW    cov: 12 ft: 13 corp: 2/3b lim: 4 exec/s: 0 rss: 40Mb L: 2/2 MS: 1 A-",
                false,
            ),
            (
                "#16\tpulse  cov: 12 ft: 13 corp: 3/3b lim: 4 exec/s: 8 rss: 40Mb",
                false,
            ),
            ("###### End of recommended dictionary. ######", false),
            ("\"oauth_\" # Uses: 12", false),
            ("Done 1234 runs in 2 second(s)", false),
            ("thread '<unnamed>' panicked at src/lib.rs:1:1:", true),
            ("stat::number_of_executed_units: 1234", false),
            ("stat::peak_rss_mb:              78", false),
        ] {
            assert_eq!(target.see(line), is_shown, "{line}");
        }
        assert_eq!((target.coverage, target.corpus), (12, 3));
        assert_eq!((target.executions, target.megabytes), (1234, 78));
    }

    #[test]
    fn the_time_of_a_process_is_counted_once_it_has_ended() {
        let stat = "12 (a) b) Z 1 12 12 0 -1 4194304 100 0 0 0 250 31 0 0 39 19 1 0 123";
        assert_eq!(cpu_ms_of_ended(stat), Some(2810));
        assert_eq!(cpu_ms_of_ended(&stat.replace(" Z ", " R ")), None);
        assert_eq!(cpu_ms_of_ended("12 (a) Z 1"), None);
    }

    #[test]
    fn a_program_is_watched_to_its_end() {
        let mut target = Target::new("a shell");
        let mut command = Command::new("sh");
        command.args(["-c", "echo stat::number_of_executed_units: 7 >&2; exit 3"]);
        assert!(!target.watch(&mut command).expect("a shell"));
        assert_eq!(target.executions, 7);
        let missing = target.watch(&mut Command::new("/there/is/none"));
        assert!(missing.is_err());
    }

    #[test]
    fn the_end_says_how_to_see_a_find_again() {
        let mut table = Table::default();
        let ran = |name: &str| Target {
            executions: 5,
            ..Target::new(name)
        };
        table.add(ran("header"));
        table.add(ran("pairs"));
        table.add(ran("pairs"));
        assert_eq!(table.to_string(), "2 targets, 15 executions, 0 broken");
        table.add(Target {
            found: Some(Found {
                program: "target/pairs".into(),
                input: Some("fuzz/artifacts/pairs/crash-1".into()),
            }),
            ..ran("pairs")
        });
        assert!(table.is_broken());
        let text = table.to_string();
        assert!(text.contains("target/pairs fuzz/artifacts/pairs/crash-1\n"));
        assert!(text.contains("tests/invariants/broken/pairs/"));
        assert!(text.ends_with("2 targets, 20 executions, 1 broken"));
    }
}
