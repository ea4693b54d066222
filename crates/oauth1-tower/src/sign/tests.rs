use alloc::{format, string::ToString, sync::Arc, vec, vec::Vec};
use core::convert::Infallible;

use bytes::Bytes;
use http::{HeaderValue, StatusCode, header::LOCATION};
use http_body_util::{BodyExt, Either, Empty, Full, StreamBody};
use oauth1_core::{ClientCredentials, HmacSha1, Signer, Transmission};
use tower::{ServiceExt, service_fn};

use super::*;

const ORIGIN: &str = "https://api.example.com";
const FORM: &str = "application/x-www-form-urlencoded";

fn signer() -> Signer<'static, HmacSha1> {
    Signer::for_client(&ClientCredentials::new("client", "client secret"))
}

fn layer(client: Client<HmacSha1>) -> SignLayer<HmacSha1> {
    SignLayer::new(client, ORIGIN).unwrap()
}

fn request<B>(uri: &str, body: B) -> Request<B> {
    Request::post(uri).body(body).unwrap()
}

/// What reaches the HTTP client of a request.
async fn sent<B: RequestBody>(
    layer: &SignLayer<HmacSha1>,
    request: Request<B>,
) -> Result<Request<B>, Error<Infallible>> {
    let http =
        service_fn(
            |request: Request<B>| async move { Ok::<_, Infallible>(Response::new(request)) },
        );
    Ok(layer.layer(http).oneshot(request).await?.into_body())
}

#[tokio::test]
async fn only_its_origins_are_signed_for() {
    let strict = layer(Client::new(signer()))
        .with_origin("http://[::1]:8080")
        .unwrap();
    let lenient = layer(Client::new(signer()).with_other_origins(OtherOrigins::Unsigned));
    for ours in [
        "https://api.example.com/a",
        "https://API.example.com:443/a",
        "http://[::1]:8080",
    ] {
        let sent = sent(&strict, request(ours, ())).await.unwrap();
        assert!(sent.headers().contains_key(AUTHORIZATION), "{ours}");
    }
    for other in [
        "http://api.example.com/a",
        "https://api.example.com:8443/a",
        "https://example.com/a",
        "https://api.example.com.evil.example/a",
        "https://api.example.com@evil.example/a",
    ] {
        let refused = sent(&strict, request(other, ())).await.unwrap_err();
        assert_eq!(refused, Error::OtherOrigin, "{other}");
        let passed = sent(&lenient, request(other, ())).await.unwrap();
        assert!(passed.headers().is_empty() && passed.uri() == other);
    }
    assert!(SignLayer::new(Client::new(signer()), "https://api.example.com/path").is_err());
    let relative = sent(&strict, request("/a", ())).await.unwrap_err();
    assert!(matches!(relative, Error::Sign(_)), "{relative}");
}

#[tokio::test]
async fn no_signature_passes_unsigned() {
    let lenient = layer(Client::new(signer()).with_other_origins(OtherOrigins::Unsigned));
    let query = request("https://other.example/?a=b&oauth_signature=c", ());
    assert_eq!(sent(&lenient, query).await.unwrap_err(), Error::OtherOrigin);
    let mut header = request("https://other.example/", ());
    let value = HeaderValue::from_static("OAuth oauth_nonce=\"a\"");
    header.headers_mut().insert(AUTHORIZATION, value);
    assert_eq!(
        sent(&lenient, header).await.unwrap_err(),
        Error::OtherOrigin
    );

    // And who is to go unsigned goes so to the layer's own origin as well, though it is a strict one.
    let strict = layer(Client::new(signer()));
    let mut back = request("https://api.example.com/a", ());
    back.extensions_mut().insert(Unsigned);
    assert!(sent(&strict, back).await.unwrap().headers().is_empty());
    let mut elsewhere = request("https://other.example/a", ());
    elsewhere.extensions_mut().insert(Unsigned);
    assert_eq!(
        sent(&strict, elsewhere).await.unwrap_err(),
        Error::OtherOrigin
    );
}

