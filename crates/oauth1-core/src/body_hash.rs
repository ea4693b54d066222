//! `oauth_body_hash`: what the "OAuth Request Body Hash" extension signs of a body that is no form.

use core::fmt;

#[cfg(any(feature = "_hmac", feature = "_rsa"))]
use digest::Digest as _;
#[cfg(feature = "_hmac")]
use hmac::digest;
#[cfg(all(feature = "_rsa", not(feature = "_hmac")))]
use sha2::digest;
use subtle::ConstantTimeEq;

use crate::{method::Digest, sink::Sink, value::Value};

/// The hash of a body, in base64: the value of `oauth_body_hash`.
///
/// ```
/// use oauth1_core::{BodyHash, Digest};
///
/// let hash = BodyHash::of(Digest::Sha1, b"Hello World!").expect("SHA-1 is compiled in");
/// assert_eq!(hash.as_str(), "Lve95gjOVATpfV8EL5X4nxwjKHE=");
/// ```
#[derive(Clone, Copy)]
pub struct BodyHash {
    text: [u8; Self::LONGEST],
    len: u8,
}

impl BodyHash {
    /// The base64 of 64 bytes.
    const LONGEST: usize = 88;

    /// Hashes a whole body; `None` when no signature method with that digest is compiled in.
    #[must_use]
    pub fn of(digest: Digest, body: &[u8]) -> Option<Self> {
        let mut hasher = BodyHasher::new(digest)?;
        hasher.put(body);
        Some(hasher.finish())
    }

    /// The base64 text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        // Base64 is ASCII.
        core::str::from_utf8(self.as_bytes()).unwrap_or_default()
    }

    /// A copy of a value that was received; `None` where it is longer than any hash.
    pub(crate) fn received(value: Value<'_>) -> Option<Self> {
        let mut text = [0; Self::LONGEST];
        let len = u8::try_from(value.decode_into(&mut text)?.len()).ok()?;
        Some(Self { text, len })
    }

    pub(crate) fn value(&self) -> Value<'_> {
        Value::plain(self.as_bytes())
    }

    fn as_bytes(&self) -> &[u8] {
        &self.text[..usize::from(self.len)]
    }

    #[cfg(any(feature = "_hmac", feature = "_rsa"))]
    fn from_digest(digest: &[u8]) -> Self {
        let mut text = [0; Self::LONGEST];
        // The room is that of the longest digest.
        let len = crate::base64_text::encode(digest, &mut text);
        Self {
            text,
            len: u8::try_from(len).unwrap_or_default(),
        }
    }

    /// Whether a received value is this hash. The time does not depend on where they differ.
    #[must_use]
    pub fn matches(&self, received: Value<'_>) -> bool {
        let mut memory = [0; Self::LONGEST];
        received
            .decode_into(&mut memory)
            .is_some_and(|text| text.ct_eq(self.as_bytes()).into())
    }
}

impl fmt::Display for BodyHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for BodyHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BodyHash({self})")
    }
}

/// Hashes a body piece by piece, as it is read or sent.
///
/// ```
/// use oauth1_core::{BodyHasher, Digest, sink::Sink};
///
/// let mut hasher = BodyHasher::new(Digest::Sha1).expect("SHA-1 is compiled in");
/// hasher.put(b"Hello ");
/// hasher.put(b"World!");
/// assert_eq!(hasher.finish().as_str(), "Lve95gjOVATpfV8EL5X4nxwjKHE=");
/// ```
#[derive(Clone)]
pub struct BodyHasher(Hasher);

#[derive(Clone)]
enum Hasher {
    /// Without a digest there is no hasher.
    #[cfg(not(any(feature = "_hmac", feature = "_rsa")))]
    #[expect(dead_code, reason = "it cannot be constructed, and says so")]
    Never(core::convert::Infallible),
    #[cfg(any(feature = "hmac-sha1", feature = "rsa-sha1"))]
    Sha1(sha1::Sha1),
    #[cfg(any(feature = "hmac-sha256", feature = "hmac-sha512", feature = "_rsa"))]
    Sha256(sha2::Sha256),
    #[cfg(any(feature = "hmac-sha256", feature = "hmac-sha512", feature = "_rsa"))]
    Sha512(sha2::Sha512),
}

impl BodyHasher {
    /// A hasher that has seen nothing; `None` when no signature method with that digest is compiled
    /// in.
    #[must_use]
    pub fn new(digest: Digest) -> Option<Self> {
        match digest {
            #[cfg(any(feature = "hmac-sha1", feature = "rsa-sha1"))]
            Digest::Sha1 => Some(Self(Hasher::Sha1(sha1::Sha1::new()))),
            #[cfg(any(feature = "hmac-sha256", feature = "hmac-sha512", feature = "_rsa"))]
            Digest::Sha256 => Some(Self(Hasher::Sha256(sha2::Sha256::new()))),
            #[cfg(any(feature = "hmac-sha256", feature = "hmac-sha512", feature = "_rsa"))]
            Digest::Sha512 => Some(Self(Hasher::Sha512(sha2::Sha512::new()))),
            #[allow(
                unreachable_patterns,
                reason = "reachable unless every digest is compiled in"
            )]
            _ => None,
        }
    }

    /// The hash of all that was put.
    #[must_use]
    pub fn finish(self) -> BodyHash {
        match self.0 {
            #[cfg(not(any(feature = "_hmac", feature = "_rsa")))]
            Hasher::Never(never) => match never {},
            #[cfg(any(feature = "hmac-sha1", feature = "rsa-sha1"))]
            Hasher::Sha1(hash) => BodyHash::from_digest(&hash.finalize()),
            #[cfg(any(feature = "hmac-sha256", feature = "hmac-sha512", feature = "_rsa"))]
            Hasher::Sha256(hash) => BodyHash::from_digest(&hash.finalize()),
            #[cfg(any(feature = "hmac-sha256", feature = "hmac-sha512", feature = "_rsa"))]
            Hasher::Sha512(hash) => BodyHash::from_digest(&hash.finalize()),
        }
    }
}

impl Sink for BodyHasher {
    #[cfg_attr(
        not(any(feature = "_hmac", feature = "_rsa")),
        expect(unused_variables, reason = "without a digest there is no hasher")
    )]
    fn put(&mut self, bytes: &[u8]) {
        match &mut self.0 {
            #[cfg(not(any(feature = "_hmac", feature = "_rsa")))]
            Hasher::Never(never) => match *never {},
            #[cfg(any(feature = "hmac-sha1", feature = "rsa-sha1"))]
            Hasher::Sha1(hash) => hash.update(bytes),
            #[cfg(any(feature = "hmac-sha256", feature = "hmac-sha512", feature = "_rsa"))]
            Hasher::Sha256(hash) => hash.update(bytes),
            #[cfg(any(feature = "hmac-sha256", feature = "hmac-sha512", feature = "_rsa"))]
            Hasher::Sha512(hash) => hash.update(bytes),
        }
    }
}

impl fmt::Debug for BodyHasher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BodyHasher(..)")
    }
}

#[cfg(test)]
mod tests;
