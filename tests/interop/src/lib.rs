//! Clients and servers, ours and those that others wrote, each against each.
//!
//! Every client sends the same requests ([`lines`]) to every server, over the loopback interface. What is
//! not accepted has a [`Reason`] in `reasons.json`, which says whose fault it is: one that is missing is an
//! error, and so is one that is not true any more. Clients that know the three legs also walk them, in
//! several [`WAYS`], with every provider. `cargo xtask interop` prints the [`Report`].
#![forbid(unsafe_code)]

extern crate alloc;

use std::path::Path;

pub use self::{
    case::{Line, lines},
    client::{Client, Curl, Ours, Sent},
    flow::{Consent, Provider, WAYS, Walked, Walker, Way, flows},
    matrix::{Cell, Matrix, Outcome, Row, matrix},
    reason::{Reason, Side, Unless, reasons},
    report::Report,
    server::{SERVERS, Server},
};

pub mod case;
pub mod client;
pub mod flow;
pub mod matrix;
pub mod reason;
pub mod report;
pub mod server;

#[path = "../../../crates/oauth1-hyper/tests/adapter/mod.rs"]
#[allow(dead_code, reason = "one of its two transports is enough")]
mod hyper_adapter;
#[path = "../../../crates/oauth1-reqwest/tests/adapter/mod.rs"]
mod reqwest_adapter;
#[path = "../../../crates/oauth1-tower/tests/adapter/mod.rs"]
mod tower_adapter;
#[path = "../../../crates/oauth1-ureq/tests/adapter/mod.rs"]
mod ureq_adapter;

fn hyper() -> anyhow::Result<Ours<hyper_adapter::OverPool>> {
    let mut builder = tokio::runtime::Builder::new_current_thread();
    let adapter = hyper_adapter::OverPool(builder.enable_io().build()?);
    let name = "oauth1-hyper".into();
    Ok(Ours { name, adapter })
}

fn reqwest() -> Ours<reqwest_adapter::Reqwest> {
    let adapter = reqwest_adapter::Reqwest::new();
    let name = "oauth1-reqwest".into();
    Ours { name, adapter }
}

fn tower() -> Ours<tower_adapter::Tower> {
    let adapter = tower_adapter::Tower::new();
    let name = "oauth1-tower".into();
    Ours { name, adapter }
}

fn ureq() -> Ours<ureq_adapter::Ureq> {
    let adapter = ureq_adapter::Ureq;
    let name = "oauth1-ureq".into();
    Ours { name, adapter }
}

/// Every client, in the order of the matrix.
pub const CLIENTS: [matrix::Start; 11] = [
    || Ok(Box::new(hyper()?)),
    || Ok(Box::new(reqwest())),
    || Ok(Box::new(tower())),
    || Ok(Box::new(ureq())),
    || Ok(Box::new(Curl::new()?)),
    || Ok(Box::new(client::Program::start("requests-oauthlib")?)),
    || Ok(Box::new(client::Program::start("Authlib")?)),
    || Ok(Box::new(client::Program::start("oauth2")?)),
    || Ok(Box::new(client::Program::start("oauth")?)),
    || Ok(Box::new(client::Program::start("oauth-1.0a")?)),
    || Ok(Box::new(client::Program::start("oauth-sign")?)),
];

/// Every client that knows the three legs.
pub const WALKERS: [flow::Start; 6] = [
    || Ok(Box::new(hyper()?)),
    || Ok(Box::new(reqwest())),
    || Ok(Box::new(ureq())),
    || Ok(Box::new(flow::Program::start("requests-oauthlib")?)),
    || Ok(Box::new(flow::Program::start("Authlib")?)),
    || Ok(Box::new(flow::Program::start("oauth")?)),
];

/// Starts `{script}.py` or `{script}.js` of this crate for a package.
fn program(package: &str, script: &str) -> anyhow::Result<oauth1_foreign::Program> {
    let (mut command, ending) = match package {
        "oauth" | "oauth-1.0a" | "oauth-sign" => (oauth1_foreign::node()?.command(), "js"),
        _ => (oauth1_foreign::python()?.command(), "py"),
    };
    let programs = Path::new(env!("CARGO_MANIFEST_DIR")).join("programs");
    command
        .arg(programs.join(format!("{script}.{ending}")))
        .arg(package);
    oauth1_foreign::Program::start(command)
}
