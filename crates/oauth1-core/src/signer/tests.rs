#![cfg(feature = "hmac-sha1")]

extern crate alloc;

use alloc::string::String;

use super::*;
use crate::{
    BaseString, HmacSha1, Nonce, SlotArray, Target, Timestamp, UsedStamp, Verdict,
    sink::{Overflow, SliceSink},
};

mod body_hash;
mod duplicates;
mod endpoint;
mod errors;
mod memory;
mod text;

const NONE: ProtocolParameters<'static> = ProtocolParameters::NONE;

fn stamp() -> Stamp<'static> {
    Stamp::new(
        Timestamp::from_unix_seconds(1_700_000_000),
        Nonce::new("abc"),
    )
}

fn client() -> ClientCredentials<'static> {
    ClientCredentials::new("client", "client secret")
}

fn signer() -> Signer<'static, HmacSha1> {
    Signer::for_token(&client(), &TokenCredentials::new("token", "token secret"))
}

fn get(url: &str) -> RequestView<'_> {
    RequestView::new("GET", Target::parse(url).unwrap())
}

fn sign<K: SigningKey>(
    signer: &Signer<'_, K>,
    request: &RequestView<'_>,
    parameters: &ProtocolParameters<'_>,
) -> Result<String, SignError> {
    let mut memory = [0; 4096];
    let mut out = SliceSink::new(&mut memory);
    signer.sign(
        request,
        parameters,
        stamp(),
        &mut SlotArray::<64>::new(),
        &mut out,
    )?;
    Ok(String::from_utf8(out.finish().unwrap().into()).unwrap())
}

fn base_string(
    signer: &Signer<'_, HmacSha1>,
    request: &RequestView<'_>,
    parameters: &ProtocolParameters<'_>,
) -> String {
    let mut slots = SlotArray::<64>::new();
    let draft = signer
        .draft(request, parameters, stamp(), &mut slots)
        .unwrap();
    alloc::string::ToString::to_string(&draft.base_string())
}

/// The parameters that a signer of this module sends of itself.
const PROTOCOL: [Parameter<'static>; 5] = [
    Parameter::new("oauth_consumer_key", "client"),
    Parameter::new("oauth_token", "token"),
    Parameter::new("oauth_signature_method", "HMAC-SHA1"),
    Parameter::new("oauth_timestamp", "1700000000"),
    Parameter::new("oauth_nonce", "abc"),
];

#[test]
fn a_signer_goes_to_other_threads() {
    const fn shared<T: Send + Sync>() {}
    const {
        shared::<Signer<'static, HmacSha1>>();
        shared::<crate::Prepared<'static, HmacSha1, SliceSink<'static>>>();
        shared::<Draft<'static, 'static>>();
        shared::<SignError>();
    }
}

#[test]
fn a_signer_tells_its_transmission_and_key() {
    let signer = signer();
    assert_eq!(signer.transmission(), Transmission::Header);
    let signer = signer.with_transmission(Transmission::Query);
    assert_eq!(signer.transmission(), Transmission::Query);
    assert_eq!(signer.key().method(), "HMAC-SHA1");
}

#[test]
fn the_stamp_comes_back_used() {
    let mut memory = [0; 512];
    let (mut slots, mut out) = (SlotArray::<1>::new(), SliceSink::new(&mut memory));
    let request = get("http://example.com/");
    let used: UsedStamp<'_> = signer()
        .sign(&request, &NONE, stamp(), &mut slots, &mut out)
        .unwrap();
    assert_eq!(
        used.timestamp(),
        Timestamp::from_unix_seconds(1_700_000_000)
    );
    assert_eq!(used.nonce(), "abc");
}

/// Request parameters before, among and behind those that begin with `oauth_`.
const QUERIES: [&str; 18] = [
    "",
    "a=1",
    "z=1",
    "a=1&z=2&b=3",
    "oauth=1",
    "oauth%2F=1",
    "oauthA=1",
    "oautha=1",
    "oauth%5F=1",
    "oauth%60=1",
    "oauth%FF=1",
    "oauth_=1",
    "oauth_a=1",
    "oauth_d=1&a=1",
    "oauth_nonce2=1&oauth_nonc=2",
    "oauth_zz=1&z=1",
    "oauth_signature_methods=1",
    "oauth_consumer_ke=1&oauth_consumer_keys=2&a=3",
];

