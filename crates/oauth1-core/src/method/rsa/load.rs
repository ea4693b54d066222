//! Keys from PEM and DER.
//!
//! The content decides what a key is, not the label above it: `RSA PRIVATE KEY` over what is PKCS#8
//! is read all the same. The label only says which block of a file is meant.

use alloc::{string::String, vec::Vec};

use ::rsa::{
    pkcs1::{self, RsaPrivateKeyRef, RsaPublicKeyRef, UintRef},
    pkcs8::{
        AlgorithmIdentifierRef, PrivateKeyInfoRef, SubjectPublicKeyInfoRef,
        der::{self, AnyRef, Decode, SliceReader, Tag, Tagged, pem},
    },
};
use zeroize::Zeroizing;

use super::{derived::Seed, error::KeyError};

/// No key of [`MAX_BITS`] comes near to it, nor does a chain of a few certificates.
const LONGEST_INPUT: usize = 64 * 1024;

/// Below it, a key can be broken by who has a few months and a cluster (829 bits were, in 2020).
/// Not 2048, since deployed OAuth keys have 1024 bits, and those of published test vectors.
const MIN_BITS: usize = 1024;

/// Bounds the time of one verification and the memory for a signature.
pub(super) const MAX_BITS: usize = 8192;

/// What the `rsa` crate takes as well: with a longer exponent, verifying gets slow.
const MAX_EXPONENT: u64 = (1 << 33) - 1;

pub(super) fn private_pem(text: &str) -> Result<(::rsa::PrivateKey, Seed), KeyError> {
    let is_private = |kind| !matches!(kind, Kind::Public | Kind::Certificate | Kind::Other);
    let block = Block::find(text, is_private)?;
    match block.kind() {
        Kind::Private => private_der(&block.decode()?),
        Kind::Encrypted => Err(KeyError::Encrypted),
        Kind::NotRsa => Err(KeyError::NotRsa),
        Kind::OpenSsh => Err(KeyError::OpenSsh),
        Kind::Public => Err(KeyError::FoundPublicKey),
        Kind::Certificate => Err(KeyError::FoundCertificate),
        Kind::Other => Err(KeyError::NotAKey),
    }
}

pub(super) fn public_pem(text: &str) -> Result<::rsa::PublicKey, KeyError> {
    let is_public = |kind| matches!(kind, Kind::Public | Kind::Certificate);
    let block = Block::find(text, is_public)?;
    match block.kind() {
        Kind::Public | Kind::Certificate => public_der(&block.decode()?),
        Kind::Private | Kind::Encrypted => Err(KeyError::FoundPrivateKey),
        Kind::NotRsa => Err(KeyError::NotRsa),
        Kind::OpenSsh => Err(KeyError::OpenSsh),
        Kind::Other => Err(KeyError::NotAKey),
    }
}

pub(super) fn private_der(der: &[u8]) -> Result<(::rsa::PrivateKey, Seed), KeyError> {
    match Form::of(der)? {
        Form::Pkcs1Private => pkcs1_private(der),
        Form::Pkcs8 => {
            let info = PrivateKeyInfoRef::from_der(der).map_err(malformed)?;
            rsa_encryption(&info.algorithm)?;
            pkcs1_private(info.private_key.as_bytes())
        }
        Form::EncryptedPkcs8 => Err(KeyError::Encrypted),
        Form::Sec1Private => Err(KeyError::NotRsa),
        Form::Pkcs1Public | Form::Spki => Err(KeyError::FoundPublicKey),
        Form::Certificate => Err(KeyError::FoundCertificate),
    }
}

pub(super) fn public_der(der: &[u8]) -> Result<::rsa::PublicKey, KeyError> {
    match Form::of(der)? {
        Form::Pkcs1Public => pkcs1_public(der),
        Form::Spki => spki(&SubjectPublicKeyInfoRef::from_der(der).map_err(malformed)?),
        Form::Certificate => spki(&key_of_certificate(der).map_err(malformed)?),
        Form::Sec1Private => Err(KeyError::NotRsa),
        Form::Pkcs1Private | Form::Pkcs8 | Form::EncryptedPkcs8 => Err(KeyError::FoundPrivateKey),
    }
}

fn pkcs1_private(der: &[u8]) -> Result<(::rsa::PrivateKey, Seed), KeyError> {
    let numbers = RsaPrivateKeyRef::from_der(der).map_err(malformed)?;
    if numbers.other_prime_infos.is_some() {
        return Err(KeyError::MultiPrime);
    }
    check_sizes(&numbers.modulus, &numbers.public_exponent)?;
    let seed = Seed::of(numbers.prime1.as_bytes(), numbers.prime2.as_bytes());
    // The `rsa` crate looks at n = p * q, at the size of both, and whether d inverts e; the numbers
    // of the CRT it computes anew.
    let key = numbers.try_into().map_err(|_| KeyError::Inconsistent)?;
    Ok((key, seed))
}

