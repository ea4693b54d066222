//! HMAC-SHA1 (RFC 5849 section 3.4.2), and HMAC-SHA256 and HMAC-SHA512, which differ from it in
//! the hash alone.

use hmac::{Hmac, KeyInit, Mac};
use subtle::{Choice, ConstantTimeEq};
use zeroize::Zeroize;

use super::{Digest, KeyFrom, SigningFailed, SigningKey, Verdict, VerifyingKey};
use crate::{
    base_string::BaseString,
    base64_text,
    credentials::{Secret, write_signing_key},
    sink::Sink,
    value::Value,
};

macro_rules! hmac_method {
    (
        $(#[$doc:meta])* $key:ident, $state:ident, $name:literal, $hash:ty, $digest:ident,
        block: $block:literal, mac: $mac:literal, text: $text:literal
    ) => {
        $(#[$doc])*
        ///
        /// Holds the hash states that the key leaves behind and no secret; they are wiped on drop.
        #[derive(Clone)]
        pub struct $key {
            keyed: Hmac<$hash>,
        }

        impl $key {
            /// The value of `oauth_signature_method`.
            pub const METHOD: &'static str = $name;

            /// Keys the method with both secrets (section 3.4.2); without a token, the token's is
            /// [`Secret::EMPTY`].
            #[must_use]
            pub fn new(client_secret: &Secret<'_>, token_secret: &Secret<'_>) -> Self {
                let mut key = KeySink::<$hash, $block>::new();
                write_signing_key(client_secret, token_secret, &mut key);
                Self { keyed: key.finish() }
            }

            /// Keyed with bytes as they are: how another program keys it is for [`mod@crate::explain`]
            /// to find out.
            #[cfg(feature = "alloc")]
            pub(crate) fn from_key(bytes: &[u8]) -> Self {
                let mut key = KeySink::<$hash, $block>::new();
                key.put(bytes);
                Self { keyed: key.finish() }
            }

            #[inline]
            fn mac(keyed: Hmac<$hash>) -> [u8; $mac] {
                keyed.finalize().into_bytes().into()
            }

            fn text(keyed: Hmac<$hash>) -> [u8; $text] {
                let mut text = [0; $text];
                let mac = Self::mac(keyed);
                // The room is that of the base64 of the MAC, so that it always fits.
                base64_text::encode(&mac, &mut text);
                text
            }
        }

        impl core::fmt::Debug for $key {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.write_str(concat!(stringify!($key), "(..)"))
            }
        }

        /// The state of a signature in the making.
        #[derive(Clone)]
        pub struct $state(Hmac<$hash>);

        impl core::fmt::Debug for $state {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.write_str(concat!(stringify!($state), "(..)"))
            }
        }

        impl Sink for $state {
            #[inline]
            fn put(&mut self, bytes: &[u8]) {
                self.0.update(bytes);
            }
        }

        impl SigningKey for $key {
            type State = $state;

            fn method(&self) -> &'static str {
                Self::METHOD
            }

            fn body_digest(&self) -> Option<Digest> {
                Some(Digest::$digest)
            }

            #[inline]
            fn start(&self) -> $state {
                $state(self.keyed.clone())
            }

            #[inline]
            fn finish<S: Sink + ?Sized>(
                &self,
                state: $state,
                out: &mut S,
            ) -> Result<(), SigningFailed> {
                out.put_base64(&Self::mac(state.0));
                Ok(())
            }
        }

        impl KeyFrom<Secret<'_>> for $key {
            fn key_from(client_secret: &Secret<'_>, token_secret: &Secret<'_>) -> Self {
                Self::new(client_secret, token_secret)
            }
        }

        impl VerifyingKey for $key {
            fn serves(&self, method: &str) -> bool {
                method == Self::METHOD
            }

            fn verify(
                &self,
                _: &str,
                base_string: &BaseString<'_>,
                signature: Value<'_>,
            ) -> Verdict {
                let mut state = self.start();
                base_string.write_to(&mut state);
                // Texts are compared, not MACs: what is not the canonical base64 is not the
                // signature. How long the given one is, is nothing that its sender does not know.
                let expected = Self::text(state.0);
                let mut given = [0; $text];
                let is_as_long = signature
                    .decode_into(&mut given)
                    .is_some_and(|given| given.len() == $text);
                if is_as_long & bool::from(equal(&given, &expected)) {
                    Verdict::Valid
                } else {
                    Verdict::Invalid
                }
            }
        }
    };
}

