extern crate alloc;

use alloc::{format, string::String, vec};

use super::wire::{Call, Content, NOW, Outcome, Sent, Server, once};
use crate::{
    Parameter, RequestView, SharedSecrets, SlotArray, Slots, Target, Timestamp,
    verify::{Limits, Policy, Reason, Rejection},
};

fn too_large(what: &'static str) -> Outcome {
    Err(Reason::TooLarge(what).into())
}

fn malformed(name: &'static str) -> Outcome {
    Err(Reason::MalformedParameter(name).into())
}

#[test]
fn a_header_of_16_kib_is_the_longest() {
    let sent = Call::get().sign();
    let padded = |length: usize| {
        let padding = " ".repeat(length - sent.header().len());
        sent.clone()
            .with_header(format!("{}{padding}", sent.header()))
    };
    assert!(once(&padded(16_384)).is_ok());
    assert_eq!(once(&padded(16_385)), Err(Reason::HeaderTooLong.into()));
}

#[test]
fn headers_of_other_schemes_have_no_limit() {
    let mut sent = Call::get().sign();
    sent.headers
        .push(format!("Bearer {}", "x".repeat(65_536)).into_bytes());
    assert!(once(&sent).is_ok());
}

#[test]
fn a_query_of_64_kib_is_the_longest() {
    let padded = |length: usize| {
        Call::to(&format!(
            "https://api.example.com/?a={}",
            "x".repeat(length - 2)
        ))
        .sign()
    };
    assert!(once(&padded(65_536)).is_ok());
    assert_eq!(once(&padded(65_537)), too_large("the query"));
}

#[test]
fn a_form_of_1_mib_is_the_longest() {
    let padded =
        |length: usize| Call::post(Content::form(&format!("a={}", "x".repeat(length - 2)))).sign();
    assert!(once(&padded(1_048_576)).is_ok());
    assert_eq!(once(&padded(1_048_577)), too_large("the form"));
}

#[test]
fn a_body_that_is_no_form_has_no_limit() {
    let sent = Call::post(Content::opaque(&"x".repeat(1_048_577))).sign();
    assert!(once(&sent).is_ok());
}

#[test]
fn parameters_of_all_places_count_together() {
    let sent = |header: usize, query: usize, form: usize| {
        let repeat = |count: usize| (0..count).map(|_| "a&").collect::<String>();
        let mut call = Call::to(&format!("https://api.example.com/?{}", repeat(query)));
        for at in 5..header {
            call = call.and(&format!("x{at}"), "");
        }
        call.with_content(Content::form(&repeat(form))).sign()
    };
    for (header, query, form) in [(5, 995, 0), (5, 0, 995), (5, 500, 495), (305, 400, 295)] {
        assert!(once(&sent(header, query, form)).is_ok());
        for sent in [sent(header, query + 1, form), sent(header, query, form + 1)] {
            assert_eq!(once(&sent), too_large("the number of parameters"));
        }
        let sent = sent(header + 1, query, form);
        assert_eq!(once(&sent), too_large("the number of parameters"));
    }
}

#[test]
fn a_form_of_pairs_counts_as_well() {
    let pairs = vec![Parameter::new("a", ""); 996];
    let sent = Call::get().sign();
    let receive = |pairs| {
        let request = sent.request().with_form_pairs(pairs);
        let mut slots = SlotArray::<1200>::new();
        let now = Timestamp::from_unix_seconds(NOW);
        let policy = Policy::new();
        let received = policy.receive(&request, sent.headers(), now, &mut slots);
        received.map(|_| ()).map_err(|rejection| rejection.reason())
    };
    assert_eq!(receive(&pairs[..994]), Ok(()));
    assert_eq!(
        receive(&pairs),
        Err(Reason::TooLarge("the number of parameters"))
    );
}

#[test]
fn a_nonce_of_255_bytes_is_the_longest_however_it_is_encoded() {
    for letter in ["x", "/", "\u{e9}"] {
        let nonce = |length: usize| {
            Call::get()
                .with("oauth_nonce", &letter.repeat(length))
                .sign()
        };
        let longest = 255 / letter.len();
        assert!(once(&nonce(longest)).is_ok());
        assert_eq!(once(&nonce(longest + 1)), malformed("oauth_nonce"));
    }
}

