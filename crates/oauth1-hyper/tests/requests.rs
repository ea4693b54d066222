//! What hyper's users send, and what becomes of it where something is wrong.
#![forbid(unsafe_code)]

use core::{
    convert::Infallible,
    future::ready,
    pin::Pin,
    task::{Context, Poll},
};
use std::{io, net::TcpListener};

use bytes::Bytes;
use http::{HeaderMap, Request, StatusCode, Uri};
use http_body_util::{BodyExt as _, Empty, Full, combinators::BoxBody};
use hyper::body::Frame;
use hyper_util::{
    client::legacy::{Client as Pool, connect::HttpConnector},
    rt::{TokioExecutor, TokioIo},
};
use oauth1_adapters::{CLIENT_SECRET, Place, Server, TOKEN_SECRET, signer};
use oauth1_core::{
    HmacSha1, ProtocolParameters, Transmission,
    exchange::{self, OtherOrigins, Stop},
};
use oauth1_hyper::{Body, Client, Connection, Error, LegError, Report, Transport};
use tokio::net::TcpStream;

type Pooled<B> = Pool<HttpConnector, Body<B>>;

fn client<B>(exchange: exchange::Client<HmacSha1>) -> Client<HmacSha1, Pooled<B>>
where
    B: http_body::Body + Send + 'static,
    B::Data: Send,
{
    let pool = Pool::builder(TokioExecutor::new()).build_http();
    Client::new(exchange, pool)
}

fn usual() -> exchange::Client<HmacSha1> {
    exchange::Client::new(signer())
}

fn url(server: &Server, path: &str) -> String {
    [server.origin(Place::Main), path].concat()
}

/// A body that gives these frames, one after the other, and does not know its end beforehand.
struct Frames<E = Infallible>(Vec<Result<Frame<Bytes>, E>>);

impl<E: Unpin> http_body::Body for Frames<E> {
    type Data = Bytes;
    type Error = E;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, E>>> {
        let frames = &mut self.0;
        Poll::Ready((!frames.is_empty()).then(|| frames.remove(0)))
    }
}

