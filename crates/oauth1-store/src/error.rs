//! Why a store gave no answer.

use alloc::boxed::Box;
use core::{error::Error, fmt};

/// A store gave no answer, and without one nothing is let through.
///
/// What is answered to the peer is in every case a refusal; which, says [`StoreError::status`].
/// The text is for the log. It holds no secret and no identifier.
#[derive(Debug)]
#[non_exhaustive]
pub enum StoreError {
    /// The store is away, too slow, locked, out of space or closed. The peer is told 503: it may try
    /// again with a fresh nonce.
    Unavailable(Box<dyn Error + Send + Sync>),
    /// There is no room for one more of what was to be kept.
    Full(Bound),
    /// What was read is not what this crate writes: somebody else wrote there, or a later version.
    /// It does not go away by itself.
    Corrupt(Box<dyn Error + Send + Sync>),
}

/// Which bound was reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Bound {
    /// That of the whole store.
    Store,
    /// That of this one client: others are not affected.
    Client,
}

impl StoreError {
    /// The store cannot be asked now.
    pub fn unavailable(cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::Unavailable(cause.into())
    }

    /// The store answered what cannot be understood.
    pub fn corrupt(cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::Corrupt(cause.into())
    }

    /// What to answer to the peer: 429 (Too Many Requests) where this client alone has used up its
    /// share, 503 (Service Unavailable) for all else.
    #[must_use]
    pub const fn status(&self) -> u16 {
        match self {
            Self::Full(Bound::Client) => 429,
            Self::Full(Bound::Store) | Self::Unavailable(_) | Self::Corrupt(_) => 503,
        }
    }

    /// One word for logs and counters.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Unavailable(_) => "store_unavailable",
            Self::Full(Bound::Store) => "store_full",
            Self::Full(Bound::Client) => "store_full_for_client",
            Self::Corrupt(_) => "store_corrupt",
        }
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unavailable(_) => f.write_str("the store cannot be asked"),
            Self::Full(Bound::Store) => f.write_str("the store is full"),
            Self::Full(Bound::Client) => f.write_str("the store keeps no more for this client"),
            Self::Corrupt(_) => f.write_str("the store holds what cannot be understood"),
        }
    }
}

impl Error for StoreError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Unavailable(cause) | Self::Corrupt(cause) => Some(&**cause),
            Self::Full(_) => None,
        }
    }
}
