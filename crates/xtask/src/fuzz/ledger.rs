//! What all runs together did, target by target: a file of the repository.

use alloc::collections::BTreeMap;
use core::fmt::{self, Write as _};
use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use anyhow::{Context as _, Result};

use super::target::Target;

/// The first line of the file.
const HEAD: &str = "target\texecutions\tcpu_ms\tedges\tcorpus";

/// Sums over runs. Displays as a table of Markdown.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Ledger(BTreeMap<String, Row>);

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Row {
    executions: u64,
    cpu_ms: u64,
    /// The most that a run saw: one without what was collected before sees fewer.
    edges: u64,
    corpus: u64,
}

impl Ledger {
    /// Reads the file; an empty ledger where there is none.
    pub(super) fn read(path: &Path) -> Result<Self> {
        match fs::read_to_string(path) {
            Ok(text) => Self::parse(&text).with_context(|| path.display().to_string()),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(error).with_context(|| path.display().to_string()),
        }
    }

    /// Writes the file, which is whole at any time.
    pub(super) fn write(&self, path: &Path) -> Result<()> {
        let beside = path.with_extension("new");
        fs::write(&beside, self.file())
            .and_then(|()| fs::rename(&beside, path))
            .with_context(|| path.display().to_string())
    }

    fn parse(text: &str) -> Result<Self> {
        let mut lines = text.lines();
        anyhow::ensure!(lines.next() == Some(HEAD), "the first line is not `{HEAD}`");
        let row = |line: &str| {
            let (name, numbers) = line.split_once('\t')?;
            let numbers = numbers.split('\t').map(|number| number.parse().ok());
            let numbers: Option<Vec<u64>> = numbers.collect();
            let [executions, cpu_ms, edges, corpus] = numbers?[..] else {
                return None;
            };
            let row = Row {
                executions,
                cpu_ms,
                edges,
                corpus,
            };
            Some((name.to_owned(), row))
        };
        let rows = lines.map(|line| row(line).with_context(|| format!("`{line}` is no row")));
        rows.collect::<Result<_>>().map(Self)
    }

    fn file(&self) -> String {
        let mut text = format!("{HEAD}\n");
        for (name, row) in &self.0 {
            let Row {
                executions,
                cpu_ms,
                edges,
                corpus,
            } = row;
            let _ = writeln!(text, "{name}\t{executions}\t{cpu_ms}\t{edges}\t{corpus}");
        }
        text
    }

    /// Adds a run.
    pub(super) fn add(&mut self, target: &Target) {
        let row = self.0.entry(target.name.clone()).or_default();
        row.executions += target.executions;
        row.cpu_ms += target.cpu_ms;
        row.edges = row.edges.max(target.coverage);
        row.corpus = row.corpus.max(target.corpus);
    }

    /// What a target has had of a processor.
    pub(super) fn cpu_ms(&self, name: &str) -> u64 {
        self.0.get(name).map_or(0, |row| row.cpu_ms)
    }

    /// The same in minutes.
    #[expect(
        clippy::cast_precision_loss,
        reason = "no fuzzer runs for 2^52 milliseconds"
    )]
    pub(super) fn cpu_minutes(&self, name: &str) -> f64 {
        self.cpu_ms(name) as f64 / 60_000.0
    }
}

impl fmt::Display for Ledger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "| target | executions | CPU minutes | a CPU second | edges | corpus |"
        )?;
        writeln!(f, "| --- | --- | --- | --- | --- | --- |")?;
        for (name, row) in &self.0 {
            writeln!(
                f,
                "| `{name}` | {} | {:.1} | {} | {} | {} |",
                grouped(row.executions),
                self.cpu_minutes(name),
                grouped((row.executions * 1000).checked_div(row.cpu_ms).unwrap_or(0)),
                grouped(row.edges),
                grouped(row.corpus),
            )?;
        }
        let executions = self.0.values().map(|row| row.executions).sum();
        let minutes: f64 = self.0.keys().map(|name| self.cpu_minutes(name)).sum();
        write!(
            f,
            "| {} targets | {} | {minutes:.1} | | | |",
            self.0.len(),
            grouped(executions)
        )
    }
}

/// `1,234,567`.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(name: &str, executions: u64, cpu_ms: u64, coverage: u64) -> Target {
        let mut target = Target::new(name);
        (target.executions, target.cpu_ms) = (executions, cpu_ms);
        (target.coverage, target.corpus) = (coverage, 7);
        target
    }

    #[test]
    fn runs_add_up_and_are_the_same_out_of_the_file() {
        let mut ledger = Ledger::default();
        ledger.add(&run("pairs", 1_000, 500, 90));
        ledger.add(&run("header", 1_234_567, 60_000, 900));
        ledger.add(&run("header", 1, 30_000, 899));
        assert_eq!(ledger.cpu_ms("header"), 90_000);
        assert_eq!(ledger.cpu_ms("url"), 0);
        let file = ledger.file();
        assert_eq!(
            file,
            format!("{HEAD}\nheader\t1234568\t90000\t900\t7\npairs\t1000\t500\t90\t7\n")
        );
        assert_eq!(Ledger::parse(&file).expect("its own"), ledger);
        let table = ledger.to_string();
        assert!(table.contains("\n| `header` | 1,234,568 | 1.5 | 13,717 | 900 | 7 |\n"));
        assert!(table.ends_with("\n| 2 targets | 1,235,568 | 1.5 | | | |"));
    }

    #[test]
    fn what_is_no_ledger_is_not_taken_for_an_empty_one() {
        for text in ["", "target", "a\t1\t2\t3\t4"] {
            assert!(Ledger::parse(text).is_err(), "{text}");
        }
        for row in ["a", "a\t1\t2\t3", "a\t1\t2\t3\t4\t5", "a\tx\t2\t3\t4"] {
            assert!(Ledger::parse(&format!("{HEAD}\n{row}\n")).is_err(), "{row}");
        }
    }

    #[test]
    fn large_numbers_can_be_read() {
        let texts = [0, 999, 1_000, 12_345, 123_456, 1_234_567].map(grouped);
        assert_eq!(
            texts,
            ["0", "999", "1,000", "12,345", "123,456", "1,234,567"]
        );
    }
}
