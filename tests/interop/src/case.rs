//! What is sent.

use oauth1_adapters::{Case, Method, Outcome, Signing, table};

/// A request that every client is asked to send to every server.
#[derive(Clone, Copy, Debug)]
pub struct Line {
    /// What it is, and how it is signed.
    pub case: &'static Case,
    /// Whether timestamp and nonce are left out, as PLAINTEXT allows (RFC 5849 section 3.1).
    pub bare: bool,
}

static BARE: Case = Case::new(
    "PLAINTEXT without timestamp and nonce",
    "GET",
    "/a?b=c",
    &["main GET /a?b=c verified"],
)
.signed(Signing::by(Method::Plaintext));

/// Every request: those of the adapters' table that are sent once, over HTTP/1, and are right, and one that
/// no adapter of ours sends.
#[must_use]
pub fn lines() -> Vec<Line> {
    let scripted = ["/redirect/", "/skewed-", "/drop/"];
    let cases = table().into_iter().filter(|case| {
        let is_answered = matches!(case.outcome, Outcome::Status(200) | Outcome::Either(200, _));
        let is_scripted = scripted.iter().any(|path| case.path.starts_with(path));
        is_answered && !is_scripted && !case.http2
    });
    let lines = cases.map(|case| Line { case, bare: false });
    let bare = Line {
        case: &BARE,
        bare: true,
    };
    lines.chain([bare]).collect()
}
