//! OAuth 1.0a ([RFC 5849]) for [hyper] 1: a [`Client`] that signs whatever it sends.
//!
//! ```no_run
//! use bytes::Bytes;
//! use http_body_util::{BodyExt as _, Full};
//! use hyper_util::{client::legacy::Client as Pool, rt::TokioExecutor};
//! use oauth1_core::{ClientCredentials, HmacSha1, Signer, TokenCredentials, exchange};
//! use oauth1_hyper::Client;
//!
//! # async fn example() -> anyhow::Result<()> {
//! // What provider consoles call the consumer key and secret, and the access token and secret.
//! let credentials = ClientCredentials::new("dpf43f3p2l4k3l03", "kd94hf93k423kf44");
//! let token = TokenCredentials::new("nnch734d00sl2jdk", "pfkkdhi9sl3r4s00");
//! let signer = Signer::<HmacSha1>::for_token(&credentials, &token);
//!
//! let pool = Pool::builder(TokioExecutor::new()).build_http(); // or any other connector, with TLS
//! let client = Client::new(exchange::Client::new(signer), pool);
//!
//! let request = http::Request::post("http://api.example.com/1.1/statuses/update.json")
//!     .header("content-type", "application/x-www-form-urlencoded")
//!     .body(Full::<Bytes>::from("status=Hello%20Ladies"))?;
//! let response = client.request(request).await?;
//! println!("{}: {:?}", response.status(), response.into_body().collect().await?.to_bytes());
//! # Ok(())
//! # }
//! ```
//!
//! What follows the first signature is decided by [`oauth1_core::exchange`]: redirects are signed anew on
//! the same origin and never for another, each attempt has a nonce of its own, clocks are corrected where
//! that is switched on. How a response came about, the nonce and timestamp among it, stands in its
//! extensions: [`Report`].
//!
//! # Bodies
//!
//! A form is read to the end, since its pairs are signed, up to
//! [`form_limit`](exchange::Client::form_limit) bytes; one that is longer is an error, never an unsigned
//! body. What is at hand as a whole, such as a [`Full`](http_body_util::Full) or a stream of one frame
//! that is ready, is hashed (`oauth_body_hash`) as the [`Signer`](oauth1_core::Signer) says, and can be sent again. Everything else
//! flows through untouched, trailers included, and only once.
//!
//! # Transports
//!
//! [`Client`] sends over anything that is a [`Transport`]: hyper-util's pooled client (feature `pool`), or
//! a single [`Connection`] of HTTP/1 (feature `http1`) or HTTP/2 (feature `http2`).
//!
//! [RFC 5849]: https://www.rfc-editor.org/rfc/rfc5849
#![forbid(unsafe_code)]

extern crate alloc;

pub use oauth1_core::exchange::{self, Report};

#[cfg(any(feature = "http1", feature = "http2"))]
pub use self::connection::Connection;
#[cfg(feature = "flow")]
pub use self::leg::{LegError, complete};
pub use self::{
    body::Body,
    client::Client,
    error::{BoxError, Error},
    transport::{Transport, TransportError},
};

mod body;
mod client;
#[cfg(any(feature = "http1", feature = "http2"))]
mod connection;
mod error;
#[cfg(feature = "flow")]
mod leg;
mod transport;

/// The README's examples compile.
#[cfg(all(doctest, feature = "flow", feature = "pool"))]
#[doc = include_str!("../README.md")]
struct Readme;