#[tokio::test]
async fn each_attempt_has_a_nonce_of_its_own_and_the_response_shows_it() {
    let layer = layer(Client::new(signer()));
    let http = service_fn(|request: Request<()>| async move {
        Ok::<_, Infallible>(Response::new(request.headers()[AUTHORIZATION].clone()))
    });
    let service = layer.layer(http);
    let mut nonces = Vec::new();
    for _ in 0..3 {
        let response = service
            .clone()
            .oneshot(request("https://api.example.com/", ()))
            .await;
        let response = response.unwrap();
        let stamp = response.extensions().get::<SentStamp>().unwrap();
        let header = response.body().to_str().unwrap();
        assert!(header.contains(&format!("oauth_nonce=\"{}\"", stamp.nonce())));
        assert!(header.contains(&format!("oauth_timestamp=\"{}\"", stamp.timestamp())));
        nonces.push(stamp.nonce().to_owned());
    }
    nonces.dedup();
    assert_eq!(nonces.len(), 3);
}

#[tokio::test]
async fn parameters_of_one_request_travel_in_its_extensions() {
    let layer = layer(Client::new(signer()));
    let parameters = Parameters::new()
        .with_callback("https://app.example/cb")
        .with_verifier("secret verifier")
        .with_extra("oauth_session_handle", "h");
    let mut request = request("https://api.example.com/", ());
    assert!(!format!("{parameters:?}").contains("secret verifier"));
    request.extensions_mut().insert(parameters);
    let sent = sent(&layer, request).await.unwrap();
    let header = sent.headers()[AUTHORIZATION].to_str().unwrap();
    for part in [
        "oauth_callback=\"https%3A%2F%2Fapp.example%2Fcb\"",
        "oauth_verifier=\"secret%20verifier\"",
        "oauth_session_handle=\"h\"",
    ] {
        assert!(header.contains(part), "{header}");
    }
}

/// The body hash and the form, of whatever has its bytes at hand.
#[tokio::test]
async fn bodies_that_are_at_hand_are_signed() {
    async fn hashes<B: RequestBody>(body: B) -> bool {
        let layer = layer(Client::new(signer()));
        let sent = sent(&layer, request("https://api.example.com/", body))
            .await
            .unwrap();
        let header = sent.headers()[AUTHORIZATION].to_str().unwrap();
        header.contains("oauth_body_hash")
    }
    assert!(hashes(Bytes::from_static(b"a")).await);
    assert!(hashes(Full::new(Bytes::from_static(b"a"))).await);
    assert!(hashes(vec![97]).await);
    assert!(hashes("a".to_string()).await);
    assert!(
        hashes(Either::<Empty<Bytes>, _>::Right(Full::new(
            Bytes::from_static(b"a")
        )))
        .await
    );
    assert!(!hashes(()).await);
    assert!(!hashes(Full::<Bytes>::default()).await);
    assert!(!hashes(Empty::<Bytes>::new()).await);
    assert!(!hashes(String::new()).await);
    assert!(!hashes(Full::new(Bytes::from_static(b"a")).boxed()).await);
    assert!(!hashes(Full::new(Bytes::from_static(b"a")).boxed_unsync()).await);
    assert!(!hashes(StreamBody::new(())).await);
    assert_eq!(Full::<Bytes>::default().boxed().at_hand(), AtHand::Empty);
}

#[tokio::test]
async fn a_form_that_flows_is_an_error() {
    let layer = layer(Client::new(signer()));
    let mut request = request(ORIGIN, Full::new(Bytes::from_static(b"a=b")).boxed());
    let form = HeaderValue::from_static(FORM);
    request.headers_mut().insert("content-type", form);
    let refused = sent(&layer, request).await.unwrap_err();
    assert_eq!(
        refused,
        Error::Sign(oauth1_core::http::Error::FormNotAtHand)
    );
}

