//! What an attempt, a trace, a report and a client tell.

use super::*;
use crate::exchange::Report;

fn attempt(client: &Client<HmacSha1>) -> Attempt {
    let head = head(Method::POST, "https://api.example.com/a?secret=hunter2");
    let mut exchange = Exchange::new(client, head, Payload::Bytes(b"body"));
    exchange.attempt(stamp("first")).unwrap()
}

#[test]
fn a_report_tells_what_was_sent_and_what_was_not_done() {
    let mut sent = attempt(&client());
    let stamp = sent.take_stamp();
    assert!(sent.stamp().is_none());
    let uri = sent.parts.uri.clone();
    let report = Report::new(uri, stamp, Some(Stop::NotIdempotent));
    assert_eq!(report.uri(), "https://api.example.com/a?secret=hunter2");
    let stamp = report.stamp().unwrap();
    assert_eq!((stamp.nonce(), stamp.timestamp()), ("first", NOW));
    assert_eq!(report.stop(), Some(&Stop::NotIdempotent));
    let shown = format!("{:?}", report.clone());
    assert!(shown.contains("first") && shown.contains("NotIdempotent"));
    assert!(!shown.contains("hunter2"), "{shown}");

    let unsigned = Report::new(sent.parts.uri, None, None);
    assert!(unsigned.stamp().is_none() && unsigned.stop().is_none());
}

#[test]
fn the_body_of_an_attempt_shows_its_kind_and_nothing_of_it() {
    let shown = format!("{:?}", attempt(&client()));
    assert!(shown.contains("body: Original"), "{shown}");
    let form = AttemptBody::Form(b"password=hunter2".to_vec());
    assert_eq!(format!("{form:?}"), "Form(16 bytes)");
    assert_eq!(format!("{:?}", AttemptBody::Empty), "Empty");
}

#[test]
fn a_trace_gives_its_stamp_away_and_leaves_headers_without_a_location_alone() {
    let mut parts = head(Method::GET, "https://api.example.com/a");
    let none = ProtocolParameters::NONE;
    let (_, trace) = client()
        .sign_attempt(&mut parts, Payload::Empty, &none, stamp("first"))
        .unwrap();
    let mut other = headers(&[("server", "a")]);
    trace.remove_echo(&mut other);
    let shown = format!("{trace:?}");
    assert!(
        shown.contains("first") && !shown.contains("secret"),
        "{shown}"
    );
    assert_eq!(other, headers(&[("server", "a")]));
    assert_eq!(trace.into_stamp().nonce(), "first");
}

#[test]
fn a_clients_limits_are_those_that_were_set() {
    let client = client();
    assert_eq!(client.form_limit(), 1 << 20);
    let client = client.with_form_limit(7).with_retries(3);
    assert_eq!((client.form_limit(), client.retries()), (7, 3));
}

/// No origin is the same as one that is none.
#[test]
fn a_request_whose_own_uri_is_no_target_has_no_origin_of_its_own() {
    let client = client();
    let head = head(Method::GET, "https://api.example.com:0/a");
    let mut exchange = Exchange::new(&client, head, Payload::Empty);
    let location = to("https://api.example.com/a");
    let step = exchange.on_response(StatusCode::FOUND, &location, NOW);
    assert!(
        matches!(step, Step::Stopped(Stop::OtherOrigin(_))),
        "{step:?}"
    );
}

#[test]
fn a_query_that_was_nothing_but_the_signature_goes_with_it() {
    let client = Client::new(signer().with_transmission(Transmission::Query));
    let head = head(Method::GET, "https://api.example.com/a");
    let mut exchange = Exchange::new(&client, head, Payload::Empty);
    let sent = exchange.attempt(stamp("a")).unwrap().parts.uri;
    let location = to(&format!("/e?{}", sent.query().unwrap()));
    let step = exchange.on_response(StatusCode::FOUND, &location, NOW);
    assert_eq!(step, Step::Again(Cause::Redirected));
    assert_eq!(exchange.unsigned().uri, "https://api.example.com/e");
}
