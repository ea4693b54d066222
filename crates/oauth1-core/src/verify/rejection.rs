//! Why a request is refused, and what to answer.

use core::fmt;

use crate::{authorization::HeaderError, forwarded::ForwardedError, sink::Sink, stamp::Timestamp};

/// A request that is refused: what the server's log may know of it, and what its sender is told.
///
/// The two differ on purpose. [`reason`](Self::reason) tells an unknown client from a bad signature;
/// [`status`](Self::status), [`problem`](Self::problem) and [`challenge`](Self::write_challenge) do
/// not. Neither holds a secret, a base string or the signature that would have been right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rejection {
    reason: Reason,
}

/// Why a request is refused. For logs, never for its sender.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reason {
    /// The request brings no OAuth credentials at all.
    Absent,
    /// The `Authorization` header cannot be read.
    MalformedHeader(HeaderError),
    /// There is more than one `Authorization` header of the scheme `OAuth`.
    SeveralHeaders,
    /// A `%` in the query or the form starts no escape; where, in bytes from its start.
    MalformedEncoding(&'static str, usize),
    /// The value of a protocol parameter is none that it can have: empty, too long, no number, or
    /// with control characters.
    MalformedParameter(&'static str),
    /// The request has two `Content-Type` headers, or one that cannot be read.
    MalformedContentType,
    /// The request's URI cannot be read.
    MalformedUri,
    /// The request names no host, several, one that cannot be read, or another in `Host` than in its
    /// target.
    MalformedHost,
    /// What a listed proxy says of the request cannot be read.
    MalformedForwarded(ForwardedError),
    /// The request went to a host that is none of the server's.
    Misdirected,
    /// A form is compressed: its parameters cannot be read from the bytes that were sent.
    EncodedForm,
    /// The sender broke off in its body, or sent what is none.
    UnreadableBody,
    /// A protocol parameter is there twice (RFC 5849 section 3.2).
    DuplicateParameter(&'static str),
    /// Protocol parameters stand in more than one of header, form and query (section 3.5).
    MixedLocations,
    /// Required protocol parameters are missing (section 3.1).
    MissingParameters(ParameterSet),
    /// `oauth_version` is not `1.0`.
    UnsupportedVersion,
    /// The signature method is unknown, not let in, or PLAINTEXT without TLS.
    UnsupportedSignatureMethod,
    /// The timestamp is outside the window: the oldest and the newest that would have done.
    TimestampRefused(Timestamp, Timestamp),
    /// The nonce was used before.
    NonceReplayed,
    /// Nobody knows the client.
    ClientUnknown,
    /// Nobody knows the token.
    TokenUnknown,
    /// The signature is not the one that the credentials make.
    SignatureInvalid,
    /// The body is not the one that was signed.
    BodyHashInvalid,
    /// `oauth_body_hash` is demanded and not there.
    BodyHashMissing,
    /// `oauth_body_hash` came with a form, which it must not.
    BodyHashOnForm,
    /// An `Authorization` header is longer than the policy's limit.
    HeaderTooLong,
    /// The request is larger than the policy's limits: which of them.
    TooLarge(&'static str),
}

impl Rejection {
    /// For drivers that refuse a request before or beside the chain: as when a body cannot be read.
    #[must_use]
    pub const fn new(reason: Reason) -> Self {
        Self { reason }
    }

    /// Why. For logs, never for the sender.
    #[must_use]
    pub const fn reason(&self) -> Reason {
        self.reason
    }

    /// The HTTP status of the answer (RFC 5849 section 3.2): 400, 401, 413, 415 or 421.
    #[must_use]
    pub const fn status(&self) -> u16 {
        match self.reason {
            Reason::MalformedHeader(_)
            | Reason::HeaderTooLong
            | Reason::SeveralHeaders
            | Reason::MalformedEncoding(..)
            | Reason::MalformedParameter(_)
            | Reason::MalformedContentType
            | Reason::MalformedUri
            | Reason::MalformedHost
            | Reason::MalformedForwarded(_)
            | Reason::UnreadableBody
            | Reason::DuplicateParameter(_)
            | Reason::MixedLocations
            | Reason::MissingParameters(_)
            | Reason::UnsupportedVersion
            | Reason::UnsupportedSignatureMethod
            | Reason::BodyHashOnForm => 400,
            Reason::Absent
            | Reason::TimestampRefused(..)
            | Reason::NonceReplayed
            | Reason::ClientUnknown
            | Reason::TokenUnknown
            | Reason::SignatureInvalid
            | Reason::BodyHashInvalid
            | Reason::BodyHashMissing => 401,
            Reason::TooLarge(_) => 413,
            Reason::EncodedForm => 415,
            Reason::Misdirected => 421,
        }
    }

    /// The reason as one word, for logs and machines: `signature_invalid`, `client_unknown` and so on.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self.reason {
            Reason::Absent => "absent",
            Reason::MalformedHeader(_)
            | Reason::SeveralHeaders
            | Reason::MalformedEncoding(..)
            | Reason::MalformedParameter(_)
            | Reason::MalformedContentType
            | Reason::MalformedUri
            | Reason::MalformedHost
            | Reason::MalformedForwarded(_)
            | Reason::UnreadableBody => "malformed",
            Reason::Misdirected => "misdirected",
            Reason::EncodedForm => "encoded_form",
            Reason::DuplicateParameter(_) => "duplicate_parameter",
            Reason::MixedLocations => "mixed_locations",
            Reason::MissingParameters(_) => "missing_parameter",
            Reason::UnsupportedVersion => "unsupported_version",
            Reason::UnsupportedSignatureMethod => "unsupported_signature_method",
            Reason::TimestampRefused(..) => "timestamp_refused",
            Reason::NonceReplayed => "nonce_replayed",
            Reason::ClientUnknown => "client_unknown",
            Reason::TokenUnknown => "token_unknown",
            Reason::SignatureInvalid => "signature_invalid",
            Reason::BodyHashInvalid => "body_hash_invalid",
            Reason::BodyHashMissing => "body_hash_missing",
            Reason::BodyHashOnForm => "body_hash_on_form",
            Reason::HeaderTooLong | Reason::TooLarge(_) => "too_large",
        }
    }

    /// The value of `oauth_problem` in the words of the Problem Reporting extension. The same for an
    /// unknown client, an unknown token and a bad signature.
    #[must_use]
    pub const fn problem(&self) -> &'static str {
        match self.reason {
            Reason::Absent | Reason::MissingParameters(_) | Reason::BodyHashMissing => {
                "parameter_absent"
            }
            Reason::MalformedHeader(_)
            | Reason::SeveralHeaders
            | Reason::MalformedEncoding(..)
            | Reason::MalformedParameter(_)
            | Reason::MalformedContentType
            | Reason::MalformedUri
            | Reason::MalformedHost
            | Reason::MalformedForwarded(_)
            | Reason::Misdirected
            | Reason::EncodedForm
            | Reason::UnreadableBody
            | Reason::DuplicateParameter(_)
            | Reason::MixedLocations
            | Reason::BodyHashInvalid
            | Reason::BodyHashOnForm
            | Reason::HeaderTooLong
            | Reason::TooLarge(_) => "parameter_rejected",
            Reason::UnsupportedVersion => "version_rejected",
            Reason::UnsupportedSignatureMethod => "signature_method_rejected",
            Reason::TimestampRefused(..) => "timestamp_refused",
            Reason::NonceReplayed => "nonce_used",
            Reason::ClientUnknown | Reason::TokenUnknown | Reason::SignatureInvalid => {
                "signature_invalid"
            }
        }
    }

    /// Writes the value of the `WWW-Authenticate` header of the answer: the realm, the problem, and
    /// what the Problem Reporting extension adds to it. A request without credentials is told the
    /// realm alone.
    ///
    /// A control character in `realm` is left out, since no header may hold it.
    pub fn write_challenge<S: Sink + ?Sized>(&self, realm: &str, out: &mut S) {
        if self.reason == Reason::Absent {
            return write_realm(realm, out);
        }
        write_problem(realm, self.problem(), out);
        match self.reason {
            Reason::MissingParameters(missing) => {
                out.put(b", oauth_parameters_absent=\"");
                for (at, name) in missing.names().enumerate() {
                    // One value that is a list: its "&" is encoded.
                    out.put(if at == 0 { b"" } else { b"%26" });
                    out.put(name.as_bytes());
                }
                out.put(b"\"");
            }
            Reason::BodyHashMissing => out.put(b", oauth_parameters_absent=\"oauth_body_hash\""),
            Reason::UnsupportedVersion => out.put(b", oauth_acceptable_versions=\"1.0-1.0\""),
            Reason::TimestampRefused(oldest, newest) => {
                out.put(b", oauth_acceptable_timestamps=\"");
                out.put(oldest.decimal().as_bytes());
                out.put(b"-");
                out.put(newest.decimal().as_bytes());
                out.put(b"\"");
            }
            _ => {}
        }
    }

    /// The challenge as text: see [`write_challenge`](Self::write_challenge).
    #[cfg(feature = "alloc")]
    #[must_use]
    pub fn challenge(&self, realm: &str) -> alloc::string::String {
        let mut out = alloc::vec::Vec::with_capacity(128);
        self.write_challenge(realm, &mut out);
        // A `str` less its control characters, and ASCII.
        alloc::string::String::from_utf8(out).unwrap_or_default()
    }
}

