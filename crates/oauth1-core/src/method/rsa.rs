//! RSA-SHA1 (RFC 5849 section 3.4.3); RSA-SHA256 and RSA-SHA512, which differ from it in the hash
//! alone; and RSA-PSS: RSASSA-PSS (RFC 8017 section 8.1) with SHA-256, MGF1 with SHA-256 and a salt
//! of 32 bytes.
//!
//! # Where the random bytes come from
//!
//! From nowhere: randomness is an argument in this crate, and a signature has none. Two things of
//! RSA ask for random bytes, and both get derived ones, from SHA-256 in counter mode keyed by the
//! private key, the method and the digest that is signed.
//!
//! - *The salt of RSASSA-PSS.* The scheme is secure with any salt: with a random one it reduces
//!   tightly to the RSA problem, and with none at all it is a full-domain hash, which does so too,
//!   less tightly. A salt that only the owner of the private key can predict and that is the same
//!   for the same message is to a forger what a random one is. Verifiers see no difference.
//! - *The blinding factor.* The number that the private exponent meets is multiplied by one that
//!   nobody outside can know, so that what a request says and how long its signature takes have
//!   nothing to do with one another. The same base string gives the same factor: who measures it
//!   again measures the same, and learns nothing more.
//!
//! So a signature needs no random source, no device is too small for it, and a stamp that is given
//! again gives the request again, byte for byte, with every method.
//!
//! # RUSTSEC-2023-0071
//!
//! The advisory says that the `rsa` crate's private operations leak through their timing (the Marvin
//! attack), and names no version as patched. Two things were wrong. The arithmetic of 0.9 takes a
//! time that depends on its numbers; 0.10, used here, stands on `crypto-bigint`, which is written to
//! take the same time for all, and blinds the private exponent as well. And decryption with PKCS#1
//! v1.5 told whether the padding was right, which is what the attack asks for
//! (<https://github.com/RustCrypto/RSA/issues/626>): 0.10 gives made-up bytes instead. This crate
//! decrypts nothing and has no such oracle to offer: it pads what it signs itself, and blinds always.
//! Nobody has proved that no timing is left.
//!
//! Each signature is raised to the public exponent and compared with what was signed before it is
//! given away, in the `rsa` crate, so that a fault in the computation cannot leave with it and tell
//! the factors.

#[cfg(any(feature = "rsa-sha1", feature = "rsa-sha256", feature = "rsa-sha512"))]
use alloc::boxed::Box;

use sha2::Digest as _;

pub use self::{
    error::KeyError,
    key::{RsaPrivateKey, RsaPublicKey},
};
use super::{Digest, KeyFrom, SigningFailed, SigningKey, Verdict, VerifyingKey};
use crate::{
    base_string::BaseString, credentials::Secret, explain::Keys, sink::Sink, value::Value,
};

mod derived;
mod error;
mod key;
mod load;

