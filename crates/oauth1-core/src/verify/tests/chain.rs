//! The questions and their answers: who may ask what, and when.

extern crate alloc;

use alloc::{format, string::ToString, vec::Vec};
use core::cell::Cell;

use super::wire::{Call, Content, NOW, Sent, Server};
use crate::{
    BaseString, Bytes, SharedSecrets, SlotArray, StandIn, Timestamp, Value, Verdict, VerifyingKey,
    verify::{Lookup, NonceStatus, Policy, Reason, Rejection, Verified},
};

const SECRETS: fn() -> SharedSecrets<'static> =
    || SharedSecrets::new("client secret", "token secret");

/// Says the same to every signature, and how often it was asked.
struct Witness {
    serves: bool,
    says: Verdict,
    asked: Cell<usize>,
}

impl Witness {
    fn new(serves: bool, says: Verdict) -> Self {
        let asked = Cell::new(0);
        Self {
            serves,
            says,
            asked,
        }
    }
}

impl VerifyingKey for Witness {
    fn serves(&self, _: &str) -> bool {
        self.serves
    }

    fn verify(&self, _: &str, _: &BaseString<'_>, _: Value<'_>) -> Verdict {
        self.asked.set(self.asked.get() + 1);
        self.says
    }
}

fn authenticate(
    sent: &Sent,
    lookup: Lookup<'_>,
    stand_in: &dyn VerifyingKey,
) -> Result<(), Rejection> {
    let (policy, mut slots) = (Policy::new(), SlotArray::<16>::new());
    let now = Timestamp::from_unix_seconds(NOW);
    let request = sent.request();
    let received = policy.receive(&request, sent.headers(), now, &mut slots)?;
    received.authenticate(lookup, stand_in).map(|_| ())
}

