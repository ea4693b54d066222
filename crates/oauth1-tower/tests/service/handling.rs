use alloc::sync::Arc;
use core::{
    convert::Infallible,
    pin::Pin,
    sync::atomic::{AtomicUsize, Ordering},
    task::{Context, Poll},
};

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Request, Response, Version};
use http_body::{Body, Frame};
use http_body_util::{BodyExt as _, Full};
use oauth1_core::{
    Timestamp,
    verify::{Coverage, Limits, Policy},
};
use oauth1_tower::{
    EffectiveOrigin, Verified,
    verify::{Anonymous, VerifiedBody},
};
use tower::{Layer as _, ServiceExt as _, service_fn};

use crate::support::{
    Answered, AtOnce, FORM, Gated, NOW, Sent, echo, layer, request, run, signed, signed_by, text,
};

/// The answer, which is the same whether the stores may wait or not.
fn ask(sent: Sent) -> (u16, String) {
    let waiting = layer(Gated::open()).layer(service_fn(echo));
    let at_once = layer(AtOnce(Gated::open())).layer(service_fn(echo));
    run(async {
        let answer = text(waiting.oneshot(sent.clone()).await).await;
        assert_eq!(text(at_once.oneshot(sent).await).await, answer);
        answer
    })
}

#[test]
fn the_handler_is_told_who_signed() {
    let service = layer(Gated::open()).layer(service_fn(
        |request: Request<VerifiedBody<Full<Bytes>>>| async move {
            let verified = request.extensions().get::<Verified<&str>>().unwrap();
            assert_eq!(verified.client(), "client");
            assert_eq!(verified.token(), Some("token"));
            assert_eq!(verified.nonce(), Some("n"));
            assert_eq!(
                verified.timestamp(),
                Some(Timestamp::from_unix_seconds(NOW))
            );
            assert_eq!(verified.realm(), None);
            assert_eq!(verified.signature_method(), "HMAC-SHA1");
            assert_eq!(verified.coverage(), Coverage::Signed);
            assert_eq!(verified.grant(), &"jane");
            assert!(request.extensions().get::<Anonymous>().is_none());
            let shown = format!("{verified:?}");
            assert!(!shown.contains("secret"), "{shown}");
            Ok::<_, Infallible>(Response::new(Full::<Bytes>::default()))
        },
    ));
    let answer: Answered = run(service.oneshot(signed("n", FORM, "a=1")));
    assert_eq!(answer.unwrap().status(), 200);
}

#[test]
fn bodies_arrive_as_they_were_sent() {
    for (content_type, body) in [
        (FORM, "b=2&a=1&&a=%7e&c=+"),
        (FORM, ""),
        ("application/json", "{\"a\": 1}"),
        ("application/json", ""),
        ("", "bytes"),
    ] {
        assert_eq!(ask(signed("n", content_type, body)), (200, body.to_owned()));
    }
}

#[test]
fn a_body_that_was_changed_is_an_error_for_the_handler() {
    let sent = signed("n", "application/json", "{\"a\": 1}").map(|_| Full::from("{\"a\": 2}"));
    let text = "the body does not match oauth_body_hash".to_owned();
    assert_eq!(ask(sent), (422, text));
}

#[test]
fn nobody_else_says_who_signed() {
    // What an outer layer left: of another request, or made up.
    let service = layer(Gated::open()).allow_anonymous().layer(service_fn(
        |request: Request<VerifiedBody<Full<Bytes>>>| async move {
            let verified = request.extensions().get::<Verified<&str>>().cloned();
            let verified = verified.map_or("nobody", |verified| *verified.grant());
            Ok::<_, Infallible>(Response::new(Full::from(verified)))
        },
    ));
    let mut stale = request("", "").map(Full::from);
    stale
        .extensions_mut()
        .insert(run(verified_of(signed("n", "", ""))).expect("a verified request has it"));
    assert_eq!(
        run(async { text(service.oneshot(stale).await).await }),
        (200, "nobody".into())
    );
}

/// What the layer put into the extensions of this request.
async fn verified_of(sent: Sent) -> Option<Verified<&'static str>> {
    let (send, received) = std::sync::mpsc::channel();
    let service = layer(Gated::open()).layer(service_fn(
        move |request: Request<VerifiedBody<Full<Bytes>>>| {
            send.send(request.extensions().get().cloned()).unwrap();
            core::future::ready(Ok::<_, Infallible>(Response::new(Full::<Bytes>::default())))
        },
    ));
    let _: Answered = service.oneshot(sent).await;
    received.recv().unwrap()
}

