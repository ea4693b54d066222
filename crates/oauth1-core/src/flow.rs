//! How a client gets token credentials (RFC 5849 section 2), and keeps them: the three legs, the
//! renewal of sessions, xAuth, reverse authentication and OAuth Echo (feature `flow`).
//!
//! Nothing here sends a request: each step that must be sent is a [`Leg`], which holds the request, what
//! signs it, and what becomes of the answer. Whoever moves the bytes needs one function, and drives all
//! of them with it.
//!
//! ```text
//!  Start ──request──▶ AwaitTemporary ──receive──▶ Authorize   (can be stored, serde)
//!                          (Leg)                     │ url: send the resource owner there
//!                                                    │ callback, or verifier typed in
//!                                                    ▼
//!  Granted ◀──receive── AwaitToken ◀──request── Authorized
//!     │                    (Leg) ▲
//!     │ session                  ├── xauth
//!     ▼                          ├── reverse_auth ─▶ AwaitReverse (Leg) ─▶ Reverse
//!  Session ──────renew───────────┘
//!     │
//!  Renewal: one renewal at a time           echo::Delegator ─▶ AwaitIdentity (Leg) ─▶ Identity
//! ```
//!
//! # All of it
//!
//! ```
//! use http::{HeaderMap, Request, StatusCode};
//! use oauth1_core::flow::{Authorize, FlowError, Leg, Server, Start};
//! use oauth1_core::{ClientCredentials, HmacSha1, Stamp};
//!
//! /// What an adapter is to the flow; this one has a server of its own.
//! fn drive<L: Leg>(leg: L) -> Result<L::Next, Box<dyn std::error::Error>> {
//!     let request = leg.outgoing().sign(Stamp::now()?)?;
//!     let (status, headers, body) = serve(&request);
//!     Ok(leg.receive(status, &headers, body)?)
//! }
//!
//! fn serve(request: &Request<Vec<u8>>) -> (StatusCode, HeaderMap, &'static [u8]) {
//!     assert!(request.headers()["authorization"].to_str().unwrap().contains("oauth_signature="));
//!     (StatusCode::OK, HeaderMap::new(), match request.uri().path() {
//!         "/initiate" => b"oauth_token=hh5s93j4hdidpola&oauth_token_secret=hdhd0244k9j7ao03\
//!                          &oauth_callback_confirmed=true",
//!         "/token" => b"oauth_token=nnch734d00sl2jdk&oauth_token_secret=pfkkdhi9sl3r4s00&user=jane",
//!         _ => unreachable!(),
//!     })
//! }
//!
//! let server = Server::new(
//!     "https://photos.example.net/initiate",
//!     "https://photos.example.net/authorize",
//!     "https://photos.example.net/token",
//! )?;
//! let client = ClientCredentials::new("dpf43f3p2l4k3l03", "kd94hf93k423kf44");
//!
//! // 1. Temporary credentials.
//! let start = Start::new(&server, &client, "https://printer.example.com/ready");
//! let authorize = drive(start.request::<HmacSha1>()?)?;
//!
//! // 2. The resource owner goes to `url`, and comes back to the callback: to another request of the same
//! //    session, into which the state was put.
//! assert_eq!(authorize.url(), "https://photos.example.net/authorize?oauth_token=hh5s93j4hdidpola");
//! let session = serde_json::to_string(&authorize)?;
//! let authorize: Authorize = serde_json::from_str(&session)?;
//! let callback = "/ready?oauth_token=hh5s93j4hdidpola&oauth_verifier=hfdp7dh39dks9884";
//! let authorized = authorize.callback(callback)?;
//!
//! // 3. Token credentials.
//! let granted = drive(authorized.request::<HmacSha1, _>(&server, &client)?)?;
//! assert_eq!(granted.credentials().identifier(), "nnch734d00sl2jdk");
//! assert_eq!(granted.parameters().get("user"), Some("jane"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What the client checks
//!
//! - The server confirms the callback ([`Confirmation`]), or the flow ends: without it, who began the
//!   flow need not be who consented.
//! - The callback names the temporary credentials that were asked for.
//! - Endpoints have TLS, since their answers hold secrets.
//! - An answer is no longer than [`REPLY_LIMIT`], is a form or a JSON object of UTF-8, and has every
//!   parameter of the protocol once.

use alloc::{string::String, vec::Vec};
use core::fmt;

use ::http::{HeaderMap, Request, StatusCode};
use zeroize::Zeroizing;

