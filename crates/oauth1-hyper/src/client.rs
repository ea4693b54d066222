//! The client.

use alloc::sync::Arc;
use core::{fmt, ops::Deref};

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use oauth1_core::{
    ProtocolParameters, SigningKey, Stamp, Timestamp,
    exchange::{self, AttemptBody, Exchange, Report, Step},
    http::{Payload, has_form},
};

use crate::{
    body::{Body, Content},
    error::{BoxError, Error},
    transport::Transport,
};

/// A client that signs whatever it sends, over a [`Transport`]. Cloned and shared by as many tasks as one
/// likes.
pub struct Client<K, T> {
    exchange: Arc<exchange::Client<K>>,
    transport: T,
}

impl<K, T> Client<K, T> {
    /// With what all requests have in common, and what they are sent over.
    pub fn new(exchange: impl Into<Arc<exchange::Client<K>>>, transport: T) -> Self {
        Self {
            exchange: exchange.into(),
            transport,
        }
    }

    /// What all requests have in common.
    pub fn exchange(&self) -> &exchange::Client<K> {
        &self.exchange
    }
}

impl<K, T> Client<K, T>
where
    K: SigningKey + Send + Sync,
{
    /// Signs and sends a request whose URI is absolute, and whatever its answers ask for. The response has
    /// any status; its extensions have a [`Report`].
    ///
    /// # Errors
    /// [`Error`] when there is no response.
    pub async fn request<B>(&self, request: Request<B>) -> Result<Response<Incoming>, Error>
    where
        T: Transport<B>,
        B: http_body::Body + Send,
        B::Data: Send,
        B::Error: Into<BoxError>,
    {
        self.request_with(request, ProtocolParameters::NONE).await
    }

    /// As [`request`](Self::request), with further protocol parameters, which are signed in every attempt.
    ///
    /// # Errors
    /// [`Error`] when there is no response.
    pub async fn request_with<B>(
        &self,
        request: Request<B>,
        parameters: ProtocolParameters<'_>,
    ) -> Result<Response<Incoming>, Error>
    where
        T: Transport<B>,
        B: http_body::Body + Send,
        B::Data: Send,
        B::Error: Into<BoxError>,
    {
        let (head, body) = request.into_parts();
        let is_form = has_form(&head.headers)?;
        let content = Content::read(body, is_form, self.exchange.form_limit()).await?;
        // Shares the memory: the exchange borrows one, the other can flow.
        let at_hand = match &content {
            Content::Bytes(bytes) => bytes.clone(),
            Content::Empty | Content::Flow(_) => Bytes::new(),
        };
        let payload = match &content {
            Content::Empty => Payload::Empty,
            Content::Bytes(_) => Payload::Bytes(&at_hand),
            Content::Flow(_) => Payload::Streamed,
        };
        let exchange = Exchange::new(&*self.exchange, head, payload).with_parameters(parameters);
        run(exchange, &self.transport, content).await
    }
}

/// Sends a request until the exchange is done with it. `content` is the body that the exchange knows.
pub(crate) async fn run<C, K, T, B>(
    mut exchange: Exchange<'_, C>,
    transport: &T,
    mut content: Content<B>,
) -> Result<Response<Incoming>, Error>
where
    C: Deref<Target = exchange::Client<K>> + Send,
    K: SigningKey + Send + Sync,
    T: Transport<B>,
    B: Send,
{
    loop {
        let mut attempt = exchange.attempt(Stamp::now()?)?;
        let stamp = attempt.take_stamp();
        let uri = attempt.parts.uri.clone();
        let body = match (attempt.body, &mut content) {
            (AttemptBody::Form(form), _) => Body::of_bytes(form.into()),
            (AttemptBody::Original, Content::Bytes(bytes)) => Body::of_bytes(bytes.clone()),
            // The exchange asks for it once.
            (AttemptBody::Original, Content::Flow(flow)) => flow.take().unwrap_or_default(),
            (AttemptBody::Original, Content::Empty) | (AttemptBody::Empty, _) => Body::default(),
        };
        let request = Request::from_parts(attempt.parts, body);
        let mut response = match transport.send(request).await {
            Ok(response) => response,
            Err(error) => match exchange.on_failure(error.failure) {
                Step::Again(_) => continue,
                Step::Done => return Err(Error::Transport(error.source, None)),
                Step::Stopped(stop) => return Err(Error::Transport(error.source, Some(stop))),
            },
        };
        let (status, headers) = (response.status(), response.headers());
        let stop = match exchange.on_response(status, headers, Timestamp::now()) {
            Step::Again(_) => {
                drain(response.into_body()).await;
                continue;
            }
            Step::Done => None,
            Step::Stopped(stop) => Some(stop),
        };
        let report = Report::new(uri, stamp, stop);
        response.extensions_mut().insert(report);
        return Ok(response);
    }
}

/// Reads a response that nobody wants, so that its connection can serve the next request; a long one is
/// dropped, and the connection with it.
async fn drain(mut body: Incoming) {
    let mut left = 64 * 1024_usize;
    while let Some(Ok(frame)) = body.frame().await {
        let length = frame.data_ref().map_or(0, Bytes::len);
        match left.checked_sub(length) {
            Some(rest) => left = rest,
            None => return,
        }
    }
}

impl<K, T: Clone> Clone for Client<K, T> {
    fn clone(&self) -> Self {
        Self {
            exchange: Arc::clone(&self.exchange),
            transport: self.transport.clone(),
        }
    }
}

impl<K, T> fmt::Debug for Client<K, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").finish_non_exhaustive()
    }
}
