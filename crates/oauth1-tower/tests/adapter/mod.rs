//! [`SignLayer`] as an adapter under test, inside of tower's `Retry` and tower-http's `FollowRedirect`,
//! around hyper-util's pooled client.

use alloc::sync::Arc;
use core::{
    convert::Infallible,
    future::{Ready, ready},
    pin::Pin,
    task::{Context, Poll},
};

use bytes::Bytes;
use http::{Request, Response, Uri, header};
use http_body_util::{BodyExt, Full};
use hyper_util::{
    client::legacy::{Client as HyperClient, connect::HttpConnector},
    rt::TokioExecutor,
};
use oauth1_adapters::{Adapter, Answer, Call, Content, Error as TestError};
use oauth1_core::{SigningKey, exchange::Client, http::target_of};
use oauth1_tower::{
    SignLayer,
    sign::{AtHand, ClockCorrected, Error, Parameters, RequestBody, SentStamp, Unsigned},
};
use tower::{ServiceBuilder, ServiceExt, retry::RetryLayer};
use tower_http::follow_redirect::{
    FollowRedirectLayer,
    policy::{Action, Attempt, Policy as RedirectPolicy},
};

pub(crate) struct Tower {
    runtime: tokio::runtime::Runtime,
    http1: HyperClient<HttpConnector, Sending>,
    http2: HyperClient<HttpConnector, Sending>,
}

impl Adapter for Tower {
    fn name(&self) -> &'static str {
        "tower"
    }

    fn send<K>(&self, client: Arc<Client<K>>, call: &Call) -> Result<Answer, TestError>
    where
        K: SigningKey + Send + Sync + 'static,
    {
        self.runtime.block_on(self.exchange(client, call))
    }
}

impl Tower {
    pub(crate) fn new() -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build();
        let mut builder = HyperClient::builder(TokioExecutor::new());
        let http1 = builder.build_http();
        let http2 = builder.http2_only(true).build_http();
        Self {
            runtime: runtime.expect("a runtime"),
            http1,
            http2,
        }
    }

    async fn exchange<K>(&self, client: Arc<Client<K>>, call: &Call) -> Result<Answer, TestError>
    where
        K: SigningKey,
    {
        let http = if call.http2 { &self.http2 } else { &self.http1 };
        let uri = call.request.uri();
        let origin = target_of(uri)?.origin().to_string();
        let retries = Retries {
            left: client.retries(),
            corrected: false,
        };
        let redirects = Redirects {
            left: client.redirect_limit(),
            elsewhere: false,
        };
        let service = ServiceBuilder::new()
            .layer(RetryLayer::new(retries))
            .layer(FollowRedirectLayer::with_policy(redirects))
            .layer(SignLayer::new(client, &origin)?)
            .service(http.clone());

        let mut request = call.request.clone().map(|()| match call.body {
            Content::Empty => Sending::default(),
            Content::Bytes(bytes) => Sending::Whole(Full::new(Bytes::from_static(bytes))),
            Content::Streamed(pieces) => Sending::Pieces(pieces),
        });
        if let Some(further) = call.further {
            let (name, value) = further.extra;
            let parameters = Parameters::new()
                .with_callback(further.callback)
                .with_verifier(further.verifier)
                .with_extra(name, value);
            request.extensions_mut().insert(parameters);
        }
        let (parts, body) = service.oneshot(request).await?.into_parts();
        let stamp = parts.extensions.get::<SentStamp>();
        Ok(Answer {
            status: parts.status,
            nonce: stamp.map(|stamp| stamp.nonce().to_owned()),
            body: body.collect().await?.to_bytes().to_vec(),
        })
    }
}

/// Sends again what broke and is idempotent, and what has corrected the clock.
#[derive(Clone)]
struct Retries {
    left: u8,
    corrected: bool,
}

impl<R, E> tower::retry::Policy<Request<Sending>, Response<R>, Error<E>> for Retries {
    type Future = Ready<()>;

