//! What happens to a request after it was signed for the first time (feature `http`): redirects, retries
//! and clocks that are off, decided here, so that an adapter only moves bytes.
//!
//! ```text
//!  Exchange::new(client, unsigned request)
//!         │
//!         ▼
//!  ┌─► attempt(fresh stamp) ──► the caller sends it
//!  │                                │
//!  │          ┌── on_response(status, headers, now) ── or, without a response, on_failure(how far)
//!  │          ▼
//!  ├─── Step::Again        redirected on the same origin, clock corrected, or to be retried
//!  │    Step::Done         the response is the caller's, refusals and unreadable redirects too
//!  │    Step::Stopped(why) what would come next is not done by itself
//!  │          │
//!  └── follow_unsigned     of Stop::OtherOrigin alone, where the caller says so
//! ```
//!
//! The rules that hold whatever a server answers:
//!
//! * Every attempt is signed from the request as it was before any signature, with a stamp of its own.
//! * A signature is for one origin: the scheme, host and port of the first request. What goes elsewhere
//!   has no signature, no `Authorization` and no `Cookie`, and goes only where the caller lets it. Once it
//!   has been elsewhere it stays unsigned, even where another redirect leads back: the other origin has
//!   chosen that URI, and must not have a request of its choice signed.
//! * A body that flows only once is never sent half or empty: the exchange stops.
//!
//! ```
//! # #[cfg(feature = "hmac-sha1")]
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use http::{HeaderMap, HeaderValue, Method, Request, StatusCode};
//! use oauth1_core::{
//!     ClientCredentials, HmacSha1, Nonce, Signer, Stamp, Timestamp,
//!     exchange::{AttemptBody, Cause, Client, Exchange, Step, Stop},
//!     http::Payload,
//! };
//!
//! let credentials = ClientCredentials::new("dpf43f3p2l4k3l03", "kd94hf93k423kf44");
//! // One for all requests, shared by as many tasks as one likes.
//! let client = Client::new(Signer::<HmacSha1>::for_client(&credentials))
//!     .with_clock_correction(86_400);
//! // The caller's clock, which is an hour slow here, and its random source; with the feature `os`,
//! // `Timestamp::now()` and `Stamp::now()`.
//! let now = Timestamp::from_unix_seconds(1_699_996_400);
//! let stamp = |nonce| Stamp::new(now, Nonce::new(nonce));
//!
//! let request = Request::post("https://api.example.com/a?b=c").body("d=e")?;
//! let (mut parts, body) = request.into_parts();
//! parts.headers.insert("content-type", "application/x-www-form-urlencoded".parse()?);
//! let mut exchange = Exchange::new(&client, parts, Payload::Bytes(body.as_bytes()));
//!
//! let first = exchange.attempt(stamp("first"))?;
//! assert!(first.parts.headers.contains_key("authorization"));
//! assert_eq!(first.body, AttemptBody::Original);
//! assert_eq!(first.stamp().expect("signed").nonce(), "first");
//!
//! // The server refuses it. Its `Date` says why: the clock is corrected for this client.
//! let mut headers = HeaderMap::new();
//! headers.insert("date", "Tue, 14 Nov 2023 22:13:20 GMT".parse()?);
//! let step = exchange.on_response(StatusCode::UNAUTHORIZED, &headers, now);
//! assert_eq!(step, Step::Again(Cause::ClockCorrected));
//! assert_eq!(client.clock_offset(), 3_600);
//! let second = exchange.attempt(stamp("second"))?;
//! assert_eq!(second.stamp().expect("signed").timestamp().unix_seconds(), 1_700_000_000);
//!
//! // It sends us on to another path of its own, and to a GET.
//! headers.insert("location", HeaderValue::from_static("/f"));
//! let step = exchange.on_response(StatusCode::SEE_OTHER, &headers, now);
//! assert_eq!(step, Step::Again(Cause::Redirected));
//! let third = exchange.attempt(stamp("third"))?;
//! assert_eq!(third.parts.method, Method::GET);
//! assert_eq!(third.parts.uri, "https://api.example.com/f");
//! assert_eq!(third.body, AttemptBody::Empty);
//!
//! // And from there to somebody else, who gets no signature.
//! headers.insert("location", HeaderValue::from_static("//elsewhere.example/g"));
//! let step = exchange.on_response(StatusCode::FOUND, &headers, now);
//! let Step::Stopped(Stop::OtherOrigin(elsewhere)) = step else { panic!() };
//! assert_eq!(elsewhere.target(), "https://elsewhere.example/g");
//! assert_eq!(exchange.follow_unsigned(elsewhere), Step::Again(Cause::Redirected));
//! let fourth = exchange.attempt(stamp("fourth"))?;
//! assert!(fourth.stamp().is_none() && fourth.parts.headers.is_empty());
//!
//! assert_eq!(exchange.on_response(StatusCode::OK, &HeaderMap::new(), now), Step::Done);
//! # Ok(())
//! # }
//! # #[cfg(not(feature = "hmac-sha1"))]
//! # fn main() {}
//! ```

