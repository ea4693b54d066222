//! The service that signs.

use core::{
    future::Future,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};
use std::io;

use http::{HeaderValue, Method, Response, StatusCode, Uri, header};
use http_body_util::{BodyExt as _, Limited};
use hyper::body::{Body as _, Incoming};
use hyper_util::client::legacy::Client as Pool;
use oauth1_core::ProtocolParameters;
use oauth1_hyper::{Client, Error};
use tokio::time::Instant;
use tower::Service;

use super::{
    Body, Received, tell, text,
    way::{Astray, Way},
};
use crate::{
    problem::whole_story,
    signatory::Signatory,
    transport::{Connector, remove_hop_by_hop},
};

/// What goes out, and no more of it than the limit has.
type Outgoing = Limited<Incoming>;

/// Signs and sends on.
pub(super) struct Signing {
    pub(super) client: Client<Signatory, Pool<Connector, oauth1_hyper::Body<Outgoing>>>,
    pub(super) way: Way,
    pub(super) callback: Option<String>,
    pub(super) max_body: u64,
    pub(super) timeout: Duration,
    pub(super) allow_browsers: bool,
    /// Whether it listens on the loopback interface alone.
    pub(super) is_local: bool,
    pub(super) silent: bool,
}

impl Signing {
    async fn answer(&self, request: Received) -> Response<Body> {
        let started = Instant::now();
        let (method, path) = (request.method().clone(), request.uri().clone());
        let response = match self.target(&request) {
            Ok(target) => self.send(request, target).await,
            Err(response) => response,
        };
        if !self.silent {
            tell(&method, &path, response.status(), started);
        }
        response
    }

    /// Where a request goes, if it goes anywhere.
    #[expect(clippy::result_large_err, reason = "it is the answer, on its way out")]
    fn target(&self, request: &Received) -> Result<Uri, Response<Body>> {
        if request.method() == Method::CONNECT {
            return Err(text(
                StatusCode::METHOD_NOT_ALLOWED,
                "CONNECT makes a tunnel, and what is encrypted in it cannot be signed on its way. Ask \
                 for the http:// URL, with --upgrade to have it sent on with https; or use --to",
            ));
        }
        let is_from_browser = request.headers().contains_key(header::ORIGIN)
            || request
                .headers()
                .get("sec-fetch-site")
                .is_some_and(|site| site != "none");
        if is_from_browser && !self.allow_browsers {
            return Err(text(
                StatusCode::FORBIDDEN,
                "a page in a browser asks: any page could use these credentials. --allow-browsers lets \
                 them",
            ));
        }
        let length = request.body().size_hint().lower();
        if length > self.max_body {
            return Err(text(
                StatusCode::PAYLOAD_TOO_LARGE,
                "the body is longer than --max-body",
            ));
        }
        if matches!(self.way, Way::Reverse { .. }) && self.is_local && !is_for_loopback(request) {
            return Err(text(
                StatusCode::MISDIRECTED_REQUEST,
                "the header Host names somebody else: a page may have a name that leads here",
            ));
        }
        self.way
            .target(request.uri())
            .map_err(|reason| astray(&self.way, &reason))
    }

    async fn send(&self, request: Received, target: Uri) -> Response<Body> {
        let (mut parts, body) = request.into_parts();
        parts.uri = target;
        parts.version = http::Version::HTTP_11;
        remove_hop_by_hop(&mut parts.headers);
        for name in [header::HOST, header::EXPECT, header::AUTHORIZATION] {
            parts.headers.remove(name);
        }
        if let Some(length) = body.size_hint().exact() {
            // What a form that holds the signature is longer by, the client below knows.
            parts.headers.remove(header::CONTENT_LENGTH);
            if length > 0 {
                parts.headers.insert(header::CONTENT_LENGTH, length.into());
            }
        }
        parts.headers.append(header::VIA, via());
        let limit = usize::try_from(self.max_body).unwrap_or(usize::MAX);
        let request = http::Request::from_parts(parts, Limited::new(body, limit));
        let mut parameters = ProtocolParameters::NONE;
        if let Some(callback) = &self.callback {
            parameters = parameters.with_callback(callback);
        }
        let sent = self.client.request_with(request, parameters);
        let response = match tokio::time::timeout(self.timeout, sent).await {
            Ok(Ok(response)) => response,
            Ok(Err(error)) => return failure(&error),
            Err(_) => {
                return text(
                    StatusCode::GATEWAY_TIMEOUT,
                    "the server has not begun to answer within --timeout",
                );
            }
        };
        passed_back(&self.way, response)
    }
}

