//! Clients: registered, listed, rotated and revoked.

use alloc::{string::String, vec::Vec};
use core::fmt;

use oauth1_core::{
    ClientCredentials, Timestamp,
    provider::{Callback, CallbackError, NewCredentials},
};
use oauth1_store::{Change, Client, ClientKey, ClientStore, Creation, StoreError, TokenStore};

use crate::random::{self, RandomSourceError};

/// Manages the clients of a store, for a provider's console or command line.
///
/// ```
/// # use oauth1_core::Timestamp;
/// # use oauth1_provider::{ClientError, Clients, NewClient};
/// # async fn register(
/// #     store: impl oauth1_store::ClientStore + oauth1_store::TokenStore, now: Timestamp,
/// # ) -> Result<(), ClientError> {
/// let clients = Clients::new(store);
/// let new = NewClient::new("Printer").with_callback("https://printer.example.com/ready");
/// let credentials = clients.create(new, now).await?;
/// println!("{}", credentials.identifier());
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Clients<S> {
    store: S,
}

impl<S: ClientStore + TokenStore> Clients<S> {
    /// Those of this store.
    pub const fn new(store: S) -> Self {
        Self { store }
    }

    /// Registers a client with a secret, of which this is the only copy that is shown.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn create(
        &self,
        new: NewClient,
        now: Timestamp,
    ) -> Result<ClientCredentials<'static>, ClientError> {
        let credentials = NewCredentials::from_bytes(random::bytes()?);
        let key = ClientKey::Shared(credentials.secret().clone());
        let identifier = self.insert(credentials.identifier(), key, new, now).await?;
        Ok(ClientCredentials::new(
            identifier,
            credentials.secret().clone(),
        ))
    }

    /// Registers a client that signs with an RSA key, whose public half is given as PEM. What comes
    /// back is its identifier.
    ///
    /// # Errors
    /// [`ClientError`].
    #[cfg(feature = "rsa")]
    pub async fn create_rsa(
        &self,
        new: NewClient,
        public_key_pem: &str,
        now: Timestamp,
    ) -> Result<String, ClientError> {
        let credentials = NewCredentials::from_bytes(random::bytes()?);
        let key = rsa_key(public_key_pem)?;
        self.insert(credentials.identifier(), key, new, now).await
    }

    async fn insert(
        &self,
        identifier: &str,
        key: ClientKey,
        new: NewClient,
        now: Timestamp,
    ) -> Result<String, ClientError> {
        new.check()?;
        let mut client = Client::new(identifier, key, now);
        client.name = new.name;
        client.callbacks = new.callbacks;
        client.realms = new.realms;
        client.two_legged = new.two_legged;
        client.xauth = new.xauth;
        match self.store.create_client(client).await? {
            Creation::Created => Ok(identifier.into()),
            // Of 160 random bits, none comes twice.
            Creation::Exists => Err(ClientError::Random(RandomSourceError)),
        }
    }

    /// The client of this identifier.
    ///
    /// # Errors
    /// [`ClientError::Unknown`], [`ClientError::Store`].
    pub async fn get(&self, identifier: &str) -> Result<Client, ClientError> {
        let client = self.store.client(identifier).await?;
        client.ok_or(ClientError::Unknown)
    }

    /// At most `limit` clients in the order of their identifiers, behind `after`.
    ///
    /// # Errors
    /// [`ClientError::Store`].
    pub async fn list(
        &self,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<Client>, ClientError> {
        Ok(self.store.clients(after, limit).await?)
    }

    /// Gives a client a new secret, in place of the old one or of its RSA key, which signs nothing from
    /// now on. Its tokens stay.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn rotate(
        &self,
        identifier: &str,
    ) -> Result<ClientCredentials<'static>, ClientError> {
        let credentials = NewCredentials::from_bytes(random::bytes()?);
        let key = ClientKey::Shared(credentials.secret().clone());
        done(self.store.replace_client_key(identifier, key).await?)?;
        Ok(ClientCredentials::new(
            String::from(identifier),
            credentials.secret().clone(),
        ))
    }

    /// Gives a client another RSA key, as PEM.
    ///
    /// # Errors
    /// [`ClientError`].
    #[cfg(feature = "rsa")]
    pub async fn rotate_rsa(
        &self,
        identifier: &str,
        public_key_pem: &str,
    ) -> Result<(), ClientError> {
        let key = rsa_key(public_key_pem)?;
        done(self.store.replace_client_key(identifier, key).await?)
    }

    /// Revokes a client, and with it all its tokens, whose number comes back. Nothing that it signs is
    /// accepted from now on.
    ///
    /// # Errors
    /// [`ClientError::Unknown`], [`ClientError::Store`].
    pub async fn revoke(&self, identifier: &str, now: Timestamp) -> Result<u64, ClientError> {
        done(self.store.revoke_client(identifier, now).await?)?;
        Ok(self.store.revoke_tokens_of_client(identifier).await?)
    }
}

