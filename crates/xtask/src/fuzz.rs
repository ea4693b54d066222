//! `cargo xtask fuzz`: builds all fuzz targets and runs each for a while, or until it has had its share.

use core::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::{Mutex, PoisonError};
use std::{fs, thread};

use anyhow::{Context as _, Result, bail, ensure};

use self::build::{Build, Kind};
use self::ledger::Ledger;
use self::target::{Run, Table, Target};
use crate::process::{cargo, run as must, target_dir};

mod build;
mod ledger;
mod target;

/// The workspace of the targets.
const DIRECTORY: &str = "fuzz";

/// Seconds of one run where nothing is said: enough to see that none is broken.
const SECONDS: u32 = 2;

/// Seconds of one run where many follow each other: a run begins with all that was collected before.
const SLICE: u32 = 60;

/// What the command line says.
#[derive(Debug, Default, PartialEq, Eq)]
struct Arguments {
    /// Of one run.
    seconds: Option<u32>,
    /// That each target shall have had, over all runs that the ledger knows.
    cpu_seconds: Option<u32>,
    /// How many targets run at a time: as many as there are processors, if nothing is said.
    jobs: Option<u32>,
    corpus: Option<PathBuf>,
    ledger: bool,
    /// All, where there are none.
    targets: Vec<String>,
}

