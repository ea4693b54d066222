//! The client.

use alloc::sync::Arc;
use core::{fmt, ops::Deref};

use bytes::Bytes;
use http::Uri;
use http_body_util::{BodyExt as _, Full, LengthLimitError, Limited};
use oauth1_core::{
    ProtocolParameters, SigningKey, Stamp, Timestamp,
    exchange::{self, AttemptBody, Exchange, Failure, Report, Step},
    http::{Error as SignError, Payload, has_form},
};
use reqwest::{Body, ClientBuilder, Request, RequestBuilder, Response, Url, redirect};

use crate::error::Error;

/// A [`reqwest::Client`] that signs whatever it sends. Cloned and shared by as many tasks as one likes.
pub struct Client<K> {
    exchange: Arc<exchange::Client<K>>,
    http: reqwest::Client,
}

impl<K> Client<K> {
    /// With what all requests have in common, and a client that is built here, with its own redirects
    /// switched off.
    ///
    /// # Errors
    /// What [`ClientBuilder::build`] says.
    pub fn new(
        exchange: impl Into<Arc<exchange::Client<K>>>,
        http: ClientBuilder,
    ) -> Result<Self, Error> {
        let http = http.redirect(redirect::Policy::none()).build()?;
        Ok(Self::over(exchange, http))
    }

    /// With a client that exists. It should have been built with [`redirect::Policy::none`]: see
    /// [`Error::RedirectedBelow`].
    pub fn over(exchange: impl Into<Arc<exchange::Client<K>>>, http: reqwest::Client) -> Self {
        Self {
            exchange: exchange.into(),
            http,
        }
    }

    /// What all requests have in common.
    pub fn exchange(&self) -> &exchange::Client<K> {
        &self.exchange
    }

    /// To build requests with. What it sends by itself is not signed.
    pub const fn http(&self) -> &reqwest::Client {
        &self.http
    }
}

impl<K: SigningKey + Send + Sync> Client<K> {
    /// Signs and sends what was built, and whatever its answers ask for. The response has any status; its
    /// extensions have a [`Report`].
    ///
    /// # Errors
    /// [`Error`] when there is no response.
    pub async fn send(&self, request: RequestBuilder) -> Result<Response, Error> {
        self.execute(request.build()?).await
    }

    /// As [`send`](Self::send).
    ///
    /// # Errors
    /// [`Error`] when there is no response.
    pub async fn execute(&self, request: Request) -> Result<Response, Error> {
        self.execute_with(request, ProtocolParameters::NONE).await
    }

    /// As [`execute`](Self::execute), with further protocol parameters, which are signed in every attempt.
    ///
    /// # Errors
    /// [`Error`] when there is no response.
    pub async fn execute_with(
        &self,
        request: Request,
        parameters: ProtocolParameters<'_>,
    ) -> Result<Response, Error> {
        send(&self.exchange, &self.http, request, parameters).await
    }
}

/// Sends a request until the exchange is done with it.
pub(crate) async fn send<K: SigningKey + Send + Sync>(
    client: &exchange::Client<K>,
    http: &reqwest::Client,
    mut request: Request,
    parameters: ProtocolParameters<'_>,
) -> Result<Response, Error> {
    let is_form = has_form(request.headers())?;
    let content = Content::read(request.body_mut().take(), is_form, client.form_limit()).await?;
    // Shares the memory: the exchange borrows one, the other is sent.
    let at_hand = match &content {
        Content::Bytes(bytes) => bytes.clone(),
        Content::Empty | Content::Flow(_) => Bytes::new(),
    };
    let payload = match &content {
        Content::Empty => Payload::Empty,
        Content::Bytes(_) => Payload::Bytes(&at_hand),
        Content::Flow(_) => Payload::Streamed,
    };
    let (mut head, ()) = http::Request::new(()).into_parts();
    head.method = request.method().clone();
    head.uri = Uri::try_from(request.url().as_str()).map_err(|_| SignError::Unsendable)?;
    head.headers = core::mem::take(request.headers_mut());

    let exchange = Exchange::new(client, head, payload).with_parameters(parameters);
    run(exchange, http, Some(&request), content).await
}

