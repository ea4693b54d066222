#![cfg(feature = "hmac-sha1")]

extern crate alloc;

use alloc::{format, string::String};

use super::*;
use crate::{
    BodyHashRule, ClientCredentials, HmacSha1, Nonce, Parameter, ProtocolParameters, RequestView,
    Signer, SlotArray, Target, Timestamp, TokenCredentials, sink::SliceSink,
};

const NONE: ProtocolParameters<'static> = ProtocolParameters::NONE;

fn signer() -> Signer<'static, HmacSha1> {
    let client = ClientCredentials::new("the client", "client secret");
    let signer = Signer::for_token(&client, &TokenCredentials::new("token", "token secret"));
    signer.with_realm("Photos")
}

fn signed<K: SigningKey>(
    signer: &Signer<'_, K>,
    request: &RequestView<'_>,
    parameters: &ProtocolParameters<'_>,
    stamp: Stamp<'_>,
) -> String {
    let mut memory = [0; 4096];
    let mut out = SliceSink::new(&mut memory);
    signer
        .sign(
            request,
            parameters,
            stamp,
            &mut SlotArray::<32>::new(),
            &mut out,
        )
        .unwrap();
    String::from_utf8(out.finish().unwrap().into()).unwrap()
}

fn prepared<K: SigningKey>(
    signer: &Signer<'_, K>,
    request: &RequestView<'_>,
    parameters: &ProtocolParameters<'_>,
    stamp: Stamp<'_>,
) -> String {
    let (mut memory, mut buffer) = ([0; 4096], [0; 4096]);
    let (mut slots, buffer) = (SlotArray::<32>::new(), SliceSink::new(&mut buffer));
    let prepared = signer
        .prepare(request, parameters, &mut slots, buffer)
        .unwrap();
    let mut out = SliceSink::new(&mut memory);
    let (timestamp, nonce) = (stamp.timestamp(), String::from(stamp.nonce().as_str()));
    let used = prepared.sign(stamp, &mut out).unwrap();
    assert_eq!(
        (used.timestamp(), used.nonce()),
        (timestamp, nonce.as_str())
    );
    String::from_utf8(out.finish().unwrap().into()).unwrap()
}

fn stamp() -> Stamp<'static> {
    Stamp::new(
        Timestamp::from_unix_seconds(1_700_000_000),
        Nonce::new("abc"),
    )
}

/// Parameters before, among and behind those that begin with `oauth_`.
const QUERIES: [&str; 9] = [
    "",
    "?a=1",
    "?z=1",
    "?z=1&a=2",
    "?oauth=1&oautha=2",
    "?oauth_a=1",
    "?oauth_o=1&a=1&z=1",
    "?oauth_p=1",
    "?oauth_zz=1&oauth_s=2",
];

#[test]
fn a_prepared_request_is_signed_as_any_other() {
    let extra = [Parameter::new("oauth_x", "1 2"), Parameter::new("x", "")];
    let hash = crate::BodyHash::of(crate::Digest::Sha1, b"x").unwrap();
    let all = NONE.with_callback("oob").with_verifier("v");
    for parameters in [
        NONE,
        all,
        all.with_extra(&extra),
        NONE.with_body_hash(&hash),
    ] {
        for query in QUERIES {
            let url = format!("https://example.com/{query}");
            let request = RequestView::new("POST", Target::parse(&url).unwrap());
            for request in [
                request,
                request.with_form(b"b=1&oauth_nonc=%2B"),
                request.with_body(b"{}"),
            ] {
                for transmission in [
                    Transmission::Header,
                    Transmission::Query,
                    Transmission::Form,
                ] {
                    let is_form = matches!(request.body(), crate::Body::Form(_))
                        || transmission == Transmission::Form;
                    if is_form && parameters.body_hash.is_some() {
                        continue;
                    }
                    if matches!(
                        (request.body(), transmission),
                        (crate::Body::Opaque(_), Transmission::Form)
                    ) {
                        continue;
                    }
                    for signer in [
                        signer(),
                        signer().with_version().with_body_hash(BodyHashRule::Always),
                    ] {
                        let signer = signer.with_transmission(transmission);
                        let expected = signed(&signer, &request, &parameters, stamp());
                        assert_eq!(
                            prepared(&signer, &request, &parameters, stamp()),
                            expected,
                            "{query}"
                        );
                    }
                }
            }
        }
    }
}

#[test]
fn each_stamp_is_signed_as_it_is() {
    let request = RequestView::new("GET", Target::parse("https://example.com/?z=1").unwrap());
    let long = "a nonce that is /longer/ than a window of the writer".repeat(9);
    for nonce in ["", "a", "a b/%+é", &long] {
        for seconds in [1, 10, 1_700_000_000, u64::MAX] {
            let stamp = || Stamp::new(Timestamp::from_unix_seconds(seconds), Nonce::new(nonce));
            let expected = signed(&signer(), &request, &NONE, stamp());
            assert_eq!(prepared(&signer(), &request, &NONE, stamp()), expected);
        }
    }
}

