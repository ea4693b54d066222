extern crate alloc;

use alloc::format;

use super::wire::{Call, Content, NOW, Outcome, Sent, Server, once};
use crate::{
    SharedSecrets, SlotArray, StandIn, Timestamp,
    verify::{BodyHashPolicy, Coverage, Lookup, NonceStatus, Policy, Reason},
};

const SIGNATURE: &str = "client%20secret&token%20secret";

fn call() -> Call {
    Call::get().with("oauth_signature_method", "PLAINTEXT")
}

fn bare() -> Call {
    call().without("oauth_timestamp").without("oauth_nonce")
}

fn over_http(call: &Call) -> Sent {
    call.send(SIGNATURE).in_url("https://", "http://")
}

fn refused(reason: Reason) -> Outcome {
    Err(reason.into())
}

#[test]
fn the_secrets_are_the_signature() {
    assert_eq!(once(&call().send(SIGNATURE)), Ok(Coverage::Empty));
    let others = [
        "",
        "&",
        "client%20secret&",
        "&token%20secret",
        "client%20secret&token%20secre",
        "client%20secret&token%20secret&",
        "client%20secret&token%20secret\0",
        "client secret&token secret",
        "client+secret&token+secret",
        "client%20secret%26token%20secret",
        "Client%20secret&token%20secret",
    ];
    for other in others {
        assert_eq!(
            once(&call().send(other)),
            refused(Reason::SignatureInvalid),
            "{other}"
        );
    }
}

#[test]
fn the_signature_is_encoded_once_more_on_the_wire() {
    let sent = call().send(SIGNATURE);
    assert!(
        sent.header()
            .ends_with("oauth_signature=\"client%2520secret%26token%2520secret\"")
    );
    let once_only = sent.in_header("client%2520secret%26token%2520secret", SIGNATURE);
    assert_eq!(once(&once_only), refused(Reason::SignatureInvalid));
}

#[test]
fn the_ampersand_is_there_where_secrets_are_not() {
    let call = bare().without("oauth_token");
    assert_eq!(once(&call.send("client%20secret&")), Ok(Coverage::Empty));
    assert_eq!(
        once(&call.send("client%20secret")),
        refused(Reason::SignatureInvalid)
    );
}

#[test]
fn timestamp_and_nonce_may_be_left_out() {
    assert_eq!(once(&bare().send(SIGNATURE)), Ok(Coverage::Empty));
    assert_eq!(
        once(&call().without("oauth_nonce").send(SIGNATURE)),
        Ok(Coverage::Empty)
    );
    assert_eq!(
        once(&call().without("oauth_timestamp").send(SIGNATURE)),
        Ok(Coverage::Empty)
    );
}

#[test]
fn timestamp_and_nonce_are_checked_where_they_are() {
    let stale = call().with("oauth_timestamp", "1");
    assert_eq!(
        once(&stale.send(SIGNATURE)).unwrap_err().code(),
        "timestamp_refused"
    );
    let empty = call().with("oauth_nonce", "").send(SIGNATURE);
    assert_eq!(
        once(&empty),
        refused(Reason::MalformedParameter("oauth_nonce"))
    );
    let mut server = Server::new();
    assert!(server.verify(&call().send(SIGNATURE)).is_ok());
    assert_eq!(
        server.verify(&call().send(SIGNATURE)),
        refused(Reason::NonceReplayed)
    );
}

#[test]
fn a_request_without_a_nonce_may_come_again() {
    let mut server = Server::new();
    for _ in 0..2 {
        assert_eq!(server.verify(&bare().send(SIGNATURE)), Ok(Coverage::Empty));
    }
}

#[test]
fn the_signature_does_not_depend_on_the_request() {
    let sent = call()
        .send(SIGNATURE)
        .in_url("original", "small")
        .with_method("DELETE");
    assert_eq!(once(&sent), Ok(Coverage::Empty));
}

#[test]
fn only_tls_lets_it_in_unless_the_policy_does() {
    assert_eq!(
        once(&over_http(&call())),
        refused(Reason::UnsupportedSignatureMethod)
    );
    let lenient = Policy::new().allow_plaintext_without_tls();
    assert_eq!(
        Server::with_policy(lenient).verify(&over_http(&call())),
        Ok(Coverage::Empty)
    );
    let upper_case = call().send(SIGNATURE).in_url("https://", "HTTPS://");
    assert_eq!(once(&upper_case), Ok(Coverage::Empty));
}

#[test]
fn only_tls_counts_for_it_and_not_for_other_methods() {
    let sent = Call::to("http://api.example.com/").sign();
    assert_eq!(once(&sent), Ok(Coverage::Empty));
}

#[test]
fn a_policy_without_it_refuses_it() {
    for policy in [Policy::new(), Policy::new().allow_plaintext_without_tls()] {
        let policy = policy.with_methods(&["HMAC-SHA1"]);
        let outcome = Server::with_policy(policy).verify(&call().send(SIGNATURE));
        assert_eq!(outcome, refused(Reason::UnsupportedSignatureMethod));
    }
}

#[test]
fn it_has_no_body_hash_to_demand_or_to_check() {
    let policies = [BodyHashPolicy::Required, BodyHashPolicy::Always];
    let policies = policies.map(|body_hash| Policy::new().with_body_hash(body_hash));
    let contents = [
        (Content::None, Coverage::Empty),
        (Content::opaque("x"), Coverage::Unsigned),
        (Content::Streamed, Coverage::Unsigned),
    ];
    for (content, coverage) in contents {
        let sent = call().with_content(content).send(SIGNATURE);
        for policy in policies {
            assert_eq!(Server::with_policy(policy).verify(&sent), Ok(coverage));
        }
    }
    for content in [Content::opaque("x"), Content::Streamed] {
        let call = call()
            .with_content(content)
            .with("oauth_body_hash", "whatever");
        assert_eq!(once(&call.send(SIGNATURE)), Ok(Coverage::Unsigned));
    }
}

#[test]
fn it_covers_no_form() {
    let call = call().with_content(Content::form("a=1"));
    assert_eq!(once(&call.send(SIGNATURE)), Ok(Coverage::Unsigned));
}

#[test]
fn debug_never_shows_the_signature_which_is_the_secrets() {
    let sent = call().send(SIGNATURE);
    let (policy, mut slots) = (Policy::new(), SlotArray::<16>::new());
    let (request, now) = (sent.request(), Timestamp::from_unix_seconds(NOW));
    let received = policy
        .receive(&request, sent.headers(), now, &mut slots)
        .unwrap();
    let secrets = SharedSecrets::new("client secret", "token secret");
    let authentic = received
        .authenticate(Lookup::Found(&secrets), &StandIn::new())
        .unwrap();
    let verified = authentic.accept(NonceStatus::Fresh).unwrap();
    let shown = [
        format!("{received:?} {received:#?}"),
        format!("{authentic:?} {authentic:#?}"),
        format!("{verified:?} {verified:#?}"),
        format!("{:?}", received.base_string()),
    ];
    for text in shown {
        assert!(text.contains("PLAINTEXT"), "{text}");
        assert!(!text.contains("secret"), "{text}");
    }
}