/// A response of the server behind, for the program in front.
pub(super) fn passed_back(way: &Way, response: Response<Incoming>) -> Response<Body> {
    let (mut parts, body) = response.into_parts();
    parts.version = http::Version::HTTP_11;
    remove_hop_by_hop(&mut parts.headers);
    parts.headers.append(header::VIA, via());
    way.come_back(&mut parts.headers);
    Response::from_parts(parts, body.boxed())
}

/// What a program is told whose request goes nowhere.
pub(super) fn astray(way: &Way, reason: &Astray) -> Response<Body> {
    match reason {
        Astray::Form if matches!(way, Way::Reverse { .. }) => text(
            StatusCode::BAD_REQUEST,
            "this is a reverse proxy (--to): ask it for a path, as a server",
        ),
        Astray::Form => text(
            StatusCode::BAD_REQUEST,
            "this is a forward proxy (--for): set http_proxy to it, and ask for an http:// URL",
        ),
        Astray::Host => text(
            StatusCode::FORBIDDEN,
            "nothing is signed for this host: --for HOST lets it",
        ),
        Astray::Uri => text(StatusCode::BAD_REQUEST, "there is no such URL"),
    }
}

/// RFC 9110 section 7.6.3.
pub(super) const fn via() -> HeaderValue {
    HeaderValue::from_static("1.1 oauth1")
}

/// A name that leads to this machine for everybody, and not one that somebody has made so.
fn is_for_loopback(request: &Received) -> bool {
    let mut hosts = request.headers().get_all(header::HOST).iter();
    let (Some(host), None) = (hosts.next(), hosts.next()) else {
        return false;
    };
    let Some(host) = host
        .to_str()
        .ok()
        .and_then(|host| host.parse::<http::uri::Authority>().ok())
    else {
        return false;
    };
    let name = host.host();
    let address = name.trim_start_matches('[').trim_end_matches(']');
    name.eq_ignore_ascii_case("localhost")
        || address
            .parse::<core::net::IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

/// What a program is told that gets no response.
fn failure(error: &Error) -> Response<Body> {
    match error {
        Error::Sign(error) => text(
            StatusCode::BAD_REQUEST,
            &format!("the request cannot be signed: {error}"),
        ),
        Error::FormTooLarge(limit) => text(
            StatusCode::PAYLOAD_TOO_LARGE,
            &format!("the form has more than {limit} bytes (--max-form)"),
        ),
        Error::Body(_) => text(
            StatusCode::BAD_REQUEST,
            "the body broke off, or is longer than --max-body",
        ),
        Error::RandomSource(_) => text(StatusCode::INTERNAL_SERVER_ERROR, "there is no nonce"),
        error => text(StatusCode::BAD_GATEWAY, &whole_story(error)),
    }
}

/// A service for tower's layers; shared by all connections.
#[derive(Clone)]
pub(super) struct Shared(pub(super) alloc::sync::Arc<Signing>);

impl Service<Received> for Shared {
    type Response = Response<Body>;
    type Error = io::Error;
    type Future = Pin<Box<dyn Future<Output = io::Result<Response<Body>>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Received) -> Self::Future {
        let signing = alloc::sync::Arc::clone(&self.0);
        Box::pin(async move { Ok(signing.answer(request).await) })
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderName;

    use super::*;

    #[test]
    fn headers_of_one_hop_stay_here() {
        let mut headers = http::HeaderMap::new();
        for (name, value) in [
            ("connection", "keep-alive, X-One-Hop"),
            ("x-one-hop", "1"),
            ("keep-alive", "timeout=5"),
            ("proxy-authorization", "Basic eDp5"),
            ("te", "trailers"),
            ("transfer-encoding", "chunked"),
            ("upgrade", "websocket"),
            ("accept", "*/*"),
        ] {
            headers.insert(
                HeaderName::from_static(name),
                HeaderValue::from_static(value),
            );
        }
        remove_hop_by_hop(&mut headers);
        let left: Vec<_> = headers.keys().map(HeaderName::as_str).collect();
        assert_eq!(left, ["accept"]);
    }
}
