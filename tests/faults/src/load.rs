//! Minutes of valid, replayed and hostile requests, with books that must be exact.
//!
//! * Every distinct valid request is accepted once, and every replay of it refused: at once, later,
//!   beside the first on another connection, and after its time.
//! * Every hostile request is refused with the one status that is right for it.
//! * No answer is missing, none is 5xx, and what the layer has counted is what was answered.
//! * The memory of the server's process is flat, once the nonces of a whole window are in it.

use alloc::sync::Arc;
use core::time::Duration;
use std::{
    env,
    io::{IsTerminal as _, stderr},
    process::ExitCode,
    thread,
    time::Instant,
};

use anyhow::{Result, anyhow, ensure};
use clap::Args;

use crate::{
    process::Server,
    serve::Kind,
    signing::{Shape, Signatory},
};

use self::{books::Books, memory::Samples, sender::Sender, wrk::Wrk};

mod books;
mod memory;
mod sender;
mod wrk;

/// A second, which is also how often the memory is looked at.
const SECOND: Duration = Duration::from_secs(1);

/// What is sent, and for how long.
#[derive(Clone, Debug, Args)]
pub struct Load {
    /// How long
    #[arg(long, default_value_t = 10.0)]
    minutes: f64,
    /// Where the server keeps nonces
    #[arg(long, default_value = "memory")]
    store: Kind,
    /// Senders, each with two connections
    #[arg(long, default_value_t = 16)]
    senders: u32,
    /// Requests a second at the most, so that a window always has as many nonces
    #[arg(long, default_value_t = 2000)]
    rate: u32,
    /// What chance begins with
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Leaves wrk out, which otherwise replays one request as fast as it can, where it is installed
    #[arg(long)]
    without_wrk: bool,
}

impl Load {
    /// Sends, compares and reports: success only where nothing differs.
    ///
    /// # Errors
    /// When the server does not start, or ends.
    pub fn run(&self) -> Result<ExitCode> {
        ensure!(
            self.minutes > 0.0 && self.senders > 0 && self.rate > 0,
            "nothing would be sent"
        );
        let time = Duration::from_secs_f64(self.minutes * 60.0);
        // A short run says nothing of memory, and needs no window that is over soon.
        let judged = time >= Duration::from_secs(60);
        let window = if judged {
            (time.as_secs() / 10).clamp(10, 300)
        } else {
            300
        };
        let options = [
            ("--window", window),
            ("--nonces", 100_000_000),
            // A connection that ends by itself could end between a request and its answer.
            ("--connection", 24 * 60 * 60 * 1000),
            ("--head", 60 * 60 * 1000),
            // On a machine that is busy, a store that works may be late.
            ("--answer", 30_000),
        ];
        let options = options.map(|(name, value)| [name.to_owned(), value.to_string()]);
        let options: Vec<&str> = options.iter().flatten().map(String::as_str).collect();
        let server = Server::start(&env::current_exe()?, self.store, &options)?;
        println!(
            "{} for {time:?}, window {window} s, seed {}: {} senders, {} requests a second",
            self.store.name(),
            self.seed,
            self.senders,
            self.rate
        );

        let books = Arc::new(Books::default());
        let wrk = self.wrk(&server, time)?;
        let started = clock();
        let senders: Vec<_> = (0..self.senders)
            .map(|number| {
                let sender = Sender {
                    address: server.address(),
                    books: Arc::clone(&books),
                    window,
                    until: started + time,
                    pause: SECOND * self.senders / self.rate,
                    seed: self.seed ^ (u64::from(number) << 32),
                };
                thread::spawn(move || sender.run())
            })
            .collect();
        let mut samples = Samples::default();
        while !senders.iter().all(thread::JoinHandle::is_finished) {
            thread::sleep(SECOND.min(time / 10));
            let passed = started.elapsed();
            samples.add(passed, server.memory()?.resident);
            progress(passed, time, &books, &samples);
        }
        for sender in senders {
            sender.join().map_err(|_| anyhow!("a sender died"))??;
        }
        let replayed = wrk.map(Wrk::end).transpose()?;
        let took = started.elapsed();
        let report = books.report(&server.counts()?, replayed.as_ref());
        print!("\n{}", report.text);
        println!("{:.0} requests a second", report.sent / took.as_secs_f64());
        let warm = Duration::from_secs(2 * window + 10);
        let (flat, text) = samples.judge(warm.min(time / 2));
        println!("{text}");
        let good = report.differences == 0 && (flat || !judged);
        println!("{} differences", report.differences);
        Ok(if good {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        })
    }

    fn wrk(&self, server: &Server, time: Duration) -> Result<Option<Wrk>> {
        if self.without_wrk {
            return Ok(None);
        }
        let now = oauth1_core::Timestamp::now().unix_seconds();
        let request = Signatory::new().sign(Shape::Header, u64::MAX, now)?;
        Wrk::start(server.address(), &request, time)
    }
}

fn progress(passed: Duration, time: Duration, books: &Books, samples: &Samples) {
    let line = format!(
        "{:4} of {} s: {}, {} MiB",
        passed.as_secs(),
        time.as_secs(),
        books.line(),
        samples.last() / (1024 * 1024)
    );
    if stderr().is_terminal() {
        eprint!("\r\x1b[K{line}");
        if passed >= time {
            eprintln!();
        }
    } else if passed.as_secs().is_multiple_of(10) {
        eprintln!("{line}");
    }
}

/// The time on the wall.
#[expect(
    clippy::disallowed_methods,
    reason = "a program that measures reads the clock"
)]
fn clock() -> Instant {
    Instant::now()
}
