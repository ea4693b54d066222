//! What the provider keeps: clients and tokens in the file, and where there is a Redis, there what is
//! short-lived and asked by every process: nonces and temporary credentials.

use oauth1_core::Timestamp;
use oauth1_store::{
    Approval, Change, Client, ClientKey, ClientStore, Creation, CredentialStore, Decided, Found,
    Grant, Insert, NonceStore, Renewal, SpentNonce, StoreError, Taken, Temporary, TemporaryStore,
    Token, TokenStore, redis::RedisStore, sqlite::SqliteStore,
};

/// The stores behind one provider.
#[derive(Clone)]
pub(crate) struct Storage {
    file: SqliteStore,
    redis: Option<RedisStore>,
}

impl Storage {
    /// All of it in the file, or what is short-lived on the Redis server.
    pub(crate) fn new(file: SqliteStore, redis: Option<RedisStore>) -> Self {
        Self { file, redis }
    }
}

/// Asks the Redis server where there is one, else the file.
macro_rules! shared {
    ($self:ident.$method:ident($($argument:expr),*)) => {
        match &$self.redis {
            Some(redis) => redis.$method($($argument),*).await,
            None => $self.file.$method($($argument),*).await,
        }
    };
}

impl NonceStore for Storage {
    async fn check_and_insert(
        &self,
        nonce: SpentNonce,
        now: Timestamp,
    ) -> Result<Insert, StoreError> {
        shared!(self.check_and_insert(nonce, now))
    }
}

impl TemporaryStore for Storage {
    async fn insert_temporary(
        &self,
        temporary: Temporary,
        now: Timestamp,
    ) -> Result<Creation, StoreError> {
        shared!(self.insert_temporary(temporary, now))
    }

    async fn temporary(&self, id: &str, now: Timestamp) -> Result<Option<Temporary>, StoreError> {
        shared!(self.temporary(id, now))
    }

    async fn approve_temporary(
        &self,
        id: &str,
        approval: Approval,
        now: Timestamp,
    ) -> Result<Decided, StoreError> {
        shared!(self.approve_temporary(id, approval, now))
    }

    async fn deny_temporary(&self, id: &str, now: Timestamp) -> Result<Decided, StoreError> {
        shared!(self.deny_temporary(id, now))
    }

    async fn take_temporary(
        &self,
        id: &str,
        client: &str,
        verifier: &str,
        now: Timestamp,
    ) -> Result<Taken, StoreError> {
        shared!(self.take_temporary(id, client, verifier, now))
    }
}

impl CredentialStore for Storage {
    type Grant = Grant;

    async fn find(
        &self,
        client: &str,
        token: Option<&str>,
        now: Timestamp,
    ) -> Result<Found<Grant>, StoreError> {
        self.file.find(client, token, now).await
    }
}

impl ClientStore for Storage {
    async fn create_client(&self, client: Client) -> Result<Creation, StoreError> {
        self.file.create_client(client).await
    }

    async fn client(&self, id: &str) -> Result<Option<Client>, StoreError> {
        self.file.client(id).await
    }

    async fn clients(&self, after: Option<&str>, limit: usize) -> Result<Vec<Client>, StoreError> {
        self.file.clients(after, limit).await
    }

    async fn replace_client_key(&self, id: &str, key: ClientKey) -> Result<Change, StoreError> {
        self.file.replace_client_key(id, key).await
    }

    async fn revoke_client(&self, id: &str, now: Timestamp) -> Result<Change, StoreError> {
        self.file.revoke_client(id, now).await
    }
}

impl TokenStore for Storage {
    async fn insert_token(&self, token: Token, now: Timestamp) -> Result<Creation, StoreError> {
        self.file.insert_token(token, now).await
    }

    async fn token(&self, id: &str, now: Timestamp) -> Result<Option<Token>, StoreError> {
        self.file.token(id, now).await
    }

    async fn tokens_of_owner(&self, owner: &str, now: Timestamp) -> Result<Vec<Token>, StoreError> {
        self.file.tokens_of_owner(owner, now).await
    }

    async fn revoke_token(&self, id: &str) -> Result<Change, StoreError> {
        self.file.revoke_token(id).await
    }

    async fn revoke_tokens_of_client(&self, client: &str) -> Result<u64, StoreError> {
        self.file.revoke_tokens_of_client(client).await
    }

    async fn renew_token(
        &self,
        id: &str,
        client: &str,
        handle: &str,
        new: Token,
        now: Timestamp,
    ) -> Result<Renewal, StoreError> {
        self.file.renew_token(id, client, handle, new, now).await
    }
}
