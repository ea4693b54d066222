//! All that a provider keeps, in memory.

use alloc::{collections::BTreeMap, string::String, sync::Arc, vec::Vec};
use core::{fmt, ops::Bound as Border};

use oauth1_core::{Secret, Timestamp, VerifyingKey};

use self::{
    temporaries::Temporaries,
    tokens::{KeptToken, Tokens},
};
use super::{
    MemoryNonces, NonceBounds,
    sync::{Mutex, MutexGuard, RwLock, RwLockReadGuard, RwLockWriteGuard},
};
use crate::{
    Change, Client, ClientKey, ClientStore, Creation, CredentialStore, Credentials, Found, Grant,
    Insert, KeyedSecrets, NonceStore, SpentNonce, StoreError,
};

mod temporaries;
mod tokens;

/// How much a [`MemoryStore`] keeps at a time: beyond it refuses with [`StoreError::Full`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct MemoryBounds {
    /// Nonces.
    pub nonces: NonceBounds,
    /// Temporary credentials: 100,000. They are gone when they expire.
    pub temporaries: usize,
    /// Tokens: one million. They are gone when they expire and when they are revoked.
    pub tokens: usize,
}

impl Default for MemoryBounds {
    fn default() -> Self {
        Self {
            nonces: NonceBounds::default(),
            temporaries: 100_000,
            tokens: 1_000_000,
        }
    }
}

/// All that a provider keeps, in memory: for tests, for demonstrations, and for a provider whose
/// clients and tokens may be gone when it ends.
///
/// ```
/// use oauth1_core::{Secret, Timestamp};
/// use oauth1_store::{Client, ClientKey, ClientStore, StoreError, memory::MemoryStore};
///
/// async fn register(store: &MemoryStore, now: Timestamp) -> Result<(), StoreError> {
///     let key = ClientKey::Shared(Secret::from(String::from("kd94hf93k423kf44")));
///     let created = store.create_client(Client::new("dpf43f3p2l4k3l03", key, now)).await?;
///     assert_eq!(created, oauth1_store::Creation::Created);
///     Ok(())
/// }
/// ```
pub struct MemoryStore {
    bounds: MemoryBounds,
    nonces: MemoryNonces,
    clients: RwLock<BTreeMap<String, Arc<Client>>>,
    temporaries: Mutex<Temporaries>,
    tokens: RwLock<Tokens>,
}

impl MemoryStore {
    /// An empty store with the default bounds.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when the system has no random bytes to give.
    pub fn new() -> Result<Self, StoreError> {
        Self::with_bounds(MemoryBounds::default())
    }

    /// An empty store.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn with_bounds(bounds: MemoryBounds) -> Result<Self, StoreError> {
        Ok(Self {
            bounds,
            nonces: MemoryNonces::with_bounds(bounds.nonces)?,
            clients: RwLock::default(),
            temporaries: Mutex::default(),
            tokens: RwLock::default(),
        })
    }

    /// The nonces: how full they are, and what they have answered.
    pub fn nonces(&self) -> &MemoryNonces {
        &self.nonces
    }

    fn clients(&self) -> Result<RwLockReadGuard<'_, BTreeMap<String, Arc<Client>>>, StoreError> {
        self.clients.read().map_err(|_| broken())
    }

    fn temporaries(&self) -> Result<MutexGuard<'_, Temporaries>, StoreError> {
        self.temporaries.lock().map_err(|_| broken())
    }

    fn tokens(&self) -> Result<RwLockReadGuard<'_, Tokens>, StoreError> {
        self.tokens.read().map_err(|_| broken())
    }

    fn tokens_to_change(&self) -> Result<RwLockWriteGuard<'_, Tokens>, StoreError> {
        self.tokens.write().map_err(|_| broken())
    }

    fn change_client<C>(&self, identifier: &str, change: C) -> Result<Change, StoreError>
    where
        C: FnOnce(&mut Client),
    {
        let mut clients = self.clients.write().map_err(|_| broken())?;
        let Some(client) = clients.get_mut(identifier) else {
            return Ok(Change::Unknown);
        };
        // Another pointer, so that keys made from the old one are known to be old.
        let mut changed = Client::clone(client);
        change(&mut changed);
        *client = Arc::new(changed);
        Ok(Change::Done)
    }
}

