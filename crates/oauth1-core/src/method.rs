//! Signature methods (RFC 5849 section 3.4).
//!
//! A method is open: whoever implements [`SigningKey`] signs with [`Signer`](crate::Signer), whoever
//! implements [`VerifyingKey`] verifies. The key's type says which methods it can serve, so that a
//! public RSA key can never be taken for a shared secret, nor the reverse.

#[cfg(feature = "alloc")]
use crate::explain::Keys;
use crate::{base_string::BaseString, credentials::Secret, sink::Sink, value::Value};

#[cfg(feature = "_hmac")]
pub(crate) mod hmac;
#[cfg(feature = "plaintext")]
pub(crate) mod plaintext;
#[cfg(feature = "_rsa")]
pub(crate) mod rsa;
pub(crate) mod shared;

/// A key that signs with one signature method, keyed once and used for any number of requests.
///
/// The base string flows through a [`State`](Self::State), so that no signature needs memory for it;
/// a state is cloned where a constant start of base strings is kept (see
/// [`Prepared`](crate::Prepared)). A key that lives elsewhere, such as in a key management service,
/// needs no such type: see [`Draft`](crate::Draft).
pub trait SigningKey {
    /// What the base string is written into.
    type State: Sink + Clone;

    /// The value of `oauth_signature_method`.
    fn method(&self) -> &'static str;

    /// The digest that `oauth_body_hash` is computed with, `None` where the method has none and so
    /// sends none.
    fn body_digest(&self) -> Option<Digest>;

    /// A state that has seen nothing of a base string.
    fn start(&self) -> Self::State;

    /// Writes the text of the signature, not percent-encoded, once `state` has seen all of the base
    /// string.
    ///
    /// # Errors
    /// [`SigningFailed`] when the key cannot make a signature.
    fn finish<S: Sink + ?Sized>(
        &self,
        state: Self::State,
        out: &mut S,
    ) -> Result<(), SigningFailed>;

    /// Signs a base string that was assembled elsewhere.
    ///
    /// # Errors
    /// As [`finish`](Self::finish).
    fn sign<S: Sink + ?Sized>(
        &self,
        base_string: &BaseString<'_>,
        out: &mut S,
    ) -> Result<(), SigningFailed> {
        let mut state = self.start();
        base_string.write_to(&mut state);
        self.finish(state, out)
    }
}

impl<K: SigningKey> SigningKey for &K {
    type State = K::State;

    fn method(&self) -> &'static str {
        (**self).method()
    }

    fn body_digest(&self) -> Option<Digest> {
        (**self).body_digest()
    }

    fn start(&self) -> Self::State {
        (**self).start()
    }

    fn finish<S: Sink + ?Sized>(
        &self,
        state: Self::State,
        out: &mut S,
    ) -> Result<(), SigningFailed> {
        (**self).finish(state, out)
    }
}

/// A signing key that is made from credentials: from the client's secret or private key, and the
/// secret of its temporary or token credentials where the method uses it.
pub trait KeyFrom<K: ?Sized>: SigningKey + Sized {
    /// Keys the method. `token_secret` is empty where there is no token.
    fn key_from(client_key: &K, token_secret: &Secret<'_>) -> Self;
}

/// A key that verifies, for one signature method or for several.
///
/// Implementations compare in constant time and do the same work whether the signature is right or
/// wrong.
pub trait VerifyingKey {
    /// Whether the key can serve this value of `oauth_signature_method`. Where it cannot, a request
    /// is refused whatever its signature.
    fn serves(&self, method: &str) -> bool;

    /// Whether `signature` is that of `base_string` by `method`, one that the key
    /// [serves](Self::serves).
    fn verify(&self, method: &str, base_string: &BaseString<'_>, signature: Value<'_>) -> Verdict;

    /// What [`explain`](crate::explain) may try, to find out why a signature by `method` does not match.
    /// Nothing, unless an implementation says otherwise: then it compares base strings alone.
    #[cfg(feature = "alloc")]
    fn explaining(&self, method: &str) -> Keys<'_> {
        let _ = method;
        Keys::UNKNOWN
    }
}

impl<K: VerifyingKey + ?Sized> VerifyingKey for &K {
    fn serves(&self, method: &str) -> bool {
        (**self).serves(method)
    }

    fn verify(&self, method: &str, base_string: &BaseString<'_>, signature: Value<'_>) -> Verdict {
        (**self).verify(method, base_string, signature)
    }

    #[cfg(feature = "alloc")]
    fn explaining(&self, method: &str) -> Keys<'_> {
        (**self).explaining(method)
    }
}

/// What a [`VerifyingKey`] says of a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use = "a signature that was not looked at is not verified"]
pub enum Verdict {
    /// It is the one that the holder of the key would make.
    Valid,
    /// It is not.
    Invalid,
}

/// The digests that signature methods are made of, and `oauth_body_hash` with them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Digest {
    /// SHA-1: HMAC-SHA1, RSA-SHA1.
    Sha1,
    /// SHA-256: HMAC-SHA256, RSA-SHA256, RSA-PSS.
    Sha256,
    /// SHA-512: HMAC-SHA512, RSA-SHA512.
    Sha512,
}

impl Digest {
    /// The digest of a signature method known by its name, `None` for PLAINTEXT and for names that
    /// this crate does not know.
    ///
    /// ```
    /// use oauth1_core::Digest;
    ///
    /// assert_eq!(Digest::of_method("RSA-PSS"), Some(Digest::Sha256));
    /// assert_eq!(Digest::of_method("PLAINTEXT"), None);
    /// ```
    #[must_use]
    pub fn of_method(method: &str) -> Option<Self> {
        match method {
            "HMAC-SHA1" | "RSA-SHA1" => Some(Self::Sha1),
            "HMAC-SHA256" | "RSA-SHA256" | "RSA-PSS" => Some(Self::Sha256),
            "HMAC-SHA512" | "RSA-SHA512" => Some(Self::Sha512),
            _ => None,
        }
    }
}

/// A key could not make a signature.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct SigningFailed;

impl SigningFailed {
    /// For keys that are made outside this crate: those of a hardware module, say.
    #[must_use]
    pub const fn new() -> Self {
        Self
    }
}

impl core::fmt::Display for SigningFailed {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("the key could not make a signature")
    }
}

impl core::error::Error for SigningFailed {}

#[cfg(all(test, feature = "alloc"))]
mod tests;
