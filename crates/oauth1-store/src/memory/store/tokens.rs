//! Tokens, and who has them.

use alloc::{borrow::ToOwned as _, collections::BTreeSet, string::String, sync::Arc, vec::Vec};
use std::{collections::HashMap, sync::OnceLock};

use oauth1_core::{Timestamp, VerifyingKey};

use super::{KeptClient, MemoryStore};
use crate::{Bound, Change, Creation, Renewal, StoreError, Token, TokenStore};

/// A key, and the client that it was made of.
type Keyed = (Arc<KeptClient>, Arc<dyn VerifyingKey + Send + Sync>);

#[derive(Default)]
pub(super) struct Tokens {
    pub(super) kept: HashMap<String, KeptToken>,
    /// Identifiers by owner, by client and by what they are kept until.
    of_owner: HashMap<String, BTreeSet<(Timestamp, String)>>,
    of_client: HashMap<String, BTreeSet<String>>,
    by_expiry: BTreeSet<(Timestamp, String)>,
}

pub(super) struct KeptToken {
    pub(super) token: Token,
    /// The key that its first request was verified with, and the client it was made of.
    pub(super) key: OnceLock<Keyed>,
}

impl Tokens {
    fn insert(&mut self, token: Token) {
        let identifier = || token.identifier.clone();
        let of_owner = self.of_owner.entry(token.owner.clone()).or_default();
        of_owner.insert((token.created, identifier()));
        let of_client = self.of_client.entry(token.client.clone()).or_default();
        of_client.insert(identifier());
        if let Some(until) = token.keep_until() {
            self.by_expiry.insert((until, identifier()));
        }
        let kept = KeptToken {
            token,
            key: OnceLock::new(),
        };
        self.kept.insert(kept.token.identifier.clone(), kept);
    }

    fn remove(&mut self, identifier: &str) -> bool {
        let Some(KeptToken { token, .. }) = self.kept.remove(identifier) else {
            return false;
        };
        let mut empty = false;
        if let Some(tokens) = self.of_owner.get_mut(&token.owner) {
            tokens.remove(&(token.created, identifier.to_owned()));
            empty = tokens.is_empty();
        }
        if empty {
            self.of_owner.remove(&token.owner);
        }
        let mut empty = false;
        if let Some(tokens) = self.of_client.get_mut(&token.client) {
            tokens.remove(identifier);
            empty = tokens.is_empty();
        }
        if empty {
            self.of_client.remove(&token.client);
        }
        if let Some(until) = token.keep_until() {
            self.by_expiry.remove(&(until, identifier.to_owned()));
        }
        true
    }

    /// Two at most for each that comes.
    fn forget(&mut self, now: Timestamp) {
        for _ in 0..2 {
            let oldest = self.by_expiry.first();
            let Some((_, identifier)) = oldest.filter(|(until, _)| *until < now) else {
                return;
            };
            let identifier = identifier.clone();
            self.remove(&identifier);
        }
    }
}

impl TokenStore for MemoryStore {
    async fn insert_token(&self, token: Token, now: Timestamp) -> Result<Creation, StoreError> {
        let mut tokens = self.tokens_to_change()?;
        tokens.forget(now);
        if tokens.kept.contains_key(&token.identifier) {
            return Ok(Creation::Exists);
        }
        if tokens.kept.len() >= self.bounds.tokens {
            return Err(StoreError::Full(Bound::Store));
        }
        tokens.insert(token);
        Ok(Creation::Created)
    }

    async fn token(&self, identifier: &str, now: Timestamp) -> Result<Option<Token>, StoreError> {
        let tokens = self.tokens()?;
        let kept = tokens.kept.get(identifier).map(|kept| &kept.token);
        Ok(kept.filter(|token| token.is_kept(now)).cloned())
    }

    async fn tokens_of_owner(&self, owner: &str, now: Timestamp) -> Result<Vec<Token>, StoreError> {
        let tokens = self.tokens()?;
        let identifiers = tokens.of_owner.get(owner).into_iter().flatten();
        Ok(identifiers
            .filter_map(|(_, identifier)| tokens.kept.get(identifier))
            .map(|kept| &kept.token)
            .filter(|token| token.is_kept(now))
            .cloned()
            .collect())
    }

    async fn revoke_token(&self, identifier: &str) -> Result<Change, StoreError> {
        Ok(if self.tokens_to_change()?.remove(identifier) {
            Change::Done
        } else {
            Change::Unknown
        })
    }

    async fn revoke_tokens_of_client(&self, client: &str) -> Result<u64, StoreError> {
        let mut tokens = self.tokens_to_change()?;
        let identifiers = tokens.of_client.get(client).cloned().unwrap_or_default();
        let removed = identifiers
            .iter()
            .filter(|token| tokens.remove(token))
            .count();
        Ok(removed as u64)
    }

    async fn renew_token(
        &self,
        identifier: &str,
        client: &str,
        handle: &str,
        new: Token,
        now: Timestamp,
    ) -> Result<Renewal, StoreError> {
        let mut tokens = self.tokens_to_change()?;
        let renewable = (tokens.kept.get(identifier))
            .is_some_and(|kept| kept.token.renews_with(client, handle, now));
        if !renewable || tokens.kept.contains_key(&new.identifier) {
            return Ok(Renewal::Refused);
        }
        tokens.remove(identifier);
        tokens.insert(new);
        Ok(Renewal::Renewed)
    }
}
