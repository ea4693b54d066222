//! Spent nonces: one command for each.

use oauth1_core::Timestamp;
use redis::{Cmd, Value};

use super::{Connection, Kind, RedisStore};
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
        let mut set = Cmd::with_capacity(6, 96);
        set.arg("SET")
            .arg(self.key(Kind::Nonce, &fingerprint_text(&nonce)))
            .arg("1")
            .arg("NX")
            .arg("PX")
            .arg(self.lifetime(nonce.remember_until(), now));
        let answer = match self.0.connection {
            Connection::Server(_) => self.ask_with_others(set).await?,
            Connection::Cluster(_) => self.ask(&set).await?,
        };
        // "OK" where it was set, nothing where it was there. No other answer is a pass.
        match answer {
            Value::Okay => Ok(Insert::Fresh),
            Value::Nil => Ok(Insert::Replayed),
            _ => Err(StoreError::corrupt(
                "SET was answered with neither OK nor nil",
            )),
        }
    }
}
