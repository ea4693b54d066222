//! What reqwest's users send, and what becomes of it where something is wrong.
#![forbid(unsafe_code)]

use core::{
    future::ready,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};
use std::{io, net::TcpListener};

use http::StatusCode;
use oauth1_adapters::{CLIENT_SECRET, Place, Server, TOKEN_SECRET, Verdict, signer};
use oauth1_core::{
    HmacSha1, ProtocolParameters, Transmission,
    exchange::{self, Stop},
    http::Error as SignError,
};
use oauth1_reqwest::{Client, Error, LegError, Report, SendSigned as _};
use reqwest::{Body, Method, Request, multipart};
use serde_json::json;

/// With the cryptography of TLS, which reqwest leaves to be chosen where another crate of a build has
/// asked it to.
fn builder() -> reqwest::ClientBuilder {
    // Another test may have been first.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder()
}

fn client(exchange: exchange::Client<HmacSha1>) -> Client<HmacSha1> {
    Client::new(exchange, builder()).expect("a client")
}

fn usual() -> exchange::Client<HmacSha1> {
    exchange::Client::new(signer())
}

fn url(server: &Server, path: &str) -> String {
    [server.origin(Place::Main), path].concat()
}

/// What the server has seen of the one request that was sent.
fn seen(server: &Server) -> oauth1_adapters::Seen {
    let mut log = server.take_log();
    assert_eq!(log.len(), 1, "{log:?}");
    log.remove(0)
}

/// A stream of these pieces, and an error at its end where it breaks.
struct Pieces {
    pieces: Vec<&'static str>,
    breaks: bool,
}

impl futures_core::Stream for Pieces {
    type Item = Result<&'static str, io::Error>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if !self.pieces.is_empty() {
            return Poll::Ready(Some(Ok(self.pieces.remove(0))));
        }
        let breaks = core::mem::take(&mut self.breaks);
        Poll::Ready(breaks.then(|| Err(io::Error::other("the disk is gone"))))
    }
}

