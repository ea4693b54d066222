//! `oauth1-faults serve`: the server that is put to the test. `oauth1-faults load`: the load.

#![forbid(unsafe_code)]

#[cfg(not(target_os = "linux"))]
fn main() {
    eprintln!("error: processes are measured and limited through Linux's /proc and prlimit");
    std::process::exit(1);
}

#[cfg(target_os = "linux")]
fn main() -> std::process::ExitCode {
    linux::main()
}

#[cfg(target_os = "linux")]
mod linux {
    use std::process::ExitCode;

    use clap::{Parser, Subcommand};
    use oauth1_faults::{load::Load, serve::Serve};

    /// A verifying server under load.
    #[derive(Debug, Parser)]
    #[command(name = "oauth1-faults")]
    struct Arguments {
        #[command(subcommand)]
        command: Command,
    }

    #[derive(Debug, Subcommand)]
    enum Command {
        /// Sends valid, replayed and hostile requests to a server for some minutes, and compares the books
        Load(Load),
        /// Serves until its standard input ends; what the other commands and the tests start
        #[command(hide = true)]
        Serve(Serve),
    }

    pub(super) fn main() -> ExitCode {
        let outcome = match Arguments::parse().command {
            Command::Load(load) => load.run(),
            Command::Serve(serve) => serve.run().map(|()| ExitCode::SUCCESS),
        };
        outcome.unwrap_or_else(|error| {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        })
    }
}