fn write_realm<S: Sink + ?Sized>(realm: &str, out: &mut S) {
    out.put(b"OAuth realm=\"");
    let is_plain = |byte: u8| !byte.is_ascii_control() && !matches!(byte, b'"' | b'\\');
    // Without a branch for each byte, since most realms are plain.
    if realm
        .bytes()
        .fold(true, |plain, byte| plain & is_plain(byte))
    {
        out.put(realm.as_bytes());
    } else {
        for byte in realm.bytes().filter(|byte| !byte.is_ascii_control()) {
            if !is_plain(byte) {
                out.put(b"\\");
            }
            out.put(&[byte]);
        }
    }
    out.put(b"\"");
}

/// The start of a challenge: the realm, less its control characters, and the problem.
pub(crate) fn write_problem<S: Sink + ?Sized>(realm: &str, problem: &str, out: &mut S) {
    write_realm(realm, out);
    out.put(b", oauth_problem=\"");
    out.put(problem.as_bytes());
    out.put(b"\"");
}

impl From<Reason> for Rejection {
    fn from(reason: Reason) -> Self {
        Self { reason }
    }
}

/// For logs: it tells an unknown client from a bad signature.
impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.reason {
            Reason::Absent => f.write_str("the request has no OAuth credentials"),
            Reason::MalformedHeader(error) => {
                write!(f, "the Authorization header is malformed: {error}")
            }
            Reason::SeveralHeaders => f.write_str("there are several OAuth Authorization headers"),
            Reason::MalformedEncoding(place, at) => {
                write!(
                    f,
                    "a \"%\" without two hexadecimal digits at byte {at} of the {place}"
                )
            }
            Reason::MalformedParameter(name) => write!(f, "{name} has no valid value"),
            Reason::MalformedContentType => {
                f.write_str("the request has several Content-Type headers, or an unreadable one")
            }
            Reason::MalformedUri => f.write_str("the request's URI cannot be read"),
            Reason::MalformedHost => {
                f.write_str("the request's host is missing, unreadable or not the same everywhere")
            }
            Reason::MalformedForwarded(error) => error.fmt(f),
            Reason::Misdirected => {
                f.write_str("the request is for a host that is not this server's")
            }
            Reason::EncodedForm => f.write_str("the form is compressed"),
            Reason::UnreadableBody => f.write_str("the body ended in an error"),
            Reason::DuplicateParameter(name) => write!(f, "{name} is there more than once"),
            Reason::MixedLocations => f.write_str(
                "the oauth_ parameters stand in more than one of header, query and form",
            ),
            Reason::MissingParameters(missing) => {
                f.write_str("missing:")?;
                missing.names().try_for_each(|name| write!(f, " {name}"))
            }
            Reason::UnsupportedVersion => f.write_str("oauth_version is not 1.0"),
            Reason::UnsupportedSignatureMethod => f.write_str(
                "oauth_signature_method is unknown or not allowed (PLAINTEXT: not without TLS)",
            ),
            Reason::TimestampRefused(oldest, newest) => {
                write!(f, "oauth_timestamp is not between {oldest} and {newest}")
            }
            Reason::NonceReplayed => f.write_str("the nonce was used before"),
            Reason::ClientUnknown => f.write_str("the client is unknown"),
            Reason::TokenUnknown => f.write_str("the token is unknown"),
            Reason::SignatureInvalid => f.write_str("the signature does not match"),
            Reason::BodyHashInvalid => f.write_str("the body does not match oauth_body_hash"),
            Reason::BodyHashMissing => f.write_str("oauth_body_hash is demanded and missing"),
            Reason::BodyHashOnForm => f.write_str("oauth_body_hash came with a form"),
            Reason::HeaderTooLong => f.write_str("too large: the Authorization header"),
            Reason::TooLarge(limit) => write!(f, "too large: {limit}"),
        }
    }
}

