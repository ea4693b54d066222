//! How requests must have come (RFC 5849 sections 2.1 and 2.3).

use super::{Refusal, callback::is_loopback};
use crate::target::Origin;

/// Whether an endpoint insists on TLS. Sections 2.1 and 2.3: since the replies hold secrets in clear,
/// the server "MUST require the use of a transport-layer mechanism such as TLS".
///
/// ```
/// use oauth1_core::{Origin, provider::Transport};
///
/// let loopback = Origin::parse("http://127.0.0.1:8080")?;
/// assert!(Transport::TlsOnly.check(loopback).is_err());
/// assert!(Transport::LoopbackWithoutTls.check(loopback).is_ok());
/// assert!(Transport::LoopbackWithoutTls.check(Origin::parse("http://example.com")?).is_err());
/// # Ok::<(), oauth1_core::UriError>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Transport {
    /// TLS, whoever asks.
    #[default]
    TlsOnly,
    /// An origin of `http` is let in where its host is a loopback address: for development and tests.
    LoopbackWithoutTls,
}

impl Transport {
    /// Whether a request to `origin`, as the server knows it and not as the peer says it, may be
    /// answered.
    ///
    /// # Errors
    /// [`Refusal::InsecureTransport`].
    pub fn check(self, origin: Origin<'_>) -> Result<(), Refusal> {
        let allowed = self == Self::LoopbackWithoutTls && is_loopback(origin.host());
        if origin.is_secure() || allowed {
            Ok(())
        } else {
            Err(Refusal::InsecureTransport)
        }
    }
}
