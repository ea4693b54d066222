//! A server whose clock is an hour ahead.

use crate::{
    adapter::Content,
    case::{Case, Outcome},
};

const fn corrected(case: Case) -> Case {
    Case {
        corrects_clock: true,
        ..case
    }
}

pub(super) const CASES: &[Case] = &[
    corrected(Case::new(
        "skew, shown in Date",
        "GET",
        "/skewed-date/a?b=c",
        &[
            "main GET /skewed-date/a?b=c timestamp_refused",
            "main GET /skewed-date/a?b=c verified",
        ],
    )),
    corrected(Case::new(
        "skew, shown in the challenge",
        "POST",
        "/skewed-range/a",
        &[
            "main POST /skewed-range/a timestamp_refused, with body",
            "main POST /skewed-range/a verified, with body",
        ],
    ))
    .form(b"b=c"),
    corrected(Case::new(
        "skew, JSON",
        "POST",
        "/skewed-date/a",
        &[
            "main POST /skewed-date/a timestamp_refused, with body",
            "main POST /skewed-date/a verified, with body",
        ],
    ))
    .body(
        &[("content-type", "application/json")],
        Content::Bytes(b"{}"),
    )
    .hashed(),
    Case::new(
        "skew, not corrected",
        "GET",
        "/skewed-date/a",
        &["main GET /skewed-date/a timestamp_refused"],
    )
    .ends(Outcome::Status(401)),
    corrected(Case::new(
        "skew, streamed",
        "POST",
        "/skewed-range/a",
        &["main POST /skewed-range/a timestamp_refused, with body"],
    ))
    .body(
        &[("content-type", "text/plain")],
        Content::Streamed(&[b"a", b"b"]),
    )
    .ends(Outcome::Status(401)),
];
