//! What holds for every request, checked on random ones against a slow and obvious reference that is
//! written straight from RFC 5849, and its encoder against another.

use oauth1_core::{
    Body, ClientCredentials, HmacSha1, Nonce, Parameter, ProtocolParameters, RequestView, Signer,
    SlotArray, Stamp, StandIn, Target, Timestamp, TokenCredentials, Transmission, Value,
    authorization::{AuthorizationHeader, AuthorizationWriter, HeaderParameter},
    form, percent,
    sink::SliceSink,
    verify::{Lookup, NonceStatus, Policy},
};
use oauth1_tests::reference::{self, Pair};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode};
use proptest::{collection::vec, prelude::*};

/// Section 3.6, by another encoder.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// Names that collide, that share prefixes of eight bytes, that are empty, that are any bytes.
fn name() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        "[ab]{0,3}".prop_map(String::into_bytes),
        "parameter[-~%_. 0-9]{0,2}".prop_map(String::into_bytes),
        "oauth[_-]?[a-z]{0,2}".prop_map(String::into_bytes),
        vec(any::<u8>(), 0..12),
    ]
}

fn pairs() -> impl Strategy<Value = Vec<Pair>> {
    vec(
        (
            name(),
            prop_oneof![vec(any::<u8>(), 0..10), vec(b'a'..=b'c', 0..3)],
        ),
        0..40,
    )
}

/// The pairs as a form; some spaces as `+`, some bytes raw.
fn to_form(pairs: &[Pair]) -> String {
    let encode = |bytes: &[u8]| {
        let text = reference::encode(bytes);
        if bytes.len().is_multiple_of(2) {
            text.replace("%20", "+").replace("%5B", "[")
        } else {
            text
        }
    };
    // A pair with neither name nor value is written "=", for where there is nothing there is no pair.
    let pairs: Vec<_> = pairs
        .iter()
        .map(|(name, value)| format!("{}={}", encode(name), encode(value)))
        .collect();
    pairs.join("&")
}

fn signer() -> Signer<'static, HmacSha1> {
    let client = ClientCredentials::new("client one", "a secret & a half");
    Signer::for_token(&client, &TokenCredentials::new("token/1", "%"))
}

fn stamp() -> Stamp<'static> {
    Stamp::new(
        Timestamp::from_unix_seconds(1_700_000_000),
        Nonce::new("a nonce"),
    )
}

