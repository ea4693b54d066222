//! How the layer behaves as a service: readiness, requests that are dropped, what handlers are given, what
//! operators see.

#![allow(
    clippy::unwrap_used,
    missing_docs,
    reason = "a failed unwrap fails the test; there is nobody to read the documentation"
)]

extern crate alloc;

#[cfg(feature = "axum")]
mod extractor;
mod handling;
mod observing;
mod readiness;
mod support;
