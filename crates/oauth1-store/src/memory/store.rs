//! All that a provider keeps, in memory.

use alloc::{collections::BTreeMap, string::String, sync::Arc, vec::Vec};
use core::{fmt, hint::black_box, ops::Bound as Border};
use std::sync::OnceLock;

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
    Insert, KeyedSecrets, KeyedStandIn, NonceStore, SpentNonce, StoreError,
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
    clients: RwLock<Clients>,
    stand_in: KeyedStandIn,
    grant_of_nobody: Grant,
    temporaries: Mutex<Temporaries>,
    tokens: RwLock<Tokens>,
}

type Clients = BTreeMap<String, Arc<KeptClient>>;

struct KeptClient {
    client: Client,
    /// The key that its first request without a token was verified with.
    alone: OnceLock<Arc<dyn VerifyingKey + Send + Sync>>,
}

impl From<Client> for KeptClient {
    fn from(client: Client) -> Self {
        let alone = OnceLock::new();
        Self { client, alone }
    }
}

impl KeptClient {
    fn alone(&self) -> Result<Found<Grant>, StoreError> {
        let key = if let Some(key) = self.alone.get() {
            key
        } else {
            let key = key_of(&self.client, &Secret::EMPTY)?;
            self.alone.get_or_init(|| key)
        };
        Ok(Found::Known(Credentials {
            key: Arc::clone(key),
            grant: Grant::new(None, self.client.realms.clone()),
        }))
    }
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
            stand_in: KeyedStandIn::new(),
            grant_of_nobody: Grant::new(Some(String::from("nobody")), Vec::new()),
            temporaries: Mutex::default(),
            tokens: RwLock::default(),
        })
    }

    /// The nonces: how full they are, and what they have answered.
    pub fn nonces(&self) -> &MemoryNonces {
        &self.nonces
    }

    fn clients(&self) -> Result<RwLockReadGuard<'_, Clients>, StoreError> {
        self.clients.read().map_err(|_| broken())
    }

    /// Copies a grant as if there were one, so that who is unknown takes as long as who is known.
    fn nobody(&self, unknown: Found<Grant>) -> Found<Grant> {
        black_box(self.grant_of_nobody.clone());
        unknown
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
        let Some(kept) = clients.get_mut(identifier) else {
            return Ok(Change::Unknown);
        };
        // Another pointer, so that keys made from the old one are known to be old.
        let mut changed = kept.client.clone();
        change(&mut changed);
        *kept = Arc::new(changed.into());
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
    const ANSWERS_AT_ONCE: bool = true;

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

    const ANSWERS_AT_ONCE: bool = true;

    async fn find(
        &self,
        client: &str,
        token: Option<&str>,
        now: Timestamp,
    ) -> Result<Found<Grant>, StoreError> {
        let of = self.clients()?.get(client).cloned();
        let of = of.filter(|kept| kept.client.revoked.is_none());
        let Some(token) = token else {
            return match of {
                Some(of) if of.client.two_legged => of.alone(),
                Some(_) => Ok(self.nobody(Found::TokenUnknown)),
                None => Ok(self.nobody(Found::ClientUnknown)),
            };
        };
        // Looked for whoever the client is.
        let tokens = self.tokens()?;
        let kept = tokens.kept.get(token);
        let Some(of) = of else {
            return Ok(self.nobody(Found::ClientUnknown));
        };
        let client = &of.client;
        let usable =
            |kept: &&KeptToken| kept.token.client == client.identifier && kept.token.is_live(now);
        let Some(kept) = kept.filter(usable) else {
            return Ok(self.nobody(Found::TokenUnknown));
        };
        let keyed = if let Some(keyed) = kept.key.get() {
            keyed
        } else {
            let key = key_of(client, &kept.token.secret)?;
            kept.key.get_or_init(|| (Arc::clone(&of), key))
        };
        let key = if Arc::ptr_eq(&keyed.0, &of) {
            Arc::clone(&keyed.1)
        } else {
            // The client was changed since: its key may be another.
            key_of(client, &kept.token.secret)?
        };
        let grant = Grant::new(Some(kept.token.owner.clone()), kept.token.realms.clone());
        Ok(Found::Known(Credentials { key, grant }))
    }

    fn stand_in(&self) -> Option<&(dyn VerifyingKey + Send + Sync)> {
        Some(&self.stand_in)
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
        clients.insert(client.identifier.clone(), Arc::new(client.into()));
        Ok(Creation::Created)
    }

    async fn client(&self, identifier: &str) -> Result<Option<Client>, StoreError> {
        Ok(self
            .clients()?
            .get(identifier)
            .map(|kept| kept.client.clone()))
    }

    async fn clients(&self, after: Option<&str>, limit: usize) -> Result<Vec<Client>, StoreError> {
        let from = after.map_or(Border::Unbounded, Border::Excluded);
        let clients = self.clients()?;
        let page = clients
            .range::<str, _>((from, Border::Unbounded))
            .take(limit);
        Ok(page.map(|(_, kept)| kept.client.clone()).collect())
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
