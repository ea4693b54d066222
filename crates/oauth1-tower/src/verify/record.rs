//! Events (`tracing`) and counters (`metrics`) for the one who runs the server.
//!
//! Neither has a secret, a signature, a token or a query in it. The counter
//! `oauth1_verify_requests_total` has one label, `outcome`: `accepted`, `anonymous`, or the code of the
//! refusal; `oauth1_verify_wrong_bodies_total` counts streamed bodies that were not what was signed.

use core::error::Error;

use http::request::Parts;
use oauth1_core::verify::Rejection;

use super::{Mismatch, Refusal, Verified, answer::Cause};

const TARGET: &str = "oauth1_tower::verify";

pub(super) fn accepted<G>(parts: &Parts, verified: &Verified<G>) {
    count("accepted");
    tracing::debug!(
        target: TARGET,
        code = "accepted",
        client = ?verified.client(),
        method = %parts.method,
        path = ?parts.uri.path(),
        "accepted"
    );
}

pub(super) fn anonymous(parts: &Parts) {
    count("anonymous");
    tracing::debug!(
        target: TARGET,
        code = "anonymous",
        method = %parts.method,
        path = ?parts.uri.path(),
        "let through without a signature"
    );
}

pub(super) fn refused(parts: &Parts, client: Option<&str>, cause: &Cause, refusal: &Refusal) {
    let code = cause.code();
    count(code);
    let (status, method) = (refusal.status().as_u16(), &parts.method);
    let path = parts.uri.path();
    match cause {
        Cause::Rejected(rejection) => tracing::info!(
            target: TARGET,
            code,
            status,
            client = ?client,
            method = %method,
            path = ?path,
            "refused: {rejection}"
        ),
        Cause::Store(store, error) => tracing::error!(
            target: TARGET,
            code,
            status,
            store,
            client = ?client,
            method = %method,
            path = ?path,
            cause = error.source().map(tracing::field::display),
            "refused: {error}"
        ),
    }
}

/// The base string has all parameters of the request in it, whatever they are.
pub(super) fn base_string(mismatch: &Mismatch<'_>) {
    tracing::info!(
        target: TARGET,
        code = mismatch.rejection().code(),
        base_string = %mismatch.received().base_string(),
        "the base string of a refused request, as the server computes it"
    );
}

/// What the client does otherwise. It holds codes, and nothing of the request.
pub(super) fn explanation(mismatch: &Mismatch<'_>) {
    let code = mismatch.rejection().code();
    let Some(explanation) = mismatch.explain() else {
        return tracing::info!(target: TARGET, code, "too large a request to be explained");
    };
    tracing::info!(
        target: TARGET,
        code,
        client = ?mismatch.received().client().to_string_lossy(),
        "why the signature does not match: {explanation}"
    );
}

pub(super) fn wrong_body(rejection: &Rejection) {
    #[cfg(feature = "metrics")]
    metrics::counter!("oauth1_verify_wrong_bodies_total").increment(1);
    tracing::info!(target: TARGET, code = rejection.code(), "a streamed body ended: {rejection}");
}

fn count(outcome: &'static str) {
    #[cfg(feature = "metrics")]
    metrics::counter!("oauth1_verify_requests_total", "outcome" => outcome).increment(1);
    #[cfg(not(feature = "metrics"))]
    let _ = outcome;
}
