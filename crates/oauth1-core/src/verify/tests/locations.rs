//! Where protocol parameters may stand, and under which names.

extern crate alloc;

use super::wire::{Call, Content, NOW, Outcome, Server, once};
use crate::{
    Parameter, SharedSecrets, SlotArray, StandIn, Timestamp, Transmission,
    verify::{Coverage, Lookup, Policy, Reason},
};

fn refused(reason: Reason) -> Outcome {
    Err(reason.into())
}

fn lenient(call: &Call) -> Outcome {
    Server::with_policy(Policy::new().allow_several_locations()).verify(&call.sign())
}

#[test]
fn each_of_the_three_places_will_do() {
    let cases = [
        (Transmission::Header, Coverage::Empty),
        (Transmission::Query, Coverage::Empty),
        (Transmission::Form, Coverage::Signed),
    ];
    for (place, coverage) in cases {
        assert_eq!(once(&Call::get().at(place).sign()), Ok(coverage));
    }
}

#[test]
fn a_token_may_stand_elsewhere_where_the_policy_lets_it() {
    let call = Call::to("https://api.example.com/?oauth_token=token").without("oauth_token");
    assert_eq!(once(&call.sign()), refused(Reason::MixedLocations));
    assert_eq!(lenient(&call), Ok(Coverage::Empty));
}

#[test]
fn query_and_form_are_two_places() {
    let call = Call::to("https://api.example.com/?oauth_token=token").without("oauth_token");
    let call = call.at(Transmission::Form);
    assert_eq!(once(&call.sign()), refused(Reason::MixedLocations));
    assert_eq!(lenient(&call), Ok(Coverage::Signed));
}

#[test]
fn a_signature_alone_in_another_place_is_refused() {
    let call = Call::get();
    let mut sent = call.send_as_is();
    sent.url = alloc::format!(
        "{}&oauth_signature={}",
        sent.url,
        call.signature().replace('+', "%2B")
    );
    assert_eq!(once(&sent), refused(Reason::MixedLocations));
    let policy = Policy::new().allow_several_locations();
    assert_eq!(
        Server::with_policy(policy).verify(&sent),
        Ok(Coverage::Empty)
    );
}

#[test]
fn the_form_is_another_place_than_the_header() {
    let token = Call::post(Content::form("oauth_token=token")).without("oauth_token");
    let call = Call::post(Content::form("a=b"));
    let signature = call.signature().replace('+', "%2B");
    let form = Content::form(&alloc::format!("a=b&oauth_signature={signature}"));
    let signature = call.send_as_is().with_content(form);
    for sent in [token.sign(), signature] {
        assert_eq!(once(&sent), refused(Reason::MixedLocations));
        let policy = Policy::new().allow_several_locations();
        let outcome = Server::with_policy(policy).verify(&sent);
        assert_eq!(outcome, Ok(Coverage::Signed));
    }
}

#[test]
fn a_signature_in_two_places_is_refused_by_every_policy() {
    let duplicate = refused(Reason::DuplicateParameter("oauth_signature"));
    for query in [
        "oauth_signature=x",
        "oauth%5fsignature=x",
        "oauth_signature",
    ] {
        let call = Call::to(&alloc::format!("https://api.example.com/?{query}"));
        assert_eq!(once(&call.sign()), duplicate);
        assert_eq!(lenient(&call), duplicate);
    }
}

#[test]
fn a_signature_twice_in_one_place_is_refused() {
    let duplicate = refused(Reason::DuplicateParameter("oauth_signature"));
    for place in [
        Transmission::Header,
        Transmission::Query,
        Transmission::Form,
    ] {
        let call = Call::get().at(place);
        let signature = call.signature();
        let twice = call.and("oauth_signature", &signature).send(&signature);
        assert_eq!(once(&twice), duplicate);
    }
}

#[test]
fn a_parameter_in_two_places_is_refused_by_every_policy() {
    let call = Call::to("https://api.example.com/?oauth_token=token");
    assert_eq!(
        lenient(&call),
        refused(Reason::DuplicateParameter("oauth_token"))
    );
}

#[test]
fn a_signature_among_form_pairs_is_seen() {
    let sent = Call::get().sign();
    let pairs = [
        Parameter::new("a", "1"),
        Parameter::new("oauth_signature", "x"),
    ];
    let request = sent.request().with_form_pairs(&pairs);
    let mut slots = SlotArray::<16>::new();
    let policy = Policy::new();
    let now = Timestamp::from_unix_seconds(NOW);
    let received = policy.receive(&request, sent.headers(), now, &mut slots);
    let reason = received.map(|_| ()).map_err(|rejection| rejection.reason());
    assert_eq!(reason, Err(Reason::DuplicateParameter("oauth_signature")));
}

