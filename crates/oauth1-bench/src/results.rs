//! Everything that is measured, put together, and held against the goals.

use core::sync::atomic::{AtomicUsize, Ordering};
use std::{sync::Mutex, thread};

use allocation_counter::measure;
use anyhow::Result;

use crate::{
    callgrind::{Callgrind, Counts},
    cases::{Case, Group, Kind},
    compression::{self, Cost, Portable},
    timing::{self, Effort, Rounds, as_f64, median},
};

/// What a SHA-1 block takes with SHA-NI, in nanoseconds: W1, W2 and W3, by the times that the bare
/// HMAC takes on the machine of the goals, give 51 to 54.
const SHA_NI_BLOCK_TIME: f64 = 52.0;

/// One line of the report.
#[derive(Clone)]
pub(crate) struct Row {
    pub(crate) case: Case,
    pub(crate) cost: Option<Cost>,
    pub(crate) allocations: u64,
    /// The median time of one operation, in nanoseconds.
    pub(crate) nanoseconds: Option<f64>,
    /// The median of the ratios to the bare HMAC's time in the same round.
    pub(crate) times_bare: Option<Ratio>,
    /// How many times as fast as the peer, in the same way.
    pub(crate) faster_than_peer: Option<Ratio>,
    rounds: Rounds,
}

/// A ratio of times.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ratio {
    pub(crate) measured: f64,
    /// What it would be with SHA-NI, where the processor has none and the numbers of blocks are known:
    /// from the time of each operation goes what the bare HMAC takes in the same round for as many
    /// blocks, and [`SHA_NI_BLOCK_TIME`] for each comes in its place.
    pub(crate) with_sha_ni: Option<f64>,
}

impl Ratio {
    /// What goals are held against.
    pub(crate) fn telling(self) -> f64 {
        self.with_sha_ni.unwrap_or(self.measured)
    }
}

/// Whether a goal is met.
#[derive(Clone, Debug)]
pub(crate) struct Verdict {
    pub(crate) case: String,
    pub(crate) what: &'static str,
    pub(crate) measured: f64,
    pub(crate) goal: f64,
    pub(crate) met: bool,
}

impl Verdict {
    fn at_most(case: &str, what: &'static str, measured: f64, goal: f64) -> Self {
        Self {
            case: case.into(),
            what,
            measured,
            goal,
            met: measured <= goal,
        }
    }

    fn at_least(case: &str, what: &'static str, measured: f64, goal: f64) -> Self {
        Self {
            case: case.into(),
            what,
            measured,
            goal,
            met: measured >= goal,
        }
    }

    /// How far the goal is, in percent of it.
    pub(crate) fn distance(&self) -> f64 {
        if self.goal == 0.0 {
            0.0
        } else {
            (self.measured / self.goal - 1.0).abs() * 100.0
        }
    }
}

/// Counts the instructions of all cases, as many at a time as there are processors: counts do not
/// depend on what else runs.
pub(crate) fn count(callgrind: &Callgrind, cases: &[Case]) -> Result<Vec<Cost>> {
    let portable = Portable::measure(callgrind)?;
    let (next, results) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    let work = || {
        while let Some(case) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
            let counts = callgrind.operation(case.id, case.counts());
            let mut results = results
                .lock()
                .unwrap_or_else(std::sync::PoisonError::into_inner);
            results.push((case.id, counts));
        }
    };
    thread::scope(|scope| {
        for _ in 1..thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(work);
        }
        work();
    });
    let results = results
        .into_inner()
        .unwrap_or_else(std::sync::PoisonError::into_inner);
    let mut counted: Vec<(&str, Counts)> = Vec::new();
    for (id, counts) in results {
        counted.push((id, counts?));
    }
    let counts_of = |id: &str| {
        counted
            .iter()
            .find(|(of, _)| *of == id)
            .map(|(_, counts)| *counts)
    };
    let cost = |case: &Case| {
        let bare = cases
            .iter()
            .find(|bare| bare.group == case.group && bare.kind == Kind::Bare);
        let bare_blocks = bare
            .and_then(|bare| compression::cost(portable, bare, counts_of(bare.id)?, None).blocks);
        let counts = counts_of(case.id).unwrap_or_default();
        compression::cost(portable, case, counts, bare_blocks)
    };
    Ok(cases.iter().map(cost).collect())
}

/// The rows without times.
pub(crate) fn rows(cases: &[Case], costs: Option<&[Cost]>) -> Vec<Row> {
    let cost = |at: usize| costs.and_then(|costs| costs.get(at)).copied();
    let row = |(at, case): (usize, &Case)| Row {
        case: *case,
        cost: cost(at),
        allocations: allocations(case),
        nanoseconds: None,
        times_bare: None,
        faster_than_peer: None,
        rounds: Rounds::new(),
    };
    cases.iter().enumerate().map(row).collect()
}

