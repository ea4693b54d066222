//! A provider's decisions (RFC 5849 section 2): what was asked, which checks must be made, what to
//! store and what to answer. Needs `alloc`; no I/O, no clock, no random source.
//!
//! Each of the three endpoints is a chain of states. A state that needs an answer from a store says
//! so by the argument of its next step; random bytes and the time are arguments too.
//!
//! ```text
//! temporary credentials (2.1)          authorization (2.2)               token credentials (2.3)
//!
//! TemporaryRequest::read(Verified)     AuthorizationRequest::read(query) TokenRequest::read(Verified,
//!    │ check(Registration)                │ found(Pending | none, now)      │              SignedBy)
//!    ▼                                    ▼                                 ├─ Exchange ── taken(Take)
//! TemporaryGrant                       Consent, shown to the owner          ├─ Renewal ─ renewed(Renew)
//!    │ store it; NewCredentials           │ approve(bytes) │ deny()         └─ PasswordRequest
//!    ▼                                    ▼                ▼                     │ check(Registration)
//! Reply (oauth_callback_confirmed)     Approval         Denial                   │ judged(Password)
//!                                         │ recorded(..)   │ recorded(..)        ▼
//!                                         ▼                ▼                TokenGrant
//!                                      Outcome: redirect to the callback,      │ NewCredentials
//!                                      or show the verifier                    ▼
//!                                                                           TokenReply
//! ```
//!
//! The signature of each request is verified beforehand by the chain of [`verify`](crate::verify),
//! with the credentials that the endpoint demands; [`SignedBy`] says which they were.
//!
//! ```
//! # #[cfg(feature = "plaintext")]
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use oauth1_core::{
//!     Secret, SharedSecrets, StandIn, Target, RequestView, Timestamp,
//!     provider::{
//!         AuthorizationRequest, Decided, NewCredentials, Outcome, Pending, Registration, SignedBy,
//!         Take, TemporaryRequest, TokenRequest,
//!     },
//!     verify::{Lookup, NonceStatus, Policy, Rejection, Verified},
//! };
//! # fn verified<T>(
//! #     header: &str, token_secret: &str, then: impl FnOnce(&Verified<'_>) -> T,
//! # ) -> Result<T, Box<dyn std::error::Error>> {
//! #     let target = Target::parse("https://photos.example.net/oauth")?;
//! #     let (request, policy, mut slots) = (RequestView::new("POST", target), Policy::new(), vec![]);
//! #     let now = Timestamp::from_unix_seconds(137_131_200);
//! #     let received = policy.receive(&request, [header.as_bytes()], now, &mut slots)?;
//! #     let secrets = SharedSecrets::new("kd94hf93k423kf44", token_secret);
//! #     let authentic = received.authenticate(Lookup::Found(&secrets), &StandIn::new())?;
//! #     Ok(then(&authentic.accept(NonceStatus::Absent)?))
//! # }
//!
//! let now = Timestamp::from_unix_seconds(137_131_200);
//! let registration = Registration::new(&["https://printer.example.com/ready"], &["photos"]);
//!
//! // 1. The client asks for temporary credentials; `verified` is the chain of `verify`.
//! let header = r#"OAuth oauth_consumer_key="dpf43f3p2l4k3l03",oauth_signature_method="PLAINTEXT",
//!     oauth_callback="https%3A%2F%2Fprinter.example.com%2Fready%3Fx%3D1",
//!     oauth_signature="kd94hf93k423kf44%26""#;
//! # let header = &header.replace("\n    ", "");
//! let asked = verified(header, "", |request| TemporaryRequest::read(request))??;
//! let grant = asked.check(&registration)?;
//! let temporary = NewCredentials::from_bytes([1; 52]);
//! // ... store `temporary`, the client, the callback and the realms ...
//! assert!(temporary.temporary_reply().expose().ends_with("&oauth_callback_confirmed=true"));
//!
//! // 2. The owner comes with them, is asked, and approves.
//! let query = format!("oauth_token={}", temporary.identifier());
//! let asked = AuthorizationRequest::read(query.as_bytes())?;
//! let pending = Pending::new(grant.callback(), Timestamp::from_unix_seconds(137_131_800));
//! let consent = asked.found(Some(pending), now)?;
//! let approval = consent.approve([2; 20]);
//! // ... store the owner and `approval.verifier()`; it is the first decision: ...
//! let verifier = approval.verifier().expose().to_owned();
//! let Outcome::Redirect(uri) = approval.recorded(Decided::Recorded)? else { panic!() };
//! assert!(uri.starts_with("https://printer.example.com/ready?x=1&oauth_token="));
//!
//! // 3. The client comes back with the verifier.
//! let header = format!(
//!     r#"OAuth oauth_consumer_key="dpf43f3p2l4k3l03",oauth_token="{}",oauth_verifier="{verifier}",
//!     oauth_signature_method="PLAINTEXT",oauth_signature="kd94hf93k423kf44%26{}""#,
//!     temporary.identifier(), temporary.secret().expose(),
//! );
//! # let header = &header.replace("\n    ", "");
//! let asked = verified(header, temporary.secret().expose(), |request| {
//!     TokenRequest::read(request, SignedBy::Temporary)
//! })??;
//! let TokenRequest::Exchange(exchange) = asked else { panic!() };
//! // ... the store removes the temporary credentials if the verifier is theirs ...
//! let grant = exchange.taken(Take::Taken)?;
//! let token = NewCredentials::from_bytes([3; 52]);
//! // ... store `token` with the owner and the realms ...
//! let reply = grant.reply(&token).with_extra("screen_name", "jane doe").write();
//! assert!(reply.expose().starts_with("oauth_token="));
//! assert!(reply.expose().ends_with("&screen_name=jane%20doe"));
//! # Ok(())
//! # }
//! # #[cfg(not(feature = "plaintext"))]
//! # fn main() {}
//! ```

use alloc::{string::String, vec::Vec};

pub use self::{
    authorization::{Approval, AuthorizationRequest, Consent, Decided, Denial, Outcome, Pending},
    callback::{Callback, CallbackError, CallbackUri},
    issue::{NewCredentials, Reply, SessionHandle, TokenReply, Verifier},
    refusal::Refusal,
    temporary::{Registration, TemporaryGrant, TemporaryRequest},
    token::{
        Exchange, Password, PasswordRequest, Renew, Renewal, RevocationRequest, SignedBy, Take,
        TokenGrant, TokenRequest,
    },
    transport::Transport,
};
use crate::{value::Value, verify::Verified};

mod authorization;
mod callback;
mod issue;
mod refusal;
mod temporary;
mod token;
mod transport;

/// A signed parameter that may be there once: twice is a refusal, for nobody knows which was meant.
fn parameter(verified: &Verified<'_>, name: &'static str) -> Result<Option<String>, Refusal> {
    let mut found = None;
    for (other, value) in verified.parameters() {
        if other == name {
            let value = text(value).ok_or(Refusal::ParameterRejected(name))?;
            if found.replace(value).is_some() {
                return Err(Refusal::ParameterRejected(name));
            }
        }
    }
    Ok(found)
}

/// The client's identifier, as stores have it.
fn client(verified: &Verified<'_>) -> Result<String, Refusal> {
    text(verified.client()).ok_or(Refusal::ParameterRejected("oauth_consumer_key"))
}

fn text(value: Value<'_>) -> Option<String> {
    let bytes: Vec<u8> = value.bytes().collect();
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
#[cfg(feature = "plaintext")]
mod tests;
