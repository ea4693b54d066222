//! The command `oauth1`: signs and verifies OAuth 1.0a requests, and takes them apart, for people and,
//! with `--json`, for programs.

extern crate alloc;

use std::process::ExitCode;

use clap::Parser as _;

use crate::{
    arguments::{Arguments, Command},
    problem::Failure,
};

mod arguments;
mod authorize;
mod base_string;
mod body_hash;
mod explain;
mod html;
#[cfg(test)]
#[allow(
    unreachable_pub,
    reason = "the fuzz targets call it through readers.rs"
)]
mod invariants;
mod json;
mod key;
mod keygen;
mod manual;
mod order;
mod page;
mod parse;
mod problem;
mod profile;
mod provider;
mod proxy;
mod request;
mod sasl;
mod sign;
mod signatory;
mod signature_method;
mod signing;
mod source;
mod stream;
mod transport;
mod verify;

fn main() -> ExitCode {
    // clap itself ends with status 2 for what it cannot read.
    let result = match Arguments::parse_from(request::written_out(std::env::args_os())).command {
        Command::Sign(arguments) => sign::run(arguments),
        Command::BaseString(arguments) => base_string::run(arguments),
        Command::Verify(arguments) => verify::run(arguments),
        Command::Explain(arguments) => explain::run(arguments),
        Command::Parse(arguments) => parse::run(&arguments),
        Command::BodyHash(arguments) => body_hash::run(arguments),
        Command::Request(arguments) => request::run(*arguments),
        Command::Authorize(arguments) => authorize::run(*arguments),
        Command::Proxy(arguments) => proxy::run(*arguments),
        Command::Provider { command } => provider::run(command),
        Command::Profile { command } => profile::run(command),
        Command::Keygen(arguments) => keygen::run(&arguments),
        Command::Completions(arguments) => manual::completions(&arguments),
        Command::Man(arguments) => manual::pages(&arguments),
        Command::Sasl(arguments) => sasl::run(arguments),
    };
    let (status, message) = match result {
        Ok(()) => return ExitCode::SUCCESS,
        Err(Failure::Status(status)) => return ExitCode::from(status),
        Err(Failure::Refused) => return ExitCode::from(1),
        Err(Failure::Failed(message)) => (1, message),
        Err(Failure::Usage(message)) => (2, message + "\n\nFor more information, try '--help'."),
    };
    let style = page::BAD;
    anstream::eprintln!("{style}error:{style:#} {message}");
    ExitCode::from(status)
}
