//! What came of everything, and why.

use alloc::collections::BTreeMap;
use core::fmt::{self, Write as _};

use anyhow::ensure;

use crate::{
    CLIENTS, WALKERS, flows,
    matrix::{Cell, Matrix, Outcome, matrix, package},
    reason::{Reason, Side, reasons},
};

/// What came of everything, and what is known of faults.
#[derive(Debug)]
pub struct Report {
    /// Requests for protected resources.
    pub requests: Matrix,
    /// The three legs.
    pub flows: Matrix,
    /// What is known of faults.
    pub reasons: Vec<Reason>,
}

impl Report {
    /// Has every client send every request to every server, and walk the legs with every provider.
    ///
    /// # Errors
    /// When a program cannot be had or started, and when `reasons.json` is wrong.
    pub fn gather() -> anyhow::Result<Self> {
        let report = Self {
            requests: matrix(&CLIENTS)?,
            flows: flows(&WALKERS)?,
            reasons: reasons()?,
        };
        ensure!(report.requests.rows.len() == CLIENTS.len());
        Ok(report)
    }

    /// What is not as the reasons say: a request that is refused without a reason, one that is accepted
    /// though there is a reason against it, and a reason for which there is no request.
    #[must_use]
    pub fn unexplained(&self) -> Vec<String> {
        let mut used = vec![false; self.reasons.len()];
        let mut wrong = Vec::new();
        for matrix in [&self.requests, &self.flows] {
            for row in &matrix.rows {
                for (server, cell) in matrix.servers.iter().zip(&row.cells) {
                    self.judge((&row.client, server), cell, &mut used, &mut wrong);
                }
            }
        }
        for (reason, used) in self.reasons.iter().zip(used) {
            if !used {
                let (of, why) = (&reason.of, &reason.why);
                wrong.push(format!(
                    "{of}: no request is refused for this reason: {why}"
                ));
            }
        }
        wrong
    }

    fn judge(
        &self,
        (client, server): (&str, &str),
        cell: &Cell,
        used: &mut [bool],
        wrong: &mut Vec<String>,
    ) {
        for (case, outcome) in cell {
            let mut why = Vec::new();
            for (reason, used) in self.reasons.iter().zip(&mut *used) {
                if reason.concerns(package(client), package(server), case) {
                    why.push(reason.why.as_str());
                    *used |= matches!(outcome, Outcome::Refused(_));
                }
            }
            let place = format!("{client} | {server} | {case}");
            match outcome {
                Outcome::Refused(said) if why.is_empty() => {
                    wrong.push(format!("{place}: refused without a reason: {said}"));
                }
                Outcome::Accepted if !why.is_empty() => {
                    wrong.push(format!("{place}: accepted, though: {}", why.join(" ")));
                }
                _ => {}
            }
        }
    }

    /// Why requests were left out, by who left them out: how many of them.
    fn left_out(&self) -> BTreeMap<(&str, &str), usize> {
        let mut counts = BTreeMap::new();
        for (at, matrix) in [&self.requests, &self.flows].into_iter().enumerate() {
            for row in &matrix.rows {
                for (server, cell) in matrix.servers.iter().zip(&row.cells) {
                    for (case, outcome) in cell {
                        if let Outcome::LeftOut { by, why } = outcome {
                            let of = if *by == Side::Client {
                                &row.client
                            } else {
                                server
                            };
                            let cases: &mut Vec<_> =
                                counts.entry((of.as_str(), why.as_str())).or_default();
                            cases.push((at, *case));
                        }
                    }
                }
            }
        }
        let distinct = counts.into_iter().map(|(key, mut cases): (_, Vec<_>)| {
            cases.sort_unstable();
            cases.dedup();
            (key, cases.len())
        });
        distinct.collect()
    }

