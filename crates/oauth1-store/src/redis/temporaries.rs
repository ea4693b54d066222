//! Temporary credentials.

use oauth1_core::Timestamp;

use super::{Kind, RedisStore};
use crate::{
    Approval, Creation, Decided, StoreError, Taken, Temporary, TemporaryStore,
    records::Stored as _, temporary::Record,
};

impl TemporaryStore for RedisStore {
    async fn insert_temporary(
        &self,
        temporary: Temporary,
        now: Timestamp,
    ) -> Result<Creation, StoreError> {
        let record = Record::new(temporary);
        let mut set = redis::cmd("SET");
        set.arg(self.key(Kind::Temporary, &record.temporary.identifier))
            .arg(record.to_text()?.as_str())
            .arg("NX")
            .arg("PX")
            .arg(self.lifetime(record.temporary.expires, now));
        self.create(&set).await
    }

    async fn temporary(
        &self,
        identifier: &str,
        now: Timestamp,
    ) -> Result<Option<Temporary>, StoreError> {
        let record: Option<Record> = self.get(Kind::Temporary, identifier).await?;
        Ok(record
            .filter(|record| record.is_live(now))
            .map(|record| record.temporary))
    }

    async fn approve_temporary(
        &self,
        identifier: &str,
        approval: Approval,
        now: Timestamp,
    ) -> Result<Decided, StoreError> {
        let approve = |record: &mut Record| record.approve(&approval, now);
        self.change(Kind::Temporary, identifier, Decided::Unknown, approve)
            .await
    }

    async fn deny_temporary(
        &self,
        identifier: &str,
        now: Timestamp,
    ) -> Result<Decided, StoreError> {
        let deny = |record: &mut Record| record.deny(now);
        self.change(Kind::Temporary, identifier, Decided::Unknown, deny)
            .await
    }

    async fn take_temporary(
        &self,
        identifier: &str,
        client: &str,
        verifier: &str,
        now: Timestamp,
    ) -> Result<Taken, StoreError> {
        let take = |record: &mut Record| record.take(client, verifier, now);
        self.change(Kind::Temporary, identifier, Taken::Unknown, take)
            .await
    }
}
