//! What an exchange gives to be sent.

use alloc::vec::Vec;
use core::fmt;

use ::http::request::Parts;

use crate::stamp::UsedStamp;

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
