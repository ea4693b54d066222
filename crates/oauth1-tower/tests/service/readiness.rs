use alloc::sync::Arc;
use core::{
    convert::Infallible,
    future::{Ready, ready},
    sync::atomic::{AtomicUsize, Ordering},
    task::{Context, Poll, Waker},
};

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::Full;
use oauth1_store::NonceStore;
use oauth1_tower::verify::VerifiedBody;
use tower::{Layer as _, Service, ServiceExt as _, limit::ConcurrencyLimitLayer, service_fn};

use crate::support::{Answered, AtOnce, Gated, echo, layer, run, signed, signed_by, step, text};

/// Must be made ready before each call, as the trait has it; clones are not ready.
struct Strict {
    ready: bool,
    made_ready: Arc<AtomicUsize>,
    called: Arc<AtomicUsize>,
}

impl Clone for Strict {
    fn clone(&self) -> Self {
        Self {
            ready: false,
            made_ready: Arc::clone(&self.made_ready),
            called: Arc::clone(&self.called),
        }
    }
}

impl Service<Request<VerifiedBody<Full<Bytes>>>> for Strict {
    type Response = Response<Full<Bytes>>;
    type Error = Infallible;
    type Future = Ready<Result<Self::Response, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.ready = true;
        self.made_ready.fetch_add(1, Ordering::SeqCst);
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Request<VerifiedBody<Full<Bytes>>>) -> Self::Future {
        assert!(
            core::mem::take(&mut self.ready),
            "called without being ready"
        );
        self.called.fetch_add(1, Ordering::SeqCst);
        ready(Ok(Response::new(Full::default())))
    }
}

fn strict() -> (Strict, Arc<AtomicUsize>) {
    let called = Arc::new(AtomicUsize::new(0));
    let service = Strict {
        ready: false,
        made_ready: Arc::default(),
        called: Arc::clone(&called),
    };
    (service, called)
}

#[test]
fn the_service_that_was_made_ready_is_the_one_that_is_called() {
    called_when_ready(Gated::open());
    called_when_ready(AtOnce(Gated::open()));
}

fn called_when_ready(nonces: impl NonceStore) {
    let (strict, called) = strict();
    let mut service = layer(nonces).layer(strict);
    let mut context = Context::from_waker(Waker::noop());
    let nonces = ["a", "b", "c"];
    for nonce in nonces {
        assert!(service.poll_ready(&mut context).is_ready());
        let answer: Answered = run(service.call(signed(nonce, "", "")));
        assert_eq!(run(text(answer)).0, 200);
    }
    assert_eq!(called.load(Ordering::SeqCst), nonces.len());
}

#[test]
fn two_calls_wait_side_by_side() {
    let (strict, called) = strict();
    let gated = Gated::with_permits(0);
    let mut service = layer(gated.clone()).layer(strict);
    let mut context = Context::from_waker(Waker::noop());
    let mut futures: Vec<_> = ["a", "b"]
        .map(|nonce| {
            assert!(service.poll_ready(&mut context).is_ready());
            service.call(signed(nonce, "", ""))
        })
        .into();
    for future in &mut futures {
        assert!(step(future).is_none());
    }
    gated.admit(4);
    for future in &mut futures {
        // Each needs two permits, and is told when one is free.
        while step(future).is_none() {}
    }
    assert_eq!(called.load(Ordering::SeqCst), 2);
}

#[test]
fn a_refused_request_gives_its_place_back() {
    place_given_back(Gated::open());
    place_given_back(AtOnce(Gated::open()));
}

fn place_given_back(nonces: impl NonceStore) {
    let service = ConcurrencyLimitLayer::new(1).layer(service_fn(echo));
    let mut service = layer(nonces).layer(service);
    let mut context = Context::from_waker(Waker::noop());
    for _ in 0..3 {
        assert!(service.poll_ready(&mut context).is_ready());
        let answer: Answered = run(service.call(signed_by("wrong", "a", "", "")));
        assert_eq!(run(text(answer)).0, 401);
    }
    let answer: Answered = run(service.oneshot(signed("a", "", "")));
    assert_eq!(run(text(answer)).0, 200);
}

