//! Why a key cannot be loaded.

use core::fmt;

/// Why a key was not loaded. It says what was found and what to do, and holds nothing of the key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyError {
    /// More than 64 KiB were given.
    TooLong,
    /// The text holds no PEM block.
    NotPem,
    /// A PEM block begins and does not end.
    Truncated,
    /// A PEM block holds something that is not base64.
    NotBase64,
    /// The private key is encrypted with a passphrase: as `ENCRYPTED PRIVATE KEY`, or with the
    /// header `Proc-Type: 4,ENCRYPTED`.
    Encrypted,
    /// The key is in the format of OpenSSH.
    OpenSsh,
    /// The key is one for elliptic curves, for DSA or for RSASSA-PSS alone.
    NotRsa,
    /// A private key was given where a public one belongs.
    FoundPrivateKey,
    /// A public key was given where a private one belongs.
    FoundPublicKey,
    /// A certificate was given where a private key belongs.
    FoundCertificate,
    /// The PEM block is of a kind that holds no key, such as a certificate request.
    NotAKey,
    /// The DER is damaged, or none.
    Malformed,
    /// The numbers of a private key do not belong together.
    Inconsistent,
    /// The private key has more than two primes.
    MultiPrime,
    /// The modulus has fewer than 1024 bits.
    #[non_exhaustive]
    TooSmall {
        /// How many it has.
        bits: usize,
    },
    /// The modulus has more than 8192 bits.
    #[non_exhaustive]
    TooLarge {
        /// How many it has.
        bits: usize,
    },
    /// The public exponent is even, below 3, or 2^33 and more.
    Exponent,
}

impl fmt::Display for KeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::TooLong => "more than 64 KiB were given, which no key needs: give one key file",
            Self::NotPem => {
                "there is no PEM block in the text: give what the file holds, from its -----BEGIN \
                 line to its -----END line, or read it as DER if it is binary"
            }
            Self::Truncated => {
                "the PEM block does not end as it begins: its -----END line was cut off or altered"
            }
            Self::NotBase64 => {
                "the PEM block holds something that is not base64: copy the file anew, with line \
                 breaks that are real ones and not \\n"
            }
            Self::Encrypted => {
                "the private key is encrypted: decrypt it first, with \
                 `openssl pkey -in key.pem -out decrypted.pem`"
            }
            Self::OpenSsh => {
                "the key is in OpenSSH's own format: convert a copy of the private key with \
                 `ssh-keygen -p -m PEM -f key`, a public one with `ssh-keygen -e -m PKCS8 -f key.pub`"
            }
            Self::NotRsa => {
                "the key is not for RSA in general, but for elliptic curves, DSA or RSASSA-PSS \
                 alone: make one with `openssl genrsa -out key.pem 2048`"
            }
            Self::FoundPrivateKey => {
                "a private key was given where its public key belongs: make that with \
                 `openssl pkey -in key.pem -pubout -out public.pem`, and leave the private key \
                 with its owner"
            }
            Self::FoundPublicKey => {
                "a public key was given where the private key belongs: signing needs the file that \
                 says PRIVATE KEY"
            }
            Self::FoundCertificate => {
                "a certificate was given where the private key belongs: signing needs the file \
                 that says PRIVATE KEY"
            }
            Self::NotAKey => "the PEM block is neither a key nor a certificate",
            Self::Malformed => {
                "the key cannot be read: it is damaged, or not DER (PEM text is read with from_pem)"
            }
            Self::Inconsistent => {
                "the numbers of the private key do not belong together: the file is damaged or \
                 was put together wrongly"
            }
            Self::MultiPrime => {
                "the private key has more than two primes, which nothing here can use: make one \
                 with `openssl genrsa -out key.pem 2048`"
            }
            Self::TooSmall { bits } => {
                return write!(
                    f,
                    "a key of {bits} bits can be broken: at least 1024 are needed, and 2048 are \
                     what to take"
                );
            }
            Self::TooLarge { bits } => {
                return write!(
                    f,
                    "a key of {bits} bits is too large: at most 8192 are taken, so that a \
                     signature is verified in bounded time"
                );
            }
            Self::Exponent => {
                "the public exponent is even, below 3, or 2^33 and more: 65537 is what to take"
            }
        })
    }
}

impl core::error::Error for KeyError {}