fn allocations(case: &Case) -> u64 {
    let mut operation = (case.start)();
    operation(2);
    measure(|| operation(1)).count_total
}

/// Adds times to the rows.
pub(crate) fn time(rows: &mut [Row], effort: Effort) {
    let groups = [
        Group::W1,
        Group::W2,
        Group::W3,
        Group::W3b,
        Group::W3c,
        Group::W4,
        Group::Alone,
    ];
    for group in groups {
        let of_group: Vec<usize> = (0..rows.len())
            .filter(|at| rows[*at].case.group == group)
            .collect();
        let cases: Vec<Case> = of_group.iter().map(|at| rows[*at].case).collect();
        for (at, rounds) in of_group.iter().zip(timing::group(group, &cases, effort)) {
            rows[*at].nanoseconds = Some(median(rounds.iter().copied()));
            rows[*at].rounds = rounds;
        }
        let of_kind = |kind| {
            of_group
                .iter()
                .map(|at| &rows[*at])
                .find(|row| row.case.kind == kind)
        };
        let Some(bare) = of_kind(Kind::Bare).cloned() else {
            continue;
        };
        let peer = of_kind(Kind::Peer).cloned();
        for at in of_group {
            let row = &rows[at];
            let times_bare = ratio(row, &bare, &bare);
            let faster = peer.as_ref().map(|peer| ratio(peer, row, &bare));
            rows[at].times_bare = Some(times_bare);
            rows[at].faster_than_peer = faster;
        }
    }
}

fn ratio(of: &Row, to: &Row, bare: &Row) -> Ratio {
    let rounds = || of.rounds.iter().zip(&to.rounds).zip(&bare.rounds);
    let blocks = |row: &Row| row.cost.and_then(|cost| cost.blocks).map(as_f64);
    let with_sha_ni = match (blocks(of), blocks(to), blocks(bare)) {
        (Some(of_blocks), Some(to_blocks), Some(bare_blocks)) if !compression::has_sha_ni() => {
            let time = |time: &f64, blocks: f64, bare: &f64| {
                time - bare * blocks / bare_blocks + blocks * SHA_NI_BLOCK_TIME
            };
            let ratio = |((of, to), bare)| time(of, of_blocks, bare) / time(to, to_blocks, bare);
            Some(median(rounds().map(ratio)))
        }
        _ => None,
    };
    Ratio {
        measured: median(rounds().map(|((of, to), _)| of / to)),
        with_sha_ni,
    }
}

/// All goals, and whether they are met.
pub(crate) fn verdicts(rows: &[Row]) -> Vec<Verdict> {
    let instructions = |id: &str| {
        let row = rows.iter().find(|row| row.case.id == id)?;
        row.cost.map(|cost| as_f64(cost.instructions))
    };
    let mut verdicts = Vec::new();
    for row in rows {
        let (id, goals) = (row.case.id, row.case.goals);
        if let (Some(cost), Some(goal)) = (row.cost, goal_of_instructions(row, rows)) {
            let measured = as_f64(cost.instructions);
            verdicts.push(Verdict::at_most(id, "instructions", measured, as_f64(goal)));
        }
        if let (Some(ratio), Some(goal)) = (row.times_bare, goals.times_bare) {
            verdicts.push(Verdict::at_most(
                id,
                "times the bare HMAC",
                ratio.telling(),
                goal,
            ));
        }
        if let (Some(ratio), Some(goal)) = (row.faster_than_peer, goals.faster_than_peer) {
            let what = "times as fast as oauth1-request";
            verdicts.push(Verdict::at_least(id, what, ratio.telling(), goal));
        }
        if let (Some(time), Some(goal)) = (row.nanoseconds, goals.nanoseconds) {
            verdicts.push(Verdict::at_most(id, "nanoseconds", time, goal));
        }
        if goals.no_allocations {
            verdicts.push(Verdict::at_most(
                id,
                "allocations",
                as_f64(row.allocations),
                0.0,
            ));
        }
    }
    if let (Some(b), Some(c)) = (instructions("w3b-url"), instructions("w3c-url")) {
        verdicts.push(Verdict::at_most(
            "W3c / W3b",
            "times the instructions",
            c / b,
            14.0,
        ));
    }
    verdicts
}

/// How many instructions a case may take.
pub(crate) fn goal_of_instructions(row: &Row, rows: &[Row]) -> Option<u64> {
    let goals = row.case.goals;
    let no_more = || {
        let other = rows
            .iter()
            .find(|other| Some(other.case.id) == goals.no_more_than)?;
        other.cost.map(|cost| cost.instructions)
    };
    goals.instructions.or_else(no_more)
}
