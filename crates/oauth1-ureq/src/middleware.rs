//! The middleware.

use alloc::sync::Arc;
use core::fmt;

use bytes::Bytes;
use http::{Request, Response};
use oauth1_core::{
    ProtocolParameters, SigningKey,
    exchange::{self, Exchange},
    http::{Payload, has_form},
};
use ureq::{
    Agent, Body, RequestExt as _, SendBody,
    middleware::{Middleware, MiddlewareNext},
};

use crate::{
    attempts::run,
    body::{Content, Flow, Sent},
    error::Error,
};

/// Signs whatever passes. Shared by all threads of an agent.
///
/// Further protocol parameters of one request go into its extensions, as
/// [`ProtocolParameters<'static>`](ProtocolParameters); they are signed in every attempt.
pub struct OAuth1<K> {
    exchange: Arc<exchange::Client<K>>,
    status_as_error: bool,
    /// Sends what comes after the first attempt, with that one's configuration.
    next_attempts: Agent,
}

/// Among the extensions of a request that is signed already.
#[derive(Clone, Copy)]
pub(crate) struct Signed;

impl<K> OAuth1<K> {
    /// With what all requests have in common.
    pub fn new(exchange: impl Into<Arc<exchange::Client<K>>>) -> Self {
        Self {
            exchange: exchange.into(),
            status_as_error: true,
            next_attempts: Agent::new_with_defaults(),
        }
    }

    /// Whether a status of 400 and above is a [`ureq::Error::StatusCode`], as it is unless this says no.
    #[must_use]
    pub fn with_status_as_error(self, status_as_error: bool) -> Self {
        Self {
            status_as_error,
            ..self
        }
    }

    /// Sends redirects and retries with this agent, in place of one with ureq's own connector and resolver:
    /// where the agent that has the middleware was made with others, or where cookies must hold. Its
    /// middlewares see those requests; an [`OAuth1`] among them lets them pass.
    #[must_use]
    pub fn with_agent(self, agent: Agent) -> Self {
        Self {
            next_attempts: agent,
            ..self
        }
    }

    /// What all requests have in common.
    #[must_use]
    pub fn exchange(&self) -> &exchange::Client<K> {
        &self.exchange
    }
}

impl<K: SigningKey + Send + Sync + 'static> Middleware for OAuth1<K> {
    fn handle(
        &self,
        request: Request<SendBody<'_>>,
        next: MiddlewareNext<'_>,
    ) -> Result<Response<Body>, ureq::Error> {
        if request.extensions().get::<Signed>().is_some() {
            return next.handle(request);
        }
        let (head, body) = request.into_parts();
        let is_form = has_form(&head.headers).map_err(Error::from)?;
        let flows = !is_form && head.extensions.get::<Flow>().is_some();
        let content = if flows {
            Content::flow(body)
        } else {
            Content::read(body, is_form, self.exchange.form_limit())?
        };
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
        let parameters = head.extensions.get::<ProtocolParameters<'static>>();
        let parameters = parameters.copied().unwrap_or(ProtocolParameters::NONE);
        let exchange = Exchange::new(&*self.exchange, head, payload).with_parameters(parameters);
        let mut next = Some(next);
        let response = run(exchange, content, |request| {
            let (head, mut body) = request.into_parts();
            let next = next.take();
            match &mut body {
                Sent::None => self.send(next, Request::from_parts(head, SendBody::none())),
                body => self.send(next, Request::from_parts(head, SendBody::from_reader(body))),
            }
        })?;
        let status = response.status();
        if self.status_as_error && (status.is_client_error() || status.is_server_error()) {
            return Err(ureq::Error::StatusCode(status.as_u16()));
        }
        Ok(response)
    }
}

impl<K> OAuth1<K> {
    fn send(
        &self,
        next: Option<MiddlewareNext<'_>>,
        request: Request<SendBody<'_>>,
    ) -> Result<Response<Body>, ureq::Error> {
        let Some(configuration) = request.middleware_config() else {
            // Every request that passes a middleware has one.
            return Err(Error::NoConfiguration.into());
        };
        let mut request = configuration
            .max_redirects(0)
            .max_redirects_will_error(false)
            .http_status_as_error(false)
            .build();
        if let Some(next) = next {
            return next.handle(request);
        }
        // It may have this middleware too.
        request.extensions_mut().insert(Signed);
        self.next_attempts.run(request)
    }
}

impl<K> fmt::Debug for OAuth1<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OAuth1").finish_non_exhaustive()
    }
}
