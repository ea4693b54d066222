//! What is asked of a store, and what its answer does.

extern crate alloc;

use alloc::vec::Vec;

use super::wire::{Call, NOW, Sent, Server, Wire};
use crate::{
    BaseString, SharedSecrets, SlotArray, StandIn, Timestamp, Value, Verdict, VerifyingKey,
    verify::{Lookup, NonceStatus, Policy, Reason, Rejection, ReplayKey},
};

/// A key for which every signature is right.
struct Anybody;

impl VerifyingKey for Anybody {
    fn serves(&self, _: &str) -> bool {
        true
    }

    fn verify(&self, _: &str, _: &BaseString<'_>, _: Value<'_>) -> Verdict {
        Verdict::Valid
    }
}

fn with_replay_key<T>(sent: &Sent, then: impl FnOnce(ReplayKey<'_>) -> T) -> T {
    let (policy, mut slots) = (Policy::new(), SlotArray::<16>::new());
    let now = Timestamp::from_unix_seconds(NOW);
    let request = sent.request();
    let received = policy
        .receive(&request, sent.headers(), now, &mut slots)
        .unwrap();
    let key = Anybody;
    let authentic = received
        .authenticate(Lookup::Found(&key), &StandIn::new())
        .unwrap();
    then(authentic.replay_key().unwrap())
}

#[test]
fn an_empty_token_counts_as_none_and_is_signed_all_the_same() {
    let absent = Call::get()
        .without("oauth_token")
        .with_secrets("client secret", "");
    let empty = absent.clone().with("oauth_token", "");
    assert_ne!(absent.signature(), empty.signature());
    for call in [absent, empty] {
        assert!(Server::new().verify(&call.sign()).is_ok());
        with_replay_key(&call.sign(), |key| assert!(key.token().is_none()));
    }
}

#[test]
fn a_fresh_nonce_is_accepted_and_a_replayed_or_unasked_one_is_not() {
    let sent = Call::get().sign();
    let answer = |status| {
        let (policy, mut slots) = (Policy::new(), SlotArray::<16>::new());
        let now = Timestamp::from_unix_seconds(NOW);
        let request = sent.request();
        let received = policy.receive(&request, sent.headers(), now, &mut slots)?;
        let authentic = received.authenticate(
            Lookup::Found(&SharedSecrets::new("client secret", "token secret")),
            &StandIn::new(),
        )?;
        authentic.accept(status).map(|_| ())
    };
    let replayed = Err(Rejection::from(Reason::NonceReplayed));
    assert_eq!(answer(NonceStatus::Fresh), Ok(()));
    assert_eq!(answer(NonceStatus::Replayed), replayed);
    assert_eq!(answer(NonceStatus::Absent), replayed);
}

#[test]
fn a_replay_key_is_client_token_timestamp_and_nonce_decoded() {
    let call = Call::get()
        .with("oauth_nonce", "a/b")
        .with("oauth_token", "t&")
        .with("oauth_consumer_key", "c=");
    with_replay_key(&call.sign(), |key| {
        assert!(key.client() == "c=");
        assert!(key.token().unwrap() == "t&");
        assert_eq!(key.timestamp(), Timestamp::from_unix_seconds(NOW));
        assert!(key.nonce() == "a/b");
    });
}

#[test]
fn replay_keys_are_equal_however_they_are_encoded_and_differ_in_each_part() {
    let sent = Call::get().sign();
    let others = [
        (sent.clone(), true),
        (sent.clone().in_header("\"abc\"", "\"%61bc\""), true),
        (sent.clone().in_header("\"client\"", "\"%63lient\""), true),
        (sent.clone().in_header("\"token\"", "\"t%6Fken\""), true),
        (
            sent.clone().in_header("\"1700000000\"", "\"170000000%30\""),
            true,
        ),
        (sent.clone().in_header("\"abc\"", "\"abC\""), false),
        (sent.clone().in_header("\"client\"", "\"client2\""), false),
        (sent.clone().in_header("\"token\"", "\"\""), false),
        (sent.clone().in_header("\"token\"", "\"Token\""), false),
        (
            sent.clone().in_header("\"1700000000\"", "\"1700000001\""),
            false,
        ),
    ];
    for (other, equal) in others {
        with_replay_key(&sent, |key| {
            with_replay_key(&other, |other_key| {
                assert_eq!(key == other_key, equal, "{}", other.header());
            });
        });
    }
}

fn written(sent: &Sent) -> Vec<u8> {
    with_replay_key(sent, |key| {
        let mut out = Wire::default();
        key.write_to(&mut out);
        out.0
    })
}

#[test]
fn a_replay_key_is_written_as_numbers_and_decoded_values() {
    let call = Call::get()
        .with("oauth_nonce", "a/b")
        .with("oauth_timestamp", "1700000001");
    let expected = b"\0\0\0\0\x65\x53\xf1\x01\0\0\0\0\0\0\0\x06client\
        \0\0\0\0\0\0\0\x05token\0\0\0\0\0\0\0\x03a/b";
    assert_eq!(written(&call.sign()), expected);
    let alone = call.without("oauth_token");
    let expected = b"\0\0\0\0\x65\x53\xf1\x01\0\0\0\0\0\0\0\x06client\
        \xff\xff\xff\xff\xff\xff\xff\xff\0\0\0\0\0\0\0\x03a/b";
    assert_eq!(written(&alone.sign()), expected);
    assert_eq!(written(&alone.with("oauth_token", "").sign()), expected);
}

#[test]
fn replay_keys_are_written_alike_exactly_if_they_are_equal() {
    let names = ["oauth_consumer_key", "oauth_token", "oauth_nonce"];
    let values = ["a", "ab", "b", "a%61", "\u{e9}", "a b"];
    let mut calls = Vec::from([Call::get().without("oauth_token")]);
    for name in names {
        for value in values {
            calls.push(
                Call::get()
                    .with(name, value)
                    .with("oauth_timestamp", "1699999999"),
            );
            calls.push(Call::get().with("oauth_nonce", value).with(name, "b"));
        }
    }
    let sent: Vec<_> = calls.iter().map(Call::sign).collect();
    for left in &sent {
        for right in &sent {
            let equal = with_replay_key(left, |a| with_replay_key(right, |b| a == b));
            assert_eq!(written(left) == written(right), equal);
        }
    }
    let aliased = sent[0].clone().in_header("\"abc\"", "\"a%62c\"");
    assert_eq!(written(&aliased), written(&sent[0]));
}