/// Builds all targets; runs those that are named, or all.
pub(crate) fn run(arguments: &[String]) -> Result<ExitCode> {
    let arguments = Arguments::parse(arguments)?;
    let ledger = Path::new(DIRECTORY).join("ledger.tsv");
    if arguments.ledger {
        println!("{}", Ledger::read(&ledger)?);
        return Ok(ExitCode::SUCCESS);
    }
    let chosen = chosen(&arguments.targets)?;
    let build = Build::new(arguments.kind())?;
    let seeds = target_dir().join("seeds");
    must(
        cargo()
            .args(["run", "--quiet", "-p", "oauth1-tests", "--bin", "seeds"])
            .arg(&seeds),
    )?;
    let all = Run {
        build,
        seeds,
        corpus: (arguments.corpus.clone()).unwrap_or_else(|| Path::new(DIRECTORY).join("corpus")),
        artifacts: Path::new(DIRECTORY).join("artifacts"),
        seconds: arguments.seconds(),
        // What is found in a short run is found again in the next.
        seed: arguments.cpu_seconds.is_none().then_some(1),
    };
    let processors = || thread::available_parallelism().map_or(1, NonZeroUsize::get);
    let jobs = arguments.jobs.map_or_else(processors, |jobs| jobs as usize);
    let table = match arguments.cpu_seconds {
        None => once(&all, chosen, jobs)?,
        Some(goal) => {
            let ledger = Mutex::new(Ledger::read(&ledger)?);
            let table = until(&all, chosen, jobs, u64::from(goal) * 1000, &ledger)?;
            let ledger = ledger.into_inner().unwrap_or_else(PoisonError::into_inner);
            println!("\n{ledger}");
            table
        }
    };
    println!("\n{table}");
    Ok(if table.is_broken() {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}

/// The names of all targets, or of those that are asked for.
fn chosen(asked: &[String]) -> Result<Vec<String>> {
    let folder = Path::new(DIRECTORY).join("targets");
    let mut known = Vec::new();
    for entry in fs::read_dir(&folder).with_context(|| folder.display().to_string())? {
        let path = entry?.path();
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        known.push(stem.into_owned());
    }
    known.sort();
    for target in asked {
        ensure!(
            known.contains(target),
            "there is no fuzz target `{target}`; there are {}",
            known.join(", ")
        );
    }
    known.retain(|name| asked.is_empty() || asked.contains(name));
    Ok(known)
}

/// Runs each once.
fn once(all: &Run, names: Vec<String>, jobs: usize) -> Result<Table> {
    let waiting = Mutex::new(names.into_iter());
    let table = Mutex::new(Table::default());
    in_parallel(jobs, || {
        loop {
            let next = waiting
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .next();
            let Some(name) = next else { return Ok(()) };
            let target = all.target(&name)?;
            println!("{target}");
            add(&table, target);
        }
    })?;
    Ok(table.into_inner().unwrap_or_else(PoisonError::into_inner))
}

/// Runs them slice by slice, those first that have had the least, until each has had `goal` milliseconds
/// of a processor or is broken.
fn until(
    all: &Run,
    names: Vec<String>,
    jobs: usize,
    goal: u64,
    ledger: &Mutex<Ledger>,
) -> Result<Table> {
    let path = Path::new(DIRECTORY).join("ledger.tsv");
    let waiting = Mutex::new(names);
    let table = Mutex::new(Table::default());
    in_parallel(jobs, || {
        loop {
            let next = {
                let mut waiting = waiting.lock().unwrap_or_else(PoisonError::into_inner);
                let ledger = ledger.lock().unwrap_or_else(PoisonError::into_inner);
                waiting.retain(|name| ledger.cpu_ms(name) < goal);
                let least = (0..waiting.len()).min_by_key(|&at| ledger.cpu_ms(&waiting[at]));
                least.map(|at| waiting.swap_remove(at))
            };
            let Some(name) = next else { return Ok(()) };
            let target = all.target(&name)?;
            {
                let mut ledger = ledger.lock().unwrap_or_else(PoisonError::into_inner);
                ledger.add(&target);
                ledger.write(&path)?;
                println!("{target}; {:.1} min in all", ledger.cpu_minutes(&name));
            }
            // A target that is broken would stop at the same place again.
            if !target.is_broken() {
                let mut waiting = waiting.lock().unwrap_or_else(PoisonError::into_inner);
                waiting.push(name);
            }
            add(&table, target);
        }
    })?;
    Ok(table.into_inner().unwrap_or_else(PoisonError::into_inner))
}

fn add(table: &Mutex<Table>, target: Target) {
    let mut table = table.lock().unwrap_or_else(PoisonError::into_inner);
    table.add(target);
}

/// Does the work in so many threads; the first error of one of them.
fn in_parallel(jobs: usize, work: impl Fn() -> Result<()> + Sync) -> Result<()> {
    thread::scope(|scope| {
        let threads: Vec<_> = (0..jobs).map(|_| scope.spawn(&work)).collect();
        for thread in threads {
            match thread.join() {
                Ok(result) => result?,
                Err(_) => bail!("a thread that ran fuzz targets panicked"),
            }
        }
        Ok(())
    })
}

impl Arguments {
    fn parse(arguments: &[String]) -> Result<Self> {
        let mut parsed = Self::default();
        let mut arguments = arguments.iter();
        while let Some(argument) = arguments.next() {
            let mut value = || {
                let value = arguments.next();
                value.with_context(|| format!("{argument} wants a value"))
            };
            match argument.as_str() {
                "--seconds" => parsed.seconds = Some(number(argument, value()?)?),
                "--cpu-seconds" => parsed.cpu_seconds = Some(number(argument, value()?)?),
                "--jobs" => parsed.jobs = Some(number(argument, value()?)?),
                "--corpus" => parsed.corpus = Some(value()?.into()),
                "--ledger" => parsed.ledger = true,
                option if option.starts_with('-') => {
                    bail!("`cargo xtask fuzz` takes no argument `{option}`")
                }
                _ => parsed.targets.push(argument.clone()),
            }
        }
        Ok(parsed)
    }

    fn kind(&self) -> Kind {
        if self.seconds() < SLICE {
            Kind::Short
        } else {
            Kind::Fast
        }
    }

    fn seconds(&self) -> u32 {
        let default = if self.cpu_seconds.is_some() {
            SLICE
        } else {
            SECONDS
        };
        self.seconds.unwrap_or(default)
    }
}

/// For a fuzzer, 0 is without an end.
fn number(option: &str, text: &str) -> Result<u32> {
    let number = text.parse().ok().filter(|&number| number > 0);
    number.with_context(|| format!("{option} wants a number from 1 on, not `{text}`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arguments(line: &str) -> Result<Arguments> {
        let words: Vec<_> = line.split_whitespace().map(str::to_owned).collect();
        Arguments::parse(&words)
    }

    #[test]
    fn the_command_line_is_read() {
        let parsed = arguments("header --seconds 61 pairs").expect("valid");
        assert_eq!((parsed.seconds(), parsed.kind()), (61, Kind::Fast));
        assert_eq!(parsed.targets, ["header", "pairs"]);
        let parsed = arguments("").expect("valid");
        assert_eq!((parsed.seconds(), parsed.kind()), (SECONDS, Kind::Short));
        let parsed = arguments("--cpu-seconds 1800 --jobs 2 --corpus a").expect("valid");
        assert_eq!((parsed.seconds(), parsed.kind()), (SLICE, Kind::Fast));
        assert_eq!(parsed.jobs, Some(2));
        assert_eq!(parsed.corpus, Some("a".into()));
        assert!(arguments("--ledger").expect("valid").ledger);
        for line in [
            "--seconds",
            "--seconds 0",
            "--seconds many",
            "--minutes 1",
            "-j 2",
            "--corpus",
        ] {
            assert!(arguments(line).is_err(), "{line}");
        }
    }

    #[test]
    fn all_threads_work_and_the_error_of_one_is_that_of_all() {
        let count = Mutex::new(0);
        in_parallel(3, || {
            *count.lock().expect("no panic") += 1;
            Ok(())
        })
        .expect("no error");
        assert_eq!(*count.lock().expect("no panic"), 3);
        let failed = in_parallel(2, || {
            let mut count = count.lock().expect("no panic");
            *count += 1;
            ensure!(*count != 5, "the fifth");
            Ok(())
        });
        assert_eq!(failed.expect_err("the fifth").to_string(), "the fifth");
    }
}
