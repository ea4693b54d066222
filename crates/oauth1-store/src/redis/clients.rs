//! Clients, and what is asked about their credentials.

use alloc::{string::String, vec::Vec};

use oauth1_core::Timestamp;
use zeroize::Zeroizing;

use super::{Kind, RedisStore};
use crate::{
    Change, Client, ClientKey, ClientStore, Creation, CredentialStore, Found, Grant, StoreError,
    provider::{Asked, found},
    records::Stored,
    temporary::Then,
};

impl ClientStore for RedisStore {
    async fn create_client(&self, client: Client) -> Result<Creation, StoreError> {
        // The index first: what it names too much is passed over, what it lacked would be hidden.
        let mut index = redis::cmd("ZADD");
        index
            .arg(self.key(Kind::Clients, ""))
            .arg(0)
            .arg(&client.identifier);
        let _: i64 = self.ask(&index).await?;
        let mut set = redis::cmd("SET");
        set.arg(self.key(Kind::Client, &client.identifier))
            .arg(client.to_text()?.as_str())
            .arg("NX");
        self.create(&set).await
    }

    async fn client(&self, identifier: &str) -> Result<Option<Client>, StoreError> {
        self.get(Kind::Client, identifier).await
    }

    async fn clients(&self, after: Option<&str>, limit: usize) -> Result<Vec<Client>, StoreError> {
        let mut clients = Vec::new();
        let mut after = after.map(String::from);
        while clients.len() < limit {
            let from = after.map_or_else(|| "-".into(), |after| alloc::format!("({after}"));
            let mut page = redis::cmd("ZRANGEBYLEX");
            page.arg(self.key(Kind::Clients, ""))
                .arg(from)
                .arg("+")
                .arg("LIMIT")
                .arg(0)
                .arg(limit - clients.len());
            let identifiers: Vec<String> = self.ask(&page).await?;
            for identifier in &identifiers {
                clients.extend(self.client(identifier).await?);
            }
            let Some(last) = identifiers.into_iter().next_back() else {
                break;
            };
            after = Some(last);
        }
        Ok(clients)
    }

    async fn replace_client_key(
        &self,
        identifier: &str,
        key: ClientKey,
    ) -> Result<Change, StoreError> {
        self.change_client(identifier, |client| client.key = key.clone())
            .await
    }

    async fn revoke_client(&self, identifier: &str, now: Timestamp) -> Result<Change, StoreError> {
        self.change_client(identifier, |client| {
            client.revoked.get_or_insert(now);
        })
        .await
    }
}

impl CredentialStore for RedisStore {
    type Grant = Grant;

    async fn find(
        &self,
        client: &str,
        token: Option<&str>,
        now: Timestamp,
    ) -> Result<Found<Grant>, StoreError> {
        // Both at once, so that it takes one round trip, and as long whether the client is known.
        let token = async {
            match token {
                Some(token) => self.get(Kind::Token, token).await.map(Asked::Token),
                None => Ok(Asked::Alone),
            }
        };
        let (client, token) = tokio::try_join!(self.client(client), token)?;
        found(client, token, now)
    }
}

impl RedisStore {
    async fn change_client(
        &self,
        identifier: &str,
        change: impl Fn(&mut Client) + Send + Sync,
    ) -> Result<Change, StoreError> {
        self.change(Kind::Client, identifier, Change::Unknown, |client| {
            change(client);
            (Change::Done, Then::Write)
        })
        .await
    }

    /// `SET ... NX`: whether it was set.
    pub(super) async fn create(&self, set: &redis::Cmd) -> Result<Creation, StoreError> {
        let answer: Option<String> = self.ask(set).await?;
        Ok(match answer {
            Some(_) => Creation::Created,
            None => Creation::Exists,
        })
    }

    pub(super) async fn get<T: Stored>(
        &self,
        kind: Kind,
        identifier: &str,
    ) -> Result<Option<T>, StoreError> {
        let text = self.get_text(&self.key(kind, identifier)).await?;
        text.map(|text| T::from_text(&text)).transpose()
    }

    pub(super) async fn get_text(
        &self,
        key: &str,
    ) -> Result<Option<Zeroizing<String>>, StoreError> {
        let mut get = redis::cmd("GET");
        get.arg(key);
        let text: Option<String> = self.ask(&get).await?;
        Ok(text.map(Zeroizing::new))
    }

    /// Reads, decides and writes if nobody else has written meanwhile; else begins anew. Each time
    /// that it begins anew, somebody else has got on: of a client that changes little, of temporary
    /// credentials no more than their attempts.
    pub(super) async fn change<T: Stored, A: Clone>(
        &self,
        kind: Kind,
        identifier: &str,
        unknown: A,
        change: impl Fn(&mut T) -> (A, Then),
    ) -> Result<A, StoreError> {
        const MOST: u32 = 64;
        let key = self.key(kind, identifier);
        for _ in 0..MOST {
            let Some(text) = self.get_text(&key).await? else {
                return Ok(unknown);
            };
            let mut record = T::from_text(&text)?;
            let (answer, then) = change(&mut record);
            let new = match then {
                Then::Keep => return Ok(answer),
                Then::Write => record.to_text()?,
                Then::Remove => Zeroizing::default(),
            };
            if self.replace(&key, &text, &new).await? {
                return Ok(answer);
            }
        }
        Err(StoreError::unavailable("too many change the same record"))
    }
}
