//! The challenges of a realm.

use alloc::sync::Arc;

use http::HeaderValue;
use oauth1_core::verify::{Reason, Rejection};

/// What `WWW-Authenticate` says to who is refused. What can be sent again and again at no cost is answered
/// with what was made beforehand.
#[derive(Clone, Debug)]
pub(super) struct Challenges {
    realm: Arc<str>,
    /// The same for an unknown client, an unknown token and a bad signature.
    signature_invalid: HeaderValue,
    nonce_replayed: HeaderValue,
}

impl Challenges {
    pub(super) fn new(realm: &str) -> Self {
        let of = |reason| Rejection::new(reason).challenge_header(realm);
        Self {
            realm: realm.into(),
            signature_invalid: of(Reason::SignatureInvalid),
            nonce_replayed: of(Reason::NonceReplayed),
        }
    }

    pub(super) fn realm(&self) -> &str {
        &self.realm
    }

    pub(super) fn of(&self, rejection: &Rejection) -> HeaderValue {
        match rejection.reason() {
            Reason::SignatureInvalid | Reason::ClientUnknown | Reason::TokenUnknown => {
                self.signature_invalid.clone()
            }
            Reason::NonceReplayed => self.nonce_replayed.clone(),
            _ => rejection.challenge_header(&self.realm),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_made_beforehand_is_what_would_be_made() {
        let challenges = Challenges::new("Photos \"of\" Jane");
        for reason in [
            Reason::SignatureInvalid,
            Reason::ClientUnknown,
            Reason::TokenUnknown,
            Reason::NonceReplayed,
            Reason::UnsupportedVersion,
        ] {
            let rejection = Rejection::new(reason);
            assert_eq!(
                challenges.of(&rejection),
                rejection.challenge_header(challenges.realm()),
                "{reason:?}"
            );
        }
    }
}
