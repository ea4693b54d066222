//! What binds a decision to the page that an owner was shown (RFC 5849 section 4.13).

use alloc::string::String;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest as _, Sha256};

use crate::owner::Owner;

/// A text that nobody can make who does not know the secret of the owner's session, for this owner and
/// these temporary credentials. Every process behind one address makes the same.
pub(crate) fn consent_token(owner: &Owner, temporary: &str) -> String {
    URL_SAFE_NO_PAD.encode(mac(owner, temporary).finalize().into_bytes())
}

/// Whether a text is that one; in constant time.
pub(crate) fn is_consent_token(token: &[u8], owner: &Owner, temporary: &str) -> bool {
    let decoded = URL_SAFE_NO_PAD.decode(token);
    decoded.is_ok_and(|token| mac(owner, temporary).verify_slice(&token).is_ok())
}

fn mac(owner: &Owner, temporary: &str) -> Hmac<Sha256> {
    // A key of the block's length, as HMAC itself makes it of a longer one.
    let mut key = hmac::digest::Key::<Hmac<Sha256>>::default();
    key[..32].copy_from_slice(&Sha256::digest(owner.session.expose()));
    let mut mac = Hmac::new(&key);
    mac.update(b"oauth1-provider consent 1");
    for part in [temporary, &owner.identifier] {
        mac.update(&(part.len() as u64).to_be_bytes());
        mac.update(part.as_bytes());
    }
    mac
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_of_one_session_one_owner_and_one_request() {
        let owner = |identifier: &str, session: &str| {
            Owner::new(identifier, String::from(session)).unwrap()
        };
        let jane = owner("jane", "6Hq8gKkTLWVxAYcxvEjd4w");
        let token = consent_token(&jane, "temp");
        assert!(is_consent_token(token.as_bytes(), &jane, "temp"));
        let others = [
            (owner("jane", "6Hq8gKkTLWVxAYcxvEjd4W"), "temp"),
            (owner("june", "6Hq8gKkTLWVxAYcxvEjd4w"), "temp"),
            (jane.clone(), "other"),
            // The parts do not run into one another.
            (owner("pjane", "6Hq8gKkTLWVxAYcxvEjd4w"), "tem"),
        ];
        for (owner, temporary) in others {
            assert!(!is_consent_token(token.as_bytes(), &owner, temporary));
        }
        for token in ["", "AAAA", "not base64!", &token[..20]] {
            assert!(!is_consent_token(token.as_bytes(), &jane, "temp"));
        }
    }
}