use core::{fmt, ops::Deref};

use ::http::{HeaderMap, StatusCode, request::Parts};

pub use self::{
    attempt::{Attempt, AttemptBody, Trace},
    client::{Client, OtherOrigins},
    report::Report,
    stop::{OtherOrigin, Stop},
};
use self::{echo::Echo, redirect::Hop};
use crate::{
    http::{Error, Payload, target_of},
    method::SigningKey,
    signer::ProtocolParameters,
    stamp::{Stamp, Timestamp},
};

mod attempt;
mod client;
mod clock;
mod echo;
mod redirect;
mod reference;
mod report;
mod stop;

/// One request of a client, with all that follows from its answers. `C` is a reference to the
/// [`Client`], or an `Arc` of it.
pub struct Exchange<'p, C> {
    client: C,
    /// The request that is to be sent next, unsigned.
    head: Parts,
    payload: Payload<'p>,
    parameters: ProtocolParameters<'p>,
    replayable: bool,
    /// Whether the next attempt is signed: not once the request has been sent to another origin.
    signed: bool,
    redirects: u8,
    retries: u8,
    /// What the last signed attempt added to the caller's clock.
    offset: i64,
    corrected: bool,
    echo: Echo,
}

/// What to do next.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "the exchange goes on only if the caller does what it says"]
pub enum Step {
    /// Nothing: the response is the answer, whatever its status.
    Done,
    /// Send another [`attempt`](Exchange::attempt), and forget the response.
    Again(Cause),
    /// Nothing by itself. The response, if there is one, is the caller's, as with [`Done`](Self::Done);
    /// the reason says what was not done.
    Stopped(Stop),
}

/// Why a request is sent again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Cause {
    /// The server said where to.
    Redirected,
    /// The server refused the timestamp; the next one fits its clock.
    ClockCorrected,
    /// There was no response.
    Retried,
}

/// How far a request came that has no response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Failure {
    /// Nothing of it was sent: no connection was made. It can be sent again, whatever it is.
    NotSent,
    /// The server may have received it, and done what it asks for. It is sent again only if its method
    /// is idempotent (RFC 9110 section 9.2.2).
    Unknown,
}

impl<'p, C> Exchange<'p, C> {
    /// Of the request as it is without a signature. Its URI is absolute; its `Content-Type` says
    /// whether the payload is a form, which must be at hand then.
    ///
    /// What flows by ([`Payload::Streamed`]) is taken to flow only once: see
    /// [`with_replayable_body`](Self::with_replayable_body).
    #[must_use]
    pub fn new(client: C, head: Parts, payload: Payload<'p>) -> Self {
        Self {
            client,
            head,
            payload,
            parameters: ProtocolParameters::NONE,
            replayable: !matches!(payload, Payload::Streamed),
            signed: true,
            redirects: 0,
            retries: 0,
            offset: 0,
            corrected: false,
            echo: Echo::default(),
        }
    }

    /// With further protocol parameters, in every attempt that is signed.
    #[must_use]
    pub fn with_parameters(self, parameters: ProtocolParameters<'p>) -> Self {
        Self { parameters, ..self }
    }

    /// The caller can start a streamed body anew as often as it is asked to.
    #[must_use]
    pub fn with_replayable_body(self) -> Self {
        Self {
            replayable: true,
            ..self
        }
    }

    /// The request that is to be sent next, without a signature.
    #[must_use]
    pub const fn unsigned(&self) -> &Parts {
        &self.head
    }

    /// Whether the next attempt is signed: until [`follow_unsigned`](Self::follow_unsigned), or until a
    /// client with [`OtherOrigins::Unsigned`] has been sent to another origin.
    #[must_use]
    pub const fn is_signed(&self) -> bool {
        self.signed
    }

    /// How many redirects were followed.
    #[must_use]
    pub const fn redirects(&self) -> u8 {
        self.redirects
    }

    /// Goes on to another origin, without a signature, `Authorization`, `Cookie` and
    /// `Proxy-Authorization`. What the HTTP status says of method and body holds there too: after 307 and
    /// 308 the body goes along.
    pub fn follow_unsigned(&mut self, elsewhere: OtherOrigin) -> Step {
        self.follow(elsewhere.into_hop(), false)
    }