/// Sends a request until the exchange is done with it. `content` is the body that the exchange knows, and
/// `like` has timeout and version, and no body.
pub(crate) async fn run<C, K>(
    mut exchange: Exchange<'_, C>,
    http: &reqwest::Client,
    like: Option<&Request>,
    mut content: Content,
) -> Result<Response, Error>
where
    C: Deref<Target = exchange::Client<K>> + Send,
    K: SigningKey + Send + Sync,
{
    loop {
        let mut attempt = exchange.attempt(Stamp::now()?)?;
        let stamp = attempt.take_stamp();
        let uri = attempt.parts.uri;
        let text = uri.to_string();
        let url = Url::parse(&text).ok().filter(|url| url.as_str() == text);
        let url = url.ok_or(Error::UrlChanged)?;
        let mut request = like
            .and_then(Request::try_clone)
            .unwrap_or_else(|| Request::new(attempt.parts.method.clone(), url.clone()));
        *request.method_mut() = attempt.parts.method;
        *request.url_mut() = url.clone();
        *request.headers_mut() = attempt.parts.headers;
        *request.body_mut() = match (attempt.body, &mut content) {
            (AttemptBody::Form(form), _) => Some(once(form.into())),
            (AttemptBody::Original, Content::Bytes(bytes)) => Some(once(bytes.clone())),
            // The exchange asks for it once.
            (AttemptBody::Original, Content::Flow(flow)) => flow.take(),
            (AttemptBody::Original, Content::Empty) | (AttemptBody::Empty, _) => None,
        };
        let mut response = match http.execute(request).await {
            Ok(response) => response,
            Err(error) => {
                let failure = if error.is_connect() || error.is_builder() {
                    Failure::NotSent
                } else {
                    Failure::Unknown
                };
                let error = error.without_url();
                match exchange.on_failure(failure) {
                    Step::Again(_) => continue,
                    Step::Done => return Err(Error::Reqwest(error, None)),
                    Step::Stopped(stop) => return Err(Error::Reqwest(error, Some(stop))),
                }
            }
        };
        if *response.url() != url {
            return Err(Error::RedirectedBelow);
        }
        let (status, headers) = (response.status(), response.headers());
        let stop = match exchange.on_response(status, headers, Timestamp::now()) {
            Step::Again(_) => {
                drain(response).await;
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

/// A body that reqwest cannot send a second time: a client that follows redirects by itself does not take
/// a signed form to another origin.
fn once(bytes: Bytes) -> Body {
    Body::wrap(Full::new(bytes))
}

/// What a request's body turned out to be.
pub(crate) enum Content {
    Empty,
    Bytes(Bytes),
    /// `None` once it has been sent.
    Flow(Option<Body>),
}

impl Content {
    /// What is at hand; a form is read to its end.
    async fn read(body: Option<Body>, is_form: bool, form_limit: usize) -> Result<Self, Error> {
        let Some(body) = body else {
            return Ok(Self::Empty);
        };
        match body.as_bytes() {
            Some(form) if is_form && form.len() > form_limit => {
                Err(Error::FormTooLarge(form_limit))
            }
            Some(bytes) => Ok(Self::Bytes(Bytes::copy_from_slice(bytes))),
            None if is_form => match Limited::new(body, form_limit).collect().await {
                Ok(form) => Ok(Self::Bytes(form.to_bytes())),
                Err(error) if error.is::<LengthLimitError>() => {
                    Err(Error::FormTooLarge(form_limit))
                }
                Err(error) => match error.downcast::<reqwest::Error>() {
                    Ok(error) => Err(Error::from(*error)),
                    // A body of reqwest has no other error.
                    Err(_) => Err(SignError::FormNotAtHand.into()),
                },
            },
            None => Ok(Self::Flow(Some(body))),
        }
    }
}

/// Reads a response that nobody wants, so that its connection can serve the next request; a long one is
/// dropped, and the connection with it.
async fn drain(mut response: Response) {
    let mut left = 64 * 1024_usize;
    while let Ok(Some(chunk)) = response.chunk().await {
        match left.checked_sub(chunk.len()) {
            Some(rest) => left = rest,
            None => return,
        }
    }
}

impl<K> Clone for Client<K> {
    fn clone(&self) -> Self {
        Self {
            exchange: Arc::clone(&self.exchange),
            http: self.http.clone(),
        }
    }
}

impl<K> fmt::Debug for Client<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").finish_non_exhaustive()
    }
}