fn pkcs1_public(der: &[u8]) -> Result<::rsa::PublicKey, KeyError> {
    let numbers = RsaPublicKeyRef::from_der(der).map_err(malformed)?;
    check_sizes(&numbers.modulus, &numbers.public_exponent)?;
    numbers.try_into().map_err(|_| KeyError::Malformed)
}

fn spki(info: &SubjectPublicKeyInfoRef<'_>) -> Result<::rsa::PublicKey, KeyError> {
    rsa_encryption(&info.algorithm)?;
    pkcs1_public(
        info.subject_public_key
            .as_bytes()
            .ok_or(KeyError::Malformed)?,
    )
}

/// The key of an X.509 certificate (RFC 5280 section 4.1), of which nothing else is read.
fn key_of_certificate(der: &[u8]) -> der::Result<SubjectPublicKeyInfoRef<'_>> {
    let certificate = AnyRef::from_der(der)?;
    let to_be_signed = AnyRef::decode(&mut SliceReader::new(certificate.value())?)?;
    let mut fields = SliceReader::new(to_be_signed.value())?;
    // The version is optional; then come serial number, signature, issuer, validity and subject.
    let first = AnyRef::decode(&mut fields)?;
    let between = if first.tag() == Tag::Integer { 4 } else { 5 };
    for _ in 0..between {
        AnyRef::decode(&mut fields)?;
    }
    SubjectPublicKeyInfoRef::decode(&mut fields)
}

/// RFC 3279 section 2.3.1 wants a NULL for the parameters; some writers leave it out.
fn rsa_encryption(algorithm: &AlgorithmIdentifierRef<'_>) -> Result<(), KeyError> {
    if algorithm.oid != pkcs1::ALGORITHM_OID {
        return Err(KeyError::NotRsa);
    }
    match algorithm.parameters {
        Some(parameters) if !parameters.is_null() => Err(KeyError::Malformed),
        _ => Ok(()),
    }
}

fn check_sizes(modulus: &UintRef<'_>, exponent: &UintRef<'_>) -> Result<(), KeyError> {
    let modulus = modulus.as_bytes();
    let leading = modulus
        .first()
        .map_or(0, |first| first.leading_zeros() as usize);
    let bits = modulus.len() * 8 - leading;
    if bits < MIN_BITS {
        return Err(KeyError::TooSmall { bits });
    }
    if bits > MAX_BITS {
        return Err(KeyError::TooLarge { bits });
    }
    let mut value = 0;
    for &byte in exponent.as_bytes() {
        value = value << 8 | u64::from(byte);
        if value > MAX_EXPONENT {
            return Err(KeyError::Exponent);
        }
    }
    if value < 3 || value % 2 == 0 {
        Err(KeyError::Exponent)
    } else {
        Ok(())
    }
}

/// What a DER value is, by the tags of its first elements.
enum Form {
    Pkcs1Private,
    Pkcs8,
    EncryptedPkcs8,
    /// The private key of an elliptic curve, outside PKCS#8.
    Sec1Private,
    Pkcs1Public,
    Spki,
    Certificate,
}

impl Form {
    fn of(der: &[u8]) -> Result<Self, KeyError> {
        if der.len() > LONGEST_INPUT {
            return Err(KeyError::TooLong);
        }
        let (outer, tags) = Self::tags(der).map_err(malformed)?;
        use Tag::{BitString, Integer, OctetString, Sequence};
        match (outer, tags) {
            (Sequence, [Some(Integer), Some(Integer), Some(Integer)]) => Ok(Self::Pkcs1Private),
            (Sequence, [Some(Integer), Some(Integer), None]) => Ok(Self::Pkcs1Public),
            (Sequence, [Some(Integer), Some(Sequence), Some(OctetString)]) => Ok(Self::Pkcs8),
            (Sequence, [Some(Integer), Some(OctetString), _]) => Ok(Self::Sec1Private),
            (Sequence, [Some(Sequence), Some(OctetString), None]) => Ok(Self::EncryptedPkcs8),
            (Sequence, [Some(Sequence), Some(BitString), None]) => Ok(Self::Spki),
            (Sequence, [Some(Sequence), Some(Sequence), Some(BitString)]) => Ok(Self::Certificate),
            _ => Err(KeyError::Malformed),
        }
    }

