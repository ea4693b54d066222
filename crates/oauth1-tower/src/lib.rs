//! OAuth 1.0a (RFC 5849) as [tower] layers, for every service of `http` requests: hyper, axum,
//! tonic-style stacks, HTTP/1 and HTTP/2.
//!
//! | feature | what it adds |
//! | --- | --- |
//! | `sign` (default) | [`sign`]: [`SignLayer`], for clients |
//!
//! [tower]: https://docs.rs/tower
#![forbid(unsafe_code)]

extern crate alloc;

#[cfg(feature = "sign")]
pub mod sign;

#[cfg(feature = "sign")]
pub use self::sign::SignLayer;

/// The README's example compiles.
#[cfg(all(doctest, feature = "sign"))]
#[doc = include_str!("../README.md")]
struct Readme;
