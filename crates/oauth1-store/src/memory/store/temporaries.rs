//! Temporary credentials.

use alloc::{borrow::ToOwned as _, collections::BTreeSet, string::String};
use std::collections::HashMap;

use oauth1_core::Timestamp;

use super::MemoryStore;
use crate::{
    Approval, Bound, Creation, Decided, StoreError, Taken, Temporary, TemporaryStore,
    temporary::{Record, Then},
};

#[derive(Default)]
pub(super) struct Temporaries {
    records: HashMap<String, Record>,
    by_expiry: BTreeSet<(Timestamp, String)>,
}

impl Temporaries {
    fn insert(&mut self, temporary: Temporary) {
        let identifier = temporary.identifier.clone();
        self.by_expiry
            .insert((temporary.expires, identifier.clone()));
        self.records.insert(identifier, Record::new(temporary));
    }

    fn remove(&mut self, identifier: &str) {
        if let Some(record) = self.records.remove(identifier) {
            let expires = record.temporary.expires;
            self.by_expiry.remove(&(expires, identifier.to_owned()));
        }
    }

    /// Two at most for each that comes, so that nobody waits, and all are gone in time.
    fn forget(&mut self, now: Timestamp) {
        for _ in 0..2 {
            let oldest = self.by_expiry.first();
            let Some((_, identifier)) = oldest.filter(|(expires, _)| *expires < now) else {
                return;
            };
            let identifier = identifier.clone();
            self.remove(&identifier);
        }
    }
}

impl TemporaryStore for MemoryStore {
    async fn insert_temporary(
        &self,
        temporary: Temporary,
        now: Timestamp,
    ) -> Result<Creation, StoreError> {
        let mut temporaries = self.temporaries()?;
        temporaries.forget(now);
        if temporaries.records.contains_key(&temporary.identifier) {
            return Ok(Creation::Exists);
        }
        if temporaries.records.len() >= self.bounds.temporaries {
            return Err(StoreError::Full(Bound::Store));
        }
        temporaries.insert(temporary);
        Ok(Creation::Created)
    }

    async fn temporary(
        &self,
        identifier: &str,
        now: Timestamp,
    ) -> Result<Option<Temporary>, StoreError> {
        let temporaries = self.temporaries()?;
        let record = temporaries.records.get(identifier);
        Ok(record
            .filter(|record| record.is_live(now))
            .map(|record| record.temporary.clone()))
    }

    async fn approve_temporary(
        &self,
        identifier: &str,
        approval: Approval,
        now: Timestamp,
    ) -> Result<Decided, StoreError> {
        self.change_temporary(identifier, Decided::Unknown, |record| {
            record.approve(&approval, now)
        })
    }

    async fn deny_temporary(
        &self,
        identifier: &str,
        now: Timestamp,
    ) -> Result<Decided, StoreError> {
        self.change_temporary(identifier, Decided::Unknown, |record| record.deny(now))
    }

    async fn take_temporary(
        &self,
        identifier: &str,
        client: &str,
        verifier: &str,
        now: Timestamp,
    ) -> Result<Taken, StoreError> {
        self.change_temporary(identifier, Taken::Unknown, |record| {
            record.take(client, verifier, now)
        })
    }
}

impl MemoryStore {
    fn change_temporary<A>(
        &self,
        identifier: &str,
        unknown: A,
        change: impl FnOnce(&mut Record) -> (A, Then),
    ) -> Result<A, StoreError> {
        let mut temporaries = self.temporaries()?;
        let Some(record) = temporaries.records.get_mut(identifier) else {
            return Ok(unknown);
        };
        let (answer, then) = change(record);
        if then == Then::Remove {
            temporaries.remove(identifier);
        }
        Ok(answer)
    }
}
