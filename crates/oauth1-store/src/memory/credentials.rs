//! A plain map of credentials.

use alloc::{borrow::ToOwned as _, string::String};
use core::{
    fmt,
    future::{Future, ready},
    hint::black_box,
};
use std::{
    collections::{HashMap, HashSet},
    sync::{PoisonError, RwLock},
};

use oauth1_core::{ClientCredentials, Timestamp, TokenCredentials, VerifyingKey};

use crate::{CredentialStore, Credentials, Found, KeyedSecrets, KeyedStandIn, StoreError};

/// Credentials that a program brings along, from its configuration perhaps: for a server that has
/// some clients, and no flow in which owners grant tokens.
///
/// Each entry is keyed at its first request and kept so. `G` is what the application wants to know of
/// the one who signed.
///
/// ```
/// use oauth1_core::{ClientCredentials, TokenCredentials};
/// use oauth1_store::memory::MemoryCredentials;
///
/// let printer = ClientCredentials::new("dpf43f3p2l4k3l03", "kd94hf93k423kf44");
/// let of_jane = TokenCredentials::new("nnch734d00sl2jdk", "pfkkdhi9sl3r4s00");
///
/// let store = MemoryCredentials::new();
/// store.insert_client(&printer, "the printer itself");
/// store.insert_token(&printer, &of_jane, "jane");
/// ```
pub struct MemoryCredentials<G = ()> {
    clients: RwLock<HashMap<String, Client<G>>>,
    stand_in: KeyedStandIn,
    /// Tokens of nobody, looked through where there is no client, so that it takes as long.
    nobodys: HashSet<&'static str>,
}

struct Client<G> {
    /// What it signs with where it comes without a token, if it may.
    alone: Option<Credentials<G>>,
    tokens: HashMap<String, Credentials<G>>,
}

impl<G> Default for Client<G> {
    fn default() -> Self {
        Self {
            alone: None,
            tokens: HashMap::new(),
        }
    }
}

impl<G> MemoryCredentials<G> {
    /// Knows nobody.
    #[must_use]
    pub fn new() -> Self {
        Self {
            clients: RwLock::default(),
            stand_in: KeyedStandIn::new(),
            nobodys: HashSet::from(["nobody"]),
        }
    }

    /// Lets a client sign without a token. What was there for it, takes this one's place.
    pub fn insert_client(&self, client: &ClientCredentials<'_>, grant: G) {
        let key = KeyedSecrets::new(client.key(), "");
        self.insert_client_key(client.identifier(), key, grant);
    }

    /// Lets a client sign with a token. What was there for both, takes this one's place.
    pub fn insert_token(
        &self,
        client: &ClientCredentials<'_>,
        token: &TokenCredentials<'_>,
        grant: G,
    ) {
        let key = KeyedSecrets::new(client.key(), token.secret());
        self.insert_token_key(client.identifier(), token.identifier(), key, grant);
    }

    /// Lets a client sign without a token, with a key of another kind, such as an RSA public key.
    pub fn insert_client_key(
        &self,
        client: &str,
        key: impl VerifyingKey + Send + Sync + 'static,
        grant: G,
    ) {
        self.change(client, |client| {
            client.alone = Some(Credentials::new(key, grant));
        });
    }

    /// Lets a client sign with a token, with a key of another kind.
    pub fn insert_token_key(
        &self,
        client: &str,
        token: &str,
        key: impl VerifyingKey + Send + Sync + 'static,
        grant: G,
    ) {
        self.change(client, |client| {
            let credentials = Credentials::new(key, grant);
            client.tokens.insert(token.to_owned(), credentials);
        });
    }

    /// Forgets a client and its tokens. Says whether it was there.
    pub fn remove_client(&self, client: &str) -> bool {
        let mut clients = self.clients.write().unwrap_or_else(PoisonError::into_inner);
        clients.remove(client).is_some()
    }

    /// Forgets a token. Says whether it was there.
    pub fn remove_token(&self, client: &str, token: &str) -> bool {
        let mut clients = self.clients.write().unwrap_or_else(PoisonError::into_inner);
        (clients.get_mut(client)).is_some_and(|client| client.tokens.remove(token).is_some())
    }

    /// A thread that died while it held the lock left a map that is whole: each change is one
    /// operation of it.
    fn change(&self, client: &str, change: impl FnOnce(&mut Client<G>)) {
        let mut clients = self.clients.write().unwrap_or_else(PoisonError::into_inner);
        change(clients.entry(client.to_owned()).or_default());
    }
}

impl<G: Clone> MemoryCredentials<G> {
    fn look_up(&self, client: &str, token: Option<&str>) -> Found<G> {
        let clients = self.clients.read().unwrap_or_else(PoisonError::into_inner);
        let Some(client) = clients.get(client) else {
            black_box(token.is_some_and(|token| self.nobodys.contains(token)));
            return Found::ClientUnknown;
        };
        let credentials = match token {
            None => client.alone.as_ref(),
            Some(token) => client.tokens.get(token),
        };
        (credentials.cloned()).map_or(Found::TokenUnknown, Found::Known)
    }
}

impl<G: Clone + Send + Sync + 'static> CredentialStore for MemoryCredentials<G> {
    type Grant = G;

    const ANSWERS_AT_ONCE: bool = true;

    fn find(
        &self,
        client: &str,
        token: Option<&str>,
        _: Timestamp,
    ) -> impl Future<Output = Result<Found<G>, StoreError>> + Send {
        ready(Ok(self.look_up(client, token)))
    }

    fn stand_in(&self) -> Option<&(dyn VerifyingKey + Send + Sync)> {
        Some(&self.stand_in)
    }
}

impl<G> Default for MemoryCredentials<G> {
    fn default() -> Self {
        Self::new()
    }
}

/// Shows how many, and no secret.
impl<G> fmt::Debug for MemoryCredentials<G> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let clients = self.clients.read().unwrap_or_else(PoisonError::into_inner);
        f.debug_struct("MemoryCredentials")
            .field("clients", &clients.len())
            .finish_non_exhaustive()
    }
}