#[test]
fn what_is_signed_is_the_sorted_list_of_all_parameters() {
    let signer = signer();
    for query in QUERIES {
        let url = alloc::format!("https://example.com/?{query}");
        let request = get(&url);
        let mut slots = SlotArray::<64>::new();
        let expected = BaseString::of(&request, &PROTOCOL, &mut slots).unwrap();
        let drafted = base_string(&signer, &request, &NONE);
        assert_eq!(drafted, alloc::string::ToString::to_string(&expected));

        let header = sign(&signer, &request, &NONE).unwrap();
        let (_, signature) = header.rsplit_once("oauth_signature=\"").unwrap();
        let signature = Value::percent(signature.trim_end_matches('"').as_bytes());
        let verdict = crate::VerifyingKey::verify(signer.key(), "HMAC-SHA1", &expected, signature);
        assert_eq!(verdict, Verdict::Valid, "{query}");
    }
}

#[test]
fn parameters_of_the_request_and_of_the_protocol_are_sorted_as_one() {
    let extra = [
        Parameter::new("oauth_session", "s"),
        Parameter::new("x_auth", "x"),
    ];
    let parameters = NONE
        .with_callback("oob")
        .with_verifier("v")
        .with_extra(&extra);
    let names = |request: &RequestView<'_>| {
        let signer = signer().with_version();
        let mut slots = SlotArray::<64>::new();
        let draft = signer
            .draft(request, &parameters, stamp(), &mut slots)
            .unwrap();
        let base_string = draft.base_string();
        let names = base_string
            .parameters()
            .map(|(name, _)| name.bytes().map(char::from).collect());
        names.collect::<alloc::vec::Vec<String>>()
    };
    let form = b"oauth_d=1&oauth=1&oautha=1&y=1";
    assert_eq!(
        names(&get("http://example.com/?a=1&oauth_zz=1&oauth-b=1").with_form(form)),
        [
            "a",
            "oauth",
            "oauth-b",
            "oauth_callback",
            "oauth_consumer_key",
            "oauth_d",
            "oauth_nonce",
            "oauth_session",
            "oauth_signature_method",
            "oauth_timestamp",
            "oauth_token",
            "oauth_verifier",
            "oauth_version",
            "oauth_zz",
            "oautha",
            "x_auth",
            "y",
        ]
    );
}

#[test]
fn signing_leaves_the_request_as_it_is() {
    let request = get("http://example.com/?b=2&a=1").with_form(b"d=4&c=3");
    sign(&signer(), &request, &NONE).unwrap();
    assert_eq!(request.target().query(), Some("b=2&a=1"));
    assert!(matches!(request.body(), Body::Form(b"d=4&c=3")));
    assert_eq!(request.method(), "GET");
}

#[test]
fn a_percent_sign_that_starts_no_escape_is_signed_as_itself() {
    let request = get("http://example.com/?a=100%&b=%zz").with_form(b"c=%2");
    let text = base_string(&signer(), &request, &NONE);
    assert!(
        text.contains("&a%3D100%2525%26b%3D%2525zz%26c%3D%25252%26oauth_"),
        "{text}"
    );
}

#[derive(Clone)]
struct Broken;

impl Sink for Broken {
    fn put(&mut self, _: &[u8]) {}
}

impl SigningKey for Broken {
    type State = Self;

    fn method(&self) -> &'static str {
        "BROKEN"
    }

    fn body_digest(&self) -> Option<Digest> {
        None
    }

    fn start(&self) -> Self {
        Self
    }

    fn finish<S: Sink + ?Sized>(&self, _: Self, _: &mut S) -> Result<(), crate::SigningFailed> {
        Err(crate::SigningFailed)
    }
}

