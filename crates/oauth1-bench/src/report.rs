//! The report: a table for people, JSON for programs.

use core::fmt::Write as _;

use serde_json::{Value, json};

use crate::{
    compression,
    results::{Ratio, Row, Verdict, goal_of_instructions},
    timing::as_f64,
};

const TITLES: [&str; 9] = [
    "case",
    "instructions",
    "goal",
    "",
    "no SHA-1",
    "allocs",
    "ns",
    "x bare",
    "x o1-request",
];

/// The table, the goals that have no column of their own, and what there is to know about them.
pub(crate) fn text(rows: &[Row], verdicts: &[Verdict]) -> String {
    let mut lines = vec![TITLES.map(String::from)];
    lines.extend(rows.iter().map(|row| line(row, rows, verdicts)));
    let widths: [usize; 9] = core::array::from_fn(|column| {
        lines
            .iter()
            .map(|line| line[column].chars().count())
            .max()
            .unwrap_or(0)
    });
    let mut text = String::new();
    for line in &lines {
        for (column, (cell, width)) in line.iter().zip(widths).enumerate() {
            // What is no number stands to the left.
            let _ = match column {
                0 => write!(text, "{cell:width$}"),
                3 => write!(text, "  {cell:width$}"),
                _ => write!(text, "  {cell:>width$}"),
            };
        }
        text.truncate(text.trim_end().len());
        text.push('\n');
    }
    text.push('\n');
    for verdict in verdicts.iter().filter(|verdict| is_listed(verdict)) {
        let Verdict {
            case,
            what,
            measured,
            goal,
            ..
        } = verdict;
        let _ = writeln!(
            text,
            "{case}: {measured:.2} {what}, goal {goal}: {}",
            judged(verdict)
        );
    }
    growth(rows, &mut text);
    text.push('\n');
    text.push_str(NOTES);
    if !compression::has_sha_ni() {
        let mut ratios = rows.iter().filter_map(|row| row.times_bare);
        match ratios.next().map(|ratio| ratio.with_sha_ni) {
            Some(Some(_)) => text.push_str(NO_SHA_NI),
            Some(None) => text.push_str(NO_SHA_NI_NOR_COUNTS),
            None => {}
        }
    }
    text
}

const NOTES: &str = "\
instructions: of one operation, its buffers filled, on a processor with SHA-NI; no SHA-1: those of
them outside the SHA-1 compression function. x bare: times the time of the bare HMAC-SHA1 of the same
base string, keyed before; x o1-request: times as fast as oauth1-request 0.6.1.
";

const NO_SHA_NI: &str = "\
This processor has no SHA-NI, on which the goals for times stand: hashing takes several times as long
and hides the rest. Ratios in brackets, and the verdicts, take each block at the time that it has with
SHA-NI.
";

const NO_SHA_NI_NOR_COUNTS: &str = "\
This processor has no SHA-NI, on which the goals for times stand: hashing takes several times as long
and hides the rest, so that these ratios and their verdicts flatter ours.
";

fn line(row: &Row, rows: &[Row], verdicts: &[Verdict]) -> [String; 9] {
    let count = |count: Option<u64>| count.map_or_else(|| "-".into(), grouped);
    let goal = goal_of_instructions(row, rows);
    let verdict = verdicts
        .iter()
        .find(|v| v.case == row.case.id && v.what == "instructions");
    [
        row.case.about.into(),
        count(row.cost.map(|cost| cost.instructions)),
        goal.map_or_else(String::new, grouped),
        verdict.map_or_else(String::new, judged),
        count(row.cost.map(|cost| cost.outside)),
        row.allocations.to_string(),
        row.nanoseconds
            .map_or_else(|| "-".into(), |time| format!("{time:.0}")),
        row.times_bare.map_or_else(|| "-".into(), ratio),
        row.faster_than_peer.map_or_else(|| "-".into(), ratio),
    ]
}

fn ratio(ratio: Ratio) -> String {
    match ratio.with_sha_ni {
        Some(with) => format!("{:.2} ({with:.2})", ratio.measured),
        None => format!("{:.2}", ratio.measured),
    }
}

fn judged(verdict: &Verdict) -> String {
    match (verdict.met, verdict.goal == 0.0) {
        (true, true) => "met".into(),
        (false, true) => "MISSED".into(),
        (true, false) => format!("met, {:.0} % to spare", verdict.distance()),
        (false, false) => format!("MISSED by {:.0} %", verdict.distance()),
    }
}

/// Whether a verdict is no column of the table and is worth a line.
fn is_listed(verdict: &Verdict) -> bool {
    match verdict.what {
        "instructions" => false,
        "allocations" => !verdict.met,
        _ => true,
    }
}

fn growth(rows: &[Row], text: &mut String) {
    let of = |id: &str| rows.iter().find(|row| row.case.id == id);
    for (from, to) in [("w3-url", "w3b-url"), ("w3b-url", "w3c-url")] {
        let (Some(from), Some(to)) = (of(from), of(to)) else {
            continue;
        };
        let mut growths = Vec::new();
        if let (Some(few), Some(many)) = (from.cost, to.cost) {
            let times = as_f64(many.instructions) / as_f64(few.instructions);
            growths.push(format!("{times:.2}x instructions"));
        }
        if let (Some(few), Some(many)) = (from.nanoseconds, to.nanoseconds) {
            growths.push(format!("{:.2}x time", many / few));
        }
        let growths = growths.join(", ");
        let _ = writeln!(text, "growth {} -> {}: {growths}", from.case.id, to.case.id);
    }
}

/// The same for programs.
pub(crate) fn json(rows: &[Row], verdicts: &[Verdict]) -> Value {
    let ratio = |ratio: Option<Ratio>| {
        ratio.map(|ratio| json!({ "measured": ratio.measured, "with_sha_ni": ratio.with_sha_ni }))
    };
    let row = |row: &Row| {
        json!({
            "id": row.case.id,
            "about": row.case.about,
            "instructions": row.cost.map(|cost| cost.instructions),
            "outside_sha1": row.cost.map(|cost| cost.outside),
            "counted": row.cost.map(|cost| cost.counted),
            "sha1_blocks": row.cost.and_then(|cost| cost.blocks),
            "allocations": row.allocations,
            "nanoseconds": row.nanoseconds,
            "times_bare": ratio(row.times_bare),
            "faster_than_peer": ratio(row.faster_than_peer),
        })
    };
    let verdict = |verdict: &Verdict| {
        json!({
            "case": verdict.case,
            "what": verdict.what,
            "measured": verdict.measured,
            "goal": verdict.goal,
            "met": verdict.met,
        })
    };
    json!({
        "sha_ni": compression::has_sha_ni(),
        "cases": rows.iter().map(row).collect::<Vec<_>>(),
        "goals": verdicts.iter().map(verdict).collect::<Vec<_>>(),
    })
}

/// With a comma between each three digits.
pub(crate) fn grouped(number: u64) -> String {
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

    #[test]
    fn digits_stand_in_groups_of_three() {
        assert_eq!(
            [0, 999, 1_000, 1_234_567].map(grouped),
            ["0", "999", "1,000", "1,234,567"]
        );
    }
}