    /// The page for people who ask whether it works with what they have.
    #[must_use]
    pub fn page(&self) -> String {
        let mut page = String::from(PAGE);
        page += "\n## Requests\n\n";
        page += REQUESTS;
        page += &markdown(&self.requests);
        page += "\n## The three legs\n\n";
        page += FLOWS;
        page += &markdown(&self.flows);
        page += "\n## Whose fault it is\n\n";
        page += FAULTS;
        for (side, heading) in [(Side::Server, "server"), (Side::Client, "client")] {
            for (of, reasons) in self.by_program(side) {
                let _ = writeln!(page, "\n**{of}, as a {heading}**\n");
                for reason in reasons {
                    let _ = writeln!(page, "- {}", reason_text(reason));
                }
            }
        }
        page += "\n## What is left out\n\n";
        page += LEFT_OUT;
        let mut programs = BTreeMap::<&str, Vec<String>>::new();
        for ((of, why), count) in self.left_out() {
            let whys = programs.entry(of).or_default();
            whys.push(format!("{why} ({count})"));
        }
        for (of, whys) in programs {
            let _ = writeln!(page, "- {of}: {}.", whys.join("; "));
        }
        page
    }

    fn by_program(&self, side: Side) -> BTreeMap<&str, Vec<&Reason>> {
        let mut programs = BTreeMap::<_, Vec<_>>::new();
        for reason in self.reasons.iter().filter(|reason| reason.fault == side) {
            programs.entry(reason.of.as_str()).or_default().push(reason);
        }
        programs
    }
}

const PAGE: &str = "# Interoperability

Which programs work with which: each client with each server, over real sockets, in the versions below. This page
is what `cargo xtask interop --write` has written, and a test says when it is not true any more.

Whatever is sent by a client of this project is right, and whatever is right is accepted by its server: what is
refused in its rows and columns is refused for a fault of the other side, which is listed below.
";

const REQUESTS: &str = "How many requests are accepted, of those that the client can send and the server is made for. They are the
[table of all adapters](../tests/adapters/src/table): queries, forms, paths, methods and places, one after the
other.

";

const FLOWS: &str = "How many ways through temporary credentials, consent and token credentials to a resource come to their end: with a
callback and out of band, signed by HMAC-SHA1, HMAC-SHA256 and RSA-SHA1, in header, query and form, and with a
callback that has escapes.

";

const FAULTS: &str = "Each is tried in every run, and must go from this list when it is mended.
";

const LEFT_OUT: &str =
    "What a client has no way to send, and what a server is not made for: why, and how many requests.

";

fn markdown(matrix: &Matrix) -> String {
    let mut table = format!("| client | {} |\n", matrix.servers.join(" | "));
    let _ = writeln!(table, "| --- |{}", " --- |".repeat(matrix.servers.len()));
    for row in &matrix.rows {
        let cells: Vec<String> = row.cells.iter().map(summary).collect();
        let _ = writeln!(table, "| {} | {} |", row.client, cells.join(" | "));
    }
    table
}

/// How many are accepted of how many.
fn summary(cell: &Cell) -> String {
    let count = |wanted: fn(&Outcome) -> bool| cell.iter().filter(|(_, o)| wanted(o)).count();
    let accepted = count(|outcome| *outcome == Outcome::Accepted);
    let all = count(|outcome| !matches!(outcome, Outcome::LeftOut { .. }));
    format!("{accepted} of {all}")
}

fn reason_text(reason: &Reason) -> String {
    let list = |names: &mut dyn Iterator<Item = &String>| {
        let quoted: Vec<String> = names.map(|name| format!("`{name}`")).collect();
        quoted.join(", ")
    };
    let mut text = format!("{} {}", reason.why, list(&mut reason.cases.iter()));
    if !reason.with.is_empty() {
        let _ = write!(text, "; with {}", list(&mut reason.with.iter()));
    }
    for unless in &reason.unless {
        let cases = if unless.cases.is_empty() {
            String::new()
        } else {
            format!(" ({})", list(&mut unless.cases.iter()))
        };
        let _ = write!(
            text,
            ". Not with {}{cases}: {}",
            list(&mut unless.with.iter()),
            unless.why.trim_end_matches('.')
        );
    }
    text + "."
}

