//! OAuth Echo: a client lets a second service (the *delegator*) ask the server who the resource owner
//! is, without giving it any credentials.
//!
//! The client signs a request to the server's "verify credentials" URL and does not send it: it sends
//! the signed header to the delegator, with its own request. The delegator sends it on to that URL and
//! trusts an answer of 200. A signature is good for one request, so that the delegator can do nothing
//! else with it.
//!
//! ```
//! use http::{HeaderMap, StatusCode};
//! use oauth1_core::{ClientCredentials, HmacSha1, Signer, Stamp, TokenCredentials};
//! use oauth1_core::flow::{Leg, echo::{self, Delegator}};
//!
//! const WHO: &str = "https://api.example.com/1.1/account/verify_credentials.json";
//!
//! // The client, for its request to the delegator:
//! let client = ClientCredentials::new("dpf43f3p2l4k3l03", "kd94hf93k423kf44");
//! let token = TokenCredentials::new("nnch734d00sl2jdk", "pfkkdhi9sl3r4s00");
//! let signer = Signer::<HmacSha1>::for_token(&client, &token).with_realm("https://api.example.com/");
//! let mut headers = HeaderMap::new();
//! echo::sign(&signer, WHO, Stamp::now()?)?.apply(&mut headers);
//!
//! // The delegator, when it gets that request:
//! let delegator = Delegator::new([WHO])?;
//! let leg = delegator.receive(&headers)?;
//! // ... sends `leg.outgoing().request()` as it is, following no redirect, and then
//! let who = leg.receive(StatusCode::OK, &HeaderMap::new(), b"{\"screen_name\":\"jane\"}")?;
//! assert_eq!(who.body(), b"{\"screen_name\":\"jane\"}");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use alloc::{string::String, vec::Vec};
use core::fmt;

use ::http::{
    HeaderMap, HeaderName, HeaderValue, Method, Request, StatusCode, header::AUTHORIZATION,
};

use super::{FlowError, Leg, Outgoing, Redirects, StartError, Unsigned, reply};
use crate::{
    authorization::{AuthorizationHeader, Transmission},
    http::Error,
    method::SigningKey,
    request::RequestView,
    signer::Signer,
    stamp::Stamp,
    target::Target,
};

/// The URL that the signed header is for.
pub const PROVIDER: HeaderName = HeaderName::from_static("x-auth-service-provider");

/// The signed header.
pub const CREDENTIALS: HeaderName = HeaderName::from_static("x-verify-credentials-authorization");

/// Signs a `GET` of `url`, with the resource owner's token, for a delegator to send.
///
/// # Errors
/// [`Error`]; [`Error::Unsendable`] too for a signer that sends its parameters elsewhere than in the
/// header.
pub fn sign<K: SigningKey>(
    signer: &Signer<'_, K>,
    url: &str,
    stamp: Stamp<'_>,
) -> Result<EchoHeaders, Error> {
    if signer.transmission() != Transmission::Header {
        return Err(Error::Unsendable);
    }
    let view = RequestView::new("GET", Target::parse(url)?);
    let text = signer.authorization(&view, stamp)?;
    let mut credentials = HeaderValue::try_from(text).map_err(|_| Error::Unsendable)?;
    credentials.set_sensitive(true);
    let provider = HeaderValue::try_from(url).map_err(|_| Error::Unsendable)?;
    Ok(EchoHeaders {
        provider,
        credentials,
    })
}

/// The two headers that a client adds to its request to the delegator.
#[derive(Clone, Debug)]
pub struct EchoHeaders {
    provider: HeaderValue,
    credentials: HeaderValue,
}

impl EchoHeaders {
    /// Puts them into a request, in place of others of their names.
    pub fn apply(self, headers: &mut HeaderMap) {
        headers.insert(PROVIDER, self.provider);
        headers.insert(CREDENTIALS, self.credentials);
    }
}

