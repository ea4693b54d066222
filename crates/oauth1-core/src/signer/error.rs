//! Why a request cannot be signed.

use core::fmt;

use crate::{method::SigningFailed, parameters::NoRoom};

impl From<NoRoom> for SignError {
    fn from(NoRoom: NoRoom) -> Self {
        Self::TooManyParameters
    }
}

impl From<SigningFailed> for SignError {
    fn from(SigningFailed: SigningFailed) -> Self {
        Self::SigningFailed
    }
}

/// Why a request cannot be signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SignError {
    /// There are more parameters than slots, or a query or form of 512 MiB and more.
    TooManyParameters,
    /// The request has a protocol parameter already that signing adds, or has one twice.
    DuplicateParameter,
    /// The protocol parameters shall travel in a form, and the body is none.
    NoForm,
    /// The realm holds a control character, which no header may hold.
    ControlCharacterInRealm,
    /// An extra parameter has a name that a header cannot carry: none, or `realm`.
    UnsendableName,
    /// PLAINTEXT would send its secrets over a channel without TLS: see
    /// [`Signer::allow_plaintext_without_tls`](crate::Signer::allow_plaintext_without_tls).
    PlaintextWithoutTls,
    /// The timestamp is zero, which no server takes: the clock is not set.
    ClockNotSet,
    /// A hash of the body is given, and the body is a form, whose pairs are signed themselves.
    BodyHashOnForm,
    /// A hash of the body is demanded, and the body is streamed: hash it with a
    /// [`BodyHasher`](crate::BodyHasher) and give the hash.
    BodyNotAtHand,
    /// A hash of the body is demanded, and no method with its digest is compiled in.
    DigestNotCompiledIn,
    /// The buffer that a [`Prepared`](crate::Prepared) keeps is too small.
    BufferTooSmall,
    /// The key could not make a signature.
    SigningFailed,
}

impl fmt::Display for SignError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::TooManyParameters => "the request has more parameters than there is room for",
            Self::DuplicateParameter => {
                "the request already has a parameter of those that signing adds, or one twice: \
                 take the oauth_ parameters out of its query and form"
            }
            Self::NoForm => {
                "the protocol parameters cannot travel in the body, which is no form: \
                 send them in the header"
            }
            Self::ControlCharacterInRealm => "the realm holds a control character",
            Self::UnsendableName => {
                "an extra parameter cannot be sent in a header: its name is empty, or \"realm\""
            }
            Self::PlaintextWithoutTls => {
                "PLAINTEXT sends its secrets, and the URL is not https: use https or another method"
            }
            Self::ClockNotSet => "the timestamp is zero: the clock is not set",
            Self::BodyHashOnForm => "oauth_body_hash must not be sent with a form",
            Self::BodyNotAtHand => {
                "oauth_body_hash is demanded, but the body is streamed: give its hash"
            }
            Self::DigestNotCompiledIn => {
                "oauth_body_hash is demanded, but no signature method with its digest is compiled in"
            }
            Self::BufferTooSmall => "the buffer for a prepared request is too small",
            Self::SigningFailed => "the key could not make a signature",
        })
    }
}

impl core::error::Error for SignError {}
