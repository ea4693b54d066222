//! What was sent and what came of it, beside what should have.

use alloc::{
    collections::{BTreeMap, VecDeque},
    sync::Arc,
};
use core::{
    fmt::Write as _,
    sync::atomic::{AtomicU64, Ordering},
};
use std::{
    io,
    sync::{Mutex, MutexGuard, PoisonError},
};

use super::wrk::Replayed;
use crate::{hostile::Hostile, wire::Answer};

/// Of accepted requests, so many are kept to be replayed.
const KEPT: usize = 4096;

/// One in so many is kept until its time is over.
const EXPIRES: u64 = 64;

/// So many differences are described; all are counted.
const SHOWN: usize = 10;

/// The counter of the layer for streamed bodies that were not what was signed.
const WRONG_BODIES: &str = "oauth1_verify_wrong_bodies_total";

/// A request that was accepted.
#[derive(Clone, Debug)]
pub(super) struct Kept {
    pub(super) bytes: Arc<[u8]>,
    pub(super) timestamp: u64,
}

#[derive(Debug, Default)]
pub(super) struct Books {
    numbers: AtomicU64,
    pages: Mutex<Pages>,
}

#[derive(Debug, Default)]
struct Pages {
    /// By what was sent and what came back.
    rows: BTreeMap<(&'static str, String), u64>,
    /// What the layer must have counted.
    outcomes: BTreeMap<&'static str, u64>,
    sent: u64,
    distinct: u64,
    accepted: u64,
    differences: u64,
    described: Vec<String>,
    recent: VecDeque<Kept>,
    old: VecDeque<Kept>,
}

/// In the end.
#[derive(Debug)]
pub(super) struct Report {
    pub(super) text: String,
    pub(super) differences: u64,
    pub(super) sent: f64,
}

impl Books {
    fn pages(&self) -> MutexGuard<'_, Pages> {
        self.pages.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The number of a nonce that no other request has.
    pub(super) fn number(&self) -> u64 {
        self.numbers.fetch_add(1, Ordering::Relaxed)
    }

    /// A valid one was sent for the first time, alone.
    pub(super) fn valid(&self, kept: &Kept, answer: io::Result<Answer>) {
        let mut pages = self.pages();
        pages.distinct += 1;
        pages.judge(
            "valid",
            answer,
            &[Answer::new(200, "")],
            Some("accepted"),
            kept,
        );
    }

    /// A valid one was sent twice at once: one of them is accepted.
    pub(super) fn twins(&self, kept: &Kept, answers: [io::Result<Answer>; 2]) {
        let mut pages = self.pages();
        pages.distinct += 1;
        let [mut one, mut other] = answers;
        if one.as_ref().is_ok_and(|answer| answer.status != 200) {
            core::mem::swap(&mut one, &mut other);
        }
        let used = Answer::new(401, "nonce_used");
        pages.judge("twin", one, &[Answer::new(200, "")], Some("accepted"), kept);
        pages.judge("other twin", other, &[used], Some("nonce_replayed"), kept);
    }

    /// One that was accepted was sent again: while it was in its window all the time, or no longer, or
    /// in between, where it may be told either.
    pub(super) fn replay(
        &self,
        name: &'static str,
        kept: &Kept,
        answer: io::Result<Answer>,
        (inside, outside): (bool, bool),
    ) {
        let used = Answer::new(401, "nonce_used");
        let late = Answer::new(401, "timestamp_refused");
        let is_late = answer.as_ref().is_ok_and(|answer| *answer == late);
        let outcome = if is_late {
            "timestamp_refused"
        } else {
            "nonce_replayed"
        };
        let right: &[Answer] = match (inside, outside) {
            (true, _) => &[used],
            (_, true) => &[late],
            _ => &[used, late],
        };
        self.pages().judge(name, answer, right, Some(outcome), kept);
    }

    /// One that must be refused was sent.
    pub(super) fn hostile(&self, kind: &Hostile, answer: io::Result<Answer>) {
        let mut pages = self.pages();
        pages.judge(
            kind.name,
            answer,
            &[kind.answer()],
            kind.outcome,
            &"hostile",
        );
        if kind.outcome == Some("accepted") {
            *pages.outcomes.entry(WRONG_BODIES).or_default() += 1;
        }
    }

    /// Keeps one for replays.
    pub(super) fn keep(&self, kept: Kept) {
        let mut pages = self.pages();
        if pages.distinct.is_multiple_of(EXPIRES) && pages.old.len() < KEPT {
            pages.old.push_back(kept.clone());
        }
        pages.recent.push_back(kept);
        if pages.recent.len() > KEPT {
            pages.recent.pop_front();
        }
    }

