//! Each client against each server.

use std::thread;

use anyhow::anyhow;

use crate::{
    case::{Line, lines},
    client::{Client, Sent},
    reason::Side,
    server::{SERVERS, Server},
};

/// What came of everything.
#[derive(Debug)]
pub struct Matrix {
    /// The names of the servers, with their versions.
    pub servers: Vec<String>,
    /// A row for each client.
    pub rows: Vec<Row>,
}

/// What came of a client's requests.
#[derive(Debug)]
pub struct Row {
    /// Its name, with its version.
    pub client: String,
    /// A cell for each server.
    pub cells: Vec<Cell>,
}

/// What came of a client's requests to a server: an outcome for each line, in their order.
pub type Cell = Vec<(&'static str, Outcome)>;

/// What came of one request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is accepted.
    Accepted,
    /// It is not: what was said.
    Refused(String),
    /// It cannot be sent or judged.
    LeftOut {
        /// By whom.
        by: Side,
        /// Why.
        why: String,
    },
}

/// What starts a client.
pub type Start = fn() -> anyhow::Result<Box<dyn Client>>;

/// Sends every request by each of these clients to each server.
///
/// # Errors
/// When a program cannot be had or started, and when one does not do its work.
pub fn matrix(clients: &[Start]) -> anyhow::Result<Matrix> {
    let servers = SERVERS.map(|start| start());
    let servers = servers.into_iter().collect::<Result<Vec<_>, _>>()?;
    let lines = lines();
    let rows = thread::scope(|scope| {
        let running: Vec<_> = clients
            .iter()
            .map(|start| scope.spawn(|| row(start()?, &servers, &lines)))
            .collect();
        let rows = running.into_iter().map(|row| {
            let row = row.join().map_err(|_| anyhow!("a client has panicked"));
            row.and_then(|row| row)
        });
        rows.collect::<anyhow::Result<Vec<_>>>()
    })?;
    Ok(Matrix {
        servers: servers.iter().map(|server| server.name().into()).collect(),
        rows,
    })
}

fn row(mut client: Box<dyn Client>, servers: &[Server], lines: &[Line]) -> anyhow::Result<Row> {
    let mut cells = Vec::new();
    for server in servers {
        let outcomes = lines.iter().map(|line| {
            let outcome = ask(client.as_mut(), server, line)?;
            Ok((line.case.name, outcome))
        });
        cells.push(outcomes.collect::<anyhow::Result<_>>()?);
    }
    Ok(Row {
        client: client.name().into(),
        cells,
    })
}

fn ask(client: &mut dyn Client, server: &Server, line: &Line) -> anyhow::Result<Outcome> {
    if let Some(why) = server.beyond(line) {
        let (by, why) = (Side::Server, why.into());
        return Ok(Outcome::LeftOut { by, why });
    }
    let sent = client.send(&server.origin(line.case.place), line)?;
    Ok(match sent {
        // A HEAD has no body to show.
        Sent::Answered { status: 200, text }
            if text == "verified" || line.case.method == "HEAD" =>
        {
            Outcome::Accepted
        }
        Sent::Answered { status, text } => Outcome::Refused(format!("{status} {text}")),
        Sent::Failed(why) => Outcome::Refused(why),
        Sent::Cannot(why) => Outcome::LeftOut {
            by: Side::Client,
            why,
        },
    })
}

/// The name of a program without its version.
pub(crate) fn package(name: &str) -> &str {
    match name.rsplit_once(' ') {
        Some((package, version)) if version.starts_with(|c: char| c.is_ascii_digit()) => package,
        _ => name,
    }
}