/// Names of ours in the request are duplicates, which have tests of their own.
fn without_ours(pairs: Vec<Pair>) -> Vec<Pair> {
    pairs
        .into_iter()
        .filter(|(name, _)| !name.starts_with(b"oauth_"))
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn encoding_is_that_of_another_encoder(bytes in vec(any::<u8>(), 0..64)) {
        let encoded = percent::encode(&bytes).to_string();
        prop_assert_eq!(&encoded, &percent_encode(&bytes, RESERVED).to_string());
        prop_assert_eq!(&encoded, &reference::encode(&bytes));
        let decoded = Value::percent(encoded.as_bytes());
        prop_assert_eq!(decoded.len(), bytes.len());
        prop_assert_eq!(decoded.to_bytes().into_owned(), bytes);
    }

    #[test]
    fn pairs_survive_a_form(pairs in pairs()) {
        let text = to_form(&pairs);
        let read: Vec<Pair> = form::pairs(text.as_bytes())
            .map(|(name, value)| (name.to_bytes().into_owned(), value.to_bytes().into_owned()))
            .collect();
        prop_assert_eq!(form::find_broken_escape(text.as_bytes()), None);
        prop_assert_eq!(read, pairs);
    }

    #[test]
    fn the_base_string_is_that_of_the_reference(query in pairs(), body in pairs(), method in "[a-zA-Z!]{1,7}") {
        let (query_text, form_text) = (to_form(&query), to_form(&body));
        let url = format!("HTTPS://Example.com:443/r%20v/X?{query_text}");
        let target = Target::parse(&url).expect("a URL");
        let all: Vec<Pair> = query.iter().chain(&body).cloned().collect();
        let all: Vec<Pair> = all.into_iter().filter(|(name, _)| name != b"oauth_signature").collect();
        let expected = reference::base_string(&method, "https://example.com/r%20v/X", &all);

        let request = RequestView::new(&method, target).with_form(form_text.as_bytes());
        let mut slots = Vec::new();
        let base_string = oauth1_core::BaseString::of(&request, &[], &mut slots).expect("room");
        prop_assert_eq!(base_string.to_string(), expected.as_str());
        let mut slots = SlotArray::<80>::new();
        let body: Vec<_> = body.iter().map(|(n, v)| Parameter::from_bytes(n, v)).collect();
        let request = RequestView::new(&method, target).with_form_pairs(&body);
        let base_string = oauth1_core::BaseString::of(&request, &[], &mut slots).expect("room");
        prop_assert_eq!(base_string.to_string(), expected);
    }

    #[test]
    fn what_is_signed_is_accepted(query in pairs(), body in pairs(), place in 0..3_usize, extra in 0..2) {
        let (query, body) = (without_ours(query), without_ours(body));
        let transmission =
            [Transmission::Header, Transmission::Query, Transmission::Form][place];
        let extra: &[Parameter<'_>] =
            if extra == 1 { &[Parameter::new("oauth_body", "x y"), Parameter::new("x_a", "")] } else { &[] };
        let signer = signer().with_realm("a \"realm\"").with_transmission(transmission);
        let (query_text, form_text) = (to_form(&query), to_form(&body));
        let url = format!("https://example.com/{}", if query.is_empty() { String::new() } else { format!("?{query_text}") });
        let request = RequestView::new("POST", Target::parse(&url).expect("a URL"))
            .with_form(form_text.as_bytes());
        let parameters = ProtocolParameters::NONE.with_callback("oob").with_extra(extra);
        let (mut slots, mut out) = (Vec::new(), Vec::new());
        let used = signer.sign(&request, &parameters, stamp(), &mut slots, &mut out).expect("signed");
        prop_assert_eq!(used.nonce(), "a nonce");

        // A prepared request and one on the stack say the same.
        let prepared = signer.prepare(&request, &parameters, &mut slots, Vec::new()).expect("prepared");
        let mut again = Vec::new();
        prepared.sign(stamp(), &mut again).expect("signed");
        prop_assert_eq!(&again, &out);
        let (mut slots, mut memory) = (SlotArray::<100>::new(), [0; 8192]);
        let mut sink = SliceSink::new(&mut memory);
        signer.sign(&request, &parameters, stamp(), &mut slots, &mut sink).expect("signed");
        prop_assert_eq!(sink.finish().expect("room"), &out[..]);

        let text = String::from_utf8(out).expect("text");
        let join = |a: &str| if a.is_empty() { text.clone() } else { format!("{a}&{text}") };
        let (url, form_text, header) = match transmission {
            Transmission::Header => (url, form_text, Some(text.as_bytes())),
            Transmission::Query => (format!("https://example.com/?{}", join(&query_text)), form_text, None),
            _ => (url, join(&form_text), None),
        };
        let request = RequestView::new("post", Target::parse(&url).expect("a URL"))
            .with_form(form_text.as_bytes());
        let policy = Policy::new();
        let mut slots = Vec::new();
        let now = Timestamp::from_unix_seconds(1_700_000_300);
        let received = policy.receive(&request, header, now, &mut slots).expect("received");
        let authentic = received
            .authenticate(Lookup::Found(signer.key()), &StandIn::new())
            .expect("authentic");
        prop_assert!(authentic.replay_key().expect("a nonce").nonce() == "a nonce");
        let verified = authentic.accept(NonceStatus::Fresh).expect("fresh");
        prop_assert!(verified.client() == "client one");
        prop_assert!(verified.callback().expect("a callback") == "oob");
    }

    #[test]
    fn headers_are_read_or_refused_and_read_again_the_same(bytes in prop_oneof![
        vec(any::<u8>(), 0..80),
        "OAuth ([a-z_]{0,3}(=\"[ -~]{0,6}\")?(, ?|,,| )?){0,5}".prop_map(String::into_bytes),
    ]) {
        let Some(header) = AuthorizationHeader::parse(&bytes) else { return Ok(()) };
        let Ok(parameters) = header.parameters().collect::<Result<Vec<_>, _>>() else {
            return Ok(());
        };
        let realms: Vec<String> = parameters.iter().filter_map(|parameter| match parameter {
            HeaderParameter::Realm(realm) => Some(realm.to_string()),
            HeaderParameter::Pair { .. } => None,
        }).collect();
        let values: Vec<(Value<'_>, Value<'_>)> = parameters.iter().filter_map(|parameter| match parameter {
            HeaderParameter::Realm(_) => None,
            HeaderParameter::Pair { name, value } => Some((*name, *value)),
        }).collect();
        let mut printed = Vec::new();
        let realm = realms.first().map(String::as_str);
        let mut writer = AuthorizationWriter::new(Transmission::Header, realm, &mut printed);
        for (name, value) in &values {
            writer.parameter(*name, *value);
        }
        let header = AuthorizationHeader::parse(&printed).expect("the scheme");
        let again: Vec<_> = header.parameters().map(|parameter| parameter.expect("valid")).collect();
        let mut pairs = Vec::new();
        for parameter in &again {
            match parameter {
                HeaderParameter::Realm(found) => prop_assert_eq!(Some(found.to_string()), realms.first().cloned()),
                HeaderParameter::Pair { name, value } => pairs.push((*name, *value)),
            }
        }
        prop_assert_eq!(pairs, values);
    }

    #[test]
    fn garbage_is_refused_and_nothing_worse(
        path in "[ -~]{0,60}", header in vec(any::<u8>(), 0..200), body in vec(any::<u8>(), 0..200),
        kind in 0..4_usize, room in 0..3,
    ) {
        let url = format!("https://example.com/{path}");
        let Ok(target) = Target::parse(&url) else { return Ok(()) };
        let body = [Body::None, Body::Form(&body), Body::Opaque(&body), Body::Streamed][kind];
        let request = RequestView::new("GET", target).with(body);
        let header = [b"OAuth ", &header[..]].concat();
        let now = Timestamp::from_unix_seconds(1);
        let policy = Policy::new();
        let rejected = match room {
            0 => policy.receive(&request, [&header[..]], now, &mut SlotArray::<0>::new()).is_err(),
            1 => policy.receive(&request, [&header[..]], now, &mut SlotArray::<3>::new()).is_err(),
            _ => policy.receive(&request, [&header[..]], now, &mut Vec::new()).is_err(),
        };
        prop_assert!(rejected);
        let _ = signer().authorization(&request, stamp());
    }
}
