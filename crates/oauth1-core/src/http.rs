//! Requests of the [`http`] crate (feature `http`): signed in place, and received.
//!
//! What of the body is signed follows from the request's `Content-Type`, as RFC 5849 section
//! 3.4.1.3.1 says; the caller only says where the bytes are.
//!
//! ```
//! use oauth1_core::{ClientCredentials, HmacSha1, Signer, Stamp, TokenCredentials, http::Payload};
//!
//! let client = ClientCredentials::new("dpf43f3p2l4k3l03", "kd94hf93k423kf44");
//! let token = TokenCredentials::new("nnch734d00sl2jdk", "pfkkdhi9sl3r4s00");
//! let signer = Signer::<HmacSha1>::for_token(&client, &token);
//!
//! let mut request = http::Request::get("https://api.example.com/1/photos?size=original").body(())?;
//! signer.sign_request(&mut request, Payload::Empty, Stamp::now()?)?;
//! assert!(request.headers()["authorization"].to_str()?.starts_with("OAuth oauth_consumer_key="));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use alloc::vec::Vec;
use core::fmt;

use ::http::{
    HeaderMap, HeaderValue, Request, StatusCode, Uri,
    header::{AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE},
    request::Parts,
    uri::{PathAndQuery, Scheme},
};

use crate::{
    authorization::{AuthorizationHeader, Transmission},
    content_type,
    method::SigningKey,
    parameters::Slots,
    request::{Body, RequestView},
    signer::{ProtocolParameters, SignError, Signer},
    stamp::{Stamp, Timestamp, UsedStamp},
    target::{Origin, Target, UriError, parse_port},
    verify::{Policy, Reason, Received, Rejection},
};

pub use self::claimed::ClaimedHost;

mod claimed;

/// The bytes of a request's body, as far as they are at hand.
#[derive(Clone, Copy, Debug, Default)]
pub enum Payload<'a> {
    /// There is no body.
    #[default]
    Empty,
    /// All of it, as it is sent.
    Bytes(&'a [u8]),
    /// It flows by later. A form must not: its pairs are signed.
    Streamed,
}

impl<'a> From<&'a [u8]> for Payload<'a> {
    fn from(bytes: &'a [u8]) -> Self {
        Self::Bytes(bytes)
    }
}

/// Why a request of the `http` crate cannot be signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// Its URI has no scheme and host, or one that cannot be signed.
    Uri(UriError),
    /// It has a form, and its bytes are not at hand: read it before it is signed.
    FormNotAtHand,
    /// It has several `Content-Type` headers, or an unreadable one.
    ContentType,
    /// Signing failed.
    Sign(SignError),
    /// The result is no valid header or URI.
    Unsendable,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Uri(error) => error.fmt(f),
            Self::FormNotAtHand => f.write_str(
                "the request has a form whose bytes are not at hand: buffer it before signing",
            ),
            Self::ContentType => {
                f.write_str("the request has several Content-Type headers, or an unreadable one")
            }
            Self::Sign(error) => error.fmt(f),
            Self::Unsendable => {
                f.write_str("the signed parameters do not fit into a header or a URI")
            }
        }
    }
}

impl core::error::Error for Error {}

impl From<SignError> for Error {
    fn from(error: SignError) -> Self {
        Self::Sign(error)
    }
}

impl From<UriError> for Error {
    fn from(error: UriError) -> Self {
        Self::Uri(error)
    }
}

/// What signing leaves to be done and known.
#[derive(Debug)]
pub struct Signed {
    stamp: UsedStamp<'static>,
    /// The form to send in place of the one that was signed, where the protocol parameters travel in
    /// it ([`Transmission::Form`]); `None` where the body stays as it is.
    pub body: Option<Vec<u8>>,
}

impl Signed {
    /// The timestamp and nonce that were sent.
    #[must_use]
    pub const fn stamp(&self) -> &UsedStamp<'static> {
        &self.stamp
    }

    pub(crate) fn into_parts(self) -> (UsedStamp<'static>, Option<Vec<u8>>) {
        (self.stamp, self.body)
    }
}

