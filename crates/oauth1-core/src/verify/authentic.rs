//! The second and third step: whether the signature holds, and whether it is new.

use super::{Reason, Received, Rejection};
use crate::{
    authorization::Realm,
    base_string::BaseString,
    body_hash::{BodyHash, BodyHasher},
    method::{Digest, Verdict, VerifyingKey},
    parameters::Protocol,
    request::Body,
    sink::Sink,
    stamp::Timestamp,
    value::Value,
};

/// What a server knows of the credentials that a request claims.
#[derive(Clone, Copy)]
pub enum Lookup<'k> {
    /// The key of this client with this token.
    Found(&'k dyn VerifyingKey),
    /// There is no such client.
    ClientUnknown,
    /// There is such a client, and no such token of it.
    TokenUnknown,
}

impl core::fmt::Debug for Lookup<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::Found(_) => "Found(..)",
            Self::ClientUnknown => "ClientUnknown",
            Self::TokenUnknown => "TokenUnknown",
        })
    }
}

impl<'r> Received<'r> {
    /// Checks the signature. The same work is done whether the credentials are known or not: where
    /// there is no key, or it cannot serve the method, `stand_in` is asked, and its answer thrown away.
    ///
    /// A body that is at hand ([`Body::Opaque`], [`Body::None`]) is checked against `oauth_body_hash`
    /// as well.
    ///
    /// # Errors
    /// [`Rejection`]; to the sender, an unknown client, an unknown token and a bad signature are one.
    // In line, so that what is handed on need not be copied.
    #[inline]
    pub fn authenticate(
        self,
        lookup: Lookup<'_>,
        stand_in: &dyn VerifyingKey,
    ) -> Result<Authentic<'r>, Rejection> {
        let coverage = self.check_signature(lookup, stand_in)?;
        Ok(Authentic {
            received: self,
            coverage,
        })
    }

    fn check_signature(
        &self,
        lookup: Lookup<'_>,
        stand_in: &dyn VerifyingKey,
    ) -> Result<Coverage, Rejection> {
        let (key, otherwise) = match lookup {
            Lookup::Found(key) if key.serves(self.method) => (key, None),
            Lookup::Found(_) => (stand_in, Some(Reason::SignatureInvalid)),
            Lookup::ClientUnknown => (stand_in, Some(Reason::ClientUnknown)),
            Lookup::TokenUnknown => (stand_in, Some(Reason::TokenUnknown)),
        };
        let verdict = key.verify(self.method, &BaseString::from(&self.parts), self.signature);
        match (otherwise, verdict) {
            (Some(reason), _) => Err(reason.into()),
            (None, Verdict::Invalid) => Err(Reason::SignatureInvalid.into()),
            (None, Verdict::Valid) => self.check_body(),
        }
    }

    fn check_body(&self) -> Result<Coverage, Rejection> {
        let hash = self.parts.sources.protocol.values[Protocol::BODY_HASH];
        let body = match (hash, self.body) {
            (None, Body::None | Body::Opaque([])) => return Ok(Coverage::Empty),
            // It signs nothing of a request, and has no digest for what it sends as a hash.
            _ if self.method == "PLAINTEXT" => return Ok(Coverage::Unsigned),
            (_, Body::Form(_) | Body::FormPairs(_)) => return Ok(Coverage::Signed),
            (None, Body::Opaque(_) | Body::Streamed) => return Ok(Coverage::Unsigned),
            (Some(_), Body::Streamed) => return Ok(Coverage::Pending),
            (Some(_), Body::None) => &[],
            (Some(_), Body::Opaque(body)) => body,
        };
        let computed = Digest::of_method(self.method).and_then(|digest| BodyHash::of(digest, body));
        match (computed, hash) {
            (Some(computed), Some(hash)) if computed.matches(hash) => Ok(Coverage::Signed),
            _ => Err(Reason::BodyHashInvalid.into()),
        }
    }
}

