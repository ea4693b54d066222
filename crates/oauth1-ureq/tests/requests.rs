//! What ureq's users send, and what becomes of it where something is wrong.
#![forbid(unsafe_code)]

extern crate alloc;

use alloc::sync::Arc;
use core::time::Duration;
use std::{
    io::{self, Cursor, Read},
    net::TcpListener,
    sync::Mutex,
};

use oauth1_adapters::{CLIENT_SECRET, Place, Server, TOKEN_SECRET, signer};
use oauth1_core::{
    HmacSha1, ProtocolParameters, Transmission,
    exchange::{self, Stop},
    http::Error as SignError,
};
use oauth1_ureq::{Error, Flow, LegError, OAuth1, Report, error_of};
use serde_json::json;
use ureq::{Agent, Body, SendBody, middleware::MiddlewareNext};

fn agent(oauth: OAuth1<HmacSha1>) -> Agent {
    let builder = Agent::config_builder().allow_non_standard_methods(true);
    builder.middleware(oauth).build().new_agent()
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

/// Bytes, and an error at their end.
struct Breaking(&'static [u8]);

impl Read for Breaking {
    fn read(&mut self, memory: &mut [u8]) -> io::Result<usize> {
        match self.0.read(memory) {
            Ok(0) => Err(io::Error::other("the disk is gone")),
            other => other,
        }
    }
}

#[test]
fn call_signs_the_query() {
    let server = Server::start().unwrap();
    let agent = agent(OAuth1::new(usual()));
    let request = agent
        .get(url(&server, "/a?b=c"))
        .query("q", "a b+c&\u{e9}")
        .query("q", "~*'()");
    let mut response = request.header("accept-encoding", "gzip").call().unwrap();
    assert_eq!(
        response.body_mut().read_to_string().unwrap(),
        "here you are"
    );
    let report: &Report = response.extensions().get().unwrap();
    let nonce = report.stamp().unwrap().nonce();
    let seen = seen(&server);
    assert_eq!(seen.parameter("oauth_nonce"), Some(nonce));
    assert_eq!(seen.headers["accept-encoding"], "gzip");
    assert!(seen.path.starts_with("/a?b=c&q="), "{}", seen.path);
    agent.delete(url(&server, "/a")).call().unwrap();
    agent.head(url(&server, "/a")).call().unwrap();
}

#[test]
fn send_form_signs_the_form() {
    let server = Server::start().unwrap();
    let agent = agent(OAuth1::new(usual()));
    let form = [
        ("status", "Hello Ladies + Gentlemen"),
        ("status", "\u{1F600} 100 %"),
    ];
    agent.post(url(&server, "/a?b=c")).send_form(form).unwrap();
    let seen = seen(&server);
    assert!(
        seen.body.starts_with(b"status=Hello"),
        "{}",
        seen.body.escape_ascii()
    );
    assert_eq!(seen.parameter("oauth_body_hash"), None);
    assert!(!seen.headers.contains_key("transfer-encoding"));
}

#[test]
fn send_json_hashes_the_body() {
    let server = Server::start().unwrap();
    let agent = agent(OAuth1::new(usual()));
    let json = json!({"status": "a & b", "ids": [1, 2]});
    agent.post(url(&server, "/a")).send_json(&json).unwrap();
    let seen = seen(&server);
    assert_eq!(
        serde_json::from_slice::<serde_json::Value>(&seen.body).unwrap(),
        json
    );
    assert!(seen.parameter("oauth_body_hash").is_some());
    assert!(!seen.headers.contains_key("transfer-encoding"));
}

#[test]
fn send_takes_whatever_ureq_takes() {
    let server = Server::start().unwrap();
    let agent = agent(OAuth1::new(usual()));
    agent.put(url(&server, "/a")).send("text").unwrap();
    agent.put(url(&server, "/a")).send(&b"\0\xff"[..]).unwrap();
    agent.post(url(&server, "/a")).send_empty().unwrap();
    let log = server.take_log();
    let bodies: Vec<_> = log.iter().map(|seen| seen.body.as_slice()).collect();
    assert_eq!(bodies, [&b"text"[..], b"\0\xff", b""]);
    assert!(
        log[..2]
            .iter()
            .all(|seen| seen.parameter("oauth_body_hash").is_some())
    );
    assert_eq!(log[2].headers["content-length"], "0");
}

#[test]
fn a_body_beyond_the_limit_flows_as_does_one_that_is_to_flow() {
    let server = Server::start().unwrap();
    let agent = agent(OAuth1::new(usual().with_form_limit(3)));
    let read = |bytes| SendBody::from_owned_reader(Cursor::new(bytes));
    agent.put(url(&server, "/a")).send(read("long")).unwrap();
    agent
        .put(url(&server, "/a"))
        .extension(Flow)
        .send(read("abc"))
        .unwrap();
    agent.put(url(&server, "/a")).send(read("abc")).unwrap();
    let log = server.take_log();
    let chunked = log
        .iter()
        .map(|seen| seen.headers.contains_key("transfer-encoding"));
    assert_eq!(chunked.collect::<Vec<_>>(), [true, true, false]);
    let hashed = log
        .iter()
        .map(|seen| seen.parameter("oauth_body_hash").is_some());
    assert_eq!(hashed.collect::<Vec<_>>(), [false, false, true]);
    assert_eq!(log[0].body, b"long");
    // A length that the caller knows is kept.
    let known = agent.put(url(&server, "/a")).header("content-length", "4");
    known.send(read("long")).unwrap();
    let seen = seen(&server);
    assert_eq!(seen.headers["content-length"], "4");
    assert!(!seen.headers.contains_key("transfer-encoding"));
}

#[test]
fn further_parameters_go_with_every_attempt() {
    let server = Server::start().unwrap();
    let agent = agent(OAuth1::new(usual()));
    let parameters = ProtocolParameters::NONE.with_verifier("v/1");
    let request = agent
        .post(url(&server, "/redirect/308/same/a"))
        .extension(parameters);
    request.send("text").unwrap();
    let log = server.take_log();
    assert!(
        log.len() == 2
            && log
                .iter()
                .all(|seen| seen.parameter("oauth_verifier") == Some("v/1"))
    );
}

#[test]
fn a_redirect_elsewhere_is_the_callers() {
    let server = Server::start().unwrap();
    // What ureq would follow by itself.
    let builder = Agent::config_builder().max_redirects(5);
    let agent = builder.middleware(OAuth1::new(usual())).build().new_agent();
    let response = agent
        .get(url(&server, "/redirect/302/other/landing"))
        .call()
        .unwrap();
    assert_eq!(response.status(), 302);
    let report: &Report = response.extensions().get().unwrap();
    assert!(
        matches!(report.stop(), Some(Stop::OtherOrigin(there)) if there.target().path() == "/landing")
    );
    assert_eq!(seen(&server).place, Place::Main);
}

#[test]
fn a_refusal_is_an_error_unless_it_is_said_otherwise() {
    let server = Server::start().unwrap();
    let refused = url(&server, "/skewed-date/a");
    let error = agent(OAuth1::new(usual()))
        .get(&refused)
        .call()
        .unwrap_err();
    assert!(matches!(error, ureq::Error::StatusCode(401)), "{error:?}");
    let oauth = OAuth1::new(usual()).with_status_as_error(false);
    assert_eq!(agent(oauth).get(&refused).call().unwrap().status(), 401);
}

#[test]
fn the_configuration_and_other_middlewares_hold() {
    let server = Server::start().unwrap();
    let passed = Arc::new(Mutex::new(Vec::new()));
    let noted = Arc::clone(&passed);
    let note = move |mut request: http::Request<SendBody<'_>>, next: MiddlewareNext<'_>| {
        let is_signed = request.headers().contains_key("authorization");
        noted.lock().unwrap().push(is_signed);
        request.headers_mut().insert("x-own", "1".parse().unwrap());
        next.handle(request)
    };
    let builder = Agent::config_builder()
        .user_agent("printer/1.0")
        .middleware(note.clone());
    let builder = builder.middleware(OAuth1::new(usual())).middleware(note);
    let agent = builder.build().new_agent();
    agent
        .get(url(&server, "/redirect/302/same/a"))
        .call()
        .unwrap();
    let log = server.take_log();
    assert!(
        log.len() == 2
            && log
                .iter()
                .all(|seen| seen.headers["user-agent"] == "printer/1.0")
    );
    assert!(log.iter().all(|seen| seen.headers["x-own"] == "1"));
    // Before it, and behind it: the redirect goes past the one behind.
    assert_eq!(*passed.lock().unwrap(), [false, true]);

    // Somebody who listens and never answers.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let request = agent
        .get(format!("http://{}/", silent.local_addr().unwrap()))
        .config();
    let error = request
        .timeout_global(Some(Duration::from_millis(20)))
        .build()
        .call()
        .unwrap_err();
    assert!(matches!(
        error_of(&error),
        Some(Error::NotRetried(ureq::Error::Timeout(_), _)) | None
    ));
}

#[test]
fn redirects_go_over_the_agent_that_is_given_for_them() {
    let server = Server::start().unwrap();
    let mark = |mut request: http::Request<SendBody<'_>>, next: MiddlewareNext<'_>| {
        request
            .headers_mut()
            .insert("x-second", "1".parse().unwrap());
        next.handle(request)
    };
    // Its own signing is none of those.
    let builder = Agent::config_builder().middleware(mark);
    let second = builder.middleware(OAuth1::new(usual())).build().new_agent();
    let agent = agent(OAuth1::new(usual()).with_agent(second));
    agent
        .post(url(&server, "/redirect/307/same/a"))
        .send("text")
        .unwrap();
    let log = server.take_log();
    let marked = log.iter().map(|seen| seen.headers.contains_key("x-second"));
    assert_eq!(marked.collect::<Vec<_>>(), [false, true]);
    assert!(
        log.iter()
            .all(|seen| seen.parameter("oauth_nonce").is_some())
    );
}

#[test]
fn a_clock_that_was_corrected_once_is_right_for_all_agents() {
    let server = Server::start().unwrap();
    let exchange = Arc::new(usual().with_clock_correction(86_400));
    for requests in [2, 1] {
        let agent = agent(OAuth1::new(Arc::clone(&exchange)));
        agent
            .post(url(&server, "/skewed-range/a"))
            .send_form([("a", "b")])
            .unwrap();
        assert_eq!(server.take_log().len(), requests);
        assert!((3_590..=3_610).contains(&exchange.clock_offset()));
    }
}

#[test]
fn what_cannot_be_signed_is_not_sent() {
    let server = Server::start().unwrap();
    let agent = agent(OAuth1::new(usual()));
    let twice = agent.post(url(&server, "/a"));
    let twice = twice
        .header("content-type", "a/b")
        .header("content-type", "c/d");
    let error = twice.send("text").unwrap_err();
    assert!(
        matches!(error_of(&error), Some(Error::Sign(SignError::ContentType))),
        "{error:?}"
    );
    assert!(
        error
            .to_string()
            .contains("cannot be signed: the request has several"),
        "{error}"
    );
    assert!(server.take_log().is_empty());
}

#[test]
fn a_form_beyond_the_limit_is_an_error() {
    let server = Server::start().unwrap();
    let agent = agent(OAuth1::new(usual().with_form_limit(3)));
    let error = agent
        .post(url(&server, "/a"))
        .send_form([("a", "bc")])
        .unwrap_err();
    assert!(
        matches!(error_of(&error), Some(Error::FormTooLarge(3))),
        "{error:?}"
    );
    // Nor does one that is to flow.
    let form = agent.post(url(&server, "/a")).extension(Flow);
    let form = form.header("content-type", "application/x-www-form-urlencoded");
    let error = form
        .send(SendBody::from_owned_reader(Cursor::new("a=bc")))
        .unwrap_err();
    assert!(
        matches!(error_of(&error), Some(Error::FormTooLarge(3))),
        "{error:?}"
    );
    assert!(error.to_string().contains("more than 3 bytes"), "{error}");
    assert!(server.take_log().is_empty());
    agent
        .post(url(&server, "/a"))
        .send_form([("a", "b")])
        .unwrap();
}

#[test]
fn a_body_that_fails_is_an_error() {
    let server = Server::start().unwrap();
    let agent = agent(OAuth1::new(usual()));
    let form = agent.post(url(&server, "/a"));
    let form = form.header("content-type", "application/x-www-form-urlencoded");
    let error = form
        .send(SendBody::from_owned_reader(Breaking(b"a=b")))
        .unwrap_err();
    assert!(matches!(&error, ureq::Error::Io(error) if error.to_string() == "the disk is gone"));
    assert!(server.take_log().is_empty());
    let flowing = agent.put(url(&server, "/a")).extension(Flow);
    let error = flowing
        .send(SendBody::from_owned_reader(Breaking(b"text")))
        .unwrap_err();
    assert!(error.to_string().contains("the disk is gone"), "{error}");
}

#[test]
fn a_transport_that_fails_says_why_nothing_was_sent_again() {
    let server = Server::start().unwrap();
    let agent = agent(OAuth1::new(usual().with_retries(2)));
    let nowhere = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let error = agent
        .post(format!("http://{nowhere}/"))
        .send("text")
        .unwrap_err();
    assert!(error_of(&error).is_none(), "{error:?}");

    let error = agent
        .post(url(&server, "/drop/a"))
        .send("text")
        .unwrap_err();
    assert!(
        matches!(
            error_of(&error),
            Some(Error::NotRetried(_, Stop::NotIdempotent))
        ),
        "{error:?}"
    );
    assert!(
        error.to_string().contains("may have done what was asked"),
        "{error}"
    );
    assert_eq!(server.take_log().len(), 1);

    let flowing = agent.put(url(&server, "/drop/a")).extension(Flow);
    let error = flowing
        .send(SendBody::from_owned_reader(Cursor::new("text")))
        .unwrap_err();
    assert!(
        matches!(
            error_of(&error),
            Some(Error::NotRetried(_, Stop::BodyNotReplayable))
        ),
        "{error:?}"
    );
    assert_eq!(server.take_log().len(), 1);
}

#[test]
fn neither_debug_nor_errors_show_a_secret() {
    let query = signer().with_transmission(Transmission::Query);
    let oauth = OAuth1::new(exchange::Client::new(query).with_retries(1));
    let shown = format!("{oauth:?}");
    assert_eq!(shown, "OAuth1 { .. }");
    let server = Server::start().unwrap();
    let agent = agent(oauth);
    let error = agent
        .post(url(&server, "/drop/a"))
        .send("password=hunter2")
        .unwrap_err();
    let shown = format!("{error:?} {error} {agent:?}");
    for secret in [CLIENT_SECRET, TOKEN_SECRET, "hunter2", "oauth_signature"] {
        assert!(!shown.contains(secret), "{shown}");
    }
}

#[test]
fn all_of_it_can_be_shared_and_sent() {
    fn shared<T: Send + Sync>() {}
    shared::<OAuth1<HmacSha1>>();
    shared::<Error>();
    shared::<LegError>();
    shared::<http::Response<Body>>();
}
