//! Why an exchange does not go on by itself.

use core::fmt;

use ::http::{Uri, uri::Authority};

use super::redirect::Hop;

/// Why an exchange does not go on by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Stop {
    /// The redirect leads to another scheme, host or port, where no signature goes.
    OtherOrigin(OtherOrigin),
    /// The redirect's `Location` has user information, with which a server could have a client log in as
    /// whom it likes (RFC 9110 section 4.2.4).
    UserInformation,
    /// There were as many redirects as the client's limit has.
    TooManyRedirects,
    /// There were as many retries as the client's limit has.
    TooManyRetries,
    /// The body has flowed by, and cannot be sent a second time.
    BodyNotReplayable,
    /// The server may have done what the request asks for, and its method is not idempotent: only who
    /// knows what the request means can decide to send it again.
    NotIdempotent,
}

/// A redirect to another origin, which [`follow_unsigned`](super::Exchange::follow_unsigned) follows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OtherOrigin {
    hop: Hop,
}

impl OtherOrigin {
    pub(super) const fn new(hop: Hop) -> Self {
        Self { hop }
    }

    pub(super) fn into_hop(self) -> Hop {
        self.hop
    }

    /// Where it leads.
    #[must_use]
    pub const fn target(&self) -> &Uri {
        &self.hop.target
    }
}

impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OtherOrigin(elsewhere) => {
                let target = elsewhere.target();
                // Not the query, which may have a token.
                let scheme = target.scheme_str().unwrap_or_default();
                let authority = target.authority().map_or("", Authority::as_str);
                write!(
                    f,
                    "the server redirects to another origin, {scheme}://{authority}, where no \
                     signature goes: follow it unsigned if that is what you want"
                )
            }
            Self::UserInformation => {
                f.write_str("the server redirects to a URL with a user name in it: not followed")
            }
            Self::TooManyRedirects => f.write_str("the server redirects again and again"),
            Self::TooManyRetries => f.write_str("every attempt that is allowed has failed"),
            Self::BodyNotReplayable => f.write_str(
                "the body has been sent and cannot be sent again: buffer it, or give one that can",
            ),
            Self::NotIdempotent => f.write_str(
                "the server may have done what was asked: look before you send it again",
            ),
        }
    }
}

impl core::error::Error for Stop {}