/// Whether the body is a form.
///
/// # Errors
/// [`Error::ContentType`] for several `Content-Type` headers: it is not for us to choose.
pub fn has_form(headers: &HeaderMap) -> Result<bool, Error> {
    let mut values = headers.get_all(CONTENT_TYPE).iter();
    match (values.next(), values.next()) {
        (None, _) => Ok(false),
        (Some(value), None) => Ok(content_type::is_form(value.as_bytes())),
        (Some(_), Some(_)) => Err(Error::ContentType),
    }
}

fn body_of<'a>(headers: &HeaderMap, payload: Payload<'a>) -> Result<Body<'a>, Error> {
    let is_form = has_form(headers)?;
    Ok(match payload {
        Payload::Empty => Body::None,
        Payload::Bytes(bytes) if is_form => Body::Form(bytes),
        Payload::Bytes(bytes) => Body::Opaque(bytes),
        Payload::Streamed if is_form => return Err(Error::FormNotAtHand),
        Payload::Streamed => Body::Streamed,
    })
}

/// The target of a request whose URI is absolute, as a client has it.
///
/// # Errors
/// [`UriError`] when it is not.
pub fn target_of(uri: &Uri) -> Result<Target<'_>, UriError> {
    let authority = uri.authority().map_or("", |authority| authority.as_str());
    // User information is no part of the base string URI (section 3.4.1.2).
    let host_and_port = authority
        .rsplit_once('@')
        .map_or(authority, |(_, host)| host);
    let host = uri.host().unwrap_or_default();
    let port = host_and_port
        .get(host.len()..)
        .and_then(|rest| rest.strip_prefix(':'));
    let port = match port {
        None | Some("") => None,
        Some(digits) => Some(parse_port(digits, 0)?),
    };
    let origin = Origin::new(uri.scheme().map_or("", Scheme::as_str), host, port)?;
    Target::at(
        origin,
        uri.path_and_query().map_or("", PathAndQuery::as_str),
    )
}

