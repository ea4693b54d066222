//! Token credentials (RFC 5849 section 2.3): what a resource owner has granted to a client.

use alloc::{string::String, sync::Arc, vec::Vec};
use core::future::Future;

use oauth1_core::{Secret, Timestamp};
#[cfg(feature = "_kept")]
use subtle::ConstantTimeEq as _;

use crate::{Change, Creation, StoreError};

/// Token credentials and what they grant.
///
/// The secret is kept as it is: HMAC needs it.
#[doc(alias("access token", "access token secret"))]
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Token {
    /// What goes into `oauth_token`.
    pub identifier: String,
    /// The second half of the signing key.
    pub secret: Secret<'static>,
    /// The identifier of the client that it was granted to, and that alone may use it.
    pub client: String,
    /// The application's name for the resource owner who granted it.
    pub owner: String,
    /// What it grants.
    pub realms: Vec<String>,
    /// When it was made.
    pub created: Timestamp,
    /// The last second in which it signs requests; `None`: until it is revoked.
    pub expires: Option<Timestamp>,
    /// What renews it (the OAuth Session extension), if anything does.
    pub session: Option<Session>,
}

/// What a client renews a token with, while the session lasts: `oauth_session_handle`.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Session {
    /// The handle, which is a secret.
    pub handle: Secret<'static>,
    /// The last second in which the token can be renewed; `None`: until it is revoked.
    pub expires: Option<Timestamp>,
}

impl Session {
    /// A handle and the last second in which it renews.
    #[must_use]
    pub fn new(handle: Secret<'static>, expires: Option<Timestamp>) -> Self {
        Self { handle, expires }
    }
}

impl Token {
    /// A token that does not expire, for no realm.
    #[must_use]
    pub fn new(
        identifier: impl Into<String>,
        secret: Secret<'static>,
        client: impl Into<String>,
        owner: impl Into<String>,
        created: Timestamp,
    ) -> Self {
        Self {
            identifier: identifier.into(),
            secret,
            client: client.into(),
            owner: owner.into(),
            realms: Vec::new(),
            created,
            expires: None,
            session: None,
        }
    }

    /// Whether it signs requests at `now`.
    #[must_use]
    pub fn is_live(&self, now: Timestamp) -> bool {
        self.expires.is_none_or(|last| now <= last)
    }

    /// Whether it can be renewed at `now`.
    #[must_use]
    pub fn is_renewable(&self, now: Timestamp) -> bool {
        (self.session.as_ref())
            .is_some_and(|session| session.expires.is_none_or(|last| now <= last))
    }

    /// Whether `client` can renew it at `now` with this handle, which is compared in constant time.
    #[cfg(feature = "_kept")]
    pub(crate) fn renews_with(&self, client: &str, handle: &str, now: Timestamp) -> bool {
        let same = |session: &Session| {
            (session.handle.expose().as_bytes())
                .ct_eq(handle.as_bytes())
                .into()
        };
        self.client == client && self.is_renewable(now) && self.session.as_ref().is_some_and(same)
    }

    /// Whether a store must know it at `now`.
    #[cfg(feature = "_kept")]
    pub(crate) fn is_kept(&self, now: Timestamp) -> bool {
        self.keep_until().is_none_or(|last| now <= last)
    }

    /// The last second in which a store must know it: to verify with, or to renew. `None`: for ever.
    #[must_use]
    pub fn keep_until(&self) -> Option<Timestamp> {
        let session = match &self.session {
            None => return self.expires,
            Some(session) => session.expires,
        };
        Some(self.expires?.max(session?))
    }
}

/// What came of a renewal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[must_use = "only the one who renewed may have the new token"]
pub enum Renewal {
    /// The new token stands in the old one's place.
    Renewed,
    /// There is no such token of this client, its session is another or is over, or somebody else
    /// has renewed it. The new token is not there.
    Refused,
}