fn stream(pieces: &[&'static str], breaks: bool) -> Body {
    let pieces = pieces.to_vec();
    Body::wrap_stream(Pieces { pieces, breaks })
}

#[tokio::test]
async fn a_query_and_a_form_are_signed_as_the_builder_writes_them() {
    let server = Server::start().unwrap();
    let client = client(usual());
    let query = [("q", "a b+c&\u{e9}"), ("q", "~*'()"), ("empty", "")];
    let form = [
        ("status", "Hello Ladies + Gentlemen"),
        ("status", "\u{1F600} 100 %"),
    ];
    let request = client
        .http()
        .post(url(&server, "/a?b=c"))
        .query(&query)
        .form(&form);
    let response = client.send(request).await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    let seen = seen(&server);
    assert!(
        seen.body
            .starts_with(b"status=Hello+Ladies+%2B+Gentlemen&status=")
    );
    assert!(
        seen.path.starts_with("/a?b=c&q=a+b%2Bc%26%C3%A9&"),
        "{}",
        seen.path
    );
    assert_eq!(seen.parameter("oauth_body_hash"), None);
}

#[tokio::test]
async fn json_is_hashed_and_sent_whole() {
    let server = Server::start().unwrap();
    let client = client(usual());
    let json = json!({"status": "a & b", "ids": [1, 2]});
    let request = client.http().post(url(&server, "/a")).json(&json);
    assert_eq!(client.send(request).await.unwrap().status(), StatusCode::OK);
    let seen = seen(&server);
    assert_eq!(
        serde_json::from_slice::<serde_json::Value>(&seen.body).unwrap(),
        json
    );
    assert_eq!(seen.headers["content-type"], "application/json");
    assert!(seen.parameter("oauth_body_hash").is_some());
    assert!(!seen.headers.contains_key("transfer-encoding"));
}

#[tokio::test]
async fn multipart_flows_unhashed() {
    let server = Server::start().unwrap();
    let client = client(usual());
    let part = multipart::Part::bytes(&b"\0\xff"[..]).file_name("a.bin");
    let form = multipart::Form::new()
        .text("title", "a=b&c")
        .part("media", part);
    let request = client.http().post(url(&server, "/a?b=c")).multipart(form);
    assert_eq!(client.send(request).await.unwrap().status(), StatusCode::OK);
    let seen = seen(&server);
    let kind = seen.headers["content-type"].to_str().unwrap();
    assert!(kind.starts_with("multipart/form-data; boundary="), "{kind}");
    assert!(seen.body.windows(5).any(|window| window == b"a=b&c"));
    assert_eq!(seen.parameter("oauth_body_hash"), None);
}

#[tokio::test]
async fn headers_and_timeouts_of_the_builder_hold() {
    let server = Server::start().unwrap();
    let client = client(usual());
    let request = client
        .http()
        .get(url(&server, "/a"))
        .header("accept-encoding", "gzip");
    let request = request.header("x-own", "1").basic_auth("a", Some("b"));
    assert_eq!(client.send(request).await.unwrap().status(), StatusCode::OK);
    let seen = seen(&server);
    assert_eq!(seen.headers["accept-encoding"], "gzip");
    assert_eq!(seen.headers["x-own"], "1");

    // Somebody who listens and never answers.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let request = client
        .http()
        .get(format!("http://{}/", silent.local_addr().unwrap()));
    let request = request.timeout(Duration::from_millis(20));
    let error = client.send(request).await.unwrap_err();
    assert!(
        matches!(&error, Error::Reqwest(error, _) if error.is_timeout()),
        "{error:?}"
    );
}

#[tokio::test]
async fn a_builder_can_be_sent_by_its_own_client() {
    let server = Server::start().unwrap();
    let builder = builder().redirect(reqwest::redirect::Policy::none());
    let http = builder.build().unwrap();
    let exchange = usual();
    let request = http
        .post(url(&server, "/redirect/307/same/landing"))
        .body("text");
    let response = request.send_signed(&exchange).await.unwrap();
    let report: &Report = response.extensions().get().unwrap();
    assert_eq!(report.uri().path(), "/landing");
    let nonce = report.stamp().unwrap().nonce();
    assert_eq!(server.take_log()[1].parameter("oauth_nonce"), Some(nonce));
}

#[tokio::test]
async fn further_parameters_go_with_every_attempt() {
    let server = Server::start().unwrap();
    let request = Request::new(
        Method::POST,
        url(&server, "/redirect/308/same/a").parse().unwrap(),
    );
    let parameters = ProtocolParameters::NONE.with_verifier("v/1");
    let response = client(usual())
        .execute_with(request, parameters)
        .await
        .unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    let log = server.take_log();
    assert!(
        log.len() == 2
            && log
                .iter()
                .all(|seen| seen.parameter("oauth_verifier") == Some("v/1"))
    );
}

#[tokio::test]
async fn a_client_that_follows_redirects_is_found_out() {
    let server = Server::start().unwrap();
    let client = Client::over(usual(), builder().build().expect("a client"));
    for path in ["/redirect/302/same/landing", "/redirect/302/other/landing"] {
        let error = client
            .send(client.http().get(url(&server, path)))
            .await
            .unwrap_err();
        assert!(matches!(error, Error::RedirectedBelow), "{error:?}");
        assert!(error.to_string().contains("redirect::Policy::none()"));
        let log = server.take_log();
        assert_eq!(log.len(), 2);
        // The signature of the first request is none of the second.
        assert!(!matches!(log[1].verdict, Verdict::Verified(_)));
        assert!(log[1].place == Place::Main || !log[1].has_credentials);
    }
    // A body does not go along: the exchange sees to the redirect, in the place of reqwest.
    let form = signer().with_transmission(Transmission::Form);
    let by_form = Client::over(
        exchange::Client::new(form),
        builder().build().expect("a client"),
    );
    for (path, status, hops) in [
        (
            "/redirect/307/other/landing",
            StatusCode::TEMPORARY_REDIRECT,
            1,
        ),
        ("/redirect/308/same/landing", StatusCode::OK, 2),
    ] {
        let request = by_form.http().post(url(&server, path)).form(&[("a", "b")]);
        assert_eq!(by_form.send(request).await.unwrap().status(), status);
        let log = server.take_log();
        let verified = log
            .iter()
            .filter(|seen| matches!(seen.verdict, Verdict::Verified(_)));
        assert_eq!((log.len(), verified.count()), (hops, hops));
    }
    // What is not redirected is answered.
    let response = client
        .send(client.http().get(url(&server, "/a")))
        .await
        .unwrap();
    assert_eq!(response.status(), StatusCode::OK);
}

#[tokio::test]
async fn a_url_that_reqwest_would_change_on_the_way_is_an_error() {
    let server = Server::start().unwrap();
    let client = client(usual());
    // What reqwest has parsed it sends as it is.
    let request = Request::new(Method::GET, url(&server, "/a/{b}?c='d'|e").parse().unwrap());
    assert_eq!(
        client.execute(request).await.unwrap().status(),
        StatusCode::OK
    );
    drop(server.take_log());
    // What the server says it would parse anew, and write otherwise.
    let request = client
        .http()
        .get(url(&server, "/redirect/302/quoted/landing"));
    let error = client.send(request).await.unwrap_err();
    assert!(matches!(error, Error::UrlChanged), "{error:?}");
    assert!(error.to_string().contains("encode them where"), "{error}");
    assert_eq!(server.take_log().len(), 1);
}

#[tokio::test]
async fn a_request_that_is_cancelled_takes_nothing_with_it() {
    let server = Server::start().unwrap();
    let client = client(usual());
    for _ in 0..8 {
        tokio::select! {
            biased;
            _ = client.send(client.http().get(url(&server, "/a"))) => {},
            () = ready(()) => {},
        }
        let response = client
            .send(client.http().get(url(&server, "/a")))
            .await
            .unwrap();
        assert_eq!(response.status(), StatusCode::OK);
    }
}

#[tokio::test]
async fn a_clock_that_was_corrected_once_is_right_for_all_clones() {
    let server = Server::start().unwrap();
    let client = client(usual().with_clock_correction(86_400));
    for (client, requests) in [(client.clone(), 2), (client, 1)] {
        let request = client
            .http()
            .post(url(&server, "/skewed-range/a"))
            .form(&[("a", "b")]);
        assert_eq!(client.send(request).await.unwrap().status(), StatusCode::OK);
        assert_eq!(server.take_log().len(), requests);
        assert!((3_590..=3_610).contains(&client.exchange().clock_offset()));
    }
}

#[tokio::test]
async fn what_cannot_be_signed_is_not_sent() {
    let server = Server::start().unwrap();
    let client = client(usual());
    let post = || client.http().post(url(&server, "/a"));
    let twice = post()
        .header("content-type", "a/b")
        .header("content-type", "c/d");
    let error = client.send(twice).await.unwrap_err();
    assert!(
        matches!(error, Error::Sign(SignError::ContentType)),
        "{error:?}"
    );
    assert_eq!(error.to_string(), "the request cannot be signed");
    // What the builder found wrong is told.
    let error = client.send(client.http().get("no URL")).await.unwrap_err();
    assert!(
        matches!(&error, Error::Reqwest(error, None) if error.is_builder()),
        "{error:?}"
    );
    assert!(server.take_log().is_empty());
}

#[tokio::test]
async fn a_form_beyond_the_limit_is_an_error() {
    let server = Server::start().unwrap();
    let client = client(usual().with_form_limit(3));
    let form = || {
        let form = "application/x-www-form-urlencoded";
        client
            .http()
            .post(url(&server, "/a"))
            .header("content-type", form)
    };
    for body in [Body::from("a=bc"), stream(&["a=", "bc"], false)] {
        let error = client.send(form().body(body)).await.unwrap_err();
        assert!(matches!(error, Error::FormTooLarge(3)), "{error:?}");
        assert!(error.to_string().contains("more than 3 bytes"));
    }
    assert!(server.take_log().is_empty());
    for body in [Body::from("a=b"), stream(&["a=", "b"], false)] {
        assert_eq!(
            client.send(form().body(body)).await.unwrap().status(),
            StatusCode::OK
        );
    }
}

#[tokio::test]
async fn a_body_that_fails_is_an_error() {
    let server = Server::start().unwrap();
    let client = client(usual());
    let form = client.http().post(url(&server, "/a"));
    let form = form.header("content-type", "application/x-www-form-urlencoded");
    let error = client
        .send(form.body(stream(&["a=b"], true)))
        .await
        .unwrap_err();
    assert!(matches!(error, Error::Reqwest(_, None)), "{error:?}");
    assert!(server.take_log().is_empty());
    let flowing = client
        .http()
        .put(url(&server, "/a"))
        .body(stream(&["text"], true));
    let error = client.send(flowing).await.unwrap_err();
    assert!(matches!(error, Error::Reqwest(_, Some(_))), "{error:?}");
}

#[tokio::test]
async fn a_transport_that_fails_says_why_nothing_was_sent_again() {
    let server = Server::start().unwrap();
    let client = client(usual().with_retries(2));
    let nowhere = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();

    let request = client
        .http()
        .post(format!("http://{nowhere}/"))
        .body("text");
    let error = client.send(request).await.unwrap_err();
    assert!(
        matches!(error, Error::Reqwest(_, Some(Stop::TooManyRetries))),
        "{error:?}"
    );
    assert_eq!(error.to_string(), "the request got no response");

    let request = client.http().post(url(&server, "/drop/a")).body("text");
    let error = client.send(request).await.unwrap_err();
    assert!(
        matches!(error, Error::Reqwest(_, Some(Stop::NotIdempotent))),
        "{error:?}"
    );
    assert!(
        error.to_string().contains("may have done what was asked"),
        "{error}"
    );
    assert_eq!(server.take_log().len(), 1);

    let request = client
        .http()
        .put(url(&server, "/drop/a"))
        .body(stream(&["a", "b"], false));
    let error = client.send(request).await.unwrap_err();
    assert!(
        matches!(error, Error::Reqwest(_, Some(Stop::BodyNotReplayable))),
        "{error:?}"
    );
    assert_eq!(server.take_log().len(), 1);
}

#[tokio::test]
async fn neither_debug_nor_errors_show_a_secret() {
    let query = signer().with_transmission(Transmission::Query);
    let client = client(exchange::Client::new(query));
    let nowhere = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let request = client
        .http()
        .post(format!("http://{nowhere}/a"))
        .body("password=hunter2");
    let error = client.send(request).await.unwrap_err();
    let shown = format!("{client:?} {error:?} {error}");
    for secret in [CLIENT_SECRET, TOKEN_SECRET, "hunter2", "oauth_signature"] {
        assert!(!shown.contains(secret), "{shown}");
    }
    assert!(shown.contains("Client { .. }"), "{shown}");
}

#[test]
fn all_of_it_can_be_shared_and_sent() {
    fn shared<T: Send + Sync>() {}
    fn sent<T: Send>(_: T) {}
    shared::<Client<HmacSha1>>();
    shared::<Error>();
    shared::<LegError>();
    let _ = |client: &Client<HmacSha1>, exchange: &exchange::Client<HmacSha1>| {
        sent(client.send(client.http().get("http://127.0.0.1/")));
        sent(client.http().get("http://127.0.0.1/").send_signed(exchange));
    };
}
