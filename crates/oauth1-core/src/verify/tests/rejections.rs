//! Each reason, by a request that gives it, with all that its sender is told.

extern crate alloc;

use alloc::{
    format,
    string::{String, ToString},
};

use super::wire::{Call, Content, NOW, Outcome, Server, Wire, once};
use crate::{
    Timestamp, Transmission,
    authorization::HeaderErrorKind,
    forwarded::ForwardedError,
    verify::{BodyHashPolicy, Policy, Reason, Rejection},
};

pub(super) fn challenge(rejection: &Rejection, realm: &str) -> String {
    let mut out = Wire::default();
    rejection.write_challenge(realm, &mut out);
    String::from_utf8(out.0).unwrap()
}

/// `problem` is what the challenge says behind the realm, its first value being the problem.
#[track_caller]
pub(super) fn says(outcome: Outcome, status: u16, code: &str, problem: &str, text: &str) -> Reason {
    let rejection = outcome.unwrap_err();
    assert_eq!(rejection.status(), status);
    assert_eq!(rejection.code(), code);
    assert_eq!(rejection.problem(), problem.split('"').next().unwrap());
    let expected = format!("OAuth realm=\"Photos\", oauth_problem=\"{problem}\"");
    assert_eq!(challenge(&rejection, "Photos"), expected);
    assert_eq!(rejection.to_string(), text);
    rejection.reason()
}