fn frames<E>(pieces: &[&'static str]) -> Vec<Result<Frame<Bytes>, E>> {
    let pieces = pieces.iter();
    pieces
        .map(|piece| Ok(Frame::data(Bytes::from_static(piece.as_bytes()))))
        .collect()
}

fn breaking(pieces: &[&'static str]) -> Frames<io::Error> {
    let mut all = frames(pieces);
    all.push(Err(io::Error::other("the disk is gone")));
    Frames(all)
}

#[tokio::test]
async fn a_stream_that_turns_out_to_be_at_hand_is_hashed_and_can_be_sent_again() {
    let server = Server::start().unwrap();
    let client = client(usual());
    for pieces in [&["text"][..], &[]] {
        let request = Request::put(url(&server, "/redirect/307/same/landing"));
        let response = client
            .request(request.body(Frames::<Infallible>(frames(pieces))).unwrap())
            .await
            .unwrap();
        assert_eq!(response.status(), StatusCode::OK);
        let seen = server.take_log();
        assert_eq!(seen.len(), 2);
        assert_eq!(seen[1].body, pieces.concat().as_bytes());
        let hashed = seen[1].parameter("oauth_body_hash").is_some();
        assert_eq!(hashed, !pieces.is_empty());
        assert!(!seen[1].headers.contains_key("transfer-encoding"));
    }
}

#[tokio::test]
async fn trailers_flow_through() {
    let server = Server::start().unwrap();
    let mut trailers = HeaderMap::new();
    trailers.insert("x-checksum", "5".parse().unwrap());
    let mut all = frames::<Infallible>(&["text"]);
    all.push(Ok(Frame::trailers(trailers)));
    let request = Request::put(url(&server, "/a")).header("trailer", "x-checksum");
    let request = request.body(Frames(all)).unwrap();
    let response = client(usual()).request(request).await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    let seen = server.take_log();
    assert_eq!(seen[0].body, b"text");
    assert_eq!(seen[0].headers["transfer-encoding"], "chunked");
    assert_eq!(seen[0].parameter("oauth_body_hash"), None);
}

#[tokio::test]
async fn headers_are_left_as_they_are() {
    let server = Server::start().unwrap();
    let request = Request::get(url(&server, "/a"))
        .header("accept-encoding", "gzip, br")
        .header("x-own", "1")
        .header("x-own", "2")
        .header("authorization", "Basic YTpi");
    let request = request.body(Empty::<Bytes>::new()).unwrap();
    let response = client(usual()).request(request).await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    let seen = server.take_log();
    let headers = &seen[0].headers;
    assert_eq!(headers["accept-encoding"], "gzip, br");
    assert_eq!(
        headers.get_all("x-own").iter().collect::<Vec<_>>(),
        ["1", "2"]
    );
    let kinds = headers.get_all("authorization").iter();
    assert!(
        kinds
            .into_iter()
            .any(|value| value.to_str().unwrap().starts_with("OAuth "))
    );
}

#[tokio::test]
async fn the_report_says_what_was_sent_and_what_was_not_done() {
    let server = Server::start().unwrap();
    let request = Request::get(url(&server, "/redirect/302/other/landing"));
    let request = request.body(Empty::<Bytes>::new()).unwrap();
    let response = client(usual()).request(request).await.unwrap();
    assert_eq!(response.status(), StatusCode::FOUND);
    let report: &Report = response.extensions().get().unwrap();
    assert_eq!(report.uri().path(), "/redirect/302/other/landing");
    assert!(
        matches!(report.stop(), Some(Stop::OtherOrigin(there)) if there.target().path() == "/landing")
    );
    let nonce = report.stamp().unwrap().nonce();
    assert_eq!(server.take_log()[0].parameter("oauth_nonce"), Some(nonce));

    let request = Request::get(url(&server, "/redirect/302/other/landing"));
    let request = request.body(Empty::<Bytes>::new()).unwrap();
    let unsigned = usual().with_other_origins(OtherOrigins::Unsigned);
    let response = client(unsigned).request(request).await.unwrap();
    let report: &Report = response.extensions().get().unwrap();
    assert_eq!(
        report.uri().to_string(),
        server.origin(Place::Other).to_owned() + "/landing"
    );
    assert!(report.stamp().is_none() && report.stop().is_none());
}

#[tokio::test]
async fn a_clock_that_was_corrected_once_is_right_for_all_clones() {
    let server = Server::start().unwrap();
    let client = client(usual().with_clock_correction(86_400));
    for (client, requests) in [(client.clone(), 2), (client, 1)] {
        let request = Request::get(url(&server, "/skewed-date/a"));
        let request = request.body(Empty::<Bytes>::new()).unwrap();
        assert_eq!(
            client.request(request).await.unwrap().status(),
            StatusCode::OK
        );
        assert_eq!(server.take_log().len(), requests);
        assert!((3_590..=3_610).contains(&client.exchange().clock_offset()));
    }
}

#[tokio::test]
async fn a_request_that_is_cancelled_takes_nothing_with_it() {
    let server = Server::start().unwrap();
    let origin: Uri = server.origin(Place::Main).parse().unwrap();
    let stream = TcpStream::connect(origin.authority().unwrap().as_str())
        .await
        .unwrap();
    let builder = hyper::client::conn::http2::Builder::new(TokioExecutor::new());
    let (sender, connection) = builder.handshake(TokioIo::new(stream)).await.unwrap();
    tokio::spawn(connection);
    let over_connection = Client::new(usual(), Connection::http2(origin, sender));
    let over_pool = client(usual());
    let request = || {
        let request = Request::get(url(&server, "/a"));
        request.body(Empty::<Bytes>::new()).unwrap()
    };
    for _ in 0..8 {
        // Polled once, and dropped.
        tokio::select! {
            biased;
            _ = over_pool.request(request()) => {},
            _ = over_connection.request(request()) => {},
            () = ready(()) => {},
        }
        assert_eq!(
            over_pool.request(request()).await.unwrap().status(),
            StatusCode::OK
        );
        assert_eq!(
            over_connection.request(request()).await.unwrap().status(),
            StatusCode::OK
        );
    }
}

#[tokio::test]
async fn a_connection_of_http1_serves_one_request_after_the_other() {
    let server = Server::start().unwrap();
    let origin: Uri = server.origin(Place::Main).parse().unwrap();
    let stream = TcpStream::connect(origin.authority().unwrap().as_str())
        .await
        .unwrap();
    let handshake = hyper::client::conn::http1::handshake(TokioIo::new(stream));
    let (sender, connection) = handshake.await.unwrap();
    tokio::spawn(connection);
    let client = Client::new(usual(), Connection::http1(origin, sender));
    let send = |path: &str| {
        let request = Request::get(url(&server, path)).body(Empty::<Bytes>::new());
        let response = client.request(request.unwrap());
        async {
            response
                .await
                .unwrap()
                .into_body()
                .collect()
                .await
                .unwrap()
                .to_bytes()
        }
    };
    let all = tokio::join!(send("/a"), send("/redirect/302/same/b"), send("/c?d=e"));
    assert_eq!([all.0, all.1, all.2], ["here you are"; 3]);

    let elsewhere = [server.origin(Place::Other), "/a"].concat();
    let request = Request::get(elsewhere).body(Empty::<Bytes>::new()).unwrap();
    let error = client.request(request).await.unwrap_err();
    let Error::Transport(source, Some(Stop::TooManyRetries)) = &error else {
        panic!("{error:?}")
    };
    assert!(
        source
            .to_string()
            .contains("the connection leads to http://127.0.0.1"),
        "{source}"
    );
    assert!(
        server
            .take_log()
            .iter()
            .all(|seen| seen.place == Place::Main)
    );
}

#[tokio::test]
async fn what_cannot_be_signed_is_not_sent() {
    let server = Server::start().unwrap();
    let client = client(usual());
    let relative = Request::get("/a").body(Empty::<Bytes>::new()).unwrap();
    let twice = Request::post(url(&server, "/a"))
        .header("content-type", "text/plain")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Empty::new())
        .unwrap();
    for request in [relative, twice] {
        let error = client.request(request).await.unwrap_err();
        assert!(matches!(error, Error::Sign(_)), "{error:?}");
        assert_eq!(error.to_string(), "the request cannot be signed");
        assert!(core::error::Error::source(&error).is_some());
    }
    assert!(server.take_log().is_empty());
}

fn form(server: &Server) -> http::request::Builder {
    let form = "application/x-www-form-urlencoded";
    Request::post(url(server, "/a")).header("content-type", form)
}

#[tokio::test]
async fn a_form_beyond_the_limit_is_an_error() {
    let server = Server::start().unwrap();
    let client = client::<BoxBody<Bytes, Infallible>>(usual().with_form_limit(3));
    let streamed = Frames(frames(&["a=", "bc"])).boxed();
    for body in [Full::from("a=bc").boxed(), streamed] {
        let error = client
            .request(form(&server).body(body).unwrap())
            .await
            .unwrap_err();
        assert!(matches!(error, Error::FormTooLarge(3)), "{error:?}");
        assert!(error.to_string().contains("more than 3 bytes"));
    }
    assert!(server.take_log().is_empty());
    let request = form(&server)
        .body(Frames(frames(&["a=", "b"])).boxed())
        .unwrap();
    assert_eq!(
        client.request(request).await.unwrap().status(),
        StatusCode::OK
    );
}

#[tokio::test]
async fn a_body_that_fails_is_an_error() {
    let server = Server::start().unwrap();
    let client = client(usual());
    // A form is read before anything is sent, and so is the first frame of anything else.
    let as_form = form(&server).body(breaking(&["a=b"])).unwrap();
    let at_once = Request::put(url(&server, "/a"))
        .body(breaking(&[]))
        .unwrap();
    let second = Request::put(url(&server, "/a"))
        .body(breaking(&["text"]))
        .unwrap();
    for request in [as_form, at_once, second] {
        let error = client.request(request).await.unwrap_err();
        let Error::Body(source) = &error else {
            panic!("{error:?}")
        };
        assert_eq!(source.to_string(), "the disk is gone");
        assert_eq!(error.to_string(), "the request's body cannot be read");
    }
    assert!(server.take_log().is_empty());
    // What flows fails on its way.
    let request = Request::put(url(&server, "/a"))
        .body(breaking(&["one", "two"]))
        .unwrap();
    let error = client.request(request).await.unwrap_err();
    assert!(matches!(error, Error::Transport(_, _)), "{error:?}");
}

#[tokio::test]
async fn a_transport_that_fails_says_why_nothing_was_sent_again() {
    let server = Server::start().unwrap();
    let client = client(usual().with_retries(2));
    let nowhere = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let send = |request: Request<BoxBody<Bytes, Infallible>>| client.request(request);

    let request = Request::post(format!("http://{nowhere}/")).body(Full::from("text").boxed());
    let error = send(request.unwrap()).await.unwrap_err();
    assert!(
        matches!(error, Error::Transport(_, Some(Stop::TooManyRetries))),
        "{error:?}"
    );
    assert_eq!(error.to_string(), "the request got no response");

    let request = Request::post(url(&server, "/drop/a")).body(Full::from("text").boxed());
    let error = send(request.unwrap()).await.unwrap_err();
    assert!(
        matches!(error, Error::Transport(_, Some(Stop::NotIdempotent))),
        "{error:?}"
    );
    assert!(
        error.to_string().contains("may have done what was asked"),
        "{error}"
    );
    assert_eq!(server.take_log().len(), 1);

    let pieces = Frames(frames(&["one", "two"])).boxed();
    let error = send(Request::put(url(&server, "/drop/a")).body(pieces).unwrap())
        .await
        .unwrap_err();
    assert!(
        matches!(error, Error::Transport(_, Some(Stop::BodyNotReplayable))),
        "{error:?}"
    );
    assert_eq!(server.take_log().len(), 1);
}

#[tokio::test]
async fn neither_debug_nor_errors_show_a_secret() {
    let query = signer().with_transmission(Transmission::Query);
    let client = client::<Full<Bytes>>(exchange::Client::new(query));
    let nowhere = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let request = Request::post(format!("http://{nowhere}/")).body(Full::from("password=hunter2"));
    let error = client.request(request.unwrap()).await.unwrap_err();
    let shown = format!(
        "{client:?} {error:?} {error} {:?}",
        Body::<Full<Bytes>>::default()
    );
    for secret in [CLIENT_SECRET, TOKEN_SECRET, "hunter2", "oauth_signature"] {
        assert!(!shown.contains(secret), "{shown}");
    }
    assert!(
        shown.contains("Client { .. }") && shown.contains("Body(0 bytes)"),
        "{shown}"
    );
}

#[test]
fn all_of_it_can_be_shared_and_sent() {
    fn shared<T: Send + Sync>() {}
    fn sent<T: Send>(_: &T) {}
    shared::<Client<HmacSha1, Pooled<Full<Bytes>>>>();
    shared::<Client<HmacSha1, Connection<Full<Bytes>>>>();
    shared::<Body<Full<Bytes>>>();
    shared::<Error>();
    shared::<LegError>();
    fn request<T: Transport<Full<Bytes>>>(client: &Client<HmacSha1, T>) {
        sent(&client.request(Request::new(Full::default())));
        sent(&client.request_with(Request::new(Full::default()), ProtocolParameters::NONE));
    }
    let _: fn(&Client<HmacSha1, Pooled<Full<Bytes>>>) = request;
}
