//! `cargo xtask mutants`: whether the core's tests see it when the code is changed.

use alloc::collections::BTreeMap;
use core::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Result, bail, ensure};

use self::ledger::Ledger;
use crate::accepted;
use crate::process::{cargo, output};
use crate::toolchains::Toolchain;
use crate::tools;

mod ledger;
mod passes;

/// Where the files are that are changed.
const SOURCES: &str = "crates/oauth1-core/src";

/// Mutants that no test sees, with their reasons.
const LIST: &str = "crates/oauth1-core/mutants.json";

/// How mutants end, by the lists that cargo-mutants writes.
const ENDS: [&str; 4] = ["caught", "timeout", "missed", "unviable"];

/// As many mutants as are tested at a time with `--left`, or those of one file: what is not through when
/// it is stopped is to be done again.
const AT_A_TIME: usize = 250;

/// What the command line says.
#[derive(Debug, Default, PartialEq, Eq)]
struct Arguments {
    is_list: bool,
    is_ledger: bool,
    /// Leaves out the files that were tested as they are.
    is_left: bool,
    files: Vec<String>,
}

/// Tests each mutant of the core, or of the files that are named below its `src`, and compares those that
/// stay alive with the list.
pub(crate) fn run(arguments: &[String]) -> Result<ExitCode> {
    let arguments = parse(arguments)?;
    let mut ledger = Ledger::read()?;
    if arguments.is_ledger {
        print!("{ledger}");
        return Ok(ExitCode::SUCCESS);
    }
    tools::cargo_command(&Toolchain::Active, tools::CARGO_MUTANTS)?;
    let mut mutants = list(&arguments.files)?;
    if arguments.is_left {
        mutants.retain(|mutant| !ledger.knows(&mutant.file));
    }
    if arguments.is_list {
        print!("{}", table(&count([("mutants", mutants)]), &["mutants"]));
        return Ok(ExitCode::SUCCESS);
    }
    let mut is_well = true;
    let at_a_time = if arguments.is_left {
        AT_A_TIME
    } else {
        usize::MAX
    };
    for some in together(mutants, at_a_time) {
        let ends = passes::ends_of(&some)?;
        ledger.add(&count(ends.clone()))?;
        ledger.write()?;
        is_well &= report(&some, ends)?;
    }
    Ok(if is_well {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Parts of whole files, each of so many mutants if the last of its files is left out.
fn together(mutants: Vec<Mutant>, at_a_time: usize) -> Vec<Vec<Mutant>> {
    let mut parts: Vec<Vec<Mutant>> = Vec::new();
    for mutant in mutants {
        match parts.last_mut() {
            Some(part)
                if part.len() < at_a_time
                    || part.last().is_some_and(|last| last.file == mutant.file) =>
            {
                part.push(mutant);
            }
            _ => parts.push(vec![mutant]),
        }
    }
    parts
}

fn parse(arguments: &[String]) -> Result<Arguments> {
    let mut parsed = Arguments::default();
    for argument in arguments {
        match argument.as_str() {
            "--list" => parsed.is_list = true,
            "--ledger" => parsed.is_ledger = true,
            "--left" => parsed.is_left = true,
            option if option.starts_with('-') => {
                bail!("`cargo xtask mutants` takes no argument `{option}`")
            }
            file => parsed.files.push(file.trim_end_matches('/').to_owned()),
        }
    }
    Ok(parsed)
}

/// A change of the code: `FILE:LINE:COLUMN: WHAT`, the file below `src`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Mutant {
    file: String,
    line: usize,
    what: String,
}

impl Mutant {
    fn parse(name: &str) -> Option<Self> {
        let name = name.strip_prefix(SOURCES)?.strip_prefix('/')?;
        let mut parts = name.splitn(4, ':');
        let file = parts.next()?.to_owned();
        let line = parts.next()?.parse().ok()?;
        let what = parts.nth(1)?.trim().to_owned();
        Some(Self { file, line, what })
    }
}

/// All mutants of the core, or of some files or folders of it.
fn list(files: &[String]) -> Result<Vec<Mutant>> {
    let mut command = cargo();
    command.args(["mutants", "--list", "-p", "oauth1-core"]);
    let names = output(&mut command)?;
    let mutants: Vec<_> = names.lines().filter_map(Mutant::parse).collect();
    let is_in = |mutant: &Mutant, file: &str| {
        let rest = mutant.file.strip_prefix(file);
        rest.is_some_and(|rest| matches!(rest, "" | ".rs") || rest.starts_with('/'))
    };
    for file in files {
        ensure!(
            mutants.iter().any(|mutant| is_in(mutant, file)),
            "there is nothing to change in {SOURCES}/{file}"
        );
    }
    let chosen = |mutant: &Mutant| files.is_empty() || files.iter().any(|file| is_in(mutant, file));
    Ok(mutants.into_iter().filter(chosen).collect())
}

fn files_of(mutants: &[Mutant]) -> Vec<&str> {
    let mut files: Vec<_> = mutants.iter().map(|mutant| mutant.file.as_str()).collect();
    files.dedup();
    files
}

/// Prints how many mutants of each file ended how, and where those that are alive and the list differ;
/// whether nowhere.
fn report(mutants: &[Mutant], mut ends: Ends) -> Result<bool> {
    print!("{}", table(&count(ends.clone()), &ENDS));
    let missed = ends.remove("missed").unwrap_or_default();
    let files = files_of(mutants);
    let mut found = Vec::new();
    for Mutant { file, line, what } in missed {
        let source = fs::read_to_string(Path::new(SOURCES).join(&file))?;
        let text = source.lines().nth(line - 1).unwrap_or_default().trim();
        found.push((file, text.to_owned(), what));
    }
    let mut listed = Vec::new();
    for entry in accepted::read(Path::new(LIST), &["line", "mutant"])? {
        let text = |key| entry.get(key).cloned().unwrap_or_default();
        if files.contains(&text("file").as_str()) {
            listed.push((text("file"), text("line"), text("mutant")));
        }
    }
    let accepted_count = listed.len();
    let (alive, stale) = accepted::compare(found, listed);
    for (file, line, what) in &alive {
        println!("alive: {file}: {what}\n    {line}");
    }
    for (file, line, what) in &stale {
        println!("not alive: take it off {LIST}: {file}: {what}\n    {line}");
    }
    println!(
        "\n{} alive without a reason, {} alive with one",
        alive.len(),
        accepted_count - stale.len()
    );
    Ok(alive.is_empty() && stale.is_empty())
}

/// How mutants ended, by the names of [`ENDS`].
type Ends = BTreeMap<&'static str, Vec<Mutant>>;

/// How many mutants of each file ended in each way.
type Counts = BTreeMap<String, BTreeMap<&'static str, usize>>;

fn count(ends: impl IntoIterator<Item = (&'static str, Vec<Mutant>)>) -> Counts {
    let mut counts = Counts::new();
    for (end, mutants) in ends {
        for mutant in mutants {
            let file = counts.entry(mutant.file).or_default();
            *file.entry(end).or_default() += 1;
        }
    }
    counts
}

fn table(counts: &Counts, ends: &[&'static str]) -> String {
    let width = counts.keys().map(String::len).max().unwrap_or_default();
    let mut text = format!("\n{:width$}", "");
    for end in ends {
        let _ = write!(text, "  {end:>8}");
    }
    let mut all: BTreeMap<&str, usize> = BTreeMap::new();
    for (file, of_file) in counts {
        let _ = write!(text, "\n{file:width$}");
        for end in ends {
            let number = of_file.get(end).copied().unwrap_or_default();
            *all.entry(end).or_default() += number;
            let _ = write!(text, "  {number:8}");
        }
    }
    let _ = write!(text, "\n{:width$}", "all");
    for end in ends {
        let _ = write!(text, "  {:8}", all.get(end).copied().unwrap_or_default());
    }
    text + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mutant_is_read_from_its_name() {
        let name = "crates/oauth1-core/src/text.rs:7:25: replace :: with || in <impl A for B>::c";
        let mutant = Mutant::parse(name).expect("a mutant");
        assert_eq!((mutant.file.as_str(), mutant.line), ("text.rs", 7));
        assert_eq!(mutant.what, "replace :: with || in <impl A for B>::c");
        for other in [
            "",
            "crates/xtask/src/a.rs:1:1: x",
            "crates/oauth1-core/src/a.rs:x:1: y",
        ] {
            assert_eq!(Mutant::parse(other), None, "{other}");
        }
    }

    #[test]
    fn the_command_line_is_read() {
        let parsed = |line: &str| {
            let words: Vec<_> = line.split_whitespace().map(str::to_owned).collect();
            parse(&words)
        };
        let both = parsed("percent.rs --left percent/").expect("valid");
        assert!(both.is_left && !both.is_list && !both.is_ledger);
        assert_eq!(both.files, ["percent.rs", "percent"]);
        assert!(parsed("--list").expect("valid").is_list);
        assert!(parsed("--ledger").expect("valid").is_ledger);
        assert!(parsed("--in-place").is_err());
    }

    fn of(file: &str) -> Mutant {
        Mutant {
            file: file.to_owned(),
            line: 1,
            what: String::new(),
        }
    }

    #[test]
    fn a_file_is_tested_as_a_whole() {
        let files = |parts: Vec<Vec<Mutant>>| -> Vec<Vec<String>> {
            let files = |part: Vec<Mutant>| part.into_iter().map(|mutant| mutant.file).collect();
            parts.into_iter().map(files).collect()
        };
        let mutants = ["a", "a", "a", "b", "c", "c", "c", "d"].map(of).to_vec();
        assert_eq!(
            files(together(mutants.clone(), 2)),
            [vec!["a", "a", "a"], vec!["b", "c", "c", "c"], vec!["d"]]
        );
        assert_eq!(together(mutants, usize::MAX).len(), 1);
        assert!(together(Vec::new(), 2).is_empty());
    }

    #[test]
    fn mutants_are_counted_by_file() {
        let ends = [
            ("caught", vec![of("a.rs"), of("a.rs"), of("b.rs")]),
            ("missed", vec![of("b.rs")]),
        ];
        assert_eq!(
            table(&count(ends), &["caught", "missed"]),
            "\n        caught    missed\na.rs         2         0\nb.rs         1         1\n\
             all          3         1\n"
        );
    }
}
