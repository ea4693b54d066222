//! Verifying (RFC 5849 section 3.2), as a chain of types in which nothing can be asked too early.
//!
//! ```text
//! Policy::receive(request, Authorization headers, now)
//!    │  who claims to sign; locations, duplicates, version, method, window, limits
//!    ▼
//! Received ── authenticate(Found(key) | ClientUnknown | TokenUnknown, stand-in)
//!    │  the signature, and the hash of a body that is at hand, in constant time
//!    ▼
//! Authentic ── accept(Fresh | Replayed | Absent)
//!    │  the nonce, which is spent for nobody but its owner
//!    ▼
//! Verified
//! ```
//!
//! There is no callback and no future in it: the caller answers each question from a map, a blocking
//! call or an `await`.
//!
//! ```
//! use oauth1_core::{
//!     RequestView, SharedSecrets, StandIn, Target, Timestamp,
//!     verify::{Lookup, NonceStatus, Policy},
//! };
//!
//! let target = Target::parse("http://photos.example.net/photos?file=vacation.jpg&size=original")?;
//! let request = RequestView::new("GET", target);
//! let header: &[u8] = br#"OAuth realm="Photos", oauth_consumer_key="dpf43f3p2l4k3l03",
//!     oauth_token="nnch734d00sl2jdk", oauth_signature_method="HMAC-SHA1",
//!     oauth_timestamp="137131202", oauth_nonce="chapoH",
//!     oauth_signature="MdpQcU8iPSUjWoN%2FUDMsK2sui9I%3D""#;
//! # let header = String::from_utf8_lossy(header).replace("\n    ", "");
//! # let header = header.as_bytes();
//!
//! let policy = Policy::new();
//! let now = Timestamp::from_unix_seconds(137_131_210);
//! let mut slots = Vec::new();
//! let received = policy.receive(&request, [header], now, &mut slots)?;
//!
//! // Who is it? The secrets come from wherever they are kept.
//! assert!(received.client() == "dpf43f3p2l4k3l03");
//! let secrets = SharedSecrets::new("kd94hf93k423kf44", "pfkkdhi9sl3r4s00");
//! let authentic = received.authenticate(Lookup::Found(&secrets), &StandIn::new())?;
//!
//! // Has this been here before? The answer comes from a store that remembers.
//! let key = authentic.replay_key().expect("not PLAINTEXT");
//! assert!(key.nonce() == "chapoH");
//! let verified = authentic.accept(NonceStatus::Fresh)?;
//! assert!(verified.token().is_some_and(|token| token == "nnch734d00sl2jdk"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub use self::{
    authentic::{Authentic, BodyCheck, Coverage, Lookup, NonceStatus, ReplayKey, Verified},
    policy::{BodyHashPolicy, Limits, Policy},
    received::Received,
    rejection::{ParameterSet, Reason, Rejection},
};

#[cfg(feature = "alloc")]
pub(crate) use self::rejection::write_problem;

mod authentic;
mod collected;
mod policy;
mod received;
mod rejection;

#[cfg(test)]
mod tests;