pub use self::{
    authorize::{Authorize, Authorized},
    error::{CallbackError, FlowError, LegError, StartError},
    granted::{AwaitToken, Granted},
    parameters::Parameters,
    renewal::{Renewal, RenewalFailure, Ticket, Turn},
    reverse::{AwaitReverse, Reverse, reverse_auth},
    server::{Confirmation, Server},
    session::Session,
    start::{AwaitTemporary, OUT_OF_BAND, Start},
    xauth::xauth,
};
use crate::{
    exchange::{Client, Exchange},
    http::{Error, Payload},
    method::{Digest, SigningFailed, SigningKey},
    signer::{ProtocolParameters, Signer},
    sink::Sink,
    stamp::Stamp,
    value::Parameter,
};

mod address;
mod authorize;
pub mod echo;
mod error;
mod granted;
mod parameters;
mod renewal;
mod reply;
mod reverse;
mod server;
mod session;
mod start;
mod xauth;

/// The longest answer that is read, in bytes: token credentials are some hundred. Who reads a body
/// stops behind it, and hands on what there is by then.
pub const REPLY_LIMIT: usize = 64 * 1024;

/// A step that is a request and its answer.
///
/// To drive it: sign [`outgoing`](Self::outgoing), afresh for each attempt; send it; read the answer's
/// body until it ends or has more than [`REPLY_LIMIT`] bytes; hand it to [`receive`](Self::receive).
///
/// An [exchange](crate::exchange) sees to redirects and to a clock that is off. With that, this is all of
/// an adapter:
///
/// ```
/// use http::{HeaderMap, Request, StatusCode};
/// use oauth1_core::exchange::{AttemptBody, Step};
/// use oauth1_core::flow::Leg;
/// use oauth1_core::{Stamp, Timestamp};
///
/// # type Answer = (StatusCode, HeaderMap, Vec<u8>);
/// fn drive<L: Leg>(
///     leg: L,
///     send: impl Fn(Request<Vec<u8>>) -> Answer,
/// ) -> Result<L::Next, Box<dyn std::error::Error>> {
///     let outgoing = leg.outgoing();
///     let extra = outgoing.extra();
///     let (status, headers, body) = match outgoing.exchange(&extra) {
///         Some(mut exchange) => loop {
///             let attempt = exchange.attempt(Stamp::now()?)?;
///             let body = match attempt.body {
///                 AttemptBody::Form(form) => form,
///                 AttemptBody::Original => outgoing.request().body().clone(),
///                 _ => Vec::new(),
///             };
///             let answer = send(Request::from_parts(attempt.parts, body));
///             match exchange.on_response(answer.0, &answer.1, Timestamp::now()) {
///                 Step::Again(_) => {}
///                 // What is not followed is no answer of 200, which `receive` refuses.
///                 Step::Done | Step::Stopped(_) => break answer,
///             }
///         },
///         // Signed already: once, as it is, and following nothing.
///         None => send(outgoing.request().clone()),
///     };
///     Ok(leg.receive(status, &headers, &body)?)
/// }
/// # use oauth1_core::{ClientCredentials, HmacSha1, flow::{OUT_OF_BAND, Server, Start}};
/// # let server = Server::new("https://photos.example.net/initiate",
/// #     "https://photos.example.net/authorize", "https://photos.example.net/token")?;
/// # let client = ClientCredentials::new("dpf43f3p2l4k3l03", "kd94hf93k423kf44");
/// # let leg = Start::new(&server, &client, OUT_OF_BAND).request::<HmacSha1>()?;
/// # let authorize = drive(leg, |request| {
/// #     let mut headers = HeaderMap::new();
/// #     if request.uri().path() == "/initiate" {
/// #         headers.insert("location", "/elsewhere".parse().unwrap());
/// #         return (StatusCode::TEMPORARY_REDIRECT, headers, Vec::new());
/// #     }
/// #     let body = b"oauth_token=t&oauth_token_secret=s&oauth_callback_confirmed=true";
/// #     (StatusCode::OK, headers, body.to_vec())
/// # })?;
/// # assert!(authorize.url().ends_with("oauth_token=t"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait Leg: Sized {
    /// What signs the request.
    type Key: SigningKey;

    /// What the answer leads to.
    type Next;

    /// What is to be sent.
    fn outgoing(&self) -> &Outgoing<Self::Key>;

    /// Reads the answer: any answer, of whatever status.
    ///
    /// # Errors
    /// [`FlowError`], also for a body longer than [`REPLY_LIMIT`].
    fn receive(
        self,
        status: StatusCode,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Result<Self::Next, FlowError>;
}

/// Whether redirects may be followed. Never to another origin, signed or not: the requests of a flow
/// hold verifiers, passwords and session handles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Redirects {
    /// On the same origin, signed anew.
    SameOrigin,
    /// Not at all.
    Never,
}