#[test]
fn the_optional_mode_lets_the_unsigned_pass_and_nothing_else() {
    let origin = EffectiveOrigin::host(["https://api.example.com"]).unwrap();
    let service = layer(Gated::open())
        .allow_anonymous()
        .with_origin(origin)
        .layer(service_fn(
            |request: Request<VerifiedBody<Full<Bytes>>>| async move {
                let verified = request.extensions().get::<Verified<&str>>().is_some();
                let anonymous = request.extensions().get::<Anonymous>();
                assert_eq!(verified, anonymous.is_none());
                let text = anonymous.map_or("verified", |anonymous| {
                    assert_eq!(anonymous.challenge(), "OAuth realm=\"Photos\"");
                    "anonymous"
                });
                Ok::<_, Infallible>(Response::new(Full::from(text)))
            },
        ));
    let with = |name: &'static str, value: &'static str| {
        let mut sent = request("", "").map(Full::from);
        sent.headers_mut()
            .insert(name, HeaderValue::from_static(value));
        sent
    };
    let mut elsewhere = Request::get("/").body(Full::from("")).unwrap();
    elsewhere
        .headers_mut()
        .insert("host", HeaderValue::from_static("10.0.0.1:8080"));
    let mut signed_elsewhere = elsewhere.clone();
    let header = signed("x", "", "").headers()["authorization"].clone();
    signed_elsewhere
        .headers_mut()
        .insert("authorization", header);
    let table = [
        (request("", "").map(Full::from), 200, "anonymous"),
        (request(FORM, "a=1").map(Full::from), 200, "anonymous"),
        (with("authorization", "Bearer x"), 200, "anonymous"),
        (with("authorization", "OAuth2 x"), 200, "anonymous"),
        // Such as the health check of a load balancer.
        (elsewhere, 200, "anonymous"),
        (signed("n", "", ""), 200, "verified"),
        (signed("n", "", ""), 401, ""),
        (signed_by("wrong", "m", "", ""), 401, ""),
        (with("authorization", "OAuth"), 400, ""),
        (with("authorization", "OAuth this is bad"), 400, ""),
        (
            request(FORM, "oauth_consumer_key=client").map(Full::from),
            400,
            "",
        ),
        (signed_elsewhere, 421, ""),
    ];
    for (at, (sent, status, expected)) in table.into_iter().enumerate() {
        let (found, text) = run(async { text(service.clone().oneshot(sent).await).await });
        assert_eq!(found, status, "{at}");
        assert!(status != 200 || text == expected, "{at}: {text}");
    }
}

#[test]
fn answers_can_be_made_otherwise_and_a_401_keeps_its_challenge() {
    let service = layer(Gated::open())
        .with_answer(|refusal| {
            assert_eq!(refusal.status(), 401);
            assert_eq!(refusal.retry_after(), None);
            let problem = refusal.problem().unwrap_or("unsigned");
            let mut response = Response::new(Bytes::from(format!("{{\"error\":\"{problem}\"}}")));
            *response.status_mut() = refusal.status();
            response
        })
        .layer(service_fn(echo));
    for (sent, expected) in [
        (signed_by("wrong", "n", "", ""), "signature_invalid"),
        (request("", "").map(Full::from), "unsigned"),
    ] {
        let answer: Answered = run(service.clone().oneshot(sent));
        let challenge = answer.as_ref().unwrap().headers()["www-authenticate"].clone();
        assert!(
            challenge
                .to_str()
                .unwrap()
                .starts_with("OAuth realm=\"Photos\"")
        );
        assert_eq!(run(text(answer)).1, format!("{{\"error\":\"{expected}\"}}"));
    }
}

/// Pieces of a form, one after the other, then trailers.
struct Pieces {
    left: Vec<&'static str>,
    polled: Arc<AtomicUsize>,
}

