//! Tables, and goals.

use core::fmt::Write as _;

/// What is printed: tables as they are finished, and in the end the goals.
#[derive(Debug, Default)]
pub(crate) struct Report {
    lines: Vec<Vec<String>>,
    verdicts: Vec<Verdict>,
}

impl Report {
    /// Begins a table.
    pub(crate) fn title(&mut self, titles: &[&str]) {
        self.lines = vec![titles.iter().map(|title| (*title).to_owned()).collect()];
    }

    pub(crate) fn line(&mut self, cells: impl IntoIterator<Item = String>) {
        self.lines.push(cells.into_iter().collect());
    }

    /// Prints the table.
    pub(crate) fn end(&mut self) {
        println!("{}", table(&self.lines));
        self.lines.clear();
    }

    pub(crate) fn judge(&mut self, verdict: Verdict) {
        self.verdicts.push(verdict);
    }

    pub(crate) fn verdicts(&self) -> &[Verdict] {
        &self.verdicts
    }

    /// Each goal beside its figure, and those that are missed once more.
    pub(crate) fn goals(&self) -> String {
        let cells = |cells: [&str; 4]| cells.map(str::to_owned).to_vec();
        let mut lines = vec![cells(["goals", "figure", "goal", ""])];
        for verdict in &self.verdicts {
            let figure = number(verdict.figure);
            let goal = format!("{} {}", verdict.bound.sign(), number(verdict.goal));
            let word = if verdict.is_missed() { "missed" } else { "met" };
            lines.push(cells([&verdict.what, &figure, &goal, word]));
        }
        let missed = self.verdicts.iter().filter(|v| v.is_missed()).count();
        format!(
            "{}\n{missed} of {} goals missed\n",
            table(&lines),
            self.verdicts.len()
        )
    }
}

/// A figure and its goal.
#[derive(Clone, Debug)]
pub(crate) struct Verdict {
    what: String,
    figure: f64,
    bound: Bound,
    goal: f64,
}

#[derive(Clone, Copy, Debug)]
enum Bound {
    AtLeast,
    AtMost,
}

impl Bound {
    const fn sign(self) -> &'static str {
        match self {
            Self::AtLeast => ">=",
            Self::AtMost => "<=",
        }
    }
}

impl Verdict {
    pub(crate) fn at_least(what: &str, figure: f64, goal: f64) -> Self {
        Self::new(what, figure, Bound::AtLeast, goal)
    }

    pub(crate) fn at_most(what: &str, figure: f64, goal: f64) -> Self {
        Self::new(what, figure, Bound::AtMost, goal)
    }

    fn new(what: &str, figure: f64, bound: Bound, goal: f64) -> Self {
        Self {
            what: what.to_owned(),
            figure,
            bound,
            goal,
        }
    }

    /// With the unit behind what it is.
    pub(crate) fn of(self, unit: &str) -> Self {
        Self {
            what: format!("{}, {unit}", self.what),
            ..self
        }
    }

    /// A figure that could not be had misses its goal.
    pub(crate) fn is_missed(&self) -> bool {
        !match self.bound {
            Bound::AtLeast => self.figure >= self.goal,
            Bound::AtMost => self.figure <= self.goal,
        }
    }
}

fn number(value: f64) -> String {
    if value.fract() == 0.0 || value >= 100.0 {
        format!("{value:.0}")
    } else {
        format!("{value:.2}")
    }
}

/// The first column to the left, the others to the right.
fn table(lines: &[Vec<String>]) -> String {
    let columns = lines.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| {
        let cells = lines.iter().filter_map(|line| line.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let mut text = String::new();
    for line in lines {
        for (column, (cell, width)) in line.iter().zip(&widths).enumerate() {
            // A `String` takes everything.
            let _ = match column {
                0 => write!(text, "{cell:width$}"),
                _ => write!(text, "  {cell:>width$}"),
            };
        }
        text.truncate(text.trim_end().len());
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_goal_is_met_or_missed() {
        let mut report = Report::default();
        report.judge(Verdict::at_least("rate", 89.4, 90.0));
        report.judge(Verdict::at_most("bytes", 31.5, 48.0).of("each"));
        report.judge(Verdict::at_most("nothing", f64::NAN, 1.0));
        let goals = report.goals();
        let expected = "\
goals        figure   goal
rate          89.40  >= 90  missed
bytes, each   31.50  <= 48     met
nothing         NaN   <= 1  missed

2 of 3 goals missed
";
        assert_eq!(goals, expected);
    }
}