fn done(change: Change) -> Result<(), ClientError> {
    match change {
        Change::Done => Ok(()),
        Change::Unknown => Err(ClientError::Unknown),
    }
}

#[cfg(feature = "rsa")]
fn rsa_key(pem: &str) -> Result<ClientKey, ClientError> {
    oauth1_core::RsaPublicKey::from_pem(pem).map_err(|_| ClientError::Key)?;
    Ok(ClientKey::Rsa(pem.into()))
}

/// What is to be registered. A client with nothing else than a name may ask for tokens with the
/// callback `oob`.
#[derive(Clone, Debug)]
pub struct NewClient {
    name: String,
    callbacks: Vec<String>,
    realms: Vec<String>,
    two_legged: bool,
    xauth: bool,
}

impl NewClient {
    /// With the name that owners are shown.
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            callbacks: Vec::new(),
            realms: Vec::new(),
            two_legged: false,
            xauth: false,
        }
    }

    /// May be sent back to this URI and what is below it, or get its verifier by hand (`oob`).
    #[must_use]
    pub fn with_callback(mut self, callback: impl Into<String>) -> Self {
        self.callbacks.push(callback.into());
        self
    }

    /// May ask for this realm.
    #[must_use]
    pub fn with_realm(mut self, realm: impl Into<String>) -> Self {
        self.realms.push(realm.into());
        self
    }

    /// May sign requests without a token, in its own name.
    #[must_use]
    pub fn with_two_legged(self, allowed: bool) -> Self {
        Self {
            two_legged: allowed,
            ..self
        }
    }

    /// May exchange an owner's name and password for a token, where the provider has xAuth at all.
    #[must_use]
    pub fn with_xauth(self, allowed: bool) -> Self {
        Self {
            xauth: allowed,
            ..self
        }
    }

    fn check(&self) -> Result<(), ClientError> {
        if self.name.trim().is_empty() || self.name.chars().any(char::is_control) {
            return Err(ClientError::Name);
        }
        for callback in &self.callbacks {
            Callback::parse(callback).map_err(ClientError::Callback)?;
        }
        // What separates realms in a request, and what no header holds.
        let spoilt = |letter: char| matches!(letter, ' ' | ',') || letter.is_control();
        if (self.realms.iter()).any(|realm| realm.is_empty() || realm.contains(spoilt)) {
            return Err(ClientError::Realm);
        }
        Ok(())
    }
}

/// Why a client was not registered or changed.
#[derive(Debug)]
#[non_exhaustive]
pub enum ClientError {
    /// There is no client of this identifier.
    Unknown,
    /// The name is empty or has control characters.
    Name,
    /// A callback can be none.
    Callback(CallbackError),
    /// A realm is empty, or has a space, a comma or a control character.
    Realm,
    /// The RSA key cannot be read.
    Key,
    /// The system gave no random bytes.
    Random(RandomSourceError),
    /// The store gave no answer.
    Store(StoreError),
}

impl fmt::Display for ClientError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown => f.write_str("there is no such client"),
            Self::Name => f.write_str("a client's name is a text without control characters"),
            Self::Callback(error) => error.fmt(f),
            Self::Realm => {
                f.write_str("a realm is a text without spaces, commas and control characters")
            }
            Self::Key => f.write_str("the public key is no RSA key in PEM"),
            Self::Random(error) => error.fmt(f),
            Self::Store(error) => error.fmt(f),
        }
    }
}

impl core::error::Error for ClientError {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            Self::Store(error) => error.source(),
            _ => None,
        }
    }
}

impl From<StoreError> for ClientError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<RandomSourceError> for ClientError {
    fn from(error: RandomSourceError) -> Self {
        Self::Random(error)
    }
}