impl<K: SigningKey> Signer<'_, K> {
    /// Signs a request that holds its whole body, and whose URI is absolute, in place. An empty body is
    /// none.
    ///
    /// ```
    /// # use oauth1_core::{ClientCredentials, HmacSha1, Signer, Stamp};
    /// # let client = ClientCredentials::new("dpf43f3p2l4k3l03", "kd94hf93k423kf44");
    /// # let signer = Signer::<HmacSha1>::for_client(&client);
    /// let mut request = http::Request::post("https://api.example.com/1/statuses")
    ///     .header("content-type", "application/json")
    ///     .body(r#"{"status":"Hello"}"#)?;
    /// signer.sign_buffered(&mut request, Stamp::now()?)?;
    /// let header = request.headers()["authorization"].to_str()?;
    /// assert!(header.contains("oauth_body_hash="));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`Error`]; the request is as it was then.
    pub fn sign_buffered<B: AsRef<[u8]>>(
        &self,
        request: &mut Request<B>,
        stamp: Stamp<'static>,
    ) -> Result<Signed, Error> {
        let payload = match request.body().as_ref() {
            [] => Payload::Empty,
            bytes => Payload::Bytes(bytes),
        };
        let (method, uri, headers) = (request.method(), request.uri(), request.headers());
        let none = ProtocolParameters::NONE;
        let change = self.change(method.as_str(), uri, headers, payload, &none, stamp)?;
        Ok(change.apply_to(request))
    }

    /// Signs a request whose URI is absolute, in place.
    ///
    /// # Errors
    /// [`Error`]; the request is as it was then.
    pub fn sign_request<B>(
        &self,
        request: &mut Request<B>,
        payload: Payload<'_>,
        stamp: Stamp<'static>,
    ) -> Result<Signed, Error> {
        self.sign_request_with(request, payload, &ProtocolParameters::NONE, stamp)
    }

    /// As [`sign_request`](Self::sign_request), with further protocol parameters.
    ///
    /// # Errors
    /// [`Error`]; the request is as it was then.
    pub fn sign_request_with<B>(
        &self,
        request: &mut Request<B>,
        payload: Payload<'_>,
        parameters: &ProtocolParameters<'_>,
        stamp: Stamp<'static>,
    ) -> Result<Signed, Error> {
        let (method, uri, headers) = (request.method(), request.uri(), request.headers());
        let change = self.change(method.as_str(), uri, headers, payload, parameters, stamp)?;
        Ok(change.apply_to(request))
    }

    /// As [`sign_request_with`](Self::sign_request_with), for the parts of a request.
    ///
    /// # Errors
    /// [`Error`]; the parts are as they were then.
    pub fn sign_parts(
        &self,
        parts: &mut Parts,
        payload: Payload<'_>,
        parameters: &ProtocolParameters<'_>,
        stamp: Stamp<'static>,
    ) -> Result<Signed, Error> {
        let (method, uri, headers) = (&parts.method, &parts.uri, &parts.headers);
        let change = self.change(method.as_str(), uri, headers, payload, parameters, stamp)?;
        if let Some(uri) = change.uri {
            parts.uri = uri;
        }
        change.headers.apply(&mut parts.headers);
        Ok(change.signed)
    }

    /// All that is to be changed, so that nothing is changed when something fails.
    fn change(
        &self,
        method: &str,
        uri: &Uri,
        headers: &HeaderMap,
        payload: Payload<'_>,
        parameters: &ProtocolParameters<'_>,
        stamp: Stamp<'static>,
    ) -> Result<Change, Error> {
        let body = body_of(headers, payload)?;
        let is_other = matches!(body, Body::None) && headers.contains_key(CONTENT_TYPE);
        if self.transmission() == Transmission::Form && is_other && !has_form(headers)? {
            // It would be sent as what it is not (RFC 5849 section 3.5.2).
            return Err(SignError::NoForm.into());
        }
        let view = RequestView::new(method, target_of(uri)?).with(body);
        let mut slots = Vec::new();
        let mut text = Vec::with_capacity(384);
        let stamp = self.sign(&view, parameters, stamp, &mut slots, &mut text)?;
        let mut change = Change {
            uri: None,
            headers: HeaderChange::default(),
            signed: Signed { stamp, body: None },
        };
        match self.transmission() {
            Transmission::Header => {
                let mut value = HeaderValue::try_from(text).map_err(|_| Error::Unsendable)?;
                value.set_sensitive(true);
                change.headers.authorization = Some(value);
            }
            Transmission::Query => change.uri = Some(with_query(uri, &text)?),
            Transmission::Form => {
                let form = match body {
                    Body::Form(form) if !form.is_empty() => [form, b"&", &text].concat(),
                    _ => text,
                };
                change.headers.form_length = Some(form.len());
                change.signed.body = Some(form);
            }
        }
        Ok(change)
    }
}

struct Change {
    uri: Option<Uri>,
    headers: HeaderChange,
    signed: Signed,
}

impl Change {
    fn apply_to<B>(self, request: &mut Request<B>) -> Signed {
        if let Some(uri) = self.uri {
            *request.uri_mut() = uri;
        }
        self.headers.apply(request.headers_mut());
        self.signed
    }
}

#[derive(Default)]
struct HeaderChange {
    authorization: Option<HeaderValue>,
    form_length: Option<usize>,
}

impl HeaderChange {
    fn apply(self, headers: &mut HeaderMap) {
        if let Some(value) = self.authorization {
            headers.insert(AUTHORIZATION, value);
        } else {
            // Of an earlier signature: the parameters go in one place (section 3.5).
            remove_oauth(headers);
        }
        if let Some(length) = self.form_length {
            let form = HeaderValue::from_static(content_type::FORM);
            headers.entry(CONTENT_TYPE).or_insert(form);
            if headers.contains_key(CONTENT_LENGTH) {
                headers.insert(CONTENT_LENGTH, length.into());
            }
        }
    }
}

