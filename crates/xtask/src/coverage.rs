//! `cargo xtask coverage`: which lines the tests go through.

use alloc::collections::BTreeMap;
use core::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context as _, Result, bail, ensure};

use crate::accepted::{self, Entry};
use crate::process::{cargo, run as must, target_dir};
use crate::toolchains::Toolchain;
use crate::tools;

/// The package that is measured where none is named.
const CORE: &str = "crates/oauth1-core";

/// Lines of the core that no test goes through, with their reasons.
const LIST: &str = "coverage.json";

/// Files that are tests themselves.
const TESTS: &str = r"/tests(/|\.rs$)";

/// Percent of the workspace's lines that its tests have to go through.
const WORKSPACE_GOAL: u32 = 90;

/// What is measured.
#[derive(Debug, PartialEq, Eq)]
enum Scope {
    /// The core by its own tests: each line, or a reason.
    Core,
    /// Some packages by their tests.
    Packages(Vec<String>),
    /// All packages by all tests.
    Workspace,
}

/// Measures the core, or what is named, and prints a table. Fails where the core's list does not say
/// what was seen, or less of the workspace was gone through than its goal.
pub(crate) fn run(arguments: &[String]) -> Result<ExitCode> {
    let scope = parse(arguments)?;
    Toolchain::Active.component_files("llvm-tools")?;
    tools::cargo_command(&Toolchain::Active, tools::CARGO_LLVM_COV)?;
    let report = target_dir().join("coverage.lcov");
    let mut command = cargo();
    command.args(["llvm-cov", "--all-features", "--lcov", "--output-path"]);
    command.arg(&report);
    command.args(["--ignore-filename-regex", TESTS]);
    match &scope {
        Scope::Core => {
            command.args(["-p", "oauth1-core", "--lib", "--tests"]);
        }
        Scope::Packages(packages) => {
            for package in packages {
                command.args(["-p", package]);
            }
        }
        Scope::Workspace => {
            // Of thousands of tests one may fail, and is seen to; the figures are there all the same.
            command.args(["--workspace", "--ignore-run-fail"]);
        }
    }
    must(&mut command)?;
    let files = read(&fs::read_to_string(&report)?)?;
    let good = match scope {
        Scope::Core => core(&files)?,
        Scope::Packages(_) => {
            print!("{}", table(&by_file(&files)));
            true
        }
        Scope::Workspace => {
            let table_of_all = by_package(&files);
            print!("{}", table(&table_of_all));
            let Count { lines, missed } = sum(&table_of_all);
            100 * (lines - missed) >= u64::from(WORKSPACE_GOAL) * lines
        }
    };
    Ok(if good {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn parse(arguments: &[String]) -> Result<Scope> {
    match arguments {
        [] => Ok(Scope::Core),
        [all] if all == "--workspace" => Ok(Scope::Workspace),
        packages => {
            if let Some(option) = packages.iter().find(|name| name.starts_with('-')) {
                bail!("`cargo xtask coverage` takes no `{option}` here");
            }
            Ok(Scope::Packages(packages.to_vec()))
        }
    }
}

/// The lines of a file that are compiled, from 1 on, and whether a test goes through them.
type Lines = BTreeMap<usize, bool>;

/// Reads a report in the format of lcov: the files by their paths within the workspace.
fn read(report: &str) -> Result<BTreeMap<String, Lines>> {
    let root = fs::canonicalize(".")?;
    let root = root
        .to_str()
        .context("the path of the workspace is no text")?;
    let mut files = BTreeMap::new();
    let mut file: Option<&mut Lines> = None;
    for line in report.lines() {
        if let Some(path) = line.strip_prefix("SF:") {
            // Whatever else was compiled is no concern of this workspace's tests.
            file = path
                .strip_prefix(root)
                .map(|path| path.trim_start_matches('/').to_owned())
                .map(|path| files.entry(path).or_default());
        } else if let (Some(counts), Some(file)) = (line.strip_prefix("DA:"), &mut file) {
            let mut counts = counts.split(',').map(str::parse::<usize>);
            let (Some(Ok(number)), Some(Ok(count))) = (counts.next(), counts.next()) else {
                bail!("the report has the line `{line}`");
            };
            file.insert(number, count > 0);
        }
    }
    ensure!(
        !files.is_empty(),
        "the report names no file of the workspace"
    );
    Ok(files)
}

/// How many lines there are, and how many of them no test goes through.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Count {
    lines: u64,
    missed: u64,
}

impl Count {
    fn add(&mut self, lines: &Lines) {
        self.lines += lines.len() as u64;
        self.missed += lines.values().filter(|&&seen| !seen).count() as u64;
    }
}

fn by_file(files: &BTreeMap<String, Lines>) -> BTreeMap<String, Count> {
    let mut counts: BTreeMap<String, Count> = BTreeMap::new();
    for (path, lines) in files {
        counts.entry(path.clone()).or_default().add(lines);
    }
    counts
}

/// The folder before `src` is a package; what is in no such folder is of the tests.
fn by_package(files: &BTreeMap<String, Lines>) -> BTreeMap<String, Count> {
    let mut counts: BTreeMap<String, Count> = BTreeMap::new();
    for (path, lines) in files {
        if let Some((package, _)) = path.split_once("/src/")
            && package.starts_with("crates/")
        {
            counts.entry(package.to_owned()).or_default().add(lines);
        }
    }
    counts
}

fn sum(counts: &BTreeMap<String, Count>) -> Count {
    let mut sum = Count::default();
    for count in counts.values() {
        sum.lines += count.lines;
        sum.missed += count.missed;
    }
    sum
}

fn table(counts: &BTreeMap<String, Count>) -> String {
    let width = counts.keys().map(String::len).max().unwrap_or_default();
    let mut text = format!("\n{:width$}  lines  missed        %\n", "");
    let total = sum(counts);
    let named = counts.iter().map(|(name, count)| (name.as_str(), *count));
    for (name, Count { lines, missed }) in named.chain([("all", total)]) {
        // Hundredths of a percent, rounded down: 100 is all.
        let hundredths = (lines - missed) * 10_000 / lines.max(1);
        let (whole, part) = (hundredths / 100, hundredths % 100);
        let _ = writeln!(
            text,
            "{name:width$}  {lines:5}  {missed:6}  {whole:3}.{part:02}"
        );
    }
    text
}

/// Compares what no test of the core goes through with its list.
fn core(files: &BTreeMap<String, Lines>) -> Result<bool> {
    let entries = accepted::read(&Path::new(CORE).join(LIST), &["line", "item"])?;
    let mut complaints = String::new();
    let mut of_core = BTreeMap::new();
    for (path, lines) in files {
        if let Some(path) = path.strip_prefix(CORE) {
            of_core.insert(path.trim_start_matches('/').to_owned(), lines.clone());
        }
    }
    print!("{}", table(&by_file(&of_core)));
    for entry in &entries {
        if !of_core.contains_key(&entry["file"]) {
            let _ = writeln!(
                complaints,
                "{LIST} names {}, which is no file",
                entry["file"]
            );
        }
    }
    for (path, lines) in &of_core {
        let source = fs::read_to_string(Path::new(CORE).join(path))?;
        let source: Vec<_> = source.lines().collect();
        let listed: Vec<_> = entries.iter().filter(|e| e["file"] == *path).collect();
        complain(path, &source, lines, &listed, &mut complaints);
    }
    let total = sum(&by_file(&of_core));
    let listed = entries.len();
    if complaints.is_empty() {
        println!(
            "\n{} missed lines, each with its reason: {listed} entries",
            total.missed
        );
    } else {
        println!("\n{complaints}");
    }
    Ok(complaints.is_empty())
}

/// Says where a file and its entries of the list differ.
fn complain(path: &str, source: &[&str], lines: &Lines, entries: &[&Entry], out: &mut String) {
    let text = |number: usize| source.get(number - 1).map_or("", |line| line.trim());
    let mut missed: Vec<_> = lines.iter().filter(|(_, seen)| !**seen).collect();
    let mut listed = Vec::new();
    for entry in entries {
        if let Some(line) = entry.get("line") {
            listed.push(line.trim());
        }
        let Some(item) = entry.get("item") else {
            continue;
        };
        let Some((first, last)) = extent(source, item.trim()) else {
            let _ = writeln!(out, "{path}: {LIST} names what is not there: {item}");
            continue;
        };
        let seen = lines.range(first..=last).find(|(_, seen)| **seen);
        if let Some((number, _)) = seen {
            let _ = writeln!(
                out,
                "{path}:{number}: a test goes through it: take it off {LIST}"
            );
        }
        missed.retain(|(number, _)| !(first..=last).contains(*number));
    }
    let found = missed.iter().map(|(number, _)| text(**number)).collect();
    let (unlisted, stale) = accepted::compare(found, listed);
    for line in unlisted {
        let number = missed.iter().find(|(number, _)| text(**number) == line);
        let number = number.map_or(0, |(number, _)| **number);
        let _ = writeln!(out, "{path}:{number}: no test goes through it: {line}");
    }
    for line in stale {
        let _ = writeln!(
            out,
            "{path}: no missed line is this: take it off {LIST}: {line}"
        );
    }
}

/// From the line that is `item` to the one that closes it, which is indented alike.
fn extent(source: &[&str], item: &str) -> Option<(usize, usize)> {
    let first = source.iter().position(|line| line.trim() == item)?;
    let indent = |line: &str| line.len() - line.trim_start().len();
    let depth = indent(source[first]);
    let rest = source[first..].iter().skip(1);
    let length = rest
        .take_while(|line| line.trim().is_empty() || indent(line) > depth)
        .count();
    Some((first + 1, first + length + 2))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCE: &[&str] = &[
        "fn one() {",
        "    a();",
        "",
        "    b();",
        "}",
        "fn two() {",
        "    a();",
        "}",
    ];

    fn entry(key: &str, text: &str) -> Entry {
        let pairs = [("file", "a.rs"), ("reason", "why"), (key, text)];
        pairs.map(|(k, v)| (k.to_owned(), v.to_owned())).into()
    }

    fn complaints(missed: &[usize], entries: &[Entry]) -> String {
        let lines = [1, 2, 4, 5, 6, 7, 8].map(|line| (line, !missed.contains(&line)));
        let mut out = String::new();
        let entries: Vec<_> = entries.iter().collect();
        complain("a.rs", SOURCE, &lines.into(), &entries, &mut out);
        out
    }

    #[test]
    fn each_missed_line_is_listed_as_often_as_it_is_missed() {
        assert_eq!(complaints(&[], &[]), "");
        assert_eq!(complaints(&[4], &[entry("line", "b();")]), "");
        let twice = [entry("line", "a();"), entry("line", "a();")];
        assert_eq!(complaints(&[2, 7], &twice), "");
        assert_eq!(
            complaints(&[2, 7], &twice[..1]),
            "a.rs:2: no test goes through it: a();\n"
        );
        assert_eq!(
            complaints(&[2], &twice),
            "a.rs: no missed line is this: take it off coverage.json: a();\n"
        );
    }

    #[test]
    fn an_item_is_missed_as_a_whole() {
        let one = [entry("item", "fn one() {")];
        assert_eq!(complaints(&[1, 2, 4, 5], &one), "");
        assert_eq!(
            complaints(&[1, 2, 5], &one),
            "a.rs:4: a test goes through it: take it off coverage.json\n"
        );
        assert_eq!(
            complaints(&[], &[entry("item", "fn three() {")]),
            "a.rs: coverage.json names what is not there: fn three() {\n"
        );
    }

    #[test]
    fn the_report_is_read() {
        let root = fs::canonicalize(".").expect("a folder");
        let report = format!(
            "SF:{0}/crates/x/src/a.rs\nDA:1,4\nDA:2,0\nend_of_record\nSF:/else.rs\nDA:1,0\n\
             SF:{0}/tests/lib.rs\nDA:1,0\n",
            root.display()
        );
        let files = read(&report).expect("valid");
        assert_eq!(files["crates/x/src/a.rs"], [(1, true), (2, false)].into());
        assert_eq!(files.len(), 2);
        let packages = by_package(&files);
        let count = Count {
            lines: 2,
            missed: 1,
        };
        assert_eq!(packages, [("crates/x".to_owned(), count)].into());
        assert_eq!(
            table(&packages),
            "\n          lines  missed        %\ncrates/x      2       1   50.00\n\
             all           2       1   50.00\n"
        );
        assert!(read("SF:/else.rs\nDA:1,0\n").is_err());
        assert!(read(&report.replace("DA:1,4", "DA:1")).is_err());
    }

    #[test]
    fn the_command_line_is_read() {
        let parsed = |line: &str| {
            let words: Vec<_> = line.split_whitespace().map(str::to_owned).collect();
            parse(&words)
        };
        assert_eq!(parsed("").expect("valid"), Scope::Core);
        assert_eq!(parsed("--workspace").expect("valid"), Scope::Workspace);
        let packages = Scope::Packages(vec!["a".to_owned(), "b".to_owned()]);
        assert_eq!(parsed("a b").expect("valid"), packages);
        assert!(parsed("--workspace a").is_err());
        assert!(parsed("--html").is_err());
    }
}
