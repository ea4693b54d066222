//! Baselines: the counts of another time, to see what got worse. Times are not kept: they depend on
//! the machine and the hour.

use std::{fs, path::Path, process::Command};

use anyhow::{Context as _, Result};
use serde_json::{Map, Value, json};

use crate::{report::grouped, results::Row};

/// Keeps the counts.
pub(crate) fn save(path: &Path, rows: &[Row], valgrind: &str) -> Result<()> {
    let case = |row: &Row| {
        let cost = row.cost?;
        let counts = json!({ "allocations": row.allocations, "instructions": cost.instructions });
        Some((row.case.id.to_owned(), counts))
    };
    let cases: Map<String, Value> = rows.iter().filter_map(case).collect();
    let baseline = json!({ "cases": cases, "rustc": rustc(), "valgrind": valgrind });
    let text = serde_json::to_string_pretty(&baseline)? + "\n";
    fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))
}

/// What changed against a baseline.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Changes {
    /// By more than 1 %.
    pub(crate) worse: Vec<String>,
    /// By more than 1 %.
    pub(crate) better: Vec<String>,
    /// What is to be known beside that.
    pub(crate) notes: Vec<String>,
}

/// Compares with what was kept.
pub(crate) fn compare(path: &Path, rows: &[Row]) -> Result<Changes> {
    let text =
        fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    let baseline: Value =
        serde_json::from_str(&text).with_context(|| format!("{} is no JSON", path.display()))?;
    let mut changes = Changes::default();
    let (then, now) = (baseline["rustc"].as_str().unwrap_or("unknown"), rustc());
    if then != now {
        changes
            .notes
            .push(format!("the baseline is of {then}, this is {now}"));
    }
    for row in rows {
        let (Some(cost), old) = (row.cost, &baseline["cases"][row.case.id]) else {
            continue;
        };
        let Some(instructions) = old["instructions"].as_u64() else {
            changes
                .notes
                .push(format!("{} is not in the baseline", row.case.id));
            continue;
        };
        changes.add(row.case.id, "instructions", instructions, cost.instructions);
        let allocations = old["allocations"].as_u64().unwrap_or_default();
        changes.add(row.case.id, "allocations", allocations, row.allocations);
    }
    Ok(changes)
}

impl Changes {
    fn add(&mut self, id: &str, what: &str, old: u64, new: u64) {
        let list = match () {
            () if new * 100 > old * 101 => &mut self.worse,
            () if new * 100 < old * 99 => &mut self.better,
            () => return,
        };
        list.push(format!("{id}: {} -> {} {what}", grouped(old), grouped(new)));
    }

    pub(crate) fn text(&self) -> String {
        let all = [
            ("worse", &self.worse),
            ("better", &self.better),
            ("note", &self.notes),
        ];
        let lines = all
            .into_iter()
            .flat_map(|(title, list)| list.iter().map(move |line| format!("{title}: {line}\n")));
        let text: String = lines.collect();
        if text.is_empty() {
            "nothing changed by more than 1 %\n".into()
        } else {
            text
        }
    }

    pub(crate) fn json(&self) -> Value {
        json!({ "worse": self.worse, "better": self.better, "notes": self.notes })
    }
}

fn rustc() -> String {
    let output = Command::new("rustc").arg("--version").output();
    let text = output.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned());
    text.ok()
        .filter(|text| !text.is_empty())
        .unwrap_or_else(|| "unknown".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_percent_is_no_change() {
        let mut changes = Changes::default();
        changes.add("a", "instructions", 1_000, 1_010);
        changes.add("a", "instructions", 1_000, 990);
        changes.add("a", "allocations", 0, 0);
        assert_eq!(changes, Changes::default());
        assert_eq!(changes.text(), "nothing changed by more than 1 %\n");
    }

    #[test]
    fn what_changed_is_named() {
        let mut changes = Changes::default();
        changes.add("a", "instructions", 1_000, 1_011);
        changes.add("b", "instructions", 1_000, 989);
        changes.add("c", "allocations", 0, 1);
        let text = "worse: a: 1,000 -> 1,011 instructions\nworse: c: 0 -> 1 allocations\n\
            better: b: 1,000 -> 989 instructions\n";
        assert_eq!(changes.text(), text);
    }
}