    /// Of the value itself, and of its first elements.
    fn tags(der: &[u8]) -> der::Result<(Tag, [Option<Tag>; 3])> {
        let outer = AnyRef::from_der(der)?;
        let mut elements = SliceReader::new(outer.value())?;
        let mut tags = [None; 3];
        for tag in &mut tags {
            if !der::Reader::is_finished(&elements) {
                *tag = Some(AnyRef::decode(&mut elements)?.tag());
            }
        }
        Ok((outer.tag(), tags))
    }
}

/// Not a `From`, which would make an error of another crate one of the public types.
fn malformed(_: der::Error) -> KeyError {
    KeyError::Malformed
}

/// What the label of a PEM block announces.
#[derive(Clone, Copy)]
enum Kind {
    Private,
    Encrypted,
    NotRsa,
    OpenSsh,
    Public,
    Certificate,
    Other,
}

/// A block of PEM (RFC 7468).
#[derive(Clone, Copy)]
struct Block<'a> {
    label: &'a str,
    /// `None` where it does not end.
    body: Option<&'a str>,
}

impl<'a> Block<'a> {
    /// The first block that is wanted, else the first of all. What stands before, between and
    /// behind blocks does not matter: keys are kept in one file with their certificates, and
    /// OpenSSL writes text above both.
    fn find(text: &'a str, wanted: impl Fn(Kind) -> bool) -> Result<Self, KeyError> {
        if text.len() > LONGEST_INPUT {
            return Err(KeyError::TooLong);
        }
        let mut first = None;
        let mut rest = text;
        while let Some(block) = Self::next(&mut rest) {
            if wanted(block.kind()) {
                return Ok(block);
            }
            first = first.or(Some(block));
        }
        // An `id_rsa.pub`, or what `ssh-keygen -e` writes.
        let is_ssh = ["ssh-", "ecdsa-", "---- BEGIN SSH2 "]
            .iter()
            .any(|start| text.trim_start().starts_with(start));
        first.ok_or(if is_ssh {
            KeyError::OpenSsh
        } else {
            KeyError::NotPem
        })
    }

    fn next(rest: &mut &'a str) -> Option<Self> {
        let (_, after) = rest.split_once("-----BEGIN ")?;
        let (label, after) = after.split_once("-----")?;
        *rest = after;
        // Base64 has no dashes, so that the next ones are those of the end or there is none.
        let body = after.split_once("-----").and_then(|(body, end)| {
            let end = end.strip_prefix("END ")?.strip_prefix(label)?;
            *rest = end.strip_prefix("-----")?;
            Some(body)
        });
        Some(Self { label, body })
    }

    fn kind(&self) -> Kind {
        // RFC 1421 section 4.6.1.1, as OpenSSL writes it above keys of the older kinds.
        let encrypted = |body: &str| body.contains("Proc-Type:") && body.contains("ENCRYPTED");
        match self.label {
            "RSA PRIVATE KEY" if self.body.is_some_and(encrypted) => Kind::Encrypted,
            "PRIVATE KEY" | "RSA PRIVATE KEY" => Kind::Private,
            "ENCRYPTED PRIVATE KEY" => Kind::Encrypted,
            "EC PRIVATE KEY" | "EC PARAMETERS" | "DSA PRIVATE KEY" | "DSA PARAMETERS" => {
                Kind::NotRsa
            }
            "OPENSSH PRIVATE KEY" => Kind::OpenSsh,
            "PUBLIC KEY" | "RSA PUBLIC KEY" => Kind::Public,
            "CERTIFICATE" | "X509 CERTIFICATE" => Kind::Certificate,
            _ => Kind::Other,
        }
    }

    /// The DER within. Lines may be as long as they like and be indented; the base64 is decoded
    /// without a table, whose look-ups would show in the cache what they look up.
    fn decode(&self) -> Result<Zeroizing<Vec<u8>>, KeyError> {
        const BEGIN: &str = "-----BEGIN KEY-----\n";
        const END: &str = "\n-----END KEY-----";
        let body = self.body.ok_or(KeyError::Truncated)?;
        // With all the room from the start, so that no copy is left behind by growing.
        let room = BEGIN.len() + body.len() + END.len();
        let mut text = Zeroizing::new(String::with_capacity(room));
        text.push_str(BEGIN);
        text.extend(body.chars().filter(|c| !c.is_ascii_whitespace()));
        let width = text.len() - BEGIN.len();
        text.push_str(END);
        debug_assert!(text.len() <= room, "growing has left a copy behind");
        let mut der = Zeroizing::new(Vec::with_capacity(width));
        pem::Decoder::new_wrapped(text.as_bytes(), width)
            .and_then(|mut decoder| decoder.decode_to_end(&mut der).map(drop))
            .map_err(|_| KeyError::NotBase64)?;
        Ok(der)
    }
}
