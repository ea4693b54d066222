//! The verifying layer, from the request to the answer, over stores in memory.

extern crate alloc;

use alloc::rc::Rc;
use core::{
    cell::RefCell,
    convert::Infallible,
    future::{Future, Ready, ready},
    pin::pin,
    task::{Context, Poll, Waker},
};

use bytes::Bytes;
use http::{Request, Response, StatusCode, header::AUTHORIZATION};
use http_body_util::Empty;
use oauth1_core::{ClientCredentials, HmacSha1, Secret, TokenCredentials};
use oauth1_store::{
    Client, ClientKey, ClientStore as _, Creation, CredentialStore, Token, TokenStore as _,
    memory::{MemoryCredentials, MemoryNonces, MemoryStore},
};
use oauth1_tower::{
    VerifyLayer,
    verify::{VerifiedBody, Verify},
};
use tower_layer::Layer as _;
use tower_service::Service;

use crate::{
    Case,
    chain::Other,
    request::{
        CLIENT, ORIGIN, OTHER_KIND, PATH, Pair, TIME, TOKEN, UNKNOWN, header, nonce, signature,
        with_signature, wrong,
    },
};

/// Nobody's, of the same length.
const UNKNOWN_TOKEN: Pair = ("nnnch734d00sl2jd", TOKEN.1);

/// How many requests are measured together: where the allocator finds memory is not the same each time.
const REQUESTS: usize = 32;

pub(crate) fn cases() -> Vec<Case> {
    let known = [
        ("wrong at the start", CLIENT, TOKEN),
        ("wrong at the end", CLIENT, TOKEN),
        ("client unknown", UNKNOWN, TOKEN),
        ("token unknown", CLIENT, UNKNOWN_TOKEN),
        ("key of another kind", OTHER_KIND, TOKEN),
    ];
    let mut cases = of("layer, credentials", credentials(), &known);
    cases.extend(of("layer, store", store(), &known[..4]));
    cases.extend(accepted());
    cases
}

/// Requests that are accepted, and the same once more.
fn accepted() -> [Case; 2] {
    let service = Rc::new(RefCell::new(verifying(credentials())));
    // For the first call, and for the one that is measured.
    let calls = [0, 1].map(|call| {
        let signed = |at| {
            let nonce = nonce::<HmacSha1>();
            let (_, end) = nonce.split_at(6);
            request(&header::<HmacSha1>(
                CLIENT,
                TOKEN,
                &format!("{call}-{at:03}-{end}"),
            ))
        };
        (0..REQUESTS).map(signed).collect::<Vec<_>>()
    });
    [
        ("accepted", StatusCode::OK),
        ("sent again", StatusCode::UNAUTHORIZED),
    ]
    .map(|(name, status)| {
        let mut calls = calls.to_vec();
        let service = Rc::clone(&service);
        let operation = move || {
            let requests = calls.pop().expect("those of each call");
            let mut answers = requests
                .into_iter()
                .map(|request| answer(&mut *service.borrow_mut(), request));
            answers.all(|answer| answer == status)
        };
        Case {
            group: "layer, accepted",
            name: name.to_owned(),
            operation: Box::new(operation),
            right: true,
        }
    })
}

/// A service behind the layer that has had a request: the key of the client is made at the first, and kept.
fn verifying<C: CredentialStore>(credentials: C) -> Verify<Handler, C, MemoryNonces> {
    let nonces = MemoryNonces::new().expect("a random key");
    let layer = VerifyLayer::new(ORIGIN, credentials, nonces).expect("an origin");
    let mut service = layer.with_clock(|| TIME).layer(Handler);
    let right = header::<HmacSha1>(CLIENT, TOKEN, "before");
    assert_eq!(answer(&mut service, request(&right)), StatusCode::OK);
    service
}

/// Clients and tokens as a provider keeps them.
fn store() -> MemoryStore {
    let store = MemoryStore::new().expect("a random key");
    let key = ClientKey::Shared(Secret::from(CLIENT.1));
    let client = Client::new(CLIENT.0, key, TIME);
    let created = done(store.create_client(client)).expect("kept");
    assert_eq!(created, Creation::Created);
    let token = Token::new(TOKEN.0, Secret::from(TOKEN.1), CLIENT.0, "jane", TIME);
    let created = done(store.insert_token(token, TIME)).expect("kept");
    assert_eq!(created, Creation::Created);
    store
}

/// Clients and tokens as a program brings them along.
fn credentials() -> MemoryCredentials {
    let credentials = MemoryCredentials::new();
    credentials.insert_token(
        &ClientCredentials::new(CLIENT.0, CLIENT.1),
        &TokenCredentials::new(TOKEN.0, TOKEN.1),
        (),
    );
    credentials.insert_token_key(OTHER_KIND.0, TOKEN.0, Other, ());
    credentials
}

fn of<C: CredentialStore>(
    group: &'static str,
    credentials: C,
    sent: &[(&'static str, Pair, Pair)],
) -> Vec<Case> {
    let service = Rc::new(RefCell::new(verifying(credentials)));
    let nonce = nonce::<HmacSha1>();
    let right = signature(&header::<HmacSha1>(CLIENT, TOKEN, &nonce));
    let wrong = wrong(&right);
    let case = |&(name, client, token): &(&'static str, Pair, Pair)| {
        let at = if name.ends_with("start") {
            0
        } else {
            right.len() - 1
        };
        let header = header::<HmacSha1>(client, token, &nonce);
        // The same wrong signature of all: how much of it is escaped, its sender knows.
        let header = with_signature(&header, &wrong[at].1);
        // For the first call, and for the one that is measured.
        let mut calls = vec![Vec::new(); 2];
        for requests in &mut calls {
            requests.extend((0..REQUESTS).map(|_| request(&header)));
        }
        let service = Rc::clone(&service);
        let operation = move || {
            let requests = calls.pop().expect("those of each call");
            let mut answers = requests
                .into_iter()
                .map(|request| answer(&mut *service.borrow_mut(), request));
            answers.any(|status| status != StatusCode::UNAUTHORIZED)
        };
        Case {
            group,
            name: name.to_owned(),
            operation: Box::new(operation),
            right: false,
        }
    };
    sent.iter().map(case).collect()
}

fn request(header: &str) -> Request<Empty<Bytes>> {
    Request::get(PATH)
        .header(AUTHORIZATION, header)
        .body(Empty::new())
        .expect("a request")
}

fn answer<S, R>(service: &mut S, request: Request<Empty<Bytes>>) -> StatusCode
where
    S: Service<Request<Empty<Bytes>>, Response = Response<R>, Error = Infallible>,
{
    let Ok(response) = done(service.call(request));
    response.status()
}

/// What is in memory answers at once.
fn done<F: Future>(future: F) -> F::Output {
    let mut context = Context::from_waker(Waker::noop());
    match pin!(future).poll(&mut context) {
        Poll::Ready(output) => output,
        Poll::Pending => unreachable!("nothing is waited for"),
    }
}

#[derive(Clone)]
struct Handler;

impl<B> Service<Request<VerifiedBody<B>>> for Handler {
    type Response = Response<Empty<Bytes>>;
    type Error = Infallible;
    type Future = Ready<Result<Self::Response, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Request<VerifiedBody<B>>) -> Self::Future {
        ready(Ok(Response::new(Empty::new())))
    }
}