/// Keeps token credentials.
///
/// An operation that has answered is seen by every later one, from every process that shares the
/// store: a token that is revoked signs nothing more. A store that answers from a cache which others
/// do not invalidate is a security bug.
pub trait TokenStore: Send + Sync + 'static {
    /// Adds a token, unless its identifier is taken: in one atomic step.
    ///
    /// # Errors
    /// [`StoreError`]; [`StoreError::Full`] where the store has a bound.
    fn insert_token(
        &self,
        token: Token,
        now: Timestamp,
    ) -> impl Future<Output = Result<Creation, StoreError>> + Send;

    /// The token of this identifier, for as long as it can be used or renewed. Whoever verifies with
    /// it looks at [`Token::is_live`] and at [`Token::client`], as
    /// [`CredentialStore::find`](crate::CredentialStore::find) does.
    ///
    /// # Errors
    /// [`StoreError`].
    fn token(
        &self,
        identifier: &str,
        now: Timestamp,
    ) -> impl Future<Output = Result<Option<Token>, StoreError>> + Send;

    /// What an owner has granted, oldest first, so that it can be shown and revoked.
    ///
    /// # Errors
    /// [`StoreError`].
    fn tokens_of_owner(
        &self,
        owner: &str,
        now: Timestamp,
    ) -> impl Future<Output = Result<Vec<Token>, StoreError>> + Send;

    /// Removes a token. It is for the caller to see that it is the asking owner's.
    ///
    /// # Errors
    /// [`StoreError`].
    fn revoke_token(
        &self,
        identifier: &str,
    ) -> impl Future<Output = Result<Change, StoreError>> + Send;

    /// Removes every token that is there for a client, and says how many. One that is being granted
    /// at this moment may stay: to lock a client out, revoke the client.
    ///
    /// # Errors
    /// [`StoreError`]. Some may be removed then.
    fn revoke_tokens_of_client(
        &self,
        client: &str,
    ) -> impl Future<Output = Result<u64, StoreError>> + Send;

    /// Puts `new` in the place of the token `identifier`, if that is `client`'s and its session has
    /// this handle and lasts still. Exactly one of any number of concurrent renewals gets
    /// [`Renewal::Renewed`], and a token that is revoked meanwhile is not renewed; else one session
    /// splits into two, of which the owner sees and revokes one. `new` should be of the same client
    /// and owner, with an identifier that is not taken.
    ///
    /// The handle is compared in a time that does not tell how much of a guess is right.
    ///
    /// # Errors
    /// [`StoreError`]. Where the answer is lost on its way, the old token may be gone.
    fn renew_token(
        &self,
        identifier: &str,
        client: &str,
        handle: &str,
        new: Token,
        now: Timestamp,
    ) -> impl Future<Output = Result<Renewal, StoreError>> + Send;
}

impl<S: TokenStore> TokenStore for Arc<S> {
    fn insert_token(
        &self,
        token: Token,
        now: Timestamp,
    ) -> impl Future<Output = Result<Creation, StoreError>> + Send {
        (**self).insert_token(token, now)
    }

    fn token(
        &self,
        identifier: &str,
        now: Timestamp,
    ) -> impl Future<Output = Result<Option<Token>, StoreError>> + Send {
        (**self).token(identifier, now)
    }

    fn tokens_of_owner(
        &self,
        owner: &str,
        now: Timestamp,
    ) -> impl Future<Output = Result<Vec<Token>, StoreError>> + Send {
        (**self).tokens_of_owner(owner, now)
    }

    fn revoke_token(
        &self,
        identifier: &str,
    ) -> impl Future<Output = Result<Change, StoreError>> + Send {
        (**self).revoke_token(identifier)
    }

    fn revoke_tokens_of_client(
        &self,
        client: &str,
    ) -> impl Future<Output = Result<u64, StoreError>> + Send {
        (**self).revoke_tokens_of_client(client)
    }

    fn renew_token(
        &self,
        identifier: &str,
        client: &str,
        handle: &str,
        new: Token,
        now: Timestamp,
    ) -> impl Future<Output = Result<Renewal, StoreError>> + Send {
        (**self).renew_token(identifier, client, handle, new, now)
    }
}