#[test]
fn a_malformed_header_is_refused_and_the_place_named() {
    let sent = Call::get().send_as_is().with_header("OAuth a=b");
    let text = "the Authorization header is malformed: a parameter value is not in double quotes \
                (at byte 8 of the header)";
    match says(once(&sent), 400, "malformed", "parameter_rejected", text) {
        Reason::MalformedHeader(error) => {
            assert_eq!(
                (error.kind(), error.offset()),
                (HeaderErrorKind::Unquoted, 8)
            );
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn two_headers_of_the_scheme_are_refused() {
    let mut sent = Call::get().sign();
    sent.headers.push(sent.headers[0].clone());
    let text = "there are several OAuth Authorization headers";
    let reason = says(once(&sent), 400, "malformed", "parameter_rejected", text);
    assert_eq!(reason, Reason::SeveralHeaders);
}

#[test]
fn a_broken_escape_in_the_query_is_refused_and_the_place_named() {
    let sent = Call::to("https://api.example.com/?a=1&b%2=3").sign();
    let text = "a \"%\" without two hexadecimal digits at byte 5 of the query";
    let reason = says(once(&sent), 400, "malformed", "parameter_rejected", text);
    assert_eq!(reason, Reason::MalformedEncoding("query", 5));
}

#[test]
fn a_broken_escape_in_the_form_is_refused_and_the_place_named() {
    let sent = Call::post(Content::form("a=100%")).sign();
    let text = "a \"%\" without two hexadecimal digits at byte 5 of the form";
    let reason = says(once(&sent), 400, "malformed", "parameter_rejected", text);
    assert_eq!(reason, Reason::MalformedEncoding("form", 5));
}

#[test]
fn a_value_that_no_parameter_can_have_is_refused_by_name() {
    let cases = [
        ("oauth_consumer_key", ""),
        ("oauth_consumer_key", "a\nb"),
        ("oauth_token", "a\nb"),
        ("oauth_timestamp", "soon"),
        ("oauth_nonce", ""),
        ("oauth_nonce", "a\0b"),
        ("oauth_callback", "a\rb"),
        ("oauth_verifier", "a\x7Fb"),
    ];
    for (name, value) in cases {
        let outcome = once(&Call::get().with(name, value).sign());
        let text = format!("{name} has no valid value");
        let reason = says(outcome, 400, "malformed", "parameter_rejected", &text);
        assert_eq!(reason, Reason::MalformedParameter(name));
    }
}

#[test]
fn a_driver_can_refuse_a_content_type_and_a_uri() {
    let several = "the request has several Content-Type headers, or an unreadable one";
    for (reason, text) in [
        (Reason::MalformedContentType, several),
        (Reason::MalformedUri, "the request's URI cannot be read"),
    ] {
        let outcome = Err(Rejection::new(reason));
        assert_eq!(
            says(outcome, 400, "malformed", "parameter_rejected", text),
            reason
        );
    }
}

#[test]
fn a_driver_can_refuse_what_a_core_does_not_see() {
    let host = "the request's host is missing, unreadable or not the same everywhere";
    let misdirected = "the request is for a host that is not this server's";
    let forwarded = "a forwarding header cannot be read";
    let unreadable = "the body ended in an error";
    let syntax = Reason::MalformedForwarded(ForwardedError::Syntax);
    let table = [
        (Reason::MalformedHost, 400, "malformed", host),
        (syntax, 400, "malformed", forwarded),
        (Reason::UnreadableBody, 400, "malformed", unreadable),
        (
            Reason::EncodedForm,
            415,
            "encoded_form",
            "the form is compressed",
        ),
        (Reason::Misdirected, 421, "misdirected", misdirected),
    ];
    for (reason, status, code, text) in table {
        let outcome = Err(Rejection::new(reason));
        assert_eq!(
            says(outcome, status, code, "parameter_rejected", text),
            reason
        );
    }
}

#[test]
fn a_parameter_twice_is_refused_by_name() {
    let names = [
        "oauth_body_hash",
        "oauth_callback",
        "oauth_consumer_key",
        "oauth_nonce",
        "oauth_signature_method",
        "oauth_timestamp",
        "oauth_token",
        "oauth_verifier",
        "oauth_version",
    ];
    for name in names {
        let outcome = once(&Call::get().with(name, "1.0").and(name, "1.0").sign());
        let text = format!("{name} is there more than once");
        let reason = says(
            outcome,
            400,
            "duplicate_parameter",
            "parameter_rejected",
            &text,
        );
        assert_eq!(reason, Reason::DuplicateParameter(name));
    }
    let outcome = once(&Call::get().and("oauth_x", "").and("oauth_x", "").sign());
    let reason = outcome.unwrap_err().reason();
    assert_eq!(reason, Reason::DuplicateParameter("an oauth_ parameter"));
}

#[test]
fn parameters_in_two_places_are_refused() {
    let outcome = once(&Call::to("https://api.example.com/?oauth_x=1").sign());
    let text = "the oauth_ parameters stand in more than one of header, query and form";
    let reason = says(outcome, 400, "mixed_locations", "parameter_rejected", text);
    assert_eq!(reason, Reason::MixedLocations);
}

#[test]
fn another_version_is_refused_with_the_one_that_would_do() {
    let problem = "version_rejected\", oauth_acceptable_versions=\"1.0-1.0";
    let outcome = once(&Call::get().with("oauth_version", "2.0").sign());
    let reason = says(
        outcome,
        400,
        "unsupported_version",
        problem,
        "oauth_version is not 1.0",
    );
    assert_eq!(reason, Reason::UnsupportedVersion);
    for place in [Transmission::Query, Transmission::Form] {
        let sent = Call::get().with("oauth_version", "2.0").at(place).sign();
        assert_eq!(once(&sent).unwrap_err().reason(), reason);
    }
}

#[test]
fn an_unknown_method_is_refused() {
    let outcome = once(
        &Call::get()
            .with("oauth_signature_method", "HMAC-MD5")
            .sign(),
    );
    let text = "oauth_signature_method is unknown or not allowed (PLAINTEXT: not without TLS)";
    let code = "unsupported_signature_method";
    let reason = says(outcome, 400, code, "signature_method_rejected", text);
    assert_eq!(reason, Reason::UnsupportedSignatureMethod);
}

#[test]
fn a_stale_timestamp_is_refused_with_the_window() {
    let problem = "timestamp_refused\", oauth_acceptable_timestamps=\"1700000001-1700000601";
    let text = "oauth_timestamp is not between 1700000001 and 1700000601";
    let outcome = Server::new().at(NOW + 301).verify(&Call::get().sign());
    let reason = says(outcome, 401, "timestamp_refused", problem, text);
    let [oldest, newest] = [NOW + 1, NOW + 601].map(Timestamp::from_unix_seconds);
    assert_eq!(reason, Reason::TimestampRefused(oldest, newest));
}

#[test]
fn a_replay_is_refused() {
    let (mut server, sent) = (Server::new(), Call::get().sign());
    server.verify(&sent).unwrap();
    let text = "the nonce was used before";
    let reason = says(
        server.verify(&sent),
        401,
        "nonce_replayed",
        "nonce_used",
        text,
    );
    assert_eq!(reason, Reason::NonceReplayed);
}

#[test]
fn an_unknown_client_is_refused_as_a_bad_signature() {
    let outcome = once(&Call::get().with("oauth_consumer_key", "nobody").sign());
    let text = "the client is unknown";
    let reason = says(outcome, 401, "client_unknown", "signature_invalid", text);
    assert_eq!(reason, Reason::ClientUnknown);
}

#[test]
fn an_unknown_token_is_refused_as_a_bad_signature() {
    let outcome = once(&Call::get().with("oauth_token", "nothing").sign());
    let text = "the token is unknown";
    let reason = says(outcome, 401, "token_unknown", "signature_invalid", text);
    assert_eq!(reason, Reason::TokenUnknown);
}

#[test]
fn a_bad_signature_is_refused() {
    let outcome = once(&Call::get().send("AAAAAAAAAAAAAAAAAAAAAAAAAAA="));
    let text = "the signature does not match";
    let reason = says(outcome, 401, "signature_invalid", "signature_invalid", text);
    assert_eq!(reason, Reason::SignatureInvalid);
}

#[test]
fn a_body_that_is_not_the_one_signed_is_refused() {
    let call = Call::post(Content::opaque("Hello World!"));
    let outcome = once(
        &call
            .with("oauth_body_hash", "2jmj7l5rSw0yVb/vlWAYkK/YBwk=")
            .sign(),
    );
    let text = "the body does not match oauth_body_hash";
    let reason = says(
        outcome,
        401,
        "body_hash_invalid",
        "parameter_rejected",
        text,
    );
    assert_eq!(reason, Reason::BodyHashInvalid);
}

#[test]
fn a_body_without_the_hash_that_is_demanded_is_refused() {
    let policy = Policy::new().with_body_hash(BodyHashPolicy::Required);
    let sent = Call::post(Content::opaque("Hello World!")).sign();
    let problem = "parameter_absent\", oauth_parameters_absent=\"oauth_body_hash";
    let text = "oauth_body_hash is demanded and missing";
    let outcome = Server::with_policy(policy).verify(&sent);
    let reason = says(outcome, 401, "body_hash_missing", problem, text);
    assert_eq!(reason, Reason::BodyHashMissing);
}

#[test]
fn a_form_with_a_body_hash_is_refused() {
    let call = Call::post(Content::form("a=1"));
    let outcome = once(
        &call
            .with("oauth_body_hash", "2jmj7l5rSw0yVb/vlWAYkK/YBwk=")
            .sign(),
    );
    let text = "oauth_body_hash came with a form";
    let reason = says(
        outcome,
        400,
        "body_hash_on_form",
        "parameter_rejected",
        text,
    );
    assert_eq!(reason, Reason::BodyHashOnForm);
}

#[test]
fn a_query_beyond_the_limit_is_refused() {
    let sent = Call::to(&format!(
        "https://api.example.com/?a={}",
        "x".repeat(65_535)
    ))
    .sign();
    let reason = says(
        once(&sent),
        413,
        "too_large",
        "parameter_rejected",
        "too large: the query",
    );
    assert_eq!(reason, Reason::TooLarge("the query"));
}

#[test]
fn a_header_beyond_the_limit_is_refused() {
    let header = format!("OAuth {}", ",".repeat(65_536));
    let outcome = once(&Call::get().send_as_is().with_header(header));
    let text = "too large: the Authorization header";
    let reason = says(outcome, 400, "too_large", "parameter_rejected", text);
    assert_eq!(reason, Reason::HeaderTooLong);
}
