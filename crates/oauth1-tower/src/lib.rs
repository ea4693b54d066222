//! OAuth 1.0a (RFC 5849) as [tower] layers, for every service of `http` requests: hyper, axum,
//! tonic-style stacks, HTTP/1 and HTTP/2.
//!
//! | feature | what it adds |
//! | --- | --- |
//! | `verify` (default) | [`verify`]: [`VerifyLayer`], for servers |
//! | `axum` | [`Verified`] as an extractor |
//! | `metrics` | counters through the `metrics` facade |
//!
//! [tower]: https://docs.rs/tower
#![forbid(unsafe_code)]

#[cfg(feature = "verify")]
extern crate alloc;

#[cfg(feature = "verify")]
pub mod verify;

#[cfg(feature = "verify")]
pub use self::verify::{EffectiveOrigin, Verified, VerifyLayer};