#[test]
fn an_identifier_of_1024_bytes_is_the_longest_however_it_is_encoded() {
    let secrets = SharedSecrets::new("client secret", "token secret");
    for name in ["oauth_consumer_key", "oauth_token"] {
        for letter in ["x", "/", "\u{e9}"] {
            let verify = |length: usize| {
                let sent = Call::get().with(name, &letter.repeat(length)).sign();
                Server::new().with_key(&secrets).verify(&sent)
            };
            let longest = 1024 / letter.len();
            assert!(verify(longest).is_ok());
            assert_eq!(verify(longest + 1), malformed(name));
        }
    }
}

#[test]
fn limits_are_those_of_the_policy() {
    let few = Limits::DEFAULT
        .with_header_bytes(300)
        .with_query_bytes(13)
        .with_form_bytes(3)
        .with_parameters(7)
        .with_nonce_bytes(3)
        .with_identifier_bytes(6);
    let policy = Policy::new().with_limits(few);
    assert_eq!(policy.limits(), few);
    assert_eq!(Policy::new().limits(), Limits::default());
    let form = |form: &str| Call::post(Content::form(form));
    let cases = [
        (form("a=1"), Ok(crate::verify::Coverage::Signed)),
        (form("a=12"), too_large("the form")),
        (form("a&b"), too_large("the number of parameters")),
        (
            Call::to("https://api.example.com/?size=original1"),
            too_large("the query"),
        ),
        (
            form("").with("oauth_nonce", "abcd"),
            malformed("oauth_nonce"),
        ),
        (
            form("").with("oauth_token", "another"),
            malformed("oauth_token"),
        ),
        (
            form("").with_realm(&"x".repeat(300)),
            Err(Reason::HeaderTooLong.into()),
        ),
    ];
    for (call, expected) in cases {
        assert_eq!(Server::with_policy(policy).verify(&call.sign()), expected);
    }
}

#[test]
fn a_slot_is_needed_for_each_parameter_that_is_put_in_order() {
    fn receive<S: Slots>(sent: &Sent, mut slots: S) -> Result<usize, Rejection> {
        let now = Timestamp::from_unix_seconds(NOW);
        let policy = Policy::new();
        let received = policy.receive(&sent.request(), sent.headers(), now, &mut slots)?;
        Ok(received.base_string().parameters().count())
    }
    let call = Call::to("https://api.example.com/?a=1&b=2");
    let header = call.clone().with_realm("Photos").sign();
    let query = call.clone().at(crate::Transmission::Query).sign();
    let form = call.at(crate::Transmission::Form).sign();
    let refused = Err(Reason::TooLarge("the number of parameters").into());
    for sent in [&query, &form] {
        assert_eq!(receive(sent, SlotArray::<7>::new()), Ok(7));
        assert_eq!(receive(sent, SlotArray::<6>::new()), refused);
    }
    // Those of the protocol need none, unless they have to be put in order with others of their kind.
    assert_eq!(receive(&header, SlotArray::<2>::new()), Ok(7));
    assert_eq!(receive(&header, SlotArray::<1>::new()), refused);
    let mixed = Call::to("https://api.example.com/?oauth_x=1&b=2").sign();
    assert_eq!(receive(&mixed, SlotArray::<6>::new()), refused);
}

#[test]
fn slots_of_an_earlier_request_are_forgotten() {
    let mut slots = SlotArray::<7>::new();
    for query in ["a=1&b=2", "", "c=1"] {
        let url = format!("https://api.example.com/?{query}");
        let sent = Call::to(&url).sign();
        let target = Target::parse(&url).unwrap();
        let request = RequestView::new("GET", target);
        let policy = Policy::new();
        let now = Timestamp::from_unix_seconds(NOW);
        let received = policy
            .receive(&request, sent.headers(), now, &mut slots)
            .unwrap();
        let count = received.base_string().parameters().count();
        assert_eq!(count, 5 + query.matches('=').count());
    }
}
