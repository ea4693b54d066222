//! OAuth 1.0a ([RFC 5849]) for [ureq] 3: a [`Middleware`] that signs whatever passes, with
//! `call`, `send`, `send_form` and `send_json` as always.
//!
//! ```no_run
//! use oauth1_core::{ClientCredentials, HmacSha1, Signer, TokenCredentials, exchange};
//! use oauth1_ureq::OAuth1;
//!
//! # fn main() -> anyhow::Result<()> {
//! // What provider consoles call the consumer key and secret, and the access token and secret.
//! let credentials = ClientCredentials::new("dpf43f3p2l4k3l03", "kd94hf93k423kf44");
//! let token = TokenCredentials::new("nnch734d00sl2jdk", "pfkkdhi9sl3r4s00");
//! let signer = Signer::<HmacSha1>::for_token(&credentials, &token);
//!
//! let oauth = OAuth1::new(exchange::Client::new(signer));
//! let agent = ureq::Agent::config_builder().middleware(oauth).build().new_agent();
//!
//! let url = "https://api.example.com/1.1/statuses/update.json";
//! let mut response = agent.post(url).send_form([("status", "Hello Ladies + Gentlemen")])?;
//! println!("{}: {}", response.status(), response.body_mut().read_to_string()?);
//! # Ok(())
//! # }
//! ```
//!
//! What follows the first signature is decided by [`oauth1_core::exchange`]: redirects are signed anew on
//! the same origin and never for another, each attempt has a nonce of its own, clocks are corrected where
//! that is switched on. How a response came about, the nonce and timestamp among it, stands in its
//! extensions: [`Report`].
//!
//! # What of ureq's configuration holds
//!
//! All of the agent's and the request's, but for two things that a middleware cannot see, and that are
//! said here:
//!
//! * ureq follows redirects below its middleware, and drops `Authorization` as it does. It is told not to;
//!   [`redirect_limit`](exchange::Client::with_redirect_limit) takes the place of `max_redirects`. Redirects
//!   and retries go over an agent of this middleware's own, or the one that
//!   [`with_agent`](OAuth1::with_agent) gives it: past the middlewares behind it, the connector, the
//!   resolver and the cookies of the first. Each attempt has the request's timeouts for itself.
//! * A status of 400 and above is an error, as ureq has it, unless
//!   [`with_status_as_error`](OAuth1::with_status_as_error) says otherwise, which takes the place of
//!   `http_status_as_error`.
//!
//! # Bodies
//!
//! A form is read to the end, since its pairs are signed, up to
//! [`form_limit`](exchange::Client::form_limit) bytes; one that is longer is an error, never an unsigned
//! body. A middleware is not told whether any other body is at hand: as many bytes are read of it before
//! it is sent. What ends by then is hashed (`oauth_body_hash`) as the [`Signer`](oauth1_core::Signer) says,
//! and can be sent again; what is longer flows on, and only once, as does from its start what has [`Flow`]
//! among its request's extensions. What flows is chunked, unless the request has a `Content-Length`.
//!
//! [`Middleware`]: ureq::middleware::Middleware
//! [RFC 5849]: https://www.rfc-editor.org/rfc/rfc5849
#![forbid(unsafe_code)]

extern crate alloc;

pub use oauth1_core::exchange::{self, Report};

#[cfg(feature = "flow")]
pub use self::leg::{LegError, complete};
pub use self::{
    body::Flow,
    error::{Error, error_of},
    middleware::OAuth1,
};

mod attempts;
mod body;
mod error;
#[cfg(feature = "flow")]
mod leg;
mod middleware;

/// The README's examples compile.
#[cfg(all(doctest, feature = "flow"))]
#[doc = include_str!("../README.md")]
struct Readme;
