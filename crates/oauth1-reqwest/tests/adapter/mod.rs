//! reqwest as an adapter under test.

use alloc::sync::Arc;
use core::{
    convert::Infallible,
    pin::Pin,
    task::{Context, Poll},
};

use oauth1_adapters::{Adapter, Answer, Call, Content, Error, FlowDriver, LegFailure};
use oauth1_core::{SigningKey, exchange, flow::Leg};
use oauth1_reqwest::{Client, LegError, Report, complete};
use reqwest::{Body, redirect};
use tokio::runtime::Runtime;

/// With the cryptography of TLS, which reqwest leaves to be chosen where another crate of a build has
/// asked it to.
fn builder() -> reqwest::ClientBuilder {
    // Another test may have been first.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder()
}

pub(crate) struct Reqwest(Runtime);

impl Reqwest {
    pub(crate) fn new() -> Self {
        let mut builder = tokio::runtime::Builder::new_multi_thread();
        Self(builder.enable_all().build().expect("a runtime"))
    }
}

impl Adapter for Reqwest {
    fn name(&self) -> &'static str {
        "reqwest"
    }

    fn send<K>(&self, client: Arc<exchange::Client<K>>, call: &Call) -> Result<Answer, Error>
    where
        K: SigningKey + Send + Sync + 'static,
    {
        self.0.block_on(send(client, call))
    }
}

impl FlowDriver for Reqwest {
    fn complete<L: Leg>(&self, leg: L) -> Result<L::Next, LegFailure>
    where
        L::Key: Send + Sync,
    {
        let builder = builder().redirect(redirect::Policy::none());
        let http = builder.build().expect("a client");
        let outcome = self.0.block_on(complete(&http, leg));
        outcome.map_err(|error| match error {
            LegError::Reply(error) => LegFailure::Reply(error),
            error => LegFailure::Send(error.to_string()),
        })
    }
}

async fn send<K>(client: Arc<exchange::Client<K>>, call: &Call) -> Result<Answer, Error>
where
    K: SigningKey + Send + Sync + 'static,
{
    let builder = builder();
    let builder = if call.http2 {
        builder.http2_prior_knowledge()
    } else {
        builder
    };
    let client = Client::new(client, builder)?;
    let (method, uri) = (call.request.method(), call.request.uri());
    let builder = client.http().request(method.clone(), uri.to_string());
    let builder = builder.headers(call.request.headers().clone());
    let builder = match call.body {
        Content::Empty => builder,
        Content::Bytes(bytes) => builder.body(bytes),
        Content::Streamed(pieces) => builder.body(Body::wrap_stream(Pieces(pieces))),
    };
    let request = builder.build()?;
    let response = client.execute_with(request, call.parameters).await?;
    let report: &Report = response.extensions().get().ok_or("no report")?;
    let nonce = report.stamp().map(|stamp| stamp.nonce().to_owned());
    let status = response.status();
    let body = response.bytes().await?.to_vec();
    Ok(Answer {
        status,
        body,
        nonce,
    })
}

/// A body that flows piece by piece, of a length that is not known beforehand.
struct Pieces(&'static [&'static [u8]]);

impl futures_core::Stream for Pieces {
    type Item = Result<&'static [u8], Infallible>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Ready(self.0.split_off_first().map(|piece| Ok(*piece)))
    }
}
