//! SASL mechanisms that carry OAuth 1.0a into IMAP, SMTP and the like: `XOAUTH`, which Google
//! introduced in 2010, and `OAUTH10A` of [RFC 7628], each for a client and for a server.
//!
//! Messages are raw bytes: the protocol around them has its own base64.
//!
//! ```text
//! the client's side                          the server's side
//!
//! Client                                     Server
//!    │ initial_response(stamp)   ───────▶       │ receive(message, now)
//!    ▼                                          ▼                         ╲
//! Sent ── success: nothing more to do        Received                      ╲
//!    │                                          │ authenticate(Lookup)     ╱  Refusal
//!    │                                          ▼                         ╱      │ answer()
//!    │                                       Authentic                   ╱       ▼
//!    │                                          │ accept(NonceStatus)   ╱     AwaitReply
//!    │                                          ▼                      ╱         │ reply()
//!    │                                       Verified ────────────────╱          ▼
//!    │ challenge(json)           ◀───────       │ authorize(Decision)          Failed
//!    ▼                           ───────▶       ▼
//! Refused: whatever it says, it is over      Authorized
//! ```
//!
//! Who the client wants to act as, the *identity* ([`Verified::identity`]), is what the message says:
//! the user in the URL of XOAUTH, the authorization identity of OAUTH10A. Whether the token may is a
//! question to the application, and there is no [`Authorized`] without its answer.
//!
//! ```
//! # #[cfg(all(feature = "alloc", feature = "hmac-sha1"))]
//! # fn main() -> Result<(), Box<dyn core::error::Error>> {
//! use oauth1_core::{
//!     ClientCredentials, HmacSha1, Nonce, SharedSecrets, Signer, Stamp, StandIn, Timestamp,
//!     TokenCredentials,
//!     sasl::{Answer, Client, Decision, Server},
//!     verify::{Lookup, NonceStatus, Policy},
//! };
//!
//! // The client logs in to the server that it knows as imap.example.com, port 143.
//! let client = ClientCredentials::new("dpf43f3p2l4k3l03", "kd94hf93k423kf44");
//! let token = TokenCredentials::new("nnch734d00sl2jdk", "pfkkdhi9sl3r4s00");
//! let signer = Signer::<HmacSha1>::for_token(&client, &token);
//! let client = Client::oauth10a(signer, "imap.example.com", 143)?.with_identity("jane@example.com");
//!
//! let (mut slots, mut message) = (Vec::new(), Vec::new());
//! let stamp = || Stamp::new(Timestamp::from_unix_seconds(137_131_202), Nonce::new("chapoH"));
//! let sent = client.initial_response(stamp(), &mut slots, &mut message)?;
//! assert!(message.starts_with(b"n,a=jane@example.com,\x01host=imap.example.com\x01port=143\x01"));
//!
//! // The server knows its names and the port that this connection came to.
//! let server = Server::oauth10a(Policy::new(), &["imap.example.com", "mail.example.com"], 143);
//! let now = Timestamp::from_unix_seconds(137_131_210);
//! let mut slots = Vec::new();
//! let received = server.receive(&message, now, &mut slots)?;
//!
//! let secrets = SharedSecrets::new("kd94hf93k423kf44", "pfkkdhi9sl3r4s00");
//! let authentic = received.authenticate(Lookup::Found(&secrets), &StandIn::new())?;
//! let verified = authentic.accept(NonceStatus::Fresh)?;
//! let may = verified.identity().is_some_and(|identity| identity == *"jane@example.com");
//! let authorized = verified.authorize(if may { Decision::Granted } else { Decision::Denied })?;
//! assert!(authorized.client() == "dpf43f3p2l4k3l03");
//!
//! // The same message once more is refused: with a challenge, whose reply means nothing.
//! let mut slots = Vec::new();
//! let received = server.receive(&message, now, &mut slots)?;
//! let authentic = received.authenticate(Lookup::Found(&secrets), &StandIn::new())?;
//! let refusal = authentic.accept(NonceStatus::Replayed).unwrap_err();
//! let mut challenge = Vec::new();
//! let Answer::Challenge(awaiting) = refusal.answer(None, None, &mut challenge) else { panic!() };
//! assert_eq!(challenge, br#"{"status":"invalid_token"}"#);
//!
//! let mut reply = Vec::new();
//! let refused = sent.challenge(&challenge, &mut reply);
//! assert_eq!(refused.error().expect("JSON").status().to_string(), "invalid_token");
//! assert_eq!(reply, b"\x01");
//! let failed = awaiting.reply(&reply);
//! assert_eq!(failed.to_string(), "OAUTH10A: the nonce was used before");
//! # Ok(())
//! # }
//! # #[cfg(not(all(feature = "alloc", feature = "hmac-sha1")))]
//! # fn main() {}
//! ```
//!
//! # What is signed
//!
//! XOAUTH: `GET`, the URL, its query and the protocol parameters, with no body.
//!
//! OAUTH10A ([RFC 7628] section 3.1): `POST`, `http://host:port/` and the protocol parameters, whether
//! or not the connection has TLS, so that any port but 80 shows in the base string. The explicit keys
//! `mthd`, `path`, `post` and `qs` take the place of what is assumed.
//!
//! Both sign with HMAC-SHA1 and nothing else.
//!
//! [RFC 7628]: https://www.rfc-editor.org/rfc/rfc7628

use core::fmt;

pub use self::{
    challenge::{ErrorChallenge, JsonText},
    client::{Client, ClientError, Refused, Sent},
    identity::Identity,
    refusal::{Answer, AwaitReply, Failed, Reason, Refusal},
    server::{Authentic, Authorized, Decision, Received, Server, Verified},
    xoauth::{Protocol, XoauthUrl},
};

mod challenge;
mod client;
mod identity;
mod message;
mod printed;
mod refusal;
mod server;
mod xoauth;

/// The one signature method of both mechanisms.
const METHOD: &str = "HMAC-SHA1";

/// What separates the parts of a message of OAUTH10A, and is the reply to its error: `^A`.
const SEPARATOR: u8 = 1;

/// A SASL mechanism.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Mechanism {
    /// Google's of 2010.
    Xoauth,
    /// That of RFC 7628.
    Oauth10a,
}

impl Mechanism {
    /// The name as `AUTHENTICATE` and `AUTH` have it, and servers announce it.
    ///
    /// ```
    /// assert_eq!(oauth1_core::sasl::Mechanism::Oauth10a.name(), "OAUTH10A");
    /// ```
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Xoauth => "XOAUTH",
            Self::Oauth10a => "OAUTH10A",
        }
    }

    /// The mechanism of a name, letters in either case.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        [Self::Xoauth, Self::Oauth10a]
            .into_iter()
            .find(|mechanism| mechanism.name().eq_ignore_ascii_case(name))
    }
}

impl fmt::Display for Mechanism {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests;
#[cfg(test)]
mod without_heap;
