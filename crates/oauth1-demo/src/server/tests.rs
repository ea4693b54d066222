use core::{
    convert::Infallible,
    pin::Pin,
    task::{Context, Poll},
};
use std::sync::{
    Barrier,
    mpsc::{Receiver, channel},
};

use bytes::Bytes;
use http::{
    Request,
    header::{AUTHORIZATION, CONTENT_TYPE, HOST, WWW_AUTHENTICATE},
    request::Builder,
};
use http_body_util::{BodyExt as _, Full};
use hyper::body::{Body, Frame};
use oauth1_core::{
    BodyHashRule, ClientCredentials, HmacSha1, Origin, Signer, Stamp, TokenCredentials,
    content_type::FORM,
    http::Payload,
    verify::{Limits, Policy},
};

use super::{Answer, Entry, POLICY, Provider, Registry};

const ORIGIN: &str = "http://api.example.com:8080";

fn provider_with(policy: Policy<'static>) -> (Provider, Receiver<Entry>) {
    let (sender, log) = channel();
    let registry = Registry::default()
        .with_client("client", "client secret")
        .with_client("other", "other secret")
        .with_token(("token", "token secret"), "client", "Ana");
    let provider = Provider::new(Origin::parse(ORIGIN).unwrap(), policy, registry, sender);
    (provider, log)
}

fn provider() -> (Provider, Receiver<Entry>) {
    provider_with(POLICY)
}

fn signer() -> Signer<'static, HmacSha1> {
    signer_of("client", "client secret")
}

fn signer_of(client: &'static str, secret: &'static str) -> Signer<'static, HmacSha1> {
    let client = ClientCredentials::new(client, secret);
    Signer::for_token(&client, &TokenCredentials::new("token", "token secret"))
}

fn signed(signer: &Signer<'_, HmacSha1>, request: Builder, body: &'static str) -> Request<Bytes> {
    let mut request = request.body(Bytes::from_static(body.as_bytes())).unwrap();
    let payload = Payload::Bytes(body.as_bytes());
    signer
        .sign_request(&mut request, payload, Stamp::now().unwrap())
        .unwrap();
    // As a server has it, whose request line has no origin.
    let path_and_query = request.uri().path_and_query().unwrap().clone();
    *request.uri_mut() = path_and_query.into();
    request
}

fn get() -> Request<Bytes> {
    signed(
        &signer(),
        Request::get(format!("{ORIGIN}/posts?page=2")),
        "",
    )
}

fn form(body: &'static str) -> Request<Bytes> {
    let request = Request::post(format!("{ORIGIN}/posts")).header(CONTENT_TYPE, FORM);
    signed(&signer(), request, body)
}

fn run<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap()
        .block_on(future)
}

fn answer(provider: &Provider, request: Request<Bytes>) -> Answer {
    run(provider.answer(request.map(Full::new)))
}

fn text(answer: Answer) -> String {
    let body = run(answer.into_body().collect()).unwrap().to_bytes();
    String::from_utf8(body.to_vec()).unwrap()
}

#[test]
fn of_many_copies_at_once_one_is_accepted() {
    const COPIES: usize = 64;
    let (provider, _log) = provider();
    let request = get();
    let barrier = Barrier::new(COPIES);
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let copies: Vec<_> = (0..COPIES)
            .map(|_| {
                scope.spawn(|| {
                    let request = request.clone();
                    barrier.wait();
                    answer(&provider, request).status().as_u16()
                })
            })
            .collect();
        copies
            .into_iter()
            .map(|copy| copy.join().unwrap())
            .collect()
    });
    assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1);
    assert_eq!(
        statuses.iter().filter(|status| **status == 401).count(),
        COPIES - 1
    );
}

#[test]
fn the_host_header_says_nothing() {
    let (provider, _log) = provider();
    let mut request = get();
    request
        .headers_mut()
        .insert(HOST, "evil.example".parse().unwrap());
    assert_eq!(answer(&provider, request).status(), 200);

    // Nor does it help who signs for another server and names that one.
    let mut request = signed(&signer(), Request::get("http://evil.example/posts"), "");
    request
        .headers_mut()
        .insert(HOST, "evil.example".parse().unwrap());
    assert_eq!(answer(&provider, request).status(), 401);
}

