//! Shared secrets that are keyed once, and what stands in for them.

use alloc::sync::Arc;
use core::fmt;
use std::sync::OnceLock;

use oauth1_core::{
    BaseString, HmacSha1, HmacSha256, HmacSha512, Secret, SharedSecrets, StandIn, Value, Verdict,
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

/// What a store that keeps [`KeyedSecrets`] has in their place where it finds nobody: the
/// [`StandIn`] of the core, but keyed once, so that it does as much work and no more.
///
/// ```
/// use oauth1_core::VerifyingKey;
/// use oauth1_store::KeyedStandIn;
///
/// let stand_in = KeyedStandIn::new();
/// assert!(stand_in.serves("HMAC-SHA1"));
/// ```
#[derive(Clone, Debug)]
pub struct KeyedStandIn {
    secrets: KeyedSecrets,
    otherwise: StandIn,
}

impl KeyedStandIn {
    /// To be made once and kept.
    #[must_use]
    pub fn new() -> Self {
        Self {
            // As long as the secrets that servers give out. Whatever it says is thrown away.
            secrets: KeyedSecrets::new(
                "stand-in-for-a-client-secret",
                "stand-in-for-a-token-secret",
            ),
            otherwise: StandIn::new(),
        }
    }

    fn of(&self, method: &str) -> &dyn VerifyingKey {
        if self.secrets.serves(method) {
            &self.secrets
        } else {
            &self.otherwise
        }
    }
}

impl Default for KeyedStandIn {
    fn default() -> Self {
        Self::new()
    }
}

impl VerifyingKey for KeyedStandIn {
    fn serves(&self, method: &str) -> bool {
        self.of(method).serves(method)
    }

    fn verify(&self, method: &str, base_string: &BaseString<'_>, signature: Value<'_>) -> Verdict {
        self.of(method).verify(method, base_string, signature)
    }

    fn explaining(&self, method: &str) -> Keys<'_> {
        self.of(method).explaining(method)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_in_serves_what_the_cores_serves_and_knows_nobody() {
        let (kept, of_core) = (KeyedStandIn::new(), StandIn::new());
        let methods = [
            "HMAC-SHA1",
            "HMAC-SHA256",
            "HMAC-SHA512",
            "PLAINTEXT",
            "RSA-SHA1",
            "RSA-SHA256",
            "RSA-SHA512",
            "RSA-PSS",
            "HMAC-MD5",
        ];
        for method in methods {
            assert_eq!(kept.serves(method), of_core.serves(method), "{method}");
        }
        let base_string = BaseString::from_text(b"GET&http%3A%2F%2Fexample.com%2F&");
        for method in methods.iter().filter(|method| kept.serves(method)) {
            let verdict = kept.verify(method, &base_string, Value::plain("another's"));
            assert_eq!(verdict, Verdict::Invalid, "{method}");
        }
        assert_eq!(format!("{kept:?}").matches("stand-in").count(), 0);
    }
}