/// Whether the signature covers the body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Coverage {
    /// There is no body.
    Empty,
    /// It does: as a form, or through its hash.
    Signed,
    /// It will, if [`Verified::body_check`] finds that the body is the one that was hashed.
    Pending,
    /// It does not: anybody on the way may have changed the body.
    Unsigned,
}

/// A request whose signature holds. Whether it is the first of its kind is still to be asked: the
/// question exists only here, so that no forged request can spend a nonce.
#[derive(Clone, Copy, Debug)]
#[must_use = "it may be a replay still"]
pub struct Authentic<'r> {
    received: Received<'r>,
    coverage: Coverage,
}

/// The answer to whether a request was here before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NonceStatus {
    /// No: its [`ReplayKey`] was not known, and now is.
    Fresh,
    /// Yes: the key was known.
    Replayed,
    /// There was nothing to ask: [`Authentic::replay_key`] is `None`, which it can be for PLAINTEXT
    /// alone.
    Absent,
}

impl<'r> Authentic<'r> {
    /// What must never have been seen before, to be inserted into a store in one atomic operation.
    /// `None` where PLAINTEXT came without a nonce or a timestamp (RFC 5849 section 3.1).
    #[must_use]
    pub fn replay_key(&self) -> Option<ReplayKey<'r>> {
        let timestamp = self.received.timestamp()?;
        Some(ReplayKey {
            client: self.received.client(),
            token: self.received.token(),
            timestamp,
            nonce: self.received.nonce()?,
            window: self.received.window,
        })
    }

    /// Takes the store's answer. A store that cannot answer gives none: the request is then refused
    /// with status 503 by whoever drives this.
    ///
    /// # Errors
    /// [`Rejection`] for a replay, and for [`NonceStatus::Absent`] where there was a nonce.
    #[inline]
    pub fn accept(self, status: NonceStatus) -> Result<Verified<'r>, Rejection> {
        let fresh = match status {
            NonceStatus::Fresh => true,
            NonceStatus::Replayed => false,
            NonceStatus::Absent => self.replay_key().is_none(),
        };
        if fresh {
            Ok(Verified {
                received: self.received,
                coverage: self.coverage,
            })
        } else {
            Err(Reason::NonceReplayed.into())
        }
    }

    /// What was claimed, and is now known to be so.
    pub fn received(&self) -> &Received<'r> {
        &self.received
    }
}

/// Client, token, timestamp and nonce: the combination that is used once (RFC 5849 section 3.3).
/// Values are compared decoded, so that no other encoding of a nonce is another nonce.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReplayKey<'r> {
    client: Value<'r>,
    token: Option<Value<'r>>,
    timestamp: Timestamp,
    nonce: Value<'r>,
    window: u64,
}

impl<'r> ReplayKey<'r> {
    /// The client.
    #[must_use]
    pub const fn client(&self) -> Value<'r> {
        self.client
    }

    /// The token, if there is one.
    #[must_use]
    pub const fn token(&self) -> Option<Value<'r>> {
        self.token
    }

    /// The timestamp.
    #[must_use]
    pub const fn timestamp(&self) -> Timestamp {
        self.timestamp
    }

    /// The nonce.
    #[must_use]
    pub const fn nonce(&self) -> Value<'r> {
        self.nonce
    }

    /// Writes it as bytes that no other key has, however its values are made: the timestamp, then
    /// client, token and nonce, decoded, each after its length (all numbers as eight bytes, big-endian;
    /// no token is a length of `u64::MAX`). To be stored, or to be hashed and stored.
    pub fn write_to<S: Sink + ?Sized>(&self, sink: &mut S) {
        sink.put(&self.timestamp.unix_seconds().to_be_bytes());
        for value in [Some(self.client), self.token, Some(self.nonce)] {
            let Some(value) = value else {
                sink.put(&u64::MAX.to_be_bytes());
                continue;
            };
            sink.put(&(value.len() as u64).to_be_bytes());
            match value.as_decoded() {
                Some(decoded) => sink.put(decoded),
                None => value.bytes().for_each(|byte| sink.put(&[byte])),
            }
        }
    }

    /// Until when a store must remember it: as long as the policy's window would let the timestamp in,
    /// that second included.
    #[must_use]
    pub const fn remember_until(&self) -> Timestamp {
        Timestamp::from_unix_seconds(self.timestamp.unix_seconds().saturating_add(self.window))
    }
}