fn broken() -> StoreError {
    StoreError::unavailable("a thread died while it changed the store")
}

/// Shows how many of each, and no secret.
impl fmt::Debug for MemoryStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryStore")
            .field("bounds", &self.bounds)
            .finish_non_exhaustive()
    }
}

impl NonceStore for MemoryStore {
    async fn check_and_insert(
        &self,
        nonce: SpentNonce,
        now: Timestamp,
    ) -> Result<Insert, StoreError> {
        self.nonces.check_and_insert(nonce, now).await
    }
}

impl CredentialStore for MemoryStore {
    type Grant = Grant;

    async fn find(
        &self,
        client: &str,
        token: Option<&str>,
        now: Timestamp,
    ) -> Result<Found<Grant>, StoreError> {
        let client = self.clients()?.get(client).cloned();
        let Some(client) = client.filter(|client| client.revoked.is_none()) else {
            return Ok(Found::ClientUnknown);
        };
        let Some(token) = token else {
            return if client.two_legged {
                Ok(Found::Known(Credentials {
                    key: key_of(&client, &Secret::EMPTY)?,
                    grant: Grant::new(None, client.realms.clone()),
                }))
            } else {
                Ok(Found::TokenUnknown)
            };
        };
        let tokens = self.tokens()?;
        let usable =
            |kept: &&KeptToken| kept.token.client == client.identifier && kept.token.is_live(now);
        let Some(kept) = tokens.kept.get(token).filter(usable) else {
            return Ok(Found::TokenUnknown);
        };
        let keyed = if let Some(keyed) = kept.key.get() {
            keyed
        } else {
            let key = key_of(&client, &kept.token.secret)?;
            kept.key.get_or_init(|| (Arc::clone(&client), key))
        };
        let (of, key) = keyed.clone();
        let key = if Arc::ptr_eq(&of, &client) {
            key
        } else {
            // The client was changed since: its key may be another.
            key_of(&client, &kept.token.secret)?
        };
        let grant = Grant::new(Some(kept.token.owner.clone()), kept.token.realms.clone());
        Ok(Found::Known(Credentials { key, grant }))
    }
}

fn key_of(
    client: &Client,
    token: &Secret<'_>,
) -> Result<Arc<dyn VerifyingKey + Send + Sync>, StoreError> {
    match &client.key {
        ClientKey::Shared(secret) => Ok(Arc::new(KeyedSecrets::new(secret, token))),
        ClientKey::Rsa(_) => client.verifying_key(token),
    }
}

impl ClientStore for MemoryStore {
    async fn create_client(&self, client: Client) -> Result<Creation, StoreError> {
        let mut clients = self.clients.write().map_err(|_| broken())?;
        if clients.contains_key(&client.identifier) {
            return Ok(Creation::Exists);
        }
        clients.insert(client.identifier.clone(), Arc::new(client));
        Ok(Creation::Created)
    }

    async fn client(&self, identifier: &str) -> Result<Option<Client>, StoreError> {
        Ok(self
            .clients()?
            .get(identifier)
            .map(|client| Client::clone(client)))
    }

    async fn clients(&self, after: Option<&str>, limit: usize) -> Result<Vec<Client>, StoreError> {
        let from = after.map_or(Border::Unbounded, Border::Excluded);
        let clients = self.clients()?;
        let page = clients
            .range::<str, _>((from, Border::Unbounded))
            .take(limit);
        Ok(page.map(|(_, client)| Client::clone(client)).collect())
    }

    async fn replace_client_key(
        &self,
        identifier: &str,
        key: ClientKey,
    ) -> Result<Change, StoreError> {
        self.change_client(identifier, |client| client.key = key)
    }

    async fn revoke_client(&self, identifier: &str, now: Timestamp) -> Result<Change, StoreError> {
        self.change_client(identifier, |client| {
            client.revoked.get_or_insert(now);
        })
    }
}
