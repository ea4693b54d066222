//! The credentials that each endpoint demands.

use alloc::sync::Arc;

use oauth1_core::{Secret, Timestamp, provider::SignedBy};
use oauth1_store::{
    ClientStore, CredentialStore, Credentials, Found, StoreError, TemporaryStore, TokenStore,
};

/// The endpoints whose requests are signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Endpoint {
    /// Section 2.1: the client's credentials alone.
    Temporary,
    /// Section 2.3: temporary credentials; token credentials that have a session; the client's alone
    /// where xAuth is on.
    Token {
        /// Whether the provider has xAuth.
        xauth: bool,
    },
    /// Token credentials, to be given back.
    Revocation,
}

/// Finds the keys of an endpoint. What is found is never what signs requests for resources: that is
/// the store's own answer.
#[derive(Debug)]
pub(crate) struct EndpointCredentials<S> {
    store: Arc<S>,
    endpoint: Endpoint,
}

impl<S> EndpointCredentials<S> {
    pub(crate) const fn new(store: Arc<S>, endpoint: Endpoint) -> Self {
        Self { store, endpoint }
    }
}

impl<S> CredentialStore for EndpointCredentials<S>
where
    S: ClientStore + TemporaryStore + TokenStore,
{
    type Grant = SignedBy;

    async fn find(
        &self,
        client: &str,
        token: Option<&str>,
        now: Timestamp,
    ) -> Result<Found<SignedBy>, StoreError> {
        let known = self.store.client(client).await?;
        // Asked for unknown clients too, so that they take as long.
        let found = self.secret(client, token, now).await?;
        let Some(client) = known.filter(|client| client.revoked.is_none()) else {
            return Ok(Found::ClientUnknown);
        };
        let Some((secret, signed_by)) = found else {
            return Ok(Found::TokenUnknown);
        };
        let needs_xauth = matches!(self.endpoint, Endpoint::Token { .. });
        if signed_by == SignedBy::Client && needs_xauth && !client.xauth {
            return Ok(Found::TokenUnknown);
        }
        let key = client.verifying_key(&secret)?;
        Ok(Found::Known(Credentials {
            key,
            grant: signed_by,
        }))
    }
}

impl<S: TemporaryStore + TokenStore> EndpointCredentials<S> {
    /// The second half of the key.
    async fn secret(
        &self,
        client: &str,
        token: Option<&str>,
        now: Timestamp,
    ) -> Result<Option<(Secret<'static>, SignedBy)>, StoreError> {
        let by_client = (Secret::EMPTY, SignedBy::Client);
        let Some(identifier) = token else {
            return Ok(match self.endpoint {
                Endpoint::Temporary | Endpoint::Token { xauth: true } => Some(by_client),
                Endpoint::Token { xauth: false } | Endpoint::Revocation => None,
            });
        };
        if let Endpoint::Token { .. } = self.endpoint {
            let temporary = self.store.temporary(identifier, now).await?;
            if let Some(temporary) = temporary.filter(|temporary| temporary.client == client) {
                return Ok(Some((temporary.secret, SignedBy::Temporary)));
            }
        }
        let token = match self.endpoint {
            Endpoint::Temporary => None,
            Endpoint::Token { .. } | Endpoint::Revocation => {
                self.store.token(identifier, now).await?
            }
        };
        let serves = |token: &oauth1_store::Token| {
            let is_renewable = token.is_renewable(now);
            let is_live = self.endpoint == Endpoint::Revocation && token.is_live(now);
            token.client == client && (is_renewable || is_live)
        };
        let token = token.filter(serves);
        Ok(token.map(|token| (token.secret, SignedBy::Token)))
    }
}
