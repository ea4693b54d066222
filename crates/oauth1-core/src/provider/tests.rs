//! What the provider's states decide, without a socket.

use alloc::{
    format,
    string::{String, ToString},
    vec,
    vec::Vec,
};
use core::fmt::Write as _;

use super::*;
use crate::{
    method::shared::{SharedSecrets, StandIn},
    percent,
    request::RequestView,
    stamp::Timestamp,
    target::Target,
    verify::{Lookup, NonceStatus, Policy},
};

mod authorization;
mod callback;
mod issue;
mod refusal;
mod temporary;
mod token;

const NOW: Timestamp = Timestamp::from_unix_seconds(137_131_200);
const LATER: Timestamp = Timestamp::from_unix_seconds(137_131_800);

/// A request as the chain of `verify` leaves it, with these parameters in its form.
fn verified<T>(parameters: &[(&str, &str)], then: impl FnOnce(&Verified<'_>) -> T) -> T {
    let mut form = String::from("oauth_consumer_key=printer&oauth_signature_method=PLAINTEXT");
    for (name, value) in parameters {
        write!(form, "&{name}={}", percent::encode(value)).unwrap();
    }
    form += "&oauth_signature=client%26other";
    let target = Target::parse("https://photos.example.net/oauth").unwrap();
    let request = RequestView::new("POST", target).with_form(form.as_bytes());
    let (policy, mut slots) = (Policy::new(), Vec::new());
    let received = policy.receive(&request, [], NOW, &mut slots).unwrap();
    let secrets = SharedSecrets::new("client", "other");
    let authentic = received
        .authenticate(Lookup::Found(&secrets), &StandIn::new())
        .unwrap();
    then(&authentic.accept(NonceStatus::Absent).unwrap())
}

#[test]
fn every_refusal_has_its_status_problem_and_code() {
    let rejection = crate::verify::Rejection::new(crate::verify::Reason::NonceReplayed);
    let table = [
        (
            Refusal::Rejected(rejection),
            401,
            "nonce_used",
            "nonce_replayed",
        ),
        (
            Refusal::InsecureTransport,
            403,
            "parameter_rejected",
            "insecure_transport",
        ),
        (
            Refusal::MethodNotAllowed("POST"),
            405,
            "parameter_rejected",
            "method_not_allowed",
        ),
        (
            Refusal::ParameterAbsent("oauth_callback"),
            400,
            "parameter_absent",
            "missing_parameter",
        ),
        (
            Refusal::ParameterAbsent("oauth_verifier"),
            401,
            "parameter_absent",
            "missing_parameter",
        ),
        (
            Refusal::ParameterRejected("scope"),
            400,
            "parameter_rejected",
            "parameter_rejected",
        ),
        (
            Refusal::Callback(CallbackError::NotRegistered),
            400,
            "parameter_rejected",
            "callback_not_registered",
        ),
        (
            Refusal::Callback(CallbackError::Scheme),
            400,
            "parameter_rejected",
            "callback_invalid",
        ),
        (
            Refusal::RealmUnknown,
            400,
            "parameter_rejected",
            "realm_unknown",
        ),
        (
            Refusal::WrongCredentials(SignedBy::Client),
            401,
            "token_rejected",
            "wrong_credentials",
        ),
        (
            Refusal::TemporaryUnknown,
            401,
            "token_expired",
            "temporary_unknown",
        ),
        (
            Refusal::AlreadyDecided,
            401,
            "token_used",
            "already_decided",
        ),
        (
            Refusal::NotDecided,
            401,
            "permission_unknown",
            "not_decided",
        ),
        (Refusal::Denied, 401, "user_refused", "denied"),
        (
            Refusal::VerifierWrong,
            401,
            "parameter_rejected",
            "verifier_wrong",
        ),
        (
            Refusal::TooManyVerifiers,
            401,
            "token_rejected",
            "too_many_verifiers",
        ),
        (
            Refusal::SessionUnknown,
            401,
            "token_revoked",
            "session_unknown",
        ),
        (
            Refusal::XauthRefused,
            401,
            "consumer_key_refused",
            "xauth_refused",
        ),
        (
            Refusal::PasswordWrong,
            401,
            "permission_denied",
            "password_wrong",
        ),
    ];
    for (refusal, status, problem, code) in table {
        assert_eq!(
            (refusal.status(), refusal.problem(), refusal.code()),
            (status, problem, code)
        );
        let challenge = refusal.challenge("Photos \"\r\nSet-Cookie: x");
        let start = format!(r#"OAuth realm="Photos \"Set-Cookie: x", oauth_problem="{problem}""#);
        assert!(challenge.starts_with(&start), "{challenge}");
        assert!(!refusal.to_string().is_empty());
    }
    assert_eq!(
        Refusal::VerifierWrong.challenge("a"),
        r#"OAuth realm="a", oauth_problem="parameter_rejected", oauth_parameters_rejected="oauth_verifier""#,
    );
}

#[test]
fn a_refusal_says_what_was_wrong() {
    let rejection = crate::verify::Rejection::new(crate::verify::Reason::NonceReplayed);
    assert_eq!(Refusal::from(rejection), Refusal::Rejected(rejection));
    assert_eq!(Refusal::from(rejection).to_string(), rejection.to_string());
    for (signed_by, text) in [
        (
            SignedBy::Client,
            "the request names no credentials but the client's",
        ),
        (
            SignedBy::Temporary,
            "the request is signed with temporary credentials",
        ),
        (
            SignedBy::Token,
            "the request is signed with token credentials",
        ),
    ] {
        assert_eq!(Refusal::WrongCredentials(signed_by).to_string(), text);
    }
}

#[test]
fn an_endpoint_answers_over_tls_or_to_who_is_on_the_same_machine() {
    for (origin, tls_only, loopback) in [
        ("https://photos.example.net", true, true),
        ("https://127.0.0.1", true, true),
        ("http://127.0.0.1:8080", false, true),
        ("http://[::1]", false, true),
        ("http://localhost", false, true),
        ("http://photos.example.net", false, false),
        ("http://128.0.0.1", false, false),
    ] {
        let origin = crate::Origin::parse(origin).unwrap();
        for (transport, is_allowed) in [
            (Transport::TlsOnly, tls_only),
            (Transport::LoopbackWithoutTls, loopback),
        ] {
            let refused = (!is_allowed).then_some(Refusal::InsecureTransport);
            assert_eq!(transport.check(origin).err(), refused, "{origin:?}");
        }
    }
    assert_eq!(Transport::default(), Transport::TlsOnly);
}