#[tokio::test]
async fn a_form_with_the_signature_takes_the_place_of_the_other() {
    async fn form<B: RequestBody>(body: B) -> Result<B, Error<Infallible>> {
        let client = Client::new(signer().with_transmission(Transmission::Form));
        let mut request = request("https://api.example.com/", body);
        let form = HeaderValue::from_static(FORM);
        request.headers_mut().insert("content-type", form);
        Ok(sent(&layer(client), request).await?.into_body())
    }
    let full = form(Full::new(Bytes::from_static(b"a=b"))).await.unwrap();
    let AtHand::Bytes(bytes) = full.at_hand() else {
        panic!()
    };
    assert!(
        bytes.starts_with(b"a=b&oauth_consumer_key=client&"),
        "{bytes:?}"
    );
    let bytes = form(Bytes::from_static(b"a=b")).await.unwrap();
    assert!(
        bytes.starts_with(b"a=b&oauth_consumer_key=client&"),
        "{bytes:?}"
    );
    let text = form("a=b".to_string()).await.unwrap();
    assert!(text.starts_with("a=b&oauth_consumer_key=client&"), "{text}");
    let boxed = form(Empty::new().boxed()).await.unwrap();
    let boxed: http_body_util::combinators::BoxBody<Bytes, Infallible> = boxed;
    let collected = boxed.collect().await.unwrap().to_bytes();
    assert!(
        collected.starts_with(b"oauth_consumer_key=client&"),
        "{collected:?}"
    );
    let either = form(Either::<Empty<Bytes>, Full<Bytes>>::Left(Empty::new()))
        .await
        .unwrap();
    assert!(matches!(either, Either::Right(_)));
    assert_eq!(
        form(Empty::<Bytes>::new()).await.unwrap_err(),
        Error::FormCannotBeHeld
    );
    assert_eq!(form(()).await.unwrap_err(), Error::FormCannotBeHeld);
}

#[tokio::test]
async fn a_location_that_repeats_the_signature_is_cleaned_for_the_layers_outside() {
    let client = Client::new(signer().with_transmission(Transmission::Query));
    let http = service_fn(|request: Request<()>| async move {
        let query = request.uri().query().unwrap_or_default();
        let location = format!("https://other.example/?{query}");
        let response = Response::builder().status(302).header(LOCATION, location);
        Ok::<_, Infallible>(response.body(()).unwrap())
    });
    let service = layer(client).layer(http);
    let response = service
        .oneshot(request("https://api.example.com/?a=b", ()))
        .await
        .unwrap();
    assert_eq!(response.headers()[LOCATION], "https://other.example/?a=b");
}

#[tokio::test]
async fn a_refusal_that_corrects_the_clock_says_so() {
    let client = Arc::new(Client::new(signer()).with_clock_correction(u64::MAX));
    let layer = SignLayer::new(Arc::clone(&client), ORIGIN).unwrap();
    let http = service_fn(|_: Request<()>| async move {
        let response = Response::builder()
            .status(StatusCode::UNAUTHORIZED)
            .header("date", "Sun, 06 Nov 1994 08:49:37 GMT");
        Ok::<_, Infallible>(response.body(()).unwrap())
    });
    let service = layer.layer(http);
    for corrected in [true, false] {
        let response = service.clone().oneshot(request(ORIGIN, ())).await.unwrap();
        let marked = response.extensions().get::<ClockCorrected>().is_some();
        assert_eq!(marked, corrected);
    }
    assert!(client.clock_offset() < 0);
}

#[tokio::test]
async fn errors_of_the_service_inside_come_through_and_all_say_what_to_do() {
    let layer = layer(Client::new(signer()));
    let http = service_fn(|_: Request<()>| async { Err::<Response<()>, _>("broken".to_string()) });
    let refused = layer
        .layer(http)
        .oneshot(request(ORIGIN, ()))
        .await
        .unwrap_err();
    assert_eq!(refused, Error::Inner("broken".to_string()));
    assert_eq!(refused.to_string(), "broken");
    for (error, text) in [
        (Error::OtherOrigin, "name the origin"),
        (Error::FormCannotBeHeld, "send it in the header"),
        (
            Error::Sign(oauth1_core::http::Error::FormNotAtHand),
            "buffer it",
        ),
    ] {
        let error: Error<String> = error;
        assert!(error.to_string().contains(text), "{error}");
    }
}

#[test]
fn no_secret_shows() {
    let layer = layer(Client::new(signer()));
    let service = layer.layer(());
    let shown = format!(
        "{layer:?} {service:?} {:?}",
        Bytes::from_static(b"password").at_hand()
    );
    assert!(
        !shown.contains("client secret") && !shown.contains("password"),
        "{shown}"
    );
}
