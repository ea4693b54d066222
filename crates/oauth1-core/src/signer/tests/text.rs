//! What is sent, byte for byte.

extern crate alloc;

use super::*;

/// The example of RFC 5849 section 1.2: its credentials, and its requests with their signatures.
mod example {
    use super::*;

    fn client() -> ClientCredentials<'static> {
        ClientCredentials::new("dpf43f3p2l4k3l03", "kd94hf93k423kf44")
    }

    fn header(
        signer: Signer<'_, HmacSha1>,
        request: RequestView<'_>,
        parameters: ProtocolParameters<'_>,
        (timestamp, nonce): (u64, &str),
    ) -> String {
        let mut memory = [0; 512];
        let mut out = SliceSink::new(&mut memory);
        let stamp = Stamp::new(Timestamp::from_unix_seconds(timestamp), Nonce::new(nonce));
        let mut slots = SlotArray::<2>::new();
        let signer = signer.with_realm("Photos");
        signer
            .sign(&request, &parameters, stamp, &mut slots, &mut out)
            .unwrap();
        String::from_utf8(out.finish().unwrap().into()).unwrap()
    }

    #[test]
    fn the_request_for_temporary_credentials() {
        let target = Target::parse("https://photos.example.net/initiate").unwrap();
        let parameters = NONE.with_callback("http://printer.example.com/ready");
        let request = RequestView::new("POST", target);
        assert_eq!(
            header(
                Signer::for_client(&client()),
                request,
                parameters,
                (137_131_200, "wIjqoS")
            ),
            "OAuth realm=\"Photos\", oauth_consumer_key=\"dpf43f3p2l4k3l03\", \
             oauth_signature_method=\"HMAC-SHA1\", \
             oauth_callback=\"http%3A%2F%2Fprinter.example.com%2Fready\", \
             oauth_timestamp=\"137131200\", oauth_nonce=\"wIjqoS\", \
             oauth_signature=\"74KNZJeDHnMBp0EMJ9ZHt%2FXKycU%3D\""
        );
    }

    #[test]
    fn the_request_for_token_credentials() {
        let target = Target::parse("https://photos.example.net/token").unwrap();
        let temporary = TemporaryCredentials::new("hh5s93j4hdidpola", "hdhd0244k9j7ao03");
        let signer = Signer::for_temporary(&client(), &temporary);
        let parameters = NONE.with_verifier("hfdp7dh39dks9884");
        let request = RequestView::new("POST", target);
        assert_eq!(
            header(signer, request, parameters, (137_131_201, "walatlh")),
            "OAuth realm=\"Photos\", oauth_consumer_key=\"dpf43f3p2l4k3l03\", \
             oauth_token=\"hh5s93j4hdidpola\", oauth_signature_method=\"HMAC-SHA1\", \
             oauth_verifier=\"hfdp7dh39dks9884\", oauth_timestamp=\"137131201\", \
             oauth_nonce=\"walatlh\", oauth_signature=\"gKgrFCywp7rO0OXSjdot%2FIHF7IU%3D\""
        );
    }

    #[test]
    fn the_request_for_a_photo() {
        let url = "http://photos.example.net/photos?file=vacation.jpg&size=original";
        let token = TokenCredentials::new("nnch734d00sl2jdk", "pfkkdhi9sl3r4s00");
        let signer = Signer::for_token(&client(), &token);
        assert_eq!(
            header(signer, get(url), NONE, (137_131_202, "chapoH")),
            "OAuth realm=\"Photos\", oauth_consumer_key=\"dpf43f3p2l4k3l03\", \
             oauth_token=\"nnch734d00sl2jdk\", oauth_signature_method=\"HMAC-SHA1\", \
             oauth_timestamp=\"137131202\", oauth_nonce=\"chapoH\", \
             oauth_signature=\"MdpQcU8iPSUjWoN%2FUDMsK2sui9I%3D\""
        );
    }
}

const EXTRA: [Parameter<'static>; 2] = [
    Parameter::new("x auth", "\u{e9}"),
    Parameter::new("oauth_session", ""),
];

