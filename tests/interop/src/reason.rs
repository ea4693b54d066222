//! Why a request is not accepted, though it is right; or was not right.

use alloc::collections::BTreeSet;

use anyhow::{Context as _, ensure};
use serde::Deserialize;

/// Whose fault something is.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum Side {
    /// The request that it sends is wrong.
    Client,
    /// It refuses a request that is right.
    Server,
}

/// Why requests of one client, or to one server, are not accepted.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reason {
    /// Whose fault it is.
    pub fault: Side,
    /// The package.
    pub of: String,
    /// What it does.
    pub why: String,
    /// The names of the requests that it concerns.
    pub cases: BTreeSet<String>,
    /// The other sides that it shows with, or none where it is all.
    #[serde(default)]
    pub with: BTreeSet<String>,
    /// Other sides with which such requests are accepted all the same, and why.
    #[serde(default)]
    pub unless: Vec<Unless>,
}

/// Another side with which a fault does not show.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unless {
    /// The packages.
    pub with: BTreeSet<String>,
    /// The requests, or none where it is all of the reason's.
    #[serde(default)]
    pub cases: BTreeSet<String>,
    /// Why.
    pub why: String,
}

/// All that are known: `reasons.json`.
///
/// # Errors
/// When the file is wrong: a case that there is not, or one twice.
pub fn reasons() -> anyhow::Result<Vec<Reason>> {
    let reasons: Vec<Reason> =
        serde_json::from_str(include_str!("../reasons.json")).context("reasons.json")?;
    let lines = crate::lines();
    let names = lines.iter().map(|line| line.case.name);
    let names: BTreeSet<&str> = names
        .chain(crate::WAYS.iter().map(|way| way.name))
        .collect();
    for reason in &reasons {
        ensure!(
            !reason.cases.is_empty() && !reason.why.is_empty(),
            "{reason:?}"
        );
        let unless = reason.unless.iter().flat_map(|unless| &unless.cases);
        for case in reason.cases.iter().chain(unless) {
            ensure!(
                names.contains(case.as_str()),
                "reasons.json: {case:?} is no case"
            );
        }
    }
    Ok(reasons)
}

impl Reason {
    /// Whether it makes a request fail between a client and a server.
    #[must_use]
    pub fn concerns(&self, client: &str, server: &str, case: &str) -> bool {
        let (one, other) = match self.fault {
            Side::Client => (client, server),
            Side::Server => (server, client),
        };
        let excepted = |unless: &Unless| {
            let is_of_case = unless.cases.is_empty() || unless.cases.contains(case);
            is_of_case && unless.with.contains(other)
        };
        let shows = self.with.is_empty() || self.with.contains(other);
        self.of == one && shows && self.cases.contains(case) && !self.unless.iter().any(excepted)
    }
}