/// Why a delegator does not ask the server at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum EchoError {
    /// This header is missing.
    Missing(&'static str),
    /// This header is there twice.
    Duplicate(&'static str),
    /// The URL is none of those allowed: it would have this server send requests wherever a client
    /// likes, and believe whomever it likes.
    NotAllowed,
    /// The credentials are none of the scheme `OAuth`.
    NotOAuth,
}

impl fmt::Display for EchoError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(name) => write!(f, "the header {name} is missing"),
            Self::Duplicate(name) => write!(f, "the header {name} is there twice"),
            Self::NotAllowed => f.write_str("the service provider is none of those allowed"),
            Self::NotOAuth => f.write_str("the credentials are none of the scheme OAuth"),
        }
    }
}

impl core::error::Error for EchoError {}

/// A service that lets a server of its choice say who the resource owner is.
#[derive(Clone, Debug)]
pub struct Delegator {
    allowed: Vec<String>,
}

impl Delegator {
    /// With the URLs that may be asked, whole and byte by byte: no prefix, no pattern.
    ///
    /// # Errors
    /// [`StartError::Endpoint`] for a URL that is none, and [`StartError::WithoutTls`] for one
    /// without TLS.
    pub fn new<T: Into<String>>(urls: impl IntoIterator<Item = T>) -> Result<Self, StartError> {
        const WHICH: &str = "verify credentials";
        let mut allowed = Vec::new();
        for url in urls {
            let url = url.into();
            super::address::check_secure(WHICH, &url)?;
            allowed.push(url);
        }
        Ok(Self { allowed })
    }

    /// Reads a client's request, and gives the one to be sent to the server.
    ///
    /// # Errors
    /// [`EchoError`], for an answer of 401 (or 400).
    pub fn receive(&self, headers: &HeaderMap) -> Result<AwaitIdentity, EchoError> {
        let provider = single(headers, &PROVIDER, "X-Auth-Service-Provider")?;
        let credentials = single(headers, &CREDENTIALS, "X-Verify-Credentials-Authorization")?;
        let allowed = self
            .allowed
            .iter()
            .find(|url| url.as_bytes() == provider.as_bytes())
            .ok_or(EchoError::NotAllowed)?;
        AuthorizationHeader::parse(credentials.as_bytes()).ok_or(EchoError::NotOAuth)?;

        let mut credentials = credentials.clone();
        credentials.set_sensitive(true);
        let mut request = Request::new(Vec::new());
        *request.method_mut() = Method::GET;
        *request.uri_mut() = allowed.parse().map_err(|_| EchoError::NotAllowed)?;
        request.headers_mut().insert(AUTHORIZATION, credentials);
        Ok(AwaitIdentity {
            outgoing: Outgoing {
                request,
                client: None,
                callback: None,
                verifier: None,
                extra: Vec::new(),
                redirects: Redirects::Never,
            },
        })
    }
}

fn single<'h>(
    headers: &'h HeaderMap,
    name: &HeaderName,
    shown: &'static str,
) -> Result<&'h HeaderValue, EchoError> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (None, _) => Err(EchoError::Missing(shown)),
        (Some(value), None) => Ok(value),
        (Some(_), Some(_)) => Err(EchoError::Duplicate(shown)),
    }
}

/// Awaits what the server says of the resource owner. The request is signed already, and must be sent
/// once, as it is: an answer that sends elsewhere is no 200, and so is not believed.
#[derive(Debug)]
pub struct AwaitIdentity {
    outgoing: Outgoing<Unsigned>,
}

impl Leg for AwaitIdentity {
    type Key = Unsigned;
    type Next = Identity;

    fn outgoing(&self) -> &Outgoing<Unsigned> {
        &self.outgoing
    }

    fn receive(
        self,
        status: StatusCode,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Result<Identity, FlowError> {
        reply::accept(status, headers, body)?;
        let body = body.to_vec();
        Ok(Identity { body })
    }
}

/// The server has said who the resource owner is.
#[derive(Clone, Debug)]
pub struct Identity {
    body: Vec<u8>,
}

impl Identity {
    /// What it said, in its own format: JSON, most often.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        &self.body
    }
}
