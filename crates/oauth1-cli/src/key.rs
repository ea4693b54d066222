//! Signing keys, made once for the lines that share them.

use oauth1_core::{
    BaseString, HmacSha1, HmacSha256, HmacSha512, KeyFrom as _, Plaintext, RsaPrivateKey, RsaPss,
    RsaSha1, RsaSha256, RsaSha512, Secret, SignError, SigningFailed, SigningKey as _,
};
use zeroize::Zeroizing;

use crate::{problem::Problem, signature_method::SignatureMethod};

/// What keys are made of. What a method does not use may be there all the same.
#[derive(Clone, Copy, Default)]
pub(crate) struct Secrets<'a> {
    pub(crate) client: &'a str,
    pub(crate) token: &'a str,
    /// PEM.
    pub(crate) private_key: Option<&'a str>,
}

/// The key of a signature method.
pub(crate) enum Key {
    HmacSha1(HmacSha1),
    HmacSha256(HmacSha256),
    HmacSha512(HmacSha512),
    RsaSha1(RsaSha1),
    RsaSha256(RsaSha256),
    RsaSha512(RsaSha512),
    RsaPss(RsaPss),
    Plaintext(Plaintext<'static>),
    /// An RSA method without a private key.
    Missing,
}

impl Key {
    /// `client` is the client's secret or, for the RSA methods, its private key in PEM.
    fn new(method: SignatureMethod, client: &str, token: &str) -> Result<Self, Problem> {
        let rsa = method
            .is_rsa()
            .then(|| RsaPrivateKey::from_pem(client))
            .transpose()
            .map_err(|error| Problem::key("private key", error))?;
        let (client, token) = (Secret::from(client), Secret::from(token));
        Ok(Self::of(method, rsa.as_ref(), &client, &token))
    }

    /// `private_key` is there for the RSA methods.
    pub(crate) fn of(
        method: SignatureMethod,
        private_key: Option<&RsaPrivateKey>,
        client: &Secret<'_>,
        token: &Secret<'_>,
    ) -> Self {
        match (method, private_key.cloned()) {
            (SignatureMethod::RsaSha1, Some(key)) => Self::RsaSha1(RsaSha1::new(key)),
            (SignatureMethod::RsaSha256, Some(key)) => Self::RsaSha256(RsaSha256::new(key)),
            (SignatureMethod::RsaSha512, Some(key)) => Self::RsaSha512(RsaSha512::new(key)),
            (SignatureMethod::RsaPss, Some(key)) => Self::RsaPss(RsaPss::new(key)),
            (SignatureMethod::HmacSha1, _) => Self::HmacSha1(HmacSha1::new(client, token)),
            (SignatureMethod::HmacSha256, _) => Self::HmacSha256(HmacSha256::new(client, token)),
            (SignatureMethod::HmacSha512, _) => Self::HmacSha512(HmacSha512::new(client, token)),
            (SignatureMethod::Plaintext, _) => Self::Plaintext(Plaintext::key_from(client, token)),
            (_, None) => Self::Missing,
        }
    }

    /// Appends the signature of a base string, not percent-encoded.
    pub(crate) fn sign(&self, base_string: &[u8], out: &mut Vec<u8>) -> Result<(), Problem> {
        let base_string = BaseString::from_text(base_string);
        match self {
            Self::HmacSha1(key) => key.sign(&base_string, out),
            Self::HmacSha256(key) => key.sign(&base_string, out),
            Self::HmacSha512(key) => key.sign(&base_string, out),
            Self::RsaSha1(key) => key.sign(&base_string, out),
            Self::RsaSha256(key) => key.sign(&base_string, out),
            Self::RsaSha512(key) => key.sign(&base_string, out),
            Self::RsaPss(key) => key.sign(&base_string, out),
            Self::Plaintext(key) => key.sign(&base_string, out),
            Self::Missing => Err(SigningFailed::new()),
        }
        .map_err(|error| SignError::from(error).into())
    }
}

/// The keys that were used last. Streams of requests have few; who has more pays for keying again.
#[derive(Default)]
pub(crate) struct KeyRing {
    /// The one that was used last stands first.
    entries: Vec<Entry>,
}

struct Entry {
    method: SignatureMethod,
    /// The client's secret, or its private key.
    client: Zeroizing<String>,
    token: Zeroizing<String>,
    key: Key,
}

impl KeyRing {
    /// How many keys are kept: what one machine signs with at a time, and few enough to compare.
    const ROOM: usize = 8;

    /// The key that these secrets make.
    pub(crate) fn get(
        &mut self,
        method: SignatureMethod,
        secrets: &Secrets<'_>,
    ) -> Result<&Key, Problem> {
        let (client, token) = match secrets.private_key {
            _ if !method.is_rsa() => (secrets.client, secrets.token),
            Some(pem) => (pem, ""),
            None => {
                let name = method.name();
                let message = format!("private_key: {name} signs with one, and none is given");
                return Err(Problem::field(message));
            }
        };
        let known = self.entries.iter().position(|entry| {
            entry.method == method && *entry.client == client && *entry.token == token
        });
        match known {
            Some(0) => {}
            Some(at) => self.entries[..=at].rotate_right(1),
            None => {
                let key = Key::new(method, client, token)?;
                self.entries.truncate(Self::ROOM - 1);
                let text = |text: &str| Zeroizing::new(text.to_owned());
                let entry = Entry {
                    method,
                    client: text(client),
                    token: text(token),
                    key,
                };
                self.entries.insert(0, entry);
            }
        }
        Ok(&self.entries[0].key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signature(ring: &mut KeyRing, method: SignatureMethod, client: &str, token: &str) -> String {
        let secrets = Secrets {
            client,
            token,
            private_key: None,
        };
        let mut out = Vec::new();
        ring.get(method, &secrets)
            .unwrap()
            .sign(b"text", &mut out)
            .unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_ring_has_the_right_key_however_full_it_is() {
        let mut ring = KeyRing::default();
        let clients: Vec<String> = (0..20).map(|at| format!("client-{}", at % 11)).collect();
        for client in clients.iter().chain(&clients) {
            for method in [SignatureMethod::HmacSha1, SignatureMethod::Plaintext] {
                let expected = signature(&mut KeyRing::default(), method, client, "t");
                assert_eq!(signature(&mut ring, method, client, "t"), expected);
                assert!(ring.entries.len() <= KeyRing::ROOM);
            }
        }
    }

    #[test]
    fn secrets_that_only_look_alike_make_keys_of_their_own() {
        let mut ring = KeyRing::default();
        let method = SignatureMethod::Plaintext;
        assert_eq!(signature(&mut ring, method, "ab", "c"), "ab&c");
        assert_eq!(signature(&mut ring, method, "a", "bc"), "a&bc");
        assert_eq!(signature(&mut ring, method, "ab", "c"), "ab&c");
    }
}
