//! Why a request has no response.

use core::{error, fmt};

use oauth1_core::{RandomSourceError, exchange::Stop, http};

/// An error of a body or of a transport.
pub type BoxError = Box<dyn error::Error + Send + Sync>;

/// Why a request has no response.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// It cannot be signed. Nothing was sent.
    Sign(http::Error),
    /// It has a form of more than this many bytes, the client's
    /// [`form_limit`](oauth1_core::exchange::Client::form_limit). Nothing was sent.
    FormTooLarge(usize),
    /// Its body gave an error before anything was sent.
    Body(BoxError),
    /// The system has no random bytes for a nonce.
    RandomSource(RandomSourceError),
    /// The transport failed, and why the request was not sent again.
    Transport(BoxError, Option<Stop>),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sign(_) => f.write_str("the request cannot be signed"),
            Self::FormTooLarge(limit) => write!(
                f,
                "the form has more than {limit} bytes: raise the limit of the exchange's client"
            ),
            Self::Body(_) => f.write_str("the request's body cannot be read"),
            Self::RandomSource(_) => f.write_str("no nonce can be made"),
            Self::Transport(_, None | Some(Stop::TooManyRetries)) => {
                f.write_str("the request got no response")
            }
            Self::Transport(_, Some(stop)) => write!(f, "the request got no response ({stop})"),
        }
    }
}

impl error::Error for Error {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        match self {
            Self::Sign(error) => Some(error),
            Self::FormTooLarge(_) => None,
            Self::RandomSource(error) => Some(error),
            Self::Body(error) | Self::Transport(error, _) => Some(&**error),
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