    fn retry(
        &mut self,
        request: &mut Request<Sending>,
        result: &mut Result<Response<R>, Error<E>>,
    ) -> Option<Self::Future> {
        let again = match result {
            Ok(response) => {
                let corrects = response.extensions().get::<ClockCorrected>().is_some();
                corrects && !core::mem::replace(&mut self.corrected, true)
            }
            Err(Error::Inner(_)) if request.method().is_idempotent() && self.left > 0 => {
                self.left -= 1;
                true
            }
            Err(_) => false,
        };
        again.then(|| ready(()))
    }

    fn clone_request(&mut self, request: &Request<Sending>) -> Option<Request<Sending>> {
        let mut copy = Request::new(request.body().try_clone()?);
        *copy.method_mut() = request.method().clone();
        *copy.uri_mut() = request.uri().clone();
        *copy.headers_mut() = request.headers().clone();
        *copy.extensions_mut() = request.extensions().clone();
        Some(copy)
    }
}

/// Follows redirects, and marks what has been to another origin.
#[derive(Clone)]
struct Redirects {
    left: u8,
    elsewhere: bool,
}

impl<E> RedirectPolicy<Sending, E> for Redirects {
    fn redirect(&mut self, attempt: &Attempt<'_>) -> Result<Action, E> {
        let has_user = attempt
            .location()
            .authority()
            .is_some_and(|all| all.as_str().contains('@'));
        let Some(left) = self.left.checked_sub(1).filter(|_| !has_user) else {
            return Ok(Action::Stop);
        };
        self.left = left;
        self.elsewhere |= !have_same_origin(attempt.previous(), attempt.location());
        Ok(Action::Follow)
    }

    fn on_request(&mut self, request: &mut Request<Sending>) {
        if self.elsewhere {
            request.extensions_mut().insert(Unsigned);
            for name in [
                header::AUTHORIZATION,
                header::PROXY_AUTHORIZATION,
                header::COOKIE,
            ] {
                request.headers_mut().remove(name);
            }
        }
    }

    fn clone_body(&self, body: &Sending) -> Option<Sending> {
        body.try_clone()
    }
}

fn have_same_origin(one: &Uri, other: &Uri) -> bool {
    match (target_of(one), target_of(other)) {
        (Ok(one), Ok(other)) => one.origin() == other.origin(),
        _ => false,
    }
}

/// A body that is whole, or flows once.
enum Sending {
    Whole(Full<Bytes>),
    Pieces(&'static [&'static [u8]]),
}

impl Sending {
    fn try_clone(&self) -> Option<Self> {
        match self {
            Self::Whole(whole) => Some(Self::Whole(whole.clone())),
            Self::Pieces(_) => None,
        }
    }
}

impl Default for Sending {
    fn default() -> Self {
        Self::Whole(Full::default())
    }
}

impl RequestBody for Sending {
    fn at_hand(&self) -> AtHand {
        match self {
            Self::Whole(whole) => whole.at_hand(),
            Self::Pieces(_) => AtHand::Streamed,
        }
    }

    fn from_form(form: Vec<u8>) -> Option<Self> {
        Full::from_form(form).map(Self::Whole)
    }
}

impl http_body::Body for Sending {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<http_body::Frame<Bytes>, Infallible>>> {
        match self.get_mut() {
            Self::Whole(whole) => Pin::new(whole).poll_frame(cx),
            Self::Pieces(pieces) => {
                let piece = pieces.split_off_first();
                let frame = piece.map(|piece| http_body::Frame::data(Bytes::from_static(piece)));
                Poll::Ready(frame.map(Ok))
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        match self {
            Self::Whole(whole) => whole.is_end_stream(),
            Self::Pieces(pieces) => pieces.is_empty(),
        }
    }

    fn size_hint(&self) -> http_body::SizeHint {
        match self {
            Self::Whole(whole) => whole.size_hint(),
            Self::Pieces(_) => http_body::SizeHint::default(),
        }
    }
}
