//! A server whose clock is another.

use super::*;

/// An hour ahead of `NOW`, which is Tue, 14 Nov 2023 22:13:20 GMT.
const AHEAD: &str = "Tue, 14 Nov 2023 23:13:20 GMT";
const AGAIN: Step = Step::Again(Cause::ClockCorrected);

fn refused(
    client: &Client<HmacSha1>,
    status: u16,
    response: &[(&'static str, &'static str)],
) -> Step {
    let head = head(Method::GET, "https://a.example/");
    let mut exchange = Exchange::new(client, head, Payload::Empty);
    exchange.attempt(stamp("a")).unwrap();
    exchange.on_response(
        StatusCode::from_u16(status).unwrap(),
        &headers(response),
        NOW,
    )
}

/// Status, headers, and the offset that is learned from them.
type Case = (u16, &'static [(&'static str, &'static str)], Option<i64>);

#[test]
fn a_refusal_corrects_the_clock_where_it_says_that_this_is_the_reason() {
    const REFUSED: &str = "OAuth oauth_problem=\"timestamp_refused\"";
    const RANGE: &str = "OAuth oauth_problem=\"timestamp_refused\", oauth_acceptable_timestamps=\"1700000300-1700000900\"";
    const INVALID: &str = "OAuth oauth_problem=\"signature_invalid\"";
    // RFC 9110 section 5.6.7: the obsolete form of a date is read too.
    const RFC_850: &str = "Tuesday, 14-Nov-23 23:13:20 GMT";
    let cases: [Case; 18] = [
        (401, &[("date", AHEAD)], Some(3_600)),
        (401, &[("date", RFC_850)], Some(3_600)),
        (
            401,
            &[("date", "Tue, 14 Nov 2023 21:13:20 GMT")],
            Some(-3_600),
        ),
        (401, &[("date", "Tue, 14 Nov 2023 22:13:50 GMT")], Some(30)),
        (401, &[("date", "Tue, 14 Nov 2023 22:13:49 GMT")], None),
        (
            401,
            &[("date", AHEAD), ("www-authenticate", "Basic realm=\"a\"")],
            Some(3_600),
        ),
        (401, &[("date", AHEAD), ("www-authenticate", INVALID)], None),
        (
            401,
            &[("date", AHEAD), ("www-authenticate", REFUSED)],
            Some(3_600),
        ),
        (
            400,
            &[("date", AHEAD), ("www-authenticate", REFUSED)],
            Some(3_600),
        ),
        (
            401,
            &[
                ("date", "Tue, 14 Nov 2023 22:13:21 GMT"),
                ("www-authenticate", REFUSED),
            ],
            Some(1),
        ),
        (401, &[("www-authenticate", RANGE)], Some(600)),
        // The date is outside of what the server says it takes: a cache's, perhaps.
        (
            401,
            &[("date", AHEAD), ("www-authenticate", RANGE)],
            Some(600),
        ),
        (
            401,
            &[
                ("date", "Tue, 14 Nov 2023 22:20:00 GMT"),
                ("www-authenticate", RANGE),
            ],
            Some(400),
        ),
        (401, &[("www-authenticate", REFUSED)], None),
        (401, &[("date", "yesterday")], None),
        (401, &[], None),
        (400, &[("date", AHEAD)], None),
        (403, &[("date", AHEAD), ("www-authenticate", REFUSED)], None),
    ];
    for (status, response, offset) in cases {
        let client = client().with_clock_correction(86_400);
        let step = refused(&client, status, response);
        assert_eq!(
            step,
            if offset.is_some() { AGAIN } else { Step::Done },
            "{response:?}"
        );
        assert_eq!(client.clock_offset(), offset.unwrap_or(0), "{response:?}");
    }
}

#[test]
fn a_clock_is_not_corrected_unless_the_client_says_so_nor_beyond_what_it_says() {
    let far = [("date", "Wed, 15 Nov 2023 22:13:21 GMT")];
    for (most, response, step) in [
        (0, [("date", AHEAD)], Step::Done),
        (3_599, [("date", AHEAD)], Step::Done),
        (3_600, [("date", AHEAD)], AGAIN),
        (86_400, far, Step::Done),
        (86_401, far, AGAIN),
    ] {
        let client = client().with_clock_correction(most);
        assert_eq!(refused(&client, 401, &response), step, "{most}");
    }
}

#[test]
fn the_correction_is_made_once_and_kept_for_all_that_follows() {
    let client = client().with_clock_correction(86_400);
    let head = head(Method::GET, "https://a.example/");
    let ahead = headers(&[("date", AHEAD)]);
    let mut exchange = Exchange::new(&client, head.clone(), Payload::Empty);
    let mut other = Exchange::new(&client, head.clone(), Payload::Empty);
    exchange.attempt(stamp("a")).unwrap();
    other.attempt(stamp("b")).unwrap();
    assert_eq!(
        exchange.on_response(StatusCode::UNAUTHORIZED, &ahead, NOW),
        AGAIN
    );

    let at = |exchange: &mut Exchange<'_, &Client<HmacSha1>>| {
        let attempt = exchange.attempt(stamp("c")).unwrap();
        let header = attempt.parts.headers[AUTHORIZATION]
            .to_str()
            .unwrap()
            .to_string();
        let at = attempt.stamp().unwrap().timestamp().unix_seconds();
        assert!(header.contains(&format!("oauth_timestamp=\"{at}\"")));
        at
    };
    assert_eq!(at(&mut exchange), 1_700_003_600);
    // The time is right now: the server has another reason.
    assert_eq!(
        exchange.on_response(StatusCode::UNAUTHORIZED, &ahead, NOW),
        Step::Done
    );
    // Once per exchange, though the clock seems off again.
    let behind = headers(&[("date", "Tue, 14 Nov 2023 21:13:20 GMT")]);
    assert_eq!(
        exchange.on_response(StatusCode::UNAUTHORIZED, &behind, NOW),
        Step::Done
    );
    // What was sent before the correction is corrected as well.
    assert_eq!(
        other.on_response(StatusCode::UNAUTHORIZED, &ahead, NOW),
        AGAIN
    );
    // And who starts afterwards has the right time from the start.
    let mut next = Exchange::new(&client, head, Payload::Empty);
    assert_eq!(at(&mut next), 1_700_003_600);
}