fn all_parameters() -> ProtocolParameters<'static> {
    NONE.with_callback("http://a.example/?b=c")
        .with_verifier("1 2")
        .with_extra(&EXTRA)
}

/// What [`sign`] gives without its last value, which is the signature.
fn unsigned(signer: &Signer<'_, HmacSha1>, parameters: &ProtocolParameters<'_>) -> String {
    let request = RequestView::new("POST", Target::parse("https://example.com/").unwrap());
    let text = sign(signer, &request, parameters).unwrap();
    let (before, _) = text.rsplit_once("oauth_signature=").unwrap();
    before.into()
}

#[test]
fn a_header_has_all_parameters_in_one_order() {
    let signer = signer().with_realm("Photos").with_version();
    assert_eq!(
        unsigned(&signer, &all_parameters()),
        "OAuth realm=\"Photos\", oauth_consumer_key=\"client\", oauth_token=\"token\", \
         oauth_signature_method=\"HMAC-SHA1\", oauth_version=\"1.0\", \
         oauth_callback=\"http%3A%2F%2Fa.example%2F%3Fb%3Dc\", oauth_verifier=\"1%202\", \
         x%20auth=\"%C3%A9\", oauth_session=\"\", oauth_timestamp=\"1700000000\", \
         oauth_nonce=\"abc\", "
    );
}

#[test]
fn a_query_and_a_form_have_the_same_without_the_realm() {
    for transmission in [Transmission::Query, Transmission::Form] {
        let signer = signer()
            .with_realm("Photos")
            .with_version()
            .with_transmission(transmission);
        assert_eq!(
            unsigned(&signer, &all_parameters()),
            "oauth_consumer_key=client&oauth_token=token&oauth_signature_method=HMAC-SHA1\
             &oauth_version=1.0&oauth_callback=http%3A%2F%2Fa.example%2F%3Fb%3Dc\
             &oauth_verifier=1%202&x%20auth=%C3%A9&oauth_session=&oauth_timestamp=1700000000\
             &oauth_nonce=abc&"
        );
    }
}

#[test]
fn the_signature_is_the_same_wherever_it_travels() {
    let signature = |transmission, between: &str, end: &str| {
        let signer = signer().with_transmission(transmission);
        let text = sign(&signer, &get("http://example.com/?a=b"), &NONE).unwrap();
        let (_, signature) = text.rsplit_once(between).unwrap();
        String::from(signature.strip_suffix(end).unwrap())
    };
    let header = signature(Transmission::Header, "oauth_signature=\"", "\"");
    assert_eq!(
        signature(Transmission::Query, "&oauth_signature=", ""),
        header
    );
    assert_eq!(
        signature(Transmission::Form, "&oauth_signature=", ""),
        header
    );
}

#[test]
fn a_token_is_sent_where_there_is_one_and_empty_where_that_is_asked_for() {
    let alone = Signer::<HmacSha1>::for_client(&client());
    assert!(!unsigned(&alone, &NONE).contains("oauth_token"));
    let empty = alone.clone().with_token("");
    assert!(unsigned(&empty, &NONE).contains("oauth_consumer_key=\"client\", oauth_token=\"\", "));
    let request = get("http://example.com/");
    assert!(base_string(&empty, &request, &NONE).contains("%26oauth_token%3D"));
    assert!(!base_string(&alone, &request, &NONE).contains("oauth_token"));
}

#[test]
fn a_version_is_sent_and_signed_only_if_it_is_asked_for() {
    let request = get("http://example.com/");
    assert!(!unsigned(&signer(), &NONE).contains("oauth_version"));
    assert!(!base_string(&signer(), &request, &NONE).contains("oauth_version"));
    let signer = signer().with_version();
    assert!(unsigned(&signer, &NONE).contains("oauth_version=\"1.0\""));
    assert!(base_string(&signer, &request, &NONE).ends_with("%26oauth_version%3D1.0"));
}