#[test]
fn a_key_that_fails_makes_signing_fail() {
    let signer = Signer::with_key(Broken, "client");
    let request = get("http://example.com/");
    assert_eq!(
        sign(&signer, &request, &NONE),
        Err(SignError::SigningFailed)
    );
    let mut memory = [0; 512];
    let buffer = SliceSink::new(&mut memory);
    let prepared = signer
        .prepare(&request, &NONE, &mut SlotArray::<1>::new(), buffer)
        .unwrap();
    let signed = prepared.sign(stamp(), &mut SliceSink::new(&mut []));
    assert_eq!(signed.map(|_| ()), Err(SignError::SigningFailed));
}

#[test]
fn an_error_says_what_to_do() {
    use SignError::*;
    let all = [
        (TooManyParameters, "more parameters than there is room for"),
        (
            DuplicateParameter,
            "take the oauth_ parameters out of its query and form",
        ),
        (NoForm, "send them in the header"),
        (
            ControlCharacterInRealm,
            "the realm holds a control character",
        ),
        (PlaintextWithoutTls, "use https or another method"),
        (ClockNotSet, "the clock is not set"),
        (BodyHashOnForm, "must not be sent with a form"),
        (BodyNotAtHand, "the body is streamed: give its hash"),
        (
            DigestNotCompiledIn,
            "no signature method with its digest is compiled in",
        ),
        (
            BufferTooSmall,
            "the buffer for a prepared request is too small",
        ),
        (SigningFailed, "the key could not make a signature"),
    ];
    for (error, text) in all {
        let shown = alloc::string::ToString::to_string(&error);
        assert!(shown.contains(text), "{shown}");
    }
}

#[test]
fn a_clock_that_is_not_set_signs_nothing() {
    let unset = || Stamp::new(Timestamp::from_unix_seconds(0), Nonce::new("abc"));
    let (signer, request) = (signer(), get("http://example.com/"));
    let refused = Err(SignError::ClockNotSet);
    let (mut slots, mut memory) = (SlotArray::<1>::new(), [0; 512]);
    let mut out = SliceSink::new(&mut memory);
    let signed = signer.sign(&request, &NONE, unset(), &mut slots, &mut out);
    assert_eq!(signed.map(|_| ()), refused);
    let drafted = signer.draft(&request, &NONE, unset(), &mut slots);
    assert_eq!(drafted.map(|_| ()), refused);
    let buffer = SliceSink::new(&mut memory);
    let prepared = signer
        .prepare(&request, &NONE, &mut SlotArray::<1>::new(), buffer)
        .unwrap();
    assert_eq!(
        prepared
            .sign(unset(), &mut SliceSink::new(&mut []))
            .map(|_| ()),
        refused
    );
}

/// By its name, so that one elsewhere is held to it as well.
#[test]
fn plaintext_is_sent_over_tls_alone_unless_that_is_let_in() {
    let signer = |method| {
        let key = crate::ExternalKey::new(method, None);
        Signer::with_key(key, "client").with_transmission(Transmission::Query)
    };
    let draft = |signer: &Signer<'_, crate::ExternalKey>, url: &str| {
        let mut slots = SlotArray::<1>::new();
        signer
            .draft(&get(url), &NONE, stamp(), &mut slots)
            .map(|_| ())
    };
    let plaintext = signer("PLAINTEXT");
    let allowed = plaintext.clone().allow_plaintext_without_tls();
    for url in [
        "http://example.com/",
        "HTTP://example.com:443/",
        "ws://example.com/",
    ] {
        assert_eq!(
            draft(&plaintext, url),
            Err(SignError::PlaintextWithoutTls),
            "{url}"
        );
        assert_eq!(draft(&allowed, url), Ok(()));
        assert_eq!(draft(&signer("HMAC-SHA1"), url), Ok(()));
    }
    for url in ["https://example.com/", "HTTPS://example.com:80/"] {
        assert_eq!(draft(&plaintext, url), Ok(()), "{url}");
    }
}
