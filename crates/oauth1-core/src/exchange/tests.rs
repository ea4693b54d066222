#![cfg(feature = "hmac-sha1")]

use alloc::{format, string::ToString, sync::Arc, vec::Vec};

use ::http::{
    HeaderValue, Method, Request, Uri,
    header::{AUTHORIZATION, CONTENT_TYPE, COOKIE, HOST, LOCATION},
};

use super::*;
use crate::{
    ClientCredentials, HmacSha1, Nonce, Signer, TokenCredentials, Transmission, UriErrorKind,
};

mod clock;
mod forms;
mod redirects;
mod references;
mod retries;
mod told;
mod verified;

const NOW: Timestamp = Timestamp::from_unix_seconds(1_700_000_000);
const FORM: &str = "application/x-www-form-urlencoded";

fn signer() -> Signer<'static, HmacSha1> {
    let client = ClientCredentials::new("client", "client secret");
    Signer::for_token(&client, &TokenCredentials::new("token", "token secret"))
}

fn client() -> Client<HmacSha1> {
    Client::new(signer())
}

/// A stamp of its own for each attempt.
fn stamp(nonce: &'static str) -> Stamp<'static> {
    Stamp::new(NOW, Nonce::new(nonce))
}

fn head(method: Method, uri: &str) -> Parts {
    let request = Request::builder().method(method).uri(uri).body(()).unwrap();
    request.into_parts().0
}

fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in pairs {
        headers.append(*name, HeaderValue::from_static(value));
    }
    headers
}

/// A response that redirects to `location`.
fn to(location: &str) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(LOCATION, HeaderValue::from_str(location).unwrap());
    headers
}

fn is_signed(attempt: &Attempt) -> bool {
    let header = attempt.parts.headers.get(AUTHORIZATION);
    let query = attempt.parts.uri.query().unwrap_or_default();
    header.is_some_and(|value| value.as_bytes().starts_with(b"OAuth "))
        || query.contains("oauth_signature=")
        || matches!(&attempt.body, AttemptBody::Form(form) if form.windows(16).any(|at| at == b"oauth_signature="))
}

#[test]
fn one_client_serves_many_threads() {
    fn shared<T: Send + Sync>(value: T) -> T {
        value
    }
    let client = Arc::new(shared(client()));
    let head = head(Method::GET, "https://api.example.com/a");
    let mut exchange = Exchange::new(Arc::clone(&client), head, Payload::Empty);
    let attempt = std::thread::spawn(move || exchange.attempt(stamp("a")).unwrap().parts);
    assert!(attempt.join().unwrap().headers.contains_key(AUTHORIZATION));
}

#[test]
fn a_request_that_cannot_be_signed_is_an_error() {
    let client = client();
    let mut form = head(Method::POST, "https://api.example.com/a");
    form.headers
        .insert(CONTENT_TYPE, HeaderValue::from_static(FORM));
    let mut exchange = Exchange::new(&client, form, Payload::Streamed);
    assert_eq!(
        exchange.attempt(stamp("a")).unwrap_err(),
        Error::FormNotAtHand
    );

    let mut relative = Exchange::new(&client, head(Method::GET, "/a"), Payload::Empty);
    let error = relative.attempt(stamp("a")).unwrap_err();
    let Error::Uri(error) = error else {
        panic!("{error}")
    };
    assert_eq!(error.kind(), UriErrorKind::Scheme);
}

#[test]
fn no_secret_shows() {
    let client = client();
    let mut parts = head(Method::POST, "https://api.example.com/a?password=hunter2");
    parts
        .headers
        .insert(AUTHORIZATION, HeaderValue::from_static("Basic hunter2"));
    let mut exchange = Exchange::new(&client, parts, Payload::Bytes(b"password=hunter2"));
    let step = exchange.on_response(StatusCode::FOUND, &to("https://b.example/?hunter2"), NOW);
    let Step::Stopped(stop) = step else { panic!() };
    let attempts = [Transmission::Query, Transmission::Form].map(|transmission| {
        let client = Client::new(signer().with_transmission(transmission));
        let head = head(Method::POST, "https://api.example.com/a?password=hunter2");
        let mut exchange = Exchange::new(&client, head, Payload::Empty);
        exchange.attempt(stamp("a")).unwrap()
    });
    let shown = format!("{client:?} {exchange:?} {stop} {stop:?} {attempts:?}");
    assert!(!shown.contains("oauth_signature"), "{shown}");
    for part in [
        "Exchange { method: POST, ",
        "Hop { target: \"https://b.example/\", ",
    ] {
        assert!(shown.contains(part), "{shown}");
    }
    for secret in ["hunter2", "client secret", "token secret"] {
        assert!(!shown.contains(secret), "{shown}");
    }
}

#[test]
fn every_stop_says_why() {
    let client = client();
    let head = head(Method::GET, "https://api.example.com/a");
    let mut exchange = Exchange::new(&client, head, Payload::Empty);
    let step = exchange.on_response(StatusCode::FOUND, &to("//b.example/c?d"), NOW);
    let Step::Stopped(elsewhere) = step else {
        panic!()
    };
    assert_eq!(
        elsewhere.to_string(),
        "the server redirects to another origin, https://b.example, where no signature goes: follow \
         it unsigned if that is what you want"
    );
    let others = [
        (Stop::UserInformation, "user name"),
        (Stop::TooManyRedirects, "again and again"),
        (Stop::TooManyRetries, "every attempt"),
        (Stop::BodyNotReplayable, "cannot be sent again"),
        (Stop::NotIdempotent, "may have done"),
    ];
    for (stop, text) in others {
        assert!(stop.to_string().contains(text), "{stop}");
    }
}
