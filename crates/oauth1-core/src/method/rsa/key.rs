//! RSA keys.

use alloc::{boxed::Box, sync::Arc};
use core::fmt;

use ::rsa::{
    BoxedUint,
    traits::{PublicKeyParts, SignatureScheme},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};

use super::{
    derived::{Derived, Seed},
    error::KeyError,
    load::{self, MAX_BITS},
};
use crate::{
    method::{SigningFailed, Verdict},
    sink::Sink,
    value::Value,
};

/// Bytes of the longest signature, and characters of its base64.
const LONGEST_SIGNATURE: usize = MAX_BITS / 8;
const LONGEST_TEXT: usize = LONGEST_SIGNATURE.div_ceil(3) * 4;

/// An RSA private key of 1024 to 8192 bits: what a client signs with (RFC 5849 section 3.4.3).
///
/// Cloning it copies a pointer, and `Debug` shows its size alone. When the last clone is dropped,
/// the `rsa` crate overwrites its exponents and primes, and this crate what it derived from them
/// and the text that was decoded. That is no promise that nothing is left: copies of the primes
/// which the `rsa` crate makes while it computes go back to the heap as they are (seen with
/// 0.10.0-rc.20). Who needs more sets a global allocator that overwrites what is freed.
///
/// ```
/// use oauth1_core::{RsaPrivateKey, RsaSha1};
///
/// let pem = std::fs::read_to_string("../../tests/vectors/keys/wiki.pem")?;
/// let key = RsaPrivateKey::from_pem(&pem)?;
/// assert_eq!(format!("{key:?}"), "RsaPrivateKey(1024 bits)");
/// let method = RsaSha1::new(key);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct RsaPrivateKey(Arc<Private>);

struct Private {
    key: ::rsa::PrivateKey,
    seed: Seed,
}

impl RsaPrivateKey {
    /// Reads a key from PEM text: PKCS#1 (`RSA PRIVATE KEY`) or PKCS#8 (`PRIVATE KEY`), not
    /// encrypted. Of several blocks the first that holds a private key is meant; what else stands
    /// in the text, up to 64 KiB of all, is passed over.
    ///
    /// # Errors
    /// [`KeyError`], which says what was found instead and what to do. Keys below 1024 bits are
    /// refused since they can be broken; 1024 bits are taken since clients are registered with
    /// such keys, but a new key is to have 2048 and more.
    pub fn from_pem(text: &str) -> Result<Self, KeyError> {
        load::private_pem(text).map(Self::new)
    }

    /// Reads a key from DER: PKCS#1 or PKCS#8, whichever it is.
    ///
    /// # Errors
    /// As [`from_pem`](Self::from_pem).
    pub fn from_der(der: &[u8]) -> Result<Self, KeyError> {
        load::private_der(der).map(Self::new)
    }

    fn new((key, seed): (::rsa::PrivateKey, Seed)) -> Self {
        Self(Arc::new(Private { key, seed }))
    }

    /// The public key that belongs to it: what the server verifies with.
    #[must_use]
    pub fn public_key(&self) -> RsaPublicKey {
        RsaPublicKey::new(self.0.key.to_public_key())
    }

    /// How many bits the modulus has.
    #[must_use]
    pub fn bits(&self) -> usize {
        bits(&self.0.key.n_bytes())
    }

    /// Writes the signature of a digest as base64.
    pub(super) fn sign<S: Sink + ?Sized>(
        &self,
        method: &str,
        scheme: impl SignatureScheme,
        digest: &[u8],
        out: &mut S,
    ) -> Result<(), SigningFailed> {
        let mut derived = Derived::new(&self.0.seed, method, digest);
        // Blinds the private operation, and raises the result to the public exponent before it
        // gives it away: a fault in the computation does not leave with a signature.
        let signature = self.0.key.sign_with_rng(&mut derived, scheme, digest);
        let mut text = [0; LONGEST_TEXT];
        let written = signature
            .ok()
            .and_then(|signature| STANDARD.encode_slice(signature, &mut text).ok())
            .ok_or(SigningFailed)?;
        out.put(&text[..written]);
        Ok(())
    }
}

impl fmt::Debug for RsaPrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RsaPrivateKey({} bits)", self.bits())
    }
}

/// An RSA public key of 1024 to 8192 bits: what a server verifies with, for every RSA method that
/// is compiled in (RFC 5849 section 3.4.3).
///
/// Verifying is strict: the signature is base64 of the standard alphabet with its padding and
/// nothing else, of just as many bytes as the modulus has, and the padding within is the one that
/// the method prescribes, bit by bit. It costs one exponentiation whatever is given, be it right,
/// wrong or no signature at all. Cloning it copies a pointer.
///
/// ```
/// use oauth1_core::{RsaPublicKey, VerifyingKey};
///
/// let pem = std::fs::read_to_string("../../tests/vectors/keys/wiki.cert.pem")?;
/// let key = RsaPublicKey::from_pem(&pem)?;
/// assert!(!key.serves("HMAC-SHA1"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct RsaPublicKey(Arc<Public>);

