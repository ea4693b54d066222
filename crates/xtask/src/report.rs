//! Counting tests, and the table at the end of `cargo xtask test`.

use core::fmt;
use core::ops::AddAssign;
use core::time::Duration;
use std::time::Instant;

/// How many tests passed, failed, and were left out by `#[ignore]` or an `ignore` doc test.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    /// Tests that passed.
    pub(crate) passed: u32,
    /// Tests that failed.
    pub(crate) failed: u32,
    /// Tests that did not run.
    pub(crate) ignored: u32,
}

impl Tally {
    /// Reads `test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; ...`.
    pub(crate) fn parse(line: &str) -> Option<Self> {
        let (_verdict, counts) = line.strip_prefix("test result: ")?.split_once(". ")?;
        let count = |what: &str| {
            counts
                .split("; ")
                .find_map(|part| part.strip_suffix(what)?.trim_end().parse().ok())
        };
        Some(Self {
            passed: count("passed")?,
            failed: count("failed")?,
            ignored: count("ignored")?,
        })
    }

    /// Counts one check and says how it went, as the test runner does.
    pub(crate) fn check(&mut self, name: &str, passed: bool) {
        println!("test {name} ... {}", if passed { "ok" } else { "FAILED" });
        *if passed {
            &mut self.passed
        } else {
            &mut self.failed
        } += 1;
    }

    /// How many tests there are.
    pub(crate) fn total(self) -> u32 {
        self.passed + self.failed + self.ignored
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.ignored += other.ignored;
    }
}

/// How a stage ended.
#[derive(Clone, Debug)]
pub(crate) enum Outcome {
    /// It ran; the notes explain failures that no test reported.
    Ran(Tally, Vec<String>),
    /// It could not run, because of this.
    CouldNotRun(String),
}

/// A part of the tests.
#[derive(Clone, Debug)]
pub(crate) struct Stage {
    /// What the table calls it.
    pub(crate) name: String,
    /// How it ended.
    pub(crate) outcome: Outcome,
    /// How long it took.
    pub(crate) time: Duration,
}

impl Stage {
    /// Runs and times a stage.
    #[expect(
        clippy::disallowed_methods,
        reason = "the one clock of a program: how long tests took"
    )]
    pub(crate) fn run(name: &str, stage: impl FnOnce() -> Outcome) -> Self {
        println!("\n== {name}");
        let start = Instant::now();
        let outcome = stage();
        Self {
            name: name.to_owned(),
            outcome,
            time: start.elapsed(),
        }
    }
}

/// All stages; displays as the table, what could not run, and the closing line.
#[derive(Clone, Debug, Default)]
pub(crate) struct Report(pub(crate) Vec<Stage>);

impl Report {
    /// All tests together.
    pub(crate) fn tally(&self) -> Tally {
        let mut sum = Tally::default();
        for stage in &self.0 {
            if let Outcome::Ran(tally, _) = stage.outcome {
                sum += tally;
            }
        }
        sum
    }

    /// How much did not run: ignored tests, and whole stages.
    pub(crate) fn skipped(&self) -> usize {
        self.tally().ignored as usize + self.could_not_run().count()
    }

    fn could_not_run(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().filter_map(|stage| match &stage.outcome {
            Outcome::CouldNotRun(why) => Some((stage.name.as_str(), why.as_str())),
            Outcome::Ran(..) => None,
        })
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = self
            .0
            .iter()
            .map(|stage| stage.name.len())
            .max()
            .unwrap_or(0);
        writeln!(f, "{:width$}  passed  failed  ignored     time", "stage")?;
        for Stage {
            name,
            outcome,
            time,
        } in &self.0
        {
            let time = time.as_secs_f32();
            match outcome {
                Outcome::Ran(
                    Tally {
                        passed,
                        failed,
                        ignored,
                    },
                    _,
                ) => {
                    writeln!(
                        f,
                        "{name:width$}  {passed:6}  {failed:6}  {ignored:7}  {time:5.1} s"
                    )?;
                }
                Outcome::CouldNotRun(_) => {
                    writeln!(f, "{name:width$}  {:^23}  {time:5.1} s", "could not run")?;
                }
            }
        }
        for Stage { name, outcome, .. } in &self.0 {
            if let Outcome::Ran(_, notes) = outcome {
                for note in notes {
                    writeln!(f, "\n{name}: {note}")?;
                }
            }
        }
        if self.could_not_run().next().is_some() {
            writeln!(f, "\ncould not run:")?;
            for (name, why) in self.could_not_run() {
                writeln!(f, "  {name}: {why}")?;
            }
        }
        let Tally { passed, failed, .. } = self.tally();
        write!(f, "\n{passed} passed, {failed} failed")?;
        match self.skipped() {
            0 => Ok(()),
            skipped => write!(f, ", {skipped} skipped"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn result_lines_are_read() {
        let line = "test result: ok. 12 passed; 0 failed; 3 ignored; 0 measured; 4 filtered out; \
            finished in 0.01s";
        let expected = Tally {
            passed: 12,
            failed: 0,
            ignored: 3,
        };
        assert_eq!(Tally::parse(line), Some(expected));
        let line = "test result: FAILED. 1 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out";
        let expected = Tally {
            passed: 1,
            failed: 2,
            ignored: 0,
        };
        assert_eq!(Tally::parse(line), Some(expected));
    }

    #[test]
    fn other_lines_are_not() {
        for line in [
            "",
            "test result ... ok",
            "test result: ok",
            "test result: ok. some passed; 0 failed; 0 ignored",
            "test result: ok. 1 passed; 0 failed",
            "  test result: ok. 1 passed; 0 failed; 0 ignored",
            "running 3 tests",
        ] {
            assert_eq!(Tally::parse(line), None, "{line}");
        }
    }

    #[test]
    fn the_closing_line_names_skipped_tests_only_when_there_are_any() {
        let stage = |outcome| Stage {
            name: "one".to_owned(),
            outcome,
            time: Duration::ZERO,
        };
        let ran = |ignored| {
            Outcome::Ran(
                Tally {
                    passed: 2,
                    failed: 1,
                    ignored,
                },
                Vec::new(),
            )
        };
        let last = |report: &Report| report.to_string().lines().last().map(str::to_owned);

        let mut report = Report(vec![stage(ran(0)), stage(ran(0))]);
        assert_eq!(last(&report).as_deref(), Some("4 passed, 2 failed"));
        report
            .0
            .push(stage(Outcome::CouldNotRun("no qemu".to_owned())));
        assert!(
            report
                .to_string()
                .contains("could not run:\n  one: no qemu\n"),
            "{report}"
        );
        assert_eq!(
            last(&report).as_deref(),
            Some("4 passed, 2 failed, 1 skipped")
        );
        report.0.push(stage(ran(3)));
        assert_eq!(
            last(&report).as_deref(),
            Some("6 passed, 3 failed, 4 skipped")
        );
    }
}
