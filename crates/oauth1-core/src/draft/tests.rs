#![cfg(feature = "hmac-sha1")]

extern crate alloc;

use alloc::{
    string::{String, ToString},
    vec,
    vec::Vec,
};

use super::*;
use crate::{
    ClientCredentials, HmacSha1, Nonce, Parameter, RequestView, Signer, SigningKey, SlotArray,
    Target, Timestamp, TokenCredentials, sink::SliceSink,
};

const EXTRA: [Parameter<'static>; 1] = [Parameter::new("oauth_x", "1 2")];

fn stamp() -> Stamp<'static> {
    Stamp::new(
        Timestamp::from_unix_seconds(1_700_000_000),
        Nonce::new("a b"),
    )
}

fn signer() -> Signer<'static, HmacSha1> {
    let client = ClientCredentials::new("client", "client secret");
    Signer::for_token(&client, &TokenCredentials::new("token", "token secret"))
}

fn text(write: impl FnOnce(&mut SliceSink<'_>)) -> String {
    let mut memory = [0; 8192];
    let mut out = SliceSink::new(&mut memory);
    write(&mut out);
    String::from_utf8(out.finish().unwrap().into()).unwrap()
}

fn requests() -> [RequestView<'static>; 4] {
    let target = |url| Target::parse(url).unwrap();
    [
        RequestView::new("GET", target("http://example.com/")),
        RequestView::new("POST", target("http://example.com/?z=1&a=2")).with_body(b"body"),
        RequestView::new("POST", target("http://example.com/?oauth_w=1")).with_form(b"oauthz=1&b"),
        RequestView::new("GET", target("http://example.com/?oauth_zz=1&oauth_a=2")),
    ]
}

#[test]
fn a_key_elsewhere_gives_what_a_key_at_hand_gives() {
    let at_hand = signer().with_realm("Photos").with_version();
    let elsewhere = Signer::with_key(ExternalKey::new("HMAC-SHA1", Digest::Sha1), "client");
    let elsewhere = elsewhere
        .with_token("token")
        .with_realm("Photos")
        .with_version();
    for request in requests() {
        for parameters in [
            ProtocolParameters::NONE,
            ProtocolParameters::NONE
                .with_callback("oob")
                .with_extra(&EXTRA),
        ] {
            for transmission in [Transmission::Header, Transmission::Query] {
                let at_hand = at_hand.clone().with_transmission(transmission);
                let expected = text(|out| {
                    let mut slots = SlotArray::<32>::new();
                    at_hand
                        .sign(&request, &parameters, stamp(), &mut slots, out)
                        .unwrap();
                });
                let elsewhere = elsewhere.clone().with_transmission(transmission);
                let mut slots = SlotArray::<32>::new();
                let draft = elsewhere
                    .draft(&request, &parameters, stamp(), &mut slots)
                    .unwrap();
                let signature = text(|out| at_hand.key().sign(&draft.base_string(), out).unwrap());
                let found = text(|out| {
                    let used = draft.authorize(&signature, out);
                    assert_eq!(
                        (used.nonce(), used.timestamp()),
                        ("a b", stamp().timestamp())
                    );
                });
                assert_eq!(found, expected);
            }
        }
    }
}

#[test]
fn a_base_string_can_be_written_as_often_as_one_likes() {
    for request in requests() {
        let (signer, mut slots) = (signer(), SlotArray::<32>::new());
        let draft = signer
            .draft(&request, &ProtocolParameters::NONE, stamp(), &mut slots)
            .unwrap();
        let first = draft.base_string().to_string();
        assert_eq!(draft.base_string().to_string(), first);
        assert!(first.contains("%26oauth_nonce%3Da%2520b%26"), "{first}");
        assert!(
            first.contains("%26oauth_timestamp%3D1700000000%26"),
            "{first}"
        );
    }
}

#[test]
fn a_method_of_ones_own_is_named_in_the_request() {
    let signer = Signer::with_key(ExternalKey::new("X-Method 1", None), "client");
    let request = requests()[1];
    let mut slots = SlotArray::<2>::new();
    let draft = signer
        .draft(&request, &ProtocolParameters::NONE, stamp(), &mut slots)
        .unwrap();
    let base_string = draft.base_string().to_string();
    assert!(
        base_string.contains("oauth_signature_method%3DX-Method%25201%26"),
        "{base_string}"
    );
    let header = text(|out| _ = draft.authorize("s&=", out));
    assert!(
        header.contains("oauth_signature_method=\"X-Method%201\""),
        "{header}"
    );
    assert!(header.ends_with("oauth_signature=\"s%26%3D\""), "{header}");
    assert!(!header.contains("oauth_body_hash"), "{header}");
}

#[test]
fn the_bytes_of_a_signature_are_sent_in_base_64() {
    let signer = Signer::with_key(ExternalKey::new("RSA-SHA1", None), "client");
    let request = requests()[0];
    let cases = [
        (&b""[..], "\"\""),
        (&[0], "\"AA%3D%3D\""),
        (&[1, 2, 3], "\"AQID\""),
        (&[0xfb, 0xff], "\"%2B%2F8%3D\""),
    ];
    for (signature, expected) in cases {
        let mut slots = SlotArray::<1>::new();
        let draft = signer
            .draft(&request, &ProtocolParameters::NONE, stamp(), &mut slots)
            .unwrap();
        let header = text(|out| _ = draft.authorize_bytes(signature, out).unwrap());
        let (_, found) = header.rsplit_once("oauth_signature=").unwrap();
        assert_eq!(found, expected);
    }
}

#[test]
fn a_signature_of_a_kibibyte_is_the_longest_that_is_promised() {
    let signer = Signer::with_key(ExternalKey::new("RSA-SHA1", None), "client");
    let request = requests()[0];
    let authorize = |length: usize| {
        let mut slots = SlotArray::<1>::new();
        let draft = signer
            .draft(&request, &ProtocolParameters::NONE, stamp(), &mut slots)
            .unwrap();
        let mut memory = [0; 8192];
        let mut out = SliceSink::new(&mut memory);
        let result = draft
            .authorize_bytes(&vec![0xff; length], &mut out)
            .map(|_| ());
        (result, out.finish().unwrap().len())
    };
    let (result, written) = authorize(1024);
    assert_eq!(result, Ok(()));
    assert!(written > 1366);
    for length in [1030, 2048, 10_000] {
        assert_eq!(authorize(length), (Err(SignError::SigningFailed), 0));
    }
}

#[test]
fn a_draft_shows_the_base_string_and_what_is_sent_with_it() {
    let (signer, mut slots) = (signer(), SlotArray::<1>::new());
    let request = requests()[0];
    let draft = signer
        .draft(&request, &ProtocolParameters::NONE, stamp(), &mut slots)
        .unwrap();
    let shown = alloc::format!("{draft:?}");
    let words: Vec<_> = ["GET&http", "Nonce(\"a b\")", "1700000000"].into();
    assert!(words.iter().all(|word| shown.contains(word)), "{shown}");
}
