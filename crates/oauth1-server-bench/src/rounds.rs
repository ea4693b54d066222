//! Servers in turn, in rounds.

use core::time::Duration;

use anyhow::{Context as _, Result};
use oauth1_core::Timestamp;
use tokio::runtime::Runtime;

use crate::{
    figures::{median, microseconds, percent},
    load::{Load, Outcome},
    report::{Report, Verdict},
    requests::Kind,
    servers::{Server, Servers, with_memory},
    wrk,
};

/// More requests a second than any of the servers answers.
const MOST_A_SECOND: u64 = 250_000;

/// By how much the rate of the bare server may differ between rounds where rates mean something.
const CALM: f64 = 1.3;

/// How long is measured.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Effort {
    pub(crate) rounds: u64,
    /// How long one server has its turn in one round.
    pub(crate) round: Duration,
}

/// What is the same for all servers.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Setting {
    pub(crate) connections: usize,
    pub(crate) effort: Effort,
}

impl Setting {
    /// What is sent to a server: nonces that no other turn has, since two servers have one Redis, and turns
    /// may begin in one second.
    fn load(self, port: u16, kind: Kind, turn: u64) -> Load {
        let milliseconds = u64::try_from(self.effort.round.as_millis()).unwrap_or(u64::MAX);
        let most = milliseconds * MOST_A_SECOND / 1000;
        Load {
            port,
            kind,
            first: turn * most,
            now: Timestamp::now().unix_seconds(),
            most,
            connections: self.connections,
            milliseconds,
        }
    }
}

/// The bare server, and those that verify.
pub(crate) fn servers(runtime: &Runtime, setting: Setting, report: &mut Report) -> Result<()> {
    let servers = runtime.block_on(Servers::start())?;
    let mut rounds: Vec<Vec<Outcome>> = servers.all.iter().map(|_| Vec::new()).collect();
    let mut turns = 0..;
    // The first round warms up, and is thrown away.
    for round in 0..=setting.effort.rounds {
        for ((server, outcomes), turn) in servers.all.iter().zip(&mut rounds).zip(&mut turns) {
            let outcome = setting.load(server.port, Kind::Signed, turn).send()?;
            let expected = outcome.expect(200);
            expected.with_context(|| server.name)?;
            if round > 0 {
                outcomes.push(outcome);
            }
        }
    }
    report.title(&[
        "requests, each signed",
        "a second",
        "of bare",
        "CPU us",
        "of bare",
        "p50 us",
        "p90 us",
        "p99 us",
        "p99.9 us",
        "p99 x bare",
    ]);
    let bare = rounds[0].clone();
    for (server, outcomes) in servers.all.iter().zip(&rounds) {
        line(*server, outcomes, &bare, report);
    }
    report.end();
    let rates = || bare.iter().map(Outcome::rate);
    let (slowest, fastest) = (
        rates().fold(f64::INFINITY, f64::min),
        rates().fold(0.0, f64::max),
    );
    if fastest > slowest * CALM {
        println!(
            "the machine is busy: between rounds the bare server's rate differs by {:.1} times, so that \
             rates and\nlatencies say little; processor time does\n",
            fastest / slowest
        );
    }
    let forgetful = servers.all.iter().filter(|server| server.takes_repetitions);
    wrk::run(&forgetful.copied().collect::<Vec<_>>(), setting, report)
}

fn line(server: Server, outcomes: &[Outcome], bare: &[Outcome], report: &mut Report) {
    // Both of one round: what else the machine does concerns both.
    let ratio = |of: fn(&Outcome) -> f64| {
        median(
            outcomes
                .iter()
                .zip(bare)
                .map(|(this, bare)| of(this) / of(bare)),
        )
    };
    let of_all = |of: fn(&Outcome) -> f64| median(outcomes.iter().map(of));
    let (rate, each) = (ratio(Outcome::rate), 1.0 / ratio(Outcome::each));
    let slow = ratio(|outcome| outcome.latencies[2]);
    report.line([
        server.name.to_owned(),
        format!("{:.0}", of_all(Outcome::rate)),
        percent(rate),
        microseconds(of_all(Outcome::each)),
        percent(each),
        microseconds(of_all(|outcome| outcome.latencies[0])),
        microseconds(of_all(|outcome| outcome.latencies[1])),
        microseconds(of_all(|outcome| outcome.latencies[2])),
        microseconds(of_all(|outcome| outcome.latencies[3])),
        format!("{slow:.2}"),
    ]);
    if server.is_goal {
        report.judge(Verdict::at_least(
            "server with memory nonces, % of the bare requests a second",
            rate * 100.0,
            90.0,
        ));
        report.judge(Verdict::at_least(
            "the same by processor time, %",
            each * 100.0,
            90.0,
        ));
        report.judge(Verdict::at_most(
            "server with memory nonces, p99 beside the bare one",
            slow,
            1.2,
        ));
    }
}

/// What a refusal costs beside what is accepted, in processor time.
pub(crate) fn refusals(runtime: &Runtime, setting: Setting, report: &mut Report) -> Result<()> {
    let port = runtime.block_on(with_memory())?;
    let mut turns = vec![(Kind::Signed.about(), Kind::Signed, 200, Vec::new())];
    for (kind, status) in Kind::REFUSED {
        turns.push((kind.about(), kind, status, Vec::new()));
    }
    // Sent again, once they were accepted in the same round.
    turns.push(("refused: sent again", Kind::Signed, 401, Vec::new()));
    for round in 0..=setting.effort.rounds {
        let mut accepted = None;
        for (_, kind, status, outcomes) in &mut turns {
            let mut load = setting.load(port, *kind, round);
            if let (Kind::Signed, 401, Some((now, count))) = (*kind, *status, accepted) {
                // Those that were accepted, byte for byte.
                (load.now, load.most) = (now, count);
            }
            let outcome = load.send()?;
            outcome.expect(*status)?;
            if *status == 200 {
                accepted = Some((load.now, outcome.answered));
            }
            if round > 0 {
                outcomes.push(outcome.each());
            }
        }
    }
    report.title(&["with memory nonces", "CPU us", "of accepted"]);
    let accepted = turns[0].3.clone();
    for (about, kind, status, outcomes) in &turns {
        let ratio = median(outcomes.iter().zip(&accepted).map(|(this, all)| this / all));
        let each = median(outcomes.iter().copied());
        report.line([
            (*about).to_owned(),
            format!("{:.1}", each * 1e6),
            percent(ratio),
        ]);
        if *status != 200 || *kind != Kind::Signed {
            let goal = Verdict::at_most(about, ratio * 100.0, 100.0);
            report.judge(goal.of("% of an accepted one's processor time"));
        }
    }
    report.end();
    Ok(())
}