fn remove_oauth(headers: &mut HeaderMap) {
    let is_oauth = |value: &HeaderValue| AuthorizationHeader::parse(value.as_bytes()).is_some();
    if headers.get_all(AUTHORIZATION).iter().any(is_oauth) {
        let values = headers.get_all(AUTHORIZATION).iter();
        let others: Vec<_> = values.filter(|value| !is_oauth(value)).cloned().collect();
        headers.remove(AUTHORIZATION);
        for other in others {
            headers.append(AUTHORIZATION, other);
        }
    }
}

fn with_query(uri: &Uri, pairs: &[u8]) -> Result<Uri, Error> {
    let path_and_query = uri.path_and_query().map_or("/", PathAndQuery::as_str);
    let separator: &[u8] = match path_and_query.split_once('?') {
        None => b"?",
        Some((_, query)) if query.is_empty() || query.ends_with('&') => b"",
        Some(_) => b"&",
    };
    let joined = [path_and_query.as_bytes(), separator, pairs].concat();
    let mut parts = uri.clone().into_parts();
    parts.path_and_query =
        Some(PathAndQuery::try_from(joined.as_slice()).map_err(|_| Error::Unsendable)?);
    Uri::from_parts(parts).map_err(|_| Error::Unsendable)
}

impl Rejection {
    /// The status of the answer.
    #[must_use]
    pub fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.status()).unwrap_or(StatusCode::UNAUTHORIZED)
    }

    /// The value of the answer's `WWW-Authenticate` header: see
    /// [`write_challenge`](Self::write_challenge).
    #[must_use]
    pub fn challenge_header(&self, realm: &str) -> HeaderValue {
        let mut challenge = Vec::with_capacity(128);
        self.write_challenge(realm, &mut challenge);
        // It has no control characters, which are all that a header takes amiss. To copy it costs less than
        // to give back what is too much of it.
        HeaderValue::from_bytes(&challenge).unwrap_or_else(|_| HeaderValue::from_static("OAuth"))
    }
}

/// A request as a server sees it: see [`Policy::receive_parts`].
///
/// # Errors
/// [`Rejection`] for a URI or a `Content-Type` that cannot be read; [`Reason::TooLarge`] for a form that
/// is not at hand.
pub fn view_of<'r>(
    parts: &'r Parts,
    origin: Origin<'r>,
    payload: Payload<'r>,
) -> Result<RequestView<'r>, Rejection> {
    let body = body_of(&parts.headers, payload).map_err(|error| match error {
        Error::FormNotAtHand => Reason::TooLarge("a form that was not read"),
        _ => Reason::MalformedContentType,
    })?;
    let path_and_query = parts.uri.path_and_query().map_or("", PathAndQuery::as_str);
    let target = Target::at(origin, path_and_query).map_err(|_| Reason::MalformedUri)?;
    Ok(RequestView::new(parts.method.as_str(), target).with(body))
}

impl Policy<'_> {
    /// Reads a request as [`receive`](Self::receive) does. `origin` is the one that the request was
    /// sent to as the server knows it: never take it from the `Host` header without having decided so.
    ///
    /// A form must be at hand as [`Payload::Bytes`]; any other body may be [`Payload::Streamed`].
    ///
    /// # Errors
    /// [`Rejection`], as [`receive`](Self::receive) has it; [`Reason::TooLarge`] for a form that is not
    /// at hand.
    pub fn receive_parts<'r, S: Slots + ?Sized>(
        &'r self,
        parts: &'r Parts,
        origin: Origin<'r>,
        payload: Payload<'r>,
        now: Timestamp,
        slots: &'r mut S,
    ) -> Result<Received<'r>, Rejection> {
        let request = view_of(parts, origin, payload)?;
        let authorization = parts
            .headers
            .get_all(AUTHORIZATION)
            .iter()
            .map(HeaderValue::as_bytes);
        self.receive(&request, authorization, now, slots)
    }
}

#[cfg(test)]
mod tests;
