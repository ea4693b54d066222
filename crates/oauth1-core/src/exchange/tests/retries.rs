//! No response at all.

use super::*;

#[test]
fn what_may_have_arrived_is_sent_again_if_it_is_idempotent() {
    let client = client().with_retries(1);
    let idempotent = ["GET", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE"];
    for method in [
        "GET", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE", "POST", "PATCH", "LOCK",
    ] {
        let head = head(
            Method::from_bytes(method.as_bytes()).unwrap(),
            "https://a.example/",
        );
        let exchange = || Exchange::new(&client, head.clone(), Payload::Empty);
        let step = exchange().on_failure(Failure::Unknown);
        let again = Step::Again(Cause::Retried);
        let stopped = Step::Stopped(Stop::NotIdempotent);
        let expected = if idempotent.contains(&method) {
            again.clone()
        } else {
            stopped
        };
        assert_eq!(step, expected, "{method}");
        assert_eq!(exchange().on_failure(Failure::NotSent), again, "{method}");
    }
}

#[test]
fn retries_end_at_the_limit_and_each_has_a_nonce_of_its_own() {
    let client = client().with_retries(2);
    let head = head(Method::GET, "https://a.example/");
    let mut exchange = Exchange::new(&client, head, Payload::Empty);
    let mut sent = Vec::new();
    for (nonce, step) in [
        ("first", Step::Again(Cause::Retried)),
        ("second", Step::Again(Cause::Retried)),
        ("third", Step::Stopped(Stop::TooManyRetries)),
    ] {
        let attempt = exchange.attempt(stamp(nonce)).unwrap();
        assert_eq!(attempt.stamp().unwrap().nonce(), nonce);
        assert_eq!(attempt.stamp().unwrap().timestamp(), NOW);
        sent.push(attempt.parts.headers[AUTHORIZATION].clone());
        assert_eq!(exchange.on_failure(Failure::NotSent), step);
    }
    sent.dedup();
    assert_eq!(sent.len(), 3);
}

#[test]
fn nothing_is_sent_again_unless_the_client_says_so() {
    let client = client();
    let head = head(Method::GET, "https://a.example/");
    let mut exchange = Exchange::new(&client, head, Payload::Empty);
    let step = exchange.on_failure(Failure::NotSent);
    assert_eq!(step, Step::Stopped(Stop::TooManyRetries));
}

#[test]
fn a_body_that_flows_once_is_not_sent_again() {
    let client = client().with_retries(1);
    let exchange = || {
        let head = head(Method::PUT, "https://a.example/");
        Exchange::new(&client, head, Payload::Streamed)
    };
    let step = exchange().on_failure(Failure::NotSent);
    assert_eq!(step, Step::Stopped(Stop::BodyNotReplayable));
    let step = exchange()
        .with_replayable_body()
        .on_failure(Failure::NotSent);
    assert_eq!(step, Step::Again(Cause::Retried));
}
