//! Stores for servers of OAuth 1.0a (RFC 5849): who may sign, and what was signed once and must not
//! be accepted again.
//!
//! # Which trait for whom
//!
//! | who | asks |
//! | --- | --- |
//! | a server of protected resources | [`CredentialStore`]: the key that a request must be signed with; [`NonceStore`]: whether it was here before |
//! | a provider, which gives out credentials (section 2) | these, and [`ClientStore`], [`TemporaryStore`], [`TokenStore`]: together [`ProviderStore`] |
//!
//! Every answer is an enum that cannot be read backwards, and an `Err` is never a pass.
//!
#![cfg_attr(
    feature = "memory",
    doc = "
# From a request to an answer

```
use oauth1_core::{
    ClientCredentials, HmacSha1, RequestView, Signer, Stamp, StandIn, Target, Timestamp,
    verify::{NonceStatus, Policy},
};
use oauth1_store::{
    CredentialStore, NonceStore, SpentNonce,
    memory::{MemoryCredentials, MemoryNonces},
};

# fn main() -> Result<(), Box<dyn std::error::Error>> {
# tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
let client = ClientCredentials::new(\"dpf43f3p2l4k3l03\", \"kd94hf93k423kf44\");
let credentials = MemoryCredentials::new();
credentials.insert_client(&client, \"the printer\");
let nonces = MemoryNonces::new()?;

let request = RequestView::new(\"GET\", Target::parse(\"https://photos.example.net/photos\")?);
# let now = Timestamp::from_unix_seconds(137_131_202);
# let stamp = Stamp::new(now, oauth1_core::Nonce::new(\"chapoH\"));
# let signer = Signer::<HmacSha1>::for_client(&client);
# let header: String = signer.authorization(&request, stamp)?;
let (policy, stand_in, mut slots) = (Policy::new(), StandIn::new(), Vec::new());
let received = policy.receive(&request, [header.as_bytes()], now, &mut slots)?;

let name = received.client().to_string_lossy();
let found = credentials.find(&name, None, now).await?;
let authentic = received.authenticate(found.lookup(), &stand_in)?;

let status = match authentic.replay_key() {
    Some(key) => nonces.check_and_insert(SpentNonce::of(&key), now).await?.into(),
    None => NonceStatus::Absent,
};
let verified = authentic.accept(status)?;
assert!(verified.client() == \"dpf43f3p2l4k3l03\");
# Ok(())
# })
# }
```
"
)]
//!
//! # Which store
//!
//! | store | feature | survives | is shared by |
//! | --- | --- | --- | --- |
//! | `memory` | `memory` | nothing | the threads of one process |
//! | `sqlite` | `sqlite` | a crash, `kill -9`, loss of power | the processes of one machine |
//! | `redis` | `redis` | what the server is set up for | machines |
//!
//! They may be mixed: credentials in a file and nonces on a server, for example. A store of one's own
//! is tested with the functions of the feature `conformance`.
//!
//! # Secrets
//!
//! HMAC needs the secret itself on both sides, so that every store has secrets in clear, and whoever
//! reads it can sign for all. Only RSA clients (feature `rsa`) leave nothing of that kind. In memory,
//! secrets are wiped when they are dropped and never shown by `Debug`; files have mode 0600; Redis
//! should have TLS and a user of its own. Verifiers are kept as hashes, nonces as fingerprints.
//!
//! # Features
//!
//! | feature | what it adds |
//! | --- | --- |
//! | `memory` (default) | the module of that name |
//! | `sqlite`, `redis` | the modules of these names; they need a tokio runtime |
//! | `conformance` | the suite that every store must pass, and a Redis server for tests |
//! | `rsa` | clients that sign with an RSA key |
#![forbid(unsafe_code)]

extern crate alloc;

mod client;
#[cfg(feature = "conformance")]
pub mod conformance;
mod credentials;
mod error;
mod keyed;
#[cfg(feature = "memory")]
pub mod memory;
mod nonces;
mod provider;
#[cfg(feature = "_records")]
mod records;
#[cfg(feature = "redis")]
pub mod redis;
#[cfg(feature = "sqlite")]
pub mod sqlite;
mod temporary;
mod token;

pub use self::{
    client::{Client, ClientKey, ClientStore},
    credentials::{CredentialStore, Credentials, Found},
    error::{Bound, StoreError},
    keyed::{KeyedSecrets, KeyedStandIn},
    nonces::{Insert, NonceStore, SpentNonce},
    provider::{Change, Creation, Grant, ProviderStore},
    temporary::{Approval, Callback, Decided, Decision, Taken, Temporary, TemporaryStore},
    token::{Renewal, Session, Token, TokenStore},
};

/// The README's examples run.
#[cfg(all(doctest, feature = "memory"))]
#[doc = include_str!("../README.md")]
struct Readme;
