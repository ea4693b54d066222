//! Why a request is not sent, or has no answer.

use core::{convert::Infallible, fmt};

use oauth1_core::{RandomSourceError, http};

/// Why a request is not sent, or has no answer. `E` is the error of the service inside.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error<E> {
    /// The request cannot be signed.
    Sign(http::Error),
    /// It goes to an origin that the layer does not sign for, or it should go unsigned and brings a
    /// signature.
    OtherOrigin,
    /// The protocol parameters should travel in the form, and the body's type can hold no other than it
    /// has: see [`RequestBody::from_form`](super::RequestBody::from_form).
    FormCannotBeHeld,
    /// There are no random bytes for a nonce.
    RandomSource(RandomSourceError),
    /// What the service inside says.
    Inner(E),
}

impl Error<Infallible> {
    /// The same in the type of another service.
    pub(super) fn into_other<E>(self) -> Error<E> {
        match self {
            Self::Sign(error) => Error::Sign(error),
            Self::OtherOrigin => Error::OtherOrigin,
            Self::FormCannotBeHeld => Error::FormCannotBeHeld,
            Self::RandomSource(error) => Error::RandomSource(error),
            Self::Inner(never) => match never {},
        }
    }
}

impl<E> From<http::Error> for Error<E> {
    fn from(error: http::Error) -> Self {
        Self::Sign(error)
    }
}

impl<E: fmt::Display> fmt::Display for Error<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sign(error) => write!(f, "the request cannot be signed: {error}"),
            Self::OtherOrigin => f.write_str(
                "the request goes to another origin than those it is signed for: name the origin, or \
                 let requests to others pass unsigned",
            ),
            Self::FormCannotBeHeld => f.write_str(
                "the signature should travel in the form, and the body's type cannot hold another \
                 form: send it in the header",
            ),
            Self::RandomSource(error) => error.fmt(f),
            Self::Inner(error) => error.fmt(f),
        }
    }
}

impl<E: core::error::Error + 'static> core::error::Error for Error<E> {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            // Shown by the error itself; its own source comes next.
            Self::Inner(error) => error.source(),
            _ => None,
        }
    }
}
