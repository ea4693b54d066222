//! What an exchange gives to be sent.

use alloc::vec::Vec;
use core::fmt;

use ::http::{
    HeaderMap, HeaderValue, StatusCode,
    header::{Entry, LOCATION},
    request::Parts,
};

use super::{Client, clock, echo::Echo, reference::encode};
use crate::{
    http::Payload,
    stamp::{Timestamp, UsedStamp},
};

/// A request to be sent.
pub struct Attempt {
    /// Method, URI, headers, HTTP version and extensions.
    pub parts: Parts,
    /// What goes with them.
    pub body: AttemptBody,
    pub(super) stamp: Option<UsedStamp<'static>>,
}

/// The body of an [`Attempt`].
#[derive(Clone, PartialEq, Eq)]
pub enum AttemptBody {
    /// The one that the request has: from its start, if it was sent before.
    Original,
    /// This form in its place, which has the protocol parameters ([`Transmission::Form`](crate::Transmission::Form)).
    Form(Vec<u8>),
    /// None: the request had none, or a redirect has taken it away.
    Empty,
}

impl Attempt {
    /// The timestamp and the nonce that were sent: some replies must be checked against them. `None`
    /// where the attempt is unsigned.
    #[must_use]
    pub const fn stamp(&self) -> Option<&UsedStamp<'static>> {
        self.stamp.as_ref()
    }
}

impl AttemptBody {
    pub(super) fn of(payload: Payload<'_>) -> Self {
        match payload {
            Payload::Empty | Payload::Bytes([]) => Self::Empty,
            Payload::Bytes(_) | Payload::Streamed => Self::Original,
        }
    }
}

/// What is to be known of one signed attempt when its answer comes, where no
/// [`Exchange`](super::Exchange) does: from [`Client::sign_attempt`].
pub struct Trace {
    pub(super) stamp: UsedStamp<'static>,
    pub(super) offset: i64,
    pub(super) echo: Echo,
}

impl Trace {
    /// The timestamp and the nonce that were sent.
    #[must_use]
    pub const fn stamp(&self) -> &UsedStamp<'static> {
        &self.stamp
    }

    /// The same, to be kept.
    #[must_use]
    pub fn into_stamp(self) -> UsedStamp<'static> {
        self.stamp
    }

    /// Whether the answer has corrected the client's clock, so that it is of use to send the request
    /// again: once, whatever comes then. `now` is the caller's clock, uncorrected. See
    /// [`Client::with_clock_correction`].
    pub fn corrects_clock<K>(
        &self,
        client: &Client<K>,
        status: StatusCode,
        headers: &HeaderMap,
        now: Timestamp,
    ) -> bool {
        clock::correct(client, self.offset, status, headers, now)
    }

    /// Takes the signature out of a `Location` that repeats it, so that no layer that follows it sends
    /// the signature to where it does not belong.
    pub fn remove_echo(&self, headers: &mut HeaderMap) {
        let Entry::Occupied(mut locations) = headers.entry(LOCATION) else {
            return;
        };
        for location in locations.iter_mut() {
            let text = encode(location.as_bytes());
            let (uri, fragment) = text.split_once('#').unwrap_or((&text, ""));
            let cleaned = self.echo.remove_from(uri.into());
            if cleaned.len() == uri.len() {
                continue;
            }
            let cleaned = match fragment {
                "" => cleaned,
                fragment => [&cleaned, "#", fragment].concat(),
            };
            if let Ok(value) = HeaderValue::try_from(cleaned) {
                *location = value;
            }
        }
    }
}

impl fmt::Debug for Trace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Trace")
            .field("stamp", &self.stamp)
            .finish_non_exhaustive()
    }
}

/// Without URI and headers: under PLAINTEXT, the signature is the secrets.
impl fmt::Debug for Attempt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Attempt")
            .field("method", &self.parts.method)
            .field("body", &self.body)
            .field("stamp", &self.stamp)
            .finish_non_exhaustive()
    }
}

/// Without the form, for the same reason.
impl fmt::Debug for AttemptBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Original => f.write_str("Original"),
            Self::Form(form) => write!(f, "Form({} bytes)", form.len()),
            Self::Empty => f.write_str("Empty"),
        }
    }
}