fn with_verified<T>(sent: &Sent, then: impl FnOnce(&Verified<'_>) -> T) -> T {
    let (policy, mut slots) = (Policy::new(), SlotArray::<16>::new());
    let now = Timestamp::from_unix_seconds(NOW);
    let request = sent.request();
    let received = policy
        .receive(&request, sent.headers(), now, &mut slots)
        .unwrap();
    let authentic = received
        .authenticate(Lookup::Found(&SECRETS()), &StandIn::new())
        .unwrap();
    then(&authentic.accept(NonceStatus::Fresh).unwrap())
}

fn bytes(value: Value<'_>) -> Vec<u8> {
    let bytes: Bytes<'_> = value.bytes();
    bytes.collect()
}

#[test]
fn a_forged_request_asks_no_store() {
    let mut server = Server::new();
    let forged = [
        Call::get().send("forged"),
        Call::get().with("oauth_consumer_key", "nobody").sign(),
        Call::get().with("oauth_token", "nothing").sign(),
        Call::get().with("oauth_timestamp", "1").sign(),
        Call::get().sign().with_method("POST"),
    ];
    for sent in &forged {
        server.verify(sent).unwrap_err();
    }
    assert_eq!(server.asked, 0);
    server.verify(&Call::get().sign()).unwrap();
    assert_eq!(server.asked, 1);
}

#[test]
fn an_unknown_client_an_unknown_token_and_a_bad_signature_look_the_same() {
    let (good, bad) = (
        Call::get().sign(),
        Call::get().send("AAAAAAAAAAAAAAAAAAAAAAAAAAA="),
    );
    let secrets = SECRETS();
    let outcomes = [
        authenticate(&bad, Lookup::Found(&secrets), &StandIn::new()),
        authenticate(&good, Lookup::ClientUnknown, &StandIn::new()),
        authenticate(&good, Lookup::TokenUnknown, &StandIn::new()),
        authenticate(&bad, Lookup::ClientUnknown, &StandIn::new()),
        authenticate(&bad, Lookup::TokenUnknown, &StandIn::new()),
    ];
    let told = outcomes.map(|outcome| {
        let rejection = outcome.unwrap_err();
        let mut challenge = super::wire::Wire::default();
        rejection.write_challenge("Photos", &mut challenge);
        (rejection.status(), rejection.problem(), challenge.0)
    });
    assert!(told.iter().all(|one| *one == told[0]));
    let log = outcomes.map(|outcome| outcome.unwrap_err().code());
    let (signature, client, token) = ("signature_invalid", "client_unknown", "token_unknown");
    assert_eq!(log, [signature, client, token, client, token]);
}

#[test]
fn exactly_one_key_is_asked_whoever_is_known() {
    let sent = Call::get().sign();
    let key = Witness::new(true, Verdict::Valid);
    let other = Witness::new(false, Verdict::Valid);
    let lookups = [
        (Lookup::Found(&key), (1, 0), None),
        (
            Lookup::Found(&other),
            (0, 1),
            Some(Reason::SignatureInvalid),
        ),
        (Lookup::ClientUnknown, (0, 1), Some(Reason::ClientUnknown)),
        (Lookup::TokenUnknown, (0, 1), Some(Reason::TokenUnknown)),
    ];
    for (lookup, asked, refused) in lookups {
        let stand_in = Witness::new(true, Verdict::Valid);
        let before = key.asked.get() + other.asked.get();
        let outcome = authenticate(&sent, lookup, &stand_in);
        assert_eq!(outcome.err().map(|rejection| rejection.reason()), refused);
        assert_eq!(
            (
                key.asked.get() + other.asked.get() - before,
                stand_in.asked.get()
            ),
            asked
        );
    }
    assert_eq!(other.asked.get(), 0);
}

#[test]
fn the_answer_of_a_stand_in_is_thrown_away() {
    let sent = Call::get().sign();
    for says in [Verdict::Valid, Verdict::Invalid] {
        let stand_in = Witness::new(true, says);
        for lookup in [Lookup::ClientUnknown, Lookup::TokenUnknown] {
            assert!(authenticate(&sent, lookup, &stand_in).is_err());
        }
        assert_eq!(stand_in.asked.get(), 2);
    }
}

#[test]
fn a_lookup_shows_no_key() {
    let secrets = SECRETS();
    let shown = [
        Lookup::Found(&secrets),
        Lookup::ClientUnknown,
        Lookup::TokenUnknown,
    ];
    let shown = shown.map(|lookup| format!("{lookup:?} {lookup:#?}"));
    assert_eq!(shown[0], "Found(..) Found(..)");
    assert_eq!(shown[1], "ClientUnknown ClientUnknown");
    assert_eq!(shown[2], "TokenUnknown TokenUnknown");
}

#[test]
fn what_is_claimed_can_be_read_before_it_is_proven() {
    let call = Call::post(Content::form("a=1"))
        .with_realm("Photos \"1\"")
        .with("oauth_callback", "http://a.example/?b=c d")
        .with("oauth_verifier", "473f82d3")
        .with("oauth_version", "1.0");
    let sent = call.send("for/ged+=");
    let (policy, mut slots) = (Policy::new(), SlotArray::<16>::new());
    let request = sent.request();
    let now = Timestamp::from_unix_seconds(NOW);
    let received = policy
        .receive(&request, sent.headers(), now, &mut slots)
        .unwrap();
    assert!(received.client() == "client");
    assert!(received.token().unwrap() == "token");
    assert_eq!(received.signature_method(), "HMAC-SHA1");
    assert_eq!(received.timestamp(), Some(now));
    assert!(received.nonce().unwrap() == "abc");
    assert!(received.callback().unwrap() == "http://a.example/?b=c d");
    assert!(received.verifier().unwrap() == "473f82d3");
    assert!(received.realm().unwrap() == *"Photos \"1\"");
    assert!(received.signature() == "for/ged+=");
    let expected = call.with_base_string(|base_string| base_string.to_string());
    assert_eq!(received.base_string().to_string(), expected);
}

#[test]
fn what_is_verified_is_what_was_claimed() {
    let call = Call::get()
        .with_realm("Photos")
        .with("oauth_callback", "oob")
        .with("oauth_verifier", "473f82d3");
    with_verified(&call.sign(), |verified| {
        assert!(verified.client() == "client");
        assert!(verified.token().unwrap() == "token");
        assert_eq!(verified.signature_method(), "HMAC-SHA1");
        assert_eq!(
            verified.timestamp(),
            Some(Timestamp::from_unix_seconds(NOW))
        );
        assert!(verified.nonce().unwrap() == "abc");
        assert!(verified.callback().unwrap() == "oob");
        assert!(verified.verifier().unwrap() == "473f82d3");
        assert!(verified.realm().unwrap() == *"Photos");
    });
}

#[test]
fn what_is_not_there_is_none() {
    let call = Call::get()
        .without("oauth_token")
        .with_secrets("client secret", "");
    let sent = call.sign();
    let (policy, mut slots) = (Policy::new(), SlotArray::<16>::new());
    let request = sent.request();
    let now = Timestamp::from_unix_seconds(NOW);
    let received = policy
        .receive(&request, sent.headers(), now, &mut slots)
        .unwrap();
    let key = SharedSecrets::of_client("client secret");
    let authentic = received
        .authenticate(Lookup::Found(&key), &StandIn::new())
        .unwrap();
    assert!(authentic.received().token().is_none());
    let verified = authentic.accept(NonceStatus::Fresh).unwrap();
    assert!(verified.token().is_none());
    assert!(verified.realm().is_none());
    assert!(verified.callback().is_none());
    assert!(verified.verifier().is_none());
}

#[test]
fn the_signed_parameters_come_decoded_and_in_their_order() {
    let call = Call::to("https://api.example.com/?z=1&c%40=&a3=2+q")
        .with_content(Content::form("c2&a3=a"));
    with_verified(&call.with("oauth_version", "1.0").sign(), |verified| {
        let pairs: Vec<_> = verified
            .parameters()
            .map(|(name, value)| (bytes(name), bytes(value)))
            .collect();
        let expected = [
            ("a3", "2 q"),
            ("a3", "a"),
            ("c@", ""),
            ("c2", ""),
            ("oauth_consumer_key", "client"),
            ("oauth_nonce", "abc"),
            ("oauth_signature_method", "HMAC-SHA1"),
            ("oauth_timestamp", "1700000000"),
            ("oauth_token", "token"),
            ("oauth_version", "1.0"),
            ("z", "1"),
        ];
        assert_eq!(
            pairs,
            expected.map(|(name, value)| (name.into(), value.into()))
        );
    });
}
