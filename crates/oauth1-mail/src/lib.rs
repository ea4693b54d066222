//! XOAUTH and OAUTH10A ([RFC 7628]) for the mail clients that Rust people use: logs in to IMAP and SMTP
//! servers with the credentials of OAuth 1.0a. The mechanisms are those of [`oauth1_core::sasl`]; this
//! crate hooks them in.
//!
//! A [`Login`] is one attempt: it is made of a [`Client`](oauth1_core::sasl::Client) of the core, is
//! signed when it is made, and answers what the server says.
//!
//! | feature | client | how |
//! | --- | --- | --- |
//! | `imap` | [`imap`] 3.0.0-alpha.15, blocking | `client.authenticate(login.mechanism(), &login)` |
//! | `async-imap` | [`async-imap`] 0.12, tokio or async-std | the same, and `.await` |
//! | `lettre` | [`lettre`] 0.11, blocking | `smtp::authenticate(&mut connection, &login)` |
//! | `lettre-tokio` | the same on tokio | `smtp::authenticate_async(&mut connection, &login)` |
//!
//! No feature is on by default.
//!
//! ```
//! use oauth1_core::{ClientCredentials, HmacSha1, Signer, TokenCredentials, sasl::Client};
//! use oauth1_mail::Login;
//!
//! let client = ClientCredentials::new("dpf43f3p2l4k3l03", "kd94hf93k423kf44");
//! let token = TokenCredentials::new("nnch734d00sl2jdk", "pfkkdhi9sl3r4s00");
//! let signer = Signer::<HmacSha1>::for_token(&client, &token);
//! let client = Client::oauth10a(signer, "imap.example.com", 993)?.with_identity("jane@example.com");
//! let login = Login::now(&client)?;
//!
//! // The server asks for the message (an empty challenge), and gets it.
//! assert_eq!(login.mechanism(), "OAUTH10A");
//! assert!(login.respond(b"").starts_with(b"n,a=jane@example.com,\x01host=imap.example.com\x01"));
//! // It refuses: the reply lets it say so, and why is kept.
//! assert_eq!(login.respond(br#"{"status":"invalid_token"}"#), b"\x01");
//! let refusal = login.refusal().expect("it was refused");
//! assert!(refusal.error().expect("JSON").status() == *"invalid_token");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Whole programs stand in the guide `docs/guides/mail.md`: one that opens an INBOX, one that sends a
//! message.
//!
//! # IMAP: with and without an initial response
//!
//! Both IMAP clients send `AUTHENTICATE` and wait for the server's `+` before they ask for the message:
//! that works with every server. Where a server announces `SASL-IR` ([RFC 4959]), the message can go with
//! the command, which saves a round trip: both clients send the mechanism's name as they get it, so
//! [`Login::with_initial_response`] in place of [`Login::mechanism`] is all that it takes.
//!
//! # SMTP: why lettre, and how
//!
//! lettre is the client that most Rust programs send mail with. Its `Mechanism` is a closed list, so that
//! its transports cannot be told of another mechanism; but its `SmtpConnection`, which they stand on, is
//! public and sends commands of anybody's. `smtp::authenticate` sends the `AUTH` command and replies to
//! what comes, and the connection can then send messages with `SmtpConnection::send`. What is lost is the
//! pool of `SmtpTransport`: keep the connection for as many messages as there are.
//!
//! RFC 4954 lets a client send the message with the command, unless the line were longer than 512 octets:
//! then it goes in the next line. `smtp::authenticate` does what fits.
//!
//! # TLS
//!
//! It is the mail client's. Neither mechanism needs it, and RFC 7628 recommends it: what is signed is the
//! login alone, and who listens reads the mail. OAUTH10A signs the port that the connection was made to:
//! 143 with STARTTLS, 993 with TLS from the start.
//!
//! [RFC 7628]: https://www.rfc-editor.org/rfc/rfc7628
//! [RFC 4959]: https://www.rfc-editor.org/rfc/rfc4959
//! [`imap`]: https://docs.rs/imap/3.0.0-alpha.15
//! [`async-imap`]: https://docs.rs/async-imap
//! [`lettre`]: https://docs.rs/lettre
#![forbid(unsafe_code)]

pub use self::login::{Login, LoginError, Refusal};

#[cfg(feature = "async-imap")]
mod async_imap;
#[cfg(feature = "imap")]
mod imap;
mod login;
#[cfg(feature = "lettre")]
pub mod smtp;

/// The README's example runs.
#[cfg(all(doctest, feature = "imap"))]
#[doc = include_str!("../README.md")]
struct Readme;