/// A request that is to be signed and sent. Shown without its body and its parameters, which may hold
/// secrets.
pub struct Outgoing<K> {
    request: Request<Vec<u8>>,
    client: Option<Client<K>>,
    callback: Option<String>,
    verifier: Option<Zeroizing<String>>,
    extra: Vec<(String, String)>,
    redirects: Redirects,
}

impl<K> Outgoing<K> {
    /// The request, without a signature if there is a [`signer`](Self::signer). Its URI is absolute; an
    /// empty body is none.
    #[must_use]
    pub const fn request(&self) -> &Request<Vec<u8>> {
        &self.request
    }

    /// What signs it; `None` where it is signed already (Echo), and must be sent once, as it is.
    #[must_use]
    pub const fn signer(&self) -> Option<&Signer<'static, K>> {
        match &self.client {
            Some(client) => Some(client.signer()),
            None => None,
        }
    }

    /// The client whose [exchange](crate::exchange) this is; `None` where there is no
    /// [`signer`](Self::signer). It knows afterwards how far the server's clock is off, if the server
    /// said so.
    #[must_use]
    pub const fn client(&self) -> Option<&Client<K>> {
        self.client.as_ref()
    }

    /// The exchange of this request and its answer; `None` where there is no [`signer`](Self::signer).
    /// `extra` is what [`extra`](Self::extra) gave.
    #[must_use]
    pub fn exchange<'a>(
        &'a self,
        extra: &'a [Parameter<'a>],
    ) -> Option<Exchange<'a, &'a Client<K>>> {
        let (head, ()) = self.head().into_parts();
        let exchange = Exchange::new(self.client.as_ref()?, head, self.payload());
        Some(exchange.with_parameters(self.parameters(extra)))
    }

    /// The request without its body.
    fn head(&self) -> Request<()> {
        let mut head = Request::new(());
        *head.method_mut() = self.request.method().clone();
        *head.uri_mut() = self.request.uri().clone();
        *head.headers_mut() = self.request.headers().clone();
        head
    }

    fn payload(&self) -> Payload<'_> {
        match self.request.body().as_slice() {
            [] => Payload::Empty,
            bytes => Payload::Bytes(bytes),
        }
    }

    /// The further protocol parameters, for [`parameters`](Self::parameters).
    #[must_use]
    pub fn extra(&self) -> Vec<Parameter<'_>> {
        let pairs = self.extra.iter();
        pairs
            .map(|(name, value)| Parameter::new(name, value))
            .collect()
    }

    /// What it is signed with besides the credentials; `extra` is what [`extra`](Self::extra) gave.
    #[must_use]
    pub fn parameters<'a>(&'a self, extra: &'a [Parameter<'a>]) -> ProtocolParameters<'a> {
        let mut parameters = ProtocolParameters::NONE.with_extra(extra);
        if let Some(callback) = &self.callback {
            parameters = parameters.with_callback(callback);
        }
        if let Some(verifier) = &self.verifier {
            parameters = parameters.with_verifier(verifier);
        }
        parameters
    }

    /// Whether redirects may be followed.
    #[must_use]
    pub const fn redirects(&self) -> Redirects {
        self.redirects
    }
}

impl<K: SigningKey> Outgoing<K> {
    /// The whole request, signed: for one attempt.
    ///
    /// # Errors
    /// [`Error`].
    pub fn sign(&self, stamp: Stamp<'static>) -> Result<Request<Vec<u8>>, Error> {
        let mut request = self.request.clone();
        if let Some(signer) = self.signer() {
            let payload = self.payload();
            let extra = self.extra();
            let parameters = self.parameters(&extra);
            let signed = signer.sign_request_with(&mut request, payload, &parameters, stamp)?;
            if let Some(body) = signed.body {
                *request.body_mut() = body;
            }
        }
        Ok(request)
    }
}

impl<K> fmt::Debug for Outgoing<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (method, uri) = (self.request.method(), self.request.uri());
        write!(f, "Outgoing({method} {uri})")
    }
}

/// The key of a request that this program does not sign: there is none.
#[derive(Clone, Copy, Debug)]
pub enum Unsigned {}

impl SigningKey for Unsigned {
    type State = Vec<u8>;

    fn method(&self) -> &'static str {
        match *self {}
    }

    fn body_digest(&self) -> Option<Digest> {
        match *self {}
    }

    fn start(&self) -> Vec<u8> {
        match *self {}
    }

    fn finish<S: Sink + ?Sized>(&self, _: Vec<u8>, _: &mut S) -> Result<(), SigningFailed> {
        match *self {}
    }
}

#[cfg(test)]
mod tests;