/// A request that is what it claims to be, signed by whom it names, for the first time.
#[derive(Clone, Copy, Debug)]
pub struct Verified<'r> {
    received: Received<'r>,
    coverage: Coverage,
}

impl<'r> Verified<'r> {
    /// The client: `oauth_consumer_key`.
    #[must_use]
    pub fn client(&self) -> Value<'r> {
        self.received.client()
    }

    /// The temporary or token credentials, if there are any.
    #[must_use]
    pub fn token(&self) -> Option<Value<'r>> {
        self.received.token()
    }

    /// The signature method.
    #[must_use]
    pub fn signature_method(&self) -> &'r str {
        self.received.signature_method()
    }

    /// The timestamp; PLAINTEXT may leave it out.
    #[must_use]
    pub fn timestamp(&self) -> Option<Timestamp> {
        self.received.timestamp()
    }

    /// The nonce; PLAINTEXT may leave it out.
    #[must_use]
    pub fn nonce(&self) -> Option<Value<'r>> {
        self.received.nonce()
    }

    /// The realm that the header names. It is not signed: do not decide by it.
    #[must_use]
    pub fn realm(&self) -> Option<Realm<'r>> {
        self.received.realm()
    }

    /// `oauth_callback` (section 2.1).
    #[must_use]
    pub fn callback(&self) -> Option<Value<'r>> {
        self.received.callback()
    }

    /// `oauth_verifier` (section 2.3).
    #[must_use]
    pub fn verifier(&self) -> Option<Value<'r>> {
        self.received.verifier()
    }

    /// All signed parameters in their order, those of the protocol among them.
    pub fn parameters(&self) -> impl Iterator<Item = (Value<'_>, Value<'_>)> {
        self.received.parts.parameters()
    }

    /// Whether the signature covers the body.
    #[must_use]
    pub const fn coverage(&self) -> Coverage {
        self.coverage
    }

    /// The check that is left where the body is streamed and its hash is signed
    /// ([`Coverage::Pending`]): whoever reads the body puts it through, and delivers its last piece
    /// only once [`BodyCheck::finish`] has agreed.
    ///
    /// # Errors
    /// [`Rejection`] when the method's digest is not compiled in, so that nothing can be checked.
    pub fn body_check(&self) -> Result<Option<BodyCheck>, Rejection> {
        let (Coverage::Pending, Some(expected)) = (
            self.coverage,
            self.received.parts.sources.protocol.values[Protocol::BODY_HASH],
        ) else {
            return Ok(None);
        };
        let hasher = Digest::of_method(self.received.method).and_then(BodyHasher::new);
        match hasher {
            Some(hasher) => Ok(Some(BodyCheck {
                hasher,
                expected: BodyHash::received(expected),
            })),
            None => Err(Reason::BodyHashInvalid.into()),
        }
    }
}

/// Checks a body against the signed hash while it is read. It borrows nothing: the request may be gone
/// by then.
#[derive(Clone, Debug)]
#[must_use = "the body is not checked until it has been put through"]
pub struct BodyCheck {
    hasher: BodyHasher,
    /// `None` for a value that is no hash, and so that of no body.
    expected: Option<BodyHash>,
}

impl BodyCheck {
    /// After the last piece: whether the body is the one that was signed.
    ///
    /// # Errors
    /// [`Rejection`] when it is not.
    pub fn finish(self) -> Result<(), Rejection> {
        let computed = self.hasher.finish();
        match self.expected {
            Some(expected) if computed.matches(expected.value()) => Ok(()),
            _ => Err(Reason::BodyHashInvalid.into()),
        }
    }
}

impl Sink for BodyCheck {
    fn put(&mut self, bytes: &[u8]) {
        self.hasher.put(bytes);
    }
}