#[test]
fn a_request_that_was_signed_in_its_form_is_accepted_as_pairs() {
    let call = Call::get().at(Transmission::Form);
    let signature = call.signature();
    let pairs = [
        ("oauth_consumer_key", "client"),
        ("oauth_token", "token"),
        ("oauth_signature_method", "HMAC-SHA1"),
        ("oauth_timestamp", "1700000000"),
        ("oauth_nonce", "abc"),
        ("oauth_signature", &signature),
    ]
    .map(Parameter::from);
    let sent = Call::get().send_as_is();
    let request = sent.request().with_form_pairs(&pairs);
    let mut slots = SlotArray::<16>::new();
    let policy = Policy::new();
    let now = Timestamp::from_unix_seconds(NOW);
    let secrets = SharedSecrets::new("client secret", "token secret");
    let authentic = policy
        .receive(&request, [], now, &mut slots)
        .and_then(|received| received.authenticate(Lookup::Found(&secrets), &StandIn::new()));
    assert_eq!(authentic.map(|_| ()), Ok(()));
}

#[test]
fn a_name_in_another_encoding_is_the_same_name() {
    let sent = Call::get().sign();
    let aliased = sent.clone().in_header("oauth_nonce", "%6Fauth%5Fnonce");
    assert_eq!(once(&aliased), Ok(Coverage::Empty));
    let aliased = sent.in_header("oauth_signature=", "oauth_signatur%65=");
    assert_eq!(once(&aliased), Ok(Coverage::Empty));
    let call = Call::post(Content::None).at(Transmission::Query);
    let aliased = call
        .sign()
        .in_url("oauth_token=token", "oauth%5Ftoken=%74oken");
    assert_eq!(once(&aliased), Ok(Coverage::Empty));
}

#[test]
fn a_name_in_another_case_is_another_name() {
    let call = Call::get().and("OAUTH_NONCE", "x").and("Oauth_Token", "y");
    assert_eq!(once(&call.sign()), Ok(Coverage::Empty));
    let call = Call::get().without("oauth_nonce").and("OAUTH_NONCE", "x");
    assert_eq!(once(&call.sign()).unwrap_err().code(), "missing_parameter");
}

#[test]
fn names_that_begin_as_one_of_the_protocol_are_others() {
    let names = [
        "oauth_",
        "oauth_nonces",
        "oauth_nonc",
        "oauth_tok",
        "oauth_versions",
        "oauth_signature_",
    ];
    let call = names
        .iter()
        .fold(Call::get(), |call, name| call.and(name, "x"));
    assert_eq!(once(&call.sign()), Ok(Coverage::Empty));
}

#[test]
fn names_like_oauth_without_the_underscore_may_stand_anywhere_and_often() {
    let call =
        Call::to("https://api.example.com/?oauth=1&oauth=2&oauthnonce=3&oauth-token=4&xoauth_a=5");
    let call = call.and("oauth", "6").and("xoauth_requestor_id", "7");
    assert_eq!(once(&call.sign()), Ok(Coverage::Empty));
}

#[test]
fn the_realm_of_the_header_is_unsigned_in_whatever_case() {
    let sent = Call::get().with_realm("Photos").sign();
    for realm in [
        "realm=\"\"",
        "Realm=\"Photos\"",
        "REALM=\"Films\"",
        "realm = \"x\"",
    ] {
        let changed = sent.clone().in_header("realm=\"Photos\"", realm);
        assert_eq!(once(&changed), Ok(Coverage::Empty));
    }
    let behind = sent.in_header("realm=\"Photos\", ", "");
    let behind = alloc::format!("{}, realm=\"Photos\"", behind.header());
    assert_eq!(
        once(&Call::get().sign().with_header(behind)),
        Ok(Coverage::Empty)
    );
}

#[test]
fn a_realm_twice_is_refused() {
    let sent = Call::get().with_realm("Photos").sign();
    for second in [
        "realm=\"Photos\", realm=\"Photos\"",
        "realm=\"Photos\", Realm=\"\"",
    ] {
        let twice = sent.clone().in_header("realm=\"Photos\"", second);
        assert_eq!(once(&twice), refused(Reason::DuplicateParameter("realm")));
    }
}

#[test]
fn names_that_contain_realm_are_signed() {
    for name in ["xrealm", "realms", "realm_", "the realm"] {
        let sent = Call::get().and(name, "Photos").sign();
        assert_eq!(once(&sent), Ok(Coverage::Empty));
        let changed = sent.in_header("Photos", "Films");
        assert_eq!(once(&changed), refused(Reason::SignatureInvalid));
    }
}

#[test]
fn a_header_with_a_realm_alone_leaves_the_parameters_to_the_query() {
    let mut sent = Call::get().at(Transmission::Query).sign();
    sent.headers.push(b"OAuth realm=\"Photos\"".to_vec());
    assert_eq!(once(&sent), Ok(Coverage::Empty));
}

#[test]
fn headers_of_other_schemes_are_passed_over() {
    let mut sent = Call::get().sign();
    sent.headers.insert(0, b"Bearer abc".to_vec());
    sent.headers.push(b"Basic \xff".to_vec());
    assert_eq!(once(&sent), Ok(Coverage::Empty));
}
