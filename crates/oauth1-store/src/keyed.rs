//! Shared secrets that are keyed once.

use alloc::sync::Arc;
use core::fmt;
use std::sync::OnceLock;

use oauth1_core::{
    BaseString, HmacSha1, HmacSha256, HmacSha512, Secret, SharedSecrets, Value, Verdict,
    VerifyingKey, explain::Keys,
};

/// The secrets of a client and its token, with the state that each HMAC method starts from: made at
/// the first request that uses the method, and kept.
///
/// It verifies what [`SharedSecrets`] verifies, and saves the set-up of the key for each request but
/// the first: for stores that keep their credentials in memory. Cloning copies a pointer.
///
/// ```
/// use oauth1_core::VerifyingKey;
/// use oauth1_store::KeyedSecrets;
///
/// let key = KeyedSecrets::new("kd94hf93k423kf44", "pfkkdhi9sl3r4s00");
/// assert!(key.serves("HMAC-SHA256"));
/// assert!(!key.serves("RSA-SHA256"));
/// ```
#[derive(Clone)]
pub struct KeyedSecrets(Arc<Keyed>);

struct Keyed {
    client: Secret<'static>,
    token: Secret<'static>,
    sha1: OnceLock<HmacSha1>,
    sha256: OnceLock<HmacSha256>,
    sha512: OnceLock<HmacSha512>,
}

impl KeyedSecrets {
    /// The client's secret and that of its token; [`Secret::EMPTY`] where there is none.
    pub fn new<'a>(client: impl Into<Secret<'a>>, token: impl Into<Secret<'a>>) -> Self {
        Self(Arc::new(Keyed {
            client: client.into().into_owned(),
            token: token.into().into_owned(),
            sha1: OnceLock::new(),
            sha256: OnceLock::new(),
            sha512: OnceLock::new(),
        }))
    }
}

impl VerifyingKey for KeyedSecrets {
    fn serves(&self, method: &str) -> bool {
        SharedSecrets::new("", "").serves(method)
    }

    fn verify(&self, method: &str, base_string: &BaseString<'_>, signature: Value<'_>) -> Verdict {
        let keyed = &*self.0;
        let (client, token) = (&keyed.client, &keyed.token);
        match method {
            "HMAC-SHA1" => (keyed.sha1.get_or_init(|| HmacSha1::new(client, token))).verify(
                method,
                base_string,
                signature,
            ),
            "HMAC-SHA256" => (keyed.sha256.get_or_init(|| HmacSha256::new(client, token))).verify(
                method,
                base_string,
                signature,
            ),
            "HMAC-SHA512" => (keyed.sha512.get_or_init(|| HmacSha512::new(client, token))).verify(
                method,
                base_string,
                signature,
            ),
            _ => SharedSecrets::new(client, token).verify(method, base_string, signature),
        }
    }

    fn explaining(&self, _: &str) -> Keys<'_> {
        Keys::shared(&self.0.client, &self.0.token)
    }
}

impl fmt::Debug for KeyedSecrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeyedSecrets(..)")
    }
}