impl Pieces {
    fn new(left: &[&'static str]) -> Self {
        Self {
            left: left.to_vec(),
            polled: Arc::default(),
        }
    }
}

impl Body for Pieces {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        self.polled.fetch_add(1, Ordering::SeqCst);
        Poll::Ready(if self.left.is_empty() {
            None
        } else {
            let piece = self.left.remove(0);
            let trailers = || {
                let name = "checksum".parse().unwrap();
                HeaderMap::from_iter([(name, HeaderValue::from_static("1"))])
            };
            let frame = match piece {
                "trailers" => Frame::trailers(trailers()),
                piece => Frame::data(Bytes::from_static(piece.as_bytes())),
            };
            Some(Ok(frame))
        })
    }
}

#[test]
fn a_form_in_pieces_is_one_and_keeps_its_trailers() {
    let service = layer(Gated::open()).layer(service_fn(
        |request: Request<VerifiedBody<Pieces>>| async move {
            assert_eq!(request.body().size_hint().exact(), Some(7));
            let body = request.into_body().collect().await.unwrap();
            assert_eq!(body.trailers().unwrap()["checksum"], "1");
            Ok::<_, Infallible>(Response::new(Full::new(body.to_bytes())))
        },
    ));
    let sent = signed("n", FORM, "a=1&b=2");
    let sent = sent.map(|_| Pieces::new(&["a=1", "", "&b", "=2", "trailers"]));
    let answer: Answered = run(service.oneshot(sent));
    assert_eq!(run(text(answer)), (200, "a=1&b=2".into()));
}

#[test]
fn what_is_left_of_a_refused_body_is_read_to_a_bound() {
    let policy = Policy::new().with_limits(Limits::DEFAULT.with_form_bytes(4));
    let service = |drain| {
        let layer = layer(Gated::open())
            .with_policy(policy)
            .with_drain_bytes(drain);
        layer.layer(service_fn(echo::<Pieces>))
    };
    let ask = |drain, change: fn(&mut Request<Pieces>)| {
        let mut sent =
            signed("n", FORM, "a=1").map(|_| Pieces::new(&["a=1&", "b=2&", "c=3&", "d=4"]));
        let polled = Arc::clone(&sent.body().polled);
        change(&mut sent);
        let answer: Answered = run(service(drain).oneshot(sent));
        let answer = answer.unwrap();
        let closes = answer.headers().contains_key("connection");
        (
            answer.status().as_u16(),
            closes,
            polled.load(Ordering::SeqCst),
        )
    };
    // All of it: four pieces, and the end.
    assert_eq!(ask(100, |_| ()), (413, false, 5));
    // The bound is in the middle of the third.
    assert_eq!(ask(2, |_| ()), (413, true, 3));
    // HTTP/2 needs none of it, and knows no such header.
    assert_eq!(
        ask(100, |sent| *sent.version_mut() = Version::HTTP_2),
        (413, false, 2)
    );
    // Who waits to be asked for the body is not asked.
    let unread = ask(100, |sent| {
        sent.headers_mut()
            .insert("expect", HeaderValue::from_static("100-continue"));
        sent.headers_mut()
            .insert("content-encoding", HeaderValue::from_static("gzip"));
    });
    assert_eq!(unread, (415, true, 0));
}

/// A piece, and then an error, as a connection has it whose chunks cannot be read.
struct Broken(usize);

impl Body for Broken {
    type Data = Bytes;
    type Error = &'static str;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, &'static str>>> {
        self.0 += 1;
        Poll::Ready(match self.0 {
            1 => Some(Ok(Frame::data(Bytes::from_static(b"a=1")))),
            2 => Some(Err("no chunk")),
            _ => None,
        })
    }
}

#[test]
fn after_a_body_that_breaks_off_the_connection_is_closed_and_the_client_told_so() {
    let service = layer(Gated::open()).layer(service_fn(echo::<Broken>));
    for (sent, status) in [
        // Broken while it is read, and while the rest of it is.
        (signed("n", FORM, "a=1"), 400),
        (signed_by("another secret", "n", "text/plain", "a=1"), 401),
    ] {
        for (version, closes) in [(Version::HTTP_11, true), (Version::HTTP_2, false)] {
            let mut sent = sent.clone().map(|_| Broken(0));
            *sent.version_mut() = version;
            let answer: Answered = run(service.clone().oneshot(sent));
            let answer = answer.unwrap();
            assert_eq!(answer.status(), status);
            let header = answer.headers().get("connection");
            assert_eq!(header.is_some(), closes, "{status} {version:?}");
        }
    }
}
