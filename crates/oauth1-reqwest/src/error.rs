//! Why a request has no response.

use core::{error, fmt};

use oauth1_core::{RandomSourceError, exchange::Stop, http};

/// Why a request has no response.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// It cannot be signed. Nothing was sent.
    Sign(http::Error),
    /// It has a form of more than this many bytes, the client's
    /// [`form_limit`](oauth1_core::exchange::Client::form_limit). Nothing was sent.
    FormTooLarge(usize),
    /// reqwest would send another URL than the one that was signed: one with characters that it encodes,
    /// such as `'` in a query. Only a redirect or an endpoint of a flow can have them; what comes from a
    /// [`reqwest::Request`] is encoded already.
    UrlChanged,
    /// The [`reqwest::Client`] has followed a redirect by itself, with the signature of the first request.
    /// Build it with [`redirect::Policy::none`](reqwest::redirect::Policy::none).
    RedirectedBelow,
    /// The system has no random bytes for a nonce.
    RandomSource(RandomSourceError),
    /// reqwest failed, and why the request was not sent again.
    Reqwest(reqwest::Error, Option<Stop>),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sign(_) => f.write_str("the request cannot be signed"),
            Self::FormTooLarge(limit) => write!(
                f,
                "the form has more than {limit} bytes: raise the limit of the exchange's client"
            ),
            Self::UrlChanged => f.write_str(
                "the URL has characters that reqwest encodes, so that another would be sent than was \
                 signed: encode them where the URL comes from",
            ),
            Self::RedirectedBelow => f.write_str(
                "reqwest has followed a redirect with an old signature: build its client with \
                 redirect::Policy::none()",
            ),
            Self::RandomSource(_) => f.write_str("no nonce can be made"),
            Self::Reqwest(_, None | Some(Stop::TooManyRetries)) => f.write_str("the request got no response"),
            Self::Reqwest(_, Some(stop)) => write!(f, "the request got no response ({stop})"),
        }
    }
}

impl error::Error for Error {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        match self {
            Self::Sign(error) => Some(error),
            Self::FormTooLarge(_) | Self::UrlChanged | Self::RedirectedBelow => None,
            Self::RandomSource(error) => Some(error),
            Self::Reqwest(error, _) => Some(error),
        }
    }
}

impl From<http::Error> for Error {
    fn from(error: http::Error) -> Self {
        Self::Sign(error)
    }
}

impl From<RandomSourceError> for Error {
    fn from(error: RandomSourceError) -> Self {
        Self::RandomSource(error)
    }
}

impl From<reqwest::Error> for Error {
    fn from(error: reqwest::Error) -> Self {
        // The URL may hold the protocol parameters.
        Self::Reqwest(error.without_url(), None)
    }
}