/// For a terminal of 100 columns.
impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (title, matrix) in [("requests", &self.requests), ("three legs", &self.flows)] {
            write!(f, "{title:<24}")?;
            let widths = matrix.servers.iter().map(|server| server.len().max(10));
            let widths: Vec<usize> = widths.collect();
            for (server, width) in matrix.servers.iter().zip(&widths) {
                write!(f, "  {server:>width$}")?;
            }
            writeln!(f)?;
            for row in &matrix.rows {
                write!(f, "{:<24}", row.client)?;
                for (cell, width) in row.cells.iter().zip(&widths) {
                    write!(f, "  {:>width$}", summary(cell))?;
                }
                writeln!(f)?;
            }
            writeln!(f)?;
        }
        for (side, heading) in [(Side::Server, "server"), (Side::Client, "client")] {
            for (of, reasons) in self.by_program(side) {
                writeln!(f, "{of}, as a {heading}:")?;
                for reason in reasons {
                    let count = reason.cases.len();
                    writeln!(f, "  {count:>3}  {}", reason.why)?;
                }
            }
        }
        writeln!(f, "left out:")?;
        for ((of, why), count) in self.left_out() {
            writeln!(f, "  {count:>3}  {of}: {why}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matrix::Row;

    const REASON: &str = r#"{
        "fault": "server",
        "of": "authlib",
        "why": "It takes no brackets.",
        "cases": ["brackets"],
        "unless": [{"with": ["oauth"], "why": "It encodes them."}]
    }"#;

    /// What one client and one server made of `brackets`.
    fn report(client: &str, server: &str, outcome: Outcome) -> Report {
        let row = Row {
            client: client.into(),
            cells: vec![vec![("brackets", outcome)]],
        };
        Report {
            requests: Matrix {
                servers: vec![server.into()],
                rows: vec![row],
            },
            flows: Matrix {
                servers: Vec::new(),
                rows: Vec::new(),
            },
            reasons: vec![serde_json::from_str(REASON).unwrap()],
        }
    }

    #[test]
    fn what_is_not_as_the_reasons_say_is_told() {
        let refused = || Outcome::Refused("401".into());
        let explained = report("ureq", "authlib 1.2", refused());
        assert_eq!(explained.unexplained(), [""; 0]);

        // Another server, and a client that does not meet the fault.
        for (client, server) in [("ureq", "oauthlib 4.0"), ("oauth 0.10", "authlib 1.2")] {
            let said = report(client, server, refused()).unexplained();
            let place = format!("{client} | {server} | brackets: refused without a reason: 401");
            assert_eq!(said[0], place);
            assert!(
                said[1].contains("no request is refused for this reason"),
                "{said:?}"
            );
        }

        let mended = report("ureq", "authlib 1.2", Outcome::Accepted).unexplained();
        assert!(
            mended[0].contains("accepted, though: It takes no brackets."),
            "{mended:?}"
        );
        assert!(
            mended[1].starts_with("authlib: no request is refused"),
            "{mended:?}"
        );

        let (by, why) = (Side::Client, String::from("it has no brackets"));
        let untried = report("ureq", "authlib 1.2", Outcome::LeftOut { by, why }).unexplained();
        assert_eq!(untried.len(), 1, "{untried:?}");
    }

    #[test]
    fn a_page_says_how_many_and_why() {
        let page = report("ureq", "authlib 1.2", Outcome::Refused("401".into())).page();
        assert!(page.contains("| ureq | 0 of 1 |"), "{page}");
        let reason = "- It takes no brackets. `brackets`. Not with `oauth`: It encodes them.\n";
        assert!(page.contains(reason), "{page}");
    }
}