#[test]
fn it_signs_as_often_as_one_likes() {
    let (mut buffer, mut slots) = ([0; 512], SlotArray::<1>::new());
    let request = RequestView::new("GET", Target::parse("https://example.com/?z=1").unwrap());
    let signer = signer();
    let prepared = signer
        .prepare(&request, &NONE, &mut slots, SliceSink::new(&mut buffer))
        .unwrap();
    for seconds in 1..10 {
        let stamp = || Stamp::new(Timestamp::from_unix_seconds(seconds), Nonce::new("abc"));
        let mut memory = [0; 512];
        let mut out = SliceSink::new(&mut memory);
        prepared.sign(stamp(), &mut out).unwrap();
        let expected = signed(&signer, &request, &NONE, stamp());
        assert_eq!(out.finish(), Ok(expected.as_bytes()));
    }
}

#[cfg(feature = "alloc")]
#[test]
fn a_clone_signs_the_same_in_another_thread() {
    let request = RequestView::new("GET", Target::parse("https://example.com/?z=1").unwrap());
    let signer = signer();
    let expected = signed(&signer, &request, &NONE, stamp());
    let buffer = alloc::vec::Vec::new();
    let prepared = signer
        .prepare(&request, &NONE, &mut SlotArray::<1>::new(), buffer)
        .unwrap();
    let clone = prepared.clone();
    let sign = |prepared: &Prepared<'_, HmacSha1, alloc::vec::Vec<u8>>| {
        let mut out = alloc::vec::Vec::new();
        prepared.sign(stamp(), &mut out).unwrap();
        out
    };
    let (here, there) = std::thread::scope(|scope| {
        (
            sign(&prepared),
            scope.spawn(move || sign(&clone)).join().unwrap(),
        )
    });
    assert_eq!(here, expected.as_bytes());
    assert_eq!(there, expected.as_bytes());
}

#[cfg(all(feature = "plaintext", feature = "alloc"))]
#[test]
fn plaintext_is_prepared_as_any_other() {
    let client = ClientCredentials::new("client", "client secret");
    let signer = Signer::<crate::Plaintext<'_>>::for_client(&client);
    let request = RequestView::new("GET", Target::parse("https://example.com/?z=1").unwrap());
    let expected = signed(&signer, &request, &NONE, stamp());
    assert_eq!(prepared(&signer, &request, &NONE, stamp()), expected);
    assert!(expected.ends_with("oauth_signature=\"client%2520secret%26\""));
}

#[test]
fn a_buffer_that_is_too_small_is_refused_whatever_is_missing() {
    let request = RequestView::new("GET", Target::parse("https://example.com/?z=1").unwrap());
    let signer = signer();
    let prepare = |room: usize| {
        let mut buffer = [0; 1024];
        let buffer = SliceSink::new(&mut buffer[..room]);
        let prepared = signer.prepare(&request, &NONE, &mut SlotArray::<1>::new(), buffer);
        prepared.map(|prepared| prepared.buffer.contents().unwrap().len())
    };
    let needed = prepare(1024).unwrap();
    for room in 0..needed {
        assert_eq!(prepare(room), Err(SignError::BufferTooSmall), "{room}");
    }
    assert_eq!(prepare(needed), Ok(needed));
}

#[test]
fn what_cannot_be_signed_cannot_be_prepared() {
    let target = |url| Target::parse(url).unwrap();
    let get = RequestView::new("GET", target("http://example.com/"));
    let twice = RequestView::new("GET", target("http://example.com/?oauth_token=1"));
    let many = RequestView::new("GET", target("http://example.com/?a&b&c&d&e&f&g&h&i"));
    let in_form = signer().with_transmission(Transmission::Form);
    let always = signer().with_body_hash(BodyHashRule::Always);
    let cases = [
        (signer(), twice, SignError::DuplicateParameter),
        (signer(), many, SignError::TooManyParameters),
        (in_form, get.with_body(b"x"), SignError::NoForm),
        (
            always,
            get.with(crate::Body::Streamed),
            SignError::BodyNotAtHand,
        ),
        (
            signer().with_realm("\n"),
            get,
            SignError::ControlCharacterInRealm,
        ),
    ];
    for (signer, request, expected) in cases {
        let mut buffer = [0; 1024];
        let buffer = SliceSink::new(&mut buffer);
        let prepared = signer.prepare(&request, &NONE, &mut SlotArray::<8>::new(), buffer);
        assert_eq!(prepared.map(|_| ()), Err(expected));
    }
}

#[test]
fn it_shows_its_method_alone() {
    let request = RequestView::new("GET", Target::parse("https://example.com/?z=1").unwrap());
    let (signer, mut buffer) = (signer(), [0; 1024]);
    let buffer = SliceSink::new(&mut buffer);
    let prepared = signer
        .prepare(&request, &NONE, &mut SlotArray::<1>::new(), buffer)
        .unwrap();
    assert_eq!(format!("{prepared:?}"), "Prepared(HMAC-SHA1, ..)");
}
