use oauth1_core::{RsaPrivateKey, RsaPublicKey};

use super::assert_one_line;

/// Input: a key, a certificate, or neither.
pub(super) fn check(input: &[u8]) {
    let text = core::str::from_utf8(input).ok();
    let private = [
        Some(RsaPrivateKey::from_der(input)),
        text.map(RsaPrivateKey::from_pem),
    ];
    for key in private.into_iter().flatten() {
        match key {
            Ok(key) => {
                assert_eq!(key.public_key().bits(), key.bits());
                // Some eighty characters: there is no room for a number of that size.
                assert!(format!("{key:?}").len() < 200);
            }
            Err(error) => assert_one_line(&error.to_string()),
        }
    }
    let public = [
        Some(RsaPublicKey::from_der(input)),
        text.map(RsaPublicKey::from_pem),
    ];
    for key in public.into_iter().flatten() {
        match key {
            Ok(key) => assert!((1..=16_384).contains(&key.bits())),
            Err(error) => assert_one_line(&error.to_string()),
        }
    }
}
