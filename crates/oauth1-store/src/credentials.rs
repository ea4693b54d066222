//! What a verifying server asks about the credentials that a request claims.

use alloc::sync::Arc;
use core::{fmt, future::Future};

use oauth1_core::{Timestamp, VerifyingKey, verify::Lookup};

use crate::StoreError;

/// Finds the key that a request must be signed with.
///
/// This is all that a server of protected resources needs of the credentials it accepts. A map in
/// memory answers with [`core::future::ready`] or an `async fn` that awaits nothing.
///
/// # What an implementation must hold
///
/// * **A token belongs to its client.** The token of another client is [`Found::TokenUnknown`]; else
///   one client signs with what was granted to another.
/// * **Temporary credentials are never found.** They sign the token request and nothing else.
/// * **What is revoked or has expired is not found**, from the call on that revoked it.
/// * **No token means the client alone**, and only where the client may act so (a *two-legged*
///   request); else [`Found::TokenUnknown`].
/// * **No answer is no pass**: [`StoreError::Unavailable`].
///
/// Known and unknown should take the same time as far as the store can see to it; the signature is
/// checked at equal cost by the core.
pub trait CredentialStore: Send + Sync + 'static {
    /// What the application wants to know of the one who signed: the owner of the token, its realms;
    /// `()` for a plain map.
    type Grant: Clone + Send + Sync + 'static;

    /// As [`NonceStore::ANSWERS_AT_ONCE`](crate::NonceStore::ANSWERS_AT_ONCE).
    const ANSWERS_AT_ONCE: bool = false;

    /// The key of this client with this token (decoded identifiers), as of `now`.
    ///
    /// # Errors
    /// [`StoreError`]: the request is refused.
    fn find(
        &self,
        client: &str,
        token: Option<&str>,
        now: Timestamp,
    ) -> impl Future<Output = Result<Found<Self::Grant>, StoreError>> + Send;

    /// What does the work of a key of this store where it finds none, so that who is unknown costs what
    /// a wrong signature costs: a [`KeyedStandIn`](crate::KeyedStandIn) where keys are
    /// [kept](crate::KeyedSecrets). `None`, as it comes, is [`StandIn`](oauth1_core::StandIn), whose
    /// work is that of [`SharedSecrets`](oauth1_core::SharedSecrets).
    fn stand_in(&self) -> Option<&(dyn VerifyingKey + Send + Sync)> {
        None
    }
}

impl<S: CredentialStore> CredentialStore for Arc<S> {
    type Grant = S::Grant;

    const ANSWERS_AT_ONCE: bool = S::ANSWERS_AT_ONCE;

    fn find(
        &self,
        client: &str,
        token: Option<&str>,
        now: Timestamp,
    ) -> impl Future<Output = Result<Found<S::Grant>, StoreError>> + Send {
        (**self).find(client, token, now)
    }

    fn stand_in(&self) -> Option<&(dyn VerifyingKey + Send + Sync)> {
        (**self).stand_in()
    }
}

/// The answer of a [`CredentialStore`].
#[derive(Clone, Debug)]
pub enum Found<G> {
    /// The credentials are known.
    Known(Credentials<G>),
    /// There is no such client, or it is revoked.
    ClientUnknown,
    /// There is such a client, and no such token of it; or it may not come without one.
    TokenUnknown,
}

impl<G> Found<G> {
    /// What [`Received::authenticate`](oauth1_core::verify::Received::authenticate) takes.
    #[must_use]
    pub fn lookup(&self) -> Lookup<'_> {
        match self {
            Self::Known(credentials) => Lookup::Found(&*credentials.key),
            Self::ClientUnknown => Lookup::ClientUnknown,
            Self::TokenUnknown => Lookup::TokenUnknown,
        }
    }
}

/// A key, and what it grants. The key is shared and keyed once where the store keeps it in memory, so
/// that a request costs no set-up.
#[derive(Clone)]
pub struct Credentials<G> {
    /// Verifies what this client signs with this token.
    pub key: Arc<dyn VerifyingKey + Send + Sync>,
    /// What the application is told.
    pub grant: G,
}

impl<G> Credentials<G> {
    /// A key and what it grants.
    pub fn new(key: impl VerifyingKey + Send + Sync + 'static, grant: G) -> Self {
        Self {
            key: Arc::new(key),
            grant,
        }
    }
}

impl<G: fmt::Debug> fmt::Debug for Credentials<G> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials")
            .field("grant", &self.grant)
            .finish_non_exhaustive()
    }
}
