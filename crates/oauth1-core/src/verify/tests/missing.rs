//! What a request does not say, though it must.

extern crate alloc;

use alloc::{format, string::ToString};

use super::{
    rejections::{challenge, says},
    wire::{Call, once},
};
use crate::verify::{ParameterSet, Reason, Rejection};

#[test]
fn a_request_without_credentials_is_told_the_realm_alone() {
    let mut sent = Call::get().send_as_is();
    sent.headers.clear();
    let rejection = once(&sent).unwrap_err();
    assert_eq!(rejection.reason(), Reason::Absent);
    assert_eq!((rejection.status(), rejection.code()), (401, "absent"));
    assert_eq!(rejection.problem(), "parameter_absent");
    assert_eq!(challenge(&rejection, "Photos"), "OAuth realm=\"Photos\"");
    assert_eq!(
        rejection.to_string(),
        "the request has no OAuth credentials"
    );
}

#[test]
fn a_request_with_a_single_parameter_has_said_something() {
    for (only, is_signed) in [("oauth_token=token", false), ("oauth_signature=x", true)] {
        let mut sent = Call::to(&format!("https://api.example.com/?{only}")).send_as_is();
        sent.headers.clear();
        let Reason::MissingParameters(missing) = once(&sent).unwrap_err().reason() else {
            panic!("{only}");
        };
        let of_signature = missing.names().filter(|name| *name == "oauth_signature");
        assert_eq!(of_signature.count(), usize::from(!is_signed), "{only}");
    }
}

#[test]
fn each_missing_parameter_is_named() {
    let names = [
        "oauth_consumer_key",
        "oauth_signature_method",
        "oauth_timestamp",
        "oauth_nonce",
    ];
    for name in names {
        let problem = format!("parameter_absent\", oauth_parameters_absent=\"{name}");
        let outcome = once(&Call::get().without(name).sign());
        let reason = says(
            outcome,
            400,
            "missing_parameter",
            &problem,
            &format!("missing: {name}"),
        );
        match reason {
            Reason::MissingParameters(missing) => {
                assert!(missing.names().eq([name]));
                assert!(!missing.is_empty());
            }
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn all_missing_parameters_are_named_in_one_value() {
    let sent = Call::get().send_as_is().with_header("OAuth realm=\"x\"");
    let problem = "parameter_absent\", oauth_parameters_absent=\"oauth_consumer_key\
                   %26oauth_signature_method%26oauth_signature%26oauth_timestamp%26oauth_nonce";
    let text = "missing: oauth_consumer_key oauth_signature_method oauth_signature oauth_timestamp \
                oauth_nonce";
    says(once(&sent), 400, "missing_parameter", problem, text);
}

#[test]
fn a_driver_can_name_what_it_misses_itself() {
    let all = [
        (ParameterSet::CLIENT, "oauth_consumer_key"),
        (ParameterSet::TOKEN, "oauth_token"),
        (ParameterSet::METHOD, "oauth_signature_method"),
        (ParameterSet::SIGNATURE, "oauth_signature"),
        (ParameterSet::TIMESTAMP, "oauth_timestamp"),
        (ParameterSet::NONCE, "oauth_nonce"),
        (ParameterSet::VERIFIER, "oauth_verifier"),
    ];
    for (missing, name) in all {
        let outcome = Err(Rejection::new(Reason::MissingParameters(missing)));
        let problem = format!("parameter_absent\", oauth_parameters_absent=\"{name}");
        says(
            outcome,
            400,
            "missing_parameter",
            &problem,
            &format!("missing: {name}"),
        );
    }
    assert!(ParameterSet::default().is_empty());
    assert_eq!(ParameterSet::default().names().count(), 0);
}
