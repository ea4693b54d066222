//! What was signed once and must not be accepted again (RFC 5849 section 3.3).

use alloc::{sync::Arc, vec::Vec};
use core::{future::Future, ops::Range};

use oauth1_core::{Timestamp, verify::ReplayKey};

use crate::StoreError;

/// Remembers which nonces are spent.
///
/// It is asked once the signature of a request holds
/// ([`Authentic::replay_key`](oauth1_core::verify::Authentic::replay_key)), never before: a forged
/// request must not spend the nonce of another.
///
/// ```
/// # #[cfg(feature = "memory")]
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use oauth1_core::Timestamp;
/// use oauth1_store::{Insert, NonceStore, SpentNonce, memory::MemoryNonces};
///
/// # async fn spend() -> Result<(), oauth1_store::StoreError> {
/// let store = MemoryNonces::new()?;
/// let now = Timestamp::from_unix_seconds(137_131_210);
/// let sent = Timestamp::from_unix_seconds(137_131_202);
/// let until = Timestamp::from_unix_seconds(137_131_502);
/// let nonce = || SpentNonce::new("dpf43f3p2l4k3l03", None, sent, "chapoH", until);
///
/// assert_eq!(store.check_and_insert(nonce(), now).await?, Insert::Fresh);
/// assert_eq!(store.check_and_insert(nonce(), now).await?, Insert::Replayed);
/// # Ok(())
/// # }
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(spend())?;
/// # Ok(())
/// # }
/// # #[cfg(not(feature = "memory"))]
/// # fn main() {}
/// ```
///
/// # What an implementation must hold
///
/// The suite of the feature `conformance` checks these on any store. Each mistake is a security bug:
///
/// * **Look and insert are one step.** Of any number of calls with one nonce, from any number of
///   tasks, processes and machines that share the store, exactly one is answered
///   [`Insert::Fresh`]. A look followed by an insert lets two replays in that arrive together.
/// * **`Fresh` means that it is remembered**, until `remember_until`, that second included. A store
///   that answers first and writes later, or that makes room by forgetting what is still to be
///   remembered, lets a replay in. There is no room: [`StoreError::Full`].
/// * **No answer is no pass.** Away, slow, or unable to write: [`StoreError::Unavailable`].
/// * **The whole key counts.** Client, token, timestamp and nonce together: the same nonce of another
///   client, token or second is another nonce, and must be fresh.
/// * **A clock that steps back makes nothing fresh.** What was forgotten at a later `now` is refused
///   at an earlier one ([`Insert::Replayed`]), for nobody can tell any more.
///
/// Servers that share a store share the window too: what one remembers for a minute only, another
/// with a window of five would let in again.
///
/// A call whose future is dropped before it is done may or may not have spent the nonce.
pub trait NonceStore: Send + Sync + 'static {
    /// Whether every answer is there when its future is polled for the first time, as that of a table
    /// in memory is. A server then keeps nothing for the time of an answer; one that was promised and is
    /// not there counts as none.
    const ANSWERS_AT_ONCE: bool = false;

    /// Whether `nonce` is seen for the first time, and from now on it is not: in one atomic step.
    ///
    /// `now` is the server's clock, the one that the request's timestamp was checked with. A nonce
    /// whose `remember_until` is before `now` is answered with [`Insert::Replayed`].
    ///
    /// # Errors
    /// [`StoreError`]: the request is refused.
    fn check_and_insert(
        &self,
        nonce: SpentNonce,
        now: Timestamp,
    ) -> impl Future<Output = Result<Insert, StoreError>> + Send;
}

impl<S: NonceStore> NonceStore for Arc<S> {
    const ANSWERS_AT_ONCE: bool = S::ANSWERS_AT_ONCE;

    fn check_and_insert(
        &self,
        nonce: SpentNonce,
        now: Timestamp,
    ) -> impl Future<Output = Result<Insert, StoreError>> + Send {
        (**self).check_and_insert(nonce, now)
    }
}

/// The answer of a [`NonceStore`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[must_use = "a replay that nobody looked at is accepted"]
pub enum Insert {
    /// It was not known, and now is.
    Fresh,
    /// It was known; or it is so old that it may have been known and forgotten.
    Replayed,
}

impl From<Insert> for oauth1_core::verify::NonceStatus {
    fn from(insert: Insert) -> Self {
        match insert {
            Insert::Fresh => Self::Fresh,
            Insert::Replayed => Self::Replayed,
        }
    }
}

/// What a [`NonceStore`] remembers: client, token, timestamp and nonce as bytes that no other such
/// combination has (those of [`ReplayKey::write_to`]), and until when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpentNonce {
    key: Vec<u8>,
    client: Range<usize>,
    timestamp: Timestamp,
    remember_until: Timestamp,
}

impl SpentNonce {
    /// The timestamp, and the length of the client's identifier.
    const CLIENT_AT: usize = 16;

    /// The timestamp, and the lengths of client, token and nonce.
    const FIXED: usize = 32;

    /// From what the core says of an authentic request.
    #[must_use]
    pub fn of(replay_key: &ReplayKey<'_>) -> Self {
        let client = replay_key.client().len();
        let token = replay_key.token().map_or(0, |token| token.len());
        let nonce = replay_key.nonce().len();
        let mut key = Vec::with_capacity(Self::FIXED + client + token + nonce);
        replay_key.write_to(&mut key);
        Self {
            key,
            client: Self::CLIENT_AT..Self::CLIENT_AT + client,
            timestamp: replay_key.timestamp(),
            remember_until: replay_key.remember_until(),
        }
    }

    /// From the decoded values. For tests, and for requests that were verified elsewhere.
    #[must_use]
    pub fn new(
        client: &str,
        token: Option<&str>,
        timestamp: Timestamp,
        nonce: &str,
        remember_until: Timestamp,
    ) -> Self {
        let texts = client.len() + token.map_or(0, str::len) + nonce.len();
        let mut key = Vec::with_capacity(Self::FIXED + texts);
        key.extend(timestamp.unix_seconds().to_be_bytes());
        for value in [Some(client), token, Some(nonce)] {
            let length = value.map_or(u64::MAX, |value| value.len() as u64);
            key.extend(length.to_be_bytes());
            key.extend(value.unwrap_or_default().as_bytes());
        }
        Self {
            key,
            client: Self::CLIENT_AT..Self::CLIENT_AT + client.len(),
            timestamp,
            remember_until,
        }
    }

    /// All that must be the same for two to be the same.
    #[must_use]
    pub fn key(&self) -> &[u8] {
        &self.key
    }

    /// The client's identifier, decoded: for bounds of each client's own.
    #[must_use]
    pub fn client(&self) -> &[u8] {
        &self.key[self.client.clone()]
    }

    /// The request's timestamp, which a replay has too.
    #[must_use]
    pub const fn timestamp(&self) -> Timestamp {
        self.timestamp
    }

    /// Until when it must be remembered, that second included.
    #[must_use]
    pub const fn remember_until(&self) -> Timestamp {
        self.remember_until
    }
}