    /// One of those that were accepted of late.
    pub(super) fn recent(&self, chance: u64) -> Option<Kept> {
        let pages = self.pages();
        let count = u64::try_from(pages.recent.len()).ok()?;
        let at = usize::try_from(chance.checked_rem(count)?).ok()?;
        pages.recent.get(at).cloned()
    }

    /// One whose timestamp is before that.
    pub(super) fn expired(&self, before: u64) -> Option<Kept> {
        let mut pages = self.pages();
        let is_old = pages
            .old
            .front()
            .is_some_and(|kept| kept.timestamp < before);
        is_old.then(|| pages.old.pop_front()).flatten()
    }

    /// How far it is.
    pub(super) fn line(&self) -> String {
        let pages = self.pages();
        format!(
            "{} sent, {} of {} accepted, {} differences",
            pages.sent, pages.accepted, pages.distinct, pages.differences
        )
    }

    /// Closes the books: compares them with the layer's, and with what wrk saw.
    pub(super) fn report(
        &self,
        counted: &BTreeMap<String, u64>,
        replayed: Option<&Replayed>,
    ) -> Report {
        let mut pages = self.pages();
        let mut text = String::new();
        for ((name, answer), count) in &pages.rows {
            // A `String` takes everything.
            let _ = writeln!(text, "{name:<34} {answer:<32} {count:>10}");
        }
        let _ = writeln!(
            text,
            "\n{:<34} {:>10} {:>10}",
            "counted as", "sender", "layer"
        );
        let mut names: Vec<&str> = counted.keys().map(String::as_str).collect();
        names.extend(pages.outcomes.keys());
        names.sort_unstable();
        names.dedup();
        let mut of_wrk = 0;
        for name in names {
            let ours = pages.outcomes.get(name).copied().unwrap_or(0);
            let theirs = counted.get(name).copied().unwrap_or(0);
            let _ = writeln!(text, "{name:<34} {ours:>10} {theirs:>10}");
            let is_replay = ["accepted", "nonce_replayed", "timestamp_refused"].contains(&name);
            if replayed.is_some() && is_replay && theirs >= ours {
                of_wrk += theirs - ours;
            } else if ours != theirs {
                pages.differ(format!("{name}: {ours} sent, {theirs} counted"));
            }
        }
        if let Some(wrk) = replayed {
            let _ = writeln!(
                text,
                "\nwrk replayed one request {} times: {} accepted; the layer counted {of_wrk}",
                wrk.answered, wrk.accepted
            );
            let ours = pages.outcomes.get("accepted").copied().unwrap_or(0);
            let theirs = counted.get("accepted").copied().unwrap_or(0);
            if wrk.accepted != 1 || theirs != ours + 1 {
                pages.differ(format!("wrk's request was accepted {} times", wrk.accepted));
            }
            // Those that were on their way when wrk stopped were answered to nobody.
            if !(wrk.answered..=wrk.answered + wrk.connections).contains(&of_wrk) {
                pages.differ(format!("wrk: {} answers, {of_wrk} counted", wrk.answered));
            }
        }
        if pages.accepted != pages.distinct {
            let (accepted, distinct) = (pages.accepted, pages.distinct);
            pages.differ(format!("{accepted} accepted of {distinct} distinct valid"));
        }
        let _ = writeln!(
            text,
            "\n{} requests sent; {} distinct valid ones, {} accepted",
            pages.sent, pages.distinct, pages.accepted
        );
        for difference in &pages.described {
            let _ = writeln!(text, "difference: {difference}");
        }
        Report {
            text,
            differences: pages.differences,
            #[expect(clippy::cast_precision_loss, reason = "a count below 2^52")]
            sent: pages.sent as f64,
        }
    }
}

impl Pages {
    fn judge(
        &mut self,
        name: &'static str,
        answer: io::Result<Answer>,
        right: &[Answer],
        outcome: Option<&'static str>,
        what: &dyn core::fmt::Debug,
    ) {
        self.sent += 1;
        let (shown, is_right) = match &answer {
            Ok(answer) => (answer.to_string(), right.contains(answer)),
            Err(error) => (format!("no answer: {error}"), false),
        };
        self.accepted += u64::from(answer.is_ok_and(|answer| answer.status == 200));
        if !is_right {
            let mut what = format!("{what:?}");
            what.truncate(100);
            let right = right.iter().map(Answer::to_string).collect::<Vec<_>>();
            let right = right.join(" or ");
            self.differ(format!("{name}: {shown}, not {right} ({what})"));
        }
        if let Some(outcome) = outcome {
            *self.outcomes.entry(outcome).or_default() += 1;
        }
        *self.rows.entry((name, shown)).or_default() += 1;
    }

    fn differ(&mut self, what: String) {
        self.differences += 1;
        if self.described.len() < SHOWN {
            self.described.push(what);
        }
    }
}