#[derive(PartialEq, Eq)]
struct Public {
    key: ::rsa::PublicKey,
    /// Big-endian and without leading zeros: as long as every signature, and above each.
    modulus: Box<[u8]>,
}

impl RsaPublicKey {
    /// Reads a key from PEM text: as `SubjectPublicKeyInfo` (`PUBLIC KEY`), as PKCS#1 (`RSA PUBLIC
    /// KEY`), or from an X.509 certificate (`CERTIFICATE`), of which a chain has the client's
    /// first. Of several blocks the first that holds a public key is meant; what else stands in the
    /// text, up to 64 KiB of all, is passed over.
    ///
    /// A certificate is a container of a key here: its names, its dates and who signed it are not
    /// looked at, as the server has the key by the client's registration (section 3.4.3).
    ///
    /// # Errors
    /// [`KeyError`], which says what was found instead and what to do. Keys below 1024 bits are
    /// refused since they can be broken, those above 8192 bits and those with a public exponent of
    /// 2^33 and more since verifying with them would take too long.
    pub fn from_pem(text: &str) -> Result<Self, KeyError> {
        load::public_pem(text).map(Self::new)
    }

    /// Reads a key from DER: `SubjectPublicKeyInfo`, PKCS#1 or an X.509 certificate, whichever it
    /// is.
    ///
    /// # Errors
    /// As [`from_pem`](Self::from_pem).
    pub fn from_der(der: &[u8]) -> Result<Self, KeyError> {
        load::public_der(der).map(Self::new)
    }

    fn new(key: ::rsa::PublicKey) -> Self {
        let modulus = key.n_bytes();
        Self(Arc::new(Public { key, modulus }))
    }

    /// A key that nobody can sign for, whose signatures cost what those of another key of 2048 bits
    /// with the exponent 65537 cost.
    ///
    /// It is RSA-2048 of the RSA Factoring Challenge: its factors were destroyed when it was made
    /// and have not been found since. A modulus of a simple form would not do as well: the factors
    /// of 2^2048 - 1 are known, and who knows them can sign.
    pub(crate) fn stand_in() -> Self {
        let modulus = BoxedUint::from_be_hex(RSA_2048, 2048).into_option();
        let Some(modulus) = modulus else {
            // The constant is hexadecimal and of that length: a test makes one.
            unreachable!()
        };
        Self::new(::rsa::PublicKey::new_unchecked(
            modulus,
            BoxedUint::from(65537_u32),
        ))
    }

    /// How many bits the modulus has.
    #[must_use]
    pub fn bits(&self) -> usize {
        bits(&self.0.modulus)
    }

    /// Whether `signature` is one of a digest.
    pub(super) fn check(
        &self,
        scheme: impl SignatureScheme,
        digest: &[u8],
        signature: Value<'_>,
    ) -> Verdict {
        let size = self.0.modulus.len();
        let mut text = [0; LONGEST_TEXT];
        let mut bytes = [0; LONGEST_TEXT / 4 * 3];
        // The engine takes canonical base64 alone: no bits left over, no padding left out.
        let decoded = signature
            .decode_into(&mut text)
            .and_then(|text| STANDARD.decode_slice(text, &mut bytes).ok());
        // RFC 8017 sections 5.2.2 and 8.2.2: as long as the modulus, and below it. The rest is
        // verified as zero, which no padding turns into and which costs as much as any number, so
        // that time does not tell this key from another, nor from the one that stands in.
        if decoded != Some(size) || bytes[..size] >= *self.0.modulus {
            bytes = [0; LONGEST_TEXT / 4 * 3];
        }
        match self.0.key.verify(scheme, digest, &bytes[..size]) {
            Ok(()) => Verdict::Valid,
            Err(_) => Verdict::Invalid,
        }
    }
}

/// How many bits a number has that is big-endian and without leading zeros.
fn bits(number: &[u8]) -> usize {
    let unused = number.first().map_or(0, |first| first.leading_zeros());
    8 * number.len() - unused as usize
}

impl fmt::Debug for RsaPublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RsaPublicKey({} bits)", self.bits())
    }
}

const RSA_2048: &str = "\
    c7970ceedcc3b0754490201a7aa613cd73911081c790f5f1a8726f463550bb5b\
    7ff0db8e1ea1189ec72f93d1650011bd721aeeacc2acde32a04107f0648c2813\
    a31f5b0b7765ff8b44b4b6ffc93384b646eb09c7cf5e8592d40ea33c80039f35\
    b4f14a04b51f7bfd781be4d1673164ba8eb991c2c4d730bbbe35f592bdef524a\
    f7e8daefd26c66fc02c479af89d64d373f442709439de66ceb955f3ea37d5159\
    f6135809f85334b5cb1813addc80cd05609f10ac6a95ad65872c909525bdad32\
    bc729592642920f24c61dc5b3c3b7923e56b16a4d9d373d8721f24a3fc0f1b31\
    31f55615172866bccc30f95054c824e733a5eb6817f7bc16399d48c6361cc7e5";