#[test]
fn a_trace_corrects_the_clock_for_layers_that_retry() {
    let client = client().with_clock_correction(86_400);
    let mut parts = head(Method::GET, "https://a.example/");
    let none = ProtocolParameters::NONE;
    let mut trace = |nonce| {
        let signed = client.sign_attempt(&mut parts, Payload::Empty, &none, stamp(nonce));
        signed.unwrap().1
    };
    let ahead = headers(&[("date", AHEAD)]);
    let corrects = |trace: &Trace, status| trace.corrects_clock(&client, status, &ahead, NOW);
    let first = trace("first");
    assert!(!corrects(&first, StatusCode::OK));
    assert!(corrects(&first, StatusCode::UNAUTHORIZED));
    let second = trace("second");
    assert_eq!(second.stamp().timestamp().unix_seconds(), 1_700_003_600);
    assert!(!corrects(&second, StatusCode::UNAUTHORIZED));
}

#[test]
fn a_body_that_flows_once_leaves_the_refusal_and_corrects_the_next_request() {
    let client = client().with_clock_correction(86_400);
    let head = head(Method::POST, "https://a.example/");
    let mut exchange = Exchange::new(&client, head, Payload::Streamed);
    exchange.attempt(stamp("a")).unwrap();
    let ahead = headers(&[("date", AHEAD)]);
    assert_eq!(
        exchange.on_response(StatusCode::UNAUTHORIZED, &ahead, NOW),
        Step::Done
    );
    assert_eq!(client.clock_offset(), 3_600);
}

/// Who was not sent a signature does not set the clock that signatures are made by.
#[test]
fn another_origin_does_not_set_the_clock() {
    let client = client()
        .with_clock_correction(86_400)
        .with_other_origins(OtherOrigins::Unsigned);
    let head = head(Method::GET, "https://a.example/");
    let mut exchange = Exchange::new(&client, head, Payload::Empty);
    exchange.attempt(stamp("a")).unwrap();
    let step = exchange.on_response(StatusCode::FOUND, &to("//b.example"), NOW);
    assert_eq!(step, Step::Again(Cause::Redirected));
    exchange.attempt(stamp("b")).unwrap();
    let ahead = headers(&[("date", AHEAD)]);
    assert_eq!(
        exchange.on_response(StatusCode::UNAUTHORIZED, &ahead, NOW),
        Step::Done
    );
    assert_eq!(client.clock_offset(), 0);
}

#[test]
fn an_offset_is_kept_within_what_it_can_be() {
    let client = client();
    for (set, kept) in [
        (5, 5),
        (-5, -5),
        (i64::MAX, 2_147_483_647),
        (i64::MIN, -2_147_483_648),
    ] {
        client.set_clock_offset(set);
        assert_eq!(client.clock_offset(), kept);
    }
    // A clock that is put back before 1970 is one that is not set.
    let mut parts = head(Method::GET, "https://a.example/");
    let error = client
        .sign_parts(
            &mut parts,
            Payload::Empty,
            &ProtocolParameters::NONE,
            stamp("a"),
        )
        .unwrap_err();
    assert_eq!(error, Error::Sign(crate::SignError::ClockNotSet));
}
