//! The one place of this crate that reads a clock and a random source (feature `os`).

use core::fmt;
use std::time::{SystemTime, UNIX_EPOCH};

use super::{Nonce, Stamp, Timestamp};

impl Timestamp {
    /// What the system's clock shows; zero for a clock that stands before 1970.
    #[must_use]
    #[expect(
        clippy::disallowed_methods,
        reason = "the feature `os` is where the clock is read"
    )]
    pub fn now() -> Self {
        let elapsed = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        Self::from_unix_seconds(elapsed.as_secs())
    }
}

impl Nonce<'static> {
    /// From 120 bits of the system's random source, which a process that was forked shares with none.
    ///
    /// It takes a system call where the C library has no `getrandom` of its own; a program for which
    /// that is too much keeps a generator, and gives its bytes to [`Nonce::from_bytes`].
    ///
    /// # Errors
    /// [`RandomSourceError`] when the system has none to give.
    #[expect(
        clippy::disallowed_methods,
        reason = "the feature `os` is where random bytes are read"
    )]
    pub fn random() -> Result<Self, RandomSourceError> {
        let mut bytes = [0; 15];
        getrandom::fill(&mut bytes).map_err(|_| RandomSourceError)?;
        Ok(Self::from_bytes(bytes))
    }
}

impl Stamp<'static> {
    /// The time of the system's clock and a nonce from its random source.
    ///
    /// # Errors
    /// [`RandomSourceError`] when the system has no random bytes to give.
    pub fn now() -> Result<Self, RandomSourceError> {
        Ok(Self::new(Timestamp::now(), Nonce::random()?))
    }
}

/// The system gave no random bytes, so that no nonce can be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RandomSourceError;

impl fmt::Display for RandomSourceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the system's random source gave no bytes for a nonce")
    }
}

impl core::error::Error for RandomSourceError {}
