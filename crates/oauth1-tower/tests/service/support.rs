//! Stores that can be made to wait, signed requests, and a handler that says what it was given.

use alloc::sync::Arc;
use core::{
    convert::Infallible,
    future::Future,
    pin::pin,
    sync::atomic::{AtomicUsize, Ordering},
    task::{Context, Poll, Waker},
};

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt as _, Full};
use oauth1_core::{
    BodyHashRule, ClientCredentials, HmacSha1, Nonce, SharedSecrets, Signer, Stamp, Timestamp,
    TokenCredentials,
};
use oauth1_store::{
    CredentialStore, Credentials, Found, Insert, NonceStore, SpentNonce, StoreError,
    memory::MemoryNonces,
};
use oauth1_tower::{
    VerifyLayer,
    verify::{AnswerBody, VerifiedBody},
};
use tokio::sync::Semaphore;

pub(crate) const NOW: u64 = 1_700_000_000;
pub(crate) const ORIGIN: &str = "https://api.example.com";
pub(crate) const FORM: &str = "application/x-www-form-urlencoded";

/// One client with one token.
#[derive(Clone, Default)]
pub(crate) struct Known {
    pub(crate) asked: Arc<AtomicUsize>,
}

impl CredentialStore for Known {
    type Grant = &'static str;

    const ANSWERS_AT_ONCE: bool = true;

    async fn find(
        &self,
        client: &str,
        token: Option<&str>,
        _: Timestamp,
    ) -> Result<Found<&'static str>, StoreError> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        Ok(match (client, token) {
            ("client", Some("token")) => {
                let key = SharedSecrets::new("client secret", "token secret");
                Found::Known(Credentials::new(key, "jane"))
            }
            ("client", _) => Found::TokenUnknown,
            _ => Found::ClientUnknown,
        })
    }
}

/// Nonces in memory, behind a gate: a call waits for a permit before it asks, and for another before it
/// answers.
#[derive(Clone)]
pub(crate) struct Gated {
    nonces: Arc<MemoryNonces>,
    gate: Arc<Semaphore>,
    pub(crate) asked: Arc<AtomicUsize>,
}

impl Gated {
    pub(crate) fn with_permits(permits: usize) -> Self {
        Self {
            nonces: Arc::new(MemoryNonces::new().unwrap()),
            gate: Arc::new(Semaphore::new(permits)),
            asked: Arc::default(),
        }
    }

    pub(crate) fn open() -> Self {
        Self::with_permits(Semaphore::MAX_PERMITS / 2)
    }

    pub(crate) fn admit(&self, permits: usize) {
        self.gate.add_permits(permits);
    }
}

impl NonceStore for Gated {
    async fn check_and_insert(
        &self,
        nonce: SpentNonce,
        now: Timestamp,
    ) -> Result<Insert, StoreError> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        self.gate
            .acquire()
            .await
            .map_err(StoreError::unavailable)?
            .forget();
        let answer = self.nonces.check_and_insert(nonce, now).await;
        self.gate
            .acquire()
            .await
            .map_err(StoreError::unavailable)?
            .forget();
        answer
    }
}

/// The same, with the promise that the gate is open.
#[derive(Clone)]
pub(crate) struct AtOnce(pub(crate) Gated);

impl NonceStore for AtOnce {
    const ANSWERS_AT_ONCE: bool = true;

    fn check_and_insert(
        &self,
        nonce: SpentNonce,
        now: Timestamp,
    ) -> impl Future<Output = Result<Insert, StoreError>> + Send {
        self.0.check_and_insert(nonce, now)
    }
}

pub(crate) fn layer<N: NonceStore>(nonces: N) -> VerifyLayer<Known, N> {
    VerifyLayer::new(ORIGIN, Known::default(), nonces)
        .unwrap()
        .with_realm("Photos")
        .with_clock(|| Timestamp::from_unix_seconds(NOW))
}

pub(crate) type Sent = Request<Full<Bytes>>;
pub(crate) type Answered = Result<Response<AnswerBody<Full<Bytes>>>, Infallible>;

pub(crate) fn request(content_type: &str, body: &'static str) -> Request<&'static str> {
    let request = Request::post("https://api.example.com/photos?size=original");
    let request = match content_type {
        "" => request,
        name => request.header("content-type", name),
    };
    request.body(body).unwrap()
}

/// Signed with the body's hash, if it is no form and not empty.
pub(crate) fn signed(nonce: &'static str, content_type: &str, body: &'static str) -> Sent {
    signed_by("client secret", nonce, content_type, body)
}

pub(crate) fn signed_by(
    secret: &str,
    nonce: &'static str,
    content_type: &str,
    body: &'static str,
) -> Sent {
    sign(&signer(secret), nonce, content_type, body)
}

/// Without `oauth_body_hash`.
pub(crate) fn unhashed(nonce: &'static str, content_type: &str, body: &'static str) -> Sent {
    let signer = signer("client secret").with_body_hash(BodyHashRule::Never);
    sign(&signer, nonce, content_type, body)
}

fn signer(secret: &str) -> Signer<'static, HmacSha1> {
    let client = ClientCredentials::new("client", secret);
    let token = TokenCredentials::new("token", "token secret");
    Signer::for_token(&client, &token).into_owned()
}

fn sign(
    signer: &Signer<'_, HmacSha1>,
    nonce: &'static str,
    content_type: &str,
    body: &'static str,
) -> Sent {
    let mut request = request(content_type, body);
    let stamp = Stamp::new(Timestamp::from_unix_seconds(NOW), Nonce::new(nonce));
    signer.sign_buffered(&mut request, stamp).unwrap();
    request.map(Full::from)
}

/// Gives the body back.
pub(crate) async fn echo<B>(
    request: Request<VerifiedBody<B>>,
) -> Result<Response<Full<Bytes>>, Infallible>
where
    B: http_body::Body,
    B::Error: Into<Box<dyn core::error::Error + Send + Sync>>,
{
    let body = core::pin::pin!(request.into_body());
    Ok(match body.collect().await {
        Ok(body) => Response::new(Full::from(body.to_bytes())),
        Err(error) => {
            let mut response = Response::new(Full::from(error.to_string()));
            *response.status_mut() = http::StatusCode::UNPROCESSABLE_ENTITY;
            response
        }
    })
}

pub(crate) async fn text(answer: Answered) -> (u16, String) {
    let answer = answer.unwrap();
    let status = answer.status().as_u16();
    let body = answer.into_body().collect().await.unwrap().to_bytes();
    (status, String::from_utf8(body.to_vec()).unwrap())
}

/// Runs what never waits for anything but the gates.
pub(crate) fn run<F: Future>(future: F) -> F::Output {
    let mut context = Context::from_waker(Waker::noop());
    match pin!(future).poll(&mut context) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("it waits"),
    }
}

/// One step.
pub(crate) fn step<F: Future + Unpin>(future: &mut F) -> Option<F::Output> {
    let mut context = Context::from_waker(Waker::noop());
    match core::pin::Pin::new(future).poll(&mut context) {
        Poll::Ready(output) => Some(output),
        Poll::Pending => None,
    }
}