    fn follow(&mut self, hop: Hop, signed: bool) -> Step {
        if !hop.drops_body && !self.replayable {
            return Step::Stopped(Stop::BodyNotReplayable);
        }
        self.redirects = self.redirects.saturating_add(1);
        if hop.drops_body {
            self.payload = Payload::Empty;
            self.replayable = true;
        }
        hop.apply(&mut self.head, signed);
        self.signed = signed;
        Step::Again(Cause::Redirected)
    }
}

impl<C, K> Exchange<'_, C>
where
    C: Deref<Target = Client<K>>,
    K: SigningKey,
{
    /// The next request to send. `stamp` has the time that the caller's clock shows; what the client
    /// knows of the server's clock is added here.
    ///
    /// Protocol parameters that should travel in a form go in the header where the request has no body
    /// and its method gives one no meaning (GET, HEAD, DELETE, OPTIONS, TRACE, CONNECT: RFC 9110
    /// section 9.3): so after a redirect that has made a GET of a POST.
    ///
    /// # Errors
    /// [`Error`] when the request cannot be signed. It stays so: there is no use in trying again.
    pub fn attempt(&mut self, stamp: Stamp<'static>) -> Result<Attempt, Error> {
        let mut parts = self.head.clone();
        if !self.signed {
            return Ok(Attempt {
                parts,
                body: AttemptBody::of(self.payload),
                stamp: None,
            });
        }
        let (body, trace) =
            self.client
                .sign_attempt(&mut parts, self.payload, &self.parameters, stamp)?;
        self.offset = trace.offset;
        self.echo = trace.echo;
        Ok(Attempt {
            parts,
            body,
            stamp: Some(trace.stamp),
        })
    }

    /// What a response means, by its status and headers. `now` is the caller's clock, uncorrected, as
    /// the headers arrive.
    ///
    /// * 301, 302, 303, 307 and 308 are followed within the client's limit. 303 makes a GET of all but
    ///   HEAD, 301 and 302 make one of POST; the body and what the headers say of it go away with that
    ///   (RFC 9110 section 15.4). The fragment of a `Location` is dropped; one that has user information
    ///   stops ([`Stop::UserInformation`]); where there is none, or several, or one that is no `http` or
    ///   `https` URI, the response is the caller's.
    /// * A signature that a server repeats in its `Location`, as some do with the whole query, is taken
    ///   out of it.
    /// * 401 and 400 correct the clock once, where the client has
    ///   [`with_clock_correction`](Client::with_clock_correction).
    pub fn on_response(&mut self, status: StatusCode, headers: &HeaderMap, now: Timestamp) -> Step {
        if let Some(hop) = Hop::read(status, headers, &self.head, &self.echo) {
            return self.redirect(hop);
        }
        let corrected = self.signed
            && !self.corrected
            && clock::correct(&self.client, self.offset, status, headers, now);
        self.corrected |= corrected;
        // Where the body has flowed by, the refusal stays one; the next request has the right time.
        if corrected && self.replayable {
            return Step::Again(Cause::ClockCorrected);
        }
        Step::Done
    }

    /// What to do where no response came, because of the transport.
    pub fn on_failure(&mut self, failure: Failure) -> Step {
        if self.retries >= self.client.retries() {
            return Step::Stopped(Stop::TooManyRetries);
        }
        if failure == Failure::Unknown && !self.head.method.is_idempotent() {
            return Step::Stopped(Stop::NotIdempotent);
        }
        if !self.replayable {
            return Step::Stopped(Stop::BodyNotReplayable);
        }
        self.retries += 1;
        Step::Again(Cause::Retried)
    }

    fn redirect(&mut self, hop: Hop) -> Step {
        let limit = self.client.redirect_limit();
        if limit == 0 {
            return Step::Done;
        }
        if hop.has_user_information() {
            return Step::Stopped(Stop::UserInformation);
        }
        if self.redirects >= limit {
            return Step::Stopped(Stop::TooManyRedirects);
        }
        if !self.signed {
            return self.follow(hop, false);
        }
        if hop.is_same_origin(&self.head.uri) {
            return self.follow(hop, true);
        }
        match self.client.other_origins() {
            OtherOrigins::Stop => Step::Stopped(Stop::OtherOrigin(OtherOrigin::new(hop))),
            OtherOrigins::Unsigned => self.follow(hop, false),
        }
    }
}

/// Without the body, which may hold a password, and without the values of headers.
impl<C> fmt::Debug for Exchange<'_, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Exchange")
            .field("method", &self.head.method)
            .field("signed", &self.signed)
            .field("redirects", &self.redirects)
            .field("retries", &self.retries)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
