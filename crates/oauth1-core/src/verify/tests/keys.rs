//! What a key of the application's own is shown, and what comes of a method that nobody else knows.

extern crate alloc;

use alloc::{
    string::{String, ToString},
    vec::Vec,
};
use core::cell::RefCell;

use super::wire::{Call, Content, NOW, Server, once};
use crate::{
    BaseString, Parameter, Slot, SlotArray, Slots, StandIn, Timestamp, Transmission, Value,
    Verdict, VerifyingKey,
    authorization::HeaderErrorKind,
    verify::{Coverage, Lookup, NonceStatus, Policy, Reason, collected::Limited},
};

/// A method of its own, which is satisfied with one word and keeps what it was shown.
#[derive(Default)]
struct Word(RefCell<Vec<(String, String)>>);

impl VerifyingKey for Word {
    fn serves(&self, method: &str) -> bool {
        method == "X-WORD"
    }

    fn verify(&self, _: &str, base_string: &BaseString<'_>, signature: Value<'_>) -> Verdict {
        let text = |value: Value<'_>| String::from_utf8(value.bytes().collect()).unwrap();
        let parameters = base_string.parameters();
        let pairs = parameters.map(|(name, value)| (text(name), text(value)));
        *self.0.borrow_mut() = pairs.collect();
        if signature == "word" {
            Verdict::Valid
        } else {
            Verdict::Invalid
        }
    }
}

#[test]
fn a_key_sees_the_parameters_decoded_and_in_their_order() {
    let key = Word::default();
    let call =
        Call::to("https://api.example.com/?b=%26&a+b=c").with("oauth_signature_method", "X-WORD");
    let policy = Policy::new().with_methods(&["X-WORD"]);
    let sent = call.send("word");
    let outcome = Server::with_policy(policy).with_key(&key).verify(&sent);
    assert_eq!(outcome, Ok(Coverage::Empty));
    let expected = [
        ("a b", "c"),
        ("b", "&"),
        ("oauth_consumer_key", "client"),
        ("oauth_nonce", "abc"),
        ("oauth_signature_method", "X-WORD"),
        ("oauth_timestamp", "1700000000"),
        ("oauth_token", "token"),
    ];
    assert_eq!(
        *key.0.borrow(),
        expected.map(|(name, value)| (name.to_string(), value.to_string()))
    );
    let outcome = Server::with_policy(policy)
        .with_key(&key)
        .verify(&call.send("other"));
    assert_eq!(outcome.unwrap_err().reason(), Reason::SignatureInvalid);
    assert_eq!(BaseString::from_text(b"a&b&c%3Dd").parameters().count(), 0);
}

/// The hash of a body that is read later cannot be checked where the method has no digest.
#[test]
fn a_body_hash_of_a_method_without_a_digest_is_refused() {
    let key = Word::default();
    let call = Call::post(Content::Streamed)
        .with("oauth_signature_method", "X-WORD")
        .with("oauth_body_hash", "Lve95gjOVATpfV8EL5X4nxwjKHE=");
    let policy = Policy::new().with_methods(&["X-WORD"]);
    let sent = call.send("word");
    let (request, mut slots) = (sent.request(), SlotArray::<20>::new());
    let now = Timestamp::from_unix_seconds(NOW);
    let received = policy
        .receive(&request, sent.headers(), now, &mut slots)
        .unwrap();
    let authentic = received
        .authenticate(Lookup::Found(&key), &StandIn::new())
        .unwrap();
    let verified = authentic.accept(NonceStatus::Fresh).unwrap();
    assert_eq!(verified.coverage(), Coverage::Pending);
    assert_eq!(
        verified.body_check().unwrap_err().reason(),
        Reason::BodyHashInvalid
    );
}

#[test]
fn a_body_hash_may_travel_in_the_query() {
    let hash = "Lve95gjOVATpfV8EL5X4nxwjKHE=";
    let call = Call::post(Content::opaque("Hello World!"))
        .with("oauth_body_hash", hash)
        .at(Transmission::Query);
    assert_eq!(once(&call.sign()), Ok(Coverage::Signed));
    let other = call.sign().with_content(Content::opaque("Hello World?"));
    assert_eq!(once(&other).unwrap_err().reason(), Reason::BodyHashInvalid);
}

/// No challenge of ours could say it back.
#[test]
fn a_realm_has_no_control_characters() {
    let call = Call::get().with_realm("Photos");
    let sent = call.sign();
    assert!(once(&sent).is_ok());
    for realm in ["Pho\ttos", "Pho\\\ttos", "Pho\u{7f}tos", "Pho\\\u{1}tos"] {
        let rejection = once(&sent.clone().in_header("Photos", realm)).unwrap_err();
        let Reason::MalformedHeader(error) = rejection.reason() else {
            panic!("{rejection}")
        };
        assert_eq!(error.kind(), HeaderErrorKind::Character, "{realm:?}");
    }
}

#[test]
fn slots_are_lent_up_to_a_limit() {
    let pair = Parameter::new("a", "b");
    let slots = |memory: &mut SlotArray<4>| {
        let target = crate::Target::parse("https://a.example/?c=d&e=f").unwrap();
        let request = crate::RequestView::new("GET", target);
        BaseString::of(&request, &[pair], memory)
            .map(|_| ())
            .unwrap();
        memory.as_slice().to_vec()
    };
    let made: Vec<Slot> = slots(&mut SlotArray::new());
    let mut memory = SlotArray::<4>::new();
    let mut limited = Limited {
        slots: &mut memory,
        left: 2,
    };
    for slot in &made[..2] {
        assert!(limited.push(*slot).is_ok());
    }
    assert!(limited.push(made[2]).is_err());
    assert_eq!(limited.as_slice().len(), 2);
    assert_eq!(limited.as_mut_slice().len(), 2);
    limited.clear();
    assert!(limited.as_slice().is_empty());
    // What was counted is not given back.
    assert!(limited.push(made[0]).is_err());
    assert!(memory.as_slice().is_empty());
}
