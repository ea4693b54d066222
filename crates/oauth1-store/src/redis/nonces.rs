//! Spent nonces: one command for each.

use alloc::string::String;

use oauth1_core::Timestamp;

use super::{Kind, RedisStore};
use crate::{Insert, NonceStore, SpentNonce, StoreError, records::fingerprint_text};

impl NonceStore for RedisStore {
    async fn check_and_insert(
        &self,
        nonce: SpentNonce,
        now: Timestamp,
    ) -> Result<Insert, StoreError> {
        if nonce.remember_until() < now {
            return Ok(Insert::Replayed);
        }
        let mut set = redis::cmd("SET");
        set.arg(self.key(Kind::Nonce, &fingerprint_text(&nonce)))
            .arg(1)
            .arg("NX")
            .arg("PX")
            .arg(self.lifetime(nonce.remember_until(), now));
        // "OK" where it was set, nothing where it was there. No other answer is a pass.
        let answer: Option<String> = self.ask(&set).await?;
        match answer.as_deref() {
            Some("OK") => Ok(Insert::Fresh),
            None => Ok(Insert::Replayed),
            Some(_) => Err(StoreError::corrupt(
                "SET was answered with neither OK nor nil",
            )),
        }
    }
}
