//! OAuth 1.0a (RFC 5849) as [tower] layers, for every service of `http` requests: hyper, axum,
//! tonic-style stacks, HTTP/1 and HTTP/2.
//!
//! | feature | what it adds |
//! | --- | --- |
//! | `sign` (default) | [`sign`]: [`SignLayer`], for clients |
//! | `verify` (default) | [`verify`]: [`VerifyLayer`], for servers |
//! | `axum` | [`Verified`] as an extractor |
//! | `metrics` | counters through the `metrics` facade |
//!
//! [tower]: https://docs.rs/tower
#![forbid(unsafe_code)]

#[cfg(any(feature = "sign", feature = "verify"))]
extern crate alloc;

#[cfg(feature = "sign")]
pub mod sign;
#[cfg(feature = "verify")]
pub mod verify;

#[cfg(feature = "sign")]
pub use self::sign::SignLayer;
#[cfg(feature = "verify")]
pub use self::verify::{EffectiveOrigin, Verified, VerifyLayer};

/// The README's example compiles.
#[cfg(all(doctest, feature = "sign"))]
#[doc = include_str!("../README.md")]
struct Readme;