#[test]
fn a_request_that_is_dropped_before_the_store_is_asked_spends_nothing() {
    let gated = Gated::with_permits(0);
    let (strict, called) = strict();
    let service = layer(gated.clone()).layer(strict);
    // Not polled at all; and refused before.
    drop(service.clone().oneshot(signed("a", "", "")));
    let answer: Answered = run(service.clone().oneshot(signed_by("wrong", "a", "", "")));
    assert_eq!(run(text(answer)).0, 401);
    assert_eq!(gated.asked.load(Ordering::SeqCst), 0);
    gated.admit(2);
    let answer: Answered = run(service.oneshot(signed("a", "", "")));
    assert_eq!(run(text(answer)).0, 200);
    assert_eq!(called.load(Ordering::SeqCst), 1);
}

#[test]
fn a_request_that_is_dropped_while_the_store_is_asked_is_as_the_store_left_it() {
    let gated = Gated::with_permits(0);
    let (strict, called) = strict();
    let service = layer(gated.clone()).layer(strict);

    // Before the store has done it: the nonce is not spent.
    let mut future = Box::pin(service.clone().oneshot(signed("a", "", "")));
    assert!(step(&mut future).is_none());
    assert_eq!(gated.asked.load(Ordering::SeqCst), 1);
    drop(future);
    gated.admit(2);
    let answer: Answered = run(service.clone().oneshot(signed("a", "", "")));
    assert_eq!(run(text(answer)).0, 200);
    assert_eq!(called.load(Ordering::SeqCst), 1);

    // After, with nobody to hear the answer: it is spent, and no handler has seen the request.
    gated.admit(1);
    let mut future = Box::pin(service.clone().oneshot(signed("b", "", "")));
    assert!(step(&mut future).is_none());
    drop(future);
    assert_eq!(called.load(Ordering::SeqCst), 1);
    gated.admit(2);
    let answer: Answered = run(service.oneshot(signed("b", "", "")));
    assert_eq!(run(text(answer)).0, 401);
    assert_eq!(called.load(Ordering::SeqCst), 1);
}

#[test]
fn stores_that_answer_at_once_are_asked_while_the_service_is_called() {
    let gated = Gated::open();
    let (strict, called) = strict();
    let mut service = layer(AtOnce(gated.clone())).layer(strict);
    let mut context = Context::from_waker(Waker::noop());
    assert!(service.poll_ready(&mut context).is_ready());
    let future = service.call(signed("a", "", ""));
    assert_eq!(gated.asked.load(Ordering::SeqCst), 1);
    assert_eq!(called.load(Ordering::SeqCst), 1);
    let answer: Answered = run(future);
    assert_eq!(run(text(answer)).0, 200);
}

#[test]
fn a_store_that_breaks_its_promise_to_answer_at_once_has_not_answered() {
    let (strict, called) = strict();
    let service = layer(AtOnce(Gated::with_permits(0))).layer(strict);
    for (content_type, body) in [("", ""), ("text/plain", "bytes")] {
        let answer: Answered = run(service.clone().oneshot(signed("a", content_type, body)));
        assert_eq!(run(text(answer)).0, 503);
    }
    assert_eq!(called.load(Ordering::SeqCst), 0);
}

#[test]
fn nothing_stands_between_the_answer_of_the_store_and_the_handler() {
    let gated = Gated::with_permits(1);
    let (strict, called) = strict();
    let service = layer(gated.clone()).layer(strict);
    let mut future = Box::pin(service.oneshot(signed("a", "", "")));
    // The store has spent the nonce, and has not answered.
    assert!(step(&mut future).is_none());
    assert_eq!(called.load(Ordering::SeqCst), 0);
    gated.admit(1);
    // In the step in which it answers, the handler is called.
    let answer: Answered = step(&mut future).unwrap();
    assert_eq!(called.load(Ordering::SeqCst), 1);
    assert_eq!(run(text(answer)).0, 200);
}
