//! Why a request has no response.

use core::{error, fmt};

use oauth1_core::{RandomSourceError, exchange::Stop, http};

/// Why a request has no response, where it is not for ureq to say. The middleware gives it inside a
/// [`ureq::Error::Other`]; [`error_of`] takes it out.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// It cannot be signed. Nothing was sent.
    Sign(http::Error),
    /// It has a form of more than this many bytes, the client's
    /// [`form_limit`](oauth1_core::exchange::Client::form_limit). Nothing was sent.
    FormTooLarge(usize),
    /// The system has no random bytes for a nonce.
    RandomSource(RandomSourceError),
    /// ureq failed, and this is why the request was not sent again, where it might have been.
    NotRetried(ureq::Error, Stop),
    /// ureq gave the middleware a request without a configuration.
    NoConfiguration,
}

/// What this crate says in an error of ureq's.
///
/// ```
/// # fn example(agent: ureq::Agent) {
/// if let Err(error) = agent.get("https://api.example.com/").call() {
///     if let Some(oauth1_ureq::Error::Sign(why)) = oauth1_ureq::error_of(&error) {
///         println!("mend the request: {why}");
///     }
/// }
/// # }
/// ```
#[must_use]
pub fn error_of(error: &ureq::Error) -> Option<&Error> {
    match error {
        ureq::Error::Other(other) => other.downcast_ref(),
        _ => None,
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sign(error) => write!(f, "the request cannot be signed: {error}"),
            Self::FormTooLarge(limit) => write!(
                f,
                "the form has more than {limit} bytes: raise the limit of the exchange's client"
            ),
            Self::RandomSource(error) => write!(f, "no nonce can be made: {error}"),
            Self::NotRetried(error, stop) => {
                write!(f, "the request got no response: {error} ({stop})")
            }
            Self::NoConfiguration => {
                f.write_str("the middleware was called by something else than an agent of ureq")
            }
        }
    }
}

impl error::Error for Error {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        match self {
            Self::Sign(error) => Some(error),
            Self::FormTooLarge(_) | Self::NoConfiguration => None,
            Self::RandomSource(error) => Some(error),
            Self::NotRetried(error, _) => Some(error),
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

impl From<Error> for ureq::Error {
    fn from(error: Error) -> Self {
        Self::Other(Box::new(error))
    }
}