macro_rules! rsa_method {
    (
        $(#[$doc:meta])* $key:ident, $state:ident, $name:literal, $hash:ty, $digest:ident,
        scheme: $scheme:expr
    ) => {
        $(#[$doc])*
        ///
        /// The same base string gets the same signature always. No secret of a token takes part in
        /// it (section 4.1): all rests on the private key.
        #[derive(Clone, Debug)]
        pub struct $key {
            key: RsaPrivateKey,
        }

        impl $key {
            /// The value of `oauth_signature_method`.
            pub const METHOD: &'static str = $name;

            /// Signs with a private key, whose public one the server has from the client's
            /// registration.
            #[must_use]
            pub const fn new(key: RsaPrivateKey) -> Self {
                Self { key }
            }

            fn verify(
                key: &RsaPublicKey,
                write: impl FnOnce(&mut dyn Sink),
                signature: Value<'_>,
            ) -> Verdict {
                let mut state = $state(<$hash>::new());
                write(&mut state);
                key.check($scheme, &state.0.finalize(), signature)
            }
        }

        /// The state of a signature in the making.
        #[derive(Clone)]
        pub struct $state($hash);

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

            fn start(&self) -> $state {
                $state(<$hash>::new())
            }

            /// Fails if the private key computes a wrong signature: through a fault of the machine,
            /// or because what it was loaded from had something else than primes.
            fn finish<S: Sink + ?Sized>(
                &self,
                state: $state,
                out: &mut S,
            ) -> Result<(), SigningFailed> {
                self.key.sign(Self::METHOD, $scheme, &state.0.finalize(), out)
            }
        }

        impl KeyFrom<RsaPrivateKey> for $key {
            /// The secret of the token is not used (RFC 5849 sections 3.4.3 and 4.1).
            fn key_from(client_key: &RsaPrivateKey, _: &Secret<'_>) -> Self {
                Self::new(client_key.clone())
            }
        }
    };
}

#[cfg(feature = "rsa-sha1")]
rsa_method! {
    /// RSA-SHA1 with its key: RSASSA-PKCS1-v1_5 with SHA-1 (RFC 5849 section 3.4.3).
    ///
    /// SHA-1 has collisions: who may choose what a client signs can make it sign two requests at
    /// once. Where the server takes RSA-SHA256, that is to be preferred.
    ///
    /// ```
    /// use oauth1_core::{
    ///     ClientCredentials, Nonce, RequestView, RsaPrivateKey, RsaSha1, Signer, Stamp, Target,
    ///     Timestamp,
    /// };
    ///
    /// let pem = std::fs::read_to_string("../../tests/vectors/keys/wiki.pem")?;
    /// let key = RsaPrivateKey::from_pem(&pem)?;
    /// let client = ClientCredentials::with_key("dpf43f3p2l4k3l03", key);
    /// let signer = Signer::<RsaSha1>::for_client(&client).with_version();
    ///
    /// let target = Target::parse("http://photos.example.net/photos?file=vacaction.jpg&size=original")?;
    /// let stamp = Stamp::new(
    ///     Timestamp::from_unix_seconds(1_196_666_512),
    ///     Nonce::new("13917289812797014437"),
    /// );
    /// let header = signer.authorization(&RequestView::new("GET", target), stamp)?;
    /// assert!(header.contains("oauth_signature_method=\"RSA-SHA1\""));
    /// assert!(header.contains("oauth_signature=\"jvTp%2FwX1TYtByB1m%2BPbyo0lnCOLIsyGCH7wke8AUs3"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    RsaSha1, RsaSha1State, "RSA-SHA1", sha1::Sha1, Sha1, scheme: pkcs1_v15(&SHA1, 20)
}

#[cfg(feature = "rsa-sha256")]
rsa_method! {
    /// RSA-SHA256 with its key: as RFC 5849 section 3.4.3, with SHA-256 for SHA-1.
    RsaSha256, RsaSha256State, "RSA-SHA256", sha2::Sha256, Sha256, scheme: pkcs1_v15(&SHA256, 32)
}

#[cfg(feature = "rsa-sha512")]
rsa_method! {
    /// RSA-SHA512 with its key: as RFC 5849 section 3.4.3, with SHA-512 for SHA-1.
    RsaSha512, RsaSha512State, "RSA-SHA512", sha2::Sha512, Sha512, scheme: pkcs1_v15(&SHA512, 64)
}

#[cfg(feature = "rsa-pss")]
rsa_method! {
    /// RSA-PSS with its key: RSASSA-PSS (RFC 8017 section 8.1) with SHA-256, MGF1 with SHA-256 and
    /// a salt of 32 bytes. A signature with a salt of another length is refused.
    RsaPss, RsaPssState, "RSA-PSS", sha2::Sha256, Sha256,
    scheme: ::rsa::Pss::<sha2::Sha256>::new_with_salt(32)
}

impl VerifyingKey for RsaPublicKey {
    fn serves(&self, method: &str) -> bool {
        match method {
            #[cfg(feature = "rsa-sha1")]
            RsaSha1::METHOD => true,
            #[cfg(feature = "rsa-sha256")]
            RsaSha256::METHOD => true,
            #[cfg(feature = "rsa-sha512")]
            RsaSha512::METHOD => true,
            #[cfg(feature = "rsa-pss")]
            RsaPss::METHOD => true,
            _ => false,
        }
    }

    fn verify(&self, method: &str, base_string: &BaseString<'_>, signature: Value<'_>) -> Verdict {
        self.verify_what(method, |sink| base_string.write_to(sink), signature)
    }

    fn explaining(&self, _: &str) -> Keys<'_> {
        Keys::rsa(self)
    }
}

impl RsaPublicKey {
    /// Whether `signature` is one of what is written.
    fn verify_what(
        &self,
        method: &str,
        write: impl FnOnce(&mut dyn Sink),
        signature: Value<'_>,
    ) -> Verdict {
        match method {
            #[cfg(feature = "rsa-sha1")]
            RsaSha1::METHOD => RsaSha1::verify(self, write, signature),
            #[cfg(feature = "rsa-sha256")]
            RsaSha256::METHOD => RsaSha256::verify(self, write, signature),
            #[cfg(feature = "rsa-sha512")]
            RsaSha512::METHOD => RsaSha512::verify(self, write, signature),
            #[cfg(feature = "rsa-pss")]
            RsaPss::METHOD => RsaPss::verify(self, write, signature),
            _ => Verdict::Invalid,
        }
    }
}

#[cfg(any(feature = "rsa-sha1", feature = "rsa-sha256", feature = "rsa-sha512"))]
fn pkcs1_v15(digest_info: &[u8], digest_len: usize) -> ::rsa::Pkcs1v15Sign {
    ::rsa::Pkcs1v15Sign {
        hash_len: Some(digest_len),
        prefix: Box::from(digest_info),
    }
}

/// What stands before the digest in its `DigestInfo` (RFC 8017 section 9.2, note 1).
#[cfg(feature = "rsa-sha1")]
const SHA1: [u8; 15] = [
    0x30, 0x21, 0x30, 0x09, 0x06, 0x05, 0x2b, 0x0e, 0x03, 0x02, 0x1a, 0x05, 0x00, 0x04, 0x14,
];
#[cfg(feature = "rsa-sha256")]
const SHA256: [u8; 19] = [
    0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05,
    0x00, 0x04, 0x20,
];
#[cfg(feature = "rsa-sha512")]
const SHA512: [u8; 19] = [
    0x30, 0x51, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x03, 0x05,
    0x00, 0x04, 0x40,
];

#[cfg(test)]
#[cfg(all(
    feature = "rsa-sha1",
    feature = "rsa-sha256",
    feature = "rsa-sha512",
    feature = "rsa-pss"
))]
mod tests;
