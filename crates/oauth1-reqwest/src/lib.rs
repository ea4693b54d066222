//! OAuth 1.0a ([RFC 5849]) for [reqwest]: requests are built as always, and signed when they
//! are sent.
//!
//! ```no_run
//! use oauth1_core::{ClientCredentials, HmacSha1, Signer, TokenCredentials, exchange};
//! use oauth1_reqwest::Client;
//!
//! # async fn example() -> anyhow::Result<()> {
//! // What provider consoles call the consumer key and secret, and the access token and secret.
//! let credentials = ClientCredentials::new("dpf43f3p2l4k3l03", "kd94hf93k423kf44");
//! let token = TokenCredentials::new("nnch734d00sl2jdk", "pfkkdhi9sl3r4s00");
//! let signer = Signer::<HmacSha1>::for_token(&credentials, &token);
//!
//! let http = reqwest::Client::builder().user_agent("printer/1.0");
//! let client = Client::new(exchange::Client::new(signer), http)?;
//!
//! let url = "https://api.example.com/1.1/statuses/update.json";
//! let form = [("status", "Hello Ladies + Gentlemen")];
//! let response = client.send(client.http().post(url).form(&form)).await?;
//! println!("{}: {}", response.status(), response.text().await?);
//! # Ok(())
//! # }
//! ```
//!
//! What follows the first signature is decided by [`oauth1_core::exchange`]: redirects are signed anew on
//! the same origin and never for another, each attempt has a nonce of its own, clocks are corrected where
//! that is switched on. How a response came about, the nonce and timestamp among it, stands in its
//! extensions: [`Report`].
//!
//! # Redirects
//!
//! reqwest follows redirects by itself unless it is told otherwise, and would send the same signature
//! again, which any server refuses that remembers nonces. [`Client::new`] takes a builder, so that it can
//! switch that off; [`Client::over`] and [`SendSigned`] take clients that exist already, which should have
//! been built with [`redirect::Policy::none`](reqwest::redirect::Policy::none). Where they were not, and a
//! redirect was followed, the answer is an [`Error::RedirectedBelow`]. By then reqwest has sent a
//! request without a body, and without `Authorization` where it led to another host; a body it cannot send on.
//!
//! # Bodies
//!
//! A form is read to the end, since its pairs are signed, up to
//! [`form_limit`](exchange::Client::form_limit) bytes; one that is longer is an error, never an unsigned
//! body. What is at hand as a whole, such as JSON, is hashed (`oauth_body_hash`) as the
//! [`Signer`](oauth1_core::Signer) says, and can be sent again. Streams and multipart bodies flow through
//! untouched, and only once.
//!
//! [RFC 5849]: https://www.rfc-editor.org/rfc/rfc5849
#![forbid(unsafe_code)]

extern crate alloc;

pub use oauth1_core::exchange::{self, Report};

#[cfg(feature = "flow")]
pub use self::leg::{LegError, complete};
pub use self::{client::Client, error::Error, signed::SendSigned};

mod client;
mod error;
#[cfg(feature = "flow")]
mod leg;
mod signed;

/// The README's examples compile.
#[cfg(all(doctest, feature = "flow"))]
#[doc = include_str!("../README.md")]
struct Readme;
