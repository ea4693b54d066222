//! Clients: the applications that a server knows (RFC 5849 section 1.1).

use alloc::{string::String, sync::Arc, vec::Vec};
use core::future::Future;

use oauth1_core::{Secret, SharedSecrets, Timestamp, VerifyingKey};

use crate::{Change, Creation, StoreError};

/// A registered client and what it may do.
///
/// Its secret is kept as it is: HMAC needs it, so that whoever reads the store can sign for every
/// client in it. Only an RSA client's key is of no use to a thief.
#[doc(alias("consumer", "consumer key", "application", "api key"))]
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Client {
    /// What it is known by: `oauth_consumer_key`. Never changes.
    pub identifier: String,
    /// What people are shown.
    pub name: String,
    /// What it signs with.
    pub key: ClientKey,
    /// The callbacks that it may ask for begin with one of these. None at all: only `oob`.
    pub callbacks: Vec<String>,
    /// The realms that it may ask for. None at all: requests for a realm are refused.
    pub realms: Vec<String>,
    /// Whether it may sign requests for resources without a token, as itself.
    pub two_legged: bool,
    /// Whether it may exchange a name and a password for a token (xAuth).
    pub xauth: bool,
    /// When it was registered.
    pub created: Timestamp,
    /// When it was revoked: from then on nothing that it signs is accepted, with or without a token.
    pub revoked: Option<Timestamp>,
}

/// What a client signs with. A shared secret can never be taken for a public key, nor the reverse.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum ClientKey {
    /// The secret it shares with the server: the HMAC methods and PLAINTEXT.
    Shared(Secret<'static>),
    /// Its public key as PEM text: the RSA methods. Needs the feature `rsa`; without it, requests of
    /// such a client are answered with [`StoreError::Corrupt`].
    Rsa(String),
}

impl Client {
    /// A client that may ask for tokens with the callback `oob`, and nothing more. The fields are
    /// there to be set.
    ///
    /// ```
    /// use oauth1_core::{Secret, Timestamp};
    /// use oauth1_store::{Client, ClientKey};
    ///
    /// let key = ClientKey::Shared(Secret::from(String::from("kd94hf93k423kf44")));
    /// let mut client = Client::new("dpf43f3p2l4k3l03", key, Timestamp::from_unix_seconds(137_131_200));
    /// client.name = "Printer".into();
    /// client.callbacks = vec!["https://printer.example.com/ready".into()];
    /// ```
    #[must_use]
    pub fn new(identifier: impl Into<String>, key: ClientKey, created: Timestamp) -> Self {
        Self {
            identifier: identifier.into(),
            name: String::new(),
            key,
            callbacks: Vec::new(),
            realms: Vec::new(),
            two_legged: false,
            xauth: false,
            created,
            revoked: None,
        }
    }

    /// What verifies the requests that it signs with the secret of temporary or token credentials,
    /// or with [`Secret::EMPTY`] where there are none.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] for an RSA key that cannot be read, or without the feature `rsa`.
    pub fn verifying_key(
        &self,
        token_secret: &Secret<'_>,
    ) -> Result<Arc<dyn VerifyingKey + Send + Sync>, StoreError> {
        match &self.key {
            ClientKey::Shared(secret) => Ok(Arc::new(SharedSecrets::new(
                secret.clone(),
                token_secret.clone().into_owned(),
            ))),
            #[cfg(feature = "rsa")]
            ClientKey::Rsa(pem) => oauth1_core::RsaPublicKey::from_pem(pem)
                .map(|key| Arc::new(key) as _)
                .map_err(StoreError::corrupt),
            #[cfg(not(feature = "rsa"))]
            ClientKey::Rsa(_) => Err(StoreError::corrupt(
                "a client with an RSA key, and the feature `rsa` is off",
            )),
        }
    }
}

/// Keeps clients.
///
/// An operation that has answered is seen by every later one, from every process that shares the
/// store: a client that is revoked, or whose secret was rotated, signs nothing more. A store that
/// answers from a cache which others do not invalidate is a security bug.
pub trait ClientStore: Send + Sync + 'static {
    /// Adds a client, unless its identifier is taken: one atomic step, lest one registration
    /// silently take over another's identifier, with its tokens.
    ///
    /// # Errors
    /// [`StoreError`].
    fn create_client(
        &self,
        client: Client,
    ) -> impl Future<Output = Result<Creation, StoreError>> + Send;

    /// The client of this identifier, a revoked one included: whoever verifies looks at
    /// [`Client::revoked`].
    ///
    /// # Errors
    /// [`StoreError`].
    fn client(
        &self,
        identifier: &str,
    ) -> impl Future<Output = Result<Option<Client>, StoreError>> + Send;

    /// At most `limit` clients in the byte order of their identifiers, from the first after `after`:
    /// the last identifier of one page begins the next. Revoked ones are among them.
    ///
    /// # Errors
    /// [`StoreError`].
    fn clients(
        &self,
        after: Option<&str>,
        limit: usize,
    ) -> impl Future<Output = Result<Vec<Client>, StoreError>> + Send;

    /// Rotates a client's secret or key. The old one is of no use from then on; tokens stay.
    ///
    /// # Errors
    /// [`StoreError`].
    fn replace_client_key(
        &self,
        identifier: &str,
        key: ClientKey,
    ) -> impl Future<Output = Result<Change, StoreError>> + Send;

    /// Marks a client as revoked; one that is, stays so since when it was. Its identifier stays
    /// taken.
    ///
    /// # Errors
    /// [`StoreError`].
    fn revoke_client(
        &self,
        identifier: &str,
        now: Timestamp,
    ) -> impl Future<Output = Result<Change, StoreError>> + Send;
}

impl<S: ClientStore> ClientStore for Arc<S> {
    fn create_client(
        &self,
        client: Client,
    ) -> impl Future<Output = Result<Creation, StoreError>> + Send {
        (**self).create_client(client)
    }

    fn client(
        &self,
        identifier: &str,
    ) -> impl Future<Output = Result<Option<Client>, StoreError>> + Send {
        (**self).client(identifier)
    }

    fn clients(
        &self,
        after: Option<&str>,
        limit: usize,
    ) -> impl Future<Output = Result<Vec<Client>, StoreError>> + Send {
        (**self).clients(after, limit)
    }

    fn replace_client_key(
        &self,
        identifier: &str,
        key: ClientKey,
    ) -> impl Future<Output = Result<Change, StoreError>> + Send {
        (**self).replace_client_key(identifier, key)
    }

    fn revoke_client(
        &self,
        identifier: &str,
        now: Timestamp,
    ) -> impl Future<Output = Result<Change, StoreError>> + Send {
        (**self).revoke_client(identifier, now)
    }
}