impl core::error::Error for Rejection {}

/// A set of protocol parameters that are missing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ParameterSet(u8);

impl ParameterSet {
    const NAMES: [&'static str; 7] = [
        "oauth_consumer_key",
        "oauth_token",
        "oauth_signature_method",
        "oauth_signature",
        "oauth_timestamp",
        "oauth_nonce",
        "oauth_verifier",
    ];
    /// `oauth_consumer_key`.
    pub const CLIENT: Self = Self(1);
    /// `oauth_token`: for servers that answer no request without one.
    pub const TOKEN: Self = Self(2);
    /// `oauth_signature_method`.
    pub const METHOD: Self = Self(4);
    /// `oauth_signature`.
    pub const SIGNATURE: Self = Self(8);
    /// `oauth_timestamp`.
    pub const TIMESTAMP: Self = Self(16);
    /// `oauth_nonce`.
    pub const NONCE: Self = Self(32);
    /// `oauth_verifier`: for the token request (RFC 5849 section 2.3).
    pub const VERIFIER: Self = Self(64);

    /// The names, in the order of RFC 5849.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        let with_bit = move |&(at, _): &(usize, &str)| self.0 & (1 << at) != 0;
        Self::NAMES
            .into_iter()
            .enumerate()
            .filter(with_bit)
            .map(|(_, name)| name)
    }

    /// Whether nothing is missing.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub(super) const fn add_if(self, missing: bool, other: Self) -> Self {
        if missing {
            Self(self.0 | other.0)
        } else {
            self
        }
    }
}
