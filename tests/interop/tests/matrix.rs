//! Everything is as `reasons.json` and `docs/interop.md` say.
#![forbid(unsafe_code)]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on is to stop")]

use std::{fs, path::Path, sync::LazyLock};

use oauth1_interop::{CLIENTS, Outcome, Report, SERVERS, Side, WALKERS, WAYS, lines, reasons};

static REPORT: LazyLock<Report> = LazyLock::new(|| Report::gather().unwrap());

#[test]
fn every_refusal_has_a_reason_and_every_reason_is_true() {
    print!("{}", *REPORT);
    let unexplained = REPORT.unexplained();
    assert!(unexplained.is_empty(), "{}", unexplained.join("\n"));
    let outcomes = |rows: &[oauth1_interop::Row]| -> usize {
        rows.iter().flat_map(|row| &row.cells).map(Vec::len).sum()
    };
    // What is not asked is not known.
    let all = CLIENTS.len() * SERVERS.len() * lines().len();
    assert_eq!(outcomes(&REPORT.requests.rows), all);
    assert_eq!(outcomes(&REPORT.flows.rows), WALKERS.len() * 3 * WAYS.len());
    assert!(lines().len() >= 107, "{}", lines().len());
}

#[test]
fn nothing_is_our_fault() {
    let is_ours = |of: &str| of.starts_with("oauth1-") || of.starts_with("curl");
    for reason in reasons().unwrap() {
        assert!(!is_ours(&reason.of), "{reason:?}");
    }
    // What a client of ours sends, a server of ours accepts.
    for matrix in [&REPORT.requests, &REPORT.flows] {
        assert!(matrix.servers[0].starts_with("oauth1-"));
        for row in matrix.rows.iter().filter(|row| is_ours(&row.client)) {
            for (case, outcome) in &row.cells[0] {
                let is_refused = matches!(outcome, Outcome::Refused(_));
                assert!(!is_refused, "{}: {case}: {outcome:?}", row.client);
            }
        }
    }
}

#[test]
fn clients_that_others_wrote_send_most_of_it() {
    for row in &REPORT.requests.rows {
        for (server, cell) in REPORT.requests.servers.iter().zip(&row.cells) {
            let of_client = |outcome: &Outcome| {
                matches!(
                    outcome,
                    Outcome::LeftOut {
                        by: Side::Client,
                        ..
                    }
                )
            };
            let left_out = cell
                .iter()
                .filter(|(_, outcome)| of_client(outcome))
                .count();
            assert!(
                left_out * 2 < cell.len(),
                "{} leaves out {left_out} for {server}",
                row.client
            );
        }
    }
}

#[test]
fn the_page_says_what_came_of_it() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/interop.md");
    let page = fs::read_to_string(page).unwrap();
    assert!(
        page == REPORT.page(),
        "docs/interop.md is not true any more: `cargo xtask interop --write` writes it anew"
    );
}