#[test]
fn identifiers_are_encoded() {
    let client = ClientCredentials::new("a b/\u{e9}", "");
    let token = TokenCredentials::new("%+", "");
    let signer = Signer::<HmacSha1>::for_token(&client, &token);
    let text = unsigned(&signer, &NONE);
    assert!(
        text.starts_with("OAuth oauth_consumer_key=\"a%20b%2F%C3%A9\", oauth_token=\"%25%2B\"")
    );
    let text = base_string(&signer, &get("http://example.com/"), &NONE);
    assert!(
        text.contains("oauth_consumer_key%3Da%2520b%252F%25C3%25A9%26"),
        "{text}"
    );
    assert!(text.ends_with("oauth_token%3D%2525%252B"), "{text}");
}

#[test]
fn a_realm_is_quoted_and_not_signed() {
    let plain = sign(&signer(), &get("http://example.com/"), &NONE).unwrap();
    let cases = [
        ("", r#"realm="""#),
        ("Photos", r#"realm="Photos""#),
        (r#"a "b", \c"#, r#"realm="a \"b\", \\c""#),
        (r"\", r#"realm="\\""#),
        (r#""""#, r#"realm="\"\"""#),
        ("100% é ☃", "realm=\"100% é ☃\""),
    ];
    for (realm, expected) in cases {
        let signer = signer().with_realm(realm);
        let text = sign(&signer, &get("http://example.com/"), &NONE).unwrap();
        assert_eq!(
            text,
            plain.replace("OAuth ", &alloc::format!("OAuth {expected}, "))
        );
    }
}

#[test]
fn a_realm_with_a_control_character_is_refused_wherever_it_stands() {
    for byte in (0..=31).chain([127_u8]) {
        for realm in [
            alloc::format!("{}", char::from(byte)),
            alloc::format!("a{}b", char::from(byte)),
        ] {
            for transmission in [Transmission::Header, Transmission::Query] {
                let signer = signer()
                    .with_realm(realm.as_str())
                    .with_transmission(transmission);
                let signed = sign(&signer, &get("http://example.com/"), &NONE);
                assert_eq!(signed, Err(SignError::ControlCharacterInRealm));
            }
        }
    }
}

#[test]
fn a_form_needs_a_body_that_can_be_one() {
    let signer = signer().with_transmission(Transmission::Form);
    let request = get("http://example.com/");
    for request in [
        request,
        request.with_form(b"a=1"),
        request.with_form_pairs(&[]),
    ] {
        assert!(sign(&signer, &request, &NONE).is_ok());
    }
    for request in [
        request.with_body(b""),
        request.with_body(b"x"),
        request.with(Body::Streamed),
    ] {
        assert_eq!(sign(&signer, &request, &NONE), Err(SignError::NoForm));
    }
}

#[cfg(feature = "alloc")]
#[test]
fn a_header_as_text_is_the_header_that_is_written() {
    for transmission in [Transmission::Header, Transmission::Query] {
        let signer = signer().with_realm("é").with_transmission(transmission);
        let request = get("http://example.com/?a=1");
        let text = signer.authorization(&request, stamp());
        assert_eq!(text, sign(&signer, &request, &NONE));
    }
}

#[cfg(feature = "alloc")]
#[test]
fn a_signer_that_borrows_nothing_signs_the_same() {
    let (client, token, realm) = (String::from("c"), String::from("t"), String::from("r"));
    let credentials = ClientCredentials::new(client.as_str(), "s");
    let signer = Signer::<HmacSha1>::for_client(&credentials)
        .with_token(token.as_str())
        .with_realm(realm.as_str())
        .with_version()
        .with_body_hash(BodyHashRule::Always)
        .with_transmission(Transmission::Query);
    let request = get("http://example.com/");
    let expected = sign(&signer, &request, &NONE);
    let owned: Signer<'static, HmacSha1> = signer.into_owned();
    drop((client, token, realm));
    assert_eq!(sign(&owned, &request, &NONE), expected);
}
