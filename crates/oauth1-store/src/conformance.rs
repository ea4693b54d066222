//! What every store must hold, as functions that test one: run them on a store of your own.
//!
//! ```no_run
//! # #[cfg(feature = "memory")]
//! # async fn tested() -> Result<(), oauth1_store::StoreError> {
//! use std::sync::Arc;
//! use oauth1_store::{conformance, memory::MemoryNonces};
//!
//! // #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
//! let store = Arc::new(MemoryNonces::new()?);
//! assert_eq!(conformance::nonces(&store).await, conformance::NONCE_CASES);
//! # Ok(())
//! # }
//! ```
//!
//! Each function runs its cases one after the other, panics at the first that does not hold, and
//! says how many it has run. They need a runtime of several threads, lest what should happen at once
//! happen in turn. All names that they use are new in each run, so that a store need not be empty; it
//! must have room for some thousand nonces, and for three hundred of one client. They put the clock
//! forward, an hour for each case: a store that is in use would refuse honest requests for as long.
//!
//! What cannot be shown from within one process is in the tests of this crate: several processes, one
//! that is killed, and a server that goes away. [`redis_server`] starts a real server for such tests.

use alloc::{borrow::ToOwned as _, format, string::String, sync::Arc, vec::Vec};

use core::sync::atomic::{AtomicU64, Ordering};

use oauth1_core::{Nonce, Secret, Timestamp};

use crate::{Client, ClientKey};

mod clients;
mod credentials;
mod nonces;
pub mod redis_server;
mod temporaries;
mod tokens;

pub use self::{
    clients::{CLIENT_CASES, clients},
    credentials::{CREDENTIAL_CASES, credentials},
    nonces::{NONCE_CASES, nonces},
    temporaries::{TEMPORARY_CASES, temporaries},
    tokens::{TOKEN_CASES, tokens},
};

/// All cases that there are for a [`ProviderStore`](crate::ProviderStore).
pub const PROVIDER_CASES: usize =
    NONCE_CASES + CLIENT_CASES + TEMPORARY_CASES + TOKEN_CASES + CREDENTIAL_CASES;

/// Runs all of them.
///
/// # Panics
/// At the first that does not hold.
pub async fn provider<S: crate::ProviderStore>(store: &Arc<S>) -> usize {
    nonces(store).await
        + clients(store).await
        + temporaries(store).await
        + tokens(store).await
        + credentials(store).await
}

/// How many tasks do the same at once.
const TASKS: usize = 300;

/// Runs cases by name, and counts them.
macro_rules! suite {
    (
        $(#[$doc:meta])*
        $suite:ident<S: $bound:path>, $count:ident: $($case:ident,)*
    ) => {
        /// How many cases there are.
        pub const $count: usize = [$(stringify!($case)),*].len();

        $(#[$doc])*
        ///
        /// # Panics
        /// At the first case that does not hold.
        pub async fn $suite<S: $bound>(store: &Arc<S>) -> usize {
            let mut ran = 0;
            $(
                // Shown by the test harness if it fails.
                std::println!("{}: {}", stringify!($suite), stringify!($case));
                $case(store).await;
                ran += 1;
            )*
            ran
        }
    };
}
use suite;

/// A name that nobody has used before.
fn unique(what: &str) -> String {
    let random = Nonce::random().expect("the system has random bytes");
    format!("{what}-{}", random.as_str())
}

/// The time that a case begins at: an hour after that of the one before, which may have put the clock
/// forward so that its store has forgotten what was before.
fn start() -> Timestamp {
    static HOURS: AtomicU64 = AtomicU64::new(0);
    let hours = HOURS.fetch_add(1, Ordering::Relaxed);
    after(Timestamp::now(), hours * 60 * 60)
}

fn after(time: Timestamp, seconds: u64) -> Timestamp {
    Timestamp::from_unix_seconds(time.unix_seconds() + seconds)
}

fn secret(text: &str) -> Secret<'static> {
    Secret::from(text.to_owned())
}

fn client(identifier: &str, now: Timestamp) -> Client {
    Client::new(identifier, ClientKey::Shared(secret("of the client")), now)
}

/// Runs [`TASKS`] futures at once and gives their answers in no order.
async fn at_once<F>(make: impl Fn(usize) -> F) -> Vec<F::Output>
where
    F: Future<Output: Send> + Send + 'static,
{
    let barrier = Arc::new(tokio::sync::Barrier::new(TASKS));
    let mut tasks = tokio::task::JoinSet::new();
    for at in 0..TASKS {
        let (barrier, future) = (Arc::clone(&barrier), make(at));
        tasks.spawn(async move {
            barrier.wait().await;
            future.await
        });
    }
    tasks.join_all().await
}
