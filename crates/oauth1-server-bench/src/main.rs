//! What verifying costs a server, and what remembering nonces costs.
//!
//! ```text
//! cargo run --release -p oauth1-server-bench -- --quick
//! ```
//!
//! A service of hyper's and the same service behind `VerifyLayer`, with each kind of nonce store, listen
//! in this process; requests come over loopback from a process of their own ([`load`]), to one server
//! after the other in rounds ([`rounds`]). What counts are ratios within a round, and the processor time
//! of this process for each request, which does not depend on who else uses the machine.
//!
//! The requests are not sent by wrk: each must be signed, with a nonce of its own, and a script of wrk's
//! can neither sign at that rate nor replay a file at it (`LuaJIT` keeps one copy of each string in a hash
//! that looks at a few of its bytes, which are the same in all requests). So a process signs them
//! beforehand and then does nothing but send them. Where wrk is installed, it is run with one request for
//! all against the bare service and the one that remembers no nonces ([`wrk`]).
//!
//! To see where the instructions of the layer go, without a network:
//!
//! ```text
//! CARGO_PROFILE_RELEASE_DEBUG=line-tables-only cargo build --release -p oauth1-server-bench
//! valgrind --tool=callgrind --callgrind-out-file=profile target/release/oauth1-server-bench layer 2000
//! callgrind_annotate --inclusive=yes profile
//! ```

#![forbid(unsafe_code)]

extern crate alloc;

mod figures;
mod layer;
mod load;
mod nonces;
mod redis;
mod report;
mod requests;
mod rounds;
mod servers;
mod wrk;

use core::{
    num::{NonZeroU32, NonZeroUsize},
    slice,
    time::Duration,
};
use std::{process::ExitCode, thread};

use anyhow::Result;
use clap::{Parser, Subcommand};

use crate::{
    load::Load,
    report::{Report, Verdict},
    rounds::{Effort, Setting},
};

/// Measures a server that verifies beside one that does not, and the nonce stores.
#[derive(Debug, Parser)]
#[command(name = "oauth1-server-bench")]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
struct Arguments {
    /// Fewer and shorter rounds, and a million nonces instead of ten
    #[arg(long)]
    quick: bool,
    /// The servers alone
    #[arg(long, conflicts_with = "nonces")]
    servers: bool,
    /// The nonce stores alone
    #[arg(long)]
    nonces: bool,
    /// How many rounds count; one before them warms up
    #[arg(long)]
    rounds: Option<NonZeroU32>,
    /// How many milliseconds a server has its turn in a round
    #[arg(long, value_name = "MS")]
    turn: Option<NonZeroU32>,
    /// How many nonces a store is measured with, from 10,000 on
    #[arg(long, value_parser = clap::value_parser!(u32).range(10_000..))]
    size: Option<u32>,
    /// How many threads serve; as it comes: one fewer than there are processors
    #[arg(long)]
    threads: Option<NonZeroUsize>,
    /// How many connections are open, with one request on each at a time
    #[arg(long, default_value_t = 64)]
    connections: usize,
    /// Exits with status 1 when a goal is missed
    #[arg(long)]
    strict: bool,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Sends requests: what this program starts for itself
    #[command(hide = true)]
    Load(Load),
    /// Has the layer verify so many requests without a network, and prints nothing: to be profiled
    Layer {
        /// How many
        count: u64,
    },
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(status) => status,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<ExitCode> {
    match &arguments.command {
        Some(Command::Load(load)) => load.run().map(|()| ExitCode::SUCCESS),
        Some(Command::Layer { count }) => layer::run(*count).map(|()| ExitCode::SUCCESS),
        None => measure(arguments),
    }
}

fn measure(arguments: &Arguments) -> Result<ExitCode> {
    if cfg!(debug_assertions) {
        eprintln!("warning: not an optimized build: add --release");
    }
    let processors = thread::available_parallelism().map_or(1, usize::from);
    let threads = (arguments.threads).map_or(processors.saturating_sub(1).max(1), usize::from);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(threads)
        .enable_all()
        .build()?;
    let mut report = Report::default();
    println!(
        "{processors} processors, {threads} of them serve; {} connections\n",
        arguments.connections
    );
    if !arguments.nonces {
        // What else the machine does in one of many is left out by the median.
        let rounds = arguments.rounds.map_or(9, NonZeroU32::get);
        let as_it_comes = if arguments.quick { 250 } else { 2000 };
        let turn = arguments.turn.map_or(as_it_comes, NonZeroU32::get);
        let setting = Setting {
            connections: arguments.connections,
            effort: Effort {
                rounds: rounds.into(),
                round: Duration::from_millis(turn.into()),
            },
        };
        rounds::servers(&runtime, setting, &mut report)?;
        rounds::refusals(&runtime, setting, &mut report)?;
    }
    if !arguments.servers {
        let sizes: &[u32] = match &arguments.size {
            Some(size) => slice::from_ref(size),
            None if arguments.quick => &[1_000_000],
            None => &[1_000_000, 10_000_000],
        };
        nonces::memory(sizes, processors, &mut report)?;
        let (rounds, most) = if arguments.quick {
            (3, 16_000)
        } else {
            (9, 160_000)
        };
        let rounds = arguments.rounds.map_or(rounds, NonZeroU32::get);
        let count = arguments.size.unwrap_or(most).min(most);
        redis::nonces(&runtime, rounds.into(), count.into(), &mut report)?;
    }
    print!("{}", report.goals());
    let missed = report.verdicts().iter().any(Verdict::is_missed);
    Ok(if arguments.strict && missed {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}
