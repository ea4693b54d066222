//! What holds for every redirect, however it is made.

use http::{HeaderMap, HeaderValue, Method, Request, StatusCode, Uri, header::LOCATION};
use oauth1_core::{
    ClientCredentials, HmacSha1, Nonce, ProtocolParameters, Signer, Stamp, Timestamp, Transmission,
    exchange::{Client, Exchange, OtherOrigins, Step},
    http::{Payload, target_of},
};
use proptest::{collection::vec, prelude::*};

const START: &str = "https://api.example.com/a/b?c=d";
const NOW: Timestamp = Timestamp::from_unix_seconds(1_700_000_000);

/// Pieces of which a URI that is meant to deceive would be made, and any bytes.
fn location() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        Just(b"https:".to_vec()),
        Just(b"http:".to_vec()),
        Just(b"//".to_vec()),
        Just(b"api.example.com".to_vec()),
        Just(b"API.EXAMPLE.COM".to_vec()),
        Just(b":443".to_vec()),
        Just(b":8443".to_vec()),
        Just(b"evil.example".to_vec()),
        "[-.@:/?#%\\\\\\[\\]&= a]{1,2}".prop_map(String::into_bytes),
        vec(0x20_u8..=0xFF, 0..3),
    ];
    vec(piece, 0..7).prop_map(|pieces| pieces.concat())
}

fn status() -> impl Strategy<Value = StatusCode> {
    prop_oneof![
        Just(StatusCode::MOVED_PERMANENTLY),
        Just(StatusCode::FOUND),
        Just(StatusCode::SEE_OTHER),
        Just(StatusCode::TEMPORARY_REDIRECT),
        Just(StatusCode::PERMANENT_REDIRECT),
    ]
}

fn is_own_origin(uri: &Uri) -> bool {
    let start = Uri::from_static(START);
    target_of(uri)
        .is_ok_and(|target| Ok(target.origin()) == target_of(&start).map(|own| own.origin()))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    /// Through any chain of redirects: what is signed goes to the first origin, and once it has been
    /// elsewhere nothing is signed any more.
    #[test]
    fn a_signature_never_leaves_its_origin(
        hops in vec((status(), location()), 1..5),
        in_query in any::<bool>(),
    ) {
        let credentials = ClientCredentials::new("client", "secret");
        let transmission = if in_query { Transmission::Query } else { Transmission::Header };
        let signer = Signer::<HmacSha1>::for_client(&credentials).with_transmission(transmission);
        let client = Client::new(signer).with_other_origins(OtherOrigins::Unsigned);
        let request = Request::builder().method(Method::POST).uri(START).body(()).unwrap();
        let mut exchange = Exchange::new(&client, request.into_parts().0, Payload::Bytes(b"{}"))
            .with_parameters(ProtocolParameters::NONE);
        let mut has_left = false;
        for (status, location) in hops {
            let Ok(attempt) = exchange.attempt(Stamp::new(NOW, Nonce::new("nonce"))) else {
                // A Location that brings protocol parameters of its own.
                break;
            };
            let uri = &attempt.parts.uri;
            has_left |= !is_own_origin(uri);
            prop_assert_eq!(attempt.stamp().is_some(), !has_left, "{}", uri);
            let signature = uri.query().is_some_and(|query| query.contains("oauth_signature="))
                || attempt.parts.headers.contains_key("authorization");
            prop_assert_eq!(signature, !has_left, "{}", uri);
            let Ok(location) = HeaderValue::from_bytes(&location) else { break };
            let headers = HeaderMap::from_iter([(LOCATION, location)]);
            if !matches!(exchange.on_response(status, &headers, NOW), Step::Again(_)) {
                break;
            }
        }
    }
}
