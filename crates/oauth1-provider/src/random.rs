//! The system's random source: the one place where this crate reads it.

use core::fmt;

/// Fresh random bytes.
#[expect(
    clippy::disallowed_methods,
    reason = "the provider gives out secrets: their bytes come from the system"
)]
pub(crate) fn bytes<const N: usize>() -> Result<[u8; N], RandomSourceError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|_| RandomSourceError)?;
    Ok(bytes)
}

/// The system gave no random bytes: nothing is given out then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RandomSourceError;

impl fmt::Display for RandomSourceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the system's random source gave no bytes for credentials")
    }
}

impl core::error::Error for RandomSourceError {}