#[test]
fn a_form_is_read_to_the_limit_and_no_further() {
    let limits = Limits::DEFAULT.with_form_bytes(8);
    let (provider, log) = provider_with(POLICY.with_limits(limits));
    assert_eq!(answer(&provider, form("a=234567")).status(), 200);
    assert_eq!(log.recv().unwrap().refused, None);
    assert_eq!(answer(&provider, form("a=2345678")).status(), 413);
    assert!(log.recv().unwrap().refused.unwrap().contains("too large"));

    // One that never ends is not read for ever.
    let endless = form("").map(|_| Pieces(core::iter::repeat("a=b&")));
    assert_eq!(run(provider.answer(endless)).status(), 413);
}

#[test]
fn a_streamed_body_is_checked_at_its_end() {
    let json = "{\"a\":1}";
    let post = || {
        let request = Request::post(format!("{ORIGIN}/posts"));
        signed(
            &signer(),
            request.header(CONTENT_TYPE, "application/json"),
            json,
        )
    };
    let (provider, _log) = provider();
    let sent = |pieces: &'static [&'static str]| {
        run(provider.answer(post().map(|_| Pieces(pieces.iter().copied()))))
    };
    let accepted = sent(&["{\"a\"", "", ":1}"]);
    assert_eq!(accepted.status(), 200);
    assert!(text(accepted).contains("7 bytes"));
    for changed in [
        &["{\"a\"", ":2}"][..],
        &["{\"a\"", ":1"],
        &["{\"a\"", ":1}", " "],
        &[],
    ] {
        assert_eq!(sent(changed).status(), 401, "{changed:?}");
    }
}

#[test]
fn a_body_that_nobody_signed_is_refused() {
    let (provider, log) = provider();
    let signer = signer().with_body_hash(BodyHashRule::Never);
    let request = signed(&signer, Request::post(format!("{ORIGIN}/posts")), "text");
    let refused = answer(&provider, request);
    assert_eq!(refused.status(), 401);
    let challenge = refused.headers()[WWW_AUTHENTICATE].to_str().unwrap();
    assert!(
        challenge.contains("oauth_parameters_absent=\"oauth_body_hash\""),
        "{challenge}"
    );
    assert!(
        log.recv()
            .unwrap()
            .refused
            .unwrap()
            .contains("oauth_body_hash")
    );
}

#[test]
fn the_sender_is_not_told_who_exists() {
    let (provider, log) = provider();
    let mut answers = Vec::new();
    let mut reasons = Vec::new();
    // A bad secret, a client that does not exist, and a token that is another client's.
    for (client, secret) in [
        ("client", "guess"),
        ("nobody", "guess"),
        ("other", "other secret"),
    ] {
        let request = Request::get(format!("{ORIGIN}/posts"));
        let refused = answer(&provider, signed(&signer_of(client, secret), request, ""));
        answers.push((refused.status(), refused.headers().clone(), text(refused)));
        reasons.push(log.recv().unwrap().refused.unwrap());
    }
    assert!(
        answers.iter().all(|answer| *answer == answers[0]),
        "{answers:?}"
    );
    assert_eq!(
        reasons,
        [
            "the signature does not match",
            "the client is unknown",
            "the token is unknown"
        ],
    );
}

#[test]
fn a_forged_request_spends_no_nonce() {
    let (provider, _log) = provider();
    let request = get();
    let mut forged = request.clone();
    *forged.uri_mut() = "/posts?page=3".parse().unwrap();
    assert_eq!(answer(&provider, forged).status(), 401);
    assert_eq!(answer(&provider, request).status(), 200);
}

#[test]
fn who_brings_no_credentials_is_told_the_scheme() {
    let (provider, _log) = provider();
    let mut request = get();
    request.headers_mut().remove(AUTHORIZATION);
    let refused = answer(&provider, request);
    assert_eq!(refused.status(), 401);
    assert_eq!(refused.headers()[WWW_AUTHENTICATE], "OAuth realm=\"demo\"");
}

#[test]
fn a_server_that_cannot_remember_lets_nobody_in() {
    let (provider, _log) = provider();
    provider.memory.break_it();
    assert_eq!(answer(&provider, get()).status(), 503);
}

/// A body in pieces.
struct Pieces<I>(I);

impl<I: Iterator<Item = &'static str> + Unpin> Body for Pieces<I> {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let piece = self.0.next();
        Poll::Ready(piece.map(|piece| Ok(Frame::data(Bytes::from_static(piece.as_bytes())))))
    }
}
