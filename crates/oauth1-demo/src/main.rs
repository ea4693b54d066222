//! OAuth 1.0a (RFC 5849) at work: a client signs requests, a server verifies them, and what is
//! forged is refused. Both run in this program and talk over a real connection.

#![forbid(unsafe_code)]

extern crate alloc;

mod client;
mod credentials;
mod server;
mod show;
mod stage;
mod story;
mod wire;

use std::{
    env,
    io::{self, IsTerminal as _, Write as _},
    process::ExitCode,
};

use crate::{
    show::{Show, Tally},
    stage::{Stage, Verdict},
};

const HELP: &str = "\
Shows OAuth 1.0a (RFC 5849) at work: a client signs requests, a server verifies them and
refuses what is forged, both in this program, over a real connection on the loopback interface.

Usage: oauth1-demo [OPTION]

Options:
  -q, --quiet  Print the last line, and only such steps as do not go as expected
  -h, --help   Print this help

The exit status is 0 if every answer is the expected one, 1 if one is not, and 2 for an option
that does not exist. There is colour on a terminal, unless NO_COLOR is set.
";

/// The exit status of a command line that cannot be understood.
const USAGE: u8 = 2;

fn main() -> ExitCode {
    let mut quiet = false;
    for argument in env::args_os().skip(1) {
        match argument.to_str() {
            Some("-q" | "--quiet") => quiet = true,
            Some("-h" | "--help") => {
                let mut screen = Screen::new();
                return status(screen.print(HELP).map(|()| true));
            }
            _ => {
                eprintln!("error: there is no option {}\n\n{HELP}", argument.display());
                return ExitCode::from(USAGE);
            }
        }
    }
    status(run(quiet))
}

fn status(as_expected: anyhow::Result<bool>) -> ExitCode {
    match as_expected {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Plays the story; says whether all went as it should.
fn run(quiet: bool) -> anyhow::Result<bool> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_io()
        .enable_time()
        .build()?;
    runtime.block_on(async {
        let mut screen = Screen::new();
        let mut stage = Stage::new().await?;
        if !quiet {
            screen.print(&screen.show.opening(stage.origin()))?;
        }
        let mut tally = Tally::default();
        for (at, step) in story::STEPS.iter().enumerate() {
            let scene = stage.play(step).await?;
            tally.count(step.expectation, &scene.verdict);
            if !quiet || scene.verdict != Verdict::AsExpected {
                screen.print(&screen.show.step(at + 1, step, &scene))?;
            }
        }
        if !quiet {
            screen.print("\n")?;
        }
        screen.print(&screen.show.closing(tally))?;
        Ok(tally.unexpected == 0)
    })
}

/// Standard output.
struct Screen {
    show: Show,
    closed: bool,
}

impl Screen {
    fn new() -> Self {
        // https://no-color.org: set, and not empty.
        let no_colour = env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let colour = io::stdout().is_terminal() && !no_colour;
        Self {
            show: Show { colour },
            closed: false,
        }
    }

    /// Prints; where nobody listens any more (`| head`), the story goes on for its exit status.
    fn print(&mut self, text: &str) -> anyhow::Result<()> {
        if self.closed {
            return Ok(());
        }
        let mut out = io::stdout().lock();
        match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => self.closed = true,
            result => result?,
        }
        Ok(())
    }
}