#[cfg(feature = "hmac-sha1")]
hmac_method! {
    /// HMAC-SHA1 with its key (RFC 5849 section 3.4.2).
    HmacSha1, HmacSha1State, "HMAC-SHA1", sha1::Sha1, Sha1, block: 64, mac: 20, text: 28
}

#[cfg(feature = "hmac-sha256")]
hmac_method! {
    /// HMAC-SHA256 with its key: as RFC 5849 section 3.4.2, with SHA-256 for SHA-1.
    HmacSha256, HmacSha256State, "HMAC-SHA256", sha2::Sha256, Sha256, block: 64, mac: 32, text: 44
}

#[cfg(feature = "hmac-sha512")]
hmac_method! {
    /// HMAC-SHA512 with its key: as RFC 5849 section 3.4.2, with SHA-512 for SHA-1.
    HmacSha512, HmacSha512State, "HMAC-SHA512", sha2::Sha512, Sha512, block: 128, mac: 64, text: 88
}

/// Whether two texts are the same, in a time that depends on neither. As numbers of four bytes, of which
/// the length of every base64 text is a multiple.
#[inline]
fn equal<const N: usize>(a: &[u8; N], b: &[u8; N]) -> Choice {
    const { assert!(N.is_multiple_of(4), "what is left would not be compared") };
    let (a, _) = a.as_chunks::<4>();
    let (b, _) = b.as_chunks::<4>();
    a.iter()
        .zip(b)
        .map(|(a, b)| u32::from_le_bytes(*a) ^ u32::from_le_bytes(*b))
        .fold(0, |all, difference| all | difference)
        .ct_eq(&0)
}

/// Collects a key of any length without a heap: as RFC 2104 has it, one longer than a block of the
/// hash is hashed.
struct KeySink<D: hmac::digest::Digest, const BLOCK: usize> {
    block: [u8; BLOCK],
    filled: usize,
    hash: Option<D>,
}

impl<D: hmac::digest::Digest, const BLOCK: usize> KeySink<D, BLOCK> {
    fn new() -> Self {
        Self {
            block: [0; BLOCK],
            filled: 0,
            hash: None,
        }
    }

    fn finish<M: KeyInit>(mut self) -> M {
        let key = match self.hash.take() {
            Some(hash) => {
                let digest = hash.finalize();
                self.block[..digest.len()].copy_from_slice(&digest);
                &self.block[..digest.len()]
            }
            None => &self.block[..self.filled],
        };
        match M::new_from_slice(key) {
            Ok(mac) => mac,
            // HMAC takes keys of every length.
            Err(_) => unreachable!(),
        }
    }
}

impl<D: hmac::digest::Digest, const BLOCK: usize> Sink for KeySink<D, BLOCK> {
    fn put(&mut self, bytes: &[u8]) {
        if let Some(hash) = &mut self.hash {
            return hash.update(bytes);
        }
        let end = self.filled + bytes.len();
        if let Some(room) = self.block.get_mut(self.filled..end) {
            room.copy_from_slice(bytes);
            self.filled = end;
        } else {
            let mut hash = D::new_with_prefix(&self.block[..self.filled]);
            hash.update(bytes);
            self.hash = Some(hash);
        }
    }
}

impl<D: hmac::digest::Digest, const BLOCK: usize> Drop for KeySink<D, BLOCK> {
    fn drop(&mut self) {
        self.block.zeroize();
    }
}

#[cfg(test)]
mod tests;
