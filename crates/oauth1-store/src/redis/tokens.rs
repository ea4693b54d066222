//! Tokens, and who has them.
//!
//! A token is one key. What an owner or a client has is found through an index, written before the
//! token is: a name too many in it is passed over, one too few would be a token that nobody can find
//! and revoke. Names of expired tokens are removed as others come.

use alloc::{string::String, vec::Vec};

use oauth1_core::Timestamp;
use zeroize::Zeroizing;

use super::{Kind, RedisStore};
use crate::{Change, Creation, Renewal, StoreError, Token, TokenStore, records::Stored as _};

impl TokenStore for RedisStore {
    async fn insert_token(&self, token: Token, now: Timestamp) -> Result<Creation, StoreError> {
        for index in self.indices(&token) {
            let mut add = redis::cmd("ZADD");
            add.arg(&index)
                .arg(score(token.keep_until()))
                .arg(&token.identifier);
            let _: i64 = self.ask(&add).await?;
            let mut expired = redis::cmd("ZREMRANGEBYSCORE");
            let before = (now.unix_seconds()).saturating_sub(self.0.clock_margin.as_secs());
            expired
                .arg(&index)
                .arg("-inf")
                .arg(alloc::format!("({before}"));
            let _: i64 = self.ask(&expired).await?;
        }
        let mut set = redis::cmd("SET");
        set.arg(self.key(Kind::Token, &token.identifier))
            .arg(token.to_text()?.as_str())
            .arg("NX");
        if let Some(last) = token.keep_until() {
            set.arg("PX").arg(self.lifetime(last, now));
        }
        self.create(&set).await
    }

    async fn token(&self, identifier: &str, now: Timestamp) -> Result<Option<Token>, StoreError> {
        let token: Option<Token> = self.get(Kind::Token, identifier).await?;
        Ok(token.filter(|token| token.is_kept(now)))
    }

    async fn tokens_of_owner(&self, owner: &str, now: Timestamp) -> Result<Vec<Token>, StoreError> {
        let mut tokens = Vec::new();
        for identifier in self.named(&self.key(Kind::TokensOfOwner, owner)).await? {
            let token = self.token(&identifier, now).await?;
            tokens.extend(token.filter(|token| token.owner == owner));
        }
        tokens.sort_by(|a, b| (a.created, &a.identifier).cmp(&(b.created, &b.identifier)));
        Ok(tokens)
    }

    async fn revoke_token(&self, identifier: &str) -> Result<Change, StoreError> {
        let mut remove = redis::cmd("GETDEL");
        remove.arg(self.key(Kind::Token, identifier));
        let removed: Option<String> = self.ask(&remove).await?;
        let Some(text) = removed.map(Zeroizing::new) else {
            return Ok(Change::Unknown);
        };
        self.leave_indices(&Token::from_text(&text)?).await;
        Ok(Change::Done)
    }

    async fn revoke_tokens_of_client(&self, client: &str) -> Result<u64, StoreError> {
        let mut removed = 0;
        for identifier in self.named(&self.key(Kind::TokensOfClient, client)).await? {
            let token: Option<Token> = self.get(Kind::Token, &identifier).await?;
            if token.is_some_and(|token| token.client == client)
                && self.revoke_token(&identifier).await? == Change::Done
            {
                removed += 1;
            }
        }
        Ok(removed)
    }

    async fn renew_token(
        &self,
        identifier: &str,
        client: &str,
        handle: &str,
        new: Token,
        now: Timestamp,
    ) -> Result<Renewal, StoreError> {
        let key = self.key(Kind::Token, identifier);
        let Some(text) = self.get_text(&key).await? else {
            return Ok(Renewal::Refused);
        };
        let old = Token::from_text(&text)?;
        if !old.renews_with(client, handle, now) {
            return Ok(Renewal::Refused);
        }
        // The new one first, which nobody knows yet: should this stop half-way, the old one is still
        // there. Whoever removes the old one has renewed it.
        let new_identifier = new.identifier.clone();
        if self.insert_token(new, now).await? == Creation::Exists {
            return Ok(Renewal::Refused);
        }
        if self.replace(&key, &text, "").await? {
            self.leave_indices(&old).await;
            Ok(Renewal::Renewed)
        } else {
            let _ = self.revoke_token(&new_identifier).await?;
            Ok(Renewal::Refused)
        }
    }
}

impl RedisStore {
    fn indices(&self, token: &Token) -> [String; 2] {
        [
            self.key(Kind::TokensOfOwner, &token.owner),
            self.key(Kind::TokensOfClient, &token.client),
        ]
    }

    /// What is done is done, whether or not its name is gone.
    async fn leave_indices(&self, token: &Token) {
        for index in self.indices(token) {
            let mut leave = redis::cmd("ZREM");
            leave.arg(&index).arg(&token.identifier);
            let _: Result<i64, StoreError> = self.ask(&leave).await;
        }
    }

    async fn named(&self, index: &str) -> Result<Vec<String>, StoreError> {
        let mut all = redis::cmd("ZRANGEBYSCORE");
        all.arg(index).arg("-inf").arg("+inf");
        self.ask(&all).await
    }
}

fn score(last: Option<Timestamp>) -> String {
    last.map_or_else(|| "+inf".into(), |last| alloc::format!("{last}"))
}
