//! OAuth 1.0a ([RFC 5849]): sign HTTP requests and verify them, with whatever HTTP stack, with or
//! without a heap, and without any I/O.
//!
//! # The protocol in one screen
//!
//! A *client* (an application) has an identifier and a secret that a server gave it. With the
//! *resource owner's* consent it gets a *token* for the owner's resources, which has an identifier
//! and a secret too. With each request the client sends, most often in the `Authorization` header,
//! its identifier, that of the token, a timestamp, a nonce and a signature:
//!
//! ```text
//! GET /photos?file=vacation.jpg&size=original HTTP/1.1
//! Host: photos.example.net
//! Authorization: OAuth realm="Photos", oauth_consumer_key="dpf43f3p2l4k3l03",
//!     oauth_token="nnch734d00sl2jdk", oauth_signature_method="HMAC-SHA1",
//!     oauth_timestamp="137131202", oauth_nonce="chapoH",
//!     oauth_signature="MdpQcU8iPSUjWoN%2FUDMsK2sui9I%3D"
//! ```
//!
//! What is signed is the *base string*: the method, the URI without its query, and all parameters of
//! query, form body and header, each encoded, sorted, and encoded once more:
//!
//! ```text
//! GET&http%3A%2F%2Fphotos.example.net%2Fphotos&file%3Dvacation.jpg%26oauth_consumer_key%3D...
//! ```
//!
//! The key is both secrets with an `&` between them. The server computes the same base string from
//! what it received, and with it the same signature; then it makes sure that it has never seen that
//! nonce with that timestamp, client and token before.
//!
//! # Sign a request of the `http` crate
//!
//! ```
//! # #[cfg(all(feature = "http", feature = "os", feature = "hmac-sha1"))]
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use oauth1_core::{ClientCredentials, HmacSha1, Signer, Stamp, TokenCredentials, http::Payload};
//!
//! let client = ClientCredentials::new("dpf43f3p2l4k3l03", "kd94hf93k423kf44");
//! let token = TokenCredentials::new("nnch734d00sl2jdk", "pfkkdhi9sl3r4s00");
//! let signer = Signer::<HmacSha1>::for_token(&client, &token);
//!
//! let form = "status=Hello%20Ladies%20%2B%20Gentlemen";
//! let mut request = http::Request::post("https://api.example.com/1.1/statuses/update.json")
//!     .header("content-type", "application/x-www-form-urlencoded")
//!     .body(form)?;
//! signer.sign_request(&mut request, Payload::Bytes(form.as_bytes()), Stamp::now()?)?;
//! assert!(request.headers().contains_key("authorization"));
//! # Ok(())
//! # }
//! # #[cfg(not(all(feature = "http", feature = "os", feature = "hmac-sha1")))]
//! # fn main() {}
//! ```
//!
//! # Verify one
//!
//! Verification is a chain of types, and the caller answers a question at each step from wherever it
//! keeps the answer: see [`verify`].
//!
//! ```
//! # #[cfg(all(feature = "http", feature = "os", feature = "hmac-sha1"))]
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use oauth1_core::{
//!     Origin, SharedSecrets, StandIn, Timestamp, http::Payload,
//!     verify::{Lookup, NonceStatus, Policy, Rejection},
//! };
//! # use oauth1_core::{ClientCredentials, HmacSha1, Signer, Stamp, TokenCredentials};
//!
//! # fn check(parts: &http::request::Parts) -> Result<String, Rejection> {
//! let policy = Policy::new();
//! let origin = Origin::parse("https://api.example.com").expect("an origin");
//! let mut slots = Vec::new();
//! let received =
//!     policy.receive_parts(parts, origin, Payload::Empty, Timestamp::now(), &mut slots)?;
//!
//! let secrets = SharedSecrets::new("kd94hf93k423kf44", "pfkkdhi9sl3r4s00");
//! let known = received.client() == "dpf43f3p2l4k3l03";
//! let lookup = if known { Lookup::Found(&secrets) } else { Lookup::ClientUnknown };
//! let authentic = received.authenticate(lookup, &StandIn::new())?;
//!
//! // Ask a store that remembers `authentic.replay_key()`.
//! let verified = authentic.accept(NonceStatus::Fresh)?;
//! Ok(verified.client().to_string_lossy())
//! # }
//! # let client = ClientCredentials::new("dpf43f3p2l4k3l03", "kd94hf93k423kf44");
//! # let token = TokenCredentials::new("nnch734d00sl2jdk", "pfkkdhi9sl3r4s00");
//! # let signer = Signer::<HmacSha1>::for_token(&client, &token);
//! # let mut request = http::Request::get("https://api.example.com/photos?a=1").body(())?;
//! # signer.sign_request(&mut request, Payload::Empty, Stamp::now()?)?;
//! # let parts = request.into_parts().0;
//! # assert_eq!(check(&parts)?, "dpf43f3p2l4k3l03");
//! # Ok(())
//! # }
//! # #[cfg(not(all(feature = "http", feature = "os", feature = "hmac-sha1")))]
//! # fn main() {}
//! ```
//!
//! # In an HTTP stack of one's own
//!
//! A [`RequestView`] needs the method, the target and what of the body is signed; what comes back is
//! the value of the `Authorization` header. [`Signer::sign`] writes it into a buffer that is kept, and
//! allocates nothing; a [`Prepared`] endpoint does all but the nonce and the timestamp beforehand.
//!
//! ```
//! # #[cfg(all(feature = "alloc", feature = "hmac-sha1"))]
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use oauth1_core::{
//!     ClientCredentials, HmacSha1, Nonce, RequestView, Signer, Stamp, Target, Timestamp,
//! };
//!
//! let client = ClientCredentials::new("dpf43f3p2l4k3l03", "kd94hf93k423kf44");
//! let signer = Signer::<HmacSha1>::for_client(&client);
//! let target = Target::parse("https://api.example.com/search?q=r%C3%A9sum%C3%A9")?;
//! // The clock and the random source are the caller's; with the feature `os`, `Stamp::now()`.
//! let stamp = Stamp::new(Timestamp::from_unix_seconds(137_131_202), Nonce::from_bytes([7; 15]));
//! let header: String = signer.authorization(&RequestView::new("GET", target), stamp)?;
//! assert!(header.starts_with("OAuth "));
//! # Ok(())
//! # }
//! # #[cfg(not(all(feature = "alloc", feature = "hmac-sha1")))]
//! # fn main() {}
//! ```
//!
//! # Without a heap
//!
//! The same calls take memory of the caller's in place of a `Vec`: [`SlotArray`] for the parameters, a
//! [`SliceSink`](sink::SliceSink) for what is written.
//!
//! ```
//! # #[cfg(feature = "hmac-sha1")]
//! # fn main() -> Result<(), Box<dyn core::error::Error>> {
//! use oauth1_core::{
//!     ClientCredentials, HmacSha1, Nonce, ProtocolParameters, RequestView, Signer, SlotArray, Stamp,
//!     Target, Timestamp, sink::SliceSink,
//! };
//!
//! let client = ClientCredentials::new("sensor-17", "kd94hf93k423kf44");
//! let signer = Signer::<HmacSha1>::for_client(&client);
//! let request = RequestView::new("POST", Target::parse("https://api.example.com/readings")?)
//!     .with_form(b"celsius=21.5");
//! let stamp = Stamp::new(Timestamp::from_unix_seconds(137_131_202), Nonce::from_bytes([7; 15]));
//!
//! let mut slots = SlotArray::<8>::new();
//! let mut memory = [0; 320];
//! let mut header = SliceSink::new(&mut memory);
//! signer.sign(&request, &ProtocolParameters::NONE, stamp, &mut slots, &mut header)?;
//! let header: &[u8] = header.finish()?;
//! assert!(header.starts_with(b"OAuth oauth_consumer_key=\"sensor-17\""));
//! # Ok(())
//! # }
//! # #[cfg(not(feature = "hmac-sha1"))]
//! # fn main() {}
//! ```
//!
//! # Mail
//!
//! [`sasl`] has XOAUTH and OAUTH10A, which log in to IMAP and SMTP servers with the same credentials.
//!
//! # Features
//!
//! | feature | what it adds |
//! | --- | --- |
//! | `hmac-sha1`, `hmac-sha256`, `hmac-sha512` | [`HmacSha1`], [`HmacSha256`], [`HmacSha512`] |
//! | `rsa-sha1`, `rsa-sha256`, `rsa-sha512`, `rsa-pss` | [`RsaSha1`], [`RsaSha256`], [`RsaSha512`], [`RsaPss`], keys from PEM and DER; needs `alloc` |
//! | `plaintext` | [`Plaintext`], for TLS alone |
//! | `http` | [`mod@http`]: requests of the `http` crate; [`exchange`]: their redirects and retries; needs `std` |
//! | `os` | [`Stamp::now`]: the system's clock and random source; needs `std` |
//! | `serde` | credentials that can be stored |
//! | `flow` | [`flow`]: how a client gets token credentials, and renews them; needs `http` and `serde` |
//! | `alloc`, `std` | a heap, and with it [`explain`]: why a signature does not match, and [`profile`]: particulars of providers; the standard library |
//!
//! `default` is `std`, `http`, `os`, `hmac-sha1`, `hmac-sha256` and `plaintext`. No feature changes
//! what another does.
//!
//! # Words
//!
//! The names are those of RFC 5849. Older texts and provider consoles have others:
//!
//! | here | elsewhere |
//! | --- | --- |
//! | client credentials | consumer key and secret, API key and secret |
//! | temporary credentials | request token and secret |
//! | token credentials | access token and secret |
//! | identifier | key, token |
//! | resource owner | user |
//!
//! [RFC 5849]: https://www.rfc-editor.org/rfc/rfc5849
#![no_std]
#![forbid(unsafe_code)]

#[cfg(feature = "alloc")]
extern crate alloc;
#[cfg(any(feature = "std", test))]
extern crate std;

pub mod authorization;
mod base64_text;
mod base_string;
mod body_hash;
pub mod content_type;
mod credentials;
mod decimal;
mod draft;
mod endpoint;
#[cfg(feature = "http")]
pub mod exchange;
#[cfg(feature = "alloc")]
pub mod explain;
#[cfg(feature = "flow")]
pub mod flow;
pub mod form;
pub mod forwarded;
#[cfg(feature = "http")]
pub mod http;
mod method;
mod parameters;
pub mod percent;
mod prepared;
#[cfg(feature = "alloc")]
pub mod problem;
#[cfg(feature = "alloc")]
pub mod profile;
#[cfg(feature = "alloc")]
pub mod provider;
mod request;
pub mod sasl;
mod signer;
pub mod sink;
mod stamp;
mod target;
mod text;
mod value;
pub mod verify;
mod writer;

#[cfg(feature = "_hmac")]
pub use self::method::hmac::*;
#[cfg(feature = "plaintext")]
pub use self::method::plaintext::{Plaintext, PlaintextState};
#[cfg(feature = "_rsa")]
pub use self::method::rsa::*;
#[cfg(feature = "os")]
pub use self::stamp::RandomSourceError;
pub use self::{
    authorization::Transmission,
    base_string::BaseString,
    body_hash::{BodyHash, BodyHasher},
    credentials::{ClientCredentials, Secret, TemporaryCredentials, TokenCredentials},
    draft::{Draft, ExternalKey},
    endpoint::Endpoint,
    method::{
        Digest, KeyFrom, SigningFailed, SigningKey, Verdict, VerifyingKey,
        shared::{SharedSecrets, StandIn},
    },
    parameters::{Slot, SlotArray, Slots},
    prepared::Prepared,
    request::{Body, RequestView},
    signer::{BodyHashRule, ProtocolParameters, SignError, SignatureMethod, Signer},
    stamp::{Nonce, Stamp, Timestamp, UsedStamp},
    target::{BaseStringUri, Origin, Target, UriError, UriErrorKind},
    text::Text,
    value::{Bytes, Encoding, Parameter, Value},
};

/// The README's example runs.
#[cfg(all(doctest, feature = "http", feature = "os", feature = "hmac-sha1"))]
#[doc = include_str!("../README.md")]
struct Readme;
